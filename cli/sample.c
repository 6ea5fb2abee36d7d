#include "cli/sample.h"

#include "cli/group.h"
#include "core/json.h"
#include "core/jsonl.h"
#include "core/zin.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

/* A pick: which row of the corpus. */
struct pick {
	uint64_t hash;
	unsigned group;
	uint32_t row;
};

struct class {
	struct pick picks[SAMPLE_OF_EACH]; /* lowest hash first */
	unsigned n;
};

static void offer(struct class *k, struct pick p)
{
	if (k->n == SAMPLE_OF_EACH && p.hash >= k->picks[k->n - 1].hash)
		return;
	unsigned i = k->n < SAMPLE_OF_EACH ? k->n++ : SAMPLE_OF_EACH - 1;
	for (; i && k->picks[i - 1].hash > p.hash; i--)
		k->picks[i] = k->picks[i - 1];
	k->picks[i] = p;
}

/* ---- the classes: kept, and the reasons with most captures ---- */

static int find_sets(struct corpus *c, struct samples *out, struct err *e)
{
	struct group_ask ask = {.n_by = 1};
	struct group_result r;
	int rc = corpus_want(c, STR("reason"), &ask.by[0], e);
	if (!rc)
		rc = group_count(c, &ask, &r, e);
	if (rc)
		return rc;
	group_sort(&r, 1, false);
	out->n = 1;
	for (size_t i = 0; i < r.n; i++)
		if (r.rows[i].key[0].null)
			out->sets[0].captures = r.rows[i].captures;
		else if (out->n <= SAMPLE_REASONS)
			out->sets[out->n++] = (struct sample_set){.reason = arena_str(out->a, r.rows[i].key[0].text), .captures = r.rows[i].captures};
	group_free(&r);
	return 0;
}

static int set_of(const struct samples *s, const struct parquet_chunk *reason, uint32_t row)
{
	if (parquet_in_null(reason, row))
		return 0;
	struct str name = reason->strs[parquet_in_at(reason, row)];
	for (unsigned i = 1; i < s->n; i++)
		if (str_eq(s->sets[i].reason, name))
			return (int)i;
	return -1;
}

static int draw(struct corpus *c, const struct samples *s, struct class *classes, struct err *e)
{
	struct parquet_chunk id = {0}, reason = {0};
	unsigned id_at, reason_at;
	int rc = corpus_want(c, STR("id"), &id_at, e);
	if (!rc)
		rc = corpus_want(c, STR("reason"), &reason_at, e);
	for (unsigned g = 0; !rc && g < corpus_groups(c); g++) {
		rc = corpus_chunk(c, g, id_at, &id, e);
		if (!rc)
			rc = corpus_chunk(c, g, reason_at, &reason, e);
		for (uint32_t r = 0; !rc && r < id.rows; r++) {
			int at = parquet_in_null(&id, r) ? -1 : set_of(s, &reason, r);
			if (at < 0)
				continue;
			struct str v = id.strs[parquet_in_at(&id, r)];
			offer(&classes[at], (struct pick){XXH3_64bits(v.p, v.n), g, r});
		}
	}
	parquet_in_release(&id);
	parquet_in_release(&reason);
	return rc;
}

/* ---- what meta knows of them ---- */

static void take_value(struct doc *d, const struct doc_field_info *f, const struct parquet_chunk *k, uint32_t row, struct arena *a)
{
	char *to = (char *)d + f->at;
	uint32_t at = parquet_in_at(k, row);
	switch (f->type) {
	case DOC_T_STR:
		*(struct str *)to = arena_str(a, k->strs[at]);
		break;
	case DOC_T_PATH:
		d->at.file = arena_str(a, k->strs[at]).p;
		break;
	case DOC_T_DATE:
		d->date = k->ints[at] / 1000;
		break;
	case DOC_T_U32:
		*(uint32_t *)to = (uint32_t)k->ints[at];
		break;
	case DOC_T_U64:
		*(uint64_t *)to = (uint64_t)k->ints[at];
		break;
	case DOC_T_F32:
		*(float *)to = k->reals[at];
		break;
	default:
		break;
	}
}

/* kind that take_value expects of a field's column */
static bool fits(const struct doc_field_info *f, enum parquet_kind k)
{
	switch (f->type) {
	case DOC_T_STR:
	case DOC_T_PATH:
		return k == PARQUET_STR;
	case DOC_T_DATE:
		return k == PARQUET_TIME;
	case DOC_T_F32:
		return k == PARQUET_F32;
	case DOC_T_U32:
	case DOC_T_U64:
		return k == PARQUET_I64 || k == PARQUET_I32;
	default:
		return false;
	}
}

static void take_column(struct samples *out, const struct class *classes, unsigned g, const struct doc_field_info *f, const char *signal, const struct parquet_chunk *k)
{
	for (unsigned s = 0; s < out->n; s++)
		for (unsigned i = 0; i < classes[s].n; i++) {
			const struct pick *p = &classes[s].picks[i];
			struct doc *d = &out->sets[s].samples[i].doc;
			if (p->group != g || parquet_in_null(k, p->row))
				continue;
			if (f)
				take_value(d, f, k, p->row, out->a);
			else
				doc_signal(d, out->a, signal, k->reals[parquet_in_at(k, p->row)]);
		}
}

static bool group_wanted(const struct samples *s, const struct class *classes, unsigned g)
{
	for (unsigned i = 0; i < s->n; i++)
		for (unsigned k = 0; k < classes[i].n; k++)
			if (classes[i].picks[k].group == g)
				return true;
	return false;
}

static const struct doc_field_info *field_named(const char *name)
{
	for (int f = 0; f < DOC_STORED; f++)
		if (f != DOC_TEXT && strcmp(doc_fields[f].key, name) == 0)
			return &doc_fields[f];
	return NULL;
}

static int read_meta(struct corpus *c, struct samples *out, const struct class *classes, struct err *e)
{
	struct parquet_chunk k = {0};
	int rc = 0;
	for (unsigned g = 0; !rc && g < corpus_groups(c); g++) {
		if (!group_wanted(out, classes, g))
			continue;
		for (unsigned i = 0; !rc && i < corpus_columns(c); i++) {
			const struct parquet_column *x = corpus_column(c, i);
			const struct doc_field_info *f = field_named(x->name);
			bool signal = strncmp(x->name, "signals_", 8) == 0 && x->kind == PARQUET_F32;
			if (!signal && (!f || !fits(f, x->kind)))
				continue;
			rc = corpus_chunk(c, g, i, &k, e);
			if (!rc)
				take_column(out, classes, g, f, arena_str(out->a, str_of(x->name + (signal ? 8 : 0))).p, &k);
		}
	}
	parquet_in_release(&k);
	return rc;
}

/* ---- their texts ---- */

struct wanted {
	struct str id; /* as JSON has it, with quotes */
	struct sample *sample;
};

static int by_id(const void *a, const void *b)
{
	return str_cmp(((const struct wanted *)a)->id, ((const struct wanted *)b)->id);
}

struct search {
	struct wanted *all;
	size_t n, found;
	struct arena *a, *line; /* of the samples; of one line */
};

/* The id as JSON has it. Our own lines begin with it; those of others are read through. */
static struct str line_id(struct search *x, struct str line)
{
	static const char head[] = "{\"id\":\"";
	struct doc d;
	struct buf b;
	if (str_starts(line, STR(head))) {
		const char *end = memchr(line.p + sizeof(head) - 1, '"', line.n - sizeof(head) + 1);
		return end ? str_range(line.p + sizeof(head) - 2, end + 1) : (struct str){0};
	}
	arena_reset(x->line, JSONL_LINE_MAX);
	doc_init(&d);
	if (jsonl_parse(&d, line, x->line, true, NULL))
		return (struct str){0};
	buf_init(&b, BUF_NO_MAX);
	json_put_string(&b, d.id);
	struct str id = arena_str(x->line, buf_view(&b));
	buf_free(&b);
	return id;
}

static void take_line(struct search *x, struct str line)
{
	struct doc d;
	struct wanted key = {.id = line_id(x, line)}, *w = bsearch(&key, x->all, x->n, sizeof(key), by_id);
	if (!w || w->sample->has_text)
		return;
	doc_init(&d);
	if (jsonl_parse(&d, arena_str(x->a, line), x->a, true, NULL))
		return;
	x->found++;
	w->sample->doc = d;
	w->sample->has_text = d.text.n != 0;
}

static int search_file(struct search *x, const char *path, struct err *e)
{
	_cleanup_(zin_freep) struct zin *z = NULL;
	struct str line;
	int rc = zin_open(&z, path, e);
	while (!rc && x->found < x->n && (rc = zin_line(z, JSONL_LINE_MAX, &line, e)) > 0) {
		take_line(x, line);
		rc = 0;
	}
	return rc;
}

static int is_lines(const struct dirent *d)
{
	return d->d_name[0] != '.' && strstr(d->d_name, ".jsonl");
}

static int search_folder(struct search *x, const char *dir, const char *below, struct err *e)
{
	char path[8192];
	struct dirent **found = NULL;
	snprintf(path, sizeof(path), "%s/%s", dir, below);
	int n = scandir(path, &found, is_lines, alphasort), rc = 0;
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s/%s", dir, below, found[i]->d_name);
		if (!rc)
			rc = search_file(x, path, e);
		free(found[i]);
	}
	if (n >= 0)
		free(found);
	return rc;
}

static int read_texts(struct corpus *c, struct samples *s, struct err *e)
{
	struct search x = {.a = s->a, .line = arena_new(0)};
	const char *dir = corpus_folder(c), *path;
	struct buf b;
	int rc = 0;
	buf_init(&b, BUF_NO_MAX);
	x.all = ARENA_ARRAY(s->a, struct wanted, (SAMPLE_REASONS + 1) * SAMPLE_OF_EACH);
	for (unsigned i = 0; i < s->n; i++)
		for (unsigned k = 0; k < s->sets[i].n; k++) {
			buf_clear(&b);
			json_put_string(&b, s->sets[i].samples[k].doc.id);
			x.all[x.n++] = (struct wanted){arena_str(s->a, buf_view(&b)), &s->sets[i].samples[k]};
		}
	buf_free(&b);
	qsort(x.all, x.n, sizeof(*x.all), by_id);
	if (dir)
		rc = search_folder(&x, dir, "docs", e);
	if (!rc && dir)
		rc = search_folder(&x, dir, "rejects", e);
	for (unsigned i = 0; !rc && (path = corpus_lines(c, i)); i++)
		rc = search_file(&x, path, e);
	arena_free(x.line);
	return rc;
}

/* ---- of copies, the one that stays ---- */

static void note_mate(struct samples *s, int64_t cluster, struct str url, int64_t date)
{
	char text[24];
	for (unsigned i = 1; i < s->n; i++)
		for (unsigned k = 0; str_starts(s->sets[i].reason, STR("dedup.")) && k < s->sets[i].n; k++) {
			struct sample *x = &s->sets[i].samples[k];
			if (x->mate_url.p || !x->doc.minhash_cluster_size || (int64_t)x->doc.minhash_cluster_id != cluster)
				continue;
			x->mate_url = arena_str(s->a, url);
			x->mate_date = arena_str(s->a, str_of(doc_date_print(date, text)));
		}
}

static bool clusters_wanted(const struct samples *s, int64_t cluster)
{
	for (unsigned i = 1; i < s->n; i++)
		for (unsigned k = 0; str_starts(s->sets[i].reason, STR("dedup.")) && k < s->sets[i].n; k++)
			if (s->sets[i].samples[k].doc.minhash_cluster_size && (int64_t)s->sets[i].samples[k].doc.minhash_cluster_id == cluster)
				return true;
	return false;
}

static int find_mates(struct corpus *c, struct samples *s, struct err *e)
{
	static const char *const names[4] = {"minhash_cluster_id", "kept", "url", "date"};
	static const enum parquet_kind kinds[4] = {PARQUET_I64, PARQUET_BOOL, PARQUET_STR, PARQUET_TIME};
	struct parquet_chunk k[4] = {0};
	int at[4], rc = 0;
	bool any = false;
	for (unsigned i = 1; i < s->n; i++)
		any |= str_starts(s->sets[i].reason, STR("dedup."));
	for (int i = 0; i < 4; i++) {
		at[i] = corpus_find(c, str_of(names[i]));
		any = any && at[i] >= 0 && corpus_column(c, (unsigned)at[i])->kind == kinds[i];
	}
	for (unsigned g = 0; any && !rc && g < corpus_groups(c); g++) {
		bool loaded = false;
		for (int i = 0; !rc && i < 2; i++)
			rc = corpus_chunk(c, g, (unsigned)at[i], &k[i], e);
		for (uint32_t r = 0; !rc && r < k[0].rows; r++) {
			if (parquet_in_null(&k[0], r) || parquet_in_null(&k[1], r) || !k[1].ints[parquet_in_at(&k[1], r)])
				continue;
			int64_t cluster = k[0].ints[parquet_in_at(&k[0], r)];
			if (!clusters_wanted(s, cluster))
				continue;
			for (int i = 2; !loaded && !rc && i < 4; i++)
				rc = corpus_chunk(c, g, (unsigned)at[i], &k[i], e);
			loaded = true;
			if (!rc && !parquet_in_null(&k[2], r))
				note_mate(s, cluster, k[2].strs[parquet_in_at(&k[2], r)], parquet_in_null(&k[3], r) ? DATE_NONE : k[3].ints[parquet_in_at(&k[3], r)] / 1000);
		}
	}
	for (int i = 0; i < 4; i++)
		parquet_in_release(&k[i]);
	return rc;
}

int sample_pick(struct corpus *c, struct samples *out, struct err *e)
{
	struct class *classes = own_zalloc((SAMPLE_REASONS + 1) * sizeof(*classes));
	*out = (struct samples){.a = arena_new(0)};
	int rc = find_sets(c, out, e);
	if (!rc)
		rc = draw(c, out, classes, e);
	for (unsigned s = 0; !rc && s < out->n; s++) {
		out->sets[s].n = classes[s].n;
		out->sets[s].samples = arena_zalloc(out->a, (classes[s].n + 1) * sizeof(struct sample));
		for (unsigned i = 0; i < classes[s].n; i++)
			doc_init(&out->sets[s].samples[i].doc);
	}
	if (!rc)
		rc = read_meta(c, out, classes, e);
	if (!rc)
		rc = find_mates(c, out, e);
	if (!rc)
		rc = read_texts(c, out, e);
	free(classes);
	if (rc)
		sample_free(out);
	return rc;
}

void sample_free(struct samples *s)
{
	s->a = arena_free(s->a);
}
