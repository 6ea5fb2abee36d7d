#define _GNU_SOURCE
#include "cli/hosts.h"

#include "cli/keyring.h"
#include "core/doc.h"

#include <sqlite3.h>
#include <stdio.h>

enum { KEPT, TOKENS, CHARACTERS, DATE, COLUMNS };
static const char *const names[COLUMNS] = {"kept", "token_count", "characters", "date"};
static const enum parquet_kind kinds[COLUMNS] = {PARQUET_BOOL, PARQUET_I64, PARQUET_I64, PARQUET_TIME};
static const char declaration[] = "CREATE TABLE x(host TEXT, captures INTEGER, documents INTEGER, tokens INTEGER, characters INTEGER, first TEXT, last TEXT)";

/* Sums of what is not known are null. */
struct sum {
	bool any;
	int64_t n;
};

struct host {
	uint64_t captures, documents;
	struct sum tokens, characters;
	int64_t first, last; /* milliseconds; DATE_NONE = none */
};

struct table {
	sqlite3_vtab base;
	struct corpus *c;
	bool counted;
	struct keyring *keys;
	struct host *hosts;
	uint32_t *order; /* by name, null first */
	size_t n;
};

struct cursor {
	sqlite3_vtab_cursor base;
	size_t at;
};

/* ---- counting ---- */

static int64_t whole(const struct parquet_chunk *k, uint32_t row, bool *known)
{
	*known = !parquet_in_null(k, row);
	return *known ? k->ints[parquet_in_at(k, row)] : 0;
}

static void add(struct sum *s, const struct parquet_chunk *k, uint32_t row)
{
	bool known;
	int64_t v = whole(k, row, &known);
	s->n += v;
	s->any |= known;
}

/* Dates that have no four-digit year are shown as none. */
static void date(struct host *h, const struct parquet_chunk *k, uint32_t row)
{
	bool known;
	int64_t v = whole(k, row, &known);
	if (!known || v < -62167219200000 || v > 253402300799999)
		return;
	if (h->first == DATE_NONE || v < h->first)
		h->first = v;
	if (h->last == DATE_NONE || v > h->last)
		h->last = v;
}

static void add_rows(struct table *t, const struct parquet_chunk *k, const uint32_t *ids, uint32_t rows)
{
	bool known;
	for (uint32_t r = 0; r < rows; r++) {
		struct host *h = &t->hosts[ids[r]];
		h->captures++;
		date(h, &k[DATE], r);
		if (!whole(&k[KEPT], r, &known))
			continue;
		h->documents++;
		add(&h->tokens, &k[TOKENS], r);
		add(&h->characters, &k[CHARACTERS], r);
	}
}

static void room(struct table *t, size_t *cap)
{
	size_t n = keyring_count(t->keys);
	if (n > *cap) {
		t->hosts = own_grow(t->hosts, 2 * n * sizeof(*t->hosts));
		for (size_t i = *cap; i < 2 * n; i++)
			t->hosts[i] = (struct host){.first = DATE_NONE, .last = DATE_NONE};
		*cap = 2 * n;
	}
	t->n = n;
}

static int by_name(const void *a, const void *b, void *arg)
{
	const struct table *t = arg;
	struct keyring_value x = keyring_value(t->keys, *(const uint32_t *)a, 0), y = keyring_value(t->keys, *(const uint32_t *)b, 0);
	return x.null || y.null ? y.null - x.null : str_cmp(x.text, y.text);
}

static void sort(struct table *t)
{
	t->order = own_alloc((t->n + 1) * sizeof(*t->order));
	for (uint32_t i = 0; i < t->n; i++)
		t->order[i] = i;
	qsort_r(t->order, t->n, sizeof(*t->order), by_name, t);
}

static int count(struct table *t, struct err *e)
{
	struct parquet_chunk k[COLUMNS] = {0};
	unsigned host = (unsigned)corpus_find(t->c, STR("host"));
	const uint32_t *ids;
	size_t cap = 0;
	int rc = 0;
	t->keys = keyring_new(t->c, &host, 1, 0);
	for (unsigned g = 0; !rc && g < corpus_groups(t->c); g++) {
		rc = keyring_rows(t->keys, g, &ids, e);
		for (int i = 0; !rc && i < COLUMNS; i++)
			rc = corpus_chunk(t->c, g, (unsigned)corpus_find(t->c, str_of(names[i])), &k[i], e);
		if (rc)
			break;
		room(t, &cap);
		add_rows(t, k, ids, corpus_group_rows(t->c, g));
	}
	for (int i = 0; i < COLUMNS; i++)
		parquet_in_release(&k[i]);
	if (!rc)
		sort(t);
	t->counted = !rc;
	return rc;
}

/* ---- the table ---- */

static int connect(sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **out, char **error)
{
	(void)argc, (void)argv, (void)error;
	int rc = sqlite3_declare_vtab(db, declaration);
	if (rc != SQLITE_OK)
		return rc;
	struct table *t = own_zalloc(sizeof(*t));
	t->c = aux;
	*out = &t->base;
	return SQLITE_OK;
}

static void forget(struct table *t)
{
	keyring_free(t->keys);
	free(t->hosts);
	free(t->order);
	t->keys = NULL;
	t->hosts = NULL;
	t->order = NULL;
	t->n = 0;
}

static int disconnect(sqlite3_vtab *v)
{
	forget((struct table *)v);
	free(v);
	return SQLITE_OK;
}

static int best_index(sqlite3_vtab *v, sqlite3_index_info *info)
{
	double rows = (double)corpus_rows(((struct table *)v)->c);
	info->estimatedCost = rows;
	info->estimatedRows = (sqlite3_int64)(rows / 10) + 1;
	/* They come by name. */
	info->orderByConsumed = info->nOrderBy == 1 && info->aOrderBy[0].iColumn == 0 && !info->aOrderBy[0].desc;
	return SQLITE_OK;
}

static int cursor_open(sqlite3_vtab *v, sqlite3_vtab_cursor **out)
{
	struct cursor *x = own_zalloc(sizeof(*x));
	(void)v;
	*out = &x->base;
	return SQLITE_OK;
}

static int cursor_close(sqlite3_vtab_cursor *p)
{
	free(p);
	return SQLITE_OK;
}

static int cursor_filter(sqlite3_vtab_cursor *p, int number, const char *plan, int argc, sqlite3_value **argv)
{
	struct cursor *x = (struct cursor *)p;
	struct table *t = (struct table *)p->pVtab;
	struct err e = {0};
	char text[1100];
	(void)number, (void)plan, (void)argc, (void)argv;
	x->at = 0;
	if (t->counted || !count(t, &e))
		return SQLITE_OK;
	forget(t);
	sqlite3_free(t->base.zErrMsg);
	t->base.zErrMsg = sqlite3_mprintf("%s", err_text(&e, text, sizeof(text)));
	return SQLITE_ERROR;
}

static int cursor_next(sqlite3_vtab_cursor *p)
{
	((struct cursor *)p)->at++;
	return SQLITE_OK;
}

static int cursor_eof(sqlite3_vtab_cursor *p)
{
	return ((struct cursor *)p)->at >= ((struct table *)p->pVtab)->n;
}

static int cursor_rowid(sqlite3_vtab_cursor *p, sqlite3_int64 *out)
{
	*out = (sqlite3_int64)((struct cursor *)p)->at;
	return SQLITE_OK;
}

static void give_sum(sqlite3_context *ctx, const struct sum *s)
{
	if (s->any)
		sqlite3_result_int64(ctx, s->n);
}

static void give_date(sqlite3_context *ctx, int64_t v)
{
	char text[24];
	if (v == DATE_NONE)
		return;
	int64_t seconds = v / 1000 - (v % 1000 < 0);
	sqlite3_result_text(ctx, doc_date_print(seconds, text), -1, SQLITE_TRANSIENT);
}

static int cursor_column(sqlite3_vtab_cursor *p, sqlite3_context *ctx, int column)
{
	const struct table *t = (const struct table *)p->pVtab;
	uint32_t id = t->order[((struct cursor *)p)->at];
	const struct host *h = &t->hosts[id];
	struct keyring_value v;
	switch (column) {
	case 0:
		v = keyring_value(t->keys, id, 0);
		if (!v.null)
			sqlite3_result_text64(ctx, v.text.p, v.text.n, SQLITE_TRANSIENT, SQLITE_UTF8);
		break;
	case 1:
		sqlite3_result_int64(ctx, (sqlite3_int64)h->captures);
		break;
	case 2:
		sqlite3_result_int64(ctx, (sqlite3_int64)h->documents);
		break;
	case 3:
		give_sum(ctx, &h->tokens);
		break;
	case 4:
		give_sum(ctx, &h->characters);
		break;
	default:
		give_date(ctx, column == 5 ? h->first : h->last);
	}
	return SQLITE_OK;
}

static const sqlite3_module hosts_module = {
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

bool hosts_register(struct sqlite3 *db, struct corpus *c)
{
	return sqlite3_create_module_v2(db, "hosts", &hosts_module, c, NULL) == SQLITE_OK;
}

bool hosts_can(const struct corpus *c)
{
	int host = corpus_find(c, STR("host"));
	if (host < 0 || corpus_column(c, (unsigned)host)->kind != PARQUET_STR)
		return false;
	for (int i = 0; i < COLUMNS; i++) {
		int at = corpus_find(c, str_of(names[i]));
		if (at < 0 || corpus_column(c, (unsigned)at)->kind != kinds[i])
			return false;
	}
	return true;
}
