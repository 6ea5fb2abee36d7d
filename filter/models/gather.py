#!/usr/bin/env python3
"""gather.py FOLDER: more text to train the models with, out of packages of Debian 12 that carry the same messages in many languages.

Downloads the packages named below into FOLDER (nothing is installed), unpacks them there, and writes
  FOLDER/variety.jsonl  {text, label, domain, source}: messages of games that both pt-PT and pt-BR translate, and translate differently;
                        words that the two norms spell differently, and the pairs of lexicon.txt beside this script
  FOLDER/gate.jsonl     {text, lang, source}: the same packages, and lines.txt beside this script, in the languages nearest to Portuguese.
Only weights learned from these texts enter the program. Licences are those of the packages (GPL, MPL, Apache, CC BY-SA).
"""
import glob, html, json, os, random, re, struct, subprocess, sys, zipfile

PACKAGES = '''wesnoth-1.16-data gramps inkscape vlc-l10n minetest-data freeciv-data tuxpaint-data wordpress-l10n calibre mediawiki roundcube-core
gcompris-qt-data fortunes-br
libreoffice-l10n-gl libreoffice-l10n-ca libreoffice-l10n-ast libreoffice-l10n-oc hunspell-pt-pt hunspell-pt-br hunspell-gl hunspell-es hunspell-ca hunspell-oc hunspell-an'''.split()
GATE = 'pt pt_BR pt_PT gl ca oc ast an mwl es it fr ro en ext lad co sc lij vec pms scn rm'.split()
HERE = os.path.dirname(os.path.abspath(__file__))

def unpack(folder):
    os.makedirs(folder + '/debs', exist_ok=True)
    subprocess.run(['apt-get', 'download', '-q', *PACKAGES], cwd=folder + '/debs', check=True)
    for deb in sorted(glob.glob(folder + '/debs/*.deb')):
        subprocess.run(['dpkg-deb', '-x', deb, folder + '/x'], check=True)

def catalogue(b):
    """A gettext .mo file as a dict."""
    e = '<' if b[:4] == b'\xde\x12\x04\x95' else '>'
    n, o, t = struct.unpack(e + 'III', b[8:20])
    out = {}
    for i in range(n):
        l, p = struct.unpack(e + 'II', b[o + 8 * i:o + 8 * i + 8]); key = b[p:p + l]
        l, p = struct.unpack(e + 'II', b[t + 8 * i:t + 8 * i + 8]); val = b[p:p + l].split(b'\0')[0]
        if key: out[key.decode('utf-8', 'replace')] = val.decode('utf-8', 'replace')
    return out

def clean(s):
    s = html.unescape(re.sub(r'<[^<>]*>', ' ', s))
    s = re.sub(r'https?://\S+|\{\{.*?\}\}|\[\[|\]\]|%[-+0-9.]*(?:\([^)]*\))?[a-zA-Z]|\$\d|\{[^{}]*\}|\$\([^)]*\)|&(?=\w)|\\n|[_~](?=[A-Z])', ' ', s)
    return re.sub(r'\s+', ' ', s).strip()

def messages(root, lang):
    """{source: {key: text}} of one language."""
    out = {}
    def add(source, key, text):
        text = clean(text)
        if re.search(r'[^\W\d]{2}', text) and (lang in ('en', 'sco') or not re.search(r'\b(the|of|and)\b', text)): out.setdefault(source, {})[key] = text
    for f in sorted(glob.glob(f'{root}/**/{lang}/LC_MESSAGES/*.mo', recursive=True)):
        base = os.path.basename(f).split('.')[0].split('-')[0]
        source = 'LibreOffice' if '/libreoffice/' in f else base
        for k, v in catalogue(open(f, 'rb').read()).items():
            if v != k: add(source, os.path.basename(f) + k, v)
    for f in sorted(glob.glob(f'{root}/usr/share/mediawiki/**/i18n/**/{lang.lower().replace("_", "-")}.json', recursive=True)):
        for k, v in json.load(open(f)).items():
            if isinstance(v, str): add('MediaWiki', os.path.dirname(f) + k, v)
    for f in sorted(glob.glob(f'{root}/usr/share/wordpress/wp-content/languages/**/*{lang}.mo', recursive=True)):
        if os.path.basename(f).replace(lang + '.mo', '').strip('-') in ('', 'admin', 'continents-cities', 'admin-network'):
            for k, v in catalogue(open(f, 'rb').read()).items(): add('WordPress', os.path.basename(f)[:6] + k, v)
    z = f'{root}/usr/share/calibre/localization/locales.zip'
    if os.path.exists(z):
        with zipfile.ZipFile(z) as zf:
            for n in sorted(zf.namelist()):
                if n.startswith(lang + '/') and n.endswith('messages.mo'):
                    for k, v in catalogue(zf.read(n)).items(): add('Calibre', k, v)
    return out

def dictionary(root, name):
    words = set()
    for line in open(f'{root}/usr/share/hunspell/{name}.dic', encoding='latin-1' if name == 'an_ES' else 'utf-8'):
        w = line.split('/')[0].split()[0] if line.strip() else ''
        if re.fullmatch(r"[^\W\d_]{4,}", w) and w == w.lower(): words.add(w)
    return words

def spelling_rows(root):
    """Words of one sound that the two norms spell with another accent, each in the dictionary of its norm alone."""
    pt, br = dictionary(root, 'pt_PT'), dictionary(root, 'pt_BR')
    pairs = []
    for w in sorted(pt - br):
        for a, b in ('óô', 'éê'):
            if a in w and w.replace(a, b) in br - pt: pairs.append((w, w.replace(a, b)))
    for a, b in random.Random(1).sample(pairs, min(1200, len(pairs))):
        for label, w in (('pt-PT', a), ('pt-BR', b)): yield dict(text=w, label=label, domain='lexicon', source='hunspell')

def word_rows(root):
    """Words that the dictionary of one language alone has, five a row."""
    names = dict(pt=('pt_PT', 'pt_BR'), gl=('gl_ES',), es=('es_ES',), ca=('ca',), oc=('oc_FR',), an=('an_ES',))
    words = {lang: set.intersection(*(dictionary(root, n) for n in ns)) for lang, ns in names.items()}
    rg = random.Random(2)
    for lang in words:
        own = sorted(words[lang] - set().union(*(w for l, w in words.items() if l != lang)))
        for _ in range(1500): yield dict(text=' '.join(rg.sample(own, 5)), lang=lang, source='hunspell')

def variety_rows(root):
    games = ('wesnoth', 'freeciv', 'minetest', 'tuxpaint')
    pt, br = messages(root, 'pt'), messages(root, 'pt_BR')
    for s, m in messages(root, 'pt_PT').items(): pt.setdefault(s, {}).update(m)
    for source in sorted(set(pt) & set(br) & set(games)):
        keys = sorted(k for k in pt[source] if k in br[source] and pt[source][k] != br[source][k])
        for label, m in (('pt-PT', pt[source]), ('pt-BR', br[source])):
            seen, cur, words = set(), [], 0
            for k in keys:
                if m[k] in seen: continue
                seen.add(m[k]); cur.append(m[k]); words += len(m[k].split())
                if words >= 20 + 16 * (len(cur) % 6):
                    yield dict(text='\n'.join(cur), label=label, domain='games', source=source)
                    cur, words = [], 0
    f = f'{root}/usr/share/games/fortunes/brasil'
    if os.path.exists(f):
        for t in open(f, encoding='utf-8', errors='replace').read().split('\n%\n'):
            if len(t.split()) > 5: yield dict(text=clean(t), label='pt-BR', domain='quotes', source='fortunes-br')
    yield from spelling_rows(root)
    for line in open(f'{HERE}/lexicon.txt', encoding='utf-8'):
        if line.strip() and line[0] != '#':
            a, b = line.rstrip('\n').split('|')
            for label, words in (('pt-PT', a), ('pt-BR', b)):
                for w in words.split(','):
                    if w.strip(): yield dict(text=w.strip(), label=label, domain='lexicon', source='lexicon')

def gate_rows(root):
    for lang in GATE:
        seen = set()
        for source, m in sorted(messages(root, lang).items()):
            for k in sorted(m):
                t = m[k]
                if len(t.split()) >= 2 and t not in seen:
                    seen.add(t)
                    yield dict(text=t, lang=lang.split('_')[0], source=source)
    yield from word_rows(root)
    for line in open(f'{HERE}/lines.txt', encoding='utf-8'):
        if line.strip() and line[0] != '#':
            lang, t = line.rstrip('\n').split('|', 1)
            yield dict(text=t, lang=lang, source='lines')

def main():
    folder = sys.argv[1]
    if not os.path.isdir(folder + '/x'): unpack(folder)
    for name, rows in (('variety', variety_rows), ('gate', gate_rows)):
        with open(f'{folder}/{name}.jsonl', 'w', encoding='utf-8') as out:
            for r in rows(folder + '/x'): out.write(json.dumps(r, ensure_ascii=False) + '\n')

if __name__ == '__main__':
    main()
