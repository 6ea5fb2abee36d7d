#!/usr/bin/env python3
"""The rules of filter beside datatrove's and ftfy's, in MB of text a second of one core (CPU time, same run, same texts).

Texts: $PENEIRA_SHARED/data/variety/train.jsonl.zst joined to pages of 3,000 characters, or made-up ones without it. Three lengths show
that time grows with the text. Peers that are not installed are left out: pip install datatrove spacy ftfy."""
import io, json, os, random, subprocess, sys, tempfile, time
here = os.path.dirname(os.path.abspath(__file__))
sys.path = [p for p in sys.path if os.path.abspath(p or '.') != here]  # a benchmark beside this one is called tokenize
root = os.path.dirname(os.path.dirname(here))
build = os.path.join(root, 'build')

def pages():
    path = os.environ.get('PENEIRA_SHARED', os.path.join(os.path.dirname(root), 'shared')) + '/data/variety/train.jsonl.zst'
    if os.path.exists(path):
        lines = (json.loads(l)['text'] for l in io.TextIOWrapper(subprocess.Popen(['zstd', '-dcq', path], stdout=subprocess.PIPE).stdout, encoding='utf-8'))
    else:
        r, words = random.Random(1), 'de a que o estação comboio passageiros atraso linha obras coração município água pão ler três também à às não é foi uma com para na cidade'.split()
        lines = (' '.join(r.choice(words) for _ in range(r.randint(8, 60))).capitalize() + '.' for _ in range(80000))
    page, out = '', []
    for t in lines:
        page += t + '\n'
        if len(page) > 3000: out.append(page[:-1]); page = ''
    return out

def rules(texts):
    with tempfile.TemporaryDirectory() as d:
        flags = subprocess.run(['pkg-config', '--libs', 'libxxhash', 'icu-uc', 'icu-i18n', 'libzstd', 'zlib', 'libarchive', 'libdeflate'], capture_output=True, text=True).stdout.split()
        subprocess.run(['cc', '-O2', '-I', root, here + '/filter_rules.c', build + '/filter/libfilter.a', build + '/filter/libmodels.a', build + '/core/libcore.a', '-o', d + '/rules', *flags, '-lm', '-pthread'], check=True)
        return subprocess.run([d + '/rules'], input='\0'.join(texts).encode(), capture_output=True, check=True).stdout.decode()

def peer(name, f, texts, least=3.0):
    n, begin = 0, time.process_time()
    for t in texts:
        f(t); n += len(t.encode())
        if time.process_time() - begin > least: break
    print(f'{name:28} {n / 1e6 / (time.process_time() - begin):8.2f} MB/s')

def main():
    texts = pages()
    size = sum(len(t.encode()) for t in texts)
    print(f'{len(texts)} pages, {size / 1e6:.1f} MB of text\n\nPeneira')
    print(rules(texts))
    for k in (1, 10, 100):
        joined = ['\n'.join(texts[i:i + k]) for i in range(0, len(texts), k)]
        print(f'{"all of it, pages of " + str(3 * k) + " KB":28}', rules(joined).splitlines()[-1][28:])
    print('\nPeers')
    try:
        import ftfy
        peer('ftfy', ftfy.fix_text, texts)
    except ImportError: print('ftfy is not there')
    try:
        os.environ['LOGURU_LEVEL'] = 'ERROR'
        from datatrove.data import Document
        from datatrove.pipeline.filters import GopherRepetitionFilter, GopherQualityFilter, FineWebQualityFilter
        from datatrove.pipeline.formatters import PIIFormatter
        chain = [GopherRepetitionFilter(language='por'), FineWebQualityFilter(language='por'), GopherQualityFilter(language='por')]
        for f in chain: f.filter(Document(text=texts[0] + ' ', id='0'))
        peer('datatrove, repetition', lambda t: chain[0].filter(Document(text=t, id='0')), texts)
        peer('datatrove, the three rules', lambda t: [f.filter(Document(text=t + ' ', id='0')) for f in chain], texts)
        pii = PIIFormatter()
        peer('datatrove, personal data', pii.format, texts)
    except ImportError: print('datatrove is not there')

sys.exit(main())
