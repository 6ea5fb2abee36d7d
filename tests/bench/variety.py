#!/usr/bin/env python3
"""Language and variety: CPU time on one core, and how well, beside CLD2, fastText and py3langid in the same run.

Speed: documents of data/variety/train of $PENEIRA_SHARED, as JSON lines into `peneira classify`; the peers get the same texts from memory,
without any JSON. fastText is a small supervised model, trained here on data/variety/gate_train. The last lines are F1 of Portuguese on
data/variety/gate_dev. Peers that are missing are installed into the virtual environment; one that cannot be is left out with a word.
"""
import collections, json, os, random, re, resource, subprocess, sys, tempfile, time

SHARED, PENEIRA = os.environ.get('PENEIRA_SHARED', '../shared'), os.environ.get('PENEIRA', 'build/peneira')
DATA = SHARED + '/data/variety'
NEAR = 'pt gl es ast an ca it fr ro oc en'.split()

def rows(name):
    raw = subprocess.run(['zstd', '-dcq', f'{DATA}/{name}.jsonl.zst'], check=True, capture_output=True).stdout
    return [json.loads(l) for l in raw.splitlines()]

def peer(module, package):
    try:
        return __import__(module)
    except ImportError:
        subprocess.run([sys.executable, '-m', 'pip', 'install', '-q', package], capture_output=True)
    try:
        return __import__(module)
    except ImportError:
        print(f'{package} does not install here: left out')

def classify(texts, *options):
    with tempfile.NamedTemporaryFile('w', suffix='.jsonl') as f:
        for i, t in enumerate(texts): f.write(json.dumps({'id': i, 'text': t}, ensure_ascii=False) + '\n')
        f.flush()
        a = resource.getrusage(resource.RUSAGE_CHILDREN)
        out = subprocess.run([PENEIRA, 'classify', '-j', '1', *options, f.name], check=True, capture_output=True).stdout
        b = resource.getrusage(resource.RUSAGE_CHILDREN)
    return b.ru_utime - a.ru_utime, [json.loads(l) for l in out.splitlines()]

def timed(call, texts):
    a = time.process_time()
    got = [call(t) for t in texts]
    return time.process_time() - a, got

def fasttext_model(ft, train):
    with tempfile.TemporaryDirectory() as d:
        with open(d + '/train.txt', 'w') as f:
            for r in train: f.write('__label__' + (r['lang'] if r['lang'] in NEAR else 'other') + ' ' + r['text'].replace('\n', ' ') + '\n')
        return ft.train_supervised(d + '/train.txt', minn=2, maxn=4, dim=16, epoch=8, lr=0.5, bucket=200000, thread=1, verbose=0)

def main():
    if not os.path.isdir(DATA): return print(f'{DATA} is not there: nothing to measure')
    rg = random.Random(1)
    texts = [r['text'] for r in rows('train')]
    rg.shuffle(texts)
    long = [t for t in texts if len(t) > 1200][:5000]
    pt = [' '.join(r['text'].split()[:25]) for r in rows('train')[::20]]
    gate = rows('gate_train')
    train = gate + [dict(lang='pt', text=t) for t in pt]
    foreign = [' '.join(r['text'] for r in rg.sample([g for g in gate if g['lang'] == l], 60)) for l in ('es', 'en', 'fr', 'it', 'de', 'ru') for _ in range(40)]
    dev = rows('gate_dev')
    tools = [('peneira', None)]
    cld2, langid, ft = peer('pycld2', 'pycld2'), peer('py3langid', 'py3langid'), peer('fasttext', 'fasttext-wheel')
    def by_cld2(t):
        try: return cld2.detect(t)[2][0][1]
        except cld2.error: return 'un'
    if cld2: tools.append(('CLD2', by_cld2))
    if ft:
        model = fasttext_model(ft, train)
        tools.append(('fastText', lambda t: model.f.predict(t.replace('\n', ' ') + '\n', 1, 0.0, 'strict')[0][1][9:]))
    if langid: tools.append(('py3langid', lambda t: langid.classify(t)[0]))
    print(f'{"":12} {"documents":>12} {"sentences":>12} {"foreign":>12}   MB of text a CPU second; then F1 of Portuguese on gate_dev, by words')
    sets = [long, texts[:10000], foreign]
    for name, call in tools:
        speed = []
        for s in sets:
            s = s if name != 'py3langid' else s[:200]
            if call: t, _ = timed(call, s)
            else: t = classify(s)[0] - classify(s[:1])[0]
            speed.append(sum(len(x.encode()) for x in s) / 1e6 / max(t, 1e-9))
        got = timed(call, [r['text'] for r in dev])[1] if call else ['pt' if v['language'] == 'por_Latn' else 'x' for v in classify([r['text'] for r in dev])[1]]
        c = collections.Counter()
        for r, g in zip(dev, got):
            for k in ('all', '1-10' if len(r['text'].split()) < 10 else '10+'): c[k, r['lang'] == 'pt', g == 'pt'] += 1
        f1 = {k: 2 * c[k, True, True] / max(1, 2 * c[k, True, True] + c[k, True, False] + c[k, False, True]) for k in ('1-10', '10+', 'all')}
        gl = [g == 'pt' for r, g in zip(dev, got) if r['lang'] == 'gl']
        print(f'{name:12} ' + ' '.join(f'{v:12.1f}' for v in speed) + '   ' + '  '.join(f'{k} {v:.4f}' for k, v in f1.items()) + f'  gl->pt {sum(gl) / len(gl):.4f}')

main()
