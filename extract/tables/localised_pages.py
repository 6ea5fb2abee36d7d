"""Real pages in Portuguese sentences, as tools/make_ptweb.py makes them: main text by the sentences of one document, the rest by other
text, whole sentences wherever text of eight words stood. Unlike in reworded_pages.py a short line may become a long one, and one page may
get the text of another: what two sites make of one article."""
import os
import random
import re
import sys

SENTENCE = re.compile(r"(?<=[.!?…])\s+")
BYTES, WORDS = 400_000, 60


def maker(shared):
    sys.path.append(os.path.join(shared, "tools"))
    import make_ptweb

    return make_ptweb


def fits(row):
    return len(row["html"]) < BYTES and len((row.get("truth") or "").split()) >= WORDS


class Localiser:
    def __init__(self, shared, texts):
        """texts: rows {text, label}."""
        self.make, self.draw = maker(shared), random.Random(4711)
        self.docs = {v: [r["text"] for r in texts if r["label"] == v and len(r["text"].split()) >= 40] for v in ("pt-PT", "pt-BR")}
        self.words = {v: sorted({w.lower() for t in d[:400] for w in t.split() if w.isalpha() and 3 < len(w) < 12}) for v, d in self.docs.items()}

    def page(self, row, variety, main):
        html, body = self.make.localise(row, main, self.make.Stream(self.docs[variety], self.draw), self.words[variety], self.draw)
        if html is None:
            return None
        word, n = self.draw.choice(self.words[variety]), self.draw.randrange(10000)
        return dict(ds="localised", url=f"http://www.{word}.pt/{n}/{word}.html", bytes=html.encode(), truth=body, host_of=row, of=row["id"])

    def with_own_text(self, row):
        variety = self.draw.choice(("pt-PT", "pt-BR"))
        return self.page(row, variety, self.make.Stream(self.docs[variety], self.draw)), variety

    def with_text_of(self, page, variety, rows):
        """The same text in the layout of a page about as long."""
        stream = self.make.Stream([page["truth"]], self.draw)
        stream.left = [s for s in SENTENCE.split(page["truth"]) if s][::-1]
        n = len(page["truth"].split())
        alike = [r for r in (self.draw.choice(rows) for _ in range(30)) if 0.6 < len(r["truth"].split()) / n < 1.4]
        copy = self.page((alike or [self.draw.choice(rows)])[0], variety, stream)
        return copy and dict(copy, copy_of=page["id"])


def pages(rows, pairs, shared, texts):
    """Of each fitting row a page with its own text; of those in `pairs` (ids) also its text in another row's layout."""
    make, rows = Localiser(shared, texts), [r for r in rows if fits(r)]
    layouts, n = [r for r in rows if r["id"] in pairs], 0
    for row in rows:
        page, variety = make.with_own_text(row)
        if not page:
            continue
        n += 1
        page["id"] = f"localised/{n}"
        yield page
        copy = make.with_text_of(page, variety, layouts) if row["id"] in pairs and len(page["truth"].split()) >= WORDS else None
        if copy:
            n += 1
            yield dict(copy, id=f"localised/{n}")
