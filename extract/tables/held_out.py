"""How well pages are extracted by models that saw no page of their host: the table that train_main_text.py --score prints.

The sets of data/extract by the scoring programs of ../shared/tools; localised pages (localised_pages.py) by the bag of words and by how
alike one text comes out of two layouts."""
import collections
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile

W = re.compile(r"\w+")
SETS = (("scrapinghub", "shF1"), ("trafilatura", "segF1"), ("wcxb", "tokF1"), ("fundus", "shF1"), ("cleanportaleval", "shF1"), ("readability", "shF1"))


def scored(program, shared, *rest):
    with tempfile.NamedTemporaryFile("r", suffix=".json") as out:
        subprocess.run([sys.executable, os.path.join(shared, "tools", program), *rest, "--json", out.name], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return json.load(out)


def row(name, n, **values):
    print(f"{name:28}{n:6}  " + "  ".join(f"{k.replace('_', ' ')} {v:.0f}" if v > 1 else f"{k.replace('_', ' ')} {v:.3f}" for k, v in values.items()))


def sets(shared, texts):
    for part in ("dev", "train"):
        data = f"{shared}/data/extract/{part}.jsonl.zst"
        found = scored("score_extract.py", shared, data, "--pred", texts, "--lenient")
        for name, figure in SETS:
            if name in found:
                row(f"{part} {name}", found[name]["n"], **{figure: found[name][figure]})
        for kind, o in sorted(scored("score_extract.py", shared, data, "--pred", texts, "--lenient", "--ds", "wcxb", "--by", "type").items()):
            row(f"{part} wcxb {kind}", o["n"], tokF1=o["tokF1"])
    for kind, o in sorted(scored("score_extract.py", shared, f"{shared}/data/extract/ptsynth.jsonl.zst", "--pred", texts, "--by", "type").items()):
        row(f"ptsynth {kind}", o["n"], tokF1=o["tokF1"])
    gold = next(iter(scored("score_ptgold.py", shared, f"{shared}/data/extract/ptgold.jsonl.zst", texts).values()))
    row("ptgold", gold["n"], F1main=gold["F1main"], leak=gold["leak"], words_of_empty_pages=gold["xw"])


def bag(text):
    return collections.Counter(W.findall(text.lower()))


def shingles(text):
    words = re.sub(r"[^\w\s]", " ", re.sub(r"\d+", "0", text.lower())).split()
    return set(zip(*(words[k:] for k in range(5))))


def localised(pages, text):
    """pages: those of the dev set's layouts; text: what was made of each."""
    f1, alike, have, want = [], [], 0, 0
    for p in pages:
        truth, said = bag(p["truth"]), bag(text[p["id"]])
        both = sum((truth & said).values())
        f1.append(2 * both / max(1, sum(truth.values()) + sum(said.values())))
        have, want = have + both, want + sum(truth.values())
        if p.get("copy_of") in text:
            a, b = shingles(text[p["copy_of"]]), shingles(text[p["id"]])
            alike.append(len(a & b) / max(1, len(a | b)))
    found = [f for f in f1 if f > 0.3]
    row("localised", len(f1), F1=statistics.mean(found), found=len(found) / len(f1), words=have / want)
    row("  one text in two layouts", len(alike), median_Jaccard=statistics.median(alike), at_least_80=sum(a >= 0.8 for a in alike) / len(alike))


def table(shared, pages, text):
    """text: of each page's id."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as f:
        for id, t in text.items():
            f.write(json.dumps({"id": id.split("/", 1)[1], "text": t}) + "\n")
        f.flush()
        sets(shared, f.name)
    localised([p for p in pages if p["ds"] == "localised" and p["id"] in text and p["of"].startswith("dev/")], text)
