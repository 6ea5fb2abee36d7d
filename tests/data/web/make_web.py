#!/usr/bin/env python3
"""make_web.py OUT [--pages N] [--kind KIND] [--seed S]: archives of generated pages, in ARC and WARC, a gzip member a record.

Kinds: `mix`, a web as archives hold it: sites with menus, scripts and lists around articles in Portuguese of both countries and in other
languages, old and new markup, four charsets, codings, later captures, copies on other sites, errors and images; `foreign`, the same without
Portuguese; `copies`, one article everywhere; `tiny`, pages of one sentence; `huge`, one page of N x 50 kB; `damaged`, `mix` with a broken byte in
every record. The sentences are those of the sample archive's pages, in another order each time. Same bytes at every call with the same zlib."""
import argparse, gzip, os, re

here = os.path.dirname(os.path.abspath(__file__))

class Dice:
    """xorshift64*: the same numbers for every version of Python."""
    def __init__(self, seed): self.s = (seed * 0x9E3779B97F4A7C15 + 1) & (1 << 64) - 1 or 1
    def roll(self, n):
        s = self.s
        s ^= s >> 12; s = (s ^ s << 25) & (1 << 64) - 1; s ^= s >> 27
        self.s = s
        return (s * 0x2545F4914F6CDD1D & (1 << 64) - 1) * n >> 64
    def pick(self, v): return v[self.roll(len(v))]

def material():
    """Sentences and titles by language."""
    sentences, titles, kind, first = {}, {}, None, False
    for line in open(os.path.join(here, '../sample/pages.txt'), encoding='utf-8'):
        line = line.rstrip('\n')
        if line.startswith('== '):
            kind, first = re.search(r'v=(\S+)', line)[1], True
        elif line and not line.startswith('#') and first:
            titles.setdefault(kind, []).append(line)
            first = False
        elif line and not line.startswith('#'):
            sentences.setdefault(kind, []).extend(s for s in re.split(r'(?<=[.!?]) +(?=[A-ZÁÉÍÓÚÂÊÔÃÕÇ"«])', line) if len(s) > 30)
    return sentences, titles

SCRIPT = 'var _q=_q||[];_q.push(["page","%d"]);(function(){var s=document.createElement("script");s.async=!0;s.src="//cdn%d.example.net/t.js?%x";document.body.appendChild(s)})();'
STYLE = '.c%x{margin:%dpx 0;padding:%dpx;color:#%06x;background:url(/img/%d.png) no-repeat}'

class Web:
    def __init__(self, seed, kind):
        self.kind, (self.sentences, self.titles) = kind, material()
        self.article = None
        # What is the same on all pages of a site, made once.
        self.sites = [self.site(Dice(seed * 1000 + i), i) for i in range(12)]

    def language(self, d):
        if self.kind == 'foreign': return d.pick(['es', 'gl', 'en'])
        n = d.roll(100)
        return 'pt-PT' if n < 62 else 'pt-BR' if n < 84 else 'es' if n < 92 else 'gl' if n < 95 else 'en'

    def site(self, d, i):
        v = self.language(d)
        head = ''.join(f'<style>{"".join(STYLE % (d.roll(1 << 20), d.roll(40), d.roll(40), d.roll(1 << 24), d.roll(900)) for _ in range(40))}</style>\n' for _ in range(2))
        menu = ''.join(f'<li class="m{d.roll(9)}"><a href="/{d.roll(10**6)}/secao-{k}.html" title="{d.pick(self.titles[v])}">{d.pick(self.titles[v])[:24]}</a></li>\n' for k in range(60))
        foot = ''.join(f'<a href="http://www.s{d.roll(12)}.example.pt/{d.roll(10**5)}">{d.pick(self.titles[v])}</a> | ' for _ in range(30))
        script = ''.join(f'<script type="text/javascript">{SCRIPT % (d.roll(10**6), d.roll(9), d.roll(1 << 40))}</script>\n' for _ in range(12))
        return dict(host=f'www.s{i}.example.{"com.br" if v == "pt-BR" else "pt" if v[:2] == "pt" else "org"}', v=v, old=i % 3 == 0, head=head, menu=menu, foot=foot, script=script)

    def text(self, d, v):
        if self.kind == 'copies':
            self.article = self.article or [' '.join(self.sentences['pt-PT'][k:k + 6]) for k in range(0, 48, 6)]
            return self.article
        pool, at, step = self.sentences[v], d.roll(1 << 20), d.pick([1, 5, 7, 11, 13])
        out = []
        for _ in range(1 if self.kind == 'tiny' else 3 + d.roll(9)):
            n = 2 + d.roll(4)
            out.append(' '.join(pool[(at + k * step) % len(pool)] for k in range(n)))
            at += n * step
        return out

    def page(self, d, site, title, paragraphs):
        if self.kind == 'tiny': return f'<html><head><title>{title}</title></head><body><p>{paragraphs[0]}</p></body></html>'
        v = site['v']
        links = ''.join(f'<div class="teaser t{d.roll(50)}"><a href="/{d.roll(10**7)}.html"><img src="/i/{d.roll(10**6)}.jpg" alt=""><span class="d">{1 + d.roll(28)}/{1 + d.roll(12)}</span> {d.pick(self.titles[v])} {d.roll(99)}</a></div>\n' for _ in range(60 + d.roll(120)))
        data = ''.join(f'{{"id":{d.roll(10**9)},"u":"/{d.roll(10**6)}","k":[{d.roll(99)},{d.roll(99)}],"t":"{d.pick(self.titles[v])[:18]}"}},' for _ in range(80 + d.roll(160)))
        if site['old']:
            body = (f'<TABLE WIDTH=760 BORDER=0 CELLPADDING=0><TR><TD BGCOLOR="#003366" VALIGN=top><FONT SIZE=1>{site["menu"].replace("li", "td")}</FONT></TD><TD><FONT FACE="Arial" SIZE=4><B>{title}</B></FONT><BR><BR>'
                    + '<BR><BR>\n'.join(f'<FONT SIZE=2>{t}</FONT>' for t in paragraphs) + f'</TD><TD>{links}</TD></TR></TABLE><HR><CENTER><FONT SIZE=1>{site["foot"]}</FONT></CENTER>')
        else:
            body = (f'<nav><ul>{site["menu"]}</ul></nav>\n<main><article><h1>{title}</h1>\n' + '\n'.join(f'<p>{t}</p>' for t in paragraphs)
                    + f'\n</article></main><aside>{links}</aside><footer>{site["foot"]}</footer>')
        return f'<!DOCTYPE html>\n<html><head>@META@<title>{title}</title>{site["head"]}</head>\n<body>{body}\n{site["script"]}<script>var data=[{data}];</script></body></html>\n'

    def capture(self, i, n, seed):
        """-> url, date, HTTP response."""
        d = Dice(seed * 1_000_003 + i)
        site = self.sites[i % 12]
        title = d.pick(self.titles[site['v']])
        date = f'{1998 + i * 25 // n}{1 + d.roll(12):02}{1 + d.roll(28):02}{d.roll(24):02}{d.roll(60):02}{d.roll(60):02}'
        url = f'http://{site["host"]}/{i}/{d.roll(10**6)}.html'
        what = d.roll(100) if self.kind in ('mix', 'damaged') else 50
        if what < 5: return url, date, b'HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<html><body><h1>404</h1></body></html>'
        if what < 9: return url, date, b'HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n' + bytes(d.roll(256) for _ in range(2000))
        if what < 13 and i > 12: d = Dice(seed * 1_000_003 + i - 12)  # the same page once more
        paragraphs = self.text(d, site['v'])
        cs = ('windows-1252', 'iso-8859-1', 'utf-8', 'utf-8')[i % 4]
        html = self.page(d, site, title, paragraphs).replace('@META@', f'<meta http-equiv="Content-Type" content="text/html; charset={cs}">' if i % 3 else '')
        body, extra = html.encode(cs.replace('iso-8859-1', 'cp1252'), 'xmlcharrefreplace'), ''
        if i % 5 == 1: body, extra = gzip.compress(body, 6, mtime=0), 'Content-Encoding: gzip\r\n'
        if i % 7 == 2:
            body, extra = b''.join(b'%x\r\n%s\r\n' % (len(body[k:k + 4000]), body[k:k + 4000]) for k in range(0, len(body), 4000)) + b'0\r\n\r\n', extra + 'Transfer-Encoding: chunked\r\n'
        return url, date, f'HTTP/1.1 200 OK\r\nServer: web\r\nContent-Type: text/html{"; charset=" + cs if i % 2 else ""}\r\n{extra}\r\n'.encode() + body

    def huge(self, n, seed):
        d, v = Dice(seed), 'pt-PT'
        parts = ['<html><head><title>Tudo</title></head><body>']
        for _ in range(n * 34): parts.append('<p>' + ' '.join(d.pick(self.sentences[v]) for _ in range(12)) + '</p>\n')
        return f'http://{self.sites[0]["host"]}/tudo.html', '20050101000000', 'HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n'.encode() + ''.join(parts).encode()

def record(arc, i, url, date, block):
    if arc: return f'{url} 192.0.2.1 {date} text/html {len(block)}\n'.encode() + block + b'\n'
    iso = f'{date[:4]}-{date[4:6]}-{date[6:8]}T{date[8:10]}:{date[10:12]}:{date[12:]}Z'
    return (f'WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{i:012x}>\r\nWARC-Date: {iso}\r\nWARC-Target-URI: {url}\r\n'
            f'Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n').encode() + block + b'\r\n\r\n'

FILEDESC = b'filedesc://web.arc.gz 0.0.0.0 19980101000000 text/plain 69\n1 0 make_web\nURL IP-address Archive-date Content-type Archive-length\n\n'

def main():
    p = argparse.ArgumentParser()
    p.add_argument('out'); p.add_argument('--pages', type=int, default=100); p.add_argument('--seed', type=int, default=1); p.add_argument('--level', type=int, default=6); p.add_argument('--each', type=int, help='pages a file')
    p.add_argument('--kind', default='mix', choices=['mix', 'foreign', 'copies', 'tiny', 'huge', 'damaged'])
    a = p.parse_args()
    os.makedirs(a.out, exist_ok=True)
    web, each = Web(a.seed, a.kind), a.each or (50_000 if a.kind == 'tiny' else 500)
    n = 1 if a.kind == 'huge' else a.pages
    for first in range(0, n, each):
        arc = first // each % 2 == 0
        with open(f'{a.out}/web-{first // each:05}.{"arc" if arc else "warc"}.gz', 'wb') as f:
            if arc: f.write(gzip.compress(FILEDESC, a.level, mtime=0))
            for i in range(first, min(n, first + each)):
                url, date, block = web.huge(a.pages, a.seed) if a.kind == 'huge' else web.capture(i, n, a.seed)
                member = bytearray(gzip.compress(record(arc, i, url, date, block), a.level, mtime=0))
                if a.kind == 'damaged': member[len(member) // 2] ^= 0x5A
                f.write(member)

main()
