"""server.py LOG: an archive server of 12 captures on loopback, as pywb speaks. Prints its port. Every request is a line of LOG.

One capture answers 429 with Retry-After once, one 503 once, one with the capture of another day, one is missing, one is a captured 404. An answer of the
index has at most the lines that are asked for. With PAUSE in the environment each replay takes so many seconds."""
import email.utils, http.server, json, os, sys, time, urllib.parse

log = open(sys.argv[1], 'a')
pause = float(os.environ.get('PAUSE', 0))
stamp = lambda i: f'2004{i % 12 + 1:02}01120000'
captures = {(stamp(i), f'http://a.pt/pagina{i:02}'): i for i in range(12)}
failed = set()

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *args): pass

    def answer(self, status, body, **fields):
        self.send_response_only(status)
        for k, v in fields.items():
            self.send_header(k.replace('_', '-'), v)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        log.write(self.path + '\n')
        log.flush()
        if self.path.startswith('/w/cdx?'):
            q = {k: v[0] for k, v in urllib.parse.parse_qs(self.path.split('?', 1)[1]).items()}
            lines = [json.dumps({'urlkey': f'pt,a)/pagina{i:02}', 'timestamp': t, 'url': u, 'mime': 'text/html', 'status': '404' if i == 11 else '200', 'offset': str(i), 'filename': 'x.arc.gz'})
                     for (t, u), i in sorted(captures.items()) if q['from'] <= t <= q['to']]
            return self.answer(200, ''.join(line + '\n' for line in lines[:int(q['limit'])]).encode(), Content_Type='text/x-ndjson')
        time.sleep(pause)
        t, url = self.path[len('/w/'):].split('id_/', 1)
        i = captures.get((t, url))
        if i in (3, 5) and i not in failed and not pause:
            failed.add(i)
            return self.answer(429, b'slower', Retry_After='1') if i == 3 else self.answer(503, b'later')
        if i is None or i == 7:
            return self.answer(404, b'none')
        date = time.strptime(t, '%Y%m%d%H%M%S') if i != 9 else time.strptime('20050101120000', '%Y%m%d%H%M%S')
        self.answer(404 if i == 11 else 200, f'<html><p>Página {i}</p></html>'.encode(), Content_Type='text/html; charset=utf-8', X_Archive_Orig_Server='velho',
                    X_Archive_Orig_Transfer_Encoding='chunked', Memento_Datetime=email.utils.formatdate(__import__('calendar').timegm(date), usegmt=True))

server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
