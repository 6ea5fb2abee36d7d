#include "shard/encode.h"

#include "shard/memo.h"
#include "shard/unigram.h"
#include "shard/wordpiece.h"

/* Words that are cut before the first of them is looked up. */
enum { AHEAD = 16 };

enum way { STEPS, SPACED, SCANNED };

/* Does the text get a space in front? */
enum front { FRONT_NEVER, FRONT_ALWAYS, FRONT_UNLESS, FRONT_FIRST_UNLESS };

struct encode {
	const struct vocab *v;
	enum way way;
	enum front front;
	enum scan scan;
	bool nfc;
	struct memo *memo;
	struct bpe *bpe;
	struct unigram *unigram;
	bool lacks; /* something is unknown, and there is no unk for it */
	struct normalizer_work norm;
	struct pretok_work pretok;
	struct buf text, word;
	uint64_t joins[1024]; /* SPACED: bytes that may not be cut between */
};

static const struct str mark = {"\u2581", 3};

/* ---- choosing the way ---- */

static bool is_replace(const struct normalizer_step *t)
{
	return t->kind == NORMALIZER_REPLACE && !t->regex && str_eq(t->from, STR(" ")) && str_eq(t->to, mark);
}

/* [Prepend U+2581,] Replace " " by U+2581 [, Split by " ", which there is none of any more]: or Metaspace alone. */
static bool is_spaced(struct encode *x, bool *every)
{
	const struct vocab *v = x->v;
	const struct normalizer *n = &v->norm;
	const struct pretok *p = &v->pretok;
	if (v->model != VOCAB_BPE || v->bytes || v->ignore_merges || v->prefix.n || v->suffix.n)
		return false;
	*every = false;
	if (n->n == 0 && p->n == 1 && p->step[0].kind == PRETOK_METASPACE && str_eq(p->step[0].text, mark)) {
		x->front = p->step[0].prepend == PRETOK_ALWAYS ? FRONT_UNLESS : p->step[0].prepend == PRETOK_FIRST ? FRONT_FIRST_UNLESS : FRONT_NEVER;
		*every = p->step[0].split;
		return true;
	}
	if (p->n > 1 || (p->n == 1 && (p->step[0].kind != PRETOK_SPLIT || p->step[0].invert || !str_eq(p->step[0].text, STR(" ")))))
		return false;
	bool prepend = n->n == 2 && n->step[0].kind == NORMALIZER_PREPEND && str_eq(n->step[0].to, mark);
	x->front = prepend ? FRONT_ALWAYS : FRONT_NEVER;
	return (n->n == 1 || prepend) && is_replace(&n->step[n->n - 1]);
}

static bool is_scanned(struct encode *x)
{
	const struct vocab *v = x->v;
	const struct pretok *p = &v->pretok;
	if (v->model != VOCAB_BPE || !v->bytes || v->norm.n > 1 || (v->norm.n && v->norm.step[0].kind != NORMALIZER_NFC))
		return false;
	x->nfc = v->norm.n;
	if (p->step[p->n - 1].add_prefix)
		return false;
	if (p->n == 1)
		x->scan = p->step[0].scan;
	else if (p->n == 2 && p->step[0].kind == PRETOK_SPLIT && p->step[0].behavior == PRETOK_ISOLATED && !p->step[1].scan)
		x->scan = p->step[0].scan;
	return x->scan != SCAN_NONE;
}

/* Where may the text be cut? Between two bytes over which no merge goes. That needs every character to become symbols by itself: where unknown ones
 * fuse, only before a space, which is a symbol; where they vanish, and what is around them meets, nowhere. */
static void set_joins(struct encode *x, bool every)
{
	const struct vocab *v = x->v;
	bool alone = (v->byte_fallback && v->all_bytes) || (v->unk != VOCAB_NONE && !v->fuse_unk), space = vocab_find(v, mark) != VOCAB_NONE;
	for (unsigned b = 0; b < 256; b++)
		for (unsigned c = 0; c < 256; c++) {
			bool join = alone || (c == ' ' && space && v->unk != VOCAB_NONE) ? vocab_joins(v, (unsigned char)b, (unsigned char)c) : true;
			if ((c & 0xC0) == 0x80)
				join = true;
			if (every && c == ' ')
				join = false;
			if (join)
				x->joins[b << 2 | c >> 6] |= 1ull << (c & 63);
		}
}

struct encode *encode_start(const struct vocab *v)
{
	struct encode *x = own_zalloc(sizeof(*x));
	bool every;
	x->v = v;
	x->memo = memo_new();
	if (v->model == VOCAB_BPE)
		x->bpe = bpe_new(v);
	else if (v->model == VOCAB_UNIGRAM)
		x->unigram = unigram_new(v);
	normalizer_start(&x->norm, &v->norm);
	pretok_start(&x->pretok, &v->pretok);
	buf_init(&x->text, BUF_NO_MAX);
	buf_init(&x->word, BUF_NO_MAX);
	if (v->added_normalized.n) {
		x->way = STEPS;
	} else if (is_spaced(x, &every)) {
		x->way = SPACED;
		set_joins(x, every);
	} else if (is_scanned(x)) {
		x->way = SCANNED;
	}
	return x;
}

struct encode *encode_stop(struct encode *x)
{
	if (!x)
		return NULL;
	memo_free(x->memo);
	bpe_free(x->bpe);
	unigram_free(x->unigram);
	normalizer_stop(&x->norm);
	pretok_stop(&x->pretok);
	buf_free(&x->text);
	buf_free(&x->word);
	free(x);
	return NULL;
}

/* ---- a word ---- */

static void replace_spaces(struct str s, struct str by, struct buf *out)
{
	buf_clear(out);
	for (;;) {
		size_t at = str_chr(s, ' ');
		buf_add(out, s.p, at);
		if (at == s.n)
			return;
		buf_str(out, by);
		s = str_from(s, at + 1);
	}
}

static void new_word(struct encode *x, const struct memo_key *k, struct bpe_ids *out)
{
	size_t from = out->n;
	struct str s = k->word;
	if (x->way == SPACED) {
		replace_spaces(s, mark, &x->word);
		s = buf_view(&x->word);
	}
	bool good = x->v->model == VOCAB_BPE ? bpe_word(x->bpe, s, out) : x->v->model == VOCAB_UNIGRAM ? unigram_word(x->unigram, s, out) : wordpiece_word(x->v, s, out);
	x->lacks |= !good;
	if (good && out->n > from)
		memo_put(x->memo, k, out->v + from, out->n - from);
}

static inline void look_up(struct encode *x, const struct memo_key *k, unsigned n, struct bpe_ids *out)
{
	for (unsigned i = 0; i < n; i++)
		if (!memo_get(x->memo, &k[i], out))
			new_word(x, &k[i], out);
}

static inline void word(struct encode *x, struct str w, struct bpe_ids *out)
{
	struct memo_key k;
	memo_key(x->memo, w, w.p + w.n, &k);
	look_up(x, &k, 1, out);
}

/* ---- the ways ---- */

static void spaced_words(struct encode *x, const char *p, const char *end, struct bpe_ids *out)
{
	struct memo_key k[AHEAD];
	while (p < end) {
		unsigned n = 0;
		for (; n < AHEAD && p < end; n++) {
			const char *q = p + 1;
			while (q < end && x->joins[(unsigned char)q[-1] << 2 | (unsigned char)*q >> 6] >> (*q & 63) & 1)
				q++;
			memo_key(x->memo, str_range(p, q), end, &k[n]);
			p = q;
		}
		look_up(x, k, n, out);
	}
}

static void spaced(struct encode *x, struct str s, bool first, struct bpe_ids *out)
{
	struct str at = s;
	/* U+2581 itself means a space. */
	while ((at.p = memchr(at.p, 0xE2, at.n)) && (at.n = (size_t)(s.p + s.n - at.p)) && !str_starts(at, mark))
		at = str_from(at, 1);
	buf_clear(&x->text);
	bool spaces = s.p[0] == ' ' || str_starts(s, mark);
	bool front = x->front == FRONT_ALWAYS || (!spaces && (x->front == FRONT_UNLESS || (x->front == FRONT_FIRST_UNLESS && first)));
	if (!at.p && !front) {
		spaced_words(x, s.p, s.p + s.n, out);
		return;
	}
	if (front)
		buf_byte(&x->text, ' ');
	if (at.p) {
		while (s.n) {
			size_t n = str_find(s, mark);
			buf_add(&x->text, s.p, n);
			if (n < s.n)
				buf_byte(&x->text, ' ');
			s = str_from(s, n + 3);
		}
		spaced_words(x, x->text.p, x->text.p + x->text.n, out);
		return;
	}
	/* Only the first word needs a copy. */
	const char *q = s.p, *end = s.p + s.n;
	for (unsigned char before = ' '; q < end && x->joins[before << 2 | (unsigned char)*q >> 6] >> (*q & 63) & 1; before = (unsigned char)*q++)
		;
	buf_add(&x->text, s.p, (size_t)(q - s.p));
	word(x, buf_view(&x->text), out);
	spaced_words(x, q, end, out);
}

static int scanned(struct encode *x, struct str s, struct bpe_ids *out, struct err *e)
{
	bool plain = true;
	for (size_t i = 0; x->nfc && i < s.n && plain; i++)
		plain = (unsigned char)s.p[i] < 0xCC;
	int rc = plain ? 0 : normalizer_text(&x->v->norm, &x->norm, s, &s, e);
	for (const char *p = s.p, *end = p + s.n; p < end;) {
		struct memo_key k[AHEAD];
		unsigned n = 0;
		for (; n < AHEAD && p < end; n++) {
			const char *q = scan_next(x->scan, p, end);
			memo_key(x->memo, str_range(p, q), end, &k[n]);
			p = q;
		}
		look_up(x, k, n, out);
	}
	return rc;
}

static int steps(struct encode *x, struct str s, bool first, struct bpe_ids *out, struct err *e)
{
	const struct pretok_pieces *pieces;
	int rc = pretok_text(&x->v->pretok, &x->pretok, s, first, &pieces, e);
	for (size_t i = 0; !rc && i < pieces->n; i++)
		word(x, pieces->v[i].s, out);
	return rc;
}

/* ---- between added tokens ---- */

/* Normalize, look for the added tokens that want that, encode what is between. */
static int normalized(struct encode *x, struct str s, bool first, bool special, struct bpe_ids *out, struct err *e)
{
	const struct added *a = &x->v->added_normalized;
	struct added_match m;
	size_t at = 0, done = 0;
	int rc = normalizer_text(&x->v->norm, &x->norm, s, &s, e);
	while (!rc && added_next(a, s, special, &at, done, &m)) {
		if (done < m.from)
			rc = steps(x, (struct str){s.p + done, m.from - done}, first && done == 0, out, e);
		bpe_put(out, m.token->id);
		done = m.to;
	}
	if (!rc && done < s.n)
		rc = steps(x, str_from(s, done), first && done == 0, out, e);
	return rc;
}

static int between(struct encode *x, struct str s, bool first, bool special, struct bpe_ids *out, struct err *e)
{
	if (x->way == SPACED) {
		spaced(x, s, first, out);
		return 0;
	}
	if (x->way == SCANNED)
		return scanned(x, s, out, e);
	return normalized(x, s, first, special, out, e);
}

int encode_text(struct encode *x, struct str text, bool special, struct bpe_ids *out, struct err *e)
{
	struct added_match m;
	size_t at = 0, done = 0;
	int rc = 0;
	x->lacks = false;
	while (!rc && added_next(&x->v->added, text, special, &at, done, &m)) {
		if (done < m.from)
			rc = between(x, (struct str){text.p + done, m.from - done}, done == 0, special, out, e);
		bpe_put(out, m.token->id);
		done = m.to;
	}
	if (!rc && done < text.n)
		rc = between(x, str_from(text, done), done == 0, special, out, e);
	if (!rc && x->lacks)
		rc = err_at(e, ERR_DATA, (struct where){NULL, WHERE_NONE}, "something unknown in a text, and the vocabulary lacks the unk token '%.*s'", STR_ARG(x->v->unk_name));
	return rc;
}
