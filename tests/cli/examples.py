#!/usr/bin/env python3
"""examples.py PENEIRA MANDIR: every line of the EXAMPLES of every manual page, and every example of the commands' help, run as it stands in a prepared
folder. Said as TAP: a line has to end in 0 (or in 3: more damage than asked, the sample is damaged on purpose) and to say something or leave a file.
What needs what a test has not, is skipped with its reason. Lines of one page run in one folder, one after the other."""
import json, os, random, re, shutil, subprocess, sys, tempfile

binary, pages = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
root = os.path.dirname(os.path.dirname(pages))
NOT_HERE = [(r'--server ', 'asks a server'), (r'--slurm ', 'needs a cluster: tests/slurm'), (r'^watch ', 'has no end')]
# Said of archives that people have: here the sample stands for them, and what the sample has stands for what is asked of it.
STAND_INS = [('IAH-20040301.arc.gz --offset 52143', 'sample.arc.gz --offset 947'), ('http://www.example.pt/', 'http://www.vilanova.example.pt/mercado.html'),
             ('urn:uuid:6d058047-ede2-4a13-be79-90c17c631dd4', 'urn:sha1:0a5697535c1984e5ca09a8cf12627588e0b97b2a'), ('--position 1048576', '--position 1000'),
             ('pt,publico)/', 'pt,example,vilanova)/')]
MAY_SAY_NOTHING = {'source <(peneira completion bash)'}
ESCAPES = {r'\(aq': "'", r'\e': '\\', r'\&': '', r"\('a": 'á', r'\(`a': 'à', r'\-': '-', r'\(ti': '~', r'\(ha': '^'}

def unescape(s):
    for a, b in ESCAPES.items(): s = s.replace(a, b)
    return s

def of_page(path):
    text = open(path, encoding='utf-8').read()
    part = re.search(r'^\.Sh EXAMPLES\n(.*?)(?=^\.Sh |\Z)', text, re.S | re.M)
    literal, lines = False, []
    for line in part[1].splitlines() if part else []:
        if line.startswith('.Bd -literal'): literal = True
        elif line.startswith('.Ed'): literal = False
        elif line.startswith('.Dl '): lines.append(unescape(line[4:]))
        elif literal: lines.append(unescape(line))
    return [l.removeprefix('$ ').strip() for l in lines]

def of_help(command):
    text = subprocess.run([binary, command, '--help'], capture_output=True, text=True).stdout
    return [l.strip() for l in text.split('\nexamples:\n')[1].splitlines()]

def sh(line, cwd, env):
    return subprocess.run(['bash', '-eu', '-o', 'pipefail', '-c', line], cwd=cwd, env=env, capture_output=True, stdin=subprocess.DEVNULL, timeout=300)

def labels(path, names, words):
    r = random.Random(3)
    text = lambda v: '. '.join(' '.join(r.choice(v) for _ in range(9)).capitalize() for _ in range(9)) + '.'
    with open(path, 'w', encoding='utf-8') as f:
        for i in range(240):
            d = f'd{i % 3}'
            f.write(json.dumps(dict(text=text(words[i // 3 % len(names)]), label=names[i // 3 % len(names)], domain=d, source=f'{d}{i % 2}'), ensure_ascii=False) + '\n')

def prepare(at, env):
    """The folder every page begins with."""
    sample = os.path.join(root, 'tests/data/sample')
    os.mkdir(f'{at}/archives')
    for name in ('archives/a.arc.gz', 'IAH-20040301.arc.gz', 'IAH-20040302.arc.gz', 'X.arc.gz', 'sample.arc.gz'): shutil.copy(f'{sample}/sample.arc.gz', f'{at}/{name}')
    for name in ('archives/b.warc.gz', 'X.warc.gz', 'sample.warc.gz'): shutil.copy(f'{sample}/sample.warc.gz', f'{at}/{name}')
    for name in ('archives.txt', 'list-of-archives'): open(f'{at}/{name}', 'w').write('X.arc.gz\nX.warc.gz\n')
    open(f'{at}/hosts.txt', 'w').write('vilanova.example.pt\n')
    open(f'{at}/urls.txt', 'w').write('http://www.vilanova.example.pt/mercado.html\n')
    open(f'{at}/mix.toml', 'w').write('["pt-PT"]\nweight = 3\n')
    labels(f'{at}/train.jsonl', ('pt-PT', 'pt-BR'), ('autocarro comboio ficheiro equipa telemóvel pequeno almoço'.split(), 'ônibus trem arquivo time celular café da manhã'.split()))
    labels(f'{at}/gate.jsonl', ('por', 'spa'), ('o autocarro chegou à paragem da cidade com muita gente'.split(), 'el autobús llegó a la parada de la ciudad con mucha gente'.split()))
    r = sh('''
peneira run -q --keep-rejects -o corpus sample.arc.gz sample.warc.gz || [ $? = 3 ]
peneira run -q --no-report --keep pt-PT-strict -o stricter sample.arc.gz sample.warc.gz || [ $? = 3 ]
cp -a corpus corpus-2023; cp -a stricter corpus-2024; cp -a corpus peneira-out; cp -a corpus/docs docs; cp -a corpus/shards shards
peneira crawl -q X.arc.gz X.warc.gz | peneira extract -q -o text.jsonl.zst
zstdcat docs/*.zst > texts.jsonl
for f in good.jsonl a.jsonl b.jsonl docs.jsonl unique.jsonl wiki.jsonl 2004.jsonl 2005.jsonl texts.jsonl; do zstd -qf texts.jsonl -o $f.zst; done
cp texts.jsonl text.jsonl; cp wiki.jsonl.zst wiki; zstd -qf train.jsonl; zstd -qf gate.jsonl; cp train.jsonl labels.jsonl; zstd -qf labels.jsonl
for x in IDX-A IDX-B; do peneira dedup -q --index $x texts.jsonl -o /dev/null; done
peneira filter -q --keep pt-PT text.jsonl.zst -o /dev/null --rejects bad.jsonl.zst
''', at, env)
    assert r.returncode == 0, r.stderr.decode()
    # A byte-level BPE of a few merges: the tokenizer of "the model to be trained".
    letters = {b: chr(b) for b in [*range(33, 127), *range(161, 173), *range(174, 256)]}
    for b in range(256): letters.setdefault(b, chr(256 + sum(k > 255 or ord(v) > 255 for k, v in letters.items() if ord(v) > 255)))
    vocab = {c: i for i, c in enumerate(letters.values())}
    merges = [('o', 's'), ('a', 's'), ('q', 'u'), ('d', 'e')]
    for a, b in merges: vocab[a + b] = len(vocab)
    vocab['<|endoftext|>'] = len(vocab)
    json.dump({'version': '1.0', 'truncation': None, 'padding': None,
               'added_tokens': [{'id': vocab['<|endoftext|>'], 'content': '<|endoftext|>', 'single_word': False, 'lstrip': False, 'rstrip': False, 'normalized': False, 'special': True}],
               'normalizer': None, 'pre_tokenizer': {'type': 'ByteLevel', 'add_prefix_space': False, 'trim_offsets': True, 'use_regex': True}, 'post_processor': None,
               'decoder': {'type': 'ByteLevel', 'add_prefix_space': True, 'trim_offsets': True, 'use_regex': True},
               'model': {'type': 'BPE', 'dropout': None, 'unk_token': None, 'continuing_subword_prefix': None, 'end_of_word_suffix': None, 'fuse_unk': False,
                         'byte_fallback': False, 'vocab': vocab, 'merges': [f'{a} {b}' for a, b in merges]}}, open(f'{at}/tokenizer.json', 'w'))

def state(at):
    return {os.path.join(d, f): os.stat(os.path.join(d, f)).st_mtime_ns for d, _, fs in os.walk(at) for f in fs}

def main():
    number = bad = 0
    with tempfile.TemporaryDirectory() as scratch:
        os.mkdir(f'{scratch}/bin'); os.symlink(binary, f'{scratch}/bin/peneira')
        env = dict(os.environ, PATH=f'{scratch}/bin:' + os.environ['PATH'], LC_ALL='C.UTF-8', TMPDIR=scratch)
        first = f'{scratch}/first'
        os.mkdir(first)
        prepare(first, env)
        commands = subprocess.run([binary, 'completion', 'commands'], capture_output=True, text=True).stdout.split()
        for name in ['peneira'] + commands:
            page = of_page(f'{pages}/peneira{"" if name == "peneira" else "-" + name}.1')
            lines = list(dict.fromkeys(page + (of_help(name) if name != 'peneira' else [])))
            at = f'{scratch}/{name}'
            shutil.copytree(first, at, symlinks=True)
            for line in lines or ['']:
                number += 1
                why = next((w for p, w in NOT_HERE if re.search(p, line)), None)
                if why:
                    print(f'ok {number} - {name}: {line} # SKIP {why}'.replace('#', '\\#', line.count('#')))
                    continue
                stands = line
                for a, b in STAND_INS: stands = stands.replace(a, b)
                # Each run begins a corpus: one that is there was begun with other options.
                if re.search(r'run .*-o corpus', line): shutil.rmtree(f'{at}/corpus', ignore_errors=True)
                before = state(at)
                r = sh(stands, at, env)
                faults = []
                if not line: faults.append('no example')
                if r.returncode not in (0, 3): faults.append(f'status {r.returncode}')
                if b'Sanitizer' in r.stderr or b'runtime error' in r.stderr: faults.append('sanitizer')
                if not r.stdout and state(at) == before and line not in MAY_SAY_NOTHING: faults.append('nothing came of it')
                print('not ok' if faults else 'ok', number, '-', f'{name}: {line}'.replace('#', '\\#'))
                if faults:
                    bad += 1
                    print('# ' + ', '.join(faults))
                    for l in (r.stdout[-600:] + r.stderr[-900:]).decode('utf-8', 'replace').splitlines(): print('#  ', l)
            shutil.rmtree(at)
    print(f'1..{number}')
    return bad > 0

sys.exit(main())
