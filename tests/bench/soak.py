#!/usr/bin/env python3
"""soak.py FOLDER GB SEED: archives of invented pages, about GB of records (before gzip), some members damaged. Texts are sentences of the sample's pages in other orders."""
import gzip, os, random, re, sys

folder, size, seed = sys.argv[1], float(sys.argv[2]) * 1e9, int(sys.argv[3])
here = os.path.dirname(os.path.abspath(__file__))
page = open(f'{here}/../data/sample/pages.txt', encoding='utf-8').read()
sentences = [s for s in re.split(r'(?<=[.!?])\s+', page) if 30 < len(s) < 300 and '<' not in s]
r = random.Random(seed)
os.makedirs(folder, exist_ok=True)
made = n = files = 0
while made < size or files < 4:
    with open(f'{folder}/soak-{files:05}.warc.gz', 'wb') as out:
        part = 0
        while part < min(64e6, size / 4):
            text = '\n'.join('<p>' + ' '.join(r.choices(sentences, k=r.randint(2, 6))) + '</p>' for _ in range(r.randint(3, 30)))
            html = f'<html><head><title>Página {n}</title></head><body><div><a href="/">início</a> <a href="/m">mapa</a></div><article><h1>Página {n}</h1>{text}</article></body></html>'.encode()
            if r.random() < 0.1 and n: html = last
            last = html
            body = b'HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n' + html
            head = (f'WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{r.getrandbits(128):032x}>\r\nWARC-Target-URI: http://www.s{r.randint(0, 999)}.example.pt/{n}\r\n'
                    f'WARC-Date: {r.randint(1998, 2023)}-0{r.randint(1, 9)}-1{r.randint(0, 9)}T10:00:00Z\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(body)}\r\n\r\n').encode()
            record = bytearray(gzip.compress(head + body + b'\r\n\r\n', 1, mtime=0))
            # One in two hundred is hurt: a byte, a stretch of zeros, or its end.
            if r.random() < 0.005:
                at = r.randrange(len(record))
                kind = r.randrange(3)
                if kind == 0: record[at] ^= 1 << r.randrange(8)
                elif kind == 1: record[at:at + 64] = bytes(len(record[at:at + 64]))
                else: del record[at:]
            out.write(record)
            part += len(head) + len(body); n += 1
        made += part
    files += 1
print(f'{n} records, {files} files, {made / 1e9:.3f} GB')
