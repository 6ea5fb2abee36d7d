#include "cli/vtab.h"

#include "cli/regroup.h"
#include "core/buf.h"
#include "core/doc.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>

enum { CONDS_MAX = 16, LOOK_UPS = 32 /* values of a column that Bloom filters are asked for */ };

struct table {
	sqlite3_vtab base;
	struct corpus *c;
};

/* A value that a column is compared with. */
struct value {
	int type; /* SQLITE_INTEGER, SQLITE_FLOAT, SQLITE_TEXT; anything else: not tested here */
	double real;
	int64_t whole;
	struct str text;
};

struct cond {
	unsigned column;
	int op; /* SQLITE_INDEX_CONSTRAINT_* */
	struct value *values;
	unsigned n; /* more than one: IN */
};

struct cursor {
	sqlite3_vtab_cursor base;
	struct corpus *c;
	struct cond conds[CONDS_MAX];
	unsigned n_conds;
	struct arena *a; /* the conditions' values */
	unsigned group;
	uint64_t first;  /* rows before this group */
	uint32_t *rows;  /* those that pass, of this group */
	uint32_t n_rows, at, cap;
	struct parquet_chunk *chunks;
	unsigned *loaded; /* group + 1 of each chunk; 0 = none */
	struct regroup *regrouped; /* GROUP BY: all rows that pass, in order; at and n_rows are its */
};

/* ---- the table ---- */

static void declare(const struct corpus *c, struct buf *b)
{
	static const char *const type[] = {[PARQUET_BOOL] = "INTEGER", [PARQUET_I32] = "INTEGER", [PARQUET_I64] = "INTEGER",
					   [PARQUET_F32] = "REAL",     [PARQUET_STR] = "TEXT",	  [PARQUET_TIME] = "TEXT"};
	buf_z(b, "CREATE TABLE x(");
	for (unsigned i = 0; i < corpus_columns(c); i++) {
		const struct parquet_column *k = corpus_column(c, i);
		buf_z(b, i ? ",\"" : "\"");
		for (const char *p = k->name; *p; p++) {
			if (*p == '"')
				buf_byte(b, '"');
			buf_byte(b, *p);
		}
		buf_printf(b, "\" %s", type[k->kind]);
	}
	buf_add(b, ")", 2);
}

static int connect(sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **out, char **error)
{
	struct buf b;
	(void)argc, (void)argv, (void)error;
	buf_init(&b, BUF_NO_MAX);
	declare(aux, &b);
	int rc = sqlite3_declare_vtab(db, b.p);
	buf_free(&b);
	if (rc != SQLITE_OK)
		return rc;
	struct table *t = own_zalloc(sizeof(*t));
	t->c = aux;
	*out = &t->base;
	return SQLITE_OK;
}

static int disconnect(sqlite3_vtab *v)
{
	free(v);
	return SQLITE_OK;
}

/* ---- which conditions are handed down: "COLUMN OP;" each in idxStr ---- */

static bool can_test(int op)
{
	switch (op) {
	case SQLITE_INDEX_CONSTRAINT_EQ:
	case SQLITE_INDEX_CONSTRAINT_GT:
	case SQLITE_INDEX_CONSTRAINT_GE:
	case SQLITE_INDEX_CONSTRAINT_LT:
	case SQLITE_INDEX_CONSTRAINT_LE:
	case SQLITE_INDEX_CONSTRAINT_NE:
	case SQLITE_INDEX_CONSTRAINT_ISNULL:
	case SQLITE_INDEX_CONSTRAINT_ISNOTNULL:
		return true;
	default:
		return false;
	}
}

/* GROUP BY or DISTINCT over columns: rows can come in their order ("GCOLUMN," or "GCOLUMN-," each, first in idxStr). Equal keys being
 * neighbours is not enough: an ORDER BY of the same columns is taken as fulfilled with it. */
static void plan_groups(const struct table *t, sqlite3_index_info *info, struct buf *plan)
{
	int why = sqlite3_vtab_distinct(info);
	if ((why != 1 && why != 2) || info->nOrderBy < 1 || info->nOrderBy > KEYRING_COLUMNS || corpus_rows(t->c) > REGROUP_ROWS_MAX)
		return;
	for (int i = 0; i < info->nOrderBy; i++)
		if (info->aOrderBy[i].iColumn < 0)
			return;
	for (int i = 0; i < info->nOrderBy; i++)
		buf_printf(plan, "G%d%s,", info->aOrderBy[i].iColumn, info->aOrderBy[i].desc ? "-" : "");
	info->orderByConsumed = 1;
}

static int best_index(sqlite3_vtab *v, sqlite3_index_info *info)
{
	const struct table *t = (const struct table *)v;
	double rows = (double)corpus_rows(t->c) + 1;
	struct buf plan;
	unsigned n = 0;
	buf_init(&plan, BUF_NO_MAX);
	plan_groups(t, info, &plan);
	for (int i = 0; i < info->nConstraint && n < CONDS_MAX; i++) {
		const struct sqlite3_index_constraint *x = &info->aConstraint[i];
		if (!x->usable || x->iColumn < 0 || !can_test(x->op) || strcmp(sqlite3_vtab_collation(info, i), "BINARY") != 0)
			continue;
		bool in = x->op == SQLITE_INDEX_CONSTRAINT_EQ && sqlite3_vtab_in(info, i, -1);
		if (in)
			sqlite3_vtab_in(info, i, 1);
		info->aConstraintUsage[i].argvIndex = (int)++n;
		buf_printf(&plan, "%d %d %d;", x->iColumn, x->op, in);
		rows *= x->op == SQLITE_INDEX_CONSTRAINT_EQ ? 0.1 : 0.4;
	}
	buf_byte(&plan, 0);
	info->idxStr = sqlite3_mprintf("%s", plan.p);
	info->needToFreeIdxStr = 1;
	info->estimatedRows = (sqlite3_int64)rows + 1;
	info->estimatedCost = (double)corpus_rows(t->c) * 0.1 + rows + 1;
	buf_free(&plan);
	return info->idxStr ? SQLITE_OK : SQLITE_NOMEM;
}

/* ---- tests ---- */

static bool holds(int op, int c)
{
	switch (op) {
	case SQLITE_INDEX_CONSTRAINT_EQ:
		return c == 0;
	case SQLITE_INDEX_CONSTRAINT_GT:
		return c > 0;
	case SQLITE_INDEX_CONSTRAINT_GE:
		return c >= 0;
	case SQLITE_INDEX_CONSTRAINT_LT:
		return c < 0;
	case SQLITE_INDEX_CONSTRAINT_LE:
		return c <= 0;
	default:
		return c != 0;
	}
}

static int cmp_real(double a, double b)
{
	return (a > b) - (a < b);
}

static int cmp_int(int64_t a, const struct value *v)
{
	return v->type == SQLITE_INTEGER ? (a > v->whole) - (a < v->whole) : cmp_real((double)a, v->real);
}

/* Is the value of a kind that can be compared with the column's here? Where not, SQLite decides alone. */
static bool comparable(enum parquet_kind kind, const struct value *v)
{
	if (kind == PARQUET_STR || kind == PARQUET_TIME)
		return v->type == SQLITE_TEXT;
	return v->type == SQLITE_INTEGER || v->type == SQLITE_FLOAT;
}

static bool all_comparable(enum parquet_kind kind, const struct cond *q)
{
	for (unsigned i = 0; i < q->n; i++)
		if (!comparable(kind, &q->values[i]))
			return false;
	return true;
}

static int cmp_at(const struct parquet_chunk *k, uint32_t at, const struct value *v)
{
	char text[24];
	switch (k->kind) {
	case PARQUET_STR:
		return str_cmp(k->strs[at], v->text);
	case PARQUET_F32:
		return cmp_real(corpus_real(k->reals[at]), v->real);
	case PARQUET_TIME:
		return str_cmp(str_of(doc_date_print((int64_t)floor((double)k->ints[at] / 1000), text)), v->text);
	default:
		return cmp_int(k->ints[at], v);
	}
}

static bool passes(const struct cond *q, const struct parquet_chunk *k, uint32_t at)
{
	for (unsigned i = 0; i < q->n; i++)
		if (holds(q->op, cmp_at(k, at, &q->values[i])))
			return true;
	return false;
}

/* Can a value between low and high hold against v? */
static bool may_hold(int op, int low, int high)
{
	switch (op) {
	case SQLITE_INDEX_CONSTRAINT_EQ:
		return low <= 0 && high >= 0;
	case SQLITE_INDEX_CONSTRAINT_GT:
		return high > 0;
	case SQLITE_INDEX_CONSTRAINT_GE:
		return high >= 0;
	case SQLITE_INDEX_CONSTRAINT_LT:
		return low < 0;
	case SQLITE_INDEX_CONSTRAINT_LE:
		return low <= 0;
	default:
		return low != 0 || high != 0;
	}
}

/* The chunk's bounds compared with a value, as cmp_at would. */
static bool range_may(enum parquet_kind kind, const struct parquet_range *x, int op, const struct value *v)
{
	char low[24], high[24];
	switch (kind) {
	case PARQUET_STR:
		return may_hold(op, str_cmp(x->min_str, v->text), str_cmp(x->max_str, v->text));
	case PARQUET_F32:
		return may_hold(op, cmp_real(corpus_real(x->min_real), v->real), cmp_real(corpus_real(x->max_real), v->real));
	case PARQUET_TIME:
		doc_date_print((int64_t)floor((double)x->min_int / 1000), low);
		doc_date_print((int64_t)floor((double)x->max_int / 1000), high);
		return !low[0] || !high[0] || may_hold(op, str_cmp(str_of(low), v->text), str_cmp(str_of(high), v->text));
	default:
		return may_hold(op, cmp_int(x->min_int, v), cmp_int(x->max_int, v));
	}
}

static bool group_may(const struct cursor *x, const struct cond *q)
{
	struct parquet_range r = corpus_range(x->c, x->group, q->column);
	enum parquet_kind kind = corpus_column(x->c, q->column)->kind;
	if (r.all_null)
		return q->op == SQLITE_INDEX_CONSTRAINT_ISNULL;
	if (!q->n || !all_comparable(kind, q))
		return true;
	bool filtered = kind == PARQUET_STR && q->op == SQLITE_INDEX_CONSTRAINT_EQ && q->n <= LOOK_UPS;
	for (unsigned i = 0; i < q->n; i++)
		if ((!r.known || range_may(kind, &r, q->op, &q->values[i])) && (!filtered || corpus_may(x->c, x->group, q->column, q->values[i].text)))
			return true;
	return false;
}

/* ---- rows ---- */

static int refuse(struct cursor *x, const struct err *e)
{
	char text[1100];
	sqlite3_free(x->base.pVtab->zErrMsg);
	x->base.pVtab->zErrMsg = sqlite3_mprintf("%s", err_text(e, text, sizeof(text)));
	return SQLITE_ERROR;
}

static int load(struct cursor *x, unsigned column)
{
	struct err e = {0};
	if (x->loaded[column] == x->group + 1)
		return SQLITE_OK;
	x->loaded[column] = 0;
	if (corpus_chunk(x->c, x->group, column, &x->chunks[column], &e))
		return refuse(x, &e);
	x->loaded[column] = x->group + 1;
	return SQLITE_OK;
}

/* Keep of rows those that pass. */
static void narrow(struct cursor *x, const struct cond *q)
{
	const struct parquet_chunk *k = &x->chunks[q->column];
	bool null_test = q->op == SQLITE_INDEX_CONSTRAINT_ISNULL || q->op == SQLITE_INDEX_CONSTRAINT_ISNOTNULL;
	uint32_t n = 0;
	unsigned char *entry = NULL;
	if (!null_test && !all_comparable(k->kind, q))
		return;
	if (k->dict) {
		entry = own_zalloc(k->n_dict + 1);
		for (uint32_t i = 0; i < k->n_dict; i++)
			entry[i] = null_test ? q->op == SQLITE_INDEX_CONSTRAINT_ISNOTNULL : passes(q, k, i);
		entry[k->n_dict] = q->op == SQLITE_INDEX_CONSTRAINT_ISNULL;
	}
	for (uint32_t i = 0; i < x->n_rows; i++) {
		uint32_t r = x->rows[i];
		bool null = parquet_in_null(k, r), pass;
		if (entry)
			pass = entry[k->codes[r]];
		else if (null_test)
			pass = null == (q->op == SQLITE_INDEX_CONSTRAINT_ISNULL);
		else
			pass = !null && passes(q, k, r);
		x->rows[n] = r;
		n += pass;
	}
	x->n_rows = n;
	free(entry);
}

static int enter_group(struct cursor *x)
{
	uint32_t n = corpus_group_rows(x->c, x->group);
	x->n_rows = x->at = 0;
	for (unsigned i = 0; i < x->n_conds; i++)
		if (!group_may(x, &x->conds[i]))
			return SQLITE_OK;
	if (n > x->cap) {
		x->rows = own_grow(x->rows, n * sizeof(*x->rows));
		x->cap = n;
	}
	for (uint32_t i = 0; i < n; i++)
		x->rows[i] = i;
	x->n_rows = n;
	for (unsigned i = 0; i < x->n_conds && x->n_rows; i++) {
		int rc = load(x, x->conds[i].column);
		if (rc != SQLITE_OK)
			return rc;
		narrow(x, &x->conds[i]);
	}
	return SQLITE_OK;
}

/* From the group at hand on, the first that has a row that passes. */
static int settle(struct cursor *x)
{
	while (x->group < corpus_groups(x->c)) {
		int rc = enter_group(x);
		if (rc != SQLITE_OK || x->n_rows)
			return rc;
		x->first += corpus_group_rows(x->c, x->group++);
	}
	return SQLITE_OK;
}

static int cursor_open(sqlite3_vtab *v, sqlite3_vtab_cursor **out)
{
	struct cursor *x = own_zalloc(sizeof(*x));
	x->c = ((struct table *)v)->c;
	x->a = arena_new(4096);
	x->chunks = own_zalloc((corpus_columns(x->c) + 1) * sizeof(*x->chunks));
	x->loaded = own_zalloc((corpus_columns(x->c) + 1) * sizeof(*x->loaded));
	*out = &x->base;
	return SQLITE_OK;
}

static int cursor_close(sqlite3_vtab_cursor *p)
{
	struct cursor *x = (struct cursor *)p;
	for (unsigned i = 0; i < corpus_columns(x->c); i++)
		parquet_in_release(&x->chunks[i]);
	regroup_free(x->regrouped);
	free(x->chunks);
	free(x->loaded);
	free(x->rows);
	arena_free(x->a);
	free(x);
	return SQLITE_OK;
}

static struct value value_of(struct cursor *x, sqlite3_value *s)
{
	struct value v = {.type = sqlite3_value_type(s)};
	if (v.type == SQLITE_TEXT) {
		const char *p = (const char *)sqlite3_value_text(s);
		v.text = arena_str(x->a, (struct str){p, (size_t)sqlite3_value_bytes(s)});
	} else {
		v.real = sqlite3_value_double(s);
		v.whole = sqlite3_value_int64(s);
	}
	return v;
}

static void read_values(struct cursor *x, struct cond *q, sqlite3_value *arg, bool in)
{
	sqlite3_value *item;
	unsigned cap = 4;
	q->n = 0;
	q->values = ARENA_ARRAY(x->a, struct value, cap);
	if (!in) {
		q->values[q->n++] = value_of(x, arg);
		return;
	}
	for (int rc = sqlite3_vtab_in_first(arg, &item); rc == SQLITE_OK && item; rc = sqlite3_vtab_in_next(arg, &item)) {
		if (q->n == cap) {
			q->values = arena_grow(x->a, q->values, cap * sizeof(struct value), 2 * cap * sizeof(struct value));
			cap *= 2;
		}
		q->values[q->n] = value_of(x, item);
		if (q->values[q->n].type != SQLITE_NULL)
			q->n++;
	}
}

/* Every row that passes, in the order of its keys. */
static int gather(struct cursor *x, const unsigned *columns, const bool *down, unsigned n)
{
	struct err e = {0};
	int rc = SQLITE_OK;
	x->regrouped = regroup_new(x->c, columns, down, n);
	for (; rc == SQLITE_OK && x->group < corpus_groups(x->c); x->group++) {
		rc = enter_group(x);
		if (rc == SQLITE_OK && regroup_add(x->regrouped, x->group, x->rows, x->n_rows, &e))
			rc = refuse(x, &e);
	}
	regroup_seal(x->regrouped);
	x->at = 0;
	x->n_rows = regroup_count(x->regrouped);
	return rc;
}

static int cursor_filter(sqlite3_vtab_cursor *p, int number, const char *plan, int argc, sqlite3_value **argv)
{
	struct cursor *x = (struct cursor *)p;
	(void)number;
	unsigned columns[KEYRING_COLUMNS], n_columns = 0;
	bool down[KEYRING_COLUMNS];
	arena_reset(x->a, 4096);
	x->n_conds = 0;
	x->regrouped = regroup_free(x->regrouped);
	while (*plan == 'G' && n_columns < KEYRING_COLUMNS) {
		char *end;
		columns[n_columns] = (unsigned)strtoul(plan + 1, &end, 10);
		down[n_columns++] = *end == '-';
		plan = strchr(plan, ',') + 1;
	}
	for (int i = 0; i < argc; i++) {
		struct cond *q = &x->conds[x->n_conds++];
		int in = 0, used = 0;
		if (sscanf(plan, "%u %d %d;%n", &q->column, &q->op, &in, &used) != 3)
			return SQLITE_INTERNAL;
		plan += used;
		read_values(x, q, argv[i], in);
	}
	x->group = 0;
	x->first = 0;
	return n_columns ? gather(x, columns, down, n_columns) : settle(x);
}

static int cursor_next(sqlite3_vtab_cursor *p)
{
	struct cursor *x = (struct cursor *)p;
	if (++x->at < x->n_rows || x->regrouped)
		return SQLITE_OK;
	x->first += corpus_group_rows(x->c, x->group++);
	return settle(x);
}

static int cursor_eof(sqlite3_vtab_cursor *p)
{
	const struct cursor *x = (const struct cursor *)p;
	return x->regrouped ? x->at >= x->n_rows : x->group >= corpus_groups(x->c);
}

static int cursor_rowid(sqlite3_vtab_cursor *p, sqlite3_int64 *out)
{
	const struct cursor *x = (const struct cursor *)p;
	*out = (sqlite3_int64)(x->regrouped ? regroup_row(x->regrouped, x->at) : x->first + x->rows[x->at]);
	return SQLITE_OK;
}

static void give(sqlite3_context *ctx, const struct keyring_value *v)
{
	char text[24];
	if (v->null)
		sqlite3_result_null(ctx);
	else if (v->kind == PARQUET_STR)
		sqlite3_result_text64(ctx, v->text.p, v->text.n, SQLITE_TRANSIENT, SQLITE_UTF8);
	else if (v->kind == PARQUET_F32)
		sqlite3_result_double(ctx, corpus_real((float)v->real));
	else if (v->kind == PARQUET_TIME)
		sqlite3_result_text(ctx, doc_date_print(v->whole, text), -1, SQLITE_TRANSIENT);
	else
		sqlite3_result_int64(ctx, v->whole);
}

static int cursor_column(sqlite3_vtab_cursor *p, sqlite3_context *ctx, int column)
{
	struct cursor *x = (struct cursor *)p;
	struct keyring_value v = {0};
	if (x->regrouped) {
		struct err e = {0};
		if (regroup_value(x->regrouped, (unsigned)column, x->at, &v, &e))
			return refuse(x, &e);
		give(ctx, &v);
		return SQLITE_OK;
	}
	int rc = load(x, (unsigned)column);
	if (rc != SQLITE_OK)
		return rc;
	const struct parquet_chunk *k = &x->chunks[column];
	uint32_t r = x->rows[x->at], at = parquet_in_at(k, r);
	v.null = parquet_in_null(k, r);
	v.kind = k->kind;
	if (!v.null && k->kind == PARQUET_STR)
		v.text = k->strs[at];
	else if (!v.null && k->kind == PARQUET_F32)
		v.real = (double)k->reals[at];
	else if (!v.null)
		v.whole = k->kind == PARQUET_TIME ? (int64_t)floor((double)k->ints[at] / 1000) : k->ints[at];
	give(ctx, &v);
	return SQLITE_OK;
}

static const sqlite3_module vtab_module = {
	.iVersion = 0,
	.xCreate = connect,
	.xConnect = connect,
	.xBestIndex = best_index,
	.xDisconnect = disconnect,
	.xDestroy = disconnect,
	.xOpen = cursor_open,
	.xClose = cursor_close,
	.xFilter = cursor_filter,
	.xNext = cursor_next,
	.xEof = cursor_eof,
	.xColumn = cursor_column,
	.xRowid = cursor_rowid,
};

bool vtab_register(struct sqlite3 *db, struct corpus *c)
{
	return sqlite3_create_module_v2(db, "corpus", &vtab_module, c, NULL) == SQLITE_OK;
}
