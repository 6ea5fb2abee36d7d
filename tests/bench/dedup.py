#!/usr/bin/env python3
"""dedup.py: signing beside peers from PyPI, and a whole corpus with planted copies within a memory limit.

PENEIRA_BENCH_DOCS (default 1,000,000) documents are made by dedup_make.c, piped into `peneira dedup`, within PENEIRA_BENCH_MEMORY (default 256M), and its
answer is compared with the truth. Arguments choose parts: signing, steps, presets, corpus. CPU seconds are of one thread; peers that are not installed are left out (pip install datasketch rensa datatrove spacy).
"""
import sys
sys.path.pop(0)  # a neighbour here has the name of a module of the library
import io, json, os, re, subprocess, tempfile, time

here = os.path.dirname(os.path.abspath(__file__))
peneira = os.environ.get('PENEIRA') or os.path.abspath('build/peneira')
build = os.path.dirname(peneira)
root = os.path.dirname(os.path.dirname(here))
docs = int(os.environ.get('PENEIRA_BENCH_DOCS', '1000000'))
memory = os.environ.get('PENEIRA_BENCH_MEMORY', '256M')

LIBRARIES = ['libzstd', 'zlib', 'libarchive', 'icu-uc', 'icu-i18n', 'libxxhash']

def compiled(name, scratch, libraries):
    out = f'{scratch}/{name}'
    flags = subprocess.run(['pkg-config', '--libs', *libraries], check=True, capture_output=True, text=True).stdout.split() if libraries else []
    own = [f'{build}/dedup/libdedup.a', f'{build}/core/libcore.a'] if libraries else []
    subprocess.run(['gcc', '-O2', '-std=gnu17', '-D_FILE_OFFSET_BITS=64', f'-I{root}', f'{here}/{name}.c', *own, '-o', out, *flags, '-lm', '-lpthread'], check=True)
    return out

def cpu(): return time.process_time()

# ---- signing ----

def texts_for_signing(make, scratch):
    """At least 20,000 texts, one a line: those of ../shared when they are there, else made ones."""
    path = os.path.join(os.environ.get('PENEIRA_SHARED', ''), 'data/variety/train.jsonl.zst')
    texts = []
    if os.path.exists(path):
        import zstandard
        lines = io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(open(path, 'rb')), encoding='utf-8')
        whole = [json.loads(line)['text'].replace('\n', ' ') for line in lines]
        # Texts of web pages are longer than these: three in one.
        texts = [' '.join(whole[i:i + 3]) for i in range(0, len(whole), 3)]
    else:
        out = subprocess.run([make, 'docs', '20000'], check=True, capture_output=True, text=True).stdout
        texts = [json.loads(line)['text'] for line in out.splitlines()]
    open(f'{scratch}/texts', 'w', encoding='utf-8').write(''.join(t + '\n' for t in texts))
    return texts

def words_of(text): return re.sub(r'\s+', ' ', re.sub(r'[^\w\s]', ' ', re.sub(r'\d+', '0', text.lower()))).split()

def shingles(words): return {' '.join(words[i:i + 5]) for i in range(max(1, len(words) - 4))}

def peers(texts):
    some = texts[:2000]
    prepared = [sorted(shingles(words_of(t))) for t in some]
    try:
        from datasketch import MinHash
        t = cpu()
        for s in prepared: MinHash(num_perm=112).update_batch([x.encode() for x in s])
        yield 'datasketch, shingles given', len(some) / (cpu() - t)
    except ImportError: pass
    try:
        from rensa import RMinHash
        t = cpu()
        for s in prepared: RMinHash(num_perm=112, seed=1).update(s)
        yield 'rensa, shingles given', len(some) / (cpu() - t)
        t = cpu()
        for x in some: RMinHash(num_perm=112, seed=1).update(sorted(shingles(words_of(x))))
        yield 'rensa, normalised in Python', len(some) / (cpu() - t)
    except ImportError: pass

def datatrove(texts):
    """Its signing step whole, files and all, and again with the shingles' hashes given."""
    try:
        os.environ.setdefault('HF_HUB_OFFLINE', '1')
        import numpy, xxhash
        from loguru import logger
        import datatrove.pipeline.dedup.minhash as M
        from datatrove.data import Document
        from datatrove.utils.hashing import HashConfig
        logger.remove()
        config = M.MinhashConfig(hash_config=HashConfig(precision=64), num_buckets=14, hashes_per_bucket=8)
        documents = [Document(text=x, id=str(i)) for i, x in enumerate(texts[:400])]
        with tempfile.TemporaryDirectory() as d:
            sign = M.MinhashDedupSignature(f'{d}/sig', config=config, language='por')
            sign._hash_func = lambda s: xxhash.xxh64_intdigest(s.encode())  # newer xxhash takes no str
            sign.word_tokenizer.word_tokenize('um')
            t = cpu()
            sign.run(iter(documents), 0, 1)
            yield 'datatrove', len(documents) / (cpu() - t)
            hashed = [numpy.array([[xxhash.xxh64_intdigest(x.encode())] for x in shingles(words_of(t))], dtype=numpy.uint64) for t in texts[:400]]
            t = cpu()
            for h in hashed: sign.get_signature(h)
            yield 'datatrove, hashes of shingles given', len(hashed) / (cpu() - t)
    except ImportError: pass

def kernels(program):
    plain, chosen, name, agree = subprocess.run([program, 'kernels', '108', '20000'], check=True, capture_output=True, text=True).stdout.split()
    print(f'the kernel, 108 permutations: {plain} ns a shingle plain, {chosen} ns {name} ({float(plain) / float(chosen):.1f}x); both forms {agree}')

def signing(make, scratch):
    texts = texts_for_signing(make, scratch)
    size = os.path.getsize(f'{scratch}/texts')
    print(f'signing {len(texts)} texts of {sum(len(t.split()) for t in texts) / len(texts):.0f} words, {size / len(texts):.0f} bytes; normalisation included')
    program = compiled('dedup_sign', scratch, LIBRARIES)
    rows = []
    for name, scheme in (('keys of 18 x 6', 'own'), ('keys and sets', 'sets'), ('as datatrove has it', 'datatrove')):
        rates = sorted(float(subprocess.run([program, f'{scratch}/texts', scheme, '3'], check=True, capture_output=True, text=True).stdout.split()[0]) for _ in range(3))
        rows.append((f'peneira, {name}', rates[1]))
    rows += list(peers(texts)) + list(datatrove(texts))
    base = rows[1][1]
    print(f'{"":36} {"texts/CPU s":>12} {"peneira is":>11}')
    for name, rate in rows: print(f'{name:36} {rate:12,.0f} {base / rate:10.1f}x')
    kernels(program)

# ---- a whole corpus ----

# A process is charged with the memory of the one that started it: a small one has to be in between.
MEASURE = '''
import json, os, sys, time
began = time.time()
pid = os.spawnv(os.P_NOWAIT, sys.argv[2], sys.argv[2:])
_, status, used = os.wait4(pid, 0)
json.dump({'status': status, 'cpu': used.ru_utime + used.ru_stime, 'wall': time.time() - began, 'peak': used.ru_maxrss}, open(sys.argv[1], 'w'))
'''

def run_corpus(make, scratch):
    cmd = [peneira, 'dedup', '-j', '1', '-q', '--memory', memory, '--tmp', scratch, '-', '-o', '/dev/null', '--rejects', f'{scratch}/rejects', '--report', f'{scratch}/report']
    source = subprocess.Popen([make, 'docs', str(docs)], stdout=subprocess.PIPE)
    subprocess.run([sys.executable, '-I', '-S', '-c', MEASURE, f'{scratch}/used', *cmd], stdin=source.stdout, check=True)
    used = json.load(open(f'{scratch}/used'))
    if used['status']: sys.exit(f'peneira dedup: status {used["status"]}')
    source.wait()
    notes = json.load(open(f'{scratch}/report'))['notes']
    print(f'{docs:,} documents through `peneira dedup -j 1 --memory {memory}`')
    print(f'  CPU                       {used["cpu"]:10.1f} s   {used["cpu"] / docs * 1e6:.1f} us a document, reading, signing, solving, writing')
    print(f'  wall clock                {used["wall"]:10.1f} s')
    print(f'  peak memory               {used["peak"] / 1024:10.0f} MB')
    print(f'  signatures                {notes.get("dedup.sign_bytes", 0) / docs:10.0f} bytes a document')
    print(f'  runs                      {notes.get("dedup.scratch_bytes", 0) / docs:10.0f} bytes a document, written')
    print(f'  pairs, compared, alike    {notes.get("dedup.pairs", 0):,} {notes.get("dedup.compared", 0):,} {notes.get("dedup.alike", 0):,}')

def judge(make, scratch):
    import xxhash
    left, cluster = {}, {}
    for line in open(f'{scratch}/rejects', encoding='utf-8'):
        number = int(line[7:line.index('"', 7)])
        at = line.index('"minhash_cluster_id":') + 21
        left[number] = int(line[at:re.compile('[,}]').search(line, at).start()])
    alike = missed = 0
    with subprocess.Popen([make, 'truth', str(docs)], stdout=subprocess.PIPE, text=True) as truth:
        for line in truth.stdout:
            a, b, j = line.split()
            if float(j) >= .8:
                alike += 1
                missed += int(a) not in left and int(b) not in left
    print(f'  recall at Jaccard 0.8     {1 - missed / alike:10.5f}     {missed:,} of {alike:,} planted pairs have both stay')
    # A cluster's id is the hash of its survivor's id.
    wanted, survivor = set(left.values()), {}
    for i in range(docs):
        h = xxhash.xxh3_64_intdigest(str(i).encode()) & ((1 << 53) - 1)
        if h in wanted: survivor[h] = i
    pairs = ''.join(f'{k} {survivor[c]}\n' for k, c in left.items())
    out = subprocess.run([make, 'pairs', str(docs)], input=pairs, capture_output=True, text=True, check=True).stdout.split()
    bad = sum(float(j) < .7995 for j in out)
    print(f'  precision                 {1 - bad / len(out):10.5f}     {bad:,} of {len(out):,} left out are less like their survivor than 0.8')

# ---- what the steps cost, and the presets ----

def steps(make, scratch):
    """Deciding in tasks, as on a cluster: rank and settle are one task each."""
    n, parts = min(docs, 1_000_000), 8
    program, folder = compiled('dedup_steps', scratch, LIBRARIES), f'{scratch}/steps'
    os.mkdir(folder)
    source = subprocess.Popen([make, 'docs', str(n)], stdout=subprocess.PIPE)
    out = subprocess.run([program, folder, '16', str(parts), str(192 << 20)], stdin=source.stdout, check=True, capture_output=True, text=True).stdout
    source.wait()
    rows = [(name, float(a), float(b)) for name, a, b in (line.split() for line in out.splitlines())]
    deciding = sum(a for name, a, b in rows if name != 'sign')
    print(f"deciding about {n:,} documents in tasks, 192 MB each")
    for name, a, b in rows:
        print(f'  {name:9} {f"{parts} tasks" if name == "pairs" else "":8} {a:8.2f} CPU s {a / n * 1e6:6.2f} us a document' + (f' {a / deciding:6.0%} of deciding, the longest task {b:.2f} s' if name != 'sign' else ''))

def presets(make, scratch):
    n = min(docs, 100_000)
    print(f'{"presets, " + format(n, ",") + " documents":34} {"CPU us a document":>18} {"signature":>10} {"pairs":>10} {"compared":>10} {"left out":>10}')
    for name in ('default', 'mirrors', 'fineweb2', 'amalia', 'datatrove'):
        cmd = [peneira, 'dedup', '-j', '1', '-q', '--memory', memory, '--tmp', scratch, '--dedup-preset', name, '-', '-o', '/dev/null', '--report', f'{scratch}/report']
        source = subprocess.Popen([make, 'docs', str(n)], stdout=subprocess.PIPE)
        subprocess.run([sys.executable, '-I', '-S', '-c', MEASURE, f'{scratch}/used', *cmd], stdin=source.stdout, check=True)
        source.wait()
        report, used = json.load(open(f'{scratch}/report')), json.load(open(f'{scratch}/used'))
        notes, stage = report['notes'], next(s for s in report['stages'] if s['name'] == 'dedup')
        print(f'  {name:32} {used["cpu"] / n * 1e6:18.1f} {notes["dedup.sign_bytes"] / n:10.0f} {notes.get("dedup.pairs", 0):10,} {notes.get("dedup.compared", 0):10,} {stage["in"] - stage["kept"]:10,}')

def main():
    with tempfile.TemporaryDirectory() as scratch:
        make = compiled('dedup_make', scratch, [])
        parts = sys.argv[1:] or ['signing', 'steps', 'presets', 'corpus']
        for name, part in (('signing', signing), ('steps', steps), ('presets', presets)):
            if name in parts: part(make, scratch)
            sys.stdout.flush()
        if 'corpus' not in parts: return
        run_corpus(make, scratch)
        sys.stdout.flush()
        judge(make, scratch)

main()
