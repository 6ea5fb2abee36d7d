#!/usr/bin/env python3
"""make_sample.py [OUT]: the sample archive, from the texts in pages.txt: sample.arc.gz (captures to 2008) and sample.warc.gz.

Besides the pages: copies on other sites, an edited copy, a later capture of the same page, a frameset, an index page, a stub, a 404, a
redirect, an image, a revisit, a request and a dns record, one damaged record in each file. One gzip member a record. Same bytes at every
call with the same zlib."""
import base64, gzip, hashlib, html, io, os, sys, zlib

here = os.path.dirname(os.path.abspath(__file__))

MENU = {'pt-PT': ['Início', 'Notícias', 'Freguesias', 'Contactos', 'Mapa do sítio'], 'pt-BR': ['Início', 'Notícias', 'Quem somos', 'Fale conosco', 'Cadastre-se'],
        'gl': ['Inicio', 'Novas', 'Concello', 'Contacto'], 'es': ['Inicio', 'Noticias', 'El pueblo', 'Contacto'], 'en': ['Home', 'News', 'About us', 'Contact']}
FOOT = {'pt-PT': 'Todos os direitos reservados. Política de privacidade. Este sítio utiliza cookies.', 'pt-BR': 'Todos os direitos reservados. Política de privacidade. Este site usa cookies.',
        'gl': 'Todos os dereitos reservados. Aviso legal.', 'es': 'Todos los derechos reservados. Aviso legal.', 'en': 'All rights reserved. Privacy policy.'}

def pages():
    page, out = None, []
    for line in open(os.path.join(here, 'pages.txt'), encoding='utf-8'):
        line = line.rstrip('\n')
        if line.startswith('#') or not line:
            continue
        if line.startswith('== '):
            url, date, keys = [x.strip() for x in line[3:].split('|')]
            page = dict(url=url, date=date, text=[], **dict(k.split('=') for k in keys.split()))
            out.append(page)
        else:
            page['text'].append(line)
    return out

def layout(p):
    e = html.escape
    title, *paragraphs = p['text']
    menu, foot, kind = MENU[p['v']], FOOT[p['v']], p['kind']
    lang = {'pt-PT': 'pt', 'pt-BR': 'pt-BR'}.get(p['v'], p['v'])
    links = lambda sep: sep.join(f'<a href="/{i}.html">{e(m)}</a>' for i, m in enumerate(menu))
    if kind == 'old':
        body = (f'<TABLE WIDTH=600 BORDER=0><TR><TD BGCOLOR="#003366" WIDTH=120 VALIGN=top><FONT SIZE=1>{links("<BR>")}</FONT></TD><TD>'
                f'<FONT FACE="Arial" SIZE=4><B>{e(title)}</B></FONT><BR><BR>' + '<BR><BR>\n'.join(f'<FONT SIZE=2>{e(t)}</FONT>' for t in paragraphs) +
                f'</TD></TR></TABLE><HR><CENTER><FONT SIZE=1>{e(foot)}</FONT></CENTER>')
        return f'<HTML><HEAD>@META@<TITLE>{e(title)}</TITLE></HEAD><BODY BGCOLOR=white>{body}</BODY></HTML>\n'
    nav = f'<nav class="menu"><ul>' + ''.join(f'<li><a href="/{i}">{e(m)}</a></li>' for i, m in enumerate(menu)) + '</ul></nav>'
    ps = '\n'.join(f'<p>{e(t)}</p>' for t in paragraphs)
    if kind == 'news':
        main = f'<main><article><h1>{e(title)}</h1>\n{ps}\n</article></main><aside class="related"><h3>{e(menu[1])}</h3><a href="/x">{e(menu[0])}</a></aside>'
    elif kind == 'blog':
        main = f'<div id="content"><div class="post"><h2><a href="{e(p["url"])}">{e(title)}</a></h2><div class="entry">{ps}</div></div><div class="share"><a href="#">Facebook</a> <a href="#">Twitter</a></div></div>'
    elif kind == 'forum':
        main = f'<div id="page-body"><h2>{e(title)}</h2>' + ''.join(
            f'<div class="post" id="p{i}"><div class="postprofile"><b>membro{i}</b><br>Mensagens: {120 * i + 7}</div><div class="postbody"><div class="content">{e(t)}</div></div></div>' for i, t in enumerate(paragraphs)) + '</div>'
    elif kind == 'cards':
        main = f'<div class="wrap"><div class="hero"><h1>{e(title)}</h1></div>' + ''.join(f'<div class="card"><div class="card-text">{e(t)}</div></div>' for t in paragraphs) + '</div>'
    else:
        main = f'<div class="page"><h1>{e(title)}</h1><section><div>{e(paragraphs[0])}</div></section>' + ''.join(f'<section><label>{e(t)}</label></section>' for t in paragraphs[1:]) + '</div>'
    return (f'<!DOCTYPE html>\n<html lang="{lang}"><head>@META@<title>{e(title)} | {e(menu[0])}</title><style>body{{margin:0}}</style></head>\n<body>{nav}\n{main}\n'
            f'<footer><p>{e(foot)}</p></footer><script>var visitas = 1;</script></body></html>\n')

def body_of(p):
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={p["cs"]}">' if p['decl'] == 'meta' else ''
    return layout(p).replace('@META@', meta).encode(p['cs'].replace('iso-8859-1', 'cp1252'), 'xmlcharrefreplace')

def http(status, ctype, body, extra=()):
    head = [f'HTTP/1.1 {status}', 'Server: sample', *([f'Content-Type: {ctype}'] if ctype else []), *extra]
    return '\r\n'.join(head).encode() + b'\r\n\r\n' + body

def response(p):
    body, extra = body_of(p), []
    ctype = 'text/html' + {'http': f'; charset={p["cs"]}', 'false': '; charset=utf-8'}.get(p['decl'], '')
    if p.get('ce') == 'gzip':
        body = gz(body)
        extra.append('Content-Encoding: gzip')
    if p.get('ce') == 'chunked':
        cut = [body[i:i + 700] for i in range(0, len(body), 700)]
        body = b''.join(b'%x\r\n%s\r\n' % (len(c), c) for c in cut) + b'0\r\n\r\n'
        extra.append('Transfer-Encoding: chunked')
    else:
        extra.append(f'Content-Length: {len(body)}')
    return http('200 OK', ctype, body, extra)

def gz(b):
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode='wb', compresslevel=9, mtime=0) as g:
        g.write(b)
    return out.getvalue()

def arc(url, date, mime, block):
    return f'{url} 192.0.2.1 {date} {mime} {len(block)}\n'.encode() + block + b'\n'

def warc(kind, url, date, ctype, block, extra=()):
    iso = f'{date[:4]}-{date[4:6]}-{date[6:8]}T{date[8:10]}:{date[10:12]}:{date[12:14]}Z'
    h = hashlib.sha1((kind + (url or '') + date).encode() + block).hexdigest()
    head = ['WARC/1.1', f'WARC-Type: {kind}', f'WARC-Record-ID: <urn:uuid:{h[:8]}-{h[8:12]}-5{h[13:16]}-8{h[17:20]}-{h[20:32]}>', f'WARC-Date: {iso}',
            *([f'WARC-Target-URI: {url}'] if url else []), f'Content-Type: {ctype}', f'Content-Length: {len(block)}', *extra]
    return '\r\n'.join(head).encode() + b'\r\n\r\n' + block + b'\r\n\r\n'

def digest(b):
    return 'sha1:' + base64.b32encode(hashlib.sha1(b).digest()).decode()

def members():
    """-> two lists of gzip members: ARC, WARC."""
    P = pages()
    by = {p['url']: p for p in P}
    again = lambda url, new, date, **k: dict(by[url], url=new, date=date, **k)
    edited = again('http://blog.telhados.example.pt/gatos', 'http://www.gatil.example.pt/historias/barao', '20100112090000')
    edited['text'] = [edited['text'][0]] + [t.replace('cinco gatos', 'seis gatos').replace('Ontem à noite', 'Na terça-feira') for t in edited['text'][1:]]
    extra = [again('http://www.vilanova.example.pt/receitas/caldo.html', 'http://cozinha.example.pt/caldo-verde', '20020211100000'),
             again('http://jornal.serra.example.pt/2003/neve', 'http://jornal.serra.example.pt/2003/neve', '20060301120000'),
             again('http://www.museu-lata.example.pt/historia', 'http://turismo.example.pt/conservas', '20180501100000'), edited,
             dict(url='http://www.vilanova.example.pt/', date='19980312092900', v='pt-PT', cs='windows-1252', decl='none', kind='old', text=['Vila Nova', 'Em construção.'])]
    P = sorted(P + extra, key=lambda p: (p['date'], p['url']))
    A = [gz(b'filedesc://sample.arc.gz 0.0.0.0 19980312092800 text/plain 76\n1 0 peneira-sample\nURL IP-address Archive-date Content-type Archive-length\n\n')]
    W = [gz(warc('warcinfo', None, '20090101000000', 'application/warc-fields', b'software: make_sample\r\nformat: WARC File Format 1.1\r\n'))]
    frames = b'<html><head><title>Vila Nova</title></head><frameset cols="120,*"><frame src="menu.html"><frame src="mercado.html"><noframes><body>Este s\xedtio usa molduras.</body></noframes></frameset></html>'
    png = base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==')
    A.append(gz(arc('http://www.vilanova.example.pt/frames.html', '19980312092930', 'text/html', http('200 OK', 'text/html', frames))))
    A.append(gz(arc('dns:www.vilanova.example.pt', '19980312092800', 'text/dns', b'19980312092800\nwww.vilanova.example.pt. 3600 IN A 192.0.2.1\n')))
    for p in P:
        if p['date'] < '2009':
            A.append(gz(arc(p['url'], p['date'], 'text/html', response(p))))
        else:
            W.append(gz(warc('request', p['url'], p['date'], 'application/http; msgtype=request', b'GET / HTTP/1.1\r\nHost: x\r\n\r\n')))
            W.append(gz(warc('response', p['url'], p['date'], 'application/http; msgtype=response', response(p), [f'WARC-Payload-Digest: {digest(body_of(p))}'])))
    A.insert(9, gz(arc('http://www.vilanova.example.pt/antigo.html', '19990101000000', 'text/html', http('404 Not Found', 'text/html', b'<html><body>404</body></html>'))))
    A.insert(14, gz(arc('http://www.vilanova.example.pt/ponto.gif', '19990101000001', 'image/png', http('200 OK', 'image/png', png))))
    hurt = bytearray(gz(arc('http://www.vilanova.example.pt/estragado.html', '20000101000000', 'text/html', response(by['http://www.vilanova.example.pt/mercado.html']))))
    hurt[len(hurt) // 2] ^= 0x5A
    A.insert(6, bytes(hurt))
    moved = http('301 Moved Permanently', 'text/html', b'', ['Location: http://www.oficina.example.pt/bicicletas', 'Content-Length: 0'])
    W.insert(8, gz(warc('response', 'http://oficina.example.pt/', '20140611115900', 'application/http; msgtype=response', moved)))
    p = by['http://www.camara-moinho.example.pt/aviso-agua']
    seen = ['WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest', f'WARC-Refers-To-Target-URI: {p["url"]}', 'WARC-Refers-To-Date: 2011-07-25T09:00:00Z', f'WARC-Payload-Digest: {digest(body_of(p))}']
    W.append(gz(warc('revisit', p['url'], '20120101000000', 'application/http; msgtype=response', http('200 OK', 'text/html; charset=utf-8', b''), seen)))
    hurt = bytearray(gz(warc('response', 'http://www.clube-remo.example.pt/estragado', '20150928171600', 'application/http; msgtype=response', response(by['http://www.clube-remo.example.pt/regata']))))
    hurt[-30] ^= 0x5A
    W.insert(20, bytes(hurt))
    return A, W

def main():
    out = sys.argv[1] if len(sys.argv) > 1 else here
    for name, parts in zip(('sample.arc.gz', 'sample.warc.gz'), members()):
        with open(os.path.join(out, name), 'wb') as f:
            f.write(b''.join(parts))

main()
