"""What each phase of a run costs, each called as the task of a cluster that it is: the rates under "rates for docs/scale.md" in docs/measurements.md, from
an archive of tests/data/make_archive.py (200 MB stored, 15 % of it pages, all Portuguese); one thread; CPU is user and system, without
what the same task costs that finds all done, the least of PENEIRA_BENCH_RUNS (3)."""
import glob, json, os, shutil, subprocess, sys, tempfile

PENEIRA, RUNS = os.environ['PENEIRA'], int(os.environ.get('PENEIRA_BENCH_RUNS', '3'))
base = tempfile.mkdtemp(prefix='peneira-phases-')

def task(*args):
    pid = os.posix_spawn(PENEIRA, [PENEIRA, 'run', '-q', '-j', '1', '--no-report', *args], os.environ)
    _, status, use = os.wait4(pid, 0)
    if status: sys.exit(f'{args}: status {status}')
    return use.ru_utime + use.ru_stime

try:
    archive, out, first = f'{base}/a.warc.gz', f'{base}/out', f'{base}/first'
    subprocess.run([sys.executable, 'tests/data/make_archive.py', archive, '200e6'], check=True)
    task('-o', first, archive)
    size = lambda pattern: sum(os.path.getsize(f) for f in glob.glob(f'{first}/{pattern}'))
    stages = json.load(open(f'{first}/manifest.json'))['tally']
    stored, compared = os.path.getsize(archive), stages['stages'][2]['kept']
    tokens = stages['notes']['shard.train_tokens'] + stages['notes']['shard.validation_tokens']
    least = {}
    for _ in range(RUNS):
        # The plan of a finished run, and nothing else of it.
        shutil.rmtree(out, ignore_errors=True)
        for d in ('map', 'lots'): os.makedirs(f'{out}/work/{d}')
        for f in ('config.toml', 'inputs'): shutil.copy(f'{first}/work/{f}', f'{out}/work/{f}')
        for name, step in (('map', 'map:0/1'), ('rank', 'rank'), ('pairs', 'pairs:0/1'), ('settle', 'settle:0/1'), ('reduce', 'reduce:0/1'), ('shards', 'shards')):
            # Called again it finds everything done: what starting and looking cost is no rate.
            cpu = task('--task', step, '-o', out) - task('--task', step, '-o', out)
            least[name] = min(cpu, least.get(name, cpu))
    same = subprocess.run(['diff', '-rq', '-x', 'work', first, out]).returncode == 0
    mb = stored / 1e6
    print(f'{mb:.0f} MB stored, {stages["stages"][0]["in"]} captures, {compared} compared, {stages["stages"][-1]["kept"]} kept, {tokens} tokens; tasks and one call give the same bytes: {"yes" if same else "NO"}')
    for name, value in (('map_ms', 1e3 * least['map'] / mb), ('reduce_ms', 1e3 * least['reduce'] / mb), *((f'{s}_us', 1e6 * least[s] / compared) for s in ('rank', 'pairs', 'settle')), ('shards_ns_per_token', 1e9 * least['shards'] / tokens),
                        ('documents_per_stored_mb', compared / mb), ('between_bytes', size('work/map/*.zst') / mb), ('sign_bytes', size('work/map/*.sign') / compared)):
        print(f'    {name:24} {value:.4g}')
    sys.exit(not same)
finally:
    shutil.rmtree(base, ignore_errors=True)
