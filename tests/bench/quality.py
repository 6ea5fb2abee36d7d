"""How well, on the dev sets of $PENEIRA_SHARED, by the scoring tools that lie beside them: language and variety of texts, main text of pages. The shipped
main-text model has learned from the dev pages and the variety model from FRMT's dev sentences: figures for what they have not seen are in
docs/internals/main_text.md and docs/internals/variety.md."""
import os, subprocess, sys, tempfile

PENEIRA, SHARED = os.environ['PENEIRA'], os.environ['PENEIRA_SHARED']
tools, data = f'{SHARED}/tools', f'{SHARED}/data'
if not os.path.exists(f'{tools}/score_variety.py'):
    print('the scoring tools are not there: set PENEIRA_SHARED'); sys.exit(0)

def run(*cmd, **k):
    r = subprocess.run(cmd, capture_output=True, text=True, **k)
    if r.returncode: sys.exit(f'{" ".join(cmd)[:120]}: {r.stderr[-400:]}')
    return r.stdout

print('-- language and variety')
print(run(sys.executable, f'{tools}/score_variety.py', f'{data}/variety/dev.jsonl.zst', f'{data}/variety/gate_dev.jsonl.zst', '--cmd', f'{PENEIRA} classify').strip())
with tempfile.TemporaryDirectory() as scratch:
    for name, extra in (('dev', []), ('ptsynth', ['--by', 'type']), ('ptgold', None)):
        pages, warc, out = f'{data}/extract/{name}.jsonl.zst', f'{scratch}/{name}.warc', f'{scratch}/{name}.jsonl'
        run(sys.executable, f'{tools}/score_extract.py', pages, '--warc-out', warc)
        with open(out, 'w') as f: subprocess.run([PENEIRA, 'extract', '-q', warc], stdout=f, check=True)
        print(f'-- main text: {name}')
        score = [f'{tools}/score_ptgold.py', pages, out] if extra is None else [f'{tools}/score_extract.py', pages, '--pred', out, *extra]
        print(run(sys.executable, *score).strip())
