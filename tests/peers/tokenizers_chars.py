"""tokenizers_chars.py PENEIRA [STEP]: what tokenizers asks of a character's class or form, character by character: each normalization form, Lowercase,
StripAccents, Bert; the classes that pre-tokenizers and regular expressions cut at. A sample, or every STEP-th character and all below U+3400 (1: all)."""
import json, subprocess, sys, tempfile

PENEIRA, STEP = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0
try:
    from tokenizers import Regex, Tokenizer, normalizers as N, pre_tokenizers as P
except ImportError:
    print('tokenizers is not installed'); sys.exit(77)

def every_pair():
    """Byte-level, any two bytes merge: where a text was cut shows in the ids."""
    chars = {b: c for b, c in zip([*range(33, 127), *range(161, 173), *range(174, 256)], map(chr, [*range(33, 127), *range(161, 173), *range(174, 256)]))}
    n = 0
    for b in range(256):
        if b not in chars: chars[b] = chr(256 + n); n += 1
    one = [chars[b] for b in range(256)]
    vocab = {c: i for i, c in enumerate(one)}
    merges = [[a, b] for a in one for b in one]
    vocab.update((a + b, 256 + i) for i, (a, b) in enumerate(merges))
    return {'type': 'BPE', 'vocab': vocab, 'merges': merges}

LETTERS = r'[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+'
UP, LOW, LEAD = r'[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]', r'[\p{Ll}\p{Lm}\p{Lo}\p{M}]', r'[^\r\n\p{L}\p{N}]?'
O200K = f"{LEAD}{UP}*{LOW}+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|{LEAD}{UP}+{LOW}*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|" + r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
split = lambda r, how='isolated': P.Split(Regex(r), how)
CASES = {'NFC': (N.NFC(), None), 'NFD': (N.NFD(), None), 'NFKC': (N.NFKC(), None), 'NFKD': (N.NFKD(), None), 'Lowercase': (N.Lowercase(), None), 'StripAccents': (N.StripAccents(), None), 'Strip': (N.Strip(), None),
         'Bert': (N.BertNormalizer(), None), 'Bert cased': (N.BertNormalizer(lowercase=False), None), 'scan cl100k': (None, split("(?i:'s|'t|'re|'ve|'m|'ll|'d)|" + LETTERS)), 'regex': (None, split(LETTERS)), 'scan o200k': (None, split(O200K)),
         'gpt2': (None, P.ByteLevel(add_prefix_space=False)), 'Digits': (None, P.Digits(True)), 'Punctuation': (None, P.Punctuation()), 'Whitespace': (None, P.Whitespace()), 'WhitespaceSplit': (None, P.WhitespaceSplit()),
         'words': (None, split(r'\w+|\W')), 'marks': (None, split(r'[\p{M}\p{P}]+|\p{S}')), 'digits': (None, split(r'\d{2}+|\D')), 'case': (None, split(r'\p{Lu}\p{Ll}*')), 'alpha': (None, split(r'[[:alpha:]]')), 'posix': (None, split(r'[[:space:][:digit:]]')), 'bounds': (None, split(r'\b')), 'no bounds': (None, split(r'\B')), 'han': (None, split(r'\p{Han}|\p{Latin}+')),
         'words in a set': (None, split(r'[\w-]+|[^\w]')), 'categories': (None, split(r'\p{Mn}+|\p{Mc}+|\p{Po}+|\p{Pd}+|\p{So}|\p{Sm}+|\p{Nd}+|\p{Lo}+|\p{C}')), 'posix more': (None, split(r'[[:upper:]]+|[[:lower:]]{,2}|[[:punct:]]')), 'grown': (None, split(r'\p{Arabic}+|\p{Cyrillic}|\p{Myanmar}+|\p{Uppercase}')),
         'scripts': (None, P.UnicodeScripts()), 'Nmt': (N.Nmt(), None)}
wanted = lambda c: c < 0x3400 or c % STEP == 0 if STEP else c < 0x400 or c % 11 == 0 and c < 0x3400 or c % 397 == 0 or c % 29 == 0 and 0x10000 <= c < 0x1F000
chars = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000 and wanted(c)]
texts = ['\n'.join(f'a{chr(c)}1{chr(c)} {chr(c)}.{chr(c)}Aa{chr(c)}\u0323\u0301 \u0301{chr(c)}' for c in chars[i:i + 16]) for i in range(0, len(chars), 16)]
bad = 0
with tempfile.TemporaryDirectory() as d:
    with open(f'{d}/in.jsonl', 'w') as f: f.writelines(json.dumps({'id': i, 'text': t}) + '\n' for i, t in enumerate(texts))
    base = json.dumps({'version': '1.0', 'model': every_pair()})
    for name, (norm, pre) in CASES.items():
        peer = Tokenizer.from_str(base)
        if norm: peer.normalizer = norm
        peer.pre_tokenizer = P.Sequence([*([pre] if pre else []), P.ByteLevel(add_prefix_space=False, use_regex=False)]) if name != 'gpt2' else pre
        peer.save(f'{d}/t.json')
        got = [json.loads(l)['ids'] for l in subprocess.run([PENEIRA, 'tokenize', '-q', '-j', '2', '-t', f'{d}/t.json', f'{d}/in.jsonl'], capture_output=True, check=True).stdout.splitlines()]
        want = [e.ids for e in peer.encode_batch(texts, add_special_tokens=False)]
        differ = [i for i, (g, w) in enumerate(zip(got, want)) if g != w]
        print(f'{name}: {len(differ)} of {len(texts)} texts of {len(chars)} characters differ', [f'{ord(texts[i][1]):X}' for i in differ[:30]])
        bad += bool(differ) or len(got) != len(want)
sys.exit(bad > 0)
