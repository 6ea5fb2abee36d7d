"""readme.py PENEIRA: README.md tells the truth: the run it shows gives the line that it shows, its commands and questions work, and its ten lines of torch
train on the shards (that part only where torch is; ./dev test --trainer installs it)."""
import os, re, subprocess, sys, tempfile

PENEIRA = os.path.abspath(sys.argv[1])
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
page = open(f'{ROOT}/README.md', encoding='utf-8').read()

# Every figure of the two tables is one that the documents of measurements have.
measured = ' '.join(open(f'{ROOT}/docs/{x}', encoding='utf-8').read() for x in ('measurements.md', 'internals/main_text.md'))
known = {x.replace(',', '').lstrip('0') for x in re.findall(r'(?<![\w.])\d*\.?\d[\d,]*\b', measured)}
rows = [x for part in ('What it takes the place of', 'Figures') for x in re.search(rf'^## {part}\n(.*?)^## ', page, re.S | re.M)[1].splitlines() if x.startswith('| ')]
told = {x for row in rows for x in re.findall(r'(?<![\w.-])(?:\d*\.\d+|\d{2,3}(?:,\d{3})*)(?![\w%]| %|\.\d)', re.sub(r'`[^`]*`|since \d+|some [\d,]+ lines', '', row))}
unknown = sorted(x for x in told if x.replace(',', '').lstrip('0') not in known)
assert len(told) >= 15 and not unknown, ('README.md has figures that docs/measurements.md has not', unknown)

def run(args, cwd): return subprocess.run(args, cwd=cwd, capture_output=True, text=True)

def block(start):
    """The indented lines from the one that begins so, without the indent."""
    lines = page[page.index('\n    ' + start) + 1:].split('\n')
    n = next(i for i, x in enumerate(lines) if x and not x.startswith('    ') or not x and not lines[i + 1].startswith('    '))
    return [x[4:] for x in lines[:n]]

with tempfile.TemporaryDirectory() as d:
    os.makedirs(f'{d}/bin'); os.symlink(PENEIRA, f'{d}/bin/peneira'); os.symlink(f'{ROOT}/tests', f'{d}/tests')
    os.environ['PATH'] = f'{d}/bin:' + os.environ['PATH']
    command, *told = block('$ peneira run')[:5]
    out = run(['bash', '-c', command[2:]], d)
    said, want = ' '.join(out.stderr.split()), ' '.join(' '.join(told).split())
    assert out.returncode in (0, 3) and said.startswith(want), (out.returncode, said, want)
    named = re.findall(r'^    corpus/(\S+) ', page, re.M)
    missing = [x for x in named if run(['bash', '-c', f'ls corpus/{x}'], d).returncode]
    assert len(named) >= 7 and not missing, missing
    command, *told = block('$ peneira query')
    out = run(['bash', '-c', command[2:]], d)
    table = [x for x in told if x.split() and not x.startswith('peneira')]
    assert out.stdout.split('\n')[:len(table)] == table, (out.stdout, table)
    for line in re.findall(r'^    (peneira (?:stats|query|report|card) .*?corpus\b.*?)(?: {3,}.*)?$', page, re.M):
        out = run(['bash', '-c', line], d)
        assert out.returncode == 0, (line, out.stderr)
    try:
        import torch, streaming
    except ImportError:
        print('the run and the questions are as told; torch is not here'); sys.exit(0)
    out = run([sys.executable, '-c', '\n'.join(block('import torch'))], d)
    losses = [float(x) for x in out.stdout.split()]
    assert out.returncode == 0 and len(losses) >= 3 and losses[-1] < losses[0], out.stderr[-2000:]
print('as told, torch too')
