#!/usr/bin/env python3
"""The type that extract gives a page against the type that its annotators gave it (data/extract: dev, train and ptgold), as a table of counts,
and how many of the comments that ptgold marks come out with --comments and without. Run by ./dev bench page_types."""
import collections
import json
import os
import re
import subprocess
import tempfile

DATA = os.path.join(os.environ.get("PENEIRA_SHARED", "../shared"), "data/extract")
GIVEN = ("article", "forum", "product", "listing", "index", "frameset", "other")
MEANT = {  # what a type of the sets may be called here
    "article": "article", "documentation": "article", "recipe": "article", "law": "article", "forum": "forum", "product": "product", "collection": "listing index", "listing": "listing index", "service": "other article product",
}


def rows(path):
    return [json.loads(line) for line in subprocess.run(["zstd", "-dcq", path], stdout=subprocess.PIPE, check=True).stdout.splitlines()]


def write(pages, path):
    with open(path, "wb") as f:
        for n, p in enumerate(pages):
            body = p["html"].encode(p["enc"])
            block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body) + body
            url = (p["url"] or "http://exemplo.invalid/").strip().encode("ascii", "ignore").decode().replace(" ", "%20")
            f.write((f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{n:012d}>\r\nWARC-Target-URI: {url}\r\n"
                     f"WARC-Date: 2020-01-01T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n").encode() + block + b"\r\n\r\n")


def extracted(pages, folder, *options):
    """Documents by the number of their page; those left out too."""
    peneira, archive, rejects = os.environ.get("PENEIRA", "build/peneira"), f"{folder}/pages.warc", f"{folder}/rejects.jsonl"
    write(pages, archive)
    kept = subprocess.run([peneira, "extract", "-q", "--rejects", rejects, *options, archive], stdout=subprocess.PIPE).stdout
    docs = [json.loads(line) for line in kept.splitlines() + open(rejects, "rb").read().splitlines()]
    return {int(re.search(r"(\d{12})>?$", d["id"]).group(1)): d for d in docs}


def types(pages, docs):
    table = collections.defaultdict(collections.Counter)
    for i, p in enumerate(pages):
        if p.get("type") and i in docs:
            table[p["type"]][docs[i].get("page_type") or "none"] += 1
    print(f"{'annotated as':16}{'pages':>6}" + "".join(f"{g:>10}" for g in GIVEN) + f"{'right':>8}")
    for kind, counts in sorted(table.items()):
        n, good = sum(counts.values()), MEANT.get(kind, "").split()
        right = f"{sum(counts[g] for g in good) / n:8.2f}" if good else "       -"
        print(f"{kind:16}{n:6}" + "".join(f"{counts[g]:10}" for g in GIVEN) + right)


def comments(pages, folder):
    squash = lambda s: re.sub(r"\s+", " ", s).strip()
    for options in ((), ("--comments",)):
        docs = extracted(pages, folder, *options)
        there = said = 0
        for i, p in enumerate(pages):
            text = squash(docs.get(i, {}).get("text") or "")
            marked = [squash(s) for flag, s in p["seq"] if flag == "c" and len(s.split()) >= 4]
            said += len(marked)
            there += sum(s in text for s in marked)
        print(f"comments of ptgold in the text{' with --comments' if options else '':18}: {there} of {said}")


def main():
    if not os.path.exists(f"{DATA}/dev.jsonl.zst"):
        print(f"no pages: {DATA}")
        return
    with tempfile.TemporaryDirectory() as d:
        for names in (("dev", "train"), ("ptgold",)):
            pages = [p for name in names for p in rows(f"{DATA}/{name}.jsonl.zst") if p.get("type")]
            print(" and ".join(names))
            types(pages, extracted(pages, d))
        comments(rows(f"{DATA}/ptgold.jsonl.zst"), d)


main()
