#!/usr/bin/env python3
"""Train the model of main_text and write its table.

  train_main_text.py DUMP > main_text.inc        DUMP: the program dump_features, which gives blocks and features of pages
  train_main_text.py DUMP --score                how well pages are extracted by models that saw no page of the same host (held_out.py);
                                                 with --table FILE the table as well

Pages come from $PENEIRA_SHARED/data: extract/{dev,train,ptgold,ptsynth}, warc/pages with the marks of marks.json; old_pages.py, whose text
is that of variety/train; and the pages whose main text is known twice more, with Portuguese words (reworded_pages.py) and sentences
(localised_pages.py). A block is main text when the truth holds it: by three-word sequences when it is long, word for word and in its place
when it is short. Needs numpy, lightgbm, lxml, zstd(1), fastwarc and brotli.
"""
import argparse
import collections
import contextlib
import gzip
import hashlib
import json
import math
import os
import re
import subprocess
import sys
import zlib

import lightgbm
import numpy as np

import held_out
import localised_pages
import old_pages
import reworded_pages

W = re.compile(r"\w+")
SHARED = os.environ.get("PENEIRA_SHARED", "../shared")
DATA = os.path.join(SHARED, "data")
HERE = os.path.dirname(os.path.abspath(__file__))
FOLDS, ONE, LEAVES = 4, 1024, 8
ROUGH = dict(trees=30, rate=0.25)
MODEL = dict(trees=400, rate=0.1)
WEIGHTS = {"ptgold": 2.0, "marked": 1.5, "ptsynth": 0.5, "old": 0.6, "reworded": 0.3, "localised": 0.25}  # of a page of the set; 1 for the others
OLD = 700  # made pages
KIND, BLOCK_H = 20, 2  # F_KIND of feature.h and what it is for a heading


# ---- pages ----
def rows(path):
    return [json.loads(line) for line in subprocess.run(["zstd", "-dcq", path], check=True, capture_output=True).stdout.splitlines()]


def unpacked(body):
    """What HTTP has made of a body undone: chunks, then the content coding, told by trying."""
    import brotli

    if re.match(rb"[0-9a-fA-F]{1,6}\r\n", body):
        out, at, head = [], 0, re.compile(rb"\s*([0-9a-fA-F]{1,6})[^\r\n]*\r\n")
        while (m := head.match(body, at)) and (n := int(m.group(1), 16)):
            out.append(body[m.end():m.end() + n])
            at = m.end() + n
        body = b"".join(out)
    if b"<" in body[:3000] and b"\0" not in body[:200]:
        return body
    for decode in (brotli.decompress, gzip.decompress, zlib.decompress, lambda x: zlib.decompress(x, -15)):
        try:
            return decode(body)
        except (brotli.error, OSError, EOFError, zlib.error):
            pass
    return body


def archived_pages():
    """The pages of warc/pages that marks.json knows, by the SHA-1 of their body."""
    from fastwarc.warc import ArchiveIterator

    marks = json.load(open(os.path.join(HERE, "marks.json")))
    for record in ArchiveIterator(open(f"{DATA}/warc/pages/pages-pt.warc.gz", "rb"), parse_http=True):
        if "response" not in str(record.record_type).lower():
            continue
        body = unpacked(record.reader.read())
        name = hashlib.sha1(body).hexdigest()[:8]
        if name in marks:
            yield dict(id="marked/" + name, ds="marked", url=record.headers.get("WARC-Target-URI"), bytes=body, mark=marks[name])


def texts_of(*domains):
    return [r["text"] for r in rows(f"{DATA}/variety/train.jsonl.zst") if r["domain"] in domains and len(r["text"].split()) > 25]


def all_pages():
    seen = set()
    for name in ("dev", "ptgold", "ptsynth", "train"):
        for r in rows(f"{DATA}/extract/{name}.jsonl.zst"):
            r["bytes"] = r["html"].encode(r["enc"])
            digest = hashlib.sha1(r["bytes"]).digest()
            if r["ds"] == "wcxb" and digest in seen:
                continue  # the same page under two names
            seen.add(digest)
            r["id"] = name + "/" + r["id"]
            yield r
    for r in old_pages.pages(texts_of("news", "news-web", "news-blog", "literature", "opinion", "law", "social", "web"), OLD):
        yield dict(r, bytes=r["html"].encode())
    yield from archived_pages()


def reworded(pages, blocks, label):
    """Pages whose whole main text is known, and is not a list of others, with Portuguese words."""
    texts = texts_of("news", "news-web", "news-blog", "literature", "opinion", "law", "social", "web", "docs", "technical", "encyclopedia")
    for i, p in enumerate(pages):
        if p["ds"] in ("wcxb", "scrapinghub", "fundus", "cleanportaleval", "readability") and p.get("type") not in ("listing", "collection") and len(p["html"]) < 500000 and (label[p["id"]] == 1).any():
            html = reworded_pages.page(p, blocks[p["id"]][0], label[p["id"]], texts, i)
            yield dict(id="reworded/" + p["id"], ds="reworded", url=p["url"], bytes=html.encode(), of=p["id"])


def localised(pages):
    known = [p for p in pages if p["ds"] in ("wcxb", "scrapinghub", "fundus", "cleanportaleval", "readability")]
    return localised_pages.pages(known, {p["id"] for p in known if p["id"].startswith("dev/")}, SHARED, rows(f"{DATA}/variety/train.jsonl.zst"))


def host(page):
    if "host_of" in page:
        return host(page["host_of"])
    if page["ds"] in ("ptsynth", "old"):
        return page["id"]
    name = re.sub(r"^https?://", "", page["url"] or "").split("/")[0].split(":")[0].lower().split(".")
    return ".".join(name[-3:] if len(name) > 2 and len(name[-2]) <= 3 and len(name[-1]) == 2 else name[-2:])


def dump(program, pages):
    """Texts and features of each page's blocks."""
    parts = []
    for p in pages:
        url = (p["url"] or "").strip().encode("ascii", "ignore").decode().replace(" ", "%20").replace("\t", "")
        parts += [f"{p['id']}\t{url}\t\t{len(p['bytes'])}\n".encode(), p["bytes"]]
    out = {}
    for line in subprocess.run([program], input=b"".join(parts), check=True, stdout=subprocess.PIPE).stdout.splitlines():
        j = json.loads(line)
        f = np.frombuffer(bytes.fromhex(j["f"]), np.uint8)
        out[j["id"]] = j["t"], f.reshape(len(j["t"]), -1) if j["t"] else None
    return out


# ---- labels: 1 main text, 0 not, -1 not known ----
def words(text):
    return [w.lower() for w in W.findall(text)]


def best_place(w, hits, used, after):
    """Where in the truth the block w stands, by the sequences that hit it: the place that most agree on and that is not taken."""
    votes = collections.Counter(q - k for k, places in hits for q in places[:20])
    for start, n in sorted(votes.items(), key=lambda v: (-v[1], abs(v[0] - after))):
        lo, hi = max(0, start), min(len(used), start + len(w))
        if hi > lo and n >= 0.5 * len(hits) and used[lo:hi].mean() <= 0.6:
            return lo, hi
    return None


def label_long(blocks, truth, used, place, label):
    index = collections.defaultdict(list)
    for i in range(len(truth) - 2):
        index[tuple(truth[i:i + 3])].append(i)
    after, part = 0, np.zeros(len(blocks))
    for i, w in enumerate(blocks):
        if len(w) < 8:
            continue
        hits = [(k, index[tuple(w[k:k + 3])]) for k in range(len(w) - 2) if tuple(w[k:k + 3]) in index]
        part[i] = len(hits) / (len(w) - 2)
        place[i] = best_place(w, hits, used, after) if part[i] >= 0.5 else None
        if place[i]:
            used[slice(*place[i])], label[i], after = True, 1, place[i][1]
        elif part[i] >= 0.5:
            part[i] = 0  # said before
    return part


def label_short(blocks, truth, used, place, label, part):
    """Short blocks stand between the places of their neighbours, word for word."""
    index = collections.defaultdict(list)
    for i, w in enumerate(truth):
        index[w].append(i)
    following, after = [None] * len(blocks), None
    for i in reversed(range(len(blocks))):
        following[i] = after
        after = place[i] or after
    before = None
    for i, w in enumerate(blocks):
        if place[i]:
            before = place[i][1]
            continue
        if not w:
            label[i] = -1
        if not w or part[i] > 0:
            continue
        lo, hi = max(0, before - 2) if before else 0, following[i][0] + 2 if following[i] else len(truth)
        hi = min(len(truth), lo + 200) if hi < lo else hi
        at = next((p for p in index[w[0]] if lo <= p <= hi - len(w) and truth[p:p + len(w)] == w and not used[p:p + len(w)].any()), None)
        if at is None:
            continue
        gap = min(abs(at - (before or 0)), abs((following[i][0] if following[i] else len(truth)) - at - len(w)))
        if len(w) > 2 or gap <= 40:
            label[i], place[i], before = 1, (at, at + len(w)), at + len(w)
            used[at:at + len(w)] = True


def by_truth(texts, truth):
    truth, blocks = words(truth), [words(t) for t in texts]
    label, place, used = np.zeros(len(texts), np.float32), [None] * len(texts), np.zeros(len(truth), bool)
    if truth:
        part = label_long(blocks, truth, used, place, label)
        label_short(blocks, truth, used, place, label, part)
    return label


def squash(s):
    return re.sub(r"\s+", " ", s).strip()


def by_snippets(texts, page):
    label = np.full(len(texts), -1, np.float32)
    for i, t in enumerate(map(squash, texts)):
        label[i] = 1 if any(squash(s) in t for s in page["with"]) else 0 if any(squash(s) and squash(s) in t for s in page["without"]) else -1
    return label


def by_flags(texts, page):
    """Pages read block by block: m main, o optional, c a reader's comment."""
    said = {f: by_truth(texts, "\n".join(s for g, s in page["seq"] if g == f)) for f in "moc"}
    without = {squash(s).lower() for s in page["without"]}
    label = said["m"]
    label[(label != 1) & (said["o"] == 1) & (said["c"] != 1)] = -1
    label[[i for i, t in enumerate(texts) if label[i] != 1 and squash(t).lower() in without]] = 0
    return label


def mark_of(text):
    return hashlib.md5(" ".join(words(text)).encode()).hexdigest()[:6]


def by_marks(texts, mark):
    """marks.json: of each main block six digits of the MD5 of its words; "all": everything but the optional ones."""
    marks = [mark_of(t) for t in texts]
    main, optional = mark["m"], set(mark["o"])
    return np.array([-1 if m in optional else 1 if main == "all" or m in main else 0 for m in marks], np.float32)


def labels(page, texts):
    if page["ds"] == "marked":
        return by_marks(texts, page["mark"])
    if page["ds"] == "ptgold":
        return by_flags(texts, page)
    return by_snippets(texts, page) if page["ds"] == "trafilatura" else by_truth(texts, page["truth"] or "")


# ---- forests ----
def fit(x, y, w, trees, rate):
    keys = dict(objective="binary", learning_rate=rate, num_leaves=LEAVES, min_data_in_leaf=40, feature_fraction=0.25, bagging_fraction=0.5, bagging_freq=1, lambda_l2=5, max_bin=255,
                verbose=-1, num_threads=1, seed=1, deterministic=True, force_col_wise=True, boost_from_average=False)
    return lightgbm.train(keys, lightgbm.Dataset(x, y, weight=w), trees)


def sample(y, w, p, rate=0.15):
    """What is surely not main text is most of a page: a part of it, weighing as much."""
    easy = (p < 0.05) & (y == 0)
    keep = (~easy | (np.random.RandomState(1).rand(len(y)) < rate)) & (y >= 0) & (w > 0)
    return keep, np.where(easy, w / rate, w)


def likelihood(p):
    """As forest_likelihood in forest.c: 255ths, in steps of an eighth of the log odds."""
    p = np.clip(p, 1e-6, 1 - 1e-6)
    step = np.clip(np.trunc((np.log(p / (1 - p)) + 8) * 8), 0, 127)
    return np.round(255 / (1 + np.exp((63.5 - step) / 8))).astype(np.uint8)


def fold(page):
    return int(hashlib.md5(host(page).encode()).hexdigest(), 16) % FOLDS


def of_others(x, y, w, keep, folds, how):
    """A judgement of each row by a forest that saw no page of its host."""
    p = np.zeros(len(y), np.float32)
    for k in range(FOLDS):
        there = keep & (folds != k)
        p[folds == k] = fit(x[there], y[there], w[there], **how).predict(x[folds == k], num_threads=1)
    return p


def tree_of(node):
    """Tests (feature, above, leaves that stay), and leaf values from left to right."""
    tests, leaves = [], []

    def walk(n):
        if "split_feature" not in n:
            leaves.append(n["leaf_value"])
            return [len(leaves) - 1]
        at = len(tests)
        tests.append(None)
        left = walk(n["left_child"])
        right = walk(n["right_child"])
        tests[at] = n["split_feature"], min(254, math.floor(n["threshold"])), 255 & ~sum(1 << i for i in left)
        return left + right

    walk(node)
    return tests, leaves


def write(model, name):
    trees = [tree_of(t["tree_structure"]) for t in model.dump_model()["tree_info"]]
    used = sorted({f for tests, _ in trees for f, _, _ in tests})
    place = {f: i for i, f in enumerate(used)}
    assert len(used) <= 256 and sum(max(map(abs, v)) for _, v in trees) * ONE < 32768 * 4
    print(f"static const uint16_t {name}_features[] = {{")
    for i in range(0, len(used), 20):
        print("\t" + ", ".join(map(str, used[i:i + 20])) + ",")
    print(f"}};\nstatic const struct forest_tree {name}_trees[] = {{")
    for tests, leaves in trees:
        tests += [(used[0], 255, 255)] * (LEAVES - 1 - len(tests))
        leaves += [0] * (LEAVES - len(leaves))
        cells = [[place[f] for f, _, _ in tests], [a for _, a, _ in tests], [m for _, _, m in tests], [round(v * ONE) for v in leaves]]
        print("\t{" + ", ".join("{" + ", ".join(map(str, c)) + "}" for c in cells) + "},")
    print(f"}};\nstatic const struct forest {name} = {{{name}_trees, {name}_features, {len(trees)}, {len(used)}, 0}};")


# ---- all of it ----
def labelled(program):
    pages = list(all_pages())
    blocks = dump(program, pages)
    pages = [p for p in pages if blocks[p["id"]][0]]
    label = {p["id"]: labels(p, blocks[p["id"]][0]) for p in pages}
    more = list(reworded(pages, blocks, label))
    more += list(localised(pages))
    found = dump(program, more)
    for p in more:
        if len(found[p["id"]][0]) != len(label[p["of"]]):
            continue
        blocks[p["id"]], label[p["id"]] = found[p["id"]], label[p["of"]]  # the same blocks, so the same labels
        if p["ds"] == "localised":  # what the exchange took for other text than the truth does is not known
            label[p["id"]] = np.where(by_truth(found[p["id"]][0], p["truth"]) == label[p["of"]], label[p["of"]], -1)
        pages.append(p)
    return pages, blocks, label


def choose(texts, rows, n, p, bar=122, low=51, between=76):
    """As main_text.c does; n: the words of each block."""
    keep = p > bar
    if len(p) and n[keep].sum() < 25:
        keep = p > max(low, min(bar, 7 * int(p.max()) // 10))
    elif len(p) > 1:
        heading, before = rows[:-1, KIND] == BLOCK_H, np.concatenate([[False], keep[:-2]])
        keep[:-1] |= (p[:-1] > between) & keep[1:] & (before | heading)
    return "\n".join(t for t, k in zip(texts, keep) if k)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("dump")
    ap.add_argument("--score", action="store_true", help="print how well held-out pages are done instead of the table")
    ap.add_argument("--table", metavar="FILE", help="where the table goes")
    a = ap.parse_args()
    pages, blocks, label = labelled(a.dump)
    size = {p["id"]: np.array([len(W.findall(t)) for t in blocks[p["id"]][0]]) for p in pages}

    def weight(p):
        found = size[p["id"]][label[p["id"]] == 1].sum()
        bad = p["ds"] == "wcxb" and found < 0.6 * len(words(p["truth"] or ""))  # the truth is not in the page
        return (0 if bad else WEIGHTS.get(p["ds"], 1.0)) * np.minimum(np.maximum(size[p["id"]], 1), 80) ** 0.6

    y, w = np.concatenate([label[p["id"]] for p in pages]), np.concatenate([weight(p) for p in pages])
    folds = np.concatenate([np.full(len(label[p["id"]]), fold(p)) for p in pages])
    x = np.concatenate([blocks[p["id"]][1] for p in pages])
    rough = of_others(x, y, w, sample(y, w, np.zeros(len(y)))[0], folds, ROUGH)
    keep, w = sample(y, w, rough)
    if a.table or not a.score:
        with open(a.table, "w") if a.table else contextlib.nullcontext(sys.stdout) as out, contextlib.redirect_stdout(out):
            print("/* Made by train_main_text.py. */")
            write(fit(x[keep], y[keep], w[keep], **MODEL), "model")
    if not a.score:
        return
    said = np.split(likelihood(of_others(x, y, w, keep, folds, MODEL)), np.cumsum([len(label[p["id"]]) for p in pages])[:-1])
    held_out.table(SHARED, pages, {p["id"]: choose(*blocks[p["id"]], size[p["id"]], v) for p, v in zip(pages, said)})


main()
