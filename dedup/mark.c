#include "dedup/mark.h"

#include "core/json.h"
#include "dedup/cut.h"
#include "dedup/verdict.h"
#include "dedup/weights.h"

#include <inttypes.h>

enum { WHY_CAPTURE, WHY_EXACT, WHY_NEAR, WHY_URL, WHY_AGAINST, WHY_REPEATED };
const struct why mark_why[] = {
	[WHY_CAPTURE] = {"dedup.capture", "the same bytes as a document that stays"},
	[WHY_EXACT] = {"dedup.exact", "the same words as a document that stays"},
	[WHY_NEAR] = {"dedup.near", "nearly the same words as a document that stays"},
	[WHY_URL] = {"dedup.url", "another capture of its URL stays"},
	[WHY_AGAINST] = {"dedup.against", "a copy of a document of the index"},
	[WHY_REPEATED] = {"dedup.repeated", "nothing but lines and passages that other documents have"},
	{0},
};
static const int why_of[VERDICT_KINDS] = {
	[VERDICT_NONE] = -1, [VERDICT_KEEP] = -1, [VERDICT_CAPTURE] = WHY_CAPTURE, [VERDICT_EXACT] = WHY_EXACT, [VERDICT_NEAR] = WHY_NEAR,
	[VERDICT_URL] = WHY_URL, [VERDICT_AGAINST] = WHY_AGAINST,
};
static const char url_captures[] = "url_captures", cut_words[] = "cut_words", cluster_weight[] = "cluster_weight";
const char *const mark_signals[] = {url_captures, cut_words, cluster_weight, NULL};

struct mark {
	struct verdict_in *verdicts;
	struct cut_in *cuts;
	struct index *against;
	struct weights weights;
	uint64_t cut_documents, cut_words;
};

int mark_open(struct mark **out, const char *verdicts, const char *cuts, const char *weights, struct index *against, struct err *e)
{
	struct mark *m = own_zalloc(sizeof(*m));
	m->against = against;
	int rc = weights_parse(&m->weights, weights, e);
	rc = rc ? rc : verdict_open(&m->verdicts, verdicts, e);
	if (!rc && cuts)
		rc = cut_open(&m->cuts, cuts, e);
	if (rc)
		mark_free(m);
	else
		*out = m;
	return rc;
}

struct mark *mark_free(struct mark *m)
{
	if (!m)
		return NULL;
	verdict_in_free(m->verdicts);
	cut_in_free(m->cuts);
	free(m);
	return NULL;
}

int mark_range(const struct mark *m, size_t first, size_t n, uint64_t *from, uint64_t *to, struct err *e)
{
	size_t units = verdict_units(m->verdicts);
	if (first > units || n > units - first)
		return err_at(e, ERR_DATA, (struct where){NULL, WHERE_NONE}, "verdicts on %zu units, not on %zu: the work folder does not fit together", units, first + n);
	*from = verdict_first(m->verdicts, first);
	*to = verdict_first(m->verdicts, first + n);
	return 0;
}

static int name_match(struct mark *m, struct doc *d, struct arena *a, uint64_t place, struct err *e)
{
	struct buf b;
	struct str id, file;
	int rc = index_name(m->against, place, a, &id, &file, e);
	if (rc)
		return rc;
	buf_init(&b, BUF_NO_MAX);
	buf_str(&b, d->extra);
	buf_z(&b, ",\"duplicate_of\":");
	json_put_string(&b, id);
	buf_z(&b, ",\"duplicate_file\":");
	json_put_string(&b, file);
	d->extra = arena_str(a, buf_view(&b));
	buf_free(&b);
	return 0;
}

static int cut(struct mark *m, uint64_t number, struct doc *d, struct arena *a, struct err *e)
{
	const struct cut *v;
	size_t n;
	uint32_t words;
	int rc = cut_get(m->cuts, number, &v, &n, e);
	if (rc || !n)
		return rc;
	d->text = cut_text(d->text, v, n, a, &words);
	doc_signal(d, a, cut_words, (float)words);
	m->cut_documents++;
	m->cut_words += words;
	if (!d->text.n)
		doc_drop(d, &mark_why[WHY_REPEATED]);
	return 0;
}

int mark_document(struct mark *m, uint64_t number, struct doc *d, struct arena *a, struct err *e)
{
	struct verdict v;
	int rc = verdict_get(m->verdicts, number, &v, e);
	if (rc || v.kind == VERDICT_NONE)
		return rc;
	if (v.kind == VERDICT_AGAINST && m->against)
		rc = name_match(m, d, a, v.cluster, e);
	else
		d->minhash_cluster_id = v.cluster;
	d->minhash_cluster_size = v.size;
	if (v.captures)
		doc_signal(d, a, url_captures, (float)v.captures);
	if (m->weights.n && v.kind == VERDICT_KEEP)
		doc_signal(d, a, cluster_weight, weights_of(&m->weights, v.size));
	if (why_of[v.kind] >= 0)
		doc_drop(d, &mark_why[why_of[v.kind]]);
	else if (!rc && m->cuts)
		rc = cut(m, number, d, a, e);
	return rc;
}

uint64_t mark_cut_documents(const struct mark *m)
{
	return m->cut_documents;
}

uint64_t mark_cut_words(const struct mark *m)
{
	return m->cut_words;
}
