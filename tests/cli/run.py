#!/usr/bin/env python3
"""run.py PENEIRA [--accept] [--part I/N] [CASE...]: the command-line cases, as TAP; with --part every Nth, from the Ith on.

A case is a folder with `cmd` (bash; $PENEIRA is the binary, $J the threads option, $CASE the folder, the working folder is fresh),
and what is expected: `stdout`, `stderr`, `status` (absent: empty, anything, 0). In stdout and stderr a `*` stands for anything within
a line and a line `...` for any lines. Every case runs with -j 1 and -j 8 and must say the same. --accept writes what was seen.
"""
import os, re, subprocess, sys, tempfile

here = os.path.dirname(os.path.abspath(__file__))

def matches(want, got):
    parts = []
    for line in want.splitlines():
        parts.append('(?:.*\n)*?' if line == '...' else '.*'.join(re.escape(p) for p in line.split('*')) + '\n')
    if got and not got.endswith('\n'):
        got += '\n'
    return re.fullmatch(''.join(parts), got) is not None

def read(path, default):
    return open(path, encoding='utf-8', errors='replace').read() if os.path.exists(path) else default

def run(case, threads, binary):
    with tempfile.TemporaryDirectory() as scratch:
        env = dict(os.environ, PENEIRA=binary, J=f'-j {threads}', CASE=case, LC_ALL='C.UTF-8', TMPDIR=scratch, ROOT=os.path.dirname(os.path.dirname(here)))
        r = subprocess.run(['bash', '-eu', '-o', 'pipefail', os.path.join(case, 'cmd')], cwd=scratch, env=env, capture_output=True, timeout=300)
        show = lambda b: b.decode('utf-8', 'replace').replace(scratch, 'SCRATCH')
        return show(r.stdout), show(r.stderr), r.returncode

def main():
    args = [a for a in sys.argv[1:] if a != '--accept']
    first, parts = 1, 1
    if '--part' in args:
        at = args.index('--part')
        first, parts = map(int, args[at + 1].split('/'))
        del args[at:at + 2]
    binary, names = os.path.abspath(args[0]), [os.path.basename(a.rstrip("/")) for a in args[1:]]
    cases = [os.path.join(here, n) for n in names] or sorted(os.path.join(here, d) for d in os.listdir(here) if os.path.exists(os.path.join(here, d, 'cmd')))
    cases = cases[first - 1::parts]
    bad = number = 0
    for case in cases:
        for threads in (1, 8):
            out, errs, status = run(case, threads, binary)
            if '--accept' in sys.argv:
                for name, text in (('stdout', out), ('status', str(status) + '\n' if status else '')):
                    path = os.path.join(case, name)
                    if text: open(path, 'w').write(text)
                    elif os.path.exists(path): os.remove(path)
            skip = re.search(r'^SKIP (.*)$', errs, re.M) if status == 77 else None
            faults = []
            if not skip:
                if status != int(read(os.path.join(case, 'status'), '0')): faults.append(f'status {status}')
                if not matches(read(os.path.join(case, 'stdout'), ''), out): faults.append('stdout')
                want = read(os.path.join(case, 'stderr'), None)
                if want is not None and not matches(want, errs): faults.append('stderr')
                if 'Sanitizer' in errs or 'runtime error' in errs: faults.append('sanitizer')
            number += 1
            print(('not ok' if faults else 'ok'), number, '-', os.path.basename(case), f'-j {threads}', f'# SKIP {skip[1]}' if skip else '')
            if faults:
                bad += 1
                print('# ' + ', '.join(faults))
                for text, name in ((out, 'stdout'), (errs, 'stderr')):
                    for line in text.splitlines()[:30]: print(f'# {name}: {line}')
    print(f'1..{number}')
    return bad > 0

sys.exit(main())
