#!/usr/bin/env python3
"""crawl_fetch.py PENEIRA: against a real server, pywb on loopback: every capture that it replays arrives as the reader finds it in the archive.

Needs pywb in the interpreter that runs this (pip install pywb 'setuptools<70'); it is large, so the tests do not install it."""
import json, os, socket, subprocess, sys, tempfile, time, urllib.request

try:
    import pywb  # noqa: F401
except ImportError:
    print('SKIP no pywb')
    sys.exit(77)

peneira = sys.argv[1]
root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
files = [os.path.join(root, 'tests/data/sample', f) for f in ('sample.arc.gz', 'sample.warc.gz')]
shared = os.path.join(os.environ.get('PENEIRA_SHARED', '/nowhere'), 'data/warc')
files += [p for p in (f'{shared}/chatnoir-eu+chatnoir-resiliparse/tests__data__warcfile.warc.gz', f'{shared}/pages/pages-pt.warc.gz', f'{shared}/webrecorder+pywb/sample_archive__warcs__example.warc.gz')
          if os.path.exists(p)]
options = ['--resolve', '--any-mime', '--any-status', '--no-noai', '--no-tdm', '--max-size', '64M']

def captures(paths):
    """(url, date) -> digest of the decoded body."""
    out = subprocess.run([peneira, 'crawl', '-q', *options, '-o', '-', *paths], check=True, capture_output=True).stdout
    import hashlib, io
    from warcio.archiveiterator import ArchiveIterator
    found = {}
    for r in ArchiveIterator(io.BytesIO(out)):
        if r.rec_type == 'response':
            found[r.rec_headers.get_header('WARC-Target-URI'), r.rec_headers.get_header('WARC-Date')] = hashlib.sha1(r.content_stream().read()).hexdigest()
    return found

with tempfile.TemporaryDirectory() as tmp:
    os.makedirs(f'{tmp}/collections/wayback/indexes')
    os.makedirs(f'{tmp}/collections/wayback/archive')
    for f in files:
        os.symlink(f, f'{tmp}/collections/wayback/archive/{os.path.basename(f)}')
    index = f'{tmp}/collections/wayback/indexes/index.cdxj'
    subprocess.run([peneira, 'crawl', '-q', '--cdxj', '-o', index, *files], check=True, stderr=subprocess.DEVNULL)
    open(f'{tmp}/config.yaml', 'w').write('collections:\n  wayback:\n    index_paths: ./collections/wayback/indexes/\n    archive_paths: ./collections/wayback/archive/\nframed_replay: false\n')
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        port = s.getsockname()[1]
    server = subprocess.Popen([sys.executable, '-c', 'from pywb.apps.cli import wayback; wayback()', '-p', str(port), '-b', '127.0.0.1'], cwd=tmp, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        base = f'http://127.0.0.1:{port}/wayback'
        for _ in range(300):
            try:
                urllib.request.urlopen(f'{base}/cdx?url=x.example', timeout=5)
                break
            except OSError:
                time.sleep(.2)
        subprocess.run([peneira, 'crawl', '-q', '--server', base, '--cdxj-from', index, '--rate', '60000', *options, '--report', f'{tmp}/report', '-o', f'{tmp}/fetched.warc.gz'], check=True)
    finally:
        server.terminate()
        server.wait()
    notes = json.load(open(f'{tmp}/report'))['notes']
    here, there = captures(files), captures([f'{tmp}/fetched.warc.gz'])
    differ = [k for k in there if here.get(k) != there[k]]
    print(f'{len(here)} captures in the archives, {len(there)} fetched, {len(differ)} differ; {notes}')
    for k in sorted(set(here) - set(there))[:10]:
        print(f'  not replayed by the server: {k}')
    for k in differ[:10]:
        print(f'  {k}: {here.get(k)} here, {there[k]} fetched')
    sys.exit(bool(differ) or len(there) < 30)
