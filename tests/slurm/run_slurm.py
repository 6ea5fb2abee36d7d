#!/usr/bin/env python3
"""run_slurm.py PENEIRA: a run on a real Slurm of four nodes on loopback: the laptop's bytes; a task killed, a task that fails, a node lost and a
resubmission survived. Needs root, slurmctld, slurmd and munged; skips (77) where one is missing. TAP."""
import hashlib, json, os, shutil, signal, subprocess, sys, tempfile, time

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
        if 'BeginTime' in q: subprocess.run(['scontrol', 'update', f'jobid={jobs.split(",")[0]}', 'starttime=now'], capture_output=True)
        time.sleep(.2)
    raise SystemExit('# the queue does not empty: ' + q)

options = ['-q', '--keep-rejects', '--slice', '4K']
with tempfile.TemporaryDirectory() as scratch:
    cluster = f'{scratch}/slurm'
    up = subprocess.run([f'{here}/up.sh', cluster, '4', '2'], capture_output=True, text=True)
    if up.returncode:
        print('1..0 # SKIP Slurm does not start here: ' + ' '.join(up.stderr.split())[-200:]); subprocess.run([f'{here}/down.sh', cluster]); sys.exit(0)
    os.environ['SLURM_CONF'] = up.stdout.strip()
    try:
        whole = f'{scratch}/laptop'
        r = run('run', *options, '-o', whole, *sample)
        assert r.returncode == 0, r.stderr
        want = digest(whole)

        out = f'{scratch}/a'
        r = run('run', *options, '--slurm', '-o', out, *sample)
        tap(r.returncode == 0 and 'submitted: job' in r.stderr, 'a run is submitted', r.stderr)
        r = run('run', *options, '-o', out, *sample)
        tap(r.returncode == 2 and 'Slurm jobs' in r.stderr or status(out)['whole'], 'a call beside the jobs is refused', r.stderr)
        wait(out)
        s = status(out)
        tap(s['whole'] and s['done'] == s['units'] == 11 and not s['failed'], 'all units are done', str(s))
        tap(digest(out) == want, "the laptop's bytes")

        # Two tasks end without their mark: one by a folder in the way, seen by status with its message; the same command completes.
        out = f'{scratch}/b'
        names = [l.split()[0] for l in run('run', *options, '--dry-run', '-o', out, *sample).stdout.splitlines()[1:]]
        os.makedirs(f'{out}/work/map/{names[2]}.jsonl.zst/x')  # what should become a file
        r = run('run', *options, '--slurm', '--tasks', '4', '-o', out, *sample)
        wait(out)
        s = status(out)
        tap(not s['whole'] and [f['task'] for f in s['failed']] == [2] and names[2] in s['failed'][0]['message'], 'a failed task is named with its message', str(s))
        tap('units of work are not done' in run('status', out).stdout, 'reduce says what is missing', run('status', out).stdout)
        shutil.rmtree(f'{out}/work/map/{names[2]}.jsonl.zst')
        before = {n: os.stat(f'{out}/work/map/{n}.json').st_ino for n in names if os.path.exists(f'{out}/work/map/{n}.json')}
        r = run('run', *options, '--slurm', '--tasks', '4', '-o', out, *sample)
        wait(out)
        tap(status(out)['whole'] and digest(out) == want, 'the same command completes it, with the same bytes', str(status(out)))
        tap(all(os.stat(f'{out}/work/map/{n}.json').st_ino == i for n, i in before.items()), 'what was done was not done again')

        # A node dies with its task on it: Slurm gives the task to another.
        out = f'{scratch}/c'
        gate = f'{scratch}/gate'
        r = run('run', *options, '--slurm', '--tasks', '4', '--sbatch-option', '--hold', '-o', out, *sample)
        jobs = [l.split() for l in open(f'{out}/work/slurm/jobs')]
        # The tasks of this test wait for a file, so that the node is lost while one runs.
        script = f'{out}/work/slurm/map.sbatch'
        text = open(script).read().replace('#SBATCH --hold\n', '').replace('\nexec ', f'\nuntil [ -e {gate} ]; do sleep .1; done\nexec ')
        open(script, 'w').write(text)
        for j, _ in jobs: subprocess.run(['scancel', j])
        m = subprocess.run(['sbatch', '--parsable', '--array=0-3', script], capture_output=True, text=True).stdout.strip()
        reduce = f'{out}/work/slurm/reduce.sbatch'
        text = open(reduce).read().replace('#SBATCH --hold\n', '')
        open(reduce, 'w').write(text)
        d = subprocess.run(['sbatch', '--parsable', f'--dependency=afterany:{m}', reduce], capture_output=True, text=True).stdout.strip()
        open(f'{out}/work/slurm/jobs', 'w').write(f'{m} map\n{d} reduce\n')
        for _ in range(200):
            q = subprocess.run(['squeue', '-h', '-r', '-j', m, '-o', '%K %t %N'], capture_output=True, text=True).stdout.split('\n')
            running = [l.split() for l in q if ' R ' in l]
            if running: break
            time.sleep(.1)
        node = running[0][2]
        pid = int(open(f'{cluster}/run/slurmd.{node}.pid').read())
        os.kill(pid, signal.SIGKILL)
        subprocess.run(['scontrol', 'update', f'nodename={node}', 'state=down', 'reason=lost'], check=True)
        open(gate, 'w').close()
        wait(out)
        s = status(out)
        tap(s['whole'] and digest(out) == want, 'a node is lost, its task runs elsewhere, the same bytes', str(s) + run('status', out).stdout)
    finally:
        subprocess.run([f'{here}/down.sh', cluster])
    print(f'1..{number}')
sys.exit(bad > 0)
