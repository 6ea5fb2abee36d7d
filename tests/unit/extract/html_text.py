#!/usr/bin/env python3
"""The text of real pages as extract reads it, character by character as libxml2's tree has it. Usage: html_text.py HTML_CHARS [-v] [NAME...]

Pages: ptgold, ptsynth and a quarter of dev of the shared data, or the sets named. libxml2 is no reference for all of HTML (it knows HTML 4); where
the two differ, and why, is in docs/internals/html.md. The test is that nine of ten pages are the same, and nowhere is much lost. Skips (77)
without the data."""
import json
import os
import struct
import subprocess
import sys


def main():
    data = os.path.join(os.environ.get("PENEIRA_SHARED", "absent"), "data/extract")
    names = [a for a in sys.argv[2:] if a[0] != "-"]
    if not os.path.exists(data):
        print("no pages here")
        return 77
    stream, ids = [], []
    for name in names or ["ptgold", "ptsynth", "dev"]:
        rows = subprocess.run(["zstd", "-dcq", f"{data}/{name}.jsonl.zst"], stdout=subprocess.PIPE, check=True).stdout.splitlines()
        for row in map(json.loads, rows[::1 if names or name != "dev" else 4]):
            body = row["html"].encode(row["enc"])
            stream.append(struct.pack("<I", len(body)) + body)
            ids.append(row["url"])
    got = subprocess.run([sys.argv[1]], input=b"".join(stream), stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()
    assert len(got) == len(ids)
    same = lost = 0
    for url, line in zip(ids, got):
        if line == "same":
            same += 1
            continue
        numbers, ours, theirs = line.split("\t")
        _, x, y, at = numbers.split()
        lost += int(x) < 0.98 * int(y)
        if "-v" in sys.argv:
            print(f"{url}: {x} bytes, libxml2 {y}, same up to {at}\n  ours   {ours}\n  theirs {theirs}")
    print(f"{len(ids)} pages: {same} the same, {len(ids) - same} differ, {lost} of them with over 2 % less than libxml2 has")
    return same * 10 < 9 * len(ids) or lost * 50 > len(ids)


sys.exit(main())
