#!/usr/bin/env python3
"""run_faults.py PENEIRA FAULT.so: the pipeline on a sample archive, killed or with a full disk at calls that change a file (write, fsync, rename,
link, ...), and killed at moments in time; the same command must then complete it with the bytes of an undisturbed run, and do no unit or lot again that
was done. TAP.

Calls are drawn by a seed; PENEIRA_FAULTS=all takes every call of an undisturbed run, each kind, and 50 moments: some minutes (./dev bench faults)."""
import hashlib, os, random, re, shutil, signal, subprocess, sys, tempfile, time

binary, fault = map(os.path.abspath, sys.argv[1:3])
root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
everything = os.environ.get('PENEIRA_FAULTS') == 'all'
rng = random.Random(10)
number = bad = 0

def digest(d):
    h = hashlib.sha256()
    for base, folders, files in os.walk(d):
        folders[:] = sorted(f for f in folders if f != 'work')
        for f in sorted(files):
            path = os.path.join(base, f)
            h.update(os.path.relpath(path, d).encode() + b'\0' + open(path, 'rb').read())
    return h.hexdigest()

# Two units, two lots. The heap of the sanitizer is not what is looked for here, and costs three quarters of the time.
command = [binary, 'run', '-q', '-j', '2', '--keep-rejects', '--no-report', '--slice', '8K', '--lot', '4K', 'tests/data/sample/sample.arc.gz', '-o']
plain = dict(os.environ, ASAN_OPTIONS=os.environ.get('ASAN_OPTIONS', '') + ':verify_asan_link_order=0:detect_leaks=0:quarantine_size_mb=0:thread_local_quarantine_size_kb=0:poison_heap=0')

def run(out, **env):
    if env: env['LD_PRELOAD'] = fault
    return subprocess.run([*command, out], cwd=root, env=dict(plain, **env), capture_output=True, text=True, timeout=300)

def marks(out):
    """Units and lots that are done, with their files' numbers: what is done again gets another."""
    found = {}
    for d in ('map', 'lots'):
        folder = os.path.join(out, 'work', d)
        for f in os.listdir(folder) if os.path.isdir(folder) else ():
            if f.endswith('.json') and f[0] != '.': found[d, f] = os.stat(os.path.join(folder, f)).st_ino
    return found

def completed(out, ended, what, first):
    global number, bad
    before = marks(out)
    again = run(out)
    after = marks(out)
    same = again.returncode == 0 and digest(out) == want
    kept = all(after.get(k) == v for k, v in before.items())
    good = ended and same and kept
    number += 1
    bad += not good
    print('ok' if good else 'not ok', number, '-', what, flush=True)
    if not good:
        print(f'# first: {first}; again: exit {again.returncode} {again.stderr[:200]!r}; same bytes: {same}; nothing done twice: {kept}')

with tempfile.TemporaryDirectory() as scratch:
    whole, out, count = (os.path.join(scratch, n) for n in ('whole', 'out', 'count'))
    r = run(whole, PENEIRA_FAULT='count', PENEIRA_FAULT_COUNT=count)
    assert r.returncode == 0, r.stderr
    calls, want = int(open(count).read()), digest(whole)
    for kind, points in (('kill', 40), ('fail', 16)):
        for at in range(1, calls + 1) if everything else sorted(rng.sample(range(1, calls + 1), min(points, calls))):
            shutil.rmtree(out, ignore_errors=True)
            r = run(out, PENEIRA_FAULT=f'{kind}:{at}')
            ended = r.returncode == -9 if kind == 'kill' else r.returncode == 1 and re.search(r'^peneira: \S+.*No space left on device', r.stderr, re.M)
            # The order of calls of two threads is theirs: the last point may come to lie behind the end.
            ended = ended or (r.returncode == 0 and at >= calls - 3)
            completed(out, ended, f'{kind} at call {at} of {calls}', f'exit {r.returncode} {r.stderr[:200]!r}')
    began = time.monotonic()
    shutil.rmtree(out, ignore_errors=True)
    run(out)
    lasts = time.monotonic() - began
    for _ in range(50 if everything else 10):
        # Up to three kills before it may end.
        shutil.rmtree(out, ignore_errors=True)
        moments = [rng.uniform(0, lasts) for _ in range(rng.randint(1, 3))]
        for m in moments:
            p = subprocess.Popen([*command, out], cwd=root, env=plain, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(m)
            p.send_signal(signal.SIGKILL)
            p.wait()
        completed(out, True, 'killed ' + ', then '.join(f'after {m:.3f} s' for m in moments), '')
    print(f'1..{number}')
sys.exit(bad > 0)
