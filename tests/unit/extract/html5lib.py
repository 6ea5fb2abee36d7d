#!/usr/bin/env python3
"""html.c and entity.c against the tokenizer cases of the html5lib project, charset.c's reading of <meta> against its encoding cases. Usage:
html5lib.py HTML_TOKENS. Skips (77) without them.

Left out, with reason: what a doctype says (html.c knows where it ends, no more), xmlViolation (a mode for XML, not the standard's), cases
with lone surrogates (there are none in UTF-8), a raw text
state whose element html.c does not know, and script data that would end at another element than script, and a
<meta> that a script writes."""
import io
import json
import os
import re
import subprocess
import sys
import tarfile

MODES = {"Data state": 0, "RCDATA state": 1, "RAWTEXT state": 2, "Script data state": 3, "PLAINTEXT state": 4, "CDATA section state": 5}


def undouble(x):
    if isinstance(x, str):
        return re.sub(r"\\u([0-9A-Fa-f]{4})", lambda m: chr(int(m[1], 16)), x)
    return [undouble(y) for y in x] if isinstance(x, list) else {k: undouble(v) for k, v in x.items()} if isinstance(x, dict) else x


def merged(tokens):
    out = []
    for t in tokens:
        if t[0] == "Character" and out and out[-1][0] == "Character":
            out[-1][1] += t[1]
        elif t[0] == "DOCTYPE":
            out.append(["DOCTYPE"])
        elif t[0] == "StartTag":
            attrs = t[2] if isinstance(t[2], dict) else dict(reversed([tuple(a) for a in t[2]]))
            out.append([*t[:2], attrs, *t[3:]])
        elif t[0] != "ParseError" and t != ["Character", ""]:
            out.append(list(t))
    return out


def archive(path):
    return tarfile.open(fileobj=io.BytesIO(subprocess.run(["zstd", "-dcq", path], stdout=subprocess.PIPE, check=True).stdout))


def cases(path):
    tar = archive(path)
    for m in sorted(tar.getmembers(), key=lambda m: m.name):
        if not m.name.endswith(".test"):
            continue
        for c in json.load(tar.extractfile(m)).get("tests", []):
            c = {**c, "input": undouble(c["input"]), "output": undouble(c["output"])} if c.get("doubleEscaped") else c
            for state in c.get("initialStates", ["Data state"]):
                yield f"{m.name}: {c['description']} ({state})", MODES[state], c.get("lastStartTag", "-"), c["input"], c["output"]


def surrogates(s):
    return any(0xD800 <= ord(x) < 0xE000 for x in s)


def encodings(path):
    tar = archive(path)
    for m in sorted(tar.getmembers(), key=lambda m: m.name):
        if m.name.endswith(".dat") and "scripted" not in m.name:
            for data, want in re.findall(rb"#data\n(.*?)\n#encoding\n(\S+)", tar.extractfile(m).read(), re.S):
                yield m.name, data, want.decode().lower()


def declared(path, tool):
    """A page that declares nothing is windows-1252 to the standard; one that names a label of it too."""
    todo = list(encodings(path))
    got = subprocess.run([tool], input=b"".join(b"-1 - %s\n" % d.hex().encode() for _, d, _ in todo), stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()
    bad = 0
    for (name, data, want), g in zip(todo, got):
        if (g or "windows-1252") != want:
            bad += 1
            print(f"{name}\n  page {data!r}\n  want {want}\n  got  {g}")
    print(f"{len(todo)} encoding cases, {bad} differ")
    return bad != 0 or len(todo) < 60 or len(got) != len(todo)


def main():
    path = os.path.join(os.environ.get("PENEIRA_SHARED", "absent"), "data/html5lib/html5lib-tests.tar.zst")
    if not os.path.exists(path):
        print("no html5lib cases here")
        return 77
    known = {c for c in cases_tags()}
    todo = [c for c in cases(path) if not surrogates(json.dumps(c[4], ensure_ascii=False) + c[3])]
    todo = [c for c in todo if c[1] not in (1, 2, 3) or c[2] in known and (c[1] != 3 or c[2] == "script")]
    lines = "".join(f"{m} {tag} {text.encode().hex()}\n" for _, m, tag, text, _ in todo)
    got = subprocess.run([sys.argv[1]], input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()
    assert len(got) == len(todo)
    bad = 0
    for (name, _, _, text, want), line in zip(todo, got):
        if merged(json.loads(line)) != merged(want):
            bad += 1
            print(f"{name}\n  page {text!r}\n  want {merged(want)}\n  got  {merged(json.loads(line))}")
    print(f"{len(todo)} cases, {bad} differ")
    return bad != 0 or len(todo) < 6000 or declared(path, sys.argv[1])


def cases_tags():
    here = os.path.dirname(os.path.abspath(__file__))
    source = open(os.path.join(here, "../../../extract/tables/make_tag.py")).read()
    return re.search(r'NAMES = """(.*?)"""', source, re.S)[1].split()


sys.exit(main())
