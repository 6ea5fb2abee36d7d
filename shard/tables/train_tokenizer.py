#!/usr/bin/env python3
"""train_tokenizer.py TRAIN.jsonl[.zst] OUT.json: the default tokenizer: 32,000 tokens of byte-fallback BPE on Portuguese of both norms.

Needs pip `tokenizers` and zstd(1). Only sources whose licence allows it are read (public domain, official texts, CC BY, CC BY-SA, MIT, MPL):
SOURCES below. Spaces become U+2581 and words are cut before it, digits one by one; the file that is written has no pre-tokenizer, because no
token of it crosses a word: the encoding is the same and other readers need nothing special."""
import json, subprocess, sys
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, decoders, trainers

SOURCES = ('Camilo', 'Machado de Assis', 'UD ', 'Bosque', 'PT legislation', 'LeNER-Br', 'Planalto', 'Tatoeba', 'MS AlchemyInsights', 'MS Power BI', 'Mozilla www', 'BR Constituent',
           'pt-br.reactjs', 'Thunderbird', 'amagovpt')

def texts(path):
    raw = subprocess.run(['zstd', '-dcq', path], check=True, capture_output=True).stdout if path.endswith('.zst') else open(path, 'rb').read()
    for line in raw.splitlines():
        row = json.loads(line)
        if row['source'].startswith(SOURCES):
            yield row['text']

def main():
    bar = '\u2581'
    tok = Tokenizer(models.BPE(unk_token='<unk>', byte_fallback=True, fuse_unk=True))
    tok.normalizer = normalizers.Sequence([normalizers.Prepend(bar), normalizers.Replace(' ', bar)])
    tok.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(f'{bar}+[^{bar}]*|[^{bar}]+'), 'isolated'), pre_tokenizers.Digits(individual_digits=True),
                                                 pre_tokenizers.Split(Regex(f'{bar}?[\\p{{L}}\\p{{M}}]+|{bar}?[^\\p{{L}}\\p{{M}}{bar}]|{bar}+'), 'isolated')])
    tok.train_from_iterator(texts(sys.argv[1]), trainers.BpeTrainer(vocab_size=32000, special_tokens=['<unk>', '<s>', '</s>'] + [f'<0x{b:02X}>' for b in range(256)], limit_alphabet=400, min_frequency=3, show_progress=False))
    tok.decoder = decoders.Sequence([decoders.Replace(bar, ' '), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(' ', 1, 0)])
    out = json.loads(tok.to_str())
    out['pre_tokenizer'] = None
    out['added_tokens'] = [t for t in out['added_tokens'] if not t['content'].startswith('<0x')]
    json.dump(out, open(sys.argv[2], 'w'), ensure_ascii=False, separators=(',', ':'))

main()
