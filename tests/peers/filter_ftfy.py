#!/usr/bin/env python3
"""filter_ftfy.py PENEIRA [N]: repaired texts beside ftfy's: N texts of $PENEIRA_SHARED/data (where it is) as they are, the same garbled in
many ways, and made-up lines. Equal, quotation marks apart, which Peneira leaves as they are."""
import io, json, os, random, subprocess, sys
try:
    import ftfy, zstandard
except Exception as e:
    print('SKIP ftfy is not there:', e, file=sys.stderr); sys.exit(77)
binary, wanted = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 400
config = ftfy.TextFixerConfig(uncurl_quotes=False)
R = random.Random(3)
OWN = ['A estação de São Bento fica no coração do Porto, e às vezes já não há lugar à janela.', 'Ação, reação e emoção: «três» palavras… “entre aspas” — com travessão.',
       'O pão custa 1,20 € na padaria da D.ª Amélia, n.º 4, 2.º andar; aberto até às 20h.', 'Não é possível, disse a avó. É português, é à maneira!', 'ÀS ARMAS! CORAÇÃO ÍNDIGO, ÓRFÃO ÚNICO. ÂNSIA.']

def texts():
    root, found = os.environ.get('PENEIRA_SHARED', ''), list(OWN) * 20
    for name in ('variety/train', 'tokenizers/lines'):
        path = f'{root}/data/{name}.jsonl.zst'
        if not os.path.exists(path): continue
        with zstandard.ZstdDecompressor().stream_reader(open(path, 'rb')) as f:
            for line in io.TextIOWrapper(f, encoding='utf-8'):
                x = json.loads(line)
                found.append(x if isinstance(x, str) else x.get('text') or '')
    R.shuffle(found)
    return [t for t in found if t][:wanted]

def garbled(t):
    encodings = ['latin-1', 'sloppy-windows-1252', 'latin-1', 'sloppy-windows-1252', 'macroman', 'sloppy-windows-1250', 'cp437', 'iso-8859-2', 'sloppy-windows-1251']
    try: m = t[:600].encode().decode(R.choice(encodings))
    except Exception: return t
    k = R.random()
    if k < .3: m = m.replace('\xa0', ' ')
    if .3 < k < .5: m = t[:100] + m[:R.randint(5, 200)] + t[100:300]
    if k > .9:
        try: m = m.encode().decode('sloppy-windows-1252')
        except Exception: pass
    return m

def made():
    bits = ['&eacute;', '&amp;', '&lt;', '&#233;', '&#x201C;', '&NTILDE;', '&amp;amp;', '&nbsp;', '&#150;', '&#0;', '&#59;', '&bogus;', '&copy', 'ﬁ', 'ﬂ', 'Ｌ', '！', '　', '\r\n', '\r', '\u2028', '\x85', '\x1b[31m',
            '\x07', '\ufeff', 'a\u0301', 'é', 'Ã©', 'Â ', 'Ã ', 'â€œ', 'â€\x9d', 'â€™', 'Ã§Ã£o', 'NÃO', 'ÃO', 'São', 'à', 'ção', '<b>', '"', ' ', 'texto', '\n', 'œ', 'Œuvre', 'Å', 'Ø', '€', '£', '«', '»', '“', '”', 'º',
            'ª', '1ª', '½', '²', '°', '§', '\xad', '\u0327c']
    return ''.join(R.choice(bits) for _ in range(R.randint(1, 14)))

def main():
    plain = texts()
    kinds = {'as they are': plain, 'garbled': [garbled(t) for t in plain], 'made up': [made() for _ in range(wanted)]}
    failed = False
    for number, (kind, list_of) in enumerate(kinds.items(), 1):
        list_of = [t for t in list_of if t.strip()]
        lines = ''.join(json.dumps({'id': str(i), 'text': t}) + '\n' for i, t in enumerate(list_of))
        r = subprocess.run([binary, 'filter', '-q', '--keep=all', '--preset=none', '--no-mask', '--no-clean-cookies', '--no-clean-menus', '--no-clean-foreign'], input=lines.encode(), stdout=subprocess.PIPE, check=True)
        got = {int(d['id']): d.get('text', '') for d in map(json.loads, r.stdout.splitlines())}
        want = [ftfy.fix_text(t, config) for t in list_of]
        wrong = [i for i in range(len(want)) if want[i] != got.get(i)]
        failed |= bool(wrong)
        print('not ok' if wrong else 'ok', number, f'- {kind}: {len(want)} texts, {sum(a != b for a, b in zip(want, list_of))} repaired, the same')
        for i in wrong[:3]: print(f'# {list_of[i][:70]!r}\n#   {want[i][:70]!r}\n#   {str(got.get(i))[:70]!r}')
    print(f'1..{len(kinds)}')
    return failed

sys.exit(main())
