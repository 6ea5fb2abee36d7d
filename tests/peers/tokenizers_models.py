"""tokenizers_models.py PENEIRA: SentencePiece .model files as the sentencepiece library encodes them (Llama-2's and some trained here), and a tiktoken file of GPT-2's
tokens as the tokenizer.json of the same tokens is encoded: texts of ../shared/data/tokenizers."""
import base64, io, json, os, subprocess, sys, tempfile

PENEIRA, SHARED = sys.argv[1], os.environ.get('PENEIRA_SHARED', '')
DATA = os.path.join(SHARED, 'data', 'tokenizers')
try:
    import sentencepiece, zstandard
except ImportError:
    print('sentencepiece or zstandard is not installed'); sys.exit(77)
if not os.path.isdir(DATA):
    print('no ' + (DATA or '$PENEIRA_SHARED')); sys.exit(77)

unpacked = lambda name: zstandard.ZstdDecompressor().stream_reader(open(os.path.join(DATA, name), 'rb')).read().decode()

def ours(tokenizer, source):
    r = subprocess.run([PENEIRA, 'tokenize', '-q', '-j', '2', '--no-special', '-t', tokenizer, source], capture_output=True)
    return [json.loads(l)['ids'] for l in r.stdout.splitlines()] if r.returncode == 0 else r.stderr.decode()

def differ(name, texts, got, want):
    assert not isinstance(got, str), got
    bad = [t for t, g, w in zip(texts, got, want) if g != w]
    print(f'{name}: {len(bad)} of {len(texts)} differ', ascii(min(bad, key=len)) if bad else '')
    return len(bad) + (len(got) != len(want))

def tiktoken_file(path, vocab):
    back, n = {c: b for b, c in zip([*range(33, 127), *range(161, 173), *range(174, 256)], map(chr, [*range(33, 127), *range(161, 173), *range(174, 256)]))}, 0
    for b in range(256):
        if b not in back.values(): back[chr(256 + n)] = b; n += 1
    with open(path, 'w') as f:
        f.writelines(f'{base64.b64encode(bytes(back[c] for c in t)).decode()} {i}\n' for t, i in sorted(vocab.items(), key=lambda x: x[1]) if t != '<|endoftext|>')

texts = [t for t in map(json.loads, unpacked('lines.jsonl.zst').splitlines()) if '\0' not in t][::3]
bad = 0
with tempfile.TemporaryDirectory() as d:
    with open(f'{d}/in.jsonl', 'w') as f: f.writelines(json.dumps({'id': i, 'text': t}) + '\n' for i, t in enumerate(texts))
    models = {'llama2.model': open(f'{DATA}/llama2.model', 'rb').read()}
    for name, options in (('small.model', {}), ('no prefix.model', {'add_dummy_prefix': False}), ('symbols.model', {'user_defined_symbols': ['<br>', '...', 'de', '\u2581o']}), ('rules.model', {'normalization_rule_name': 'nmt_nfkc', 'remove_extra_whitespaces': True}),
                          ('suffix.model', {'treat_whitespace_as_suffix': True}), ('unigram.model', {'model_type': 'unigram'}), ('unigram rules.model', {'model_type': 'unigram', 'normalization_rule_name': 'nmt_nfkc_cf', 'remove_extra_whitespaces': True}),
                          ('unigram unk.model', {'model_type': 'unigram', 'byte_fallback': False})):
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter([t for t in texts if 20 < len(t) < 2000][:1500]), model_writer=model, vocab_size=1500, character_coverage=0.99, minloglevel=2,
                                                 **{'model_type': 'bpe', 'byte_fallback': True, 'normalization_rule_name': 'identity', 'remove_extra_whitespaces': False, **options})
        models[name] = model.getvalue()
    for name, model in models.items():
        open(f'{d}/t.model', 'wb').write(model)
        sp = sentencepiece.SentencePieceProcessor(model_proto=model)
        bad += differ(name, texts, ours(f'{d}/t.model', f'{d}/in.jsonl'), [sp.encode(t) for t in texts])
    open(f'{d}/gpt2.json', 'w').write(unpacked('gpt2.json.zst'))
    tiktoken_file(f'{d}/gpt2.tiktoken', json.load(open(f'{d}/gpt2.json'))['model']['vocab'])
    bad += differ('tiktoken', texts, ours(f'{d}/gpt2.tiktoken', f'{d}/in.jsonl'), ours(f'{d}/gpt2.json', f'{d}/in.jsonl'))
sys.exit(bad > 0)
