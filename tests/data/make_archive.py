#!/usr/bin/env python3
"""make_archive.py OUT.warc.gz BYTES [--pages SHARE] [--seed N]: a web archive of about so many stored bytes, for tests of size: one gzip member a
record, SHARE of the stored bytes (default 0.15) being Portuguese pages of invented text, no two alike but one in ten a near copy; the rest images,
as in real archives. The same arguments give the same bytes."""
import argparse, random, zlib

args = argparse.ArgumentParser()
args.add_argument('out'); args.add_argument('bytes', type=float); args.add_argument('--pages', type=float, default=.15); args.add_argument('--seed', type=int, default=1)
a = args.parse_args()
rng = random.Random(a.seed)

SUBJECTS = 'o rapaz|a vizinha|o presidente da junta|a professora|o pescador|o comboio|a câmara municipal|o jornal|a equipa|o autocarro|a fábrica|o mercado|a escola|o médico|a cantora|o ministro'.split('|')
VERBS = 'chegou|disse que|comprou|abriu|perdeu|encontrou|começou|pediu|mostrou|vendeu|inaugurou|visitou|explicou|apresentou|esqueceu'.split('|')
THINGS = 'a estrada nova|um pequeno-almoço|o telemóvel|a rapariga|o ecrã|uma casa de banho|o facto|a equipa de futebol|o contrato|um fato azul|a obra|o comboio da manhã|as contas|a praia|o concelho'.split('|')
WHERE = 'em Lisboa|no Porto|em Coimbra|na freguesia|à beira do rio|depois do almoço|na semana passada|durante o verão|com os amigos|sem dar por isso|perto da estação|no Alentejo'.split('|')

def sentence():
    words = f'{rng.choice(SUBJECTS)} {rng.choice(VERBS)} {rng.choice(THINGS)} {rng.choice(WHERE)}, e {rng.choice(SUBJECTS)} {rng.choice(VERBS)} {rng.choice(THINGS)} número {rng.randrange(100000)} {rng.choice(WHERE)}'
    return words[0].upper() + words[1:] + '.'

def member(kind, head, body):
    z = zlib.compressobj(6 if kind == 'page' else 0, zlib.DEFLATED, 31)
    return z.compress(head + body + b'\r\n\r\n') + z.flush()

def record(n, mime, body, kind):
    http = f'HTTP/1.1 200 OK\r\nContent-Type: {mime}\r\nContent-Length: {len(body)}\r\n\r\n'.encode()
    head = (f'WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{rng.getrandbits(128):032x}>\r\nWARC-Date: {2000 + n % 24}-05-{1 + n % 28:02}T10:00:00Z\r\n'
            f'WARC-Target-URI: http://sitio{n % 997}.pt/pagina{n}\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(http) + len(body)}\r\n\r\n').encode()
    return member(kind, head + http, body)

image = rng.randbytes(1 << 20)
last, n, written, pages = [], 0, 0, 0
with open(a.out, 'wb') as f:
    while written < a.bytes:
        if pages <= a.pages * written:
            text = last[:-1] + [sentence()] if last and n % 10 == 0 else [' '.join(sentence() for _ in range(rng.randrange(2, 6))) for _ in range(rng.randrange(3, 12))]
            last = text
            menu = ''.join(f'<li><a href="/{i}">Secção {i}</a></li>' for i in range(12))
            html = f'<html><head><meta charset="utf-8"><title>Notícia {n}</title></head><body><ul>{menu}</ul><div id="corpo"><h1>Notícia {n}</h1>' + ''.join(f'<p>{t}</p>' for t in text) + '</div><p>Contactos | Mapa do sítio</p></body></html>'
            r = record(n, 'text/html; charset=utf-8', html.encode(), 'page')
            pages += len(r)
        else:
            k = rng.randrange(20 << 10, 900 << 10)
            r = record(n, 'image/jpeg', image[:k], 'image')
        f.write(r)
        written += len(r)
        n += 1
