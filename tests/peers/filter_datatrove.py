#!/usr/bin/env python3
"""filter_datatrove.py PENEIRA [N]: the quality rules beside datatrove's own classes, on N documents of all lengths, on corner cases, and on as many
short documents as make 5,000 with them.

Every number must agree to six digits, and every rule must give the same verdict, alone and as the presets have them. Documents are
cut from $PENEIRA_SHARED/data (skipped where absent) at many lengths; corner cases come from a seeded generator.
"""
import io, json, math, os, random, re, subprocess, sys, warnings
warnings.simplefilter('ignore')
try:
    import logging; logging.disable(logging.CRITICAL)
    os.environ['LOGURU_LEVEL'] = 'ERROR'
    import zstandard
    from datatrove.data import Document
    from datatrove.pipeline.filters import GopherRepetitionFilter, GopherQualityFilter, FineWebQualityFilter
    from datatrove.pipeline.filters.c4_filters import C4ParagraphFilter, C4QualityFilter
    from datatrove.pipeline.filters.gopher_repetition_filter import find_duplicates, find_top_duplicate, find_all_duplicate, get_n_grams
    from datatrove.utils.text import PUNCTUATION_SET, TERMINAL_PUNCTUATION, split_into_words
    split_into_words('teste', 'por')
except Exception as e:
    print('SKIP datatrove is not there:', e, file=sys.stderr); sys.exit(77)

STOP = 'de a e o em do da que um no uma com para na é foi'.split()
binary, wanted = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100

def shared():
    root = os.environ.get('PENEIRA_SHARED', '')
    for name in ('variety/train', 'variety/gate_train', 'variety/dev', 'tokenizers/lines', 'extract/train'):
        path = f'{root}/data/{name}.jsonl.zst'
        if not os.path.exists(path): continue
        with zstandard.ZstdDecompressor().stream_reader(open(path, 'rb')) as f:
            for line in io.TextIOWrapper(f, encoding='utf-8'):
                x = json.loads(line)
                t = x if isinstance(x, str) else x.get('text') or x.get('html') or ''
                if t.strip(): yield t

def documents(n, rng, all_texts):
    all_texts = list(all_texts)
    rng.shuffle(all_texts)
    out = []
    while all_texts and len(out) < n:
        take = rng.choice((1, 1, 1, 2, 5, 20, 60))
        t = rng.choice(('\n', '\n\n', ' ', '\n \n')).join(all_texts[:take])[:rng.choice((200, 2000, 20000, 60000))]
        all_texts = all_texts[take:]
        if t.strip(): out.append(t)
    return out

def short(n, rng, all_texts):
    """One text each, or two joined, of up to 400 characters: as many verdicts as the time of a test allows."""
    all_texts = [t[:400] for t in all_texts]
    rng.shuffle(all_texts)
    return [rng.choice(('\n', '\n\n', ' ')).join(all_texts[i:i + rng.choice((1, 1, 2))])[:400] for i in range(min(n, len(all_texts)))]

def corners(n, rng):
    bits = ['um', 'dois', 'a', 'ab', 'b', 'de', 'que', 'é', '#', '...', '…', '•', '-', '.', '!', '\n', '\n\n', '\n \n', '\r\n', '\x0b', '\x1c', '\u2028', '\x85', '\u00a0', '  ',
            'Dr.', ':)', 'R$', '10km', '—', '«', '»', 'www.sapo.pt', '日本', '😀', 'guarda-chuva', '1', 'linha inteira que se repete.\n', 'x' * 40, '•\n', '- ponto\n', 'fim...\n', '?\n']
    for _ in range(n):
        few = rng.sample(bits, rng.randint(1, len(bits)))
        t = ''.join(rng.choice(few) + rng.choice(('', ' ', ' ')) for _ in range(rng.choice((3, 10, 50, 300))))
        if split_into_words(t, 'por'): yield t

def numbers(t):
    words = split_into_words(t, 'por')
    real = [w for w in words if any(c not in PUNCTUATION_SET for c in w)]
    cut, lines = t.splitlines(), [x for x in t.split('\n') if x.strip() != '']
    gopher, paras = find_duplicates(re.split('\n+', t)), find_duplicates(re.split('\n{2,}', t.strip()))
    s = {'words': len(real), 'word_length': sum(map(len, real)) / len(real) if real else 0, 'hash_ratio': t.count('#') / len(words),
         'ellipsis_ratio': (t.count('...') + t.count('…')) / len(words),
         'bullet_lines': sum(x.lstrip().startswith(('•', '-')) for x in cut) / len(cut),
         'ellipsis_lines': sum(x.rstrip().endswith(('...', '…')) for x in cut) / len(cut),
         'alpha_words': sum(any(c.isalpha() for c in w) for w in words) / len(words), 'stop_words': len(set(STOP) & set(words)),
         'dup_line_frac': gopher[0] / len(re.split('\n+', t)), 'dup_line_chars': gopher[1] / len(t),
         'dup_para_frac': paras[0] / len(re.split('\n{2,}', t.strip())), 'dup_para_chars': paras[1] / len(t),
         'line_punct': sum(x.endswith(tuple(TERMINAL_PUNCTUATION)) for x in lines) / len(lines),
         'short_lines': sum(len(x) <= 30 for x in lines) / len(lines),
         'char_dup_ratio': find_duplicates(lines)[1] / len(t.replace('\n', '')), 'new_line_ratio': t.count('\n') / len(words)}
    for n in (2, 3, 4):
        grams = get_n_grams(words, n)
        s[f'top_{n}_gram'] = find_top_duplicate(grams) / len(t) if grams else 0
    for n in range(5, 11): s[f'dup_{n}_grams'] = find_all_duplicate(words, n) / len(t)
    return s

def rules():
    """name, datatrove's filter with this rule alone, peneira's option(s)"""
    off = dict(dup_line_frac=None, dup_para_frac=None, dup_line_char_frac=None, dup_para_char_frac=None, top_n_grams=(), dup_n_grams=(), language='por')
    rep = lambda **k: GopherRepetitionFilter(**{**off, **k})
    none = dict(min_doc_words=None, max_doc_words=None, min_avg_word_length=None, max_avg_word_length=None, max_symbol_word_ratio=None, max_bullet_lines_ratio=None,
                max_ellipsis_lines_ratio=None, max_non_alpha_words_ratio=None, min_stop_words=None, stop_words=STOP, language='por')
    gq = lambda **k: GopherQualityFilter(**{**none, **k})
    fw = lambda **k: FineWebQualityFilter(**{**dict(line_punct_thr=-1, short_line_thr=9, char_duplicates_ratio=9, new_line_ratio=1e9, language='por'), **k})
    yield 'min-words', gq(min_doc_words=50), ['--min-words=50']
    yield 'max-words', gq(max_doc_words=200), ['--max-words=200']
    yield 'min-word-length', gq(min_avg_word_length=4.5), ['--min-word-length=4.5']
    yield 'max-word-length', gq(max_avg_word_length=5), ['--max-word-length=5']
    yield 'symbols', gq(max_symbol_word_ratio=.1), ['--max-hash-ratio=.1', '--max-ellipsis-ratio=.1']
    yield 'bullets', gq(max_bullet_lines_ratio=.5), ['--max-bullet-lines=.5']
    yield 'ellipses', gq(max_ellipsis_lines_ratio=.3), ['--max-ellipsis-lines=.3']
    yield 'alpha', gq(max_non_alpha_words_ratio=.814), ['--min-alpha-words=.814']
    yield 'stop', gq(min_stop_words=3), ['--min-stop-words=3']
    yield 'dup-line-frac', rep(dup_line_frac=.287), ['--max-dup-line-frac=.287']
    yield 'dup-line-chars', rep(dup_line_char_frac=.2), ['--max-dup-line-chars=.2']
    yield 'dup-para-frac', rep(dup_para_frac=.3), ['--max-dup-para-frac=.3']
    yield 'dup-para-chars', rep(dup_para_char_frac=.2), ['--max-dup-para-chars=.2']
    for n, x in ((2, .371), (3, .191), (4, .163)): yield f'top-{n}', rep(top_n_grams=((n, x),)), [f'--max-top-{n}-gram={x}']
    for n, x in ((5, .163), (6, .153), (7, .141), (8, .13), (9, .119), (10, .108)): yield f'dup-{n}', rep(dup_n_grams=((n, x),)), [f'--max-dup-{n}-grams={x}']
    yield 'line-punct', fw(line_punct_thr=.3), ['--min-line-punct=.3']
    yield 'short-lines', fw(short_line_thr=.67), ['--max-short-lines=.67']
    yield 'char-dup', fw(char_duplicates_ratio=.1), ['--max-char-dup-ratio=.1']
    yield 'new-line', fw(new_line_ratio=.186), ['--max-new-line-ratio=.186']
    yield 'c4-paragraph', C4ParagraphFilter(), ['--min-third-line=200']

def preset(words):
    return [GopherRepetitionFilter(language='por', dup_para_frac=None, dup_line_char_frac=None, dup_para_char_frac=None, dup_line_frac=.287,
                top_n_grams=((2, .371), (3, .191), (4, .163)), dup_n_grams=((5, .163), (6, .153), (7, .141), (8, .13), (9, .119), (10, .108))),
            FineWebQualityFilter(language='por', new_line_ratio=.186, line_punct_thr=.077, char_duplicates_ratio=.1, short_line_thr=999),
            GopherQualityFilter(language='por', min_avg_word_length=3, max_avg_word_length=13, min_doc_words=words, max_non_alpha_words_ratio=.814,
                max_ellipsis_lines_ratio=.3, stop_words=STOP, min_stop_words=2)]

def passes(f, t):
    r = f.filter(Document(text=t, id='x'))
    return r is True

def peneira(texts, *options):
    lines = ''.join(json.dumps({'id': str(i), 'text': t}) + '\n' for i, t in enumerate(texts))
    r = subprocess.run([binary, 'filter', '-q', '--keep', 'all', '--no-mask', '--no-repair', '--no-clean-cookies', '--no-clean-menus', '--no-clean-foreign', '--no-page-rules', *options], input=lines.encode(), stdout=subprocess.PIPE, check=True)
    return {int(d['id']): d for d in map(json.loads, r.stdout.splitlines())}

def main():
    rng = random.Random(7)
    given = list(shared())
    texts = documents(wanted, rng, given) + list(corners(max(wanted // 3, 100), rng))
    texts += [t for t in short(5000 - len(texts), rng, given) if split_into_words(t, 'por')]
    chains = [(n, [f], ['--preset=none'] + o) for n, f, o in rules()]
    chains += [('preset fineweb2-por', preset(50), ['--preset=fineweb2-por']), ('preset amalia', preset(15), ['--preset=amalia'])]
    ours, bad, compared, want = peneira(texts, '--preset', 'none'), 0, 0, [[] for _ in chains]
    for i, t in enumerate(texts): # one document at a time: datatrove remembers the words of the last few
        for k, v in numbers(t).items():
            got = ours[i]['signals'].get(k, math.nan)
            compared += 1
            if abs(got - v) > 5.1e-6 * abs(v) and not (math.isnan(got) and k == 'word_length'): # half a unit of the sixth digit
                bad += 1
                if bad < 20: print(f'# {k}: {got}, datatrove {v}: {t[:60]!r} ({len(t)} characters)')
        for c, (_, chain, _) in enumerate(chains): want[c].append(all(passes(f, t) for f in chain))
    print('not ok' if bad else 'ok', 1, f'- {compared} numbers of {len(texts)} documents agree to six digits')
    failed = bad > 0
    for c, (name, _, options) in enumerate(chains):
        kept = peneira(texts, *options)
        wrong = [i for i in range(len(texts)) if want[c][i] != (i in kept)]
        failed |= bool(wrong)
        print('not ok' if wrong else 'ok', c + 2, f'- {name}: same verdict, {sum(want[c])} of {len(texts)} kept')
        for i in wrong[:3]: print(f'# {texts[i][:80]!r} datatrove keeps: {want[c][i]}')
    bits = ['Uma frase de quatro palavras. ', 'Outra! ', 'Quem vem lá? ', 'nota[12] ', '[edit] ', 'Diz: "sim". ', 'fim... ', '\n', '\r\n', ' . ', '?! ', '  ', 'Sr. Silva ', 'etc. ', 'x' * 600, '«Olá.» ']
    rare = ['Lorem Ipsum', '{', 'JavaScript', 'use cookies', 'Privacy Policy', '\u2028', '[citation needed]']
    for _ in range(wanted): texts.append(''.join(rng.choice(bits if rng.random() < .97 else rare) for _ in range(rng.choice((20, 40, 80)))))
    c4, kept, wrong = C4QualityFilter(language='por'), peneira(texts, '--preset=none', '--c4'), []
    for i, t in enumerate(texts):
        d = Document(text=t, id='x')
        good = c4.filter(d) is True
        if good != (i in kept) or (good and d.text != kept[i].get('text', '')): wrong.append(i)
    failed |= bool(wrong)
    print('not ok' if wrong else 'ok', len(chains) + 2, f'- c4: same verdict and text, {len(kept)} of {len(texts)} kept')
    for i in wrong[:3]: print(f'# {texts[i][:200]!r}')
    print(f'1..{len(chains) + 2}')
    return failed

sys.exit(main())
