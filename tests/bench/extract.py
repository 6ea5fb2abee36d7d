#!/usr/bin/env python3
"""extract beside resiliparse, trafilatura and lxml's bare DOM, on the pages of data/extract/dev: CPU seconds of one core, from a WARC file
to main text. Run by ./dev bench extract; peers that are not there are installed into the environment that runs this."""
import json
import os
import resource
import subprocess
import sys
import tempfile

PEERS = {
    "resiliparse": """
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding
from resiliparse.parse.html import HTMLTree
def do(b): return extract_plain_text(HTMLTree.parse(bytes_to_str(b, detect_encoding(b))), main_content=True, list_bullets=False, comments=False, links=False, alt_texts=False)
""",
    "lxml (DOM alone)": """
import lxml.html
def do(b): return lxml.html.document_fromstring(b)
""",
    "trafilatura": """
import logging
logging.disable(50)
import trafilatura
def do(b): return trafilatura.extract(b, favor_precision=True)
""",
}
LOOP = """
import sys
from fastwarc.warc import ArchiveIterator
for r in ArchiveIterator(open(sys.argv[1], "rb"), parse_http=True):
    b = r.reader.read()
    try: do(b)
    except Exception: pass
"""


def pages(path):
    for line in subprocess.run(["zstd", "-dcq", path], stdout=subprocess.PIPE, check=True).stdout.splitlines():
        row = json.loads(line)
        yield row["url"], row["html"].encode(row["enc"])


def write(path, out):
    size = n = 0
    with open(out, "wb") as f:
        for url, body in pages(path):
            block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body) + body
            head = (f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{n:012d}>\r\nWARC-Target-URI: {url}\r\n"
                    f"WARC-Date: 2020-01-01T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n")
            f.write(head.encode() + block + b"\r\n\r\n")
            size += len(body)
            n += 1
    return n, size


def cpu(cmd, times):
    took = []
    for _ in range(times):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        if subprocess.run(cmd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode not in (0, 3):
            return None
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return sorted(took)[times // 2]


def main():
    data = os.path.join(os.environ.get("PENEIRA_SHARED", "../shared"), "data/extract/dev.jsonl.zst")
    peneira = os.environ.get("PENEIRA", "build/peneira")
    if not os.path.exists(data):
        print(f"no pages: {data}")
        return 0
    for module in ("fastwarc", "resiliparse", "lxml_html_clean", "trafilatura"):
        if subprocess.run([sys.executable, "-c", f"import {module}"], stderr=subprocess.DEVNULL).returncode:
            subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", module])
    with tempfile.TemporaryDirectory() as d:
        warc = f"{d}/pages.warc"
        n, size = write(data, warc)
        print(f"{n} pages, {size / 1e6:.1f} MB of HTML; CPU of one core, reading the WARC and starting up included; median of 3 to 5 runs (trafilatura: 1)")
        rows = [("peneira extract", cpu([peneira, "extract", "-j", "1", "-q", "-o", f"{d}/out.jsonl", warc], 5))]
        for name, code in PEERS.items():
            rows.append((name, cpu([sys.executable, "-c", code + LOOP, warc], 1 if name == "trafilatura" else 3)))
    ours = rows[0][1]
    print(f"{'':32}{'CPU s':>8}{'ms/page':>9}{'MB/s':>8}{'CPU / ours':>12}")
    for name, t in rows:
        print(f"{name:32}" + (f"{t:8.2f}{1000 * t / n:9.2f}{size / 1e6 / t:8.0f}{t / ours:12.2f}" if t else "  did not run"))
    return 0 if ours else 1


sys.exit(main())
