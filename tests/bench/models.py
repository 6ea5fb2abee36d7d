#!/usr/bin/env python3
"""The two models that are built in, made again with `peneira train` from the data they name, and compared byte by byte.

Needs data/variety of $PENEIRA_SHARED, and what filter/models/gather.py makes: it loads 350 MB of Debian's packages into $PENEIRA_GATHER
(default: a temporary folder), or takes what an earlier call left there. Four minutes of CPU. One line a model:
  NAME  same | differs, by how many bytes | other data, when the digest of the texts is another (packages move on)
PENEIRA_QUICK=1 takes half a minute: the variety's weights without its curve (--no-calibration; the notes are not compared), the language's
gate for the classes as they are (--classes).
Exit status 1 when a model differs though the texts are the same.
"""
import hashlib, json, os, re, resource, subprocess, sys, tempfile

SHARED, PENEIRA = os.environ.get('PENEIRA_SHARED', '../shared'), os.environ.get('PENEIRA', 'build/peneira')
DATA, MODELS = SHARED + '/data/variety', 'filter/models'
QUICK = os.environ.get('PENEIRA_QUICK') == '1'

def unpack(name, to, wanted=lambda line: True):
    raw = subprocess.run(['zstd', '-dcq', f'{DATA}/{name}.jsonl.zst'], check=True, capture_output=True).stdout
    with open(to, 'wb') as f:
        f.writelines(l for l in raw.splitlines(keepends=True) if wanted(l))
    return to

def notes(model):
    return json.loads(re.findall(rb'\{"task".*\}', model[-4096:])[-1])

def compare(name, made):
    ours, theirs = open(f'{MODELS}/{name}.bin', 'rb').read(), open(made, 'rb').read()
    a, b = notes(ours), notes(theirs)
    if QUICK and name == 'variety' and a['data_xxh3'] == b['data_xxh3']:
        ours, theirs = (x[:x.rindex(b'{"task"')] for x in (ours, theirs))
    short = lambda x: hashlib.sha256(x).hexdigest()[:16]
    if ours == theirs:
        print(f'{name:10} same, {len(ours)} bytes, sha256 {short(ours)}, texts {a["data_xxh3"]}')
    elif a['data_xxh3'] != b['data_xxh3']:
        print(f'{name:10} other data: {b["texts"]} texts {b["data_xxh3"]}, the model names {a["texts"]} texts {a["data_xxh3"]}')
    else:
        print(f'{name:10} differs in {sum(x != y for x, y in zip(ours, theirs)) + abs(len(ours) - len(theirs))} of {len(ours)} bytes, though the texts are the same')
        return 1
    return 0

def train(task, out, *files):
    quick = {'variety': ['--no-calibration'], 'language': ['--classes', f'{MODELS}/language.bin']}[task] if QUICK else []
    a = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run([PENEIRA, 'train', '-q', '--task', task, *quick, '-o', out, *files], check=True, stderr=subprocess.DEVNULL)
    print(f'{task:10} trained in {resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - a:.0f} s of CPU', flush=True)
    return out

def main():
    if not os.path.isdir(DATA): return print(f'{DATA} is not there: nothing to train with')
    with tempfile.TemporaryDirectory() as d:
        more = os.environ.get('PENEIRA_GATHER', d + '/gather')
        try:
            subprocess.run([sys.executable, f'{MODELS}/gather.py', more], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        except subprocess.CalledProcessError as e:
            return print('the packages of gather.py cannot be loaded here:', e.stderr.decode(errors='replace').strip().split('\n')[-1])
        rows = unpack('train', d + '/train.jsonl')
        frmt = unpack('dev', d + '/frmt.jsonl', lambda l: json.loads(l)['source'].startswith('FRMT'))
        gate = unpack('gate_train', d + '/gate_train.jsonl')
        return compare('variety', train('variety', d + '/variety.bin', rows, frmt, more + '/variety.jsonl')) | \
               compare('language', train('language', d + '/language.bin', gate, rows, more + '/gate.jsonl'))

sys.exit(main())
