#!/usr/bin/env python3
"""run_slurm.py PENEIRA: a run on a real Slurm of six nodes on loopback: the laptop's bytes; a task killed, a task that fails, a node lost and a
task out of time, a
resubmission survived; a thousand units within MaxArraySize. Needs root, slurmctld, slurmd and munged; skips (77) where one is missing. TAP."""
import hashlib, json, os, re, shutil, signal, subprocess, sys, tempfile, time

binary = os.path.abspath(sys.argv[1])
here = os.path.dirname(os.path.abspath(__file__))
root = os.path.dirname(os.path.dirname(here))
if os.getuid() or not all(shutil.which(p) for p in ('slurmctld', 'slurmd', 'munged', 'sbatch')):
    print('1..0 # SKIP no root, or no Slurm (apt install slurm-wlm munge)'); sys.exit(0)
sample = [f'tests/data/sample/sample.{k}.gz' for k in ('arc', 'warc')]
number = bad = 0

def tap(ok, what, more=''):
    global number, bad
    number += 1; bad += not ok
    print('ok' if ok else 'not ok', number, '-', what, flush=True)
    if not ok and more: print('# ' + more.replace('\n', '\n# '), flush=True)

def digest(d):
    h = hashlib.sha256()
    for base, folders, files in os.walk(d):
        folders[:] = sorted(f for f in folders if f != 'work')
        for f in sorted(files):
            h.update(os.path.relpath(os.path.join(base, f), d).encode() + b'\0' + open(os.path.join(base, f), 'rb').read())
    return h.hexdigest()

def run(*args):
    return subprocess.run([binary, *args], cwd=root, capture_output=True, text=True, timeout=300)

def status(out):
    return json.loads(run('status', '--json', out).stdout)

def wait(out, seconds=240):
    """Until nothing of the run is in the queue. A task that lost its node is held back for two minutes: not here."""
    jobs = ','.join(l.split()[0] for l in open(f'{out}/work/slurm/jobs'))
    for _ in range(seconds * 5):
        q = subprocess.run(['squeue', '-h', '-j', jobs], capture_output=True, text=True).stdout.strip()
        if not q: return
        for j in {l.split()[0].split('_')[0] for l in q.split('\n') if 'BeginTime' in l}: subprocess.run(['scontrol', 'update', f'jobid={j}', 'starttime=now'], capture_output=True)
        time.sleep(.2)
    raise SystemExit('# the queue does not empty: ' + q)

def phase(s, name):
    return next(p for p in s['phases'] if p['name'] == name)

def marks(out):
    """Every part that is done, with its file's number."""
    return {f: os.stat(f'{out}/work/{d}/{f}').st_ino for d in ('map', 'lots') for f in os.listdir(f'{out}/work/{d}') if f.endswith('.json')}

def until(what, seconds=60):
    for _ in range(seconds * 10):
        got = what()
        if got: return got
        time.sleep(.1)
    raise SystemExit('# waited in vain')

def running(job):
    q = subprocess.run(['squeue', '-h', '-r', '-t', 'R', '-j', str(job), '-o', '%K %N %A'], capture_output=True, text=True).stdout.split('\n')
    return [l.split() for l in q if l.strip()]

def gated(out, name, gate):
    """Submits a script of a run whose tasks wait for a file, so that something can happen to them: returns a function of sbatch's further options."""
    script = f'{out}/work/slurm/{name}.sbatch'
    text = open(script).read().replace('#SBATCH --hold\n', '')
    if gate: text = text.replace('\nexec ', f'\nuntil [ -e {gate} ]; do sleep .1; done\nexec ')
    open(script, 'w').write(text)
    return lambda *more: subprocess.run(['sbatch', '--parsable', *more, script], capture_output=True, text=True, check=True).stdout.strip()

def by_hand(out, phases, gate_of):
    """What was submitted is cancelled and submitted again by hand, the scripts being plain files; tasks of the phase gate_of wait for the gate."""
    old = dict(reversed(l.split()) for l in open(f'{out}/work/slurm/jobs'))
    for j in old.values(): subprocess.run(['scancel', j])
    after, jobs = None, {}
    for name in phases:
        n = phase(status(out), name)['tasks']
        more = ([f'--array=0-{n - 1}'] if name in ('map', 'pairs', 'reduce') else []) + ([f'--dependency=afterany:{after}'] if after else [])
        after = jobs[name] = gated(out, name, gate if name == gate_of else None)(*more)
    open(f'{out}/work/slurm/jobs', 'w').write(''.join(f'{j} {n}\n' for n, j in jobs.items()))
    return jobs

ALL = ('map', 'rank', 'pairs', 'settle', 'reduce', 'shards')
options = ['-q', '--keep-rejects', '--no-report', '--slice', '4K', '--lot', '8K']
with tempfile.TemporaryDirectory() as scratch:
    cluster, gate = f'{scratch}/slurm', f'{scratch}/gate'
    up = subprocess.run([f'{here}/up.sh', cluster, '6', '2'], capture_output=True, text=True)
    if up.returncode:
        print('1..0 # SKIP Slurm does not start here: ' + ' '.join(up.stderr.split())[-200:]); subprocess.run([f'{here}/down.sh', cluster]); sys.exit(0)
    os.environ['SLURM_CONF'] = up.stdout.strip()
    try:
        whole = f'{scratch}/laptop'
        r = run('run', *options, '-o', whole, *sample)
        assert r.returncode == 0, r.stderr
        want = digest(whole)

        out = f'{scratch}/a'
        r = run('run', *options, '--slurm', '--cpus-single', '2', '-o', out, *sample)
        tap(r.returncode == 0 and r.stderr.count('submitted: job') == 6, 'a run is submitted: map, rank, pairs, settle, reduce, shards', r.stderr)
        r = run('run', *options, '-o', out, *sample)
        tap(r.returncode == 2 and 'Slurm jobs' in r.stderr or status(out)['whole'], 'a call beside the jobs is refused', r.stderr)
        wait(out)
        s = status(out)
        tap(s['whole'] and all(p['done'] == p['parts'] for p in s['phases']) and phase(s, 'map')['done'] == 11 and phase(s, 'reduce')['tasks'] > 1 and not s['failed'], 'all units and lots are done', str(s))
        tap(digest(out) == want, "the laptop's bytes")
        cpus = {p: re.search(r'--cpus-per-task=(\d+)(?s:.*) -j (\d+) ', open(f'{out}/work/slurm/{p}.sbatch').read()).groups() for p in ('map', 'rank', 'pairs', 'settle', 'reduce', 'shards')}
        tap(all(c == (('2', '2') if p in ('settle', 'shards') else ('1', '1')) for p, c in cpus.items()), 'single tasks get the processors that they were given', str(cpus))
        tap(run('check', out).returncode == 0, 'check finds it whole')

        # A task ends without its mark, by a folder in the way, seen by status with its message; the same command completes.
        out = f'{scratch}/b'
        names = [l.split()[0] for l in run('run', *options, '--dry-run', '-o', out, *sample).stdout.splitlines()[1:]]
        os.makedirs(f'{out}/work/map/{names[2]}.jsonl.zst/x')  # what should become a file
        r = run('run', *options, '--slurm', '--tasks', '4', '-o', out, *sample)
        wait(out)
        s = status(out)
        tap(not s['whole'] and [(f['phase'], f['task']) for f in s['failed']] == [('map', 2)] and names[2] in s['failed'][0]['message'], 'a failed task is named with its message', str(s))
        shutil.rmtree(f'{out}/work/map/{names[2]}.jsonl.zst')
        before = marks(out)
        r = run('run', *options, '--slurm', '--tasks', '4', '-o', out, *sample)
        tap(r.stderr.splitlines()[0].endswith('(map, 1 task)'), 'submitting again submits the task that is missing', r.stderr)
        wait(out)
        tap(status(out)['whole'] and digest(out) == want, 'the same command completes it, with the same bytes', str(status(out)))
        tap(before.items() <= marks(out).items(), 'what was done was not done again')
        # A mark and a file of one lot go: one task of reduce makes them again.
        lot = next(f[:-5] for f in os.listdir(f'{out}/work/lots') if f.endswith('.json'))
        for f in (f'work/lots/{lot}.json', f'work/lots/{lot}.sheaf', 'manifest.json', 'work/shards.json'): os.unlink(f'{out}/{f}')
        before = marks(out)
        r = run('run', *options, '--slurm', '--tasks', '4', '-o', out, *sample)
        tap([l.split('(')[1] for l in r.stderr.splitlines() if 'job' in l] == ['reduce, 1 task)', 'shards, 1 task)'], 'a lot that is missing is one task', r.stderr)
        wait(out)
        tap(status(out)['whole'] and digest(out) == want and before.items() <= marks(out).items(), 'and the corpus is what it was', str(status(out)))

        # A node dies with a task of map on it, later one of pairs, each while it runs: Slurm gives the task to another.
        for name in ('map', 'pairs'):
            out = f'{scratch}/{name}'
            if os.path.exists(gate): os.unlink(gate)
            run('run', *options, '--slurm', '--tasks', '4', '--sbatch-option', '--hold', '-o', out, *sample)
            jobs = by_hand(out, ALL, name)
            until(lambda: running(jobs[name]))
            node = running(jobs[name])[0][1]
            os.kill(int(open(f'{cluster}/run/slurmd.{node}.pid').read()), signal.SIGKILL)
            subprocess.run(['scontrol', 'update', f'nodename={node}', 'state=down', 'reason=lost'], check=True)
            open(gate, 'w').close()
            wait(out)
            s = status(out)
            tap(s['whole'] and digest(out) == want, f'a node is lost with a task of {name}, which runs elsewhere: the same bytes', str(s) + run('status', out).stdout)

        # Out of time: Slurm sends SIGTERM, as the script asks for, then SIGKILL. Another task is killed outright.
        out = f'{scratch}/time'
        if os.path.exists(gate): os.unlink(gate)
        run('run', *options, '--slurm', '--tasks', '4', '--time', '5', '--sbatch-option', '--hold', '-o', out, *sample)
        tap('--signal=B:TERM@60' in open(f'{out}/work/slurm/map.sbatch').read(), 'a task is told before its time is over')
        jobs = by_hand(out, ALL, 'map')
        until(lambda: len(running(jobs['map'])) == 4)
        subprocess.run(['scancel', '--signal=TERM', '--full', f'{jobs["map"]}_1'], check=True)
        subprocess.run(['scancel', '--signal=KILL', '--full', f'{jobs["map"]}_3'], check=True)
        until(lambda: len(running(jobs['map'])) == 2)
        open(gate, 'w').close()
        wait(out)
        s = status(out)
        tap(not s['whole'] and {f['task'] for f in s['failed']} == {1, 3}, 'tasks out of time and killed are named', str(s))
        r = run('run', *options, '--slurm', '--tasks', '4', '-o', out, *sample)
        tap(r.stderr.splitlines()[0].endswith('(map, 2 tasks)'), 'they alone are submitted again', r.stderr)
        wait(out)
        tap(status(out)['whole'] and digest(out) == want, 'the same bytes', str(status(out)))

        # More units than an array may have tasks: each task has a list of them. Accepted by this Slurm, but not run here.
        out, many = f'{scratch}/many', f'{scratch}/in'
        os.mkdir(many)
        for i in range(2500): open(f'{many}/{i:04}.warc', 'w').close()
        r = run('run', '--slurm', '--sbatch-option', '--hold', '-o', out, many)
        jobs = dict(reversed(l.split()) for l in open(f'{out}/work/slurm/jobs'))
        size = int(next(l.split('=')[1] for l in subprocess.run(['scontrol', 'show', 'config'], capture_output=True, text=True).stdout.splitlines() if 'MaxArraySize' in l))
        ids = [int(l) for l in subprocess.run(['squeue', '-h', '-r', '-j', jobs['map'], '-o', '%K'], capture_output=True, text=True).stdout.split()]
        for j in jobs.values(): subprocess.run(['scancel', j])
        tap(len(ids) == 1000 and max(ids) < size, f'2,500 units are {len(ids)} tasks, MaxArraySize being {size}', r.stderr)
        task = subprocess.run([binary, 'run', '--task', f'map:{ids[7]}/1000', '-c', f'{out}/work/slurm/options.toml', '-q', '-o', out], cwd=root, capture_output=True, text=True)
        done = sum(f.endswith('.json') for f in os.listdir(f'{out}/work/map'))
        tap(task.returncode == 0 and done == 3, 'a task does all units of its list', f'{done} {task.stderr}')
    finally:
        subprocess.run([f'{here}/down.sh', cluster])
    print(f'1..{number}')
sys.exit(bad > 0)
