#!/usr/bin/env python3
"""make_answers.py > captures.jsonl: captured pages as a run leaves them, kept and left out, for the commands that look at a corpus.
Invented from first to last; a few of them are hostile."""
import json, sys

TEXTS = ["O rebanho desceu da serra com a primeira geada.", "A padeira acende o forno às quatro e ninguém lhe ouve os passos.",
         "O comboio das sete chegou cheio de castanhas.", "Ontem a maré levou dois barcos que estavam mal amarrados."]
HOSTS = ["www.serra.example.pt", "jornal.example.pt", "loja.example.com", "www.praia.example.com.br"]
REASONS = ["crawl.status", "crawl.damaged", "extract.empty", "filter.language", "filter.variety", "filter.words", "dedup.exact", "dedup.near"]
HOSTILE = ["<script>alert(1)</script>", "\"onmouseover=alert(1) '", "]]></style><img src=x onerror=alert(1)>", "\x1b[31mred\x07\u202egnp"]

def doc(i):
    year = 1998 + i % 12
    host = HOSTS[i % 4] if i % 9 else "www.serra.example.pt"
    d = {"id": f"urn:x:{i:03d}", "text": " ".join(TEXTS[(i + k) % 4] for k in range(1 + i % 5)), "url": f"http://{host}/p/{i}",
         "date": f"{year}-0{1 + i % 9}-1{i % 10}T12:00:0{i % 10}Z", "dump": "Roteiro" if year > 2003 else "IAH", "title": f"Página {i}",
         "file_path": f"arquivo-{i % 3}.arc.gz", "file_offset": 1000 * i, "http_status": 200, "mime": "text/html"}
    if i % 10 in (3, 7):
        d["drop"] = REASONS[i // 5 % len(REASONS)]
        if d["drop"].startswith(("crawl.", "extract.")):
            d["text"] = ""
            if d["drop"] == "crawl.status":
                d["http_status"] = 404
            return d
    d.update({"charset": ["utf-8", "windows-1252", "iso-8859-1"][i % 3], "language": "por_Latn" if d.get("drop") != "filter.language" else "spa_Latn",
              "language_score": round(0.90 + i % 10 / 100, 2), "variety": ["pt-PT", "pt-PT", "pt-BR", "pt"][i % 4], "variety_score": round((i * 37 % 100) / 100, 2),
              "minhash_cluster_id": 7000 + i // 3, "minhash_cluster_size": 1 + i % 3, "country": "PT" if host.endswith(".pt") else "BR",
              "signals": {"words": len(d["text"].split()), "top_2_gram": round(i % 7 / 20, 2)}})
    if i % 15 == 4:
        d["title"], d["url"] = HOSTILE[i // 15 % 4], f"http://{host}/{HOSTILE[i // 15 % 4]}"
        d["text"] = f"{HOSTILE[i // 15 % 4]} " + d["text"]
    if "drop" not in d:
        d["token_count"] = 10 * (1 + i % 5)
    return d

for i in range(60):
    print(json.dumps(doc(i), ensure_ascii=False))
