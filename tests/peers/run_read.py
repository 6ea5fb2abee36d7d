"""run_read.py PENEIRA: what `run` leaves on the sample archive, read by what others use: docs by zstandard and json, meta by pyarrow and DuckDB;
the three must agree with each other and with the manifest."""
import collections, glob, io, json, os, subprocess, sys, tempfile

PENEIRA = os.path.abspath(sys.argv[1])
try:
    import duckdb, pyarrow.parquet as pq, zstandard
except ImportError:
    print('duckdb, pyarrow or zstandard is not installed'); sys.exit(77)
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

def lines(pattern):
    for path in sorted(glob.glob(pattern)):
        with open(path, 'rb') as f:
            for line in io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(f, read_across_frames=True), 'utf-8'):
                yield json.loads(line)

with tempfile.TemporaryDirectory() as scratch:
    out = os.path.join(scratch, 'out')
    samples = [f'tests/data/sample/sample.{k}.gz' for k in ('arc', 'warc')]
    subprocess.run([PENEIRA, 'run', '-q', '--keep-rejects', '-o', out, *samples], check=True, cwd=ROOT)
    manifest = json.load(open(f'{out}/manifest.json'))
    stages = manifest['tally']['stages']
    docs, rejects = list(lines(f'{out}/docs/*.jsonl.zst')), list(lines(f'{out}/rejects/*.jsonl.zst'))
    assert len(docs) == stages[-1]['kept'] > 20, len(docs)
    assert len(docs) + len(rejects) == stages[0]['in']
    reasons = collections.Counter(d['drop'] for d in rejects)
    told = {k: v for s in stages for k, v in s['dropped'].items() if v}
    assert dict(reasons) == told, (reasons, told)

    table = pq.read_table(f'{out}/meta')
    assert table.num_rows == stages[0]['in']
    rows = {r['id']: r for r in table.to_pylist()}
    assert len(rows) == table.num_rows
    for d in docs:
        r = rows[d['id']]
        assert r['kept'] and r['reason'] is None, r
        assert r['date'].strftime('%Y-%m-%dT%H:%M:%SZ') == d['date'] and r['year'] == int(d['date'][:4])
        for k in ('url', 'title', 'language', 'variety', 'charset', 'file_path', 'file_offset', 'http_status', 'mime', 'token_count', 'minhash_cluster_id', 'minhash_cluster_size'):
            assert r[k] == d.get(k), (k, r[k], d.get(k))
        assert r['characters'] == len(d['text'])
        for k, v in d['signals'].items():
            assert v is None and r['signals_' + k] is None or abs(r['signals_' + k] - v) <= 1e-5 * max(1, abs(v)), (k, v)
    sql = f"SELECT reason, count(*) FROM '{out}/meta/*.parquet' WHERE NOT kept GROUP BY reason"
    assert dict(duckdb.sql(sql).fetchall()) == told
    (tokens,), = duckdb.sql(f"SELECT sum(token_count) FROM '{out}/meta/*.parquet' WHERE kept").fetchall()
    assert tokens == sum(d['token_count'] for d in docs) == manifest['tally']['notes']['shard.tokens']

    # The offset of every capture is where its record begins.
    for d in docs:
        with open(os.path.join(ROOT, d['file_path']), 'rb') as f:
            f.seek(d['file_offset'])
            assert f.read(2) == b'\x1f\x8b', d['file_path']
print(f'{len(docs)} documents, {len(rejects)} rejects, {table.num_rows} rows, {tokens} tokens agree')
