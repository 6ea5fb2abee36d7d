"""tokenizers_ids.py PENEIRA: ids equal to pip tokenizers: the texts and ids of ../shared/data/tokenizers, and random strings."""
import json, os, random, subprocess, sys, tempfile

PENEIRA, SHARED = sys.argv[1], os.environ.get('PENEIRA_SHARED', '')
DATA = os.path.join(SHARED, 'data', 'tokenizers')
try:
    import tokenizers, zstandard
except ImportError:
    print('tokenizers or zstandard is not installed'); sys.exit(77)
if not os.path.isdir(DATA):
    print('no ' + (DATA or '$PENEIRA_SHARED')); sys.exit(77)

unpacked = lambda name: zstandard.ZstdDecompressor().stream_reader(open(os.path.join(DATA, name), 'rb')).read().decode()

def ours(tokenizer, texts, folder):
    with open(f'{folder}/in.jsonl', 'w') as f:
        for i, t in enumerate(texts): f.write(json.dumps({'id': i, 'text': t}) + '\n')
    r = subprocess.run([PENEIRA, 'tokenize', '-q', '-j', '2', '--tokenizer', tokenizer, f'{folder}/in.jsonl'], capture_output=True, check=True)
    return [json.loads(l)['ids'] for l in r.stdout.splitlines()]

def random_texts(n, seed):
    r = random.Random(seed)
    alphabets = ['abcdefgh ', 'aáàâãçéêíóôõú ,.', ' \n\t\r', "'sStTrReEvVmMlLdD ", '0123456789 .,', 'a\u0301\u0327 e\u0302', '\u2581 a', '<s></s>unk|endoftext<0x0A>', ''.join(map(chr, range(0x20, 0x250))),
                 '日本語 中文漢字', '😀👍🏽\u200d\u2764\ufe0f ', '\u00a0\u2009\u3000\u0085\u200b', 'ΑΒΓαβγДЖЗдж ٣٤٥६७ⅣⅫ½²³']
    any_char = lambda: chr(r.choice([r.randrange(0x80), r.randrange(0x800), r.randrange(0xD800), r.randrange(0xE000, 0x30000)]))
    for _ in range(n):
        a = r.choice(alphabets)
        yield ''.join(any_char() if r.random() < .05 else r.choice(a) for _ in range(r.choice([1, 3, 10, 40, 200])))

lines, bad = [json.loads(l) for l in unpacked('lines.jsonl.zst').splitlines()], 0
texts = list(random_texts(6000, 11))
for name in ('llama2', 'gpt2'):
    with tempfile.TemporaryDirectory() as d:
        open(f'{d}/t.json', 'w').write(unpacked(f'{name}.json.zst'))
        want = [json.loads(l) for l in unpacked(f'{name}.ids.jsonl.zst').splitlines()]
        got = ours(f'{d}/t.json', lines, d)
        assert len(want) == len(got) == len(lines) > 20000
        differ = sum(a != b for a, b in zip(want, got))
        peer = tokenizers.Tokenizer.from_file(f'{d}/t.json')
        random_differ = [t for t, g in zip(texts, ours(f'{d}/t.json', texts, d)) if peer.encode(t, add_special_tokens=False).ids != g]
        print(f'{name}: {differ} of {len(lines)} lines differ, {len(random_differ)} of {len(texts)} random strings', [ascii(t) for t in random_differ[:3]])
        bad += differ + len(random_differ)
sys.exit(bad > 0)
