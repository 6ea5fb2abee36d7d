#!/usr/bin/env python3
"""Write label.inc (names of encodings) and latin.inc (what bytes mean in those of old Portuguese pages) here. Usage: make_charset.py

A line below: an encoding's name, then its other labels: those of WHATWG Encoding 4.2, a few that old pages use besides, and three DOS code pages."""
import os

ENCODINGS = """
utf-8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf8 x-unicode20utf8 utf_8
ibm866 866 cp866 csibm866
iso-8859-2 csisolatin2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2
iso-8859-3 csisolatin3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3
iso-8859-4 csisolatin4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4
iso-8859-5 csisolatincyrillic cyrillic iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988
iso-8859-6 arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6-e iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6
    iso_8859-6:1987
iso-8859-7 csisolatingreek ecma-118 elot_928 greek greek8 iso-ir-126 iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 sun_eu_greek
iso-8859-8 csiso88598e csisolatinhebrew hebrew iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 visual
iso-8859-8-i csiso88598i logical
iso-8859-10 csisolatin6 iso-ir-157 iso8859-10 iso885910 l6 latin6
iso-8859-13 iso8859-13 iso885913
iso-8859-14 iso8859-14 iso885914
iso-8859-15 csisolatin9 iso8859-15 iso885915 iso_8859-15 l9 latin9 latin-9
iso-8859-16
koi8-r cskoi8r koi koi8 koi8_r
koi8-u koi8-ru
macintosh csmacintosh mac x-mac-roman macroman mac-roman x-macroman
windows-874 dos-874 iso-8859-11 iso8859-11 iso885911 tis-620
windows-1250 cp1250 x-cp1250
windows-1251 cp1251 x-cp1251
windows-1252 ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1
    us-ascii x-cp1252 latin-1 iso8859_1 iso-8859_1 iso-8859 iso8859 windows1252 cp-1252 win-1252 win1252 ansi
windows-1253 cp1253 x-cp1253
windows-1254 cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 x-cp1254
windows-1255 cp1255 x-cp1255
windows-1256 cp1256 x-cp1256
windows-1257 cp1257 x-cp1257
windows-1258 cp1258 x-cp1258
x-mac-cyrillic x-mac-ukrainian
gbk chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 iso-ir-58 x-gbk
gb18030
big5 big5-hkscs cn-big5 csbig5 x-x-big5
euc-jp cseucpkdfmtjapanese x-euc-jp
iso-2022-jp csiso2022jp
shift_jis csshiftjis ms932 ms_kanji shift-jis sjis windows-31j x-sjis
euc-kr cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949
replacement csiso2022kr hz-gb-2312 iso-2022-cn iso-2022-cn-ext iso-2022-kr
utf-16be unicodefffe
utf-16le csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16
x-user-defined
ibm850 cp850 850 csibm850 dos-850
ibm860 cp860 860
ibm437 cp437 437
"""
# What ICU calls them, where that differs; what has no meaning here is read as windows-1252.
ICU = {'iso-8859-8-i': 'iso-8859-8', 'gbk': 'gb18030', 'big5': 'big5-hkscs', 'shift_jis': 'windows-31j', 'euc-kr': 'windows-949', 'iso-8859-16': 'windows-1250', 'x-user-defined': 'windows-1252', 'koi8-u': 'koi8-u', 'replacement': 'windows-1252'}
LATIN = {"windows-1252": "cp1252", "iso-8859-15": "iso8859_15", "macintosh": "mac_roman", "ibm850": "cp850", "ibm860": "cp860"}
# What a declaration of these is worth: text in Latin letters, or in others (in bytes above 0x7F mostly).
OTHER = """ibm866 iso-8859-5 iso-8859-6 iso-8859-7 iso-8859-8 iso-8859-8-i koi8-r koi8-u windows-874 windows-1251 windows-1253 windows-1255 windows-1256
x-mac-cyrillic gbk gb18030 big5 euc-jp iso-2022-jp shift_jis euc-kr""".split()


def encodings():
    for line in ENCODINGS.strip().replace("\n    ", " ").split("\n"):
        yield line.split()


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "label.inc"), "w") as f:
        f.write("/* Made by make_charset.py. In order of label. */\nstatic const struct encoding encodings[] = {\n")
        names = [e[0] for e in encodings()]
        for n in names:
            kind = "LABEL_UTF" if n.startswith("utf-") else "LABEL_OTHER" if n in OTHER else "LABEL_WESTERN" if n in LATIN or n in ("ibm437", "x-user-defined", "replacement") else "LABEL_LATIN"
            f.write(f'\t{{"{n}", "{ICU.get(n, n)}", {kind}}},\n')
        f.write("};\nstatic const struct {\n\tconst char *label;\n\tuint8_t encoding;\n} labels[] = {\n")
        for label, i in sorted({l: i for i, e in enumerate(encodings()) for l in e}.items()):
            f.write(f'\t{{"{label}", {i}}},\n')
        f.write("};\n")
    with open(os.path.join(here, "latin.inc"), "w") as f:
        f.write("/* Made by make_charset.py from Python's codecs: bytes 0x80 to 0xFF. Holes are C1 controls; 0x80 to 0x9F of\n * iso-8859-15, which are those too, are as in windows-1252. */\n")
        f.write("static const uint16_t maps[LATIN_MAPS][128] = {\n")
        for name, codec in LATIN.items():
            f.write(f"\t[LATIN_{codec.upper()}] = {{\n")
            row = [ord(bytes([b]).decode("cp1252" if b < 160 and codec[:3] == "iso" else codec, "replace")) for b in range(128, 256)]
            row = [b if c == 0xFFFD else c for b, c in enumerate(row, 128)]
            for i in range(0, 128, 16):
                f.write("\t\t" + ", ".join(f"{c:#x}" for c in row[i:i + 16]) + ",\n")
            f.write("\t},\n")
        f.write("};\n")


main()
