"""tokenize.py [PENEIRA]: MB of text a second of CPU, one thread, first sight of the text, beside the peers that are installed, in turn; ids compared.

Text: the lines of $PENEIRA_SHARED/data/tokenizers and the documents of data/variety/train (up to 12 MB). Each peer runs in a process of its own: loading and
encoding are measured apart (CPU of the process, all threads of it). Peneira is the command itself, ids counted: what an empty input costs is "load"."""
import sys
sys.path.pop(0)  # a folder with a tokenize.py of its own: not the one of the standard library
import json, os, resource, subprocess, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PENEIRA = sys.argv[1] if len(sys.argv) > 1 and not sys.argv[1].startswith('--') else f'{ROOT}/build/peneira'
DATA = os.path.join(os.environ.get('PENEIRA_SHARED', f'{ROOT}/../shared'), 'data')

def loaders(name, tokenizer, model):
    """Peer: what loads it, and gives a function from text to ids."""
    def hf():
        from tokenizers import Tokenizer
        t = Tokenizer.from_file(tokenizer); return lambda s: t.encode(s, add_special_tokens=False).ids
    def sentencepiece():
        import sentencepiece
        t = sentencepiece.SentencePieceProcessor(model_file=model); return t.encode
    def tiktoken():
        import tiktoken
        v = json.load(open(tokenizer))['model']['vocab']
        back = {c: b for b, c in zip([*range(33, 127), *range(161, 173), *range(174, 256)], map(chr, [*range(33, 127), *range(161, 173), *range(174, 256)]))}
        n = 0
        for b in range(256):
            if b not in back.values(): back[chr(256 + n)] = b; n += 1
        ranks = {bytes(back[c] for c in t): i for t, i in v.items() if t != '<|endoftext|>'}
        e = tiktoken.Encoding('gpt2', pat_str=r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", mergeable_ranks=ranks, special_tokens={'<|endoftext|>': 50256})
        return e.encode_ordinary
    def kitoken():
        from kitoken import Kitoken
        t = Kitoken.from_tokenizers_file(tokenizer); return lambda s: t.encode(s, False)
    def tokie():
        from tokie import Tokenizer
        t = Tokenizer.from_json(tokenizer); return lambda s: t.encode(s, add_special_tokens=False).ids
    def fastokens():
        from fastokens import Tokenizer
        t = Tokenizer.from_file(tokenizer)
        def ids(s):
            r = t.encode(s, add_special_tokens=False)
            return r.ids if hasattr(r, 'ids') else r
        return ids
    peers = {'tokenizers': hf, 'kitoken': kitoken, 'tokie': tokie, 'fastokens': fastokens}
    return {**peers, **({'sentencepiece': sentencepiece} if model else {'tiktoken': tiktoken})}

cpu = lambda who: sum(resource.getrusage(who)[:2])

def child(name, peer, tokenizer, model, source, out):
    texts = [json.loads(l)['text'] for l in open(source)]
    a = cpu(resource.RUSAGE_SELF)
    try:
        encode = loaders(name, tokenizer, model)[peer]()
    except ImportError:
        sys.exit(77)
    b = cpu(resource.RUSAGE_SELF)
    ids = []
    for t in texts:
        try: ids.append(encode(t))
        except BaseException: ids.append([])  # one of them panics on some texts: counted as different
    c = cpu(resource.RUSAGE_SELF)
    with open(out, 'w') as f: f.writelines(json.dumps(list(map(int, i))) + '\n' for i in ids)
    print(json.dumps([b - a, c - b]))

if '--child' in sys.argv:
    child(*sys.argv[sys.argv.index('--child') + 1:]); sys.exit()

def peneira(tokenizer, source, *options):
    best = None
    for _ in range(3):
        a = cpu(resource.RUSAGE_CHILDREN)
        r = subprocess.run([PENEIRA, 'tokenize', '-q', '-j', '1', '-t', tokenizer, *options, source], capture_output=True, check=True)
        best = min(best or 9e9, cpu(resource.RUSAGE_CHILDREN) - a)
    return best, r.stdout

def texts(limit):
    import zstandard
    unpack = lambda p: zstandard.ZstdDecompressor().stream_reader(open(p, 'rb')).read().decode()
    got = [json.loads(l) for l in unpack(f'{DATA}/tokenizers/lines.jsonl.zst').splitlines()]
    if os.path.exists(p := f'{DATA}/variety/train.jsonl.zst'):
        for l in unpack(p).splitlines():
            got.append(json.loads(l)['text']); limit -= len(got[-1])
            if limit < 0: break
    return got, unpack

def main():
    if not os.path.isdir(DATA):
        print(f'no {DATA}: set PENEIRA_SHARED'); return
    env = dict(os.environ, RAYON_NUM_THREADS='1', TOKENIZERS_PARALLELISM='false')
    with tempfile.TemporaryDirectory() as d:
        rows, unpack = texts(12e6)
        mb = sum(len(t.encode()) for t in rows) / 1e6
        source, empty, few = f'{d}/in.jsonl', f'{d}/empty', f'{d}/few.jsonl'
        open(empty, 'w').close()
        with open(source, 'w') as f: f.writelines(json.dumps({'id': i, 'text': t}, ensure_ascii=False) + '\n' for i, t in enumerate(rows))
        for name, model in (('llama2', f'{DATA}/tokenizers/llama2.model'), ('gpt2', '')):
            tokenizer = f'{d}/{name}.json'
            open(tokenizer, 'w').write(unpack(f'{DATA}/tokenizers/{name}.json.zst'))
            print(f'{name}: {mb:.1f} MB of text in {len(rows)} documents\n{"":16}{"load s":>9}{"encode s":>10}{"MB/s":>8}{"of ours":>9}  texts that differ')
            load, _ = peneira(tokenizer, empty, '--count')
            total, _ = peneira(tokenizer, source, '--count')
            ours = mb / (total - load)
            want = [json.loads(l)['ids'] for l in peneira(tokenizer, source)[1].splitlines()]
            print(f'{"peneira":16}{load:9.3f}{total - load:10.3f}{ours:8.1f}{1:9.2f}  -')
            for peer in loaders(name, tokenizer, model):
                r = subprocess.run([sys.executable, __file__, '--child', name, peer, tokenizer, model, source, f'{d}/out'], capture_output=True, env=env)
                if r.returncode:
                    print(f'{peer:16}', 'not installed' if r.returncode == 77 else next((l for l in reversed(r.stderr.decode().splitlines()) if 'rror' in l or 'panicked' in l), 'failed')[:90]); continue
                load, encode = json.loads(r.stdout)
                differ = sum(json.loads(l) != w for l, w in zip(open(f'{d}/out'), want))
                print(f'{peer:16}{load:9.3f}{encode:10.3f}{mb / encode:8.1f}{mb / encode / ours:9.2f}  {differ}')

main()
