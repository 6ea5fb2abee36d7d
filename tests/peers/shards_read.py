"""shards_read.py PENEIRA: shards opened by a reader written from the formats' descriptions and, where they are installed, by the official
ones (mosaicml-streaming; megatron-core): the same ids as `peneira tokenize` gives, document by document, uint16 and uint32."""
import json, os, struct, subprocess, sys, tempfile

PENEIRA = sys.argv[1]
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
        raw = zstandard.ZstdDecompressor().decompressobj().decompress(packed)
        assert len(raw) == shard['raw_data']['bytes'] and xxhash.xxh3_64_hexdigest(raw) == shard['raw_data']['hashes']['xxh3_64']
        n, = struct.unpack_from('<I', raw)
        begin = struct.unpack_from(f'<{n + 1}I', raw, 4)
        assert n == shard['samples'] and begin[-1] == len(raw)
        head = json.loads(raw[4 + 4 * (n + 1):begin[0]])
        assert all(shard[k] == v for k, v in head.items())
        kind = shard['column_encodings'][shard['column_names'].index('tokens')].split(':')[1]
        for a, b in zip(begin, begin[1:]):
            one = raw[a:b]
            sizes = struct.unpack_from(f"<{len(shard['column_names'])}I", one)
            at, row = 4 * len(sizes), {}
            for name, size in zip(shard['column_names'], sizes):
                row[name] = one[at:at + size]; at += size
            assert at == len(one)
            width = 1 << (row['tokens'][0] & 3)
            assert row['tokens'][0] >> 2 == 1
            count = int.from_bytes(row['tokens'][1:1 + width], 'little')
            ids = np.frombuffer(row['tokens'][1 + width:], kind)
            assert len(ids) == count
            found[row['id'].decode()] = ids.tolist()
    return found

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

def official(folder, want):
    try:
        from streaming import StreamingDataset
        seen = {row['id']: row['tokens'].tolist() for row in StreamingDataset(local=f'{folder}/mds/train', shuffle=False, batch_size=1)}
        assert seen == want
        print('read by mosaicml-streaming')
    except ImportError:
        print('mosaicml-streaming is not installed')
    try:
        from megatron.core.datasets.indexed_dataset import IndexedDataset
        data = IndexedDataset(f'{folder}/megatron/train')
        assert [d.tolist() for d in data[0:len(data)]] == list(want.values()) and list(data.document_indices) == list(range(len(want) + 1))
        print('read by megatron-core')
    except ImportError:
        print('megatron-core is not installed')

def check(tokenizer, wide, folder):
    os.mkdir(folder)
    rows = [{'id': f'urn:{i}', 'url': f'http://exemplo.pt/{i}', 'text': f'Página {i}. ' + 'Água mole em pedra dura tanto bate até que fura. ' * (i % 7)} for i in range(300)]
    with open(f'{folder}/in.jsonl', 'w') as f:
        f.writelines(json.dumps(r) + '\n' for r in rows)
    option = ['--tokenizer', tokenizer] if tokenizer else []
    subprocess.run([PENEIRA, 'shard', '-q', '-j', '2', '--validation', '0.1', '--no-eos', *option, '-o', f'{folder}/out', f'{folder}/in.jsonl'], check=True)
    ids = subprocess.run([PENEIRA, 'tokenize', '-q', '--no-special', *option, f'{folder}/in.jsonl'], check=True, capture_output=True).stdout
    want = {o['id']: o['ids'] for o in map(json.loads, ids.splitlines())}
    parts = [mds(f'{folder}/out/mds/{s}') for s in ('train', 'validation')]
    assert parts[0] and parts[1] and not parts[0].keys() & parts[1].keys() and {**parts[0], **parts[1]} == want
    for split, part in zip(('train', 'validation'), parts):
        assert megatron(f'{folder}/out/megatron/{split}') == list(part.values())
    assert (max(max(i) for i in want.values()) > 65535) == wide
    official(f'{folder}/out', parts[0])

def wide_tokenizer(path):
    """Ids above 65,535: every character is its id plus 70,000."""
    chars = {chr(c): c + 70000 for c in range(0x20, 0x250)}
    json.dump({'model': {'type': 'BPE', 'vocab': {**chars, '</s>': 0}, 'merges': []}}, open(path, 'w'))

with tempfile.TemporaryDirectory() as d:
    check(None, False, f'{d}/narrow')
    wide_tokenizer(f'{d}/wide.json')
    check(f'{d}/wide.json', True, f'{d}/wide')
