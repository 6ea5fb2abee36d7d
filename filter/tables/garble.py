#!/usr/bin/env python3
"""garble.py > garble.h: character classes, encodings and entities of filter/garble.c and repair.c, taken from ftfy 6. pip: ftfy"""
import re, sys
import ftfy.bad_codecs
from ftfy import badness, chardata

CLASSES = ['common', 'c1', 'bad', 'law', 'currency', 'start_punctuation', 'end_punctuation', 'numeric', 'kaomoji', 'upper_accented', 'lower_accented', 'upper_common', 'lower_common', 'box']
CLUES = ['utf8_first_of_2', 'utf8_first_of_3', 'utf8_first_of_4', 'utf8_continuation', 'utf8_continuation_strict']
sets = [re.compile('[%s]' % badness.MOJIBAKE_CATEGORIES[c]) for c in CLASSES] + [re.compile('[%s]' % chardata.UTF8_CLUES[c]) for c in CLUES]
esc = lambda s: '"' + ''.join(chr(b) if 32 <= b < 127 and b not in b'"\\?' else '\\%03o' % b for b in s.encode()) + '"'
out = ['/* Made by garble.py from ftfy %s. */' % __import__('importlib.metadata').metadata.version('ftfy'), '#pragma once', '#include <stdint.h>', '']
chars = [(c, sum(1 << i for i, s in enumerate(sets) if s.match(chr(c)))) for c in range(0x110000) if not 0xD800 <= c < 0xE000]
chars = [(c, f) for c, f in chars if f]
near = dict(chars)
out += ['static const uint32_t garble_near[0x180] = {']
for i in range(0, 0x180, 12): out.append('\t' + ', '.join('0x%x' % near.get(c, 0) for c in range(i, i + 12)) + ',')
far = [(c, f) for c, f in chars if c >= 0x180]
out += ['};', 'static const struct {', '\tuint32_t c, flags;', '} garble_far[%d] = {' % len(far)]
for i in range(0, len(far), 6): out.append('\t' + ', '.join('{0x%x, 0x%x}' % x for x in far[i:i + 6]) + ',')
out += ['};', 'enum { GARBLE_ENCODINGS = %d, GARBLE_1252 = %d, GARBLE_MACROMAN = %d };' % (len(chardata.CHARMAP_ENCODINGS), chardata.CHARMAP_ENCODINGS.index('sloppy-windows-1252'), chardata.CHARMAP_ENCODINGS.index('macroman')),
        'static const struct {', '\tconst char *name;', '\tuint8_t sloppy;', '\tuint16_t high[128]; /* what the bytes from 0x80 decode to */', '} garble_encodings[GARBLE_ENCODINGS] = {']
for e in chardata.CHARMAP_ENCODINGS:
    t = [ord(bytes([b]).decode(e)) for b in range(128, 256)]
    out.append('\t{"%s", %d, {' % (e, e.startswith('sloppy')))
    for i in range(0, 128, 16): out.append('\t\t' + ', '.join('0x%x' % x for x in t[i:i + 16]) + ',')
    out.append('\t}},')
out += ['};', '']
open(sys.argv[1] + '/garble.h', 'w').write('\n'.join(out) + '\n')

out = [out[0], '#pragma once', '#include <stdint.h>', '', '/* Characters that stand for others: ligatures, full and half width. In order. */', 'static const struct {', '\tuint32_t c;', '\tconst char *to;', '} repair_chars[] = {']
maps = {**chardata.LIGATURES, **chardata.WIDTH_MAP}
for c in sorted(maps): out.append('\t{0x%x, %s},' % (c, esc(maps[c])))
out += ['};', '', '/* Entities without & and ;, in order of bytes. */', 'static const struct {', '\tconst char *name, *to;', '} repair_entities[] = {']
for n in sorted(chardata.HTML_ENTITIES, key=lambda n: n[1:-1].encode()): out.append('\t{"%s", %s},' % (n[1:-1], esc(chardata.HTML_ENTITIES[n])))
out += ['};']
open(sys.argv[1] + '/repair.h', 'w').write('\n'.join(out) + '\n')
