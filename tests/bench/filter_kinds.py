#!/usr/bin/env python3
"""What the quality rules keep of each kind of text, and which rule leaves out the rest, by the project's preset and by FineWeb-2's as published.

Texts of 50 words and more of $PENEIRA_SHARED/data/variety/train.jsonl.zst, by source (all of them are wanted text, so what is left out is loss);
and the pages of $PENEIRA_SHARED/data/warc/pages, extracted, by the words of their addresses. Blanks at the ends of lines, which extraction never
leaves, are taken off; a piece cut from a longer text gets the full stop that cutting took."""
import collections, io, json, os, re, subprocess, sys, tempfile
root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
shared = os.environ.get('PENEIRA_SHARED', os.path.join(os.path.dirname(root), 'shared')) + '/data'
peneira = root + '/build/peneira'
sources = {'Blog de Jamildo': 'blog', 'ComUM': 'news', 'UMdicas': 'news', 'NOS UMinho': 'news', 'democraciapt': 'opinion', 'LeNER': 'law', 'PT legislation': 'law', 'Planalto': 'law', 'BR Constituent': 'parliament',
           'Camilo': 'literature', 'Machado': 'literature', 'amagovpt': 'courses', 'MS Alchemy': 'support pages', 'KDE': 'manuals', 'MS Power': 'manuals', 'pt-br.reactjs': 'manuals', 'HateBR': 'comments'}
addresses = [('law', 'normas-planalto'), ('recipes', 'receita|cybercook|panelinha|bimby|comidinhas|claudia.abril|pingodoce|ajinomoto'),
             ('news', 'noticia|globo|uol.com.br/(esporte|ultimas)|folha|otempo|brasil247|correio|campogrande|holanda|revistaforum|reuters|autoracing'),
             ('institutions', r'\.up\.pt|ualg|gov|territorio|edu|apache.org|wp-portugal|cotemig')]

def texts():
    rows, joined = [], ''
    for line in io.TextIOWrapper(subprocess.Popen(['zstd', '-dcq', shared + '/variety/train.jsonl.zst'], stdout=subprocess.PIPE).stdout, encoding='utf-8'):
        d = json.loads(line)
        kind = next((k for s, k in sources.items() if d['source'].startswith(s)), None)
        text = d['text'].replace(' \n', '\n').strip()
        if kind == 'comments': # one page of comments for about every 15 of them
            joined += text + '\n'
            if len(joined.split()) > 250: rows.append((kind, joined)); joined = ''
        elif kind and len(text.split()) >= 50:
            rows.append((kind, text + ('.' if d['unit'] == 'chunk' and text[-1] not in '.!?' else '')))
    return rows

def pages():
    crawl = subprocess.Popen([peneira, 'crawl', '-q', shared + '/warc/pages/pages-pt.warc.gz'], stdout=subprocess.PIPE)
    out = subprocess.run([peneira, 'extract', '-q'], stdin=crawl.stdout, stdout=subprocess.PIPE, check=True).stdout
    docs = [json.loads(l) for l in out.splitlines()]
    return [('pages: ' + next((k for k, e in addresses if re.search(e, d['url'])), 'others'), d['text']) for d in docs if d.get('text')]

def judge(rows, preset, folder):
    path = folder + '/in.jsonl'
    with open(path, 'w') as f:
        for i, (_, t) in enumerate(rows): f.write(json.dumps({'id': str(i), 'text': t}) + '\n')
    subprocess.run([peneira, 'filter', '-q', '--keep', 'all', '--preset', preset, path, '-o', folder + '/kept', '--rejects', folder + '/rest'], check=True)
    by = collections.defaultdict(collections.Counter)
    for name in ('kept', 'rest'):
        for line in open(folder + '/' + name): d = json.loads(line); by[rows[int(d['id'])][0]][d.get('drop')] += 1
    return by

def main():
    if not os.path.exists(shared): print('the shared data is not there'); return
    rows = texts() + pages()
    with tempfile.TemporaryDirectory() as d: ours, theirs = judge(rows, 'peneira', d), judge(rows, 'fineweb2-por', d)
    print(f'{"kind":22} {"texts":>6} {"kept":>7} {"fineweb2-por":>13}  left out most by')
    for k in sorted(ours):
        n = sum(ours[k].values())
        why = ', '.join(f'{r[7:]} {c / n:.1%}' for r, c in ours[k].most_common(5) if r)
        print(f'{k:22} {n:6} {ours[k][None] / n:7.1%} {theirs[k][None] / n:13.1%}  {why}')

main()
