"""compare.py PENEIRA TABLE: `check --json` over all files of the table that several readers agree on, in one call; what differs is printed."""
import json, os, re, subprocess, sys

binary, table = sys.argv[1:]
base = os.path.dirname(table)
rows = [line.split('\t') for line in open(table).read().splitlines()[1:]]
rows = [f for f in rows if len(f) >= 10 and f[4].startswith('agree')]
run = subprocess.run([binary, 'check', '--json', *(os.path.join(base, f[0]) for f in rows)], capture_output=True)
found = {j['file']: j for j in map(json.loads, run.stdout.splitlines())}
for f in rows:
    want = {k: int(v) for k, v in (x.rsplit('=', 1) for x in re.findall(r'\S+=\d+', f[5]))}
    got = found.get(os.path.join(base, f[0]), {})
    pairs = [(want, got.get('records'))]
    pairs += [(f[i] if key == 'decoded_digest' else int(f[i]), got.get(key))
              for i, key in ((6, 'response_block_bytes'), (7, 'decoded_responses'), (8, 'decoded_bytes'), (9, 'decoded_digest')) if f[i] not in ('', '?')]
    for a, b in pairs:
        if a != b:
            print(f'{f[0]}: {b} instead of {a}')
print('fewer than 70 archives in the table' if len(rows) < 70 else 'all compared')
