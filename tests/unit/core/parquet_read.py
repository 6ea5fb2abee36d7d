"""parquet_read.py TEST_META PENEIRA: rows that meta wrote, as pyarrow and DuckDB read them; files that pyarrow wrote, as Peneira reads them.
With --corpus FOLDER: writes the small files that the fuzz target starts from."""
import datetime, json, math, os, struct, subprocess, sys, tempfile

try:
    import duckdb, pyarrow as pa, pyarrow.parquet as pq
except ImportError:
    print('1..0 # SKIP duckdb or pyarrow is not installed'); sys.exit(0)

f32 = lambda v: struct.unpack('f', struct.pack('f', v))[0]
count = 0

def ok(yes, name):
    global count
    count += 1
    print('ok' if yes else 'not ok', count, '-', name, flush=True)
    return yes

def row(i):
    """What tests/unit/core/test_meta.c puts into row i."""
    at = datetime.datetime(1996, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(seconds=7919 * i)
    r = {'id': f'urn:uuid:{i * 2654435761 % 2**32:08x}', 'url': f'http://WWW.s{i % 97}.pt/p/{i}', 'host': f'www.s{i % 97}.pt', 'date': at, 'year': at.year,
         'title': f'Título {i}' if i % 4 else None, 'language': 'por_Latn', 'language_score': f32(f32(i % 1000) / f32(1000)),
         'variety': 'pt-PT' if i % 10 < 6 else 'pt-BR' if i % 10 < 9 else 'pt', 'variety_score': f32(f32(i) / 1e6) if i % 7 else None,
         'minhash_cluster_id': i // 2 if i % 2 else None, 'minhash_cluster_size': i % 2 or None, 'token_count': i if i % 3 else None,
         'file_path': 'a.arc.gz' if i % 5 else 'b.warc.gz', 'file_offset': 1000 * i, 'http_status': 200 if i % 3 else 404, 'kept': i % 3 != 0,
         'stage': None if i % 3 else 'filter', 'reason': None if i % 3 else 'filter.language', 'characters': 14 if i % 3 else None,
         'words': 4 if i % 3 else None, 'signals_one': f32(f32(i) / f32(3)), 'signals_two': -0.0 if i % 2 else None, 'signals_never': None, 'charset': None}
    return r

def same(a, b):
    return a == b or (isinstance(a, float) and isinstance(b, float) and (abs(a - b) <= 1e-6 * abs(a) or math.isnan(a) and math.isnan(b)))

def written(test_meta, scratch):
    path, n = os.path.join(scratch, 'm.parquet'), 150_000
    subprocess.run([test_meta, path, str(n)], check=True)
    file = pq.ParquetFile(path, page_checksum_verification=True)
    ok(file.metadata.num_row_groups == 3 and file.metadata.num_rows == n, 'row groups of 64 Ki rows')
    table = file.read()
    table.validate(full=True)
    wrong = [i for i in [*range(0, 3000), *range(65000, 66000), *range(n - 500, n)] for have in [table.slice(i, 1).to_pylist()[0]]
             if any(not same(have[k], v) for k, v in row(i).items())]
    ok(not wrong, f'pyarrow reads every value ({wrong[:3]})')
    bad = []
    for g in range(file.metadata.num_row_groups):
        part = file.read_row_group(g)
        for c in range(file.metadata.num_columns):
            s, col = file.metadata.row_group(g).column(c).statistics, part.column(c)
            if s.null_count != col.null_count: bad.append((g, c, 'nulls'))
            if s.has_min_max:
                import pyarrow.compute as pc
                m = pc.min_max(col).as_py()
                if not (same(s.min, m['min']) and same(s.max, m['max'])): bad.append((g, c, s.min, m))
    ok(not bad, f'statistics hold ({bad[:2]})')
    q = duckdb.sql(f"SELECT count(*), sum(token_count), count(title), min(date), max(host), sum(file_offset) FROM '{path}' WHERE variety = 'pt-BR' AND file_offset > 70000000").fetchall()[0]
    rows = [row(i) for i in range(70_001, n) if row(i)['variety'] == 'pt-BR']
    want = (len(rows), sum(r['token_count'] or 0 for r in rows), sum(r['title'] is not None for r in rows), min(r['date'] for r in rows), max(r['host'] for r in rows), sum(r['file_offset'] for r in rows))
    ok(q == want, f'DuckDB answers the same, with its own pruning ({q} {want})')

    filters(path)

def filters(path):
    """Bloom filters: what is there is never excluded, what is not is in nearly every row group; by DuckDB's own reader."""
    probe = lambda column, value: [x for x, in duckdb.sql(f"SELECT bloom_filter_excludes FROM parquet_bloom_probe('{path}', '{column}', '{value}')").fetchall()]
    lost = [i for i in (0, 1, 7, 65535, 65536, 149_999) if probe('id', row(i)['id'])[i // 65536] or probe('url', row(i)['url'])[i // 65536]]
    absent = [x for i in range(40) for x in probe('id', f'urn:none:{i}')]
    ok(not lost and sum(absent) >= 0.9 * len(absent), f'DuckDB reads the Bloom filters ({lost}, {sum(absent)} of {len(absent)} excluded)')

def theirs(peneira, scratch):
    """DuckDB writes filters too; what is in a row group is found through them."""
    path = os.path.join(scratch, 'd.parquet')
    duckdb.sql(f"COPY (SELECT 'id' || (i % 500) AS id, 'h' || (i % 7) AS host FROM range(20000) t(i)) TO '{path}' (CODEC ZSTD, ROW_GROUP_SIZE 4096, DICTIONARY_SIZE_LIMIT 4096)")
    made = duckdb.sql(f"SELECT count(*) FROM parquet_metadata('{path}') WHERE bloom_filter_offset IS NOT NULL").fetchall()[0][0]
    have = [subprocess.run([peneira, 'query', '--csv', path, f"SELECT count(*) FROM captures WHERE id = 'id{i}'"], capture_output=True, text=True).stdout.split()[-1] for i in (0, 250, 499, 500)]
    ok(made > 0 and have == ['40', '40', '40', '0'], f"DuckDB's filters are read ({made} of them, {have})")

def table_of(n):
    return pa.table({'id': pa.array([f'urn:{i}' for i in range(n)]), 'host': pa.array([None if i % 11 == 0 else f'h{i % 13}.pt' for i in range(n)]),
                     'year': pa.array([1996 + i % 25 if i % 17 else None for i in range(n)], pa.int32()), 'token_count': pa.array([i * i for i in range(n)], pa.int64()),
                     'kept': pa.array([i % 3 == 0 for i in range(n)]), 'variety_score': pa.array([None if i % 5 == 0 else i / n for i in range(n)], pa.float32()),
                     'date': pa.array([datetime.datetime(2004, 3, 1, 12) + datetime.timedelta(seconds=i) for i in range(n)], pa.timestamp('ms', tz='UTC'))})

def ways():
    for version in ('1.0', '2.0'):
        for codec in ('zstd', 'none'):
            for dictionary in (True, False, ['host']):
                yield dict(data_page_version=version, compression=codec, use_dictionary=dictionary)
    yield dict(data_page_version='1.0', compression='zstd', data_page_size=512, dictionary_pagesize_limit=256, write_page_checksum=True)
    yield dict(data_page_version='2.0', compression='none', data_page_size=512, dictionary_pagesize_limit=256)
    yield dict(data_page_version='1.0', compression='zstd', row_group_size=37)

def read(peneira, scratch):
    for n in (1000, 0):
        t = table_of(n)
        for way in ways():
            path = os.path.join(scratch, 'p.parquet')
            # Booleans are bits in version 1 pages; version 2 writes them as runs, which is read as well.
            pq.write_table(t, path, **way)
            out = subprocess.run([peneira, 'query', '--json', path, 'SELECT * FROM captures'], capture_output=True, text=True)
            have = [json.loads(x) for x in out.stdout.splitlines()]
            want = [{**r, 'kept': int(r['kept']), 'date': r['date'].strftime('%Y-%m-%dT%H:%M:%SZ')} for r in t.to_pylist()]
            good = len(have) == len(want) and all(same(h[k], w[k]) for h, w in zip(have, want) for k in w)
            ok(good and out.returncode == 0, f'{n} rows of pyarrow, {way} {out.stderr.strip()}')

def corpus(test_meta, folder):
    subprocess.run([test_meta, os.path.join(folder, 'own'), '40'], check=True)
    t = table_of(20)
    pq.write_table(t, os.path.join(folder, 'plain1'), compression='none', data_page_version='1.0')
    pq.write_table(t.select(['host', 'kept', 'year']), os.path.join(folder, 'plain2'), compression='none', data_page_version='2.0')

if '--corpus' in sys.argv:
    corpus(sys.argv[1], sys.argv[3])
    sys.exit()
with tempfile.TemporaryDirectory() as scratch:
    written(sys.argv[1], scratch)
    read(sys.argv[2], scratch)
    theirs(sys.argv[2], scratch)
print(f'1..{count}')
