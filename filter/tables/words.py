#!/usr/bin/env python3
"""words.py > words.h: the tables of filter/affix.c, taken from spaCy's blank Portuguese tokenizer and from datatrove's character sets.

Every character is asked of the compiled expressions themselves, so that the table holds what they do, not what they look like.
pip: spacy datatrove
"""
import os, re, sys, unicodedata
import spacy
from spacy.lang import char_classes as cc
from spacy.pipeline import Sentencizer
from spacy.tokenizer import Tokenizer
from datatrove.utils.text import PUNCTUATION_SET, TERMINAL_PUNCTUATION

nlp = spacy.blank('pt')
tok = nlp.tokenizer
FLAGS = ['SPACE', 'ALPHA', 'LOWER', 'UPPER', 'WORD', 'DIGIT', 'PREFIX', 'SUFFIX', 'QUOTE', 'BEFORE_DOT', 'ICON', 'CURRENCY', 'LETTER',
         'SYMBOL', 'TERMINAL', 'PUNCT', 'SENTENCE']
cls = lambda s: re.compile('[' + s + ']')
space, word, digit = re.compile(r'\s'), re.compile(r'\w'), re.compile(r'\d')
alpha, lower, upper, quote, icon = map(cls, (cc.ALPHA, cc.ALPHA_LOWER, cc.ALPHA_UPPER, cc.CONCAT_QUOTES, cc.ICONS))
sentence = set(Sentencizer().punct_chars)

def flags(c):
    s = chr(c)
    if 0xD800 <= c < 0xE000: return 0
    on = [space.match(s) is not None, alpha.match(s), lower.match(s), upper.match(s), word.match(s), digit.match(s),
          s != '+' and tok.prefix_search(s), s != '.' and tok.suffix_search(s), quote.match(s), tok.suffix_search(s + '.') and (tok.suffix_search(s + '.').start() == 1) and s != '.',
          icon.match(s), tok.suffix_search('1' + s) and not tok.suffix_search(s) and not word.match(s) and s in cc.LIST_CURRENCY + ['$'], s.isalpha(), s in PUNCTUATION_SET, s in TERMINAL_PUNCTUATION,
          unicodedata.category(s).startswith('P'), s in sentence]
    assert (s.isspace() or False) == bool(on[0]), hex(c)
    return sum(1 << i for i, x in enumerate(on) if x)

def fnv(data, h=2166136261):
    for b in data: h = ((h ^ b) * 16777619) & 0xFFFFFFFF
    return h

def lit(s): return '"' + ''.join(chr(b) if 32 <= b < 127 and b not in b'"\\?' else '\\%03o' % b for b in s.encode()) + '"'

plane = [flags(c) for c in range(0x110000)]
blocks, index = [], []
for at in range(0, len(plane), 128):
    b = tuple(plane[at:at + 128])
    if b not in blocks: blocks.append(b)
    index.append(blocks.index(b))
assert len(blocks) < 256
out = ['/* Made by words.py from spaCy %s (blank pt) and datatrove; Unicode %s. */' % (spacy.__version__, unicodedata.unidata_version),
       '#pragma once', '#include <stdint.h>', '']
header = open(os.path.join(os.path.dirname(os.path.abspath(__file__)), '../affix.h')).read()
assert re.findall(r'\bAFFIX_(\w+) = 1 << (\d+)', header) == [(n, str(i)) for i, n in enumerate(FLAGS)]
out.append('const uint8_t affix_index[%d] = {' % len(index))
for i in range(0, len(index), 32): out.append('\t' + ','.join(map(str, index[i:i + 32])) + ',')
out += ['};', '', 'const uint32_t affix_flags[%d][128] = {' % len(blocks)]
for b in blocks:
    out.append('\t{')
    for i in range(0, 128, 16): out.append('\t ' + ','.join('0x%x' % x for x in b[i:i + 16]) + ',')
    out.append('\t},')
out += ['};', '']

def kind(c):
    if c < 128 and plane[c] & 1: return 'AFFIX_K_BLANK'
    if chr(c) in ',;:!?.': return 'AFFIX_K_MARK'
    return 'AFFIX_K_LETTER' if chr(c).isascii() and chr(c).isalpha() else 'AFFIX_K_LATIN' if c == 0xC3 else 'AFFIX_K_FAR' if c >= 0xC0 else 'AFFIX_K_OTHER'
out += ['const uint8_t affix_kinds[256] = {']
for i in range(0, 256, 8): out.append('\t' + ', '.join(kind(c) for c in range(i, i + 8)) + ',')
out += ['};', '']

# Special strings: kept whole (or cut as their rule says). parts: lengths in bytes of the tokens that the rule gives.
bare = Tokenizer(nlp.vocab, rules={}, prefix_search=tok.prefix_search, suffix_search=tok.suffix_search, infix_finditer=tok.infix_finditer,
                 token_match=tok.token_match, url_match=tok.url_match)
specials = {s: [spacy_t[65] if 65 in spacy_t else list(spacy_t.values())[0] for spacy_t in v] for s, v in tok.rules.items() if s.strip()}
size = 1024
table = [None] * size
for s in sorted(specials):
    i = fnv(s.encode()) % size
    while table[i]: i = (i + 1) % size
    table[i] = s
longest = max(len(s.encode()) for s in specials)
assert longest < 32
# Which lengths the specials have that begin, and that end, with each byte.
for name, at in (('first', 0), ('last', -1)):
    lengths = [0] * 256
    for s in specials: lengths[s.encode()[at]] |= 1 << len(s.encode())
    out.append('static const uint32_t affix_special_%s[256] = {' % name)
    for i in range(0, 256, 16): out.append('\t' + ', '.join('0x%x' % x for x in lengths[i:i + 16]) + ',')
    out += ['};', '']
out += ['enum { AFFIX_SPECIAL_MAX = %d, AFFIX_SPECIALS = %d }; /* longest, in bytes; size of the table */' % (longest, size),
        'static const struct affix_special affix_specials[%d] = {' % size]
for i, s in enumerate(table):
    if not s: continue
    parts = [len(p.encode()) for p in specials[s]]
    assert sum(parts) == len(s.encode()) and len(parts) <= 3, s
    out.append('\t[%d] = {%s, %d, {%s}},' % (i, lit(s), len(s.encode()), ', '.join(map(str, parts))))
out += ['};', '']

# Specials that the affix rules cut are put together again wherever their tokens follow each other: a trie over tokens.
edges, nodes, final = {}, 1, set()
for s in sorted(specials):
    if not (tok.find_prefix(s) or tok.find_infix(s) or tok.find_suffix(s)): continue
    parts = [t.text for t in bare(s)]
    if len(parts) < 2: continue
    at = 0
    for p in parts:
        if (at, p) not in edges: edges[at, p] = nodes; nodes += 1
        at = edges[at, p]
    final.add(at)
depth = max(len([t for t in bare(s)]) for s in specials)
table = [None] * size
for (at, p), to in sorted(edges.items()):
    i = (fnv(p.encode()) ^ (at * 40503 & 0xFFFFFFFF)) % size
    while table[i]: i = (i + 1) % size
    table[i] = (at, p, to)
assert 'AFFIX_PHRASE_MAX = %d ' % depth in header
out += ['enum { AFFIX_EDGES = %d };' % size,
        'static const struct affix_edge affix_edges[%d] = {' % size]
for i, e in enumerate(table):
    if e: out.append('\t[%d] = {%s, %d, %d, %d, %d},' % (i, lit(e[1]), len(e[1].encode()), e[2] in final, e[0], e[2]))
out += ['};', '']
units = sorted({u.replace('\\', '') for u in cc.UNITS.split('|')}, key=lambda u: (len(u), u))
assert not any(re.search('[0-9]', u) for u in units)
out += ['enum { AFFIX_UNIT_MAX = %d }; /* characters */' % max(map(len, units)), 'static const char *const affix_units[] = {']
line = '\t'
for u in units:
    if len(line) > 120: out.append(line); line = '\t'
    line += lit(u) + ', '
out += [line + '0', '};']
sys.stdout.write('\n'.join(out) + '\n')
