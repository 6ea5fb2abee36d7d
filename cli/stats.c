#include "cli/stats.h"

#include "cli/answer.h"
#include "cli/ask.h"
#include "cli/command.h"
#include "cli/group.h"
#include "cli/spread.h"
#include "core/json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

struct stats_conf {
	const char *by, *where, *histogram;
	uint64_t top;
	unsigned sort;
	double step;
};

enum { SORT_AUTO, SORT_COUNT, SORT_KEY };
static const char *const sort_names[] = {"auto", "count", "key", NULL};

static const struct opt stats_opts[] = {
	{OPT_TEXT, 0, "by", "COLUMN,...", "counts for each value of these columns (up to 4)", offsetof(struct stats_conf, by)},
	{OPT_TEXT, 0, "histogram", "COLUMN,...", "spread and histogram of the numbers in these columns", offsetof(struct stats_conf, histogram)},
	{OPT_TEXT, 0, "where", "SQL", "only captures for which this condition is true", offsetof(struct stats_conf, where)},
	{OPT_UINT, 0, "top", "N", "the N largest groups, and the others together (0: all)", offsetof(struct stats_conf, top), .def = 0},
	{OPT_CHOICE, 0, "sort", "ORDER", "groups by count or by key (auto: numbers by key, names by count)", offsetof(struct stats_conf, sort), .choices = sort_names},
	{OPT_REAL, 0, "step", "X", "width of the groups of a column of real numbers", offsetof(struct stats_conf, step), .def = 0.1, .lo = 1e-6, .hi = 1e9},
	{0},
};

struct stats {
	const struct stats_conf *conf;
	enum table_format format;
	struct corpus *c;
	uint64_t *only;
	unsigned sums[3], n_sums; /* characters, words, tokens: those that there are */
	const char *sum_names[3];
	struct buf *out;
};

static void find_sums(struct stats *s)
{
	static const char *const names[][2] = {{"characters", "characters"}, {"words", "words"}, {"token_count", "tokens"}};
	for (int i = 0; i < 3; i++) {
		int at = corpus_find(s->c, str_of(names[i][0]));
		enum parquet_kind k = at < 0 ? PARQUET_STR : corpus_column(s->c, (unsigned)at)->kind;
		if (k != PARQUET_I64 && k != PARQUET_I32)
			continue;
		s->sums[s->n_sums] = (unsigned)at;
		s->sum_names[s->n_sums++] = names[i][1];
	}
}

static void fill_ask(const struct stats *s, struct group_ask *ask)
{
	memcpy(ask->sums, s->sums, sizeof(s->sums));
	ask->n_sums = s->n_sums;
	ask->only = s->only;
	ask->step = s->conf->step;
}

static int totals(struct stats *s, struct group_row *out, struct err *e)
{
	struct group_ask ask = {0};
	struct group_result r;
	fill_ask(s, &ask);
	int rc = group_count(s->c, &ask, &r, e);
	if (rc)
		return rc;
	*out = r.rows[0];
	group_free(&r);
	return 0;
}

static void print_totals(struct stats *s, const struct group_row *all)
{
	struct buf *o = s->out;
	if (s->format == TABLE_JSON) {
		buf_printf(o, "{\"captures\":%" PRIu64 ",\"documents\":%" PRIu64, all->captures, all->documents);
		for (unsigned i = 0; i < s->n_sums; i++)
			buf_printf(o, ",\"%s\":%" PRId64, s->sum_names[i], all->sums[i]);
		return;
	}
	const char *names[] = {"what", "number", "share"};
	struct table *t = table_new(names, 3);
	table_grouped(t, s->format == TABLE_TEXT);
	table_str(t, STR("captures"));
	table_int(t, (int64_t)all->captures);
	table_null(t);
	table_str(t, STR("documents"));
	table_int(t, (int64_t)all->documents);
	table_share(t, (double)all->documents, (double)all->captures);
	for (unsigned i = 0; i < s->n_sums; i++) {
		table_str(t, str_of(s->sum_names[i]));
		table_int(t, all->sums[i]);
		table_null(t);
	}
	table_print(t, s->format, o);
	table_free(t);
}

/* A blank line, or the next member of the object. */
static void put_section(struct stats *s, const char *name)
{
	if (s->format == TABLE_JSON)
		buf_printf(s->out, ",\n\"%s\":", name);
	else if (s->out->n)
		buf_byte(s->out, '\n');
}

static void put_table(struct stats *s, const char *name, struct table *t)
{
	put_section(s, name);
	table_grouped(t, s->format == TABLE_TEXT);
	if (s->format == TABLE_JSON)
		table_json(t, s->out);
	else
		table_print(t, s->format, s->out);
	table_free(t);
}

/* ---- groups ---- */

static int read_columns(const struct stats *s, const char *list, unsigned *out, unsigned *n, unsigned max, struct err *e)
{
	struct str rest = str_of(list);
	for (*n = 0; rest.n;) {
		struct str name = str_trim(str_cut(rest, ',', &rest));
		if (*n == max)
			return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "at most %u columns at once", max);
		int rc = corpus_want(s->c, name, &out[*n], e);
		if (rc)
			return rc;
		++*n;
	}
	return 0;
}

static void put_key(const struct stats *s, struct table *t, unsigned column, const struct group_key *k)
{
	enum parquet_kind kind = corpus_column(s->c, column)->kind;
	bool kept = s->format == TABLE_TEXT && strcmp(corpus_column(s->c, column)->name, "reason") == 0;
	if (k->null && kept)
		table_str(t, STR("(kept)"));
	else if (k->null)
		table_null(t);
	else if (kind == PARQUET_I32 || kind == PARQUET_I64)
		table_key(t, (int64_t)k->value);
	else if (kind == PARQUET_F32)
		table_real(t, k->value);
	else
		table_str(t, k->text);
}

static void put_counts(const struct stats *s, struct table *t, const struct group_row *g, const struct group_row *all)
{
	table_int(t, (int64_t)g->captures);
	table_share(t, (double)g->captures, (double)all->captures);
	table_int(t, (int64_t)g->documents);
	for (unsigned i = 0; i < s->n_sums; i++)
		table_int(t, g->sums[i]);
}

static void put_others(const struct stats *s, struct table *t, const struct group_result *r, size_t from, unsigned n_by, const struct group_row *all)
{
	struct group_row sum = {0};
	for (size_t i = from; i < r->n; i++) {
		sum.captures += r->rows[i].captures;
		sum.documents += r->rows[i].documents;
		for (unsigned k = 0; k < s->n_sums; k++)
			sum.sums[k] += r->rows[i].sums[k];
	}
	for (unsigned k = 0; k < n_by; k++)
		if (k)
			table_null(t);
		else
			table_str(t, STR("(others)"));
	put_counts(s, t, &sum, all);
}

static struct table *group_table(const struct stats *s, const struct group_ask *ask)
{
	const char *names[GROUP_BY_MAX + 3 + GROUP_SUMS_MAX];
	unsigned n = 0;
	for (unsigned i = 0; i < ask->n_by; i++)
		names[n++] = corpus_column(s->c, ask->by[i])->name;
	names[n++] = "captures";
	names[n++] = "share";
	names[n++] = "documents";
	for (unsigned i = 0; i < s->n_sums; i++)
		names[n++] = s->sum_names[i];
	return table_new(names, n);
}

static int put_groups(struct stats *s, const struct group_ask *ask, size_t top, unsigned sort, const char *name, const struct group_row *all, struct err *e)
{
	struct group_result r;
	int rc = group_count(s->c, ask, &r, e);
	if (rc)
		return rc;
	bool by_key = sort == SORT_KEY || (sort == SORT_AUTO && corpus_column(s->c, ask->by[0])->kind != PARQUET_STR);
	/* The largest ones are what --top is about; they are shown in the order that was asked for. */
	size_t shown = top && top < r.n ? top : r.n;
	group_sort(&r, ask->n_by, shown == r.n && by_key);
	struct group_result head = {r.rows, shown, NULL};
	if (shown < r.n && by_key)
		group_sort(&head, ask->n_by, true);
	struct table *t = group_table(s, ask);
	for (size_t i = 0; i < shown; i++) {
		for (unsigned k = 0; k < ask->n_by; k++)
			put_key(s, t, ask->by[k], &r.rows[i].key[k]);
		put_counts(s, t, &r.rows[i], all);
	}
	if (shown < r.n)
		put_others(s, t, &r, shown, ask->n_by, all);
	put_table(s, name, t);
	group_free(&r);
	return 0;
}

static int by_columns(struct stats *s, const struct group_row *all, struct err *e)
{
	struct group_ask ask = {0};
	int rc = read_columns(s, s->conf->by, ask.by, &ask.n_by, GROUP_BY_MAX, e);
	fill_ask(s, &ask);
	return rc ? rc : put_groups(s, &ask, s->conf->top, s->conf->sort, "groups", all, e);
}

static int by_reason(struct stats *s, const struct group_row *all, struct err *e)
{
	struct group_ask ask = {.n_by = 1};
	int at = corpus_find(s->c, STR("reason"));
	if (at < 0 || !all->captures)
		return 0;
	ask.by[0] = (unsigned)at;
	fill_ask(s, &ask);
	return put_groups(s, &ask, 0, SORT_COUNT, "reasons", all, e);
}

/* ---- spreads ---- */

/* Bounds and percentiles are values of the column. */
static double tidy(double v)
{
	return (double)(float)v == v ? corpus_real((float)v) : v;
}

static void put_spread(struct table *t, const char *column, const struct spread *x)
{
	table_str(t, str_of(column));
	table_int(t, (int64_t)x->n);
	double none = x->n ? 0 : (double)NAN;
	table_real(t, x->n ? x->sum / (double)x->n : none);
	table_real(t, tidy(x->min) + none);
	for (int i = 0; i < 5; i++)
		table_real(t, tidy(x->p[i]) + none);
	table_real(t, tidy(x->max) + none);
}

static int spreads(struct stats *s, const unsigned *columns, unsigned n, struct err *e)
{
	static const char *const names[] = {"column", "number", "mean", "min", "5%", "25%", "median", "75%", "95%", "max"};
	struct table *t = table_new(names, sizeof(names) / sizeof(*names));
	int rc = 0;
	for (unsigned i = 0; !rc && i < n; i++) {
		struct spread x;
		rc = spread_of(s->c, columns[i], s->only, -1, 0, 0, &x, e);
		if (!rc)
			put_spread(t, corpus_column(s->c, columns[i])->name, &x);
	}
	if (rc)
		table_free(t);
	else
		put_table(s, "spread", t);
	return rc;
}

static int main_spreads(struct stats *s, struct err *e)
{
	static const char *const names[] = {"characters", "words", "token_count", "language_score", "variety_score", "minhash_cluster_size"};
	unsigned columns[sizeof(names) / sizeof(*names)], n = 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		int at = corpus_find(s->c, str_of(names[i]));
		if (at >= 0 && corpus_column(s->c, (unsigned)at)->kind != PARQUET_STR)
			columns[n++] = (unsigned)at;
	}
	return n ? spreads(s, columns, n, e) : 0;
}

/* Bars of a text table: eighths of a character, 30 wide. */
static void put_bar(struct table *t, uint64_t n, uint64_t most)
{
	static const char *const part[] = {"", "\u258F", "\u258E", "\u258D", "\u258C", "\u258B", "\u258A", "\u2589"};
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	unsigned eighths = most ? (unsigned)((n * 240 + most - 1) / most) : 0;
	for (unsigned i = 0; i < eighths / 8; i++)
		buf_z(&b, "\u2588");
	buf_z(&b, part[eighths % 8]);
	table_str(t, buf_view(&b));
	buf_free(&b);
}

static int put_histogram(struct stats *s, unsigned column, struct err *e)
{
	static const char *const names[] = {"from", "to", "captures", "histogram"};
	struct spread x;
	uint64_t most = 0;
	int rc = spread_of(s->c, column, s->only, -1, 0, 0, &x, e);
	if (rc)
		return rc;
	struct table *t = table_new(names, s->format == TABLE_TEXT ? 4 : 3);
	for (int i = 0; i < SPREAD_BINS; i++)
		most = x.bins[i] > most ? x.bins[i] : most;
	for (int i = 0; x.n && i < SPREAD_BINS; i++) {
		double width = (x.high - x.low) / SPREAD_BINS;
		table_real(t, x.low + width * i);
		table_real(t, x.low + width * (i + 1));
		table_int(t, (int64_t)x.bins[i]);
		if (s->format == TABLE_TEXT)
			put_bar(t, x.bins[i], most);
	}
	char name[300];
	snprintf(name, sizeof(name), "histogram_%s", corpus_column(s->c, column)->name);
	put_table(s, name, t);
	return 0;
}

static int histograms(struct stats *s, struct err *e)
{
	unsigned columns[32], n;
	int rc = read_columns(s, s->conf->histogram, columns, &n, 32, e);
	if (!rc)
		rc = spreads(s, columns, n, e);
	for (unsigned i = 0; !rc && i < n; i++)
		rc = put_histogram(s, columns[i], e);
	return rc;
}

/* ---- all of it ---- */

static int answer(struct stats *s, struct err *e)
{
	struct group_row all;
	const struct stats_conf *f = s->conf;
	int rc = f->where ? ask_where(s->c, f->where, &s->only, e) : 0;
	if (rc)
		return rc;
	find_sums(s);
	rc = totals(s, &all, e);
	if (rc)
		return rc;
	/* CSV holds one table: the one that was asked for. */
	if (s->format == TABLE_JSON || !(f->by || f->histogram))
		print_totals(s, &all);
	if (f->by)
		rc = by_columns(s, &all, e);
	if (!rc && f->histogram)
		rc = histograms(s, e);
	if (!rc && !f->by && !f->histogram && s->format != TABLE_CSV) {
		rc = by_reason(s, &all, e);
		if (!rc)
			rc = main_spreads(s, e);
	}
	if (s->format == TABLE_JSON)
		buf_z(s->out, "}\n");
	return rc;
}

int cmd_stats(int argc, char **argv)
{
	struct common_conf common;
	struct answer_conf answers;
	struct stats_conf conf;
	struct opt_set sets[] = {{"common", common_opts, &common}, {"stats", stats_opts, &conf}, {"output", answer_opts, &answers}};
	struct err e = {0};
	const char **paths = NULL;
	size_t n = 0;
	int n_args = 0, status = common_parse(argv[0], sets, 3, argc, argv, &n_args);
	if (status >= 0)
		return status;
	struct buf out;
	buf_init(&out, BUF_NO_MAX);
	struct stats s = {.conf = &conf, .format = answer_format(&answers), .out = &out};
	int rc = common_paths(argv + 1, n_args, &paths, &n, &e);
	if (!rc)
		rc = corpus_open(&s.c, paths, n, &e);
	if (!rc)
		rc = answer(&s, &e);
	status = rc ? common_fail(&e) : answer_end(&common, &out);
	corpus_free(s.c);
	free(s.only);
	free(paths);
	buf_free(&out);
	return status;
}
