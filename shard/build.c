#include "shard/build.h"

#include "core/utf8.h"
#include "shard/joins.h"
#include "shard/unigram.h"

int build_refuse(struct build *b, const char *what, struct str which)
{
	if (!b->rc)
		b->rc = err_at(b->e, ERR_DATA, (struct where){b->name, WHERE_NONE}, "%s '%.*s' is not supported", what, STR_ARG(which));
	return b->rc;
}

void build_token(struct build *b, struct str s, uint64_t id)
{
	if (id >= VOCAB_ID_MAX) {
		build_refuse(b, "a token id above 16 million, of", s);
		return;
	}
	if (id >= b->cap) {
		uint32_t cap = b->cap ? b->cap : 32768;
		while (cap <= id)
			cap *= 2;
		b->token = own_grow(b->token, cap * sizeof(*b->token));
		memset(b->token + b->cap, 0, (cap - b->cap) * sizeof(*b->token));
		b->cap = cap;
	}
	if (b->token[id].p && !str_eq(b->token[id], s)) {
		build_refuse(b, "an id of two tokens, that of", s);
		return;
	}
	b->n_model += !b->token[id].p;
	b->token[id] = s;
	if (id >= b->v->size)
		b->v->size = (uint32_t)id + 1;
}

void build_piece(struct build *b, struct str s, uint64_t id, double score)
{
	uint32_t before = b->cap;
	build_token(b, s, id);
	if (b->rc)
		return;
	if (b->cap != before || !b->score)
		b->score = own_grow(b->score, b->cap * sizeof(*b->score));
	b->score[id] = score;
}

void build_merge(struct build *b, struct str left, struct str right)
{
	if (b->n_merges == b->cap_merges) {
		b->cap_merges = b->cap_merges ? 2 * b->cap_merges : 65536;
		b->merges = own_grow(b->merges, b->cap_merges * sizeof(*b->merges));
	}
	b->merges[b->n_merges] = (struct build_merge){left, right, (uint32_t)b->n_merges};
	b->n_merges++;
}

void build_added(struct build *b, const struct added_token *t)
{
	if (!t->content.n)
		return;
	b->added = own_grow(b->added, (b->n_added + 1) * sizeof(*b->added));
	b->added[b->n_added++] = *t;
}

void build_free(struct build *b)
{
	free(b->token);
	free(b->merges);
	free(b->score);
	free(b->skip);
	free(b->rank);
	free(b->added);
}

/* ---- tokens by their text ---- */

static uint32_t mask_above(uint64_t n)
{
	uint32_t p = 1024;
	while (p < n)
		p *= 2;
	return p - 1;
}

/* The tokens end to end, and their table. Only the first `known` are found by their text: the others are no words of the model. */
static void index_tokens(struct build *b, uint32_t known)
{
	struct vocab *v = b->v;
	size_t bytes = 1, n = 0;
	for (uint32_t id = 0; id < v->size; id++)
		bytes += b->token[id].n;
	for (uint32_t i = 0; i < b->n_added; i++)
		bytes += b->added[i].content.n;
	uint32_t *at = own_alloc(((size_t)v->size + b->n_added + 1) * sizeof(*at));
	char *text = own_alloc(bytes);
	uint32_t mask = mask_above(2ull * v->size);
	struct vocab_slot *slots = own_zalloc(((size_t)mask + 1) * sizeof(*slots));
	for (uint32_t id = 0; id < v->size; id++) {
		struct str s = b->token[id];
		at[id] = (uint32_t)n;
		if (!s.p)
			continue;
		memcpy(text + n, s.p, s.n);
		n += s.n;
		if (id >= known)
			continue;
		uint32_t h = vocab_hash_text(s), i = h & mask;
		/* Of two tokens of one text the later counts. */
		while (slots[i].hash && !(slots[i].hash == h && s.n == at[slots[i].id + 1] - at[slots[i].id] && memcmp(text + at[slots[i].id], s.p, s.n) == 0))
			i = (i + 1) & mask;
		slots[i] = (struct vocab_slot){h, id};
	}
	at[v->size] = (uint32_t)n;
	v->at = v->owned[0] = at;
	v->text = v->owned[1] = text;
	v->by_text = v->owned[2] = slots;
	v->text_mask = mask;
}

uint32_t build_find(const struct build *b, struct str name)
{
	const struct vocab *v = b->v;
	uint32_t id = VOCAB_NONE;
	if (v->bytes && !b->rank) { /* the table is by real bytes by now */
		for (uint32_t i = 0; i < v->size && i < b->cap; i++)
			if (str_eq(b->token[i], name) && b->token[i].p)
				id = i;
	} else {
		id = vocab_find(v, name);
	}
	for (uint32_t i = 0; id == VOCAB_NONE && i < b->n_added; i++)
		if (str_eq(b->added[i].content, name))
			id = b->added[i].id;
	return id;
}

/* ---- merges ---- */

static void put_pair(struct build *b, struct vocab_pair *pairs, uint32_t mask, struct vocab_pair p)
{
	uint32_t i = vocab_hash_pair(p.left, p.right) & mask;
	while (pairs[i].left != VOCAB_NONE && (pairs[i].left != p.left || pairs[i].right != p.right))
		i = (i + 1) & mask;
	pairs[i] = p; /* of two equal ones the later holds, as in a map that is filled in order */
	(void)b;
}

static struct vocab_pair *new_pairs(struct vocab *v, size_t n)
{
	v->pair_mask = mask_above(2ull * n + 2);
	struct vocab_pair *pairs = own_alloc(((size_t)v->pair_mask + 1) * sizeof(*pairs));
	for (uint32_t i = 0; i <= v->pair_mask; i++)
		pairs[i].left = VOCAB_NONE;
	v->by_pair = v->owned[3] = pairs;
	return pairs;
}

/* The id of left + right. Lists of merges mostly go in the order of the ids they give: look there first. */
static uint32_t find_joined(const struct vocab *v, struct str left, struct str right, uint32_t last, struct buf *both)
{
	for (uint32_t id = last; id < last + 2 && id < v->size; id++) {
		struct str t = vocab_token(v, id);
		if (t.n == left.n + right.n && memcmp(t.p, left.p, left.n) == 0 && memcmp(t.p + left.n, right.p, right.n) == 0)
			return id;
	}
	buf_clear(both);
	buf_str(both, left);
	buf_str(both, right);
	return vocab_find(v, buf_view(both));
}

static void index_merges(struct build *b)
{
	struct vocab *v = b->v;
	struct vocab_pair *pairs = new_pairs(v, b->n_merges);
	struct buf both;
	uint32_t last = 0;
	buf_init(&both, BUF_NO_MAX);
	for (size_t m = 0; m < b->n_merges && !b->rc; m++) {
		struct str l = b->merges[m].left, r = b->merges[m].right;
		uint32_t left = vocab_find(v, l), right = vocab_find(v, r), id = r.n < v->prefix.n ? VOCAB_NONE : find_joined(v, l, str_from(r, v->prefix.n), last, &both);
		if (left == VOCAB_NONE || right == VOCAB_NONE || id == VOCAB_NONE)
			build_refuse(b, "a merge of tokens that the vocabulary lacks:", left == VOCAB_NONE ? l : right == VOCAB_NONE ? r : buf_view(&both));
		else
			put_pair(b, pairs, v->pair_mask, (struct vocab_pair){left, right, b->merges[m].rank, id});
		last = id;
	}
	buf_free(&both);
}

/* SentencePiece and tiktoken say only which tokens there are and in which order: any two that make a third may merge. */
static void derive_merges(struct build *b)
{
	struct vocab *v = b->v;
	struct vocab_pair *found = NULL, *pairs;
	size_t n = 0, cap = 0;
	for (uint32_t id = 0; id < v->size; id++) {
		struct str s = vocab_token(v, id);
		for (size_t k = 1; b->rank[id] != VOCAB_NONE && k < s.n; k++) {
			if (!v->bytes && (s.p[k] & 0xC0) == 0x80)
				continue;
			uint32_t left = vocab_find(v, str_head(s, k)), right = left == VOCAB_NONE ? VOCAB_NONE : vocab_find(v, str_from(s, k));
			if (right == VOCAB_NONE || b->rank[left] == VOCAB_NONE || b->rank[right] == VOCAB_NONE)
				continue;
			if (n == cap) {
				cap = cap ? 2 * cap : 65536;
				found = own_grow(found, cap * sizeof(*found));
			}
			found[n++] = (struct vocab_pair){left, right, b->rank[id], id};
		}
	}
	pairs = new_pairs(v, n);
	for (size_t i = 0; i < n; i++)
		put_pair(b, pairs, v->pair_mask, found[i]);
	free(found);
}

/* ---- real bytes for printable characters ---- */

static bool real_bytes(struct arena *a, struct str *s)
{
	char *out = arena_alloc(a, s->n + 1);
	size_t n = 0;
	for (const char *p = s->p, *end = s->p + s->n; p < end;) {
		int c = normalizer_byte_of_char(utf8_next(&p, end));
		if (c < 0)
			return false;
		out[n++] = (char)c;
	}
	arena_shrink(a, out, n);
	*s = (struct str){out, n};
	return true;
}

/* Merges were found by the names as written; from here on a token is its bytes. A token that no bytes give can only be an added one. */
static void make_bytes(struct build *b, uint32_t model)
{
	struct vocab *v = b->v;
	struct str *named = b->token;
	b->token = own_zalloc(((size_t)v->size + 1) * sizeof(*b->token));
	for (uint32_t id = 0; id < v->size; id++) {
		struct str s = id < model ? named[id] : vocab_token(v, id);
		if (s.p && (id >= model || real_bytes(v->a, &s)))
			b->token[id] = s;
	}
	char *text = v->owned[1];
	free(v->owned[0]);
	free(v->owned[2]);
	index_tokens(b, model);
	free(text);
	free(b->token);
	b->token = named;
}

/* ---- the rest ---- */

static void set_bytes(struct vocab *v)
{
	v->all_bytes = true;
	for (int c = 0; c < 256; c++) {
		char name[8] = {(char)c};
		if (!v->bytes) {
			static const char hex[] = "0123456789ABCDEF";
			memcpy(name, (char[]){'<', '0', 'x', hex[c >> 4], hex[c & 15], '>'}, 6);
		}
		v->byte[c] = vocab_find(v, (struct str){name, v->bytes ? 1 : 6});
		v->all_bytes &= v->byte[c] != VOCAB_NONE;
	}
}

/* Ids as added_vocabulary.rs gives them: that of the model's token of the same text, else the next one behind as many as the model has. */
static void number_added(struct build *b)
{
	struct vocab *v = b->v;
	uint32_t free_id = b->n_model;
	uint32_t *at = v->owned[0];
	char *text = v->owned[1];
	for (uint32_t i = 0; i < b->n_added; i++) {
		struct added_token *t = &b->added[i];
		t->id = vocab_find(v, t->content);
		for (uint32_t k = 0; k < i && t->id == VOCAB_NONE && i < 4096; k++)
			if (str_eq(b->added[k].content, t->content))
				t->id = b->added[k].id;
		if (t->id == VOCAB_NONE)
			t->id = free_id++;
		if (t->id != v->size || b->image)
			continue;
		/* Its text goes behind those of the model. */
		memcpy(text + at[v->size], t->content.p, t->content.n);
		at[v->size + 1] = at[v->size] + (uint32_t)t->content.n;
		v->size++;
	}
}

/* Can matches of the two lie over each other in a text? */
static bool meet(const struct added_token *a, const struct added_token *b)
{
	struct str x = a->content, y = b->content;
	if (a->lstrip || a->rstrip || a->single_word || b->lstrip || b->rstrip || b->single_word || str_find(x, y) < x.n || str_find(y, x) < y.n)
		return true;
	for (size_t n = 1; n < x.n && n < y.n; n++)
		if (memcmp(x.p + x.n - n, y.p, n) == 0 || memcmp(y.p + y.n - n, x.p, n) == 0)
			return true;
	return false;
}

/* Tokens of both kinds are looked for one kind after the other; together only where that is the same. */
static bool one_after_other(const struct build *b)
{
	uint64_t work = 0;
	for (uint32_t i = 0; i < b->n_added; i++)
		for (uint32_t k = 0; k < b->n_added && !b->added[i].normalized; k++)
			if (b->added[k].normalized && (meet(&b->added[i], &b->added[k]) || ++work > 1 << 20))
				return true;
	return false;
}

static void place_added(struct build *b)
{
	struct vocab *v = b->v;
	struct normalizer_work w;
	bool apart = v->norm.n || one_after_other(b);
	normalizer_start(&w, &v->norm);
	for (uint32_t i = 0; i < b->n_added; i++) {
		struct added_token t = b->added[i];
		struct str s = t.content;
		if (t.normalized && !b->rc)
			b->rc = normalizer_text(&v->norm, &w, t.content, &s, b->e);
		t.content = arena_str(v->a, s);
		if (s.n)
			added_put(t.normalized && apart ? &v->added_normalized : &v->added, &t);
	}
	normalizer_stop(&w);
	added_ready(&v->added);
	added_ready(&v->added_normalized);
}

static uint32_t by_name(const struct build *b, struct str said, const char *const *names)
{
	uint32_t id = said.n ? build_find(b, said) : VOCAB_NONE;
	for (; id == VOCAB_NONE && *names; names++)
		id = build_find(b, str_of(*names));
	return id;
}

static void give_pieces(struct build *b, uint32_t n)
{
	double *score = ARENA_ARRAY(b->v->a, double, n + 1);
	memcpy(score, b->score, n * sizeof(*score));
	b->v->pieces = unigram_pieces_new(b->v, n, score, b->skip, b->single);
}

int build_finish(struct build *b)
{
	struct vocab *v = b->v;
	static const char *const bos[] = {"<s>", "<|begin_of_text|>", "<bos>", NULL}, *const eos[] = {"</s>", "<|end_of_text|>", "<|endoftext|>", "<eos>", NULL};
	if (b->rc)
		return b->rc;
	if (!v->size)
		return b->rc = err_at(b->e, ERR_DATA, (struct where){b->name, WHERE_NONE}, "a tokenizer without a vocabulary");
	b->token = b->token ? b->token : own_zalloc(sizeof(*b->token));
	uint32_t model = v->size;
	if (!b->image)
		index_tokens(b, model);
	if (b->rank)
		derive_merges(b);
	else if (!b->image)
		index_merges(b);
	if (b->rc)
		return b->rc;
	v->unk_name = b->unk;
	if (v->model != VOCAB_UNIGRAM || b->unk.n)
		v->unk = b->unk.n ? vocab_find(v, b->unk) : VOCAB_NONE;
	if (v->model == VOCAB_UNIGRAM)
		give_pieces(b, model);
	number_added(b);
	if (v->bytes && !b->rank)
		make_bytes(b, model);
	place_added(b);
	set_bytes(v);
	if (!b->image)
		joins_make(v);
	v->bos = by_name(b, b->bos, bos);
	v->eos = by_name(b, b->eos, eos);
	return b->rc;
}
