#include "shard/sentencepiece.h"

#include "shard/charclass.h"
#include "shard/unigram.h"

enum { UNIGRAM = 1, BPE };
enum { NORMAL = 1, UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE };

/* ---- protocol buffers: a cursor over the fields of a message (protobuf.dev/programming-guides/encoding) ---- */

struct message {
	const unsigned char *p, *end;
	bool bad;
};

struct field {
	uint32_t number;
	uint64_t value;	 /* varint, or the bits of a fixed32 */
	struct str bytes; /* of a length-delimited one */
};

static uint64_t varint(struct message *m)
{
	uint64_t v = 0;
	for (unsigned shift = 0; shift < 64 && m->p < m->end; shift += 7) {
		unsigned char c = *m->p++;
		v |= (uint64_t)(c & 0x7F) << shift;
		if (c < 0x80)
			return v;
	}
	m->bad = true;
	return 0;
}

static bool next(struct message *m, struct field *f)
{
	if (m->bad || m->p >= m->end)
		return false;
	uint64_t tag = varint(m);
	*f = (struct field){.number = (uint32_t)(tag >> 3)};
	size_t left = (size_t)(m->end - m->p), n = 0;
	if ((tag & 7) == 0) {
		f->value = varint(m);
		return !m->bad;
	}
	if ((tag & 7) == 2) {
		uint64_t len = varint(m);
		left = (size_t)(m->end - m->p);
		n = len <= left ? (size_t)len : left + 1;
	} else {
		n = (tag & 7) == 5 ? 4 : (tag & 7) == 1 ? 8 : left + 1;
	}
	if (m->bad || n > left) {
		m->bad = true;
		return false;
	}
	f->bytes = (struct str){(const char *)m->p, n};
	if ((tag & 7) == 5)
		f->value = m->p[0] | (uint32_t)m->p[1] << 8 | (uint32_t)m->p[2] << 16 | (uint32_t)m->p[3] << 24;
	m->p += n;
	return true;
}

static struct message message(struct str s)
{
	return (struct message){(const unsigned char *)s.p, s.n ? (const unsigned char *)s.p + s.n : (const unsigned char *)s.p, false};
}

/* ---- the model ---- */

struct piece {
	struct str text;
	float score;
	unsigned type;
};

struct reading {
	struct build *b;
	struct piece *pieces;
	uint32_t n, cap;
	struct str charsmap, unk, bos, eos; /* the last three: names of pieces */
	bool dummy_prefix, extra_spaces, escape, suffix, symbols;
	uint64_t model;
};

static bool read_piece(struct reading *r, struct str bytes)
{
	struct message m = message(bytes);
	struct field f;
	struct piece p = {.type = NORMAL};
	while (next(&m, &f)) {
		if (f.number == 1)
			p.text = f.bytes;
		else if (f.number == 2) {
			uint32_t bits = (uint32_t)f.value;
			memcpy(&p.score, &bits, 4);
		} else if (f.number == 3)
			p.type = (unsigned)f.value;
	}
	if (r->n == r->cap) {
		r->cap = r->cap ? 2 * r->cap : 32768;
		r->pieces = own_grow(r->pieces, r->cap * sizeof(*r->pieces));
	}
	r->pieces[r->n++] = p;
	return !m.bad && r->n < VOCAB_ID_MAX;
}

static bool read_trainer(struct reading *r, struct str bytes)
{
	struct message m = message(bytes);
	struct field f;
	while (next(&m, &f)) {
		if (f.number == 3)
			r->model = f.value;
		else if (f.number == 24)
			r->suffix = f.value != 0;
		else if (f.number == 35)
			r->b->v->byte_fallback = f.value != 0;
		else if (f.number == 45)
			r->unk = f.bytes;
		else if (f.number == 46)
			r->bos = f.bytes;
		else if (f.number == 47)
			r->eos = f.bytes;
	}
	return !m.bad;
}

static bool read_normalizer(struct reading *r, struct str bytes)
{
	struct message m = message(bytes);
	struct field f;
	while (next(&m, &f)) {
		if (f.number == 2)
			r->charsmap = f.bytes;
		else if (f.number == 3)
			r->dummy_prefix = f.value != 0;
		else if (f.number == 4)
			r->extra_spaces = f.value != 0;
		else if (f.number == 5)
			r->escape = f.value != 0;
	}
	return !m.bad;
}

bool sentencepiece_probe(struct str first)
{
	/* Field 1, length-delimited: the first piece, which begins with its own text. */
	return first.n > 4 && first.p[0] == 0x0A && first.p[2] == 0x0A && (size_t)(unsigned char)first.p[3] < (size_t)(unsigned char)first.p[1];
}

static void refuse_odd(struct reading *r)
{
	if (r->model != UNIGRAM && r->model != BPE)
		build_refuse(r->b, "a SentencePiece model of type", r->model == 3 ? STR("word") : STR("char"));
}

static const struct piece *sorting;

static int by_score(const void *a, const void *b)
{
	float x = sorting[*(const uint32_t *)a].score, y = sorting[*(const uint32_t *)b].score;
	return x > y ? -1 : x < y;
}

/* Equal scores, equal ranks: then the leftmost merges first. Only normal pieces come from merges. */
static void rank_pieces(struct reading *r)
{
	struct build *b = r->b;
	uint32_t *order = own_alloc((r->n + 1) * sizeof(*order)), n = 0, rank = 0;
	b->rank = own_alloc((r->n + 1) * sizeof(*b->rank));
	for (uint32_t id = 0; id < r->n; id++) {
		b->rank[id] = VOCAB_NONE;
		if (r->pieces[id].type == NORMAL)
			order[n++] = id;
	}
	sorting = r->pieces;
	qsort(order, n, sizeof(*order), by_score);
	for (uint32_t i = 0; i < n; i++) {
		if (i && r->pieces[order[i]].score != r->pieces[order[i - 1]].score)
			rank = i;
		b->rank[order[i]] = rank;
	}
	free(order);
}

static void put_symbols(const struct reading *r, struct added *to)
{
	for (uint32_t id = 0; id < r->n; id++)
		if (r->pieces[id].type == USER_DEFINED && r->pieces[id].text.n)
			added_put(to, &(struct added_token){.content = r->pieces[id].text, .id = id, .normalized = true});
	added_ready(to);
}

static void score_pieces(struct reading *r)
{
	r->b->skip = own_zalloc(r->n + 1);
	r->b->single = true;
	for (uint32_t id = 0; id < r->n && !r->b->rc; id++) {
		const struct piece *p = &r->pieces[id];
		if (p->type == USER_DEFINED) /* its library adds up its bonus in a way that long runs of such pieces show */
			build_refuse(r->b, "a user-defined piece in a SentencePiece Unigram model:", p->text);
		r->b->skip[id] = p->type != NORMAL;
		build_piece(r->b, p->text, id, (double)p->score);
	}
}

static void set_normalization(struct reading *r)
{
	struct normalizer *norm = &r->b->v->norm;
	struct str bar = STR("\u2581");
	if (!r->charsmap.n && !r->extra_spaces && r->escape && !r->suffix && !r->symbols) {
		if (r->dummy_prefix)
			norm->step[norm->n++] = (struct normalizer_step){.kind = NORMALIZER_PREPEND, .to = bar};
		norm->step[norm->n++] = (struct normalizer_step){.kind = NORMALIZER_REPLACE, .from = STR(" "), .to = bar};
		return;
	}
	struct spnorm *s = own_zalloc(sizeof(*s));
	norm->step[norm->n++] = (struct normalizer_step){.kind = NORMALIZER_SPNORM, .spnorm = s};
	*s = (struct spnorm){.prefix = r->dummy_prefix, .extra_spaces = r->extra_spaces, .escape = r->escape, .suffix = r->suffix};
	if (r->charsmap.n && !(s->map = charsmap_new(r->charsmap)))
		build_refuse(r->b, "a precompiled_charsmap of SentencePiece that is", STR("not one"));
	put_symbols(r, &s->symbols);
}

static void put_pieces(struct reading *r)
{
	struct build *b = r->b;
	for (uint32_t id = 0; id < r->n && !b->rc; id++) {
		struct piece *p = &r->pieces[id];
		struct added_token t = {.content = p->text, .special = false};
		build_token(b, p->text, id);
		if (p->type == UNUSED && r->model == BPE)
			build_refuse(b, "a SentencePiece piece of type unused:", p->text);
		r->symbols |= p->type == USER_DEFINED;
		if (p->type == CONTROL) { /* never found in a text, but named: BOS and EOS */
			t.special = true;
			build_added(b, &t);
		}
	}
	set_normalization(r);
}

int sentencepiece_read(struct build *b, struct str bytes)
{
	struct reading r = {.b = b, .unk = STR("<unk>"), .bos = STR("<s>"), .eos = STR("</s>"), .dummy_prefix = true, .extra_spaces = true, .escape = true, .model = 1};
	struct message m = message(bytes);
	struct field f;
	bool good = true;
	charclass_prepare();
	while (good && next(&m, &f)) {
		if (f.number == 1)
			good = read_piece(&r, f.bytes);
		else if (f.number == 2)
			good = read_trainer(&r, f.bytes);
		else if (f.number == 3)
			good = read_normalizer(&r, f.bytes);
	}
	if (!good || m.bad)
		b->rc = err_at(b->e, ERR_DATA, (struct where){b->name, (uint64_t)((const char *)m.p - bytes.p)}, "not a SentencePiece model");
	b->v->fuse_unk = true;
	b->unk = r.unk;
	b->bos = r.bos;
	b->eos = r.eos;
	b->v->kind = "SentencePiece";
	if (!b->rc)
		refuse_odd(&r);
	if (!b->rc)
		put_pieces(&r);
	if (!b->rc) {
		b->v->model = r.model == BPE ? VOCAB_BPE : VOCAB_UNIGRAM;
		if (r.model == BPE)
			rank_pieces(&r);
		else
			score_pieces(&r);
		build_finish(b);
		/* Its library never takes a control token from a text. */
		added_free(&b->v->added);
		added_ready(&b->v->added);
		if (r.model == BPE && r.symbols)
			put_symbols(&r, &b->v->added_normalized);
	}
	free(r.pieces);
	return b->rc;
}
