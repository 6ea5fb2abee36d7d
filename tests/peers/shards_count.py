"""shards_count.py PENEIRA: what `shard` says of itself, counted again: the sample archives through `run`, then sequences, packing, BOS and EOS, shuffle, splits, weights and
budget from its documents, each read back from the files by their formats' descriptions and compared with --report, with the documents and with `tokenize`."""
import collections, glob, json, os, struct, subprocess, sys, tempfile

PENEIRA = sys.argv[1]
HERE = os.path.dirname(os.path.abspath(__file__))
try:
    import zstandard
except ImportError:
    print('zstandard is not installed'); sys.exit(77)
BOS, EOS = 1, 2  # of the built-in tokenizer

def text(path): return zstandard.ZstdDecompressor().stream_reader(open(path, 'rb'), read_across_frames=True).read()
def rows(path): return [json.loads(l) for l in text(path).splitlines()]

def sequences(prefix):
    """megatron/SPLIT: lists of uint16."""
    index, data = open(prefix + '.idx', 'rb').read(), open(prefix + '.bin', 'rb').read()
    assert index[17] == 8
    n, = struct.unpack_from('<Q', index, 18)
    lengths, at = struct.unpack_from(f'<{n}i', index, 34), 0
    out = []
    for l in lengths:
        out.append(list(struct.unpack_from(f'<{l}H', data, at))); at += 2 * l
    assert at == len(data)
    return out

class Shards:
    def __init__(self, d, docs, *options, threads=2):
        self.out = tempfile.mkdtemp(dir=d)
        subprocess.run([PENEIRA, 'shard', '-q', '-j', str(threads), '-f', 'megatron,mds', '--report', f'{self.out}/report.json', *options, '-o', f'{self.out}/s', *docs], check=True)
        self.notes = collections.Counter(json.load(open(f'{self.out}/report.json'))['notes'])
        self.split = {s: sequences(f'{self.out}/s/megatron/{s}') for s in ('train', 'validation')}
        self.places = {s: rows(f'{self.out}/s/megatron/{s}.documents.jsonl.zst') for s in ('train', 'validation')}
        self.summary = json.load(open(f'{self.out}/s/shards.json'))
        for s in self.split: self.count(s)
        assert self.notes['shard.copies'] == self.summary['copies'] and self.notes['shard.mixed_out'] == self.summary['mixed_out']
        assert self.notes['shard.beyond_budget'] == sum(x['beyond_budget_documents'] for x in self.summary['splits'].values())
    def count(self, s):
        """The numbers of the report; every place holds what it says."""
        documents = len({p['document'] for p in self.places[s]})
        tokens = sum(p['tokens'] for p in self.places[s])
        assert self.notes[f'shard.{s}_documents'] == documents and self.notes[f'shard.{s}_tokens'] == tokens, (s, self.notes)
        said = self.summary['splits'][s]
        assert (said['documents'], said['tokens']) == (documents, tokens) and said.get('padding', 0) == self.padding(s) and said.get('sequences', len(self.split[s])) == len(self.split[s])
        index = json.load(open(f'{self.out}/s/mds/{s}/index.json'))
        assert sum(x['samples'] for x in index['shards']) == len(self.split[s])
    def padding(self, s): return sum(map(len, self.split[s])) - sum(p['tokens'] for p in self.places[s])
    def documents(self, s):
        """(id, tokens) of each document, put together from its pieces."""
        stream, found = [t for q in self.split[s] for t in q], {}
        for p in self.places[s]:
            found.setdefault(p['document'], [p['id'], []])[1].extend(stream[p['position']:p['position'] + p['tokens']])
        return [tuple((i, tuple(t))) for _, (i, t) in sorted(found.items())]

with tempfile.TemporaryDirectory() as d:
    subprocess.run([PENEIRA, 'run', '-q', '-j', '2', '-o', f'{d}/corpus', *sorted(glob.glob(f'{HERE}/../data/sample/sample.*arc.gz'))], check=True)
    docs = glob.glob(f'{d}/corpus/docs/*.zst')
    known = {r['id']: r for f in docs for r in rows(f)}
    ids = {i: tuple(json.loads(l)['ids']) for i, l in zip(known, subprocess.run([PENEIRA, 'tokenize', '-q', '--no-special'], input=''.join(json.dumps({'id': 1, 'text': r['text']}) + '\n' for r in known.values()).encode(), capture_output=True, check=True).stdout.splitlines())}
    year = lambda i: int(known[i]['date'][:4])

    # What the manifest of the run says is what is in its shards; and token_count of the documents.
    notes = json.load(open(f'{d}/corpus/manifest.json'))['tally']['notes']
    in_run = {s: sequences(f'{d}/corpus/shards/megatron/{s}') for s in ('train', 'validation')}
    assert {s: (len(q), sum(map(len, q))) for s, q in in_run.items()} == {s: (notes[f'shard.{s}_documents'], notes[f'shard.{s}_tokens']) for s in in_run}
    assert notes['shard.tokens'] == sum(r['token_count'] for r in known.values()) == sum(len(t) + 1 for t in ids.values())

    # BOS and EOS.
    for options, begin, end in (((), (), (EOS,)), (('--bos',), (BOS,), (EOS,)), (('--no-eos',), (), ()), (('--bos', '--no-eos'), (BOS,), ())):
        s = Shards(d, docs, '--validation', '0', *options)
        assert s.documents('train') == [(i, begin + t + end) for i, t in ids.items()] and not s.split['validation'], options

    # Sequences of one length: documents end to end, or whole in one sequence; what is empty is counted.
    whole = [(i, t + (EOS,)) for i, t in ids.items()]
    for n in (64, 256, 4096):
        s = Shards(d, docs, '--validation', '0', '--sequence', str(n))
        stream = [t for _, x in whole for t in x]
        assert all(len(q) == n for q in s.split['train']) and [t for q in s.split['train'] for t in q][:len(stream)] == stream and s.documents('train') == whole
        assert s.notes['shard.padding'] == s.padding('train') < n and s.notes['shard.train_sequences'] == len(s.split['train']) == -(-len(stream) // n)
        s = Shards(d, docs, '--validation', '0', '--sequence', str(n), '--packing', 'best-fit')
        assert sorted(s.documents('train')) == sorted(whole) and s.notes['shard.padding'] == s.padding('train') and all(len(q) == n for q in s.split['train'])
        pieces = collections.Counter(p['document'] for p in s.places['train'])
        assert all(pieces[k] == -(-len(t) // n) for k, (_, t) in enumerate(s.documents('train')))
        assert all(p['position'] // n == (p['position'] + p['tokens'] - 1) // n for p in s.places['train'])
        print(f'sequences of {n}: best fit leaves {s.padding("train")} of {n * len(s.split["train"])} empty')

    # Shuffled: the same documents in another order, that of the seed alone.
    s, same, other, back = (Shards(d, x, '--validation', '0', '--shuffle', seed, threads=j) for x, seed, j in ((docs, '5', 1), (docs, '5', 4), (docs, '6', 2), (docs[::-1], '5', 2)))
    assert sorted(s.documents('train')) == sorted(whole) and s.documents('train') == same.documents('train') == back.documents('train') != whole and other.documents('train') != s.documents('train')

    # Splits: by the date; by the hash of the id, whatever else is there.
    s = Shards(d, docs, '--validation', '0', '--validation-from', '2010')
    assert [i for i, _ in s.documents('train')] == [i for i in ids if year(i) < 2010] and [i for i, _ in s.documents('validation')] == [i for i in ids if year(i) >= 2010]
    s = Shards(d, docs, '--validation', '.3')
    held = {i for i, _ in s.documents('validation')}
    with open(f'{d}/half.jsonl', 'w') as f: f.writelines(json.dumps(r) + '\n' for k, r in enumerate(known.values()) if k % 2)
    half = Shards(d, [f'{d}/half.jsonl'], '--validation', '.3')
    assert 0 < len(held) < len(ids) and {i for i, _ in half.documents('validation')} == {i for k, i in enumerate(known) if k % 2 and i in held}

    # Weights, with text from elsewhere to be replayed; and a budget.
    with open(f'{d}/replay.jsonl', 'w') as f: f.writelines(json.dumps({'id': f'w{k}', 'dump': 'wiki', 'text': f'Artigo número {k} de uma enciclopédia.'}) + '\n' for k in range(200))
    with open(f'{d}/mix.toml', 'w') as f: f.write('[pt]\nvariety = "pt-PT"\nyears = "1996-2009"\nweight = 3\n[late]\nvariety = "pt-PT"\nweight = 1\n[br]\nvariety = "pt-BR"\nweight = 0\n[replay]\ndump = "wiki"\nweight = .25\n')
    s = Shards(d, [*docs, f'{d}/replay.jsonl'], '--validation', '0', '--mix', f'{d}/mix.toml', '--shuffle', '1')
    taken = collections.Counter(i for i, _ in s.documents('train'))
    for i, r in known.items(): assert taken[i] == {'pt-PT': 3 if year(i) < 2010 else 1, 'pt-BR': 0}.get(r['variety'], 1), i
    replayed = sum(taken[f'w{k}'] for k in range(200))
    assert 25 < replayed < 75 and s.notes['shard.copies'] == sum(n - 1 for n in taken.values() if n > 1) and s.notes['shard.mixed_out'] == len(known) + 200 - len(taken)
    for budget, n in (('2K', 2000), ('0.0015M', 1500)):
        s = Shards(d, docs, '--validation', '0', '--tokens', budget, '--shuffle', '1')
        got = [len(t) for _, t in s.documents('train')]
        assert sum(got) >= n > sum(got[:-1]) and s.notes['shard.beyond_budget'] == len(ids) - len(got) and s.notes['shard.beyond_budget_tokens'] == sum(map(len, (t for _, t in whole))) - sum(got)
    print('counted: all as it says')
