"""The whole way from archives to shards, one thread, beside what reading alone costs: CPU seconds (user and system), peak memory, and how well the
corpus fits the known truth. The archive (1,500 pages, ARC and WARC) is made by make_ptweb.py of $PENEIRA_SHARED; each command runs in turn,
PENEIRA_BENCH_RUNS times (default 3), and medians are printed; then where the time goes, by stage (budget.py)."""
import atexit, glob, os, resource, shutil, subprocess, sys, tempfile

PENEIRA, SHARED = os.environ['PENEIRA'], os.environ['PENEIRA_SHARED']
RUNS = int(os.environ.get('PENEIRA_BENCH_RUNS', '3'))
PAGES = int(os.environ.get('PENEIRA_BENCH_PAGES', '1500'))
tools, data = f'{SHARED}/tools', f'{SHARED}/data'
if not os.path.exists(f'{tools}/make_ptweb.py'):
    print('the tool that makes the archive is not there: set PENEIRA_SHARED'); sys.exit(0)

def cpu(cmd):
    """User and system seconds, peak memory in MB, of one command."""
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1); os.dup2(null, 2)
        os.execvp(cmd[0], cmd)
    _, status, use = os.wait4(pid, 0)
    if status: sys.exit(f'{" ".join(cmd)[:80]}: status {status}')
    return use.ru_utime + use.ru_stime, use.ru_maxrss / 1024

def median(v): return sorted(v)[len(v) // 2]

folder = os.environ.get('PENEIRA_BENCH_FOLDER') or os.path.join(tempfile.gettempdir(), 'peneira-bench')
web = f'{folder}/ptweb-{PAGES}'
os.makedirs(folder, exist_ok=True)
# What is made appears when it is whole; two of these at the same time must not meet.
out = tempfile.mkdtemp(prefix='out-', dir=folder)
atexit.register(shutil.rmtree, out, ignore_errors=True)
if not os.path.exists(f'{web}/truth.jsonl'):
    making = tempfile.mkdtemp(prefix='web-', dir=folder)
    try: import lxml
    except ImportError: subprocess.run([sys.executable, '-m', 'pip', 'install', '-q', 'lxml'], check=True)
    subprocess.run([sys.executable, f'{tools}/make_ptweb.py', '--pages', f'{data}/extract/dev.jsonl.zst', '--text', f'{data}/variety/train.jsonl.zst', '--out', making, '--n', str(PAGES), '--seed', '7'], check=True, stdout=subprocess.DEVNULL)
    try: os.rename(making, web)
    except OSError: shutil.rmtree(making)
files = sorted(glob.glob(f'{web}/*.gz'))
tokenizer = f'{folder}/llama2.json'
if not os.path.exists(tokenizer):
    subprocess.run(['zstd', '-dqf', f'{data}/tokenizers/llama2.json.zst', '-o', f'{out}.json'], check=True)
    os.rename(f'{out}.json', tokenizer)
commands = {'peneira run -j 1': [PENEIRA, 'run', '-q', '-j', '1', '-o', out, '--tokenizer', tokenizer, *files], 'gzip -dc': ['gzip', '-dc', *files]}
if shutil.which('libdeflate-gzip'): commands['libdeflate-gzip -dc'] = ['libdeflate-gzip', '-dc', *files]
seconds, memory = {k: [] for k in commands}, {}
for _ in range(RUNS):
    for k, cmd in commands.items():
        if k.startswith('peneira'): shutil.rmtree(out, ignore_errors=True)
        s, memory[k] = cpu(cmd)
        seconds[k].append(s)
stored = sum(os.path.getsize(f) for f in files)
whole = int(subprocess.run(f'gzip -dc {" ".join(files)} | wc -c', shell=True, capture_output=True, text=True, check=True).stdout)
base = median(seconds['gzip -dc'])
print(f'{PAGES} pages, {stored / 1e6:.1f} MB stored, {whole / 1e6:.1f} MB unpacked; median of {RUNS}')
for k in commands:
    m = median(seconds[k])
    print(f'{k:22} {m:8.2f} s   {m / base:6.2f} x gzip   {whole / 1e6 / m:8.1f} MB/s   {memory[k]:7.1f} MB peak')
score = subprocess.run([sys.executable, f'{tools}/score_ptweb.py', f'{web}/truth.jsonl', *sorted(glob.glob(f'{out}/docs/*.zst'))], capture_output=True, text=True, check=True).stdout
print(score.strip())
sys.stdout.flush()
subprocess.run([sys.executable, '-P', os.path.join(os.path.dirname(os.path.abspath(__file__)), 'budget.py'), *files], check=True)
