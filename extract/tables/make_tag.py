#!/usr/bin/env python3
"""Write tag.inc: the names of HTML's elements, and a perfect hash of them. Usage: make_tag.py > tag.inc"""
import random

NAMES = """a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote body br button canvas caption
center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer foreignobject form
frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe ilayer image img input ins isindex kbd keygen label layer legend li link listing
main map mark marquee math menu menuitem meta meter nav nobr noembed noframes nolayer noscript object ol optgroup option output p param picture plaintext
pre progress q rb rbc rp rt rtc ruby s samp script search section select slot small source spacer span strike strong style sub summary sup svg table tbody
td template textarea tfoot th thead time title tr track tt u ul var video wbr xmp""".split()
BITS = 10


def key(name):
    return int.from_bytes(name.encode()[:8], "little")


def slots(mul):
    return [(key(n) * mul + (len(n) << 56)) % 2**64 >> (64 - BITS) for n in NAMES]


def main():
    assert NAMES == sorted(NAMES)
    draw = random.Random(1)
    mul = next(m for m in iter(lambda: draw.getrandbits(64) | 1, 0) if len(set(slots(m))) == len(NAMES))
    table = [0] * (1 << BITS)
    for i, s in enumerate(slots(mul), 1):
        table[s] = i
    print("/* Made by make_tag.py. */")
    print(f"enum {{ TABLE_BITS = {BITS} }};\n#define TABLE_MUL {mul:#x}u")
    print("static const struct {\n\tuint64_t key;\n\tuint8_t n;\n\tchar name[15];\n} names[] = {\n\t{0, 0, \"\"},")
    for n in NAMES:
        print(f'\t{{{key(n):#x}, {len(n)}, "{n}"}},')
    print("};\nstatic const uint8_t table[1 << TABLE_BITS] = {")
    for i in range(0, len(table), 32):
        print("\t" + ", ".join(map(str, table[i:i + 32])) + ",")
    print("};")


main()
