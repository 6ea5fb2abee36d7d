#!/usr/bin/env python3
"""crawl_warcio.py PENEIRA: what `peneira crawl` writes is read by warcio with the same records, and its digests hold; in gzip, zstd and plain.

The sample archive, and the shared pages where they are."""
import gzip, io, os, subprocess, sys, tempfile

try:
    from warcio.archiveiterator import ArchiveIterator
except ImportError:
    print('SKIP no warcio')
    sys.exit(77)

peneira = sys.argv[1]
root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
inputs = [[os.path.join(root, 'tests/data/sample', f) for f in ('sample.arc.gz', 'sample.warc.gz')]]
pages = os.path.join(os.environ.get('PENEIRA_SHARED', '/nowhere'), 'data/warc/pages')
if os.path.isdir(pages):
    inputs += [[os.path.join(pages, f)] for f in sorted(os.listdir(pages)) if f.endswith('.gz')]
bad = 0
with tempfile.TemporaryDirectory() as tmp:
    for files in inputs:
        seen = set()
        for ending in ('warc', 'warc.gz', 'warc.zst'):
            out = f'{tmp}/out.{ending}'
            subprocess.run([peneira, 'crawl', '-q', '-o', out, *files], check=True, stderr=subprocess.DEVNULL)
            raw = subprocess.run(['zstd', '-dcq', out], check=True, capture_output=True).stdout if ending.endswith('zst') else open(out, 'rb').read()
            found, failed = [], 0
            for r in ArchiveIterator(io.BytesIO(raw), check_digests=True):
                found.append((r.rec_type, r.rec_headers.get_header('WARC-Target-URI'), r.rec_headers.get_header('WARC-Date'), len(r.raw_stream.read())))
                # A payload digest is the archive's own and may be of another convention; that of the block is ours.
                failed += any('block' in str(p) for p in r.digest_checker.problems)
            seen.add(tuple(found))
            if failed or found[0][0] != 'warcinfo' or len(found) < 20:
                print(f'{files[0]} as {ending}: {len(found)} records, {failed} block digests failed')
                bad += 1
        if len(seen) != 1:
            print(f'{files[0]}: the three forms differ')
            bad += 1
print(f'{len(inputs)} inputs in three forms, {bad} wrong')
sys.exit(bad > 0)
