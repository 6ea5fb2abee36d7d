#!/usr/bin/env python3
"""instructions.py [--renew] [--test]: what each stage costs, in instructions, against tests/bench/instructions.tsv.

Instructions as callgrind counts them do not depend on what else the machine does. The archive is made by tests/data/web/make_web.py (60 pages), the binary is a
release build of its own (build-count, without LTO). A stage that takes more than 3 % over its line in the table fails; one that takes less says
that the table can be renewed. The counts hold for one compiler and one set of libraries: they are in the table's head, and with others there is
nothing to compare. --renew writes the table; commit it with the change that moved it. --test: TAP, and skips where it cannot compare."""
import glob, os, re, shutil, subprocess, sys, tempfile

here = os.path.dirname(os.path.abspath(__file__))
root, table = os.path.dirname(os.path.dirname(here)), f'{here}/instructions.tsv'
LIMIT, PAGES = 1.03, 60
PACKAGES = 'libc6 libdeflate0 zlib1g libzstd1 libicu72 libxxhash0 libarchive13 valgrind'.split()

def say(cmd): return subprocess.run(cmd, capture_output=True, text=True).stdout

def environment():
    have = dict(l.split() for l in say(['dpkg-query', '-W', '-f', '${Package} ${Version}\n', *PACKAGES]).splitlines() if len(l.split()) == 2)
    flags = re.search(r'^flags.*', open('/proc/cpuinfo').read(), re.M)
    simd = 'avx2' if flags and ' avx2 ' in flags[0] + ' ' else 'plain'
    return ' '.join([f'gcc {say(["gcc", "-dumpfullversion"]).strip()}', *(f'{p} {have.get(p, "none")}' for p in PACKAGES), f'{os.uname().machine} {simd}'])

def binary():
    build = f'{root}/build-count'
    if not os.path.exists(f'{build}/build.ninja'):
        subprocess.run(['meson', 'setup', build, root, '--buildtype=release', '-Db_lto=false', '-Db_sanitize=none', '-Dtests=false'], check=True, stdout=subprocess.DEVNULL, cwd=root)
    r = subprocess.run(['ninja', '-C', build], capture_output=True, text=True)
    if r.returncode: sys.exit(r.stdout[-3000:])
    return f'{build}/peneira'

def count(tmp, cmd):
    r = subprocess.run(['setarch', '-R', 'valgrind', '--tool=callgrind', f'--callgrind-out-file={tmp}/out', '--', *cmd], capture_output=True, text=True, cwd=tmp, env={'PATH': os.environ['PATH'], 'LC_ALL': 'C.UTF-8', 'HOME': tmp})
    refs = re.search(r'Collected : (\d+)', r.stderr)
    if not refs or r.returncode: sys.exit(f'{" ".join(cmd)}: status {r.returncode}\n{r.stderr[-2000:]}')
    return int(refs[1])

def measure():
    p = binary()
    with tempfile.TemporaryDirectory() as tmp:
        subprocess.run([sys.executable, f'{root}/tests/data/web/make_web.py', 'web', '--pages', str(PAGES), '--each', '30', '--seed', '3'], check=True, cwd=tmp)
        web = [os.path.relpath(f, tmp) for f in sorted(glob.glob(f'{tmp}/web/*'))]
        size = int(say(['sh', '-c', f'cd {tmp}; gzip -dc {" ".join(web)} | wc -c']))
        one = ['-q', '-j', '1']
        stages = {'start': [p, 'flow'], 'check': [p, 'check', '--json', *web], 'crawl': [p, 'crawl', *one, '-o', 'web.warc', *web],
                  'extract': [p, 'extract', *one, '-o', 'text.jsonl', 'web.warc'], 'filter': [p, 'filter', *one, '-o', 'good.jsonl', 'text.jsonl'],
                  'dedup': [p, 'dedup', *one, '-o', 'first.jsonl', 'good.jsonl'], 'shard': [p, 'shard', *one, '--validation', '0.1', '-o', 'shards', 'first.jsonl'],
                  'run': [p, 'run', *one, '--validation', '0.1', '-o', 'corpus', *web]}
        return {k: count(tmp, c) for k, c in stages.items()}, size

def read_table():
    if not os.path.exists(table): return None, {}
    lines = open(table).read().splitlines()
    return lines[0].removeprefix('# '), {k: int(n) for k, n in (l.split('\t') for l in lines[2:])}

def main():
    test, renew = '--test' in sys.argv, '--renew' in sys.argv
    env, (of, base) = environment(), read_table()
    why = ('no valgrind' if not shutil.which('valgrind') else 'the table was made with ' + str(of) + ', here is ' + env if of != env and not renew else None)
    if why:
        print(f'1..0 # SKIP {why}' if test else why)
        return 0
    now, size = measure()
    if renew:
        open(table, 'w').write('\n'.join([f'# {env}', 'stage\tinstructions', *(f'{k}\t{n}' for k, n in now.items())]) + '\n')
    slow = [] if renew else [k for k, n in now.items() if n > LIMIT * base.get(k, n)]
    if test: print(f'1..{len(now)}')
    else: print(f'{PAGES} pages, {size / 1e6:.1f} MB unpacked\n{"":8} {"million":>9} {"a byte":>8} {"table":>9} {"ratio":>7}')
    for i, (k, n) in enumerate(now.items(), 1):
        was = base.get(k, n)
        if test: print(f'{"not ok" if k in slow else "ok"} {i} - {k}: {n / 1e6:.1f} million instructions, {n / was:.3f} of the table')
        else: print(f'{k:8} {n / 1e6:9.1f} {n / size:8.1f} {was / 1e6:9.1f} {n / was:7.3f}{"  SLOWER" if k in slow else "  table can be renewed" if n * LIMIT < was else ""}')
    if slow: print('# if it is meant: tests/bench/instructions.py --renew, and commit tests/bench/instructions.tsv with a word why')
    return 1 if slow else 0

sys.exit(main())
