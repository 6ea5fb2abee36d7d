#!/usr/bin/env python3
"""Real pages in six encodings, with true, false and no declarations: the same text every time. Usage: charset_pages.py PENEIRA [-v]

Pages: of pages-pt.warc.gz and ptgold.jsonl.zst of the shared data those with five characters beyond ASCII, a quarter
of them letters with accents. Skips (77) without them."""
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile

ENCODINGS = {"utf-8": "utf-8", "windows-1252": "cp1252", "iso-8859-15": "iso8859_15", "utf-16le": "utf-16-le", "macintosh": "mac_roman", "ibm850": "cp850"}
# What a page may say of itself, falsely.
LIES = {"utf-8": ["iso-8859-1", "windows-1250", "shift_jis"], "windows-1252": ["utf-8", "windows-1250", "windows-1251", "gbk", "macintosh"],
        "iso-8859-15": ["utf-8", "iso-8859-2"], "utf-16le": ["iso-8859-1"], "macintosh": ["iso-8859-1", "utf-8"], "ibm850": ["iso-8859-1", "utf-8"]}
SCRIPTS = re.compile(r"<(script|style|svg)\b.*?</\1>", re.I | re.S)
CUT = 40000  # characters of a page without its scripts: enough to tell, and quick
META = re.compile(r"<meta[^>]*charset[^>]*>|<\?xml[^>]*\?>", re.I)


def body_of(head, body):
    if re.search(rb"(?i)transfer-encoding: *chunked", head):
        out, at = b"", 0
        while (m := re.compile(rb"([0-9A-Fa-f]+)[^\r\n]*\r?\n").match(body, at)) and int(m[1], 16):
            out += body[m.end():m.end() + int(m[1], 16)]
            at = m.end() + int(m[1], 16) + 2
        body = out
    coding = re.search(rb"(?i)content-encoding: *(\S+)", head)
    return body if not coding else gzip.decompress(body) if coding[1] == b"gzip" else b""


def bodies(folder):
    data = gzip.open(f"{folder}/warc/pages/pages-pt.warc.gz").read()
    for head, body in re.findall(rb"WARC-Type: response\r\n(.*?\r\n\r\nHTTP/1.*?)\r\n\r\n(.*?)\r\n\r\n(?=WARC/1|$)", data, re.S):
        yield body_of(head, body)
    rows = subprocess.run(["zstd", "-dcq", f"{folder}/extract/ptgold.jsonl.zst"], stdout=subprocess.PIPE, check=True).stdout
    for row in map(json.loads, rows.splitlines()):
        yield row["html"].encode(row["enc"])


def pages(folder):
    seen = set()
    for body in bodies(folder):
        if body in seen:
            continue
        seen.add(body)
        for codec in ("utf-8", "cp1252"):
            try:
                text = body.decode(codec)
                break
            except UnicodeDecodeError:
                continue
        else:
            continue
        text = SCRIPTS.sub("", META.sub("", text)).replace("\x00", "").lstrip("\ufeff")[:CUT]
        letters = re.findall("[\x80-\uffff]", text)
        if "\ufffd" not in text and len(letters) >= 5 and len(re.findall("[à-ÿÀ-Ý]", text)) * 4 > len(letters):
            yield text


def encoded(text, codec):
    """As a page of that encoding has it: bytes that mean nothing there are references, and 0x80-0x9F of iso-8859-15 are not used."""
    if codec == "iso8859_15":
        text = "".join(c if not 0x80 <= ord(c) < 0xA0 else f"&#{ord(c)};" for c in text)
    return (b"\xff\xfe" if codec == "utf-16-le" else b"") + text.encode(codec, "xmlcharrefreplace")


def variants(text):
    for name, codec in ENCODINGS.items():
        for how, say in [("true", name), ("absent", None)] + [("false", x) for x in LIES[name]]:
            for where in ["none"] if say is None else ["meta", "http"]:
                page = re.sub(r"(<head[^>]*>|^)", lambda m: m[1] + f'<meta charset="{say}">', text, count=1, flags=re.I) if where == "meta" else text
                yield name, f"{how} ({where} {say})", f"; charset={say}" if where == "http" else "", encoded(page, codec)


def main():
    path = os.path.join(os.environ.get("PENEIRA_SHARED", "absent"), "data")
    if not os.path.exists(f"{path}/warc/pages/pages-pt.warc.gz"):
        print("no pages here")
        return 77
    n = 0
    with tempfile.TemporaryDirectory() as d:
        made, names = f"{d}/made.warc", []
        with open(made, "wb") as f:
            for i, text in enumerate(pages(path)):
                n += 1
                for name, how, http, body in variants(text):
                    block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html{http}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
                    key = f"<urn:uuid:{i:08d}-0000-4000-8000-{len(names):012d}>"
                    names.append((key, i, name, how))
                    f.write((f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: {key}\r\nWARC-Target-URI: http://a.pt/{i}\r\nWARC-Date: 2004-01-01T00:00:00Z\r\n"
                             f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n").encode() + block + b"\r\n\r\n")
        out = subprocess.run([sys.argv[1], "extract", "-q", "-j", "2", "--all-text", made], stdout=subprocess.PIPE, check=True).stdout
        docs = {x["id"]: x for x in map(json.loads, out.splitlines())}
    want, bad = {}, 0
    for key, i, name, how in names:
        doc = docs.get(key, {"text": "", "charset": ""})
        text = want.setdefault(i, doc["text"])  # UTF-8, truly declared, comes first
        if doc["text"] != text or not text or name != doc["charset"] and name != "iso-8859-15":
            bad += 1
            print(f"page {i} in {name}, {how}: read as {doc['charset']}, {len(doc['text'])} bytes for {len(text)}")
            if "-v" in sys.argv:
                for a, b in zip(doc["text"].split("\n"), text.split("\n")):
                    if a != b:
                        print(f"  got  {a[:100]}\n  want {b[:100]}")
                        break
    print(f"{n} pages, {len(names)} variants, {bad} differ")
    return bad != 0 or n < 90


sys.exit(main())
