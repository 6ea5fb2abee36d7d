#include "crawl/revisit.h"

#include "core/doc.h"

#include <xxhash.h>

struct place {
	uint64_t key; /* 0 = free */
	uint64_t offset;
	uint32_t file;
};

struct revisit {
	struct place *slot;
	size_t mask, n;
};

struct revisit *revisit_new(void)
{
	struct revisit *v = own_zalloc(sizeof(*v));
	v->mask = 255;
	v->slot = own_zalloc((v->mask + 1) * sizeof(*v->slot));
	return v;
}

struct revisit *revisit_free(struct revisit *v)
{
	if (!v)
		return NULL;
	free(v->slot);
	free(v);
	return NULL;
}

static struct place *find(const struct revisit *v, uint64_t key)
{
	size_t i = key & v->mask;
	while (v->slot[i].key && v->slot[i].key != key)
		i = (i + 1) & v->mask;
	return &v->slot[i];
}

static void grow(struct revisit *v)
{
	struct revisit was = *v;
	v->mask = 2 * v->mask + 1;
	v->slot = own_zalloc((v->mask + 1) * sizeof(*v->slot));
	for (size_t i = 0; i <= was.mask; i++)
		if (was.slot[i].key)
			*find(v, was.slot[i].key) = was.slot[i];
	free(was.slot);
}

/* The first capture of its kind stays. */
static void add(struct revisit *v, uint64_t key, struct place p)
{
	if (4 * v->n > 3 * v->mask)
		grow(v);
	struct place *at = find(v, key);
	if (at->key)
		return;
	p.key = key;
	*at = p;
	v->n++;
}

static uint64_t key_of(uint64_t seed, struct str s)
{
	uint64_t h = XXH3_64bits_withSeed(s.p ? s.p : "", s.n, seed);
	return h ? h : 1;
}

/* "2011-07-25T09:00:00Z" and "20110725090000" are the same date. */
static uint64_t key_of_url(struct str url, struct str date)
{
	return key_of((uint64_t)doc_date_parse(date), url);
}

void revisit_note(struct revisit *v, const struct record *rec, uint32_t file)
{
	struct place p = {.offset = rec->at.offset, .file = file};
	if (v->n >= 2 * (size_t)REVISIT_MAX)
		return;
	add(v, key_of_url(rec->uri, rec->date), p);
	if (rec->payload_digest.n)
		add(v, key_of(0, rec->payload_digest), p);
}

bool revisit_find(const struct revisit *v, const struct record *rec, uint32_t *file, uint64_t *offset)
{
	const struct place *p = rec->refers_uri.n && rec->refers_date.n ? find(v, key_of_url(rec->refers_uri, rec->refers_date)) : NULL;
	if ((!p || !p->key) && rec->payload_digest.n)
		p = find(v, key_of(0, rec->payload_digest));
	if (!p || !p->key)
		return false;
	*file = p->file;
	*offset = p->offset;
	return true;
}
