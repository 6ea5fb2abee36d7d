"""shard.py [PENEIRA]: tokens a second of CPU into shards, and their size: `peneira shard` by format, less what tokenizing alone costs, beside MosaicML's own
MDSWriter (Python, zstd:3, the same samples) where mosaicml-streaming is installed with torch, and the zstd program alone on the raw tokens.

Text: the documents of $PENEIRA_SHARED/data/variety/train.jsonl.zst (up to 12 MB). One thread, CPU seconds (user and system), the least of three runs."""
import sys
sys.path.pop(0)  # a folder with a tokenize.py of its own: not the one of the standard library
import json, os, resource, shutil, subprocess, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PENEIRA = sys.argv[1] if len(sys.argv) > 1 and not sys.argv[1].startswith('--') else f'{ROOT}/build/peneira'
DATA = os.path.join(os.environ.get('PENEIRA_SHARED', f'{ROOT}/../shared'), 'data')

def cpu(command, **kw):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, **kw)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

def least(run, n=3): return min(run() for _ in range(n))
def size(folder): return sum(os.path.getsize(os.path.join(p, f)) for p, _, fs in os.walk(folder) for f in fs)

WRITER = """import json, os, sys
import numpy as np
from streaming import MDSWriter
ids = np.fromfile(sys.argv[1] + '/flat/train.ds', '<u2'); ends = np.fromfile(sys.argv[1] + '/flat/train.ds.index', '<u8').astype(int)
if len(sys.argv) > 2:
    with MDSWriter(out=sys.argv[2], columns={'id': 'str', 'tokens': 'ndarray:uint16'}, compression='zstd:3', hashes=['xxh3_64'], size_limit=64 << 20) as out:
        for i, (a, b) in enumerate(zip([0, *ends[:-1]], ends)): out.write({'id': str(i), 'tokens': ids[a:b]})
"""

def texts(limit=12 << 20):
    import zstandard
    n, path = 0, f'{DATA}/variety/train.jsonl.zst'
    if not os.path.exists(path): return
    for line in zstandard.ZstdDecompressor().stream_reader(open(path, 'rb')).read().splitlines():
        text = json.loads(line).get('text', '')
        n += len(text.encode())
        if n > limit: return
        yield text

with tempfile.TemporaryDirectory() as d:
    rows = list(texts())
    if not rows: print(f'no {DATA}/variety/train.jsonl.zst'); sys.exit(77)
    with open(f'{d}/in.jsonl', 'w') as f: f.writelines(json.dumps({'id': f'urn:{i}', 'url': f'http://exemplo.pt/{i}', 'text': t}) + '\n' for i, t in enumerate(rows))
    shard = lambda name, *options: cpu([PENEIRA, 'shard', '-q', '-j', '1', '--validation', '0', *options, '-o', f'{d}/{name}', f'{d}/in.jsonl'])
    tokenize = least(lambda: cpu([PENEIRA, 'tokenize', '--count', '-q', '-j', '1', '--no-special', f'{d}/in.jsonl'], stdout=subprocess.DEVNULL))
    shard('base', '-f', 'flat')
    tokens = os.path.getsize(f'{d}/base/flat/train.ds') // 2
    print(f'{len(rows)} documents, {sum(len(t.encode()) for t in rows) / 1e6:.1f} MB, {tokens / 1e6:.2f} M tokens (built-in tokenizer); reading and tokenizing alone {tokenize:.2f} s\n')
    print(f'{"":34}{"CPU s":>8}{"writing":>9}{"M tokens/s":>12}{"bytes":>12}{"bits/token":>12}')
    def line(name, seconds, writing, n): print(f'{name:34}{seconds:8.2f}{writing:9.2f}{tokens / 1e6 / max(writing, .01):12.1f}{n:12,}{n * 8 / tokens:12.2f}', flush=True)
    for name, options in (('mds, zstd 3', ['-f', 'mds']), ('mds, zstd 12', ['-f', 'mds', '--level', '12']), ('megatron', ['-f', 'megatron']), ('flat', ['-f', 'flat']), ('parquet', ['-f', 'parquet']), ('mds,megatron,flat,parquet', ['-f', 'mds,megatron,flat,parquet']),
                          ('mds, --sequence 4096', ['-f', 'mds', '--sequence', '4096']), ('mds, best-fit', ['-f', 'mds', '--sequence', '4096', '--packing', 'best-fit']), ('mds, shuffled', ['-f', 'mds', '--sequence', '4096', '--shuffle', '1'])):
        seconds = least(lambda: shard('out', *options))
        line('peneira ' + name, seconds, seconds - tokenize, size(f'{d}/out'))
        shutil.rmtree(f'{d}/out')
    zstd = least(lambda: cpu(['zstd', '-q', '-f', '-3', '--single-thread', f'{d}/base/flat/train.ds', '-o', f'{d}/raw.zst']))
    line('zstd -3 of the bare tokens', zstd, zstd, os.path.getsize(f'{d}/raw.zst'))
    python = os.environ.get('PENEIRA_TRAINER_PYTHON', sys.executable)
    if subprocess.run([python, '-c', 'import streaming'], capture_output=True).returncode:
        print('MDSWriter: mosaicml-streaming with torch is not installed ($PENEIRA_TRAINER_PYTHON)')
    else:
        run = lambda *out: cpu([python, '-c', WRITER, f'{d}/base', *out])
        idle = least(run, 2)
        def write():
            shutil.rmtree(f'{d}/streaming', ignore_errors=True)
            return run(f'{d}/streaming')
        seconds = least(write, 2)
        line('MDSWriter, zstd:3 (less its start)', seconds, seconds - idle, size(f'{d}/streaming'))
