"""queries.py PENEIRA: the questions of docs/queries.md, asked of Peneira and of DuckDB: the same answers, and not all of them empty."""
import datetime, json, math, os, re, subprocess, sys, tempfile

PENEIRA = os.path.abspath(sys.argv[1])
try:
    import duckdb, pyarrow as pa, pyarrow.parquet as pq
except ImportError:
    print('duckdb or pyarrow is not installed'); sys.exit(77)
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
page = open(f'{ROOT}/docs/queries.md', encoding='utf-8').read()
questions = re.findall(r'\*\*(\d+)\. (.*?)\*\*.*?```sql\n(.*?)\n```', page, re.S)
assert [int(n) for n, _, _ in questions] == list(range(1, 21)), [n for n, _, _ in questions]

def plain(v):
    if v is None or isinstance(v, str): return v
    if isinstance(v, bool): return int(v)
    if hasattr(v, 'strftime'): return v.strftime('%Y-%m-%dT%H:%M:%SZ')
    return float(v)

def same(a, b):
    if isinstance(a, float) and isinstance(b, float): return math.isclose(a, b, rel_tol=2e-6, abs_tol=1e-9)
    return a == b

def compare(corpus, files):
    db = duckdb.connect()
    db.execute("SET TimeZone = 'UTC'")
    db.execute(f"CREATE VIEW captures AS SELECT * FROM '{files}'; CREATE VIEW documents AS SELECT * FROM captures WHERE kept")
    empty = []
    for number, name, sql in questions:
        out = subprocess.run([PENEIRA, 'query', '--json', corpus, sql], capture_output=True, text=True)
        assert out.returncode == 0, (number, name, out.stderr)
        mine = [[plain(v) for v in json.loads(line).values()] for line in out.stdout.splitlines()]
        theirs = [[plain(v) for v in row] for row in db.execute(sql).fetchall()]
        assert len(mine) == len(theirs) and all(same(a, b) for x, y in zip(mine, theirs) for a, b in zip(x, y)), (number, name, mine[:5], theirs[:5])
        if not mine: empty.append(int(number))
    return empty

with tempfile.TemporaryDirectory() as scratch:
    out = os.path.join(scratch, 'out')
    subprocess.run([PENEIRA, 'run', '-q', '--no-report', '-o', out, *[f'tests/data/sample/sample.{k}.gz' for k in ('arc', 'warc')]], check=True, cwd=ROOT)
    empty = compare(out, f'{out}/meta/*.parquet')
    # Invented captures with every column that the questions name: none of the answers is empty there.
    table = [json.loads(line) for line in open(f'{ROOT}/tests/data/answers/captures.jsonl', encoding='utf-8')]
    have = pq.read_table(f'{out}/meta').schema
    rows = []
    for i in range(40 * len(table)):
        d = dict(table[i % len(table)])
        row = {f.name: d.get(f.name) for f in have}
        row.update({'id': f"{d['id']}-{i}" if i >= len(table) else d['id'], 'date': datetime.datetime.fromisoformat(d['date'].replace('Z', '+00:00')), 'year': int(d['date'][:4]), 'host': d['url'].split('/')[2],
                    'kept': 'drop' not in d, 'reason': d.get('drop'), 'stage': d.get('drop', '').split('.')[0] or None, 'words': len(d['text'].split()), 'page_type': ['article', 'forum', None][i % 3],
                    'variety_score': d.get('variety_score') if i % 7 else 0.75, 'signals_top_2_gram': d.get('signals', {}).get('top_2_gram')})
        if i % 50 == 49: row.update(host='lost.example.pt', kept=False, reason='filter.words', stage='filter', token_count=None)
        rows.append(row)
    path = os.path.join(scratch, 'made.parquet')
    pq.write_table(pa.Table.from_pylist(rows, schema=have), path, row_group_size=500, compression='zstd')
    empty = compare(path, path)
    assert empty == [], empty
print(f'{len(questions)} questions, the same answers')
