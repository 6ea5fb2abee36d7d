#include "shard/pack.h"

/* A document, or a piece of one, in a sequence that is not out yet. */
struct piece {
	char *id, *url;
	size_t id_n, url_n, tokens;
	uint64_t document;
};

struct bin {
	uint32_t *tokens, *starts;
	struct piece *pieces;
	size_t n, n_starts, cap;
	uint64_t born; /* ties are broken by age */
};

struct pack {
	size_t length;
	bool best_fit;
	uint32_t padding;
	struct pack_sink sink;
	struct bin *bins;
	size_t n_bins, max_bins;
	uint64_t documents, sequences, born, padded;
};

struct pack *pack_new(size_t length, bool best_fit, uint32_t padding, struct pack_sink sink)
{
	struct pack *p = own_zalloc(sizeof(*p));
	p->length = length;
	p->best_fit = best_fit;
	p->padding = padding;
	p->sink = sink;
	p->max_bins = PACK_OPEN_BYTES / (4 * length);
	p->max_bins = !best_fit || p->max_bins < 1 ? 1 : p->max_bins > PACK_OPEN ? PACK_OPEN : p->max_bins;
	p->bins = own_zalloc((p->max_bins + 1) * sizeof(*p->bins));
	return p;
}

static void bin_free(struct bin *b)
{
	for (size_t i = 0; i < b->n_starts; i++) {
		free(b->pieces[i].id);
		free(b->pieces[i].url);
	}
	free(b->tokens);
	free(b->starts);
	free(b->pieces);
}

struct pack *pack_free(struct pack *p)
{
	if (!p)
		return NULL;
	for (size_t i = 0; i < p->n_bins; i++)
		bin_free(&p->bins[i]);
	free(p->bins);
	free(p);
	return NULL;
}

uint64_t pack_padding(const struct pack *p)
{
	return p->padded;
}

/* ---- sequences ---- */

static int give(struct pack *p, size_t which, struct err *e)
{
	struct bin b = p->bins[which];
	uint64_t base = p->sequences * p->length;
	memmove(p->bins + which, p->bins + which + 1, (--p->n_bins - which) * sizeof(*p->bins));
	p->padded += p->length - b.n;
	for (size_t i = b.n; i < p->length; i++)
		b.tokens[i] = p->padding;
	struct pack_sequence s = {p->sequences++, b.tokens, b.starts, p->length, b.n_starts};
	int rc = p->sink.sequence(p->sink.self, &s, e);
	for (size_t i = 0; i < b.n_starts && !rc; i++) {
		const struct piece *x = &b.pieces[i];
		struct place place = {x->document, base + b.starts[i], x->tokens, {x->id, x->id_n}, {x->url, x->url_n}};
		rc = p->sink.place(p->sink.self, &place, e);
	}
	bin_free(&b);
	return rc;
}

static struct bin *new_bin(struct pack *p)
{
	struct bin *b = &p->bins[p->n_bins++];
	*b = (struct bin){.tokens = own_alloc(p->length * sizeof(uint32_t)), .born = p->born++};
	return b;
}

static char *copy(struct str s)
{
	char *c = own_alloc(s.n + 1);
	if (s.n)
		memcpy(c, s.p, s.n);
	return c;
}

static void fill(struct bin *b, uint64_t document, struct str id, struct str url, const uint32_t *tokens, size_t n)
{
	if (b->n_starts == b->cap) {
		b->cap = b->cap ? 2 * b->cap : 16;
		b->starts = own_grow(b->starts, b->cap * sizeof(*b->starts));
		b->pieces = own_grow(b->pieces, b->cap * sizeof(*b->pieces));
	}
	b->pieces[b->n_starts] = (struct piece){copy(id), copy(url), id.n, url.n, n, document};
	b->starts[b->n_starts++] = (uint32_t)b->n;
	memcpy(b->tokens + b->n, tokens, n * sizeof(*tokens));
	b->n += n;
}

/* The open sequence in which least room stays; NULL when none has room. */
static struct bin *best(struct pack *p, size_t n)
{
	struct bin *found = NULL;
	for (size_t i = 0; i < p->n_bins; i++)
		if (p->length - p->bins[i].n >= n && (!found || p->bins[i].n > found->n))
			found = &p->bins[i];
	return found;
}

static size_t fullest(const struct pack *p)
{
	size_t k = 0;
	for (size_t i = 1; i < p->n_bins; i++)
		if (p->bins[i].n > p->bins[k].n)
			k = i;
	return k;
}

static int put_whole(struct pack *p, uint64_t document, struct str id, struct str url, const uint32_t *tokens, size_t n, struct err *e)
{
	struct bin *b = best(p, n);
	fill(b ? b : new_bin(p), document, id, url, tokens, n);
	for (size_t i = 0; i < p->n_bins; i++)
		if (p->bins[i].n == p->length)
			return give(p, i, e);
	return p->n_bins > p->max_bins ? give(p, fullest(p), e) : 0;
}

int pack_put(struct pack *p, struct str id, struct str url, const uint32_t *tokens, size_t n, struct err *e)
{
	uint64_t document = p->documents++;
	int rc = 0;
	while (n && !rc) {
		size_t k = n < p->length ? n : p->length;
		if (p->best_fit) {
			rc = put_whole(p, document, id, url, tokens, k, e);
		} else {
			struct bin *b = p->n_bins ? &p->bins[0] : new_bin(p);
			k = k < p->length - b->n ? k : p->length - b->n;
			fill(b, document, id, url, tokens, k);
			if (b->n == p->length)
				rc = give(p, 0, e);
		}
		tokens += k;
		n -= k;
	}
	return rc;
}

int pack_end(struct pack *p, struct err *e)
{
	int rc = 0;
	while (p->n_bins && !rc)
		rc = give(p, 0, e);
	return rc;
}
