"""How cost grows: ten (PENEIRA_BENCH_TIMES: any number) times the pages, two threads, and the worst kinds of input. CPU is user and system time of whole `peneira run` commands; the
archives are made by tests/data/web/make_web.py. PENEIRA_BENCH_PAGES sets the small size (default 1000), PENEIRA_BENCH_TINY the tiny pages (100000)."""
import glob, os, shutil, subprocess, sys, tempfile, time

PENEIRA, N, TINY = os.environ['PENEIRA'], int(os.environ.get('PENEIRA_BENCH_PAGES', '1000')), int(os.environ.get('PENEIRA_BENCH_TINY', '100000'))
make = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../data/web/make_web.py')
TIMES = int(os.environ.get('PENEIRA_BENCH_TIMES', '10'))

def used(cmd):
    """CPU seconds, peak MB, wall seconds."""
    begin = time.monotonic()
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1); os.dup2(null, 2)
        os.execvp(cmd[0], cmd)
    _, status, use = os.wait4(pid, 0)
    if status not in (0, 3 << 8): sys.exit(f'{" ".join(cmd)[:80]}: status {status}')
    return use.ru_utime + use.ru_stime, use.ru_maxrss / 1024, time.monotonic() - begin

def best(files, out, threads=1, times=2):
    r = []
    for _ in range(times):
        shutil.rmtree(out, ignore_errors=True)
        r.append(used([PENEIRA, 'run', '-q', '-j', str(threads), '-o', out, *files]))
    return min(r)

with tempfile.TemporaryDirectory(prefix='peneira-growth') as tmp:
    def web(kind, pages):
        d = f'{tmp}/web'
        shutil.rmtree(d, ignore_errors=True)
        subprocess.run([sys.executable, make, d, '--kind', kind, '--pages', str(pages), '--level', '4', *(['--each', '250'] if kind != 'tiny' else [])], check=True)
        files = sorted(glob.glob(f'{d}/*'))
        size = int(subprocess.run(f'gzip -dc {d}/*.gz 2>/dev/null | wc -c', shell=True, capture_output=True, text=True).stdout) if kind != 'damaged' else sum(map(os.path.getsize, files))
        return files, size
    print(f'{"":26} {"pages":>8} {"MB":>7} {"CPU s":>7} {"us/page":>8} {"MB/s":>7} {"peak MB":>8}')
    def line(name, pages, size, r):
        print(f'{name:26} {pages:8} {size / 1e6:7.1f} {r[0]:7.2f} {1e6 * r[0] / pages:8.0f} {size / 1e6 / r[0]:7.1f} {r[1]:8.1f}', flush=True)
        return 1e6 * r[0] / pages, r[1]
    grown = []
    for pages in (N, TIMES * N):
        files, size = web('mix', pages)
        r = best(files, f'{tmp}/out')
        grown.append(line('mix', pages, size, r))
    two = best(files, f'{tmp}/out', threads=2)
    line('mix, two threads', pages, size, two)
    for kind, pages in (('huge', 200), ('tiny', TINY), ('copies', N), ('foreign', N), ('damaged', N)):
        files, size = web(kind, pages)
        line(f'{kind}{" (one page)" if kind == "huge" else " (stored MB)" if kind == "damaged" else ""}', 1 if kind == 'huge' else pages, size, best(files, f'{tmp}/out', times=1))
    print(f'{TIMES} times the pages: {grown[1][0] / grown[0][0]:.3f} x the CPU a page, {grown[1][1] / grown[0][1]:.2f} x the memory; '
          f'two threads: {r[2] / two[2]:.2f} x the throughput, {two[0] / r[0]:.2f} x the CPU (wall clock: only on an idle machine)')
