#!/usr/bin/env python3
"""dedup_web.py: what is left double where texts come from real markup, judged by the texts themselves.

1. PENEIRA_BENCH_PAGES (default 400, seed 3) pages of tools/make_ptweb.py of $PENEIRA_SHARED: the planted copies lie in other markup, so what is extracted of them may
   differ. True similarity of every pair of extracted texts by brute force; groups of a similarity of 0.8 of which more than one stays; and what other
   thresholds would leave of the planted groups, and merge of texts that have nothing to do with each other.
2. Windows of one stream of words with edits: of what is left out, which has no copy in its own family, and is it a copy for true?
"""
import sys
sys.path.pop(0)  # a neighbour here has the name of a module of the library
import collections, glob, io, json, os, random, re, subprocess, tempfile, unicodedata

peneira = os.environ.get('PENEIRA') or os.path.abspath('build/peneira')
shared = os.environ.get('PENEIRA_SHARED', '')
pages, seed = os.environ.get('PENEIRA_BENCH_PAGES', '400'), os.environ.get('PENEIRA_BENCH_SEED', '3')

def rows(path):
    raw = subprocess.run(['zstd', '-dcq', path], check=True, capture_output=True).stdout if path.endswith('.zst') else open(path, 'rb').read()
    return (json.loads(line) for line in io.BytesIO(raw))

def words(text):
    text = ''.join(c for c in unicodedata.normalize('NFD', text.lower()) if unicodedata.category(c) != 'Mn')
    return re.sub(r'[\W_]+', ' ', re.sub(r'\d+', '0', text)).split()

def grams(text):
    w = words(text)
    n = min(5, len(w))
    return frozenset(tuple(w[i:i + n]) for i in range(len(w) - n + 1)) if w else frozenset()

def similar_pairs(sets, least):
    """(J, a, b) of all pairs of at least that similarity."""
    where = collections.defaultdict(list)
    for i, s in enumerate(sets):
        for g in s: where[g].append(i)
    both = collections.Counter()
    for l in where.values():
        for k, b in enumerate(l):
            for a in l[:k]: both[a, b] += 1
    for (a, b), k in both.items():
        j = k / (len(sets[a]) + len(sets[b]) - k)
        if j >= least: yield j, a, b

# ---- pages ----

def web(scratch):
    tool = f'{shared}/tools/make_ptweb.py'
    subprocess.run([sys.executable, tool, '--pages', f'{shared}/data/extract/dev.jsonl.zst', '--text', f'{shared}/data/variety/train.jsonl.zst', '--out', f'{scratch}/web', '--n', pages, '--seed', seed],
                   check=True, stdout=subprocess.DEVNULL)
    subprocess.run([peneira, 'run', '-q', '-j', '1', '--keep-rejects', '-o', f'{scratch}/run', *sorted(glob.glob(f'{scratch}/web/*.gz'))], check=True)
    docs = [dict(d, kept=True) for p in glob.glob(f'{scratch}/run/docs/*') for d in rows(p)]
    docs += [dict(d, kept=False) for p in glob.glob(f'{scratch}/run/rejects/*') for d in rows(p) if d['drop'].startswith('dedup.')]
    truth = list(rows(f'{scratch}/web/truth.jsonl'))
    return docs, truth

def groups_of(n, pairs):
    parent = list(range(n))
    def root(i):
        while parent[i] != i: parent[i] = parent[parent[i]]; i = parent[i]
        return i
    for _, a, b in pairs: parent[root(a)] = root(b)
    found = collections.defaultdict(list)
    for i in range(n): found[root(i)].append(i)
    return [g for g in found.values() if len(g) > 1]

def left_double(docs, truth, out):
    """Planted groups of one kind of copy of which more than one document stays, as score_ptweb.py counts them."""
    urls, kinds = collections.defaultdict(set), collections.defaultdict(set)
    for t in truth:
        urls[t['of'] or t['url']].add(t['url'])
        if t['of']: kinds[t['of']].add(t['kind'])
    kept = collections.Counter(d['url'] for i, d in enumerate(docs) if i not in out)
    for kind in ('recapture', 'copy', 'near'):
        of = [s for s, k in kinds.items() if k == {kind}]
        yield f'{sum(sum(kept[u] for u in urls[s]) > 1 for s in of)} of {len(of)}'

def survivors(docs, pairs, family, ok):
    """The longest first; each that is similar to one that stays is left out. -> who is left out, how many for another family's."""
    order = sorted(range(len(docs)), key=lambda i: (-len(docs[i]['text']), docs[i]['id']))
    rank = {d: i for i, d in enumerate(order)}
    near = collections.defaultdict(list)
    for j, a, b in pairs:
        a, b = (a, b) if rank[a] < rank[b] else (b, a)
        near[b].append((a, j))
    out, strange = set(), 0
    for b in order:
        for a, j in sorted(near[b], key=lambda x: rank[x[0]]):
            if a not in out and ok(j, len(docs[a]['set']), len(docs[b]['set'])):
                out.add(b)
                strange += family(a) != family(b)
                break
    return out, strange

def contained(j, a, b, share, least):
    """So much of the shorter, which is not less than that part of the longer, is in the longer."""
    small, large = min(a, b), max(a, b)
    return j >= .8 or (j * (a + b) / (1 + j) >= share * b and b <= a and small >= least * large)

def pages_part(scratch):
    docs, truth = web(scratch)
    source = {t['url']: t['of'] or t['url'] for t in truth}
    family = lambda i: source.get(docs[i]['url'])
    for d in docs: d['set'] = grams(d['text'])
    pairs = list(similar_pairs([d['set'] for d in docs], .2))
    alike = [p for p in pairs if p[0] >= .8]
    groups = groups_of(len(docs), alike)
    double = sum(sum(docs[i]['kept'] for i in g) > 1 for g in groups)
    print(f'{len(docs)} texts of {len(truth)} pages (seed {seed}); groups whose extracted texts have a true similarity of 0.8: {len(groups)}, of which more than one stays: {double}')
    print(f'{"a copy is what has":52} {"recapture":>11} {"copy":>11} {"near":>11}  merged with a text of another source')
    ways = [(f'a similarity of {t}', lambda j, a, b, t=t: j >= t) for t in (.8, .7, .6, .5, .4)]
    ways += [(f'or {c:.0%} of it in a longer one (half as long at least)', lambda j, a, b, c=c: contained(j, a, b, c, .5)) for c in (.95, .9, .8)]
    for name, ok in ways:
        out, strange = survivors(docs, pairs, family, ok)
        print(f'{name:52} ' + ' '.join(f'{x:>11}' for x in left_double(docs, truth, out)) + f'  {strange} of {len(out)}')
    preset(docs, truth, family, scratch)

def preset(docs, truth, family, scratch):
    with open(f'{scratch}/all.jsonl', 'w', encoding='utf-8') as f:
        for i, d in enumerate(docs): f.write(json.dumps({'id': str(i), 'text': d['text'], 'url': d['url'], 'date': d['date']}, ensure_ascii=False) + '\n')
    for name in ('default', 'mirrors'):
        subprocess.run([peneira, 'dedup', '-q', '--dedup-preset', name, f'{scratch}/all.jsonl', '-o', f'{scratch}/out.jsonl'], check=True)
        kept = {int(d['id']): d['minhash_cluster_id'] for d in rows(f'{scratch}/out.jsonl')}
        print(f'{"  measured: --dedup-preset " + name:52} ' + ' '.join(f'{x:>11}' for x in left_double(docs, truth, set(range(len(docs))) - set(kept))))

# ---- windows ----

def made_windows(stream, seed):
    """4,000 windows over one stream of words and 2,000 of them edited; source: the window that a text is or was made from."""
    r, texts, source = random.Random(seed), [], []
    for i in range(4000):
        n = int(min(1500, max(30, r.lognormvariate(5, .7))))
        at = r.randrange(len(stream) - n)
        texts.append(stream[at:at + n])
        source.append(i)
    for _ in range(2000):
        s = r.randrange(4000)
        t, j = list(texts[s]), r.uniform(.5, .97)
        for _ in range(max(1, round(len(t) * (1 - j) / (5 * (1 + j))))): t[r.randrange(len(t))] = r.choice(stream)
        texts.append(t)
        source.append(s)
    return texts, source

def windows_part(scratch):
    """Windows overlap by chance: a text can be a copy of one that it was not made from. How often, at two thresholds."""
    stream = []
    for d in rows(f'{shared}/data/variety/train.jsonl.zst'): stream += d['text'].split()
    stream = stream[:2_000_000]
    print('6,000 windows and edits; "alone": left out, and no other text of its own family is alike above 0.6')
    print(f'{"seed":>5} {"asked":>6} {"left out":>9} {"less alike than asked":>22} {"alone":>12} {"of these a true copy of another family":>39} {"least, median":>15}')
    for seed in (5, 6, 7):
        texts, source = made_windows(stream, seed)
        with open(f'{scratch}/in.jsonl', 'w', encoding='utf-8') as f:
            for i, t in enumerate(texts): f.write(json.dumps({'id': str(i), 'text': ' '.join(t)}, ensure_ascii=False) + '\n')
        sets = [grams(' '.join(t)) for t in texts]
        family = collections.defaultdict(list)
        for i, s in enumerate(source): family[s].append(i)
        j = lambda a, b: len(sets[a] & sets[b]) / max(1, len(sets[a] | sets[b]))
        for asked in (.8, .85):
            subprocess.run([peneira, 'dedup', '-q', '--verify', str(asked), f'{scratch}/in.jsonl', '-o', f'{scratch}/kept.jsonl', '--rejects', f'{scratch}/no.jsonl'], check=True)
            kept = {d['minhash_cluster_id']: int(d['id']) for d in rows(f'{scratch}/kept.jsonl')}
            out = [(int(d['id']), kept[d['minhash_cluster_id']]) for d in rows(f'{scratch}/no.jsonl')]
            false = sum(j(k, survivor) < asked for k, survivor in out)
            alone = sorted(j(k, survivor) for k, survivor in out if max([j(k, m) for m in family[source[k]] if m != k] or [0]) < .6)
            print(f'{seed:5} {asked:6} {len(out):9} {false:22} {len(alone):5} ({len(alone) / len(out):.2%}) {sum(s >= asked for s in alone):39} {alone[0]:7.3f}, {alone[len(alone) // 2]:.3f}')

with tempfile.TemporaryDirectory() as scratch:
    if not os.path.exists(f'{shared}/tools/make_ptweb.py'): sys.exit('no $PENEIRA_SHARED: nothing to measure with')
    parts = sys.argv[1:] or ['pages', 'windows']
    if 'pages' in parts: pages_part(scratch)
    sys.stdout.flush()
    if 'windows' in parts: windows_part(scratch)
