/* Documents are compared by id: (hash of the id, verdict, tokens) of every capture of both, sorted and merged; 24 bytes a capture. */
#include "cli/diff.h"

#include "cli/answer.h"
#include "cli/command.h"
#include "cli/corpus.h"
#include "cli/past.h"
#include "core/json.h"

#include <stdio.h>
#include <xxhash.h>

struct diff_conf {
	uint64_t list;
};

static const struct opt diff_opts[] = {
	{OPT_UINT, 0, "list", "N", "show up to N documents gained and N lost", offsetof(struct diff_conf, list), .def = 0, .hi = 1e6},
	{0},
};

enum { REASONS_MAX = 256, KEPT = 0, ABSENT = 1 };

struct entry {
	uint64_t id;
	uint32_t reason; /* KEPT, or 2 + number of its name */
	uint32_t tokens;
	uint64_t row;
};

struct names {
	struct str v[REASONS_MAX];
	uint64_t count[2][REASONS_MAX]; /* captures of each side: [KEPT], [2 + number] */
	unsigned n;
	struct arena *a;
};

struct side {
	struct corpus *c;
	struct past past;
	struct entry *entries;
	size_t n;
	uint64_t tokens, documents;
};

/* ---- reading a side ---- */

static uint32_t reason_number(struct names *s, struct str name)
{
	for (unsigned i = 0; i < s->n; i++)
		if (str_eq(s->v[i], name))
			return i + 2;
	if (s->n == REASONS_MAX - 3)
		return s->n + 1; /* hundreds of reasons: the last stands for the rest */
	s->v[s->n] = arena_str(s->a, name);
	return s->n++ + 2;
}

static int by_entry(const void *pa, const void *pb)
{
	const struct entry *a = pa, *b = pb;
	return a->id != b->id ? (a->id < b->id ? -1 : 1) : a->row < b->row ? -1 : 1;
}

static void take_group(struct side *x, struct names *s, int which, const struct parquet_chunk *id, const struct parquet_chunk *reason, const struct parquet_chunk *tokens)
{
	for (uint32_t r = 0; r < id->rows; r++) {
		struct str v = parquet_in_null(id, r) ? (struct str){"", 0} : id->strs[parquet_in_at(id, r)];
		struct entry *n = &x->entries[x->n];
		*n = (struct entry){.id = XXH3_64bits(v.p, v.n), .row = x->n};
		if (!parquet_in_null(reason, r))
			n->reason = reason_number(s, reason->strs[parquet_in_at(reason, r)]);
		else if (!parquet_in_null(tokens, r))
			n->tokens = (uint32_t)tokens->ints[parquet_in_at(tokens, r)];
		s->count[which][n->reason]++;
		x->documents += n->reason == KEPT;
		x->tokens += n->tokens;
		x->n++;
	}
}

static int read_side(struct side *x, const char *path, struct names *s, int which, struct err *e)
{
	static const char *const names[3] = {"id", "reason", "token_count"};
	struct parquet_chunk k[3] = {0};
	unsigned at[3];
	int rc = corpus_open(&x->c, &path, 1, e);
	if (!rc && (rc = past_read(&x->past, corpus_folder(x->c), e)) > 0)
		rc = 0;
	for (int i = 0; !rc && i < 3; i++)
		rc = corpus_want(x->c, str_of(names[i]), &at[i], e);
	if (!rc)
		x->entries = own_alloc((corpus_rows(x->c) + 1) * sizeof(*x->entries));
	for (unsigned g = 0; !rc && g < corpus_groups(x->c); g++) {
		for (int i = 0; !rc && i < 3; i++)
			rc = corpus_chunk(x->c, g, at[i], &k[i], e);
		if (!rc)
			take_group(x, s, which, &k[0], &k[1], &k[2]);
	}
	for (int i = 0; i < 3; i++)
		parquet_in_release(&k[i]);
	if (!rc && x->n)
		qsort(x->entries, x->n, sizeof(*x->entries), by_entry);
	return rc;
}

static void side_free(struct side *x)
{
	if (x->past.a)
		past_free(&x->past);
	corpus_free(x->c);
	free(x->entries);
}

/* ---- options ---- */

struct setting {
	struct str section, name, value;
};

static size_t settings(const struct past *p, struct setting *out, size_t max)
{
	struct json j = json_of(p->config);
	struct str section, name, value;
	size_t n = 0;
	if (!p->config.n)
		return 0;
	json_object(&j);
	while (json_key(&j, p->a, &section)) {
		if (json_peek(&j) != JSON_OBJECT) {
			json_skip(&j, NULL);
			continue;
		}
		json_object(&j);
		while (json_key(&j, p->a, &name))
			if (json_skip(&j, &value) && n < max)
				out[n++] = (struct setting){section, name, value};
	}
	return n;
}

static struct str setting_of(const struct setting *v, size_t n, const struct setting *like)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(v[i].section, like->section) && str_eq(v[i].name, like->name))
			return v[i].value;
	return (struct str){0};
}

static void put_setting(struct table *t, const struct setting *s, struct str a, struct str b)
{
	char name[128];
	if (str_eq(a, b))
		return;
	snprintf(name, sizeof(name), "%.*s.%.*s", (int)(s->section.n < 50 ? s->section.n : 50), s->section.p, (int)(s->name.n < 70 ? s->name.n : 70), s->name.p);
	table_str(t, str_of(name));
	a.n ? table_str(t, a) : table_null(t);
	b.n ? table_str(t, b) : table_null(t);
}

static struct table *diff_options(const struct side *x)
{
	static const char *const names[] = {"option", "first", "second"};
	enum { MAX = 512 };
	struct setting *v[2];
	size_t n[2];
	struct table *t = table_new(names, 3);
	for (int i = 0; i < 2; i++) {
		v[i] = own_alloc(MAX * sizeof(**v));
		n[i] = settings(&x[i].past, v[i], MAX);
	}
	put_setting(t, &(struct setting){STR("program"), STR("version"), {0}}, x[0].past.version, x[1].past.version);
	put_setting(t, &(struct setting){STR("shard"), STR("tokenizer"), {0}}, x[0].past.tokenizer, x[1].past.tokenizer);
	for (size_t i = 0; i < n[0]; i++)
		put_setting(t, &v[0][i], v[0][i].value, setting_of(v[1], n[1], &v[0][i]));
	for (size_t i = 0; i < n[1]; i++)
		if (!setting_of(v[0], n[0], &v[1][i]).p)
			put_setting(t, &v[1][i], (struct str){0}, v[1][i].value);
	free(v[0]);
	free(v[1]);
	return t;
}

/* ---- counts ---- */

static void put_counts(struct table *t, struct str name, uint64_t a, uint64_t b)
{
	table_str(t, name);
	table_int(t, (int64_t)a);
	table_int(t, (int64_t)b);
	table_int(t, (int64_t)b - (int64_t)a);
}

static struct table *diff_counts(const struct side *x, const struct names *s)
{
	static const char *const names[] = {"what", "first", "second", "change"};
	struct table *t = table_new(names, 4);
	put_counts(t, STR("captures"), x[0].n, x[1].n);
	put_counts(t, STR("documents"), x[0].documents, x[1].documents);
	put_counts(t, STR("tokens"), x[0].tokens, x[1].tokens);
	for (unsigned i = 0; i < s->n; i++)
		put_counts(t, s->v[i], s->count[0][i + 2], s->count[1][i + 2]);
	return t;
}

/* ---- documents ---- */

struct moves {
	uint64_t documents[2][REASONS_MAX], tokens[2][REASONS_MAX]; /* [0] lost, [1] gained: by the reason on the other side */
	struct table *list;
	uint64_t listed[2], max;
};

struct listed {
	uint64_t row;
	int side; /* whose corpus has the document */
	uint32_t reason;
};

static void move(struct moves *m, int side, const struct entry *n, uint32_t reason, struct listed *list, size_t *n_list)
{
	m->documents[side][reason]++;
	m->tokens[side][reason] += n->tokens;
	if (m->listed[side]++ < m->max)
		list[(*n_list)++] = (struct listed){n->row, side, reason};
}

/* Both sides in the order of their ids. A document here that is none there is lost, the other way round gained. */
static size_t merge(const struct side *x, struct moves *m, struct listed *list)
{
	size_t i = 0, k = 0, n = 0;
	const struct entry *a = x[0].entries, *b = x[1].entries;
	while (i < x[0].n || k < x[1].n) {
		bool left = k == x[1].n || (i < x[0].n && a[i].id < b[k].id), right = i == x[0].n || (k < x[1].n && b[k].id < a[i].id);
		if (left) {
			if (a[i].reason == KEPT)
				move(m, 0, &a[i], ABSENT, list, &n);
			i++;
		} else if (right) {
			if (b[k].reason == KEPT)
				move(m, 1, &b[k], ABSENT, list, &n);
			k++;
		} else {
			if (a[i].reason == KEPT && b[k].reason != KEPT)
				move(m, 0, &a[i], b[k].reason, list, &n);
			if (b[k].reason == KEPT && a[i].reason != KEPT)
				move(m, 1, &b[k], a[i].reason, list, &n);
			i++, k++;
		}
	}
	return n;
}

static struct str reason_text(const struct names *s, uint32_t reason)
{
	return reason == ABSENT ? STR("(not captured there)") : s->v[reason - 2];
}

static struct table *diff_documents(const struct moves *m, const struct names *s)
{
	static const char *const names[] = {"documents", "there", "number", "tokens"};
	struct table *t = table_new(names, 4);
	for (int side = 0; side < 2; side++)
		for (uint32_t r = ABSENT; r < s->n + 2; r++)
			if (m->documents[side][r]) {
				table_str(t, side ? STR("gained") : STR("lost"));
				table_str(t, reason_text(s, r));
				table_int(t, (int64_t)m->documents[side][r]);
				table_int(t, (int64_t)m->tokens[side][r]);
			}
	return t;
}

/* id and url of the documents to be shown: one pass over the groups that hold them. */
static int diff_list(const struct side *x, const struct names *s, const struct listed *list, size_t n, struct table **out, struct err *e)
{
	static const char *const names[] = {"document", "there", "id", "url"};
	struct table *t = table_new(names, 4);
	struct parquet_chunk id = {0}, url = {0};
	int rc = 0;
	for (int side = 0; side < 2; side++) {
		uint64_t first = 0;
		int id_at = corpus_find(x[side].c, STR("id")), url_at = corpus_find(x[side].c, STR("url"));
		for (unsigned g = 0; !rc && n && g < corpus_groups(x[side].c); g++) {
			uint32_t rows = corpus_group_rows(x[side].c, g);
			bool loaded = false;
			for (size_t i = 0; !rc && i < n; i++) {
				if (list[i].side != side || list[i].row < first || list[i].row >= first + rows)
					continue;
				if (!loaded)
					rc = corpus_chunk(x[side].c, g, (unsigned)id_at, &id, e);
				if (!loaded && !rc && url_at >= 0)
					rc = corpus_chunk(x[side].c, g, (unsigned)url_at, &url, e);
				loaded = true;
				uint32_t r = (uint32_t)(list[i].row - first);
				if (rc)
					break;
				table_str(t, side ? STR("gained") : STR("lost"));
				table_str(t, reason_text(s, list[i].reason));
				table_str(t, parquet_in_null(&id, r) ? STR("") : id.strs[parquet_in_at(&id, r)]);
				table_str(t, url_at < 0 || parquet_in_null(&url, r) ? STR("") : url.strs[parquet_in_at(&url, r)]);
			}
			first += rows;
		}
	}
	parquet_in_release(&id);
	parquet_in_release(&url);
	*out = t;
	return rc;
}

/* ---- the command ---- */

static void put(struct buf *out, const char *name, struct table *t, enum table_format format)
{
	if (format == TABLE_JSON) {
		buf_printf(out, "%s\"%s\":", out->n > 1 ? ",\n" : "", name);
		table_json(t, out);
	} else if (table_rows(t)) {
		buf_z(out, out->n ? "\n" : "");
		table_grouped(t, format == TABLE_TEXT);
		table_print(t, format, out);
	}
	table_free(t);
}

static int compare(const struct diff_conf *conf, char **paths, enum table_format format, struct buf *out, struct err *e)
{
	struct names *s = own_zalloc(sizeof(*s));
	struct moves *m = own_zalloc(sizeof(*m));
	struct side x[2] = {0};
	struct table *t = NULL;
	int rc = 0;
	s->a = arena_new(4096);
	m->max = conf->list;
	for (int i = 0; !rc && i < 2; i++)
		rc = read_side(&x[i], paths[i], s, i, e);
	if (!rc) {
		struct listed *list = own_alloc((2 * conf->list + 1) * sizeof(*list));
		size_t n = merge(x, m, list);
		buf_z(out, format == TABLE_JSON ? "{" : "");
		put(out, "options", diff_options(x), format);
		put(out, "counts", diff_counts(x, s), format);
		put(out, "documents", diff_documents(m, s), format);
		rc = diff_list(x, s, list, n, &t, e);
		put(out, "list", t, format);
		buf_z(out, format == TABLE_JSON ? "}\n" : "");
		free(list);
	}
	for (int i = 0; i < 2; i++)
		side_free(&x[i]);
	arena_free(s->a);
	free(s);
	free(m);
	return rc;
}

int cmd_diff(int argc, char **argv)
{
	struct common_conf common;
	struct answer_conf answers;
	struct diff_conf conf;
	struct opt_set sets[] = {{"common", common_opts, &common}, {"diff", diff_opts, &conf}, {"output", answer_opts, &answers}};
	struct err e = {0};
	struct buf out;
	int n_args = 0, status = common_parse(argv[0], sets, 3, argc, argv, &n_args);
	if (status >= 0)
		return status;
	buf_init(&out, BUF_NO_MAX);
	int rc = n_args == 2 ? compare(&conf, argv + 1, answer_format(&answers), &out, &e)
			     : err_at(&e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "two corpora are compared: peneira diff DIR DIR");
	status = rc ? common_fail(&e) : answer_end(&common, &out);
	buf_free(&out);
	return status;
}
