"""The logic of units, marks and resuming at size: PENEIRA_BENCH_UNITS (default 100,000) archive files with nothing in them, so that what is measured is
planning, marks, dedup over so many files, lots, the manifest. The run is killed at random moments (kill -9) until it ends, each time by the same
command; then it is called once more, with nothing to do. CPU is user and system, of one process."""
import json, os, random, shutil, signal, subprocess, sys, tempfile, time

PENEIRA = os.environ['PENEIRA']
UNITS = int(os.environ.get('PENEIRA_BENCH_UNITS', '100000'))
KILLS = int(os.environ.get('PENEIRA_BENCH_KILLS', '12'))
rng = random.Random(10)
base = tempfile.mkdtemp(prefix='peneira-units-', dir=os.environ.get('PENEIRA_BENCH_FOLDER'))
many, out = f'{base}/in', f'{base}/out'
for i in range(UNITS):
    d = f'{many}/{i // 1000:03}'
    if i % 1000 == 0: os.makedirs(d)
    open(f'{d}/{i:06}.warc', 'w').close()
command = [PENEIRA, 'run', '-q', '-j', '2', '--no-report', '-o', out, many]

def marks():
    try: return {e.name: e.stat().st_mtime_ns for e in os.scandir(f'{out}/work/map') if e.name.endswith('.json')}
    except FileNotFoundError: return {}

def run(kill_after=None):
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(pid, signal.SIGKILL)
    _, status, use = os.wait4(pid, 0)
    return status, use.ru_utime + use.ru_stime, use.ru_maxrss / 1024

try:
    before, kept, seconds, most = {}, True, 0, 0
    for i in range(KILLS):
        status, cpu, mb = run(rng.uniform(0.2, 8))
        now = marks()
        kept &= all(now.get(k) == v for k, v in before.items())
        print(f'kill {i + 1:2}: {cpu:6.1f} CPU s, {len(now) - len(before):6} units done, {len(now):6} of {UNITS} marked', flush=True)
        before, seconds, most = now, seconds + cpu, max(most, mb)
    status, cpu, mb = run()
    now = marks()
    kept &= all(now.get(k) == v for k, v in before.items())
    print(f'to the end: {cpu:.1f} CPU s, {len(now) - len(before)} units done, {mb:.0f} MB peak, status {status}')
    again, cpu_again, mb_again = run()
    print(f'with nothing to do: {cpu_again:.1f} CPU s, {mb_again:.0f} MB peak, status {again}')
    inputs = len(json.load(open(f'{out}/manifest.json'))['inputs'])
    print(f'{UNITS} units, {KILLS} kills: {seconds + cpu:.1f} CPU s in all, {1e3 * (seconds + cpu) / UNITS:.2f} ms a unit; no mark was made twice: {"yes" if kept else "NO"}; manifest of {inputs} inputs')
    sys.exit(not (kept and status == again == 0 and inputs == UNITS == len(now)))
finally:
    shutil.rmtree(base, ignore_errors=True)
