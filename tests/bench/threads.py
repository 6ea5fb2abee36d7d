"""What threads give, on a machine that may be busy: `peneira run` on an archive of tests/data/web/make_web.py (PENEIRA_BENCH_PAGES, 4000), or on the files
in $PENEIRA_BENCH_ARCHIVES. Every 2 ms the states of its threads are looked at: k of them run or wait for a processor, and with processors enough k
seconds of work would be done in one. So the run would take its CPU seconds x the number of looks that found any / the sum of all k. The CPU of one thread
over that is the speed-up; the largest of PENEIRA_BENCH_RUNS (3) is shown."""
import collections, glob, os, shutil, subprocess, sys, tempfile, time

PENEIRA, RUNS = os.environ['PENEIRA'], int(os.environ.get('PENEIRA_BENCH_RUNS', '3'))
make = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../data/web/make_web.py')

def running(pid):
    k = 0
    for t in os.listdir(f'/proc/{pid}/task'):
        try: k += open(f'/proc/{pid}/task/{t}/stat').read().rsplit(')', 1)[1].split()[0] == 'R'
        except (FileNotFoundError, ProcessLookupError): pass
    return k

def watched(cmd):
    """Seconds that it takes with processors enough, CPU seconds, and the share of them while one thread alone could run."""
    pid = os.posix_spawn(cmd[0], cmd, os.environ)
    seen = collections.Counter()
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        try: seen[running(pid)] += 1
        except (FileNotFoundError, ProcessLookupError): pass
        time.sleep(.002)
    _, status, use = os.wait4(pid, 0)
    if status: sys.exit(f'status {status}')
    cpu, work = use.ru_utime + use.ru_stime, sum(k * n for k, n in seen.items())
    return cpu * sum(n for k, n in seen.items() if k) / work, cpu, seen[1] / work

with tempfile.TemporaryDirectory(prefix='peneira-threads') as tmp:
    files = os.environ.get('PENEIRA_BENCH_ARCHIVES', '').split()
    if not files:
        subprocess.run([sys.executable, make, f'{tmp}/web', '--kind', 'mix', '--pages', os.environ.get('PENEIRA_BENCH_PAGES', '4000'), '--level', '4', '--each', '250'], check=True)
        files = sorted(glob.glob(f'{tmp}/web/*'))
    print(f'{len(files)} files, {sum(map(os.path.getsize, files)) / 1e6:.1f} MB stored')
    print(f'{"threads":>8}{"CPU s":>8}{"seconds with as many processors":>34}{"times one":>11}{"alone":>8}')
    one = None
    for threads in (1, 2, 4, 8):
        best = None
        for _ in range(RUNS):
            shutil.rmtree(f'{tmp}/out', ignore_errors=True)
            r = watched([PENEIRA, 'run', '-q', '-j', str(threads), '-o', f'{tmp}/out', *files])
            best = min(best or r, r)
        one = one or best[1]
        print(f'{threads:8}{best[1]:8.2f}{best[0]:34.2f}{one / best[0]:11.2f}{100 * best[2]:7.1f}%', flush=True)
