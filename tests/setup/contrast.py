#!/usr/bin/env python3
"""contrast.py FILE: are the colours of the report far enough apart? WCAG 2.1 AA: 4.5 for text on each ground that it stands on, 3 for what charts are drawn
with; in the light and the dark form and on paper. Every colour of the style sheet has to be in one of the lists."""
import re, sys

TEXT = [('fg', 'bg'), ('fg', 'card'), ('soft', 'bg'), ('soft', 'card'), ('link', 'bg'), ('bg', 'fg'), ('fg', 'mark')]
DRAWN = ['in', 'br', 'pt', 'out', 's0', 's1', 's2', 's3', 's4', 'bad']  # on the page and on cards
QUIET = {'line'}  # rules between rows say nothing that their absence would hide

def luminance(colour):
    c = colour.lstrip('#')
    c = ''.join(2 * x for x in c) if len(c) == 3 else c
    r, g, b = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (int(c[i:i + 2], 16) / 255 for i in (0, 2, 4)))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b

def contrast(a, b):
    x, y = sorted((luminance(a), luminance(b)), reverse=True)
    return (x + 0.05) / (y + 0.05)

style = re.search(r'<style>(.*?)</style>', open(sys.argv[1], encoding='utf-8').read(), re.S)[1]
roots = [dict(re.findall(r'--(\w+):(#[0-9a-fA-F]{3,6})\b', x)) for x in re.findall(r':root\{(.*?)\}', style)]
assert len(roots) == 3, len(roots)
light, dark, paper = roots[0], {**roots[0], **roots[1]}, {**roots[0], **roots[2]}
bad = 0
named = {x for pair in TEXT for x in pair} | set(DRAWN) | QUIET
used = set(re.findall(r'var\(--(\w+)\)', style))
for x in sorted((set(light) | used) ^ named):
    print(f'--{x} is not judged, or not there'); bad += 1
# Colours are named once, above: no rule has one of its own.
for x in re.findall(r'#[0-9a-fA-F]{3,6}\b', re.sub(r':root\{.*?\}', '', style)):
    print(f'{x} is outside of :root'); bad += 1
for form, c in (('light', light), ('dark', dark), ('paper', paper)):
    pairs = [(a, b, 4.5) for a, b in TEXT] + [(a, b, 3) for a in DRAWN for b in ('bg', 'card')]
    for a, b, least in pairs:
        ratio = contrast(c[a], c[b])
        if '-v' in sys.argv: print(f'{form:6} {a:5} on {b:5} {ratio:5.2f}')
        if ratio < least:
            print(f'{form}: {a} {c[a]} on {b} {c[b]} is {ratio:.2f}, below {least}'); bad += 1
print('colours are apart' if not bad else 'colours are NOT apart')
sys.exit(bad > 0)
