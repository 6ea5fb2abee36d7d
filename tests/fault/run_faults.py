#!/usr/bin/env python3
"""run_faults.py PENEIRA FAULT.so: the pipeline on the sample archive, killed or with a full disk at points spread over every call that
changes a file; the same command must then complete it, with the bytes of an undisturbed run. TAP."""
import hashlib, os, re, shutil, subprocess, sys, tempfile

POINTS = 14  # of each kind
binary, fault = map(os.path.abspath, sys.argv[1:3])
root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sample = ['tests/data/sample/sample.arc.gz', 'tests/data/sample/sample.warc.gz']

def digest(d):
    h = hashlib.sha256()
    for base, folders, files in os.walk(d):
        folders[:] = sorted(f for f in folders if f != 'work')
        for f in sorted(files):
            path = os.path.join(base, f)
            h.update(os.path.relpath(path, d).encode() + b'\0' + open(path, 'rb').read())
    return h.hexdigest()

def run(out, **env):
    if env:
        env['LD_PRELOAD'] = fault
        env['ASAN_OPTIONS'] = os.environ.get('ASAN_OPTIONS', '') + ':verify_asan_link_order=0:detect_leaks=0'
    return subprocess.run([binary, 'run', '-q', '-j', '2', '--keep-rejects', '-o', out, *sample], cwd=root, env=dict(os.environ, **env), capture_output=True, text=True, timeout=300)

with tempfile.TemporaryDirectory() as scratch:
    whole, out, count = (os.path.join(scratch, n) for n in ('whole', 'out', 'count'))
    r = run(whole, PENEIRA_FAULT='count', PENEIRA_FAULT_COUNT=count)
    assert r.returncode == 0, r.stderr
    calls, want = int(open(count).read()), digest(whole)
    number = bad = 0
    for kind in ('kill', 'fail'):
        for i in range(POINTS):
            at = 1 + i * (calls - 1) // (POINTS - 1)
            shutil.rmtree(out, ignore_errors=True)
            r = run(out, PENEIRA_FAULT=f'{kind}:{at}')
            ended = r.returncode == -9 if kind == 'kill' else r.returncode == 1 and re.search(r'^peneira: \S+.*No space left on device', r.stderr, re.M)
            # The order of calls of two threads is theirs: the last point may come to lie behind the end.
            ended = ended or (r.returncode == 0 and at >= calls - 3)
            again = run(out)
            same = again.returncode == 0 and digest(out) == want
            number += 1
            bad += not (ended and same)
            print('ok' if ended and same else 'not ok', number, '-', f'{kind} at call {at} of {calls}')
            if not (ended and same):
                print(f'# first: exit {r.returncode} {r.stderr[:200]!r}; again: exit {again.returncode} {again.stderr[:200]!r}; same bytes: {same}')
    print(f'1..{number}')
sys.exit(bad > 0)
