"""polars_read.py PENEIRA: meta/*.parquet opens in Polars, lazily too, and says what `peneira query` says; with pyspark and Java, in Spark as well."""
import json, os, subprocess, sys, tempfile

PENEIRA = os.path.abspath(sys.argv[1])
try:
    import polars as pl
except ImportError:
    print('polars is not installed'); sys.exit(77)
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

def query(corpus, sql):
    out = subprocess.run([PENEIRA, 'query', '--json', corpus, sql], capture_output=True, text=True, check=True)
    return [list(json.loads(x).values()) for x in out.stdout.splitlines()]

with tempfile.TemporaryDirectory() as d:
    subprocess.run([PENEIRA, 'run', '-q', '--no-report', '-o', f'{d}/c', *[f'tests/data/sample/sample.{k}.gz' for k in ('arc', 'warc')]], cwd=ROOT)
    files = f'{d}/c/meta/*.parquet'
    whole = pl.read_parquet(files)
    assert whole.height == query(f'{d}/c', 'SELECT count(*) FROM captures')[0][0]
    want = query(f'{d}/c', 'SELECT host, count(*) AS n, sum(token_count) AS t FROM documents GROUP BY host ORDER BY t DESC, host')
    lazy = pl.scan_parquet(files).filter(pl.col('kept')).group_by('host').agg(pl.len().alias('n'), pl.col('token_count').sum().alias('t'))
    have = [list(r) for r in lazy.sort(['t', 'host'], descending=[True, False]).collect().rows()]
    assert have == want, (have[:3], want[:3])
    known = query(f'{d}/c', "SELECT id, strftime('%Y', date), words FROM captures WHERE words IS NOT NULL ORDER BY id")
    rows = whole.filter(pl.col('words').is_not_null()).sort('id').select('id', pl.col('date').dt.strftime('%Y'), 'words').rows()
    assert [list(r) for r in rows] == known
    one = pl.scan_parquet(files).filter(pl.col('id') == known[0][0]).collect()
    assert one.height >= 1
    said = 'Polars'
    try:
        from pyspark.sql import SparkSession
        spark = SparkSession.builder.master('local[1]').config('spark.ui.enabled', 'false').getOrCreate()
        t = spark.read.parquet(f'{d}/c/meta')
        assert t.count() == whole.height
        got = sorted([r[0], r[1], r[2]] for r in t.where('kept').groupBy('host').agg({'*': 'count', 'token_count': 'sum'}).select('host', 'count(1)', 'sum(token_count)').collect())
        assert got == sorted(want), (got[:3], want[:3])
        assert t.where(t.id == known[0][0]).count() >= 1
        spark.stop()
        said += ' and Spark'
    except ImportError:
        pass
print(f'{said}: the same answers')
