"""shards_read.py PENEIRA: shards opened by a reader written from the formats' descriptions and, where they are installed, by the official
ones (mosaicml-streaming; megatron-core): the same ids as `peneira tokenize` gives, document by document, uint16 and uint32."""
import json, os, struct, subprocess, sys, tempfile

PENEIRA = sys.argv[1]
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import official
try:
    import numpy as np, xxhash, zstandard
except ImportError:
    print('numpy, xxhash or zstandard is not installed'); sys.exit(77)

def mds(folder):
    """{id: tokens}. Layout: streaming/base/format/mds/README of mosaicml-streaming."""
    found = {}
    index = json.load(open(f'{folder}/index.json'))
    assert index['version'] == 2
    for shard in index['shards']:
        packed = open(f"{folder}/{shard['zip_data']['basename']}", 'rb').read()
        assert len(packed) == shard['zip_data']['bytes'] and xxhash.xxh3_64_hexdigest(packed) == shard['zip_data']['hashes']['xxh3_64']
        raw, frames = unpack(packed)
        assert (frames is None) == (not FRAME)
        assert len(raw) == shard['raw_data']['bytes'] and xxhash.xxh3_64_hexdigest(raw) == shard['raw_data']['hashes']['xxh3_64']
        n, = struct.unpack_from('<I', raw)
        begin = struct.unpack_from(f'<{n + 1}I', raw, 4)
        assert n == shard['samples'] and begin[-1] == len(raw)
        head = json.loads(raw[4 + 4 * (n + 1):begin[0]])
        assert all(shard[k] == v for k, v in head.items())
        # No sample lies in two frames: each can be read without the others.
        assert not frames or frames[0] == begin[0] and set(frames) <= set(begin)
        kind = shard['column_encodings'][shard['column_names'].index('tokens')].split(':')[1]
        for a, b in zip(begin, begin[1:]):
            one = raw[a:b]
            sizes = struct.unpack_from(f"<{len(shard['column_names'])}I", one)
            at, row = 4 * len(sizes), {}
            for name, size in zip(shard['column_names'], sizes):
                row[name] = one[at:at + size]; at += size
            assert at == len(one)
            tokens = array(row['tokens'], kind)
            found[row['id'].decode()] = (tokens, array(row['starts'], 'uint32')) if 'starts' in row else tokens
    return found

def unpack(packed):
    """The bytes, and where frames end, by the table behind them (contrib/seekable_format of zstd); None: one frame, without a table."""
    if packed[-4:] != struct.pack('<I', 0x8F92EAB1):
        one = zstandard.ZstdDecompressor().decompressobj()
        raw = one.decompress(packed)
        assert one.eof and not one.unused_data and zstandard.get_frame_parameters(packed).has_checksum
        return raw, None
    n, flags, magic = struct.unpack('<IBI', packed[-9:])
    assert (flags, magic) == (0, 0x8F92EAB1)
    table = packed[-9 - 8 * n:-9]
    assert struct.unpack('<II', packed[-17 - 8 * n:-9 - 8 * n]) == (0x184D2A5E, 8 * n + 9)
    raw, ends, at = b'', [], 0
    for size, bytes_ in struct.iter_unpack('<II', table):
        raw += zstandard.ZstdDecompressor().decompress(packed[at:at + size])
        at += size
        ends.append(len(raw))
        assert zstandard.get_frame_parameters(packed[at - size:at]).has_checksum and zstandard.frame_content_size(packed[at - size:at]) == bytes_
    assert at == len(packed) - 17 - 8 * n
    return raw, ends

def shown(out, split):
    """`show` from a position and from an id: the same place, and the files it names hold the document there."""
    where, samples = places(f'{out}/mds/{split}'), list(mds(f'{out}/mds/{split}').values())
    stream = [t for s in megatron(f'{out}/megatron/{split}') for t in s]
    bare = np.fromfile(f'{out}/flat/{split}.ds', np.uint16 if open(f'{out}/flat/{split}.ds.metadata').read().split('|')[1][0] == '2' else np.uint32)
    for p in where[:: max(1, len(where) // 6)]:
        if not p['tokens']: continue
        ask = lambda *o: [json.loads(l) for l in subprocess.run([PENEIRA, 'show', out, '--json', *o], check=True, capture_output=True).stdout.splitlines()]
        found, = ask('--split', split, '--position', str(p['position'] + p['tokens'] - 1))
        tokens = stream[p['position']:p['position'] + p['tokens']]
        assert {k: found[k] for k in p} == p and found in ask('--id', p['id'])
        assert found['mds']['shard'] == f'mds/{split}/shard.00000.mds.zstd'  # one shard: its sample is that of the split
        sample = samples[found['mds']['sample']]
        assert (sample[0] if isinstance(sample, tuple) else sample)[found['mds']['token']:][:len(tokens)] == tokens
        assert bare[found['flat']['byte'] // bare.itemsize:][:len(tokens)].tolist() == tokens and found['megatron']['byte'] == found['flat']['byte']
        assert megatron(f'{out}/megatron/{split}')[found['megatron']['sequence']][found['mds']['token']:][:len(tokens)] == tokens

def array(b, kind):
    width = 1 << (b[0] & 3)
    assert b[0] >> 2 == 1
    values = np.frombuffer(b[1 + width:], kind)
    assert len(values) == int.from_bytes(b[1:1 + width], 'little')
    return values.tolist()

def flat(prefix):
    """[tokens] in order. Layout: datatrove/pipeline/tokens/tokenizer.py."""
    name, count, _ = open(f'{prefix}.ds.metadata').read().split('\n')
    width = int(name.split('|')[1])
    data, ends = np.fromfile(f'{prefix}.ds', {2: '<u2', 4: '<u4'}[width]), np.fromfile(f'{prefix}.ds.index', '<u8')
    assert len(data) == int(count) == (ends[-1] if len(ends) else 0)
    return [d.tolist() for d in np.split(data, ends[:-1].astype(int))] if len(ends) else []

def places(prefix):
    raw = zstandard.ZstdDecompressor().stream_reader(open(f'{prefix}.documents.jsonl.zst', 'rb'), read_across_frames=True).read()
    return [json.loads(l) for l in raw.splitlines()]

def megatron(prefix):
    """[tokens] in order. Layout: megatron/core/datasets/indexed_dataset.py."""
    b = open(f'{prefix}.idx', 'rb').read()
    assert b[:17] == b'MMIDIDX\0\0' + struct.pack('<Q', 1)
    kind = {4: '<i4', 8: '<u2'}[b[17]]
    n, docs = struct.unpack_from('<QQ', b, 18)
    lengths = np.frombuffer(b, '<i4', n, 34)
    pointers = np.frombuffer(b, '<i8', n, 34 + 4 * n)
    ends = np.frombuffer(b, '<i8', docs, 34 + 12 * n)
    assert len(b) == 34 + 12 * n + 8 * docs and list(ends) == list(range(n + 1))
    data = np.fromfile(f'{prefix}.bin', kind)
    width = data.itemsize
    assert list(pointers) == [0, *np.cumsum(lengths * width)[:-1]][:n] and len(data) == lengths.sum()
    return [data[p // width:p // width + l].tolist() for p, l in zip(pointers, lengths)]

def by_official(folder, want, split='train'):
    """What the official readers make of it (official.py): the same."""
    rows, data = official.mds(f'{folder}/mds/{split}'), official.megatron(f'{folder}/megatron/{split}')
    print(*(f'{name}: ' + ('not installed' if x is None else 'read') for name, x in (('mosaicml-streaming', rows), ('megatron-core', data))))
    packed_too = lambda v: v[0] if isinstance(v, tuple) else v
    assert rows is None or {k: (r['tokens'], r['starts']) if 'starts' in r else r['tokens'] for k, r in rows.items()} == want
    assert data is None or data == ([packed_too(v) for v in want.values()], list(range(len(want) + 1)))

def check(tokenizer, wide, folder):
    os.mkdir(folder)
    rows = [{'id': f'urn:{i}', 'url': f'http://exemplo.pt/{i}', 'text': f'Página {i}. ' + 'Água mole em pedra dura tanto bate até que fura. ' * (i % 7)} for i in range(300)]
    rows[7]['text'] *= 3000  # longer than a column of a Parquet file used to be, and than any sequence
    with open(f'{folder}/in.jsonl', 'w') as f:
        f.writelines(json.dumps(r) + '\n' for r in rows)
    option = ['--tokenizer', tokenizer] if tokenizer else []
    subprocess.run([PENEIRA, 'shard', '-q', '-j', '2', '--validation', '0.1', '--no-eos', '-f', 'mds,megatron,flat,parquet', *FRAME, *option, '-o', f'{folder}/out', f'{folder}/in.jsonl'], check=True)
    ids = subprocess.run([PENEIRA, 'tokenize', '-q', '--no-special', *option, f'{folder}/in.jsonl'], check=True, capture_output=True).stdout
    want = {o['id']: o['ids'] for o in map(json.loads, ids.splitlines())}
    parts = [mds(f'{folder}/out/mds/{s}') for s in ('train', 'validation')]
    assert parts[0] and parts[1] and not parts[0].keys() & parts[1].keys() and {**parts[0], **parts[1]} == want
    for split, part in zip(('train', 'validation'), parts):
        assert megatron(f'{folder}/out/megatron/{split}') == flat(f'{folder}/out/flat/{split}') == list(part.values())
        assert [(p['id'], p['tokens']) for p in places(f'{folder}/out/flat/{split}')] == [(k, len(v)) for k, v in part.items()]
    for split in ('train', 'validation'): shown(f'{folder}/out', split)
    parquet(f'{folder}/out', rows)
    plain = packed(option, folder, rows, want)
    best = packed(option, folder, rows, want, '--packing', 'best-fit')
    shuffled = packed(option, folder, rows, want, '--shuffle', '5')
    assert set(plain) == set(best) == set(shuffled) and plain == sorted(plain, key=lambda x: int(x[4:])) != shuffled
    assert (max(max(i) for i in want.values()) > 65535) == wide
    by_official(f'{folder}/out', parts[0])
    os.system(f'rm -r {folder}/out/parquet')
    taken_down(option, f'{folder}/out', rows, want, lambda s: (sum(mds(f'{folder}/out/mds/{s}').values(), []), sum(megatron(f'{folder}/out/megatron/{s}'), []), sum(flat(f'{folder}/out/flat/{s}'), [])))

def packed(tokenizer, folder, rows, want, *options, length=64):
    """Sequences of one length; every document is found, whole, by its places; what is between is padding."""
    out = f'{folder}/packed' + ''.join(options).replace('/', '')
    run = lambda j, o: subprocess.run([PENEIRA, 'shard', '-q', '-j', str(j), '--validation', '0.1', '--no-eos', '-f', 'mds,megatron,flat', '--sequence', str(length), *options, *FRAME, *tokenizer, '-o', o, f'{folder}/in.jsonl'], check=True)
    run(1, out); run(3, out + '-again')
    got = {}
    shown(out, 'train')
    for split in ('train', 'validation'):
        samples = mds(f'{out}/mds/{split}')
        stream = [t for tokens, _ in samples.values() for t in tokens]
        assert megatron(f'{out}/megatron/{split}') == flat(f'{out}/flat/{split}') == [tokens for tokens, _ in samples.values()] and all(len(tokens) == length for tokens, _ in samples.values())
        where = places(f'{out}/mds/{split}')
        assert where == places(f'{out}/megatron/{split}') == places(f'{out}/flat/{split}')
        begins = sorted(n * length + b for n, (_, starts) in enumerate(samples.values()) for b in starts)
        assert begins == sorted(p['position'] for p in where)
        for p in where: got.setdefault(p['id'], []).extend(stream[p['position']:p['position'] + p['tokens']])
        assert sum(p['tokens'] for p in where) <= len(stream)
    assert got == want, [k for k in want if got.get(k) != want[k]][:3]
    same = lambda d: sorted((os.path.relpath(os.path.join(p, f), d), open(os.path.join(p, f), 'rb').read()) for p, _, fs in os.walk(d) for f in fs)
    assert same(out) == same(out + '-again')
    by_official(out, mds(f'{out}/mds/train'))
    order = [p['id'] for p in places(f'{out}/mds/train')]
    taken_down(tokenizer, out, rows, want, lambda s: ([t for tokens, _ in mds(f'{out}/mds/{s}').values() for t in tokens], sum(megatron(f'{out}/megatron/{s}'), []), sum(flat(f'{out}/flat/{s}'), [])))
    return order

def taken_down(tokenizer, out, rows, want, streams):
    """--remove: the tokens of these URLs are EOS in every format, all others are where they were; a second call has nothing to do."""
    gone = {rows[i]['url']: rows[i]['id'] for i in (0, 7, 150, 299)}
    with open(f'{out}.urls', 'w') as f: f.writelines(u + '\n' for u in gone)
    remove = lambda: subprocess.run([PENEIRA, 'shard', '--remove', f'{out}.urls', *tokenizer, '-o', out], check=True, capture_output=True, text=True).stderr
    before = {s: (places(f'{out}/mds/{s}'), streams(s)) for s in ('train', 'validation')}
    assert ' 4 documents removed' in remove() or len(before['train'][0]) + len(before['validation'][0]) > len(rows)
    eos = None
    for s, (where, old) in before.items():
        now, index = streams(s), places(f'{out}/mds/{s}')
        assert now[0] == now[1] == now[2] and len(index) == len(where) and index == places(f'{out}/flat/{s}') == places(f'{out}/megatron/{s}')
        for p, q in zip(where, index):
            a, b = p['position'], p['position'] + p['tokens']
            if p['url'] in gone:
                assert q == {'document': p['document'], 'position': a, 'tokens': b - a, 'removed': True}
                assert len(set(now[0][a:b])) <= 1 and (eos is None or now[0][a] == eos), 'filler'
                eos = now[0][a]
            else:
                assert q == p and now[0][a:b] == old[0][a:b]
    assert {json.loads(l)['id'] for l in open(f'{out}/removed.jsonl')} == set(gone.values())
    assert ' 0 documents removed' in remove()

def parquet(folder, rows):
    try:
        import pyarrow.parquet as pq
    except ImportError:
        print('pyarrow is not installed'); return
    got = [r for s in ('train', 'validation') for r in pq.read_table(f'{folder}/parquet/data/{s}-00000.parquet').to_pylist()]
    assert {r['id']: (r['text'], r['url']) for r in got} == {r['id']: (r['text'], r['url']) for r in rows} and open(f'{folder}/parquet/README.md').read().startswith('---\n')

def wide_tokenizer(path):
    """Ids above 65,535: every character is its id plus 70,000."""
    chars = {chr(c): c + 70000 for c in range(0x20, 0x250)}
    json.dump({'model': {'type': 'BPE', 'vocab': {**chars, '</s>': 0}, 'merges': []}}, open(path, 'w'))

FRAME = []
with tempfile.TemporaryDirectory() as d:
    check(None, False, f'{d}/narrow')
    wide_tokenizer(f'{d}/wide.json')
    FRAME = ['--frame', '16K']
    check(f'{d}/wide.json', True, f'{d}/wide')
