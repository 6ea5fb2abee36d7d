"""A run on PENEIRA_BENCH_GB (default 10) of archive within 1 GB of address space (RLIMIT_AS, which counts code, stacks and what is reserved, too);
what tests/data/make_archive.py makes: 15 % of the bytes pages, the rest images. Peak memory, CPU and wall seconds, units and lots. PENEIRA_BENCH_THREADS
(default 2). PENEIRA_BENCH_FOLDER: where to work; archives that are there from another time are taken again, and stay."""
import json, os, resource, shutil, subprocess, sys, tempfile, time

PENEIRA, THREADS = os.environ['PENEIRA'], os.environ.get('PENEIRA_BENCH_THREADS', '2')
GB, FILE = float(os.environ.get('PENEIRA_BENCH_GB', '10')), 2.5e9
LIMIT = 1 << 30
kept = os.environ.get('PENEIRA_BENCH_FOLDER')
base = kept or tempfile.mkdtemp(prefix='peneira-memory-')
out = f'{base}/out'
try:
    archives, made = [], 0
    while made < GB * 1e9 - 1e6:
        path = f'{base}/{len(archives):02}.warc.gz'
        if not os.path.exists(path):
            subprocess.run([sys.executable, 'tests/data/make_archive.py', path + '.part', str(min(FILE, GB * 1e9 - made)), '--seed', str(len(archives) + 1)], check=True)
            os.rename(path + '.part', path)
        archives.append(path)
        made += os.path.getsize(path)
    shutil.rmtree(out, ignore_errors=True)
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        resource.setrlimit(resource.RLIMIT_AS, (LIMIT, LIMIT))
        os.execv(PENEIRA, [PENEIRA, 'run', '-q', '-j', THREADS, '--memory', '1G', '-o', out, *archives])
    _, status, use = os.wait4(pid, 0)
    wall = time.monotonic() - began
    if status: sys.exit(f'status {status}')
    tally = json.load(open(f'{out}/manifest.json'))['tally']
    count = lambda d: sum(f.endswith('.json') for f in os.listdir(f'{out}/work/{d}'))
    size = lambda d: sum(os.path.getsize(os.path.join(b, f)) for b, _, files in os.walk(f'{out}/{d}') for f in files)
    first, last, cpu = tally['stages'][0], tally['stages'][-1], use.ru_utime + use.ru_stime
    print(f'{made / 1e9:.2f} GB in {len(archives)} files, {first["in"]} captures, {last["kept"]} documents of {tally["notes"]["shard.tokens"]} tokens kept, '
          f'{sum(tally["stages"][3]["dropped"].values())} copies; {count("map")} units, {count("lots")} lots')
    print(f'{THREADS} threads within {LIMIT / 1e9:.2f} GB of address space: {use.ru_maxrss / 1024:.0f} MB peak memory, {cpu:.0f} CPU s, {made / 1e6 / cpu:.0f} MB a CPU s, {wall:.0f} s')
    print(f'work {size("work") / 1e6:.0f} MB, corpus {sum(map(size, ("docs", "meta", "shards"))) / 1e6:.0f} MB')
finally:
    shutil.rmtree(out if kept else base, ignore_errors=True)
