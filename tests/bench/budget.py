"""budget.py ARCHIVE...: where the CPU of a whole run goes, in ms of one core for each MB unpacked, by stage, and beside it what cannot be less.

Samples of `perf record` (without it there is no table) over PENEIRA_BENCH_RUNS (3) runs of a build of its own (build-budget: release, without LTO, so that functions keep their files), by the
file that a function is in. Time in the C library (copies, memchr) and in the kernel (files, pages of memory) is not told apart by stage. The floors are what commands take for
the same bytes: libdeflate-gzip for the archives; zstd at the levels used, for the documents as they lie between the stages, the corpus and the shards; for the rest,
`wc -l` (every byte is looked at once) over the bytes that the stage reads: unpacked archives for records, charset, markup and text, the corpus for what is behind."""
import glob, os, re, resource, shutil, subprocess, sys, tempfile

SHARED = os.environ.get('PENEIRA_SHARED', '')
RUNS = int(os.environ.get('PENEIRA_BENCH_RUNS', '3'))
# In this order: the first that fits. (row, which files or libraries, what its floor reads)
ROWS = [('inflate', r'libdeflate|libz\.', 'inflate'), ('zstd', r'libzstd', 'zstd'), ('kernel', r'kernel|\[unknown|vdso', ''), ('C library', r'\.so', ''),
        ('records, HTTP', r'crawl/|core/(raw|zin)\.c', 'web'), ('charset', r'extract/(charset|latin|label|mojibake|text)\.c|core/utf8\.c', 'web'),
        ('markup to tree', r'extract/(html|tag|entity|block)\.c', 'web'), ('main text', r'extract/', 'web'),
        ('language, variety', r'filter/(judge|gram|linear|curve)', 'corpus'), ('rules, masks', r'filter/', 'corpus'), ('signing, copies', r'dedup/', 'corpus'),
        ('tokens', r'shard/', 'corpus'), ('JSON', r'core/(json|jsonl|buf|seal)\.c', 'corpus'), ('meta, report', r'cli/|core/(meta|parquet|thrift|hybrid|bloom)', ''), ('rest', r'', '')]

def say(*cmd): return subprocess.run(cmd, capture_output=True, text=True, check=True).stdout

def cpu(cmd, data=None):
    """User and system seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(cmd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=data and open(data), check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

def least(cmd): return min(cpu(cmd) for _ in range(RUNS))

def binary():
    if not os.path.exists('build-budget/build.ninja'):
        say('meson', 'setup', 'build-budget', '--buildtype=release', '-Ddebug=true', '-Db_lto=false', '-Dtests=false')
    say('ninja', '-C', 'build-budget')
    return os.path.abspath('build-budget/peneira')

def places(p):
    """The files of each function's name (some are in two)."""
    of = {}
    for line in say('nm', '-l', p).splitlines():
        m = re.match(r'\S+ [tT] (\S+)\s(\S+):\d+$', line)
        if m: of.setdefault(m[1].split('.')[0], set()).add(m[2])
    return of

def samples(p, tmp, command):
    files, share, n = places(p), {}, 0
    for i in range(RUNS):
        shutil.rmtree(f'{tmp}/out', ignore_errors=True)
        subprocess.run(['perf', 'record', '-q', '-F', '5000', '-o', f'{tmp}/perf', *command(p)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for line in say('perf', 'script', '-i', f'{tmp}/perf', '-F', 'ip,sym,dso').splitlines():
            m = re.match(r'\s*\S+\s+(.*\S)\s+\((.*)\)$', line)
            if not m: continue
            name = m[1].split('.')[0]
            of = sorted(files.get(name, ['rest'])) if m[2].endswith('/peneira') else [m[2]]
            n += 1
            for f in of:
                row = next(r for r, fits, _ in ROWS if re.search(fits, f))
                share[row] = share.get(row, 0) + 1 / len(of)
    return {k: v / n for k, v in share.items()}

def floors(tmp, archives):
    web, corpus = f'{tmp}/web', f'{tmp}/corpus'
    with open(web, 'wb') as f: subprocess.run(['gzip', '-dc', *archives], stdout=f, check=True)
    for name, pattern in (('corpus', 'docs/*.zst'), ('between', 'work/map/*.zst'), ('shards', 'shards/mds/*/*.zstd')):
        with open(f'{tmp}/{name}', 'wb') as f: subprocess.run(['zstd', '-dqc', *glob.glob(f'{tmp}/out/{pattern}')], stdout=f, check=True)
    zstd = lambda level, name: least(['zstd', '-q', f'-{level}', '--single-thread', '-c', f'{tmp}/{name}'])
    packed = zstd(1, 'between') + zstd(3, 'corpus') + zstd(3, 'shards') + least(['zstd', '-dqc', *glob.glob(f'{tmp}/out/work/map/*.zst')])
    looked = lambda name: least(['wc', '-l', f'{tmp}/{name}'])
    return {'inflate': least(['libdeflate-gzip', '-dc', *archives]), 'zstd': packed, 'web': looked('web'), 'corpus': looked('corpus')}, os.path.getsize(web) / 1e6

def main():
    archives = sys.argv[1:] or sorted(glob.glob(f'{os.environ.get("PENEIRA_BENCH_FOLDER") or tempfile.gettempdir() + "/peneira-bench"}/ptweb-*/*.gz'))
    lacks = [c for c in ('perf', 'libdeflate-gzip', 'zstd', 'nm') if not shutil.which(c)]
    if lacks or not archives:
        print('no split by stage:', 'no ' + ', '.join(lacks) if lacks else 'no archives; ./dev bench run makes them')
        return
    with tempfile.TemporaryDirectory(prefix='peneira-budget-') as tmp:
        tokenizer = f'{tmp}/llama2.json'
        kept = subprocess.run(['zstd', '-dqf', f'{SHARED}/data/tokenizers/llama2.json.zst', '-o', tokenizer], stderr=subprocess.DEVNULL).returncode == 0
        command = lambda p: [p, 'run', '-q', '-j', '1', '-o', f'{tmp}/out', *(['--tokenizer', tokenizer] if kept else []), *archives]
        seconds = []
        for _ in range(RUNS):
            shutil.rmtree(f'{tmp}/out', ignore_errors=True)
            seconds.append(cpu(command(os.environ['PENEIRA'])))
        share = samples(binary(), tmp, command)
        floor, mb = floors(tmp, archives)
        whole = 1e3 * min(seconds) / mb
        print(f'{mb:.1f} MB unpacked; {whole:.2f} ms of CPU a MB; samples by stage, floors in ms a MB\n{"":20} {"share":>6} {"ms":>6} {"floor":>6} {"above":>6}')
        for row, _, reads in ROWS:
            ms, low = whole * share.get(row, 0), 1e3 * floor[reads] / mb if reads else 0
            print(f'{row:20} {100 * share.get(row, 0):5.1f}% {ms:6.2f} ' + (f'{low:6.2f} {ms - low:6.2f}' if reads else f'{"":6} {"":6}'))

main()
