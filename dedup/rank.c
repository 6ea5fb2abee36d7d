#include "dedup/rank.h"

#include "core/own.h"
#include "core/stop.h"
#include "dedup/index.h"
#include "dedup/signs.h"
#include "dedup/verdict.h"

#include <math.h>

/* ---- keys that sort as the policies say ---- */

/* A date of 40 bits, the oldest first, unknown last. */
static uint64_t date_key(int64_t date)
{
	int64_t k = date == INT64_MIN ? INT64_MAX : date;
	int64_t half = (int64_t)1 << 39;
	k = k < -half ? -half : k >= half ? half - 1 : k;
	return (uint64_t)(k + half);
}

static uint64_t length_key(uint32_t length)
{
	return SOLVE_LOW(24) - (length > SOLVE_LOW(24) ? SOLVE_LOW(24) : length);
}

/* The highest first; not measured last. */
static uint64_t quality_key(float q)
{
	uint32_t bits;
	if (isnan(q))
		return UINT32_MAX;
	memcpy(&bits, &q, 4);
	bits = bits & 0x80000000u ? ~bits : bits | 0x80000000u;
	return UINT32_MAX - bits;
}

static uint64_t keep_key(const struct sign_head *h, unsigned keep)
{
	switch (keep) {
	case SOLVE_OLDEST: return date_key(h->date);
	case SOLVE_NEWEST: return h->date == INT64_MIN ? SOLVE_LOW(40) : SOLVE_LOW(40) - 1 - date_key(h->date);
	case SOLVE_BEST: return quality_key(h->quality);
	default: return length_key(h->length);
	}
}

static uint64_t url_key(const struct sign_head *h, unsigned url)
{
	return keep_key(h, url == SOLVE_URL_NEWEST ? SOLVE_NEWEST : url == SOLVE_URL_OLDEST ? SOLVE_OLDEST : SOLVE_LONGEST);
}

static uint64_t words_and(const struct sign_head *h, uint64_t low)
{
	return (uint64_t)(h->words > SOLVE_LOW(24) ? SOLVE_LOW(24) : h->words) << SOLVE_RANK_BITS | low;
}

/* ---- every head of every file ---- */

typedef int (*head_fn)(struct solve *s, const struct sign_head *h, uint64_t doc, size_t file, uint64_t offset, void *arg, struct err *e);

static int heads_of_file(struct solve *s, size_t file, uint64_t *doc, head_fn each, void *arg, struct err *e)
{
	struct signs_in *in = NULL;
	struct signs_group g;
	int rc = signs_open(&in, s->paths[file], e);
	while (!rc && (rc = signs_next(in, 0, &g, e)) > 0) {
		rc = stop_asked() ? err_at(e, ERR_STOP, (struct where){NULL, WHERE_NONE}, "stopped by a signal") : 0;
		for (unsigned i = 0; !rc && i < g.n; i++) {
			if (!g.heads[i].absent)
				rc = each(s, &g.heads[i], *doc, file, g.grams, arg, e);
			g.grams += g.heads[i].grams;
			++*doc;
		}
	}
	signs_in_free(in);
	return rc;
}

static int all_heads(struct solve *s, head_fn each, void *arg, struct err *e)
{
	uint64_t doc = 0;
	int rc = 0;
	for (size_t i = 0; !rc && i < s->n_paths; i++)
		rc = heads_of_file(s, i, &doc, each, arg, e);
	return rc;
}

static bool same_conf(const struct sign_conf *a, const struct sign_conf *b)
{
	return a->scheme == b->scheme && a->shingle == b->shingle && a->bands == b->bands && a->rows == b->rows && a->grams >= b->grams &&
	       a->names >= b->names && a->lines == b->lines && a->passage == b->passage && a->policy == b->policy;
}

int rank_count(struct solve *s, struct err *e)
{
	int rc = 0;
	uint64_t sum = 0;
	s->old = s->conf->index ? index_count(s->conf->index) : 0;
	s->first = own_zalloc((s->n_paths + 1) * sizeof(*s->first));
	for (size_t i = 0; !rc && i < s->n_paths; i++) {
		struct signs_in *in = NULL;
		s->first[i] = sum;
		rc = signs_open(&in, s->paths[i], e);
		if (rc)
			break;
		sum += signs_count(in);
		if (!same_conf(signs_conf(in), &s->conf->sign))
			rc = err_at(e, ERR_USAGE, (struct where){s->paths[i], WHERE_NONE}, "its signatures were made with other options (bands, rows, n-grams, scheme or policy); remove it to have it made again");
		signs_in_free(in);
	}
	s->first[s->n_paths] = sum;
	if (!rc && sum >= SOLVE_NO_DOCUMENT)
		rc = err_at(e, ERR_LIMIT, (struct where){NULL, WHERE_NONE}, "more than 2^40 documents");
	return rc;
}

/* ---- captures of the same URL ---- */

enum { URL, URL_KEY, URL_LENGTH_DATE, URL_ID, URL_DOC, URL_WORDS };

static int add_url(struct solve *s, const struct sign_head *h, uint64_t doc, size_t file, uint64_t offset, void *arg, struct err *e)
{
	(void)file;
	(void)offset;
	if (!h->url)
		return 0;
	return sorter_add(arg, (uint64_t[]){h->url, url_key(h, s->conf->url), length_key(h->length) << 40 | date_key(h->date), h->id, doc}, e);
}

/* The captures of one URL, the one that stays first. Counts stop at CAPTURES_MAX, which then means "or more". */
enum { CAPTURES_MAX = 1 << 20 };

struct captures {
	uint64_t url, *docs, seen;
	size_t n;
};

static int put_captures(struct solve *s, struct captures *c, struct err *e)
{
	int rc = 0;
	for (size_t i = 0; !rc && i < c->n; i++) {
		bool first = c->seen == c->n && i == 0;
		if (s->conf->url == SOLVE_URL_COUNT)
			rc = sorter_add(s->urls, (uint64_t[]){c->docs[i], c->seen < CAPTURES_MAX ? c->seen : CAPTURES_MAX}, e);
		else if (!first)
			rc = sorter_add(s->urls, (uint64_t[]){c->docs[i], (uint64_t)VERDICT_URL << 24}, e);
	}
	c->n = 0;
	return rc;
}

static int group_urls(struct solve *s, struct sorter *urls, struct err *e)
{
	struct captures c = {.docs = own_alloc(CAPTURES_MAX * sizeof(uint64_t))};
	uint64_t r[SORTER_WORDS];
	int rc;
	while ((rc = sorter_next(urls, r, e)) > 0) {
		if (r[URL] != c.url || c.n == CAPTURES_MAX) {
			rc = put_captures(s, &c, e);
			if (rc)
				break;
			c.seen = r[URL] == c.url ? c.seen : 0;
			c.url = r[URL];
		}
		c.docs[c.n++] = r[URL_DOC];
		c.seen++;
	}
	rc = rc < 0 ? rc : put_captures(s, &c, e);
	free(c.docs);
	return rc;
}

static int rank_urls(struct solve *s, struct err *e)
{
	if (s->conf->url == SOLVE_URL_ALL)
		return 0;
	struct sorter *urls = sorter_new(URL_WORDS, s->conf->memory / 4, s->conf->folder, "urls");
	s->urls = sorter_new(2, s->conf->memory / 8, s->conf->folder, "captures");
	int rc = all_heads(s, add_url, urls, e);
	rc = rc ? rc : sorter_sort(urls, e);
	rc = rc ? rc : group_urls(s, urls, e);
	rc = rc ? rc : sorter_sort(s->urls, e);
	sorter_free(urls);
	return rc;
}

/* ---- ranks ---- */

enum { RANK_KEY, RANK_LENGTH_DATE, RANK_ID, RANK_TEXT, RANK_WORDS_DOC, RANK_PLACE, RANK_DIGEST, RANK_GRAMS, RANK_WORDS };

/* The records to be ranked, and the captures that are left out before. */
struct ranking {
	struct sorter *ranks;
	uint64_t url[2];
	int more;
};

/* 1: document number doc is a capture that is left out; 0: it is not. Documents come in order. */
static int out_by_url(struct solve *s, struct ranking *r, uint64_t doc, struct err *e)
{
	while (r->more > 0 && r->url[0] < doc)
		r->more = sorter_next(s->urls, r->url, e);
	if (r->more < 0)
		return r->more;
	return r->more && r->url[0] == doc && r->url[1] >> 24;
}

static int add_rank(struct solve *s, const struct sign_head *h, uint64_t doc, size_t file, uint64_t offset, void *arg, struct err *e)
{
	struct ranking *r = arg;
	int rc = out_by_url(s, r, doc, e);
	if (rc)
		return rc < 0 ? rc : 0;
	/* datatrove leaves texts without shingles alone: each is equal to itself only. */
	bool alone = s->conf->sign.scheme == SIGN_DATATROVE && !h->shingles;
	uint64_t prefer = h->prefer > SOLVE_LOW(24) ? SOLVE_LOW(24) : h->prefer;
	uint64_t record[RANK_WORDS] = {
		[RANK_KEY] = prefer << 40 | keep_key(h, s->conf->keep),
		[RANK_LENGTH_DATE] = length_key(h->length) << 40 | date_key(h->date),
		[RANK_ID] = h->id,
		[RANK_TEXT] = alone ? (doc + 1) * 0x9E3779B97F4A7C15u : h->text,
		[RANK_WORDS_DOC] = words_and(h, doc),
		[RANK_PLACE] = (uint64_t)file << 40 | offset,
		[RANK_DIGEST] = h->digest,
		[RANK_GRAMS] = (uint64_t)h->grams << 32 | h->shingles,
	};
	return sorter_add(r->ranks, record, e);
}

static int start_urls(struct solve *s, struct ranking *r, struct err *e)
{
	if (!s->urls)
		return 0;
	int rc = sorter_rewind(s->urls, e);
	if (!rc)
		r->more = rc = sorter_next(s->urls, r->url, e);
	return rc < 0 ? rc : 0;
}

/* In the order of ranks: note where each set lies, and hand on what equal texts are found by. */
static int number(struct solve *s, struct sorter *ranks, struct sorter *texts, struct err *e)
{
	uint64_t r[RANK_WORDS], rank = s->old;
	int rc;
	while ((rc = sorter_next(ranks, r, e)) > 0) {
		uint64_t doc = r[RANK_WORDS_DOC] & SOLVE_LOW(SOLVE_RANK_BITS), words = r[RANK_WORDS_DOC] >> SOLVE_RANK_BITS;
		rc = place_add(s->places, r[RANK_PLACE] >> 40, r[RANK_PLACE] & SOLVE_LOW(40), (uint32_t)(r[RANK_GRAMS] >> 32), e);
		if (!rc)
			rc = sorter_add(texts, (uint64_t[]){r[RANK_TEXT], words << SOLVE_RANK_BITS | rank, doc | (uint64_t)((uint32_t)r[RANK_GRAMS] != 0) << 63, r[RANK_ID], r[RANK_DIGEST]}, e);
		if (rc)
			return rc;
		rank++;
	}
	s->ranks = rank;
	return rc < 0 ? rc : place_ready(s->places, e);
}

/* ---- equal texts ---- */

static int group_texts(struct solve *s, struct sorter *texts, struct err *e)
{
	uint64_t r[INDEX_TEXT_WORDS], text = 0, words = 0, rep = 0, digest = 0;
	bool any = false;
	int rc;
	while ((rc = sorter_next(texts, r, e)) > 0) {
		uint64_t rank = r[INDEX_TEXT_RANK] & SOLVE_LOW(SOLVE_RANK_BITS), w = r[INDEX_TEXT_RANK] >> SOLVE_RANK_BITS;
		uint64_t doc = r[INDEX_TEXT_DOC] & SOLVE_LOW(SOLVE_RANK_BITS), kind = VERDICT_EXACT;
		if (!any || r[INDEX_TEXT] != text || w != words) {
			text = r[INDEX_TEXT];
			words = w;
			rep = rank;
			digest = r[INDEX_TEXT_DIGEST];
			any = true;
			kind = VERDICT_KEEP;
			s->report->representatives++;
			if (rank >= s->old && r[INDEX_TEXT_DOC] >> 63)
				rc = sorter_add(s->reps, (uint64_t[]){doc, rank}, e);
		} else if (digest && r[INDEX_TEXT_DIGEST] == digest) {
			kind = VERDICT_CAPTURE;
		}
		if (rank < s->old)
			doc = SOLVE_NO_DOCUMENT;
		if (rc > 0)
			rc = 0;
		rc = rc ? rc : sorter_add(s->members, (uint64_t[]){rep, kind << 56 | doc, r[INDEX_TEXT_ID]}, e);
		if (rc)
			return rc;
	}
	return rc;
}

int rank_documents(struct solve *s, struct err *e)
{
	const struct solve_conf *c = s->conf;
	struct ranking r = {0};
	struct sorter *texts = sorter_new(INDEX_TEXT_WORDS, c->memory / 4, c->folder, "texts");
	r.ranks = sorter_new(RANK_WORDS, c->memory / 2, c->folder, "ranks");
	s->reps = sorter_new(2, c->memory / 8, c->folder, "representatives");
	s->members = sorter_new(3, c->memory / 8, c->folder, "members");
	int rc = rank_count(s, e);
	rc = rc ? rc : rank_urls(s, e);
	if (!rc && c->index)
		rc = index_places(c->index, s->places, s->n_paths, e);
	rc = rc ? rc : start_urls(s, &r, e);
	rc = rc ? rc : all_heads(s, add_rank, &r, e);
	rc = rc ? rc : sorter_sort(r.ranks, e);
	rc = rc ? rc : number(s, r.ranks, texts, e);
	s->report->documents = s->first[s->n_paths];
	s->report->scratch += sorter_written(r.ranks);
	sorter_free(r.ranks);
	if (!rc && c->index)
		rc = index_join_texts(c->index, texts, e);
	rc = rc ? rc : sorter_sort(texts, e);
	rc = rc ? rc : group_texts(s, texts, e);
	s->report->scratch += sorter_written(texts);
	sorter_free(texts);
	rc = rc ? rc : sorter_sort(s->reps, e);
	return rc ? rc : sorter_sort(s->members, e);
}
