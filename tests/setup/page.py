#!/usr/bin/env python3
"""page.py FILE: is the report a page that holds together, loads nothing and runs nothing? Reads it as a browser would, tag by tag."""
import html.parser, re, sys

VOID = {'meta', 'br', 'input', 'wbr'}
TAGS = VOID | set('html head title style body header main footer section h1 h2 h3 h4 p div span b i code table thead tbody tr th td ul li figure figcaption '
                  'svg g rect line title text details summary article blockquote mark bdi label'.split())
ATTRIBUTES = set('lang charset http-equiv content name class type id aria-label checked for scope style height width role x y x1 x2 y1 y2 open'.split())
OPEN = {'td', 'th', 'tr'}  # may be left open

class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.stack, self.bad, self.ids, self.tags = [], [], set(), 0
    def handle_starttag(self, tag, attrs):
        self.tags += 1
        if tag not in TAGS: self.bad.append(f'tag {tag}')
        for name, value in attrs:
            if name not in ATTRIBUTES: self.bad.append(f'attribute {name} of {tag}')
            if name == 'style' and not re.fullmatch(r'(width|height):[0-9.]+(%|px)', value or ''): self.bad.append(f'style {value}')
            if name == 'id':
                if value in self.ids: self.bad.append(f'id {value} twice')
                self.ids.add(value)
        if tag not in VOID: self.stack.append(tag)
    def handle_startendtag(self, tag, attrs):
        if tag not in TAGS: self.bad.append(f'tag {tag}')
        for name, value in attrs:
            if name not in ATTRIBUTES: self.bad.append(f'attribute {name} of {tag}')
    def handle_endtag(self, tag):
        while self.stack and self.stack[-1] != tag and self.stack[-1] in OPEN: self.stack.pop()
        if not self.stack or self.stack.pop() != tag: self.bad.append(f'</{tag}> at {self.getpos()}')

text = open(sys.argv[1], encoding='utf-8').read()
page = Page()
page.feed(text)
page.close()
style = re.search(r'<style>(.*?)</style>', text, re.S)[1]
if 'url(' in style or '@import' in style: page.bad.append('the style sheet loads something')
if "default-src 'none'" not in text: page.bad.append('no Content-Security-Policy')
if page.stack: page.bad.append(f'left open: {page.stack}')
english, portuguese = text.count('class=en '), text.count('class=pt ')
if english != portuguese: page.bad.append(f'{english} texts in English, {portuguese} in Portuguese')
for bad in page.bad[:10]: print(bad)
print('holds together' if not page.bad and page.tags > 100 else 'does NOT hold together')
sys.exit(bool(page.bad))
