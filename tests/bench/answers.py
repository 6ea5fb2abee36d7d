"""answers.py: questions to a corpus of 1 million (or PENEIRA_BENCH_ROWS) captured pages, asked of stats and query and, on one thread, of DuckDB.
CPU seconds of the user, best of three, of whole processes; DuckDB's without the start of Python. Then stats of each column, once: counts of names, histograms
of numbers (the goal is 2 s a column with 10 million rows)."""
import os, resource, subprocess, sys, tempfile, time

sys.path.pop(0)  # a benchmark beside this one has the name of a module of Python
import duckdb, numpy as np, pyarrow as pa, pyarrow.parquet as pq

PENEIRA, ROWS = os.environ['PENEIRA'], int(os.environ.get('PENEIRA_BENCH_ROWS', 1_000_000))

def make(path):
    r = np.random.default_rng(7)
    schema, writer = None, None
    for first in range(0, ROWS, 65536):
        n = min(65536, ROWS - first)
        i = np.arange(first, first + n)
        kept = r.random(n) < 0.3
        host = r.zipf(1.3, n) % 50_000
        reasons = np.array(['filter.language', 'filter.words', 'dedup.near', 'dedup.exact', 'crawl.status'])[r.integers(0, 5, n)]
        t = pa.table({'id': [f'<urn:uuid:{k:032x}>' for k in i], 'url': [f'http://www.s{h}.pt/p/{k}' for h, k in zip(host, i)], 'host': [f'www.s{h}.pt' for h in host],
                      'year': pa.array(1996 + r.integers(0, 28, n), pa.int32()), 'variety': np.array(['pt-PT', 'pt-BR', 'pt'])[r.integers(0, 3, n)],
                      'variety_score': pa.array(r.random(n).round(6), pa.float32()), 'kept': kept, 'reason': pa.array(reasons, mask=kept), 'stage': pa.array([x.split('.')[0] for x in reasons], mask=kept),
                      'token_count': pa.array(r.integers(50, 5000, n), pa.int64(), mask=~kept), 'words': pa.array(r.integers(30, 3000, n), pa.int64()),
                      **{f'signals_{k}': pa.array(r.random(n).round(6), pa.float32()) for k in ('top_2_gram', 'top_3_gram', 'line_punct', 'alpha_words')}})
        writer = writer or pq.ParquetWriter(path, t.schema, compression='zstd', compression_level=1)
        writer.write_table(t, row_group_size=65536)
    writer.close()

def cpu(args):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run(args, check=True, stdout=subprocess.DEVNULL)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before

def duck(path, sql):
    db = duckdb.connect()
    db.execute(f"SET threads = 1; CREATE VIEW captures AS SELECT * FROM '{path}'")
    before = time.process_time()
    db.execute(sql).fetchall()
    return time.process_time() - before

def best(f, *args):
    return min(f(*args) for _ in range(3))

QUESTIONS = [
    ('stats --by variety', ['stats', '--by', 'variety'], 'SELECT variety, count(*), sum(words) FILTER (WHERE kept), sum(token_count) FILTER (WHERE kept) FROM captures GROUP BY 1'),
    ('stats --by host', ['stats', '--by', 'host', '--top', '20'], 'SELECT host, count(*) n, sum(words) FILTER (WHERE kept), sum(token_count) FILTER (WHERE kept) FROM captures GROUP BY 1 ORDER BY n DESC LIMIT 20'),
    ('stats --histogram variety_score', ['stats', '--histogram', 'variety_score'], 'SELECT quantile_cont(variety_score, [0.05, 0.25, 0.5, 0.75, 0.95]), avg(variety_score) FROM captures'),
    ('GROUP BY reason', 'SELECT reason, count(*) FROM captures GROUP BY reason', None),
    ('GROUP BY year, variety, sum', 'SELECT year, variety, count(*), sum(token_count) FROM captures GROUP BY year, variety', None),
    ('GROUP BY token_count, 4,951 groups', 'SELECT token_count, count(*) FROM captures GROUP BY token_count', None),
    ('GROUP BY host and year, two sums', 'SELECT host, year, sum(token_count), avg(variety_score) FROM captures GROUP BY host, year', None),
    ('GROUP BY url, all different', 'SELECT url, count(*) AS n FROM captures GROUP BY url HAVING n > 1', None),
    ('GROUP BY host, top 20', 'SELECT host, count(*) AS n FROM captures GROUP BY host ORDER BY n DESC LIMIT 20', None),
    ('count WHERE host and score', "SELECT count(*) FROM captures WHERE host = 'www.s5.pt' AND variety_score > 0.5", None),
    ('urls of one host', "SELECT url FROM captures WHERE host = 'www.s77.pt'", None),
]
with tempfile.TemporaryDirectory() as scratch:
    path = os.path.join(scratch, 'm.parquet')
    make(path)
    print(f'{ROWS} captures, {os.path.getsize(path) / 1e6:.0f} MB')
    print(f'{"question":34} {"peneira":>9} {"DuckDB":>9} {"ratio":>6}   (CPU s)')
    for name, ask, sql in QUESTIONS:
        args = [PENEIRA, *ask, path] if isinstance(ask, list) else [PENEIRA, 'query', '--csv', path, ask]
        a, b = best(cpu, args), best(duck, path, sql or ask)
        print(f'{name:34} {a:9.3f} {b:9.3f} {a / b if b else float("nan"):6.2f}')
    print(f'{"stats of a column":34} {"peneira":>9} {"DuckDB":>9}')
    for column in pq.read_schema(path):
        number = pa.types.is_integer(column.type) or pa.types.is_floating(column.type)
        if column.name in ('id', 'url'): continue  # no two alike
        args = [PENEIRA, 'stats', '-j', '1', '--histogram' if number else '--by', column.name, path]
        sql = (f'SELECT quantile_cont({column.name}, [0.05, 0.25, 0.5, 0.75, 0.95]), avg({column.name}) FROM captures' if number else
               f'SELECT {column.name}, count(*), sum(words) FILTER (WHERE kept), sum(token_count) FILTER (WHERE kept) FROM captures GROUP BY 1')
        print(f'{column.name:34} {cpu(args):9.3f} {duck(path, sql):9.3f}')
