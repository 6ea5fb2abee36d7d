#include "dedup/verdict.h"

#include "dedup/sealed.h"

#include <string.h>

static const char magic[] = "PNVERD01";
enum { UNITS = 1, VERDICTS, UNITS_BLOCK = 1 << 20, BLOCK_BYTES = VERDICT_BLOCK * sizeof(struct verdict), BLOCK_HEAD = 16 };

struct verdict_out {
	struct sealed_out *out;
	struct verdict v[VERDICT_BLOCK];
	unsigned n;
	uint64_t count, want;
};

struct verdict_in {
	struct sealed_in *in;
	uint64_t *first;
	size_t units;
	uint64_t data; /* offset of the bytes of the first block of verdicts */
	uint64_t block; /* the one in v; UINT64_MAX = none */
	size_t n;
	struct verdict v[VERDICT_BLOCK];
};

/* ---- writing ---- */

int verdict_create(struct verdict_out **out, const char *path, const uint64_t *first, size_t n_units, int lasting, struct err *e)
{
	struct verdict_out *v = own_zalloc(sizeof(*v));
	int rc = sealed_create(&v->out, path, magic, lasting, e);
	for (size_t i = 0, k; !rc && i <= n_units; i += k) {
		k = n_units + 1 - i < UNITS_BLOCK ? n_units + 1 - i : UNITS_BLOCK;
		rc = sealed_put(v->out, UNITS, first + i, k * sizeof(*first), e);
	}
	if (rc) {
		verdict_out_free(v);
		return rc;
	}
	v->want = first[n_units];
	*out = v;
	return 0;
}

struct verdict_out *verdict_out_free(struct verdict_out *v)
{
	if (v)
		sealed_out_free(v->out);
	free(v);
	return NULL;
}

static int flush(struct verdict_out *v, struct err *e)
{
	int rc = v->n ? sealed_put(v->out, VERDICTS, v->v, v->n * sizeof(*v->v), e) : 0;
	v->n = 0;
	return rc;
}

int verdict_put(struct verdict_out *v, const struct verdict *one, struct err *e)
{
	v->v[v->n++] = *one;
	v->count++;
	return v->n == VERDICT_BLOCK ? flush(v, e) : 0;
}

int verdict_commit(struct verdict_out *v, struct err *e)
{
	int rc = flush(v, e);
	if (!rc && v->count != v->want)
		rc = err_at(e, ERR_DATA, (struct where){NULL, WHERE_NONE}, "%llu verdicts for %llu documents: this is a bug", (unsigned long long)v->count, (unsigned long long)v->want);
	if (!rc) {
		rc = sealed_commit(v->out, v->count, e);
		v->out = NULL;
	}
	verdict_out_free(v);
	return rc;
}

/* ---- reading ---- */

static int damaged(const struct verdict_in *v, struct err *e)
{
	return err_at(e, ERR_DATA, (struct where){sealed_name(v->in), sealed_offset(v->in)}, "damaged verdicts; the file has to be made again");
}

static int read_units(struct verdict_in *v, struct err *e)
{
	uint32_t kind, size;
	size_t n = 0;
	int rc;
	while ((rc = sealed_next(v->in, &kind, &size, e)) > 0 && kind == UNITS) {
		if (size % sizeof(*v->first))
			return damaged(v, e);
		v->first = own_grow(v->first, n * sizeof(*v->first) + size);
		rc = sealed_body(v->in, v->first + n, e);
		if (rc)
			return rc;
		n += size / sizeof(*v->first);
	}
	if (rc < 0)
		return rc;
	if (rc > 0)
		v->data = sealed_offset(v->in);
	if (!n || v->first[n - 1] != sealed_count(v->in) || (!v->data && sealed_count(v->in)))
		return damaged(v, e);
	for (size_t i = 1; i < n; i++)
		if (v->first[i] < v->first[i - 1])
			return damaged(v, e);
	v->units = n - 1;
	return 0;
}

int verdict_open(struct verdict_in **in, const char *path, struct err *e)
{
	struct verdict_in *v = own_zalloc(sizeof(*v));
	v->block = UINT64_MAX;
	int rc = sealed_open(&v->in, path, magic, e);
	if (!rc)
		rc = read_units(v, e);
	if (rc) {
		verdict_in_free(v);
		return rc;
	}
	*in = v;
	return 0;
}

struct verdict_in *verdict_in_free(struct verdict_in *v)
{
	if (!v)
		return NULL;
	sealed_in_free(v->in);
	free(v->first);
	free(v);
	return NULL;
}

size_t verdict_units(const struct verdict_in *v)
{
	return v->units;
}

uint64_t verdict_first(const struct verdict_in *v, size_t i)
{
	return v->first[i];
}

static int load(struct verdict_in *v, uint64_t block, struct err *e)
{
	uint32_t kind, size;
	v->block = UINT64_MAX;
	sealed_seek(v->in, v->data + block * (BLOCK_BYTES + BLOCK_HEAD));
	int rc = sealed_next(v->in, &kind, &size, e);
	if (rc < 0)
		return rc;
	if (!rc || kind != VERDICTS || size > sizeof(v->v) || size % sizeof(*v->v))
		return damaged(v, e);
	rc = sealed_body(v->in, v->v, e);
	if (rc)
		return rc;
	v->n = size / sizeof(*v->v);
	for (size_t i = 0; i < v->n; i++)
		if (v->v[i].kind >= VERDICT_KINDS)
			return damaged(v, e);
	v->block = block;
	return 0;
}

int verdict_get(struct verdict_in *v, uint64_t doc, struct verdict *out, struct err *e)
{
	if (doc >= sealed_count(v->in))
		return err_at(e, ERR_DATA, (struct where){sealed_name(v->in), WHERE_NONE}, "there is no verdict on document %llu: the work folder does not fit together", (unsigned long long)doc);
	int rc = doc / VERDICT_BLOCK == v->block ? 0 : load(v, doc / VERDICT_BLOCK, e);
	if (rc)
		return rc;
	if (doc % VERDICT_BLOCK >= v->n)
		return damaged(v, e);
	*out = v->v[doc % VERDICT_BLOCK];
	return 0;
}
