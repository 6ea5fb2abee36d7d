#include "dedup/signs.h"

#include "core/buf.h"
#include "dedup/grams.h"
#include "dedup/sealed.h"

static const char magic[] = "PNSIGN03";
enum column { CONF = 1, HEADS, KEYS, GRAMS, NAMES, SPANS };

struct signs_out {
	struct sealed_out *out;
	struct sign_conf conf;
	struct sign_head heads[SIGNS_GROUP];
	struct buf keys, grams, names, spans;
	unsigned n;
	uint64_t count;
};

struct signs_in {
	struct sealed_in *in;
	struct sign_conf conf;
	struct sign_head heads[SIGNS_GROUP];
	uint64_t *keys;
	struct span *spans;
	size_t spans_cap;
	unsigned char *sets;
	size_t sets_cap;
	char *names;
	size_t names_cap;
	uint64_t seen;
	bool sought; /* not read from the first group on */
};

/* ---- writing ---- */

int signs_create(struct signs_out **out, const char *path, const struct sign_conf *c, bool lasting, struct err *e)
{
	struct sealed_out *file;
	int rc = sealed_create(&file, path, magic, lasting, e);
	if (rc)
		return rc;
	rc = sealed_put(file, CONF, c, sizeof(*c), e);
	if (rc) {
		sealed_out_free(file);
		return rc;
	}
	struct signs_out *s = own_zalloc(sizeof(*s));
	s->out = file;
	s->conf = *c;
	buf_init(&s->keys, BUF_NO_MAX);
	buf_init(&s->grams, BUF_NO_MAX);
	buf_init(&s->names, BUF_NO_MAX);
	buf_init(&s->spans, BUF_NO_MAX);
	*out = s;
	return 0;
}

struct signs_out *signs_out_free(struct signs_out *s)
{
	if (!s)
		return NULL;
	sealed_out_free(s->out);
	buf_free(&s->keys);
	buf_free(&s->grams);
	buf_free(&s->names);
	buf_free(&s->spans);
	free(s);
	return NULL;
}

static int put_column(struct signs_out *s, enum column kind, struct buf *b, struct err *e)
{
	int rc = sealed_put(s->out, kind, b->p, b->n, e);
	buf_clear(b);
	return rc;
}

static int put_group(struct signs_out *s, struct err *e)
{
	if (!s->n)
		return 0;
	int rc = sealed_put(s->out, HEADS, s->heads, s->n * sizeof(*s->heads), e);
	rc = rc ? rc : put_column(s, KEYS, &s->keys, e);
	rc = rc ? rc : put_column(s, GRAMS, &s->grams, e);
	rc = rc ? rc : put_column(s, NAMES, &s->names, e);
	rc = rc ? rc : put_column(s, SPANS, &s->spans, e);
	s->count += s->n;
	s->n = 0;
	return rc;
}

int signs_put(struct signs_out *s, const struct sign *v, struct str names, struct err *e)
{
	struct sign_head *h = &s->heads[s->n++];
	*h = v->head;
	if (!s->conf.names)
		names.n = 0;
	h->names = (uint32_t)names.n;
	if (h->shingles)
		buf_add(&s->keys, v->keys, s->conf.bands * sizeof(*v->keys));
	if (h->grams)
		buf_add(&s->grams, v->grams, h->grams);
	if (names.n)
		buf_str(&s->names, names);
	if (h->spans)
		buf_add(&s->spans, v->spans, h->spans * sizeof(*v->spans));
	return s->n == SIGNS_GROUP || s->names.n > SEALED_BLOCK_MAX / 4 || s->spans.n > SEALED_BLOCK_MAX / 4 ? put_group(s, e) : 0;
}

uint64_t signs_bytes(const struct signs_out *s)
{
	return sealed_at(s->out);
}

int signs_commit(struct signs_out *s, struct err *e)
{
	int rc = put_group(s, e);
	if (!rc) {
		rc = sealed_commit(s->out, s->count, e);
		s->out = NULL;
	}
	signs_out_free(s);
	return rc;
}

/* ---- reading ---- */

static int damaged(const struct signs_in *s, const char *what, struct err *e)
{
	return err_at(e, ERR_DATA, (struct where){sealed_name(s->in), sealed_offset(s->in)}, "%s; the file has to be made again", what);
}

static int read_conf(struct signs_in *s, struct err *e)
{
	uint32_t kind, size;
	int rc = sealed_next(s->in, &kind, &size, e);
	if (rc < 0)
		return rc;
	if (!rc || kind != CONF || size != sizeof(s->conf))
		return damaged(s, "signatures without their configuration", e);
	rc = sealed_body(s->in, &s->conf, e);
	if (!rc && sign_check(&s->conf, NULL))
		return damaged(s, "signatures with an impossible configuration", e);
	return rc;
}

int signs_open(struct signs_in **in, const char *path, struct err *e)
{
	struct signs_in *s = own_zalloc(sizeof(*s));
	int rc = sealed_open(&s->in, path, magic, e);
	if (!rc)
		rc = read_conf(s, e);
	if (rc) {
		signs_in_free(s);
		return rc;
	}
	*in = s;
	return 0;
}

struct signs_in *signs_in_free(struct signs_in *s)
{
	if (!s)
		return NULL;
	sealed_in_free(s->in);
	free(s->keys);
	free(s->names);
	free(s->sets);
	free(s->spans);
	free(s);
	return NULL;
}

const struct sign_conf *signs_conf(const struct signs_in *s)
{
	return &s->conf;
}

uint64_t signs_count(const struct signs_in *s)
{
	return sealed_count(s->in);
}

/* What the columns of a group must measure, by its heads. */
struct sizes {
	uint64_t keys, grams, names, spans;
};

static int read_heads(struct signs_in *s, uint32_t size, struct sizes *want, unsigned *n, struct err *e)
{
	if (!size || size % sizeof(*s->heads) || size > sizeof(s->heads))
		return damaged(s, "a group of an impossible size", e);
	int rc = sealed_body(s->in, s->heads, e);
	*want = (struct sizes){0};
	*n = size / sizeof(*s->heads);
	for (unsigned i = 0; !rc && i < *n; i++) {
		const struct sign_head *h = &s->heads[i];
		if (h->grams > GRAMS_BYTES)
			return damaged(s, "a set longer than sets can be", e);
		want->keys += h->shingles ? s->conf.bands * sizeof(uint64_t) : 0;
		want->grams += h->grams;
		want->names += h->names;
		want->spans += h->spans * sizeof(struct span);
	}
	return rc;
}

/* The head of the next block, which must be of this kind and size. */
static int expect(struct signs_in *s, enum column kind, uint64_t want, struct err *e)
{
	uint32_t found, size;
	int rc = sealed_next(s->in, &found, &size, e);
	if (rc < 0)
		return rc;
	if (!rc || found != kind || size != want)
		return damaged(s, "a column that does not fit its group", e);
	return 0;
}

/* Each document's two strings, ended as they should be. */
static int check_names(struct signs_in *s, unsigned n, struct err *e)
{
	const char *p = s->names;
	for (unsigned i = 0; i < n; i++) {
		size_t k = s->heads[i].names;
		const char *first = k ? memchr(p, 0, k) : NULL;
		if (k && (!first || first == p + k - 1 || memchr(first + 1, 0, (size_t)(p + k - first - 1)) != p + k - 1))
			return damaged(s, "names that do not fit their documents", e);
		p += k;
	}
	return 0;
}

static int read_names(struct signs_in *s, uint64_t size, unsigned n, struct err *e)
{
	if (size >= s->names_cap) {
		s->names_cap = size + 1;
		s->names = own_grow(s->names, s->names_cap);
	}
	int rc = sealed_body(s->in, s->names, e);
	return rc ? rc : check_names(s, n, e);
}

static int read_sets(struct signs_in *s, uint64_t size, struct err *e)
{
	if (size >= s->sets_cap) {
		s->sets_cap = size + 1;
		s->sets = own_grow(s->sets, s->sets_cap);
	}
	return sealed_body(s->in, s->sets, e);
}

static int read_spans(struct signs_in *s, uint64_t size, struct err *e)
{
	if (size >= s->spans_cap) {
		s->spans_cap = size + 1;
		s->spans = own_grow(s->spans, s->spans_cap);
	}
	return sealed_body(s->in, s->spans, e);
}

void signs_seek(struct signs_in *s, uint64_t at)
{
	sealed_seek(s->in, at);
	s->sought = true;
}

int signs_next(struct signs_in *s, unsigned want, struct signs_group *g, struct err *e)
{
	uint32_t kind, size;
	struct sizes sizes = {0};
	int rc = sealed_next(s->in, &kind, &size, e);
	if (rc < 0)
		return rc;
	if (!rc)
		return s->sought || s->seen == signs_count(s) ? 0 : damaged(s, "fewer documents than the end mark says", e);
	*g = (struct signs_group){.heads = s->heads, .at = sealed_offset(s->in)};
	rc = kind == HEADS ? read_heads(s, size, &sizes, &g->n, e) : damaged(s, "not the beginning of a group", e);
	rc = rc ? rc : expect(s, KEYS, sizes.keys, e);
	if (!rc && want & SIGNS_KEYS) {
		if (!s->keys)
			s->keys = own_alloc(SIGNS_GROUP * s->conf.bands * sizeof(*s->keys));
		rc = sealed_body(s->in, s->keys, e);
		g->keys = s->keys;
	}
	rc = rc ? rc : expect(s, GRAMS, sizes.grams, e);
	g->grams = sealed_offset(s->in);
	if (!rc && want & SIGNS_SETS) {
		rc = read_sets(s, sizes.grams, e);
		g->sets = s->sets;
	}
	rc = rc ? rc : expect(s, NAMES, sizes.names, e);
	if (!rc && want & SIGNS_NAMES) {
		rc = read_names(s, sizes.names, g->n, e);
		g->names = s->names;
	}
	rc = rc ? rc : expect(s, SPANS, sizes.spans, e);
	if (!rc && want & SIGNS_SPANS) {
		rc = read_spans(s, sizes.spans, e);
		g->spans = s->spans;
	}
	s->seen += g->n;
	return rc ? rc : 1;
}
