#!/usr/bin/env python3
"""Write entity.inc: every named character reference of HTML (from Python's html.entities.html5). Usage: make_entity.py > entity.inc"""
from html.entities import html5

BITS = 12


def slot(name):
    h = len(name)
    for c in name.encode():
        h = (h * 131 + c) & 0xFFFFFFFF
    return (h * 0x9E3779B1 & 0xFFFFFFFF) >> (32 - BITS)


def wrapped(items, width=140):
    line = "\t"
    for item in items:
        if len(line) + len(item) > width:
            yield line.rstrip()
            line = "\t"
        line += item + " "
    yield line.rstrip()


def main():
    names = sorted({n.rstrip(";") for n in html5})
    pool = "".join(names)
    table = [0] * (1 << BITS)
    rows, at = ["{0, 0, 0, 0, 0},"], 0
    for i, n in enumerate(names, 1):
        c = [ord(x) for x in html5[n + ";"]] + [0]
        rows.append(f"{{{at}, {len(n)}, {int(n in html5)}, {c[0]:#x}, {c[1]:#x}}},")
        at += len(n)
        s = slot(n)
        while table[s]:
            s = (s + 1) % len(table)
        table[s] = i
    print("/* Made by make_entity.py. */")
    print(f"enum {{ TABLE_BITS = {BITS}, NAME_MAX_N = {max(map(len, names))}, BARE_MAX_N = {max(len(n) for n in html5 if n[-1] != ';')} }};")
    print("static const char pool[] =")
    for i in range(0, len(pool), 128):
        print(f'\t"{pool[i:i + 128]}"')
    print(";\n/* Place in the pool, length, known without a semicolon, one or two characters. */")
    print("static const struct {\n\tuint16_t at;\n\tuint8_t n, bare;\n\tuint32_t c;\n\tuint16_t c2;\n} named[] = {")
    print("\n".join(wrapped(rows)))
    print("};\nstatic const uint16_t table[1 << TABLE_BITS] = {")
    print("\n".join(wrapped(f"{t}," for t in table)))
    print("};")


main()
