"""crawl.py: what reading archives costs, beside gzip, libdeflate and fastwarc in the same run; memory; look-ups in a list of 5 million hosts.

The archive is the real pages of $PENEIRA_SHARED/data/warc/pages, over and over up to 150 MB unpacked, in a gzip member a record."""
import glob, os, re, resource, shutil, statistics, subprocess, sys, tempfile

peneira, shared = os.environ['PENEIRA'], os.environ['PENEIRA_SHARED']
pages = os.path.join(shared, 'data/warc/pages')
if not os.path.isdir(pages):
    print('no shared archives: nothing to read')
    sys.exit(0)

def cpu(cmd):
    a = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(cmd, check=True, stdout=subprocess.DEVNULL)
    b = resource.getrusage(resource.RUSAGE_CHILDREN)
    return b.ru_utime + b.ru_stime - a.ru_utime - a.ru_stime

def members(path):
    """The stored gzip members of a file, one a record."""
    import zlib
    raw, at, out = open(path, 'rb').read(), 0, []
    while at < len(raw):
        d = zlib.decompressobj(31)
        d.decompress(raw[at:])
        end = len(raw) - len(d.unused_data)
        out.append(raw[at:end])
        at = end
    return out

def grow(kind, out):
    import gzip
    parts = [m for f in sorted(glob.glob(f'{pages}/*.{kind}*')) for m in (members(f) if f.endswith('.gz') else [])]
    if not parts:
        return False
    once = sum(len(gzip.decompress(m)) for m in parts)
    with open(out, 'wb') as f:
        for _ in range(max(1, 150_000_000 // once)):
            f.writelines(parts)
    return True

FASTWARC = 'import sys\nfrom fastwarc.warc import ArchiveIterator as A\nfor r in A(open(sys.argv[1],"rb"),parse_http=True): r.reader.read()'

with tempfile.TemporaryDirectory() as tmp:
    for kind in ('warc', 'arc'):
        path = f'{tmp}/pages.{kind}.gz'
        if not grow(kind, path):
            continue
        ways = {'peneira check': [peneira, 'check', '--json', path], 'gzip -dc': ['gzip', '-dc', path]}
        ways['peneira crawl, all left out'] = [peneira, 'crawl', '-q', '-j', '1', '--url', 'nothing.example', '-o', f'{tmp}/out.warc', path]
        if shutil.which('libdeflate-gzip'):
            ways['libdeflate-gzip -dc'] = ['libdeflate-gzip', '-dc', path]
        if kind == 'warc' and subprocess.run([sys.executable, '-c', 'import fastwarc'], stderr=subprocess.DEVNULL).returncode == 0:
            ways['fastwarc, HTTP parsed'] = [sys.executable, '-c', FASTWARC, path]
        times = {k: statistics.median(x) for k, x in zip(ways, zip(*[[cpu(c) for c in ways.values()] for _ in range(5)]))}
        size = int(subprocess.run(f'gzip -dc {path} | wc -c', shell=True, capture_output=True).stdout)
        base = times.get('libdeflate-gzip -dc', times['gzip -dc'])
        print(f'{kind}.gz, {os.path.getsize(path) / 1e6:.0f} MB, {size / 1e6:.0f} MB unpacked   (ratio to {"libdeflate-gzip" if "libdeflate-gzip -dc" in times else "gzip"})')
        for k, t in sorted(times.items(), key=lambda x: x[1]):
            print(f'  {k:30} {t:6.2f} s  {size / 1e6 / t:6.0f} MB/s  {t / base:5.2f}')
        peak = subprocess.run(['/usr/bin/env', 'python3', '-c', 'import resource,subprocess,sys; subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss//1024)',
                               peneira, 'check', '--json', path], capture_output=True, text=True).stdout.strip()
        print(f'  memory of check: {peak} MB')
    hosts = f'{tmp}/hosts'
    with open(hosts, 'w') as f:
        f.writelines(f'h{i}.example.pt\n' for i in range(5_000_000))
    flags = subprocess.run(['pkg-config', '--cflags', '--libs', 'zlib', 'libzstd', 'libarchive', 'libxxhash'], capture_output=True, text=True).stdout.split()
    core = [f for f in glob.glob('core/*.c') if os.path.basename(f) in ('raw.c', 'own.c', 'err.c', 'str.c', 'zin.c', 'buf.c')]
    built = subprocess.run(['cc', '-O2', '-std=gnu17', '-I.', 'tests/bench/hosts.c', 'crawl/hosts.c', *core, '-o', f'{tmp}/look', *flags], capture_output=True, text=True)
    if built.returncode:
        print(built.stderr)
        sys.exit(1)
    read, each, found = subprocess.run([f'{tmp}/look', hosts], capture_output=True, text=True, check=True).stdout.split()
    print(f'5,000,000 hosts: read in {read} s, {each} microseconds a look-up ({int(found):,} of 2,000,000 found)')
