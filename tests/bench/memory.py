"""A run on PENEIRA_BENCH_GB (default 10) of archive within 1 GB of address space (RLIMIT_AS, which counts code, stacks and what is reserved, too), two
threads; what tests/data/make_archive.py makes: 15 % of the bytes pages, the rest images. Peak memory, CPU seconds, units and lots."""
import json, os, resource, shutil, subprocess, sys, tempfile

PENEIRA = os.environ['PENEIRA']
GB = float(os.environ.get('PENEIRA_BENCH_GB', '10'))
LIMIT = 1 << 30
base = tempfile.mkdtemp(prefix='peneira-memory-', dir=os.environ.get('PENEIRA_BENCH_FOLDER'))
try:
    archives, made = [], 0
    while made < GB * 1e9:
        path = f'{base}/{len(archives):02}.warc.gz'
        size = min(2.5e9, GB * 1e9 - made)
        subprocess.run([sys.executable, 'tests/data/make_archive.py', path, str(size), '--seed', str(len(archives) + 1)], check=True)
        archives.append(path)
        made += os.path.getsize(path)
    out = f'{base}/out'
    pid = os.fork()
    if pid == 0:
        resource.setrlimit(resource.RLIMIT_AS, (LIMIT, LIMIT))
        os.execv(PENEIRA, [PENEIRA, 'run', '-q', '-j', '2', '--memory', '1G', '-o', out, *archives])
    _, status, use = os.wait4(pid, 0)
    if status: sys.exit(f'status {status}')
    tally = json.load(open(f'{out}/manifest.json'))['tally']['stages']
    count = lambda d: sum(f.endswith('.json') for f in os.listdir(f'{out}/work/{d}'))
    print(f'{made / 1e9:.2f} GB in {len(archives)} files, {tally[0]["in"]} captures, {tally[-1]["kept"]} documents kept; {count("map")} units, {count("lots")} lots')
    print(f'within {LIMIT / 1e9:.2f} GB of address space: {use.ru_maxrss / 1024:.0f} MB peak memory, {use.ru_utime + use.ru_stime:.0f} CPU s, {made / 1e6 / (use.ru_utime + use.ru_stime):.0f} MB a CPU s')
finally:
    shutil.rmtree(base, ignore_errors=True)
