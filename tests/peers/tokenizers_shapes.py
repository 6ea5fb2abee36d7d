"""tokenizers_shapes.py PENEIRA [N [SHAPE]]: ids equal to pip tokenizers for tokenizers of every supported shape, made here: N random strings each (60 when
not given; $PENEIRA_SEED: other ones), with and without the text of special tokens taken as the tokens. A million of them: `tokenizers_shapes.py build/peneira 2300`."""
import base64, io, json, os, random, subprocess, sys, tempfile

PENEIRA = sys.argv[1]
N = int(sys.argv[2]) if len(sys.argv) > 2 else 60
try:
    import tokenizers as T
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers as Nm, pre_tokenizers as P, processors, trainers
except ImportError:
    print('tokenizers is not installed'); sys.exit(77)

TEXT = """A peneira separa o trigo do joio, e o moleiro agradece. Às 7h30 de 25/12/2004 chegaram 1.234 sacas; não choveu em Lisboa.
«Quem tem boca vai a Roma», disse a avó — e foi-se embora, devagar, pela Rua d'Alegria n.º 12. Dir-se-ia que o pão está caro: custa 0,85 €!
O avô não vê, mas ouve; lê-lhe a neta os jornais (sempre os mesmos) e ele ri. it's we'll they've I'm don't you'd we're CAPS Misto camelCase
https://exemplo.pt/pagina?id=42&x=y  foo_bar(x) { return 10*2; } <b>negrito</b> ação coração órgão pôr têm há às àquele língua saúde
Ωμέγα привет мир 日本語の文章 한국어 عربى हिन्दी 😀👍🏽 naïve façade Straße ﬁm Ⅻ ½ x² １２３\tcol\r\nlinha\n\n\nfim   três espaços """

def random_texts(n, seed):
    r = random.Random(seed)
    words = TEXT.split(' ')
    alphabets = ['abcdefgh ', 'aáàâãçéêíóôõú ,.', ' \n\t\r', "'sStTrReEvVmMlLdD ſ", '0123456789 .,', 'a\u0301\u0327 e\u0302\u0323', '\u2581 a', '<s></s>unk|endoftext<0x0A>[MASK]##', ''.join(map(chr, range(0x20, 0x250))),
                 '日本語 中文漢字ー', '😀👍🏽\u200d\u2764\ufe0f ', '\u00a0\u2009\u3000\u0085\u200b\u1680\x0b\x1c', 'ΑΒΓαβγσςДЖЗдж ٣٤٥६७ⅣⅫ½²³ǅʰªº', 'AbCdÉéÀ日ʰ\u0301 \n/', 'ﬁﷺ½ⅣＡ①Å가각ㅏ', '.,;:!?()[]«»“”—-_*/ a1',
                 'שלום עולם\u05b0\u05b8 ', 'السلام عليكم\u064b\u0651 ،', 'ภาษาไทยเป็น ๑๒', 'हिन्दी में क्ष\u094d தமிழ் বাংলা', '\x00\x01\x07\x1b\x7f\x80\x9f a\ufeff\ufffd\ufffe', '{}()=+-;\n\t  if"0xF', '\u202e\u2066\u061c\u180e a', '\U0001f1f5\U0001f1f9\U0001f468\u200d\U0001f469\u200d\U0001f467\u20e3']
    any_char = lambda: chr(r.choice([r.randrange(0x80), r.randrange(0x800), r.randrange(0xD800), r.randrange(0xE000, 0x30000), r.randrange(0xE0000, 0x110000)]))
    special = ['<s>', '</s>', '<|endoftext|>', '<unk>', '[MASK]', '<tool>', 'olá', '\n\n', '  ', '\t']
    for i in range(n):
        k = r.random()
        if k < .35:
            out = [r.choice(words) for _ in range(r.choice([1, 2, 5, 20]))]
            yield r.choice([' ', ' ', '  ', '\n', '']).join(out)
            continue
        a = r.choice(alphabets)
        t = ''.join(any_char() if r.random() < .05 else r.choice(words) if r.random() < .03 else r.choice(a) for _ in range(r.choice([1, 2, 3, 5, 10, 40, 150])))
        if k > .85:
            at = r.randrange(len(t) + 1); t = t[:at] + r.choice(['', ' ', '  ', 'a']) + r.choice(special) + r.choice(['', ' ', '\n ', 'a']) + t[at:]
        yield t

# ---- the shapes ----

GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QWEN2 = LLAMA3.replace('{1,3}', '')
QWEN35 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
UP, LOW, LEAD, TAIL = r'[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]', r'[\p{Ll}\p{Lm}\p{Lo}\p{M}]', r'[^\r\n\p{L}\p{N}]?', r"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
C = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
O200K = f'{LEAD}{UP}*{LOW}+{C}|{LEAD}{UP}+{LOW}*{C}|' + r'\p{N}{1,3}' + TAIL
TEKKEN = f'{LEAD}{UP}*{LOW}+|{LEAD}{UP}+{LOW}*|' + r'\p{N}' + TAIL
CL100K = r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
BAR = '\u2581'
SPECIALS = ['<unk>', '<s>', '</s>']
BYTES = [f'<0x{b:02X}>' for b in range(256)]

def bpe(pre, norm=None, vocab=700, specials=SPECIALS, alphabet=None, train_pre=None, train_norm=None, **model):
    """Train a small BPE behind these steps (or behind simpler ones), then put the steps and the model's settings in place."""
    t = Tokenizer(models.BPE())
    t.normalizer, t.pre_tokenizer = train_norm or norm or Nm.Sequence([]), train_pre or pre or P.Sequence([])
    t.train_from_iterator([TEXT] * 3, trainers.BpeTrainer(vocab_size=vocab, special_tokens=specials, initial_alphabet=alphabet or [], show_progress=False))
    return edit(t, pre, norm, model)

def edit(t, pre, norm, model):
    j = json.loads(t.to_str())
    j['model'].update(model)
    t = Tokenizer.from_str(json.dumps(j))
    if pre: t.pre_tokenizer = pre
    else: del_part(j := json.loads(t.to_str()), 'pre_tokenizer'); t = Tokenizer.from_str(json.dumps(j))
    if norm: t.normalizer = norm
    else: del_part(j := json.loads(t.to_str()), 'normalizer'); t = Tokenizer.from_str(json.dumps(j))
    return t

def del_part(j, name): j[name] = None

def byte_level(pre, norm=None, **kw):
    return bpe(pre, norm, alphabet=P.ByteLevel.alphabet(), specials=['<|endoftext|>', '<s>'], **kw)

def spaced(norm=None, pre=None, fallback=True, **kw):
    """SentencePiece-like: trained on words, used on whole texts."""
    specials = SPECIALS + (BYTES if fallback else [])
    t = bpe(pre, norm, vocab=700 + len(specials), specials=specials, train_norm=Nm.Replace(' ', BAR), train_pre=P.Split(Regex(f'{BAR}+[^{BAR}]*|[^{BAR}]+'), 'isolated'),
            **{"unk_token": "<unk>", "fuse_unk": True, "byte_fallback": fallback, **kw})
    j = json.loads(t.to_str())
    j['added_tokens'] = [a for a in j['added_tokens'] if not a['content'].startswith('<0x')]
    return Tokenizer.from_str(json.dumps(j))

def split(regex, behavior='isolated', invert=False): return P.Split(Regex(regex), behavior, invert)
def then_bytes(*steps): return P.Sequence([*steps, P.ByteLevel(add_prefix_space=False, use_regex=False)])
def add(t, *tokens):
    t.add_tokens(list(tokens)); return t
def special(t, *tokens):
    t.add_special_tokens(list(tokens)); return t

def affixed(pre, prefix='', suffix='', norm=None, **model):
    """BPE of the first years: tokens inside a word have a prefix, those that end it a suffix."""
    kw = {**({'continuing_subword_prefix': prefix} if prefix else {}), **({'end_of_word_suffix': suffix} if suffix else {})}
    t = Tokenizer(models.BPE(unk_token='<unk>', **kw))
    t.pre_tokenizer = pre
    if norm: t.normalizer = norm
    t.train_from_iterator([TEXT] * 3, trainers.BpeTrainer(vocab_size=900, special_tokens=['<unk>', '<s>'], show_progress=False, **kw))
    j = json.loads(t.to_str())
    j['model'].update(model)
    return Tokenizer.from_str(json.dumps(j))

def unigram(norm=None, pre=None, vocab=400, specials=('<unk>', '<s>', '</s>'), unk='<unk>', **model):
    t = Tokenizer(models.Unigram())
    t.normalizer, t.pre_tokenizer = norm or Nm.Sequence([]), pre or P.Sequence([])
    t.train_from_iterator([TEXT] * 3, trainers.UnigramTrainer(vocab_size=vocab, special_tokens=list(specials), unk_token=unk, show_progress=False))
    t = edit(t, pre, norm, model)
    j = json.loads(t.to_str())
    j['added_tokens'] = [a for a in j['added_tokens'] if not a['content'].startswith('<0x')]
    return Tokenizer.from_str(json.dumps(j))

def scored(t, change):
    """The same model with other scores."""
    j = json.loads(t.to_str())
    j['model']['vocab'] = [[s, change(i, x)] for i, (s, x) in enumerate(j['model']['vocab'])]
    return Tokenizer.from_str(json.dumps(j))

def word_level(pre, **kw):
    t = Tokenizer(models.WordLevel(unk_token='<unk>')); t.pre_tokenizer = pre
    t.train_from_iterator([TEXT], trainers.WordLevelTrainer(vocab_size=120, special_tokens=['<unk>', '<s>'], show_progress=False))
    return t

def charsmap(rule):
    """The compiled rules of SentencePiece: field 3 of a model, of it field 2."""
    import sentencepiece
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(TEXT.split('.')), model_writer=model, vocab_size=250, model_type='unigram', normalization_rule_name=rule, minloglevel=2, hard_vocab_limit=False)
    def fields(b):
        at = 0
        def varint():
            nonlocal at
            v = shift = 0
            while True:
                v |= (b[at] & 127) << shift; shift += 7; at += 1
                if b[at - 1] < 128: return v
        while at < len(b):
            tag = varint()
            if tag & 7 == 0: varint(); continue
            n = varint() if tag & 7 == 2 else 4 if tag & 7 == 5 else 8
            yield tag >> 3, b[at:at + n]; at += n
    spec = next(v for k, v in fields(model.getvalue()) if k == 3)
    return next(v for k, v in fields(spec) if k == 2)

def odd_ids(t):
    """Ids with gaps, and added tokens among them."""
    j = json.loads(t.to_str())
    j['model']['vocab'] = {s: i * 3 % 4999 + (7 if i > 400 else 0) for s, i in j['model']['vocab'].items()}
    j['added_tokens'] = [{**a, 'id': j['model']['vocab'][a['content']]} for a in j['added_tokens']] + [{'id': 9000 + i, 'content': c, 'single_word': False, 'lstrip': False, 'rstrip': False, 'normalized': False, 'special': i == 0} for i, c in enumerate(('[MASK]', 'olá', '<tool>'))]
    return Tokenizer.from_str(json.dumps(j))

def more_shapes():
    white = P.WhitespaceSplit()
    yield 'suffix', affixed(white, suffix='</w>')
    yield 'prefix', affixed(white, prefix='##')
    yield 'prefix and suffix, fused', affixed(P.BertPreTokenizer(), '##', '</w>', fuse_unk=True)
    yield 'clip', affixed(P.Sequence([split(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+", 'removed', True), P.ByteLevel(add_prefix_space=False)]), suffix='</w>', norm=Nm.Sequence([Nm.NFC(), Nm.Replace(Regex(r'\s+'), ' '), Nm.Lowercase()]))
    for name, pre in (('whitespace', P.Whitespace()), ('split', white), ('bert', P.BertPreTokenizer())): yield 'word level ' + name, word_level(pre)
    for name, kw in (('metaspace', dict(pre=P.Metaspace())), ('metaspace never', dict(pre=P.Metaspace(prepend_scheme='never'))), ('metaspace whole', dict(pre=P.Metaspace(prepend_scheme='first', split=False))), ('bare', {}), ('xlnet', dict(norm=Nm.Sequence([Nm.Replace('``', '"'), Nm.NFKD(), Nm.StripAccents(), Nm.Lowercase()]), pre=P.Metaspace())),
                     ('nmt', dict(norm=Nm.Sequence([Nm.Nmt(), Nm.NFKC(), Nm.Replace(Regex(' {2,}'), ' ')]), pre=P.Metaspace())), ('scripts', dict(pre=P.Sequence([P.UnicodeScripts(), P.Metaspace()]))), ('t5', dict(norm=Nm.Sequence([Nm.Strip(False, True), Nm.Replace(Regex(' {2,}'), BAR)]), pre=P.Sequence([white, P.Metaspace()]))),
                     ('bytes', dict(pre=P.Metaspace(), specials=('<unk>', *BYTES), byte_fallback=True, vocab=700)), ('byte level', dict(pre=P.ByteLevel()))):
        yield 'unigram ' + name, unigram(**kw)
        yield 'unigram, equal scores ' + name, scored(unigram(**kw), lambda i, x: -1.5 - i % 3)
    yield 'unigram, random scores', scored(unigram(pre=P.Metaspace()), lambda i, x: -random.Random(i).random() * 10)
    yield 'unigram added', add(special(unigram(pre=P.Metaspace()), '[MASK]'), AddedToken('olá', lstrip=True), AddedToken('<tool>', normalized=False))
    for rule in ('nmt_nfkc', 'nfkc', 'nmt_nfkc_cf', 'nfkc_cf'):
        try: rules = Nm.Precompiled(charsmap(rule))
        except ImportError: break
        yield 'precompiled ' + rule, unigram(Nm.Sequence([rules, Nm.Replace(Regex(' {2,}'), ' ')]), P.Metaspace())
        yield 'precompiled alone ' + rule, byte_level(P.ByteLevel(add_prefix_space=False), rules)
    chars = dict(specials=['<unk>', '<s>'], unk_token='<unk>')
    yield 'pre scripts', bpe(P.UnicodeScripts(), **chars)
    for n in (1, 2, 5): yield f'pre length {n}', bpe(P.FixedLength(n), **chars)
    yield 'pre scripts and bytes', byte_level(then_bytes(P.UnicodeScripts()))
    yield 'pre length and bytes', byte_level(then_bytes(P.FixedLength(4)))
    yield 'norm nmt', byte_level(P.ByteLevel(add_prefix_space=False), Nm.Nmt())
    yield 'norm prepend and strip', byte_level(P.ByteLevel(), Nm.Sequence([Nm.Strip(), Nm.Prepend(' '), Nm.Replace(Regex(r'[\p{P}&&[^.]]+'), '.')]))
    for name, t in (('gpt2', byte_level(P.ByteLevel(add_prefix_space=False))), ('words', bpe(white, **chars)), ('spaced', spaced(Nm.Sequence([Nm.Prepend(BAR), Nm.Replace(' ', BAR)])))): yield 'odd ids ' + name, odd_ids(t)
    kinds = lambda t: add(special(t, '[MASK]', AddedToken('olá', normalized=False)), AddedToken('lá ', normalized=True), AddedToken('<tool>', normalized=True), AddedToken(' a', normalized=True), AddedToken('\n\n', normalized=False))
    yield 'added of both kinds', kinds(byte_level(P.ByteLevel(add_prefix_space=False)))
    yield 'added of both kinds, spaced', kinds(spaced(None, P.Metaspace(BAR, 'first', False)))
    yield 'added of both kinds, apart', add(special(byte_level(P.ByteLevel(add_prefix_space=False)), '[MASK]'), AddedToken('<tool>', normalized=True), AddedToken('olá', normalized=True))
    HAN = r'[\p{Han}]+'
    kimi = '|'.join([HAN, r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
                     r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?", r'\p{N}{1,3}', r' ?[^\s\p{L}\p{N}]+[\r\n]*', r'\s*[\r\n]+', r'\s+(?!\S)', r'\s+'])
    for name, regex in (('kimi', kimi), ('gpt-4 possessive', CL100K), ('olmo', r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"), ('spaces kept', r' +|\S+| *\n'), ('lookbehind', r'(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})'), ('empty', r'x*'),
                        ('viking', r' ?[^(\s|[.,!?…。，、।۔،])]+'), ('posix', r'[[:alpha:]]+|[[:digit:]]+|[[:space:]]+'), ('words', r'\b\w+\b|\W+'), ('lazy', r'.{2,5}?\s|.'), ('groups', r'(?:a|e|i|o|u)+|(?:\p{Lu}\p{Ll}+)|[^aeiou]{1,4}'), ('not', r'[^\p{L}\p{N}\s]|\P{L}'), ('anchors', r'^\s+|\s+$|\S+'), ('folded', r"(?i:\p{Lu}+'s|[a-f]+)|(?i:a\P{Ll})|\x41{1,3}+|\w+"), ('in sets', r'[\w-]+|[^\w\s]|\s{,2}')):
        for how in ('isolated', 'removed', 'merged_with_previous', 'merged_with_next', 'contiguous'):
            yield f'regex {name} {how}', byte_level(then_bytes(split(regex, how)))
    for scheme in ('always', 'first', 'never'):
        for first in (P.Digits(True), P.Punctuation(), white): yield f'{scheme} behind {type(first).__name__}', spaced(None, P.Sequence([first, P.Metaspace(BAR, scheme, True)]))
    for i, pre in enumerate((P.Sequence([P.ByteLevel(True), P.Digits(True)]), P.Sequence([P.Whitespace(), P.ByteLevel(True, use_regex=False)]), P.Sequence([P.Digits(False), P.ByteLevel(True)]), P.Sequence([P.CharDelimiterSplit(' '), P.ByteLevel(True, use_regex=False)]), P.Sequence([P.BertPreTokenizer(), P.ByteLevel(False)]), P.Sequence([P.Punctuation('merged_with_next'), P.Digits(True), P.ByteLevel(False, trim_offsets=False)]))):
        yield f'sequence {i}', byte_level(pre)
    w = Tokenizer(models.WordPiece(unk_token='[UNK]', max_input_chars_per_word=6, continuing_subword_prefix='@@')); w.pre_tokenizer = P.Whitespace()
    w.train_from_iterator([TEXT] * 3, trainers.WordPieceTrainer(vocab_size=400, special_tokens=['[UNK]'], continuing_subword_prefix='@@', show_progress=False))
    yield 'wordpiece, other prefix', w

def template(t, text, *tokens):
    t.post_processor = processors.TemplateProcessing(text, None, [(s, t.token_to_id(s)) for s in tokens])
    return t

def known():
    """As well-known models have their steps, added tokens and templates, with small vocabularies."""
    sp = lambda **kw: spaced(Nm.Sequence([Nm.Prepend(BAR), Nm.Replace(' ', BAR)]), **kw)
    gpt2 = lambda *pre, norm=None, **kw: byte_level(P.Sequence([*pre, P.ByteLevel(add_prefix_space=False)]) if pre else P.ByteLevel(add_prefix_space=False), norm, **kw)
    cut = lambda regex, norm=None, **kw: byte_level(then_bytes(split(regex)), norm, **kw)
    words = P.Sequence([P.WhitespaceSplit(), P.Metaspace()])
    def roberta(t):
        t.post_processor = processors.RobertaProcessing(('</s>', t.token_to_id('</s>')), ('<s>', t.token_to_id('<s>')), trim_offsets=True, add_prefix_space=False)
        return t
    def both(t, text, *tokens):
        template(t, text, *tokens)
        t.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), t.post_processor])
        return t
    yield 'roberta', roberta(special(gpt2(), '</s>', AddedToken('[MASK]', lstrip=True)))
    yield 'codegen', add(gpt2(), *(AddedToken(' ' * n, normalized=True) for n in range(31, 1, -1)), *(AddedToken('\t' * n, normalized=True) for n in range(9, 1, -1)))
    yield 'phi 3', template(add(special(sp(), AddedToken('[MASK]', rstrip=True), AddedToken('<|endoftext|>', rstrip=True)), AddedToken('<tool>', rstrip=True, normalized=False)), '<s> $A', '<s>')
    yield 'llama 2', template(sp(), '<s> $A', '<s>')
    yield 'llama 3', both(special(cut(LLAMA3, ignore_merges=True), *(f'<|reserved_{i}|>' for i in range(60))), '<s> $A', '<s>')
    yield 'qwen 2.5', add(special(cut(QWEN2, Nm.NFC()), '<|im_start|>', '<|im_end|>'), AddedToken('<tool>', normalized=False))
    yield 'mistral v3', template(special(spaced(None, P.Metaspace(BAR, 'first', False)), '[INST]', '[/INST]'), '<s> $A', '<s>')
    yield 'nemo', both(special(cut(TEKKEN, ignore_merges=True), '[INST]', '</s>'), '<s> $A', '<s>')
    yield 'gemma 2', template(add(spaced(Nm.Replace(' ', BAR), P.Split(' ', 'merged_with_previous')), *(AddedToken(c * n, normalized=False) for c in ('\n', BAR, '\t') for n in range(2, 9)), AddedToken('<b>', normalized=False)), '<s> $A', '<s>')
    yield 'eurollm', template(special(spaced(Nm.Sequence([Nm.Prepend(BAR), Nm.Replace(' ', BAR)])), '<|im_start|>', '<|im_end|>'), '<s> $A', '<s>')
    yield 'salamandra', template(add(spaced(Nm.Sequence([Nm.Replace(' ', BAR)])), AddedToken('[MASK]'), AddedToken('\n\n', normalized=False)), '<s> $A', '<s>')
    yield 'yi', spaced(Nm.Replace(' ', BAR), unk_token='<unk>')
    yield 'falcon', add(byte_level(P.Sequence([P.Punctuation('contiguous'), P.ByteLevel(add_prefix_space=False), P.Digits(False), split('[0-9][0-9][0-9]')])), *(AddedToken(f'>>{w}<<', normalized=False) for w in ('TITLE', 'ABSTRACT', 'olá')))
    yield 'olmo', both(add(gpt2(norm=Nm.NFC()), *(AddedToken(' ' * n, normalized=True) for n in range(24, 1, -1)), AddedToken('|||EMAIL_ADDRESS|||', normalized=True)), '$A <|endoftext|>', '<|endoftext|>')
    yield 'command-r', template(gpt2(P.Digits(True), norm=Nm.NFC()), '<s> $A', '<s>')
    yield 'starcoder 2', special(gpt2(P.Digits(True)), '<repo_name>', '<file_sep>', '[MASK]')
    yield 'stablelm 2', special(cut(CL100K), '<|im_start|>', '<|im_end|>')
    yield 'glm 4', template(special(cut(CL100K.replace('++', '+').replace('?+', '?').replace('*+', '*').replace('}+', '}').replace(r'\s+$|', '')), '[gMASK]', '<sop>'), '[gMASK] <sop> $A', '[gMASK]', '<sop>')
    yield 'modernbert', template(special(add(gpt2(norm=Nm.NFC()), *(AddedToken(' ' * n, normalized=True) for n in range(2, 25))), '[CLS]', '[SEP]', AddedToken('[MASK]', lstrip=True)), '[CLS] $A [SEP]', '[CLS]', '[SEP]')
    yield 'whisper', both(special(gpt2(), '<|pt|>', '<|notimestamps|>', *(f'<|{i / 50:.2f}|>' for i in range(40))), '<|pt|> <|notimestamps|> $A <|endoftext|>', '<|pt|>', '<|notimestamps|>', '<|endoftext|>')
    for name, lower, accents in (('uncased', True, None), ('cased', False, None), ('accents kept', True, False)):
        w = Tokenizer(models.WordPiece(unk_token='[UNK]', max_input_chars_per_word=100)); w.normalizer, w.pre_tokenizer = Nm.BertNormalizer(lowercase=lower, strip_accents=accents), P.BertPreTokenizer()
        w.train_from_iterator([TEXT] * 3, trainers.WordPieceTrainer(vocab_size=600, special_tokens=['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'], show_progress=False))
        w.post_processor = processors.BertProcessing(('[SEP]', 3), ('[CLS]', 2))
        yield 'bert ' + name, w
    try: rules = Nm.Precompiled(charsmap('nmt_nfkc'))
    except ImportError: return
    twice = Nm.Replace(Regex(' {2,}'), ' ')
    yield 'xlm-r', template(special(unigram(rules, words), AddedToken('[MASK]', lstrip=True)), '<s> $A </s>', '<s>', '</s>')
    yield 't5', template(special(unigram(Nm.Sequence([rules]), words), *(f'<extra_id_{i}>' for i in range(20))), '$A </s>', '</s>')
    yield 'mt5', template(unigram(Nm.Sequence([rules, Nm.Replace(Regex(' {2,}'), BAR)]), P.Metaspace(prepend_scheme='always')), '$A </s>', '</s>')
    yield 'albert', template(special(unigram(Nm.Sequence([Nm.Replace('``', '"'), Nm.Replace("''", '"'), Nm.NFKD(), Nm.StripAccents(), Nm.Lowercase(), rules, twice]), words), AddedToken('[MASK]', lstrip=True)), '<s> $A </s>', '<s>', '</s>')
    yield 'deberta v3', template(unigram(Nm.Sequence([Nm.Strip(), rules, twice]), P.Metaspace()), '<s> $A </s>', '<s>', '</s>')
    yield 'nllb', template(special(bpe(P.Metaspace(), Nm.Sequence([rules, twice]), specials=SPECIALS, unk_token='<unk>', fuse_unk=True), 'por_Latn', 'eng_Latn'), 'por_Latn $A </s>', 'por_Latn', '</s>')

def shapes():
    yield from known()
    yield 'gpt2', byte_level(P.ByteLevel(add_prefix_space=False))
    yield 'gpt2 with prefix', byte_level(P.ByteLevel(add_prefix_space=True))
    yield 'bytes without regex', byte_level(P.ByteLevel(add_prefix_space=False, use_regex=False), train_pre=P.ByteLevel(add_prefix_space=False))
    for name, regex in (('llama3', LLAMA3), ('qwen2', QWEN2), ('qwen3.5', QWEN35), ('o200k', O200K), ('tekken', TEKKEN), ('cl100k', CL100K)):
        yield name, byte_level(then_bytes(split(regex)))
    yield 'llama3 ignore_merges', byte_level(then_bytes(split(LLAMA3)), ignore_merges=True)
    yield 'qwen2 nfc', byte_level(then_bytes(split(QWEN2)), Nm.NFC())
    yield 'bytes missing', bpe(then_bytes(split(QWEN2)), specials=['<unk>'], unk_token='<unk>')
    yield 'bytes missing, fused', bpe(then_bytes(split(QWEN2)), specials=['<unk>'], unk_token='<unk>', fuse_unk=True)
    yield 'deepseek', byte_level(then_bytes(split(r'[\r\n]'), split(r'\s?[A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-Ֆ]+'), split('\\s?[!-/:-~！-／：-～‘-‟　-。]+'), split(r'\s+$'), split('[一-龥ࠀ-一가-퟿]+'), P.Digits(True)))
    yield 'deepseek v3', byte_level(then_bytes(split(r'\p{N}{1,3}'), split('[一-龥぀-ゟ゠-ヿ]+'), split(r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+""")))
    yield 'falcon', byte_level(P.Sequence([P.Punctuation('contiguous'), P.ByteLevel(add_prefix_space=False), P.Digits(False), split('[0-9][0-9][0-9]')]))
    yield 'starcoder', byte_level(P.Sequence([P.Digits(True), P.ByteLevel(add_prefix_space=False)]))
    yield 'bloom', byte_level(then_bytes(split(' ?[^(\\s|[.,!?…。，、।۔،])]+')))
    yield 'neox', add(special(byte_level(P.ByteLevel(add_prefix_space=False), Nm.NFC()), '<|padding|>'), *(AddedToken(' ' * n, normalized=True) for n in range(2, 25)), AddedToken('|||IP|||', normalized=True))
    yield 'neox not normalized', add(byte_level(P.ByteLevel(add_prefix_space=False)), *(AddedToken(' ' * n, normalized=False) for n in range(2, 25)))
    yield 'bytes as normalizer', bpe(None, Nm.ByteLevel(), alphabet=P.ByteLevel.alphabet(), train_pre=P.ByteLevel(add_prefix_space=False), train_norm=Nm.Sequence([]))
    yield 'llama2', spaced(Nm.Sequence([Nm.Prepend(BAR), Nm.Replace(' ', BAR)]))
    for name, kw in (('unk fused', dict(fallback=False)), ('unk not fused', dict(fallback=False, fuse_unk=False)), ('no unk', dict(fallback=False, unk_token=None)), ('ignore_merges', dict(ignore_merges=True))):
        yield 'llama2 ' + name, spaced(Nm.Sequence([Nm.Prepend(BAR), Nm.Replace(' ', BAR)]), **kw)
    yield 'gemma', add(spaced(Nm.Replace(' ', BAR), P.Split(' ', 'merged_with_previous')), *(AddedToken('\n' * n, normalized=False) for n in range(1, 6)), *(AddedToken(BAR * n, normalized=False) for n in range(2, 6)), AddedToken('<tool>', normalized=False))
    for scheme in ('always', 'first', 'never'):
        for s in (True, False):
            yield f'metaspace {scheme} {s}', spaced(None, P.Metaspace(BAR, scheme, s))
    yield 'metaspace first, unk', spaced(None, P.Metaspace(BAR, 'first', False), fallback=False)
    yield 'metaspace behind split', spaced(None, P.Sequence([P.WhitespaceSplit(), P.Metaspace(BAR, 'first')]))
    yield 'nfkc', spaced(Nm.Sequence([Nm.NFKC(), Nm.Prepend(BAR), Nm.Replace(' ', BAR)]))
    yield 'replace regex', spaced(Nm.Sequence([Nm.Replace(Regex(' {2,}'), ' '), Nm.Replace(Regex(r'\n+'), '\n'), Nm.Replace("''", '"'), Nm.Prepend(BAR), Nm.Replace(' ', BAR)]))
    for name, n in (('nfd', Nm.NFD()), ('nfkd', Nm.NFKD()), ('nfkc', Nm.NFKC()), ('lower', Nm.Lowercase()), ('accents', Nm.Sequence([Nm.NFD(), Nm.StripAccents(), Nm.Lowercase()])), ('strip', Nm.Strip()), ('strip left', Nm.Strip(True, False)),
                    ('strip right', Nm.Strip(False, True)), ('bert', Nm.BertNormalizer()), ('bert cased', Nm.BertNormalizer(lowercase=False)), ('bert accents', Nm.BertNormalizer(strip_accents=True, lowercase=False, clean_text=False)),
                    ('bert no accents', Nm.BertNormalizer(strip_accents=False, handle_chinese_chars=False))):
        yield 'norm ' + name, byte_level(P.ByteLevel(add_prefix_space=False), n)
    chars = dict(specials=['<unk>', '<s>'], unk_token='<unk>')
    for name, p in (('whitespace', P.Whitespace()), ('whitespace split', P.WhitespaceSplit()), ('bert', P.BertPreTokenizer()), ('delimiter', P.CharDelimiterSplit('a')), ('digits', P.Digits(False)), ('digits each', P.Digits(True)),
                    *((f'punctuation {b}', P.Punctuation(b)) for b in ('removed', 'isolated', 'merged_with_previous', 'merged_with_next', 'contiguous')),
                    *((f'split {b} {i}', split(r'\s+|\p{P}', b, i)) for b in ('removed', 'isolated', 'merged_with_previous', 'merged_with_next', 'contiguous') for i in (False, True)),
                    *((f'split text {b}', P.Split('e', b)) for b in ('removed', 'isolated', 'merged_with_previous', 'merged_with_next', 'contiguous'))):
        yield 'pre ' + name, bpe(p, **chars)
    for flag in ('lstrip', 'rstrip', 'single_word', 'normalized'):
        extra = lambda t: add(special(t, AddedToken('<tool>', **{flag: True, **({} if flag == 'normalized' else {'normalized': False})})), AddedToken('olá', **{flag: True}), AddedToken('[MASK]', lstrip=True, **({} if flag == 'lstrip' else {flag: True})), AddedToken('a', **{flag: True}))
        yield 'added ' + flag, extra(byte_level(P.ByteLevel(add_prefix_space=False)))
        yield 'added lower ' + flag, extra(byte_level(P.ByteLevel(add_prefix_space=False), Nm.Lowercase()))
        yield 'added spaced ' + flag, extra(spaced(Nm.Sequence([Nm.Prepend(BAR), Nm.Replace(' ', BAR)])))
        yield 'added metaspace ' + flag, extra(spaced(None, P.Metaspace(BAR, 'first', False)))
    w = Tokenizer(models.WordPiece(unk_token='[UNK]')); w.normalizer, w.pre_tokenizer = Nm.BertNormalizer(), P.BertPreTokenizer()
    w.train_from_iterator([TEXT] * 3, trainers.WordPieceTrainer(vocab_size=500, special_tokens=['[UNK]', '[CLS]', '[SEP]', '[MASK]'], show_progress=False))
    w.post_processor = processors.TemplateProcessing('[CLS] $A [SEP]', None, [('[CLS]', 1), ('[SEP]', 2)])
    yield 'wordpiece', w
    yield from more_shapes()

# ---- comparison ----

def ours(path, source, *options):
    r = subprocess.run([PENEIRA, 'tokenize', '-q', '-j', '2', '--tokenizer', path, *options, source], capture_output=True)
    if r.returncode: return r.stderr.decode().strip()
    return [json.loads(l)['ids'] for l in r.stdout.splitlines()]

bad = count = 0
with tempfile.TemporaryDirectory() as d:
    for number, (name, peer) in enumerate(shapes()):
        if len(sys.argv) > 3 and sys.argv[3] not in name: continue
        texts = list(random_texts(N, int(os.environ.get('PENEIRA_SEED', 1000)) + number))
        with open(f'{d}/in.jsonl', 'w') as f:
            f.writelines(json.dumps({'id': i, 'text': t}) + '\n' for i, t in enumerate(texts))
        peer.save(f'{d}/t.json')
        for options, taken in (((), False), (('--no-special',), True), *(((('--template',), False),) if peer.post_processor else ())):
            peer.encode_special_tokens = taken
            got, want = ours(f'{d}/t.json', f'{d}/in.jsonl', *options), [e.ids for e in peer.encode_batch(texts, add_special_tokens='--template' in options)]
            count += N
            if isinstance(got, str):
                print(f'{name}: {got}'); bad += 1
                continue
            differ = [(t, g, w) for t, g, w in zip(texts, got, want) if g != w]
            if differ or len(got) != len(want):
                bad += 1
                t, g, w = min(differ, key=lambda x: len(x[0]))
                print(f'{name} {options}: {len(differ)} differ, {ascii(t)}\n  ours {g}\n  want {w}')
print(f'{count} strings, {bad} shapes that differ')
sys.exit(bad > 0)
