#include "cli/life.h"

#include "cli/ask.h"
#include "cli/line.h"
#include "core/json.h"
#include "core/jsonl.h"
#include "core/zin.h"

#include <dirent.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>

static int sql_error(struct sqlite3 *db, struct err *e)
{
	return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "SQL: %s", sqlite3_errmsg(db));
}

/* ---- the row ---- */

static void keep_row(struct life *l, sqlite3_stmt *s)
{
	int n = sqlite3_column_count(s);
	l->fields = ARENA_ARRAY(l->a, struct life_field, n);
	l->row = (uint64_t)sqlite3_column_int64(s, 0);
	for (int i = 1; i < n; i++) {
		if (sqlite3_column_type(s, i) == SQLITE_NULL)
			continue;
		struct str text = {(const char *)sqlite3_column_text(s, i), (size_t)sqlite3_column_bytes(s, i)};
		if (sqlite3_column_type(s, i) == SQLITE_FLOAT)
			text = arena_printf(l->a, "%.6g", sqlite3_column_double(s, i));
		l->fields[l->n_fields++] = (struct life_field){arena_str(l->a, str_of(sqlite3_column_name(s, i))).p, arena_str(l->a, text)};
	}
}

struct str life_get(const struct life *l, const char *name)
{
	for (unsigned i = 0; i < l->n_fields; i++)
		if (strcmp(l->fields[i].name, name) == 0)
			return l->fields[i].text;
	return (struct str){0};
}

/* WARC-Record-IDs are written with and without <>. */
static char *bracketed(const char *id)
{
	size_t n = strlen(id) + 3;
	char *out = own_alloc(n);
	snprintf(out, n, "<%s>", id);
	return out;
}

static int find_row(struct sqlite3 *db, const struct life_ask *ask, unsigned which, struct life *l, unsigned *n, struct err *e)
{
	sqlite3_stmt *s = NULL;
	char *other = ask->id ? bracketed(ask->id) : NULL;
	const char *sql = ask->id ? "SELECT rowid AS row, * FROM captures WHERE id IN (?1, ?2) ORDER BY date"
			  : ask->url ? "SELECT rowid AS row, * FROM captures WHERE url = ?1 ORDER BY date"
			  : ask->file ? "SELECT rowid AS row, * FROM captures WHERE file_offset = ?3 AND file_path LIKE '%' || ?1 ORDER BY date"
				      : "SELECT rowid AS row, * FROM captures WHERE file_offset = ?3 ORDER BY date";
	int rc = sqlite3_prepare_v2(db, sql, -1, &s, NULL) == SQLITE_OK ? 0 : sql_error(db, e), step = SQLITE_DONE;
	if (!rc) {
		sqlite3_bind_text(s, 1, ask->id ? ask->id : ask->url ? ask->url : ask->file, -1, SQLITE_STATIC);
		if (other)
			sqlite3_bind_text(s, 2, other, -1, SQLITE_STATIC);
		sqlite3_bind_int64(s, 3, (sqlite3_int64)ask->offset);
	}
	for (*n = 0; !rc && (step = sqlite3_step(s)) == SQLITE_ROW; ++*n)
		if (*n == which)
			keep_row(l, s);
	if (!rc && step != SQLITE_DONE)
		rc = sql_error(db, e);
	sqlite3_finalize(s);
	free(other);
	return rc ? rc : *n <= which;
}

static struct str column_text(struct arena *a, sqlite3_stmt *s, int i)
{
	const char *p = (const char *)sqlite3_column_text(s, i);
	return p ? arena_str(a, (struct str){p, (size_t)sqlite3_column_bytes(s, i)}) : (struct str){0};
}

static int find_mates(struct sqlite3 *db, struct life *l, struct err *e)
{
	struct str cluster = life_get(l, "minhash_cluster_id"), id = life_get(l, "id");
	sqlite3_stmt *s = NULL;
	uint64_t number;
	if (!str_u64(cluster, &number))
		return 0;
	if (sqlite3_prepare_v2(db, "SELECT id, url, date, reason FROM captures WHERE minhash_cluster_id = ?1 AND id <> ?2 ORDER BY date", -1, &s, NULL) != SQLITE_OK)
		return sql_error(db, e);
	sqlite3_bind_int64(s, 1, (sqlite3_int64)number);
	sqlite3_bind_text(s, 2, id.p, (int)id.n, SQLITE_STATIC);
	l->mates = ARENA_ARRAY(l->a, struct life_mate, LIFE_MATES_MAX);
	int step;
	while ((step = sqlite3_step(s)) == SQLITE_ROW) {
		if (l->n_mates < LIFE_MATES_MAX)
			l->mates[l->n_mates++] = (struct life_mate){column_text(l->a, s, 0), column_text(l->a, s, 1), column_text(l->a, s, 2), column_text(l->a, s, 3)};
		l->all_mates++;
	}
	int rc = step == SQLITE_DONE ? 0 : sql_error(db, e);
	sqlite3_finalize(s);
	return rc;
}

/* ---- lines of files below the folder ---- */

static int is_data(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

/* Each line of a file that holds `needle`; 1 from `what` ends the search. */
static int each_line(const char *path, struct str needle, int (*what)(struct life *, struct str, const char *), struct life *l, struct err *e)
{
	_cleanup_(zin_freep) struct zin *z = NULL;
	const char *slash = strrchr(path, '/');
	struct str line;
	int rc = zin_open(&z, path, e);
	while (!rc && (rc = zin_line(z, JSONL_LINE_MAX, &line, e)) > 0)
		rc = str_find(line, needle) < line.n ? what(l, line, slash ? slash + 1 : path) : 0;
	return rc;
}

/* The same for every file of the folder DIR/below whose name ends so. */
static int each_match(const char *dir, const char *below, const char *ending, struct str needle, int (*what)(struct life *, struct str, const char *),
		      struct life *l, struct err *e)
{
	char folder[4096], path[8192];
	struct dirent **found = NULL;
	snprintf(folder, sizeof(folder), "%s/%s", dir, below);
	int n = scandir(folder, &found, is_data, alphasort), rc = 0;
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, found[i]->d_name);
		if (!rc && str_ends(str_of(found[i]->d_name), str_of(ending)))
			rc = each_line(path, needle, what, l, e);
		free(found[i]);
	}
	if (n >= 0)
		free(found);
	return rc < 0 ? rc : 0;
}

static int take_doc(struct life *l, struct str line, const char *file)
{
	struct doc d;
	(void)file;
	doc_init(&d);
	if (jsonl_parse(&d, arena_str(l->a, line), l->a, true, NULL) || !str_eq(d.id, life_get(l, "id")))
		return 0;
	l->doc = d;
	l->has_doc = true;
	return 1;
}

static int find_places(struct life *l, const char *dir, struct err *e)
{
	char shards[4096];
	snprintf(shards, sizeof(shards), "%s/shards", dir);
	return place_find(shards, life_get(l, "id"), (struct str){0}, l->a, &l->places, e);
}

static int find_lines(struct life *l, struct corpus *c, struct err *e)
{
	struct buf b;
	const char *dir = corpus_folder(c), *path;
	bool kept = str_eq(life_get(l, "kept"), STR("1"));
	struct str line, id = life_get(l, "id");
	int rc = dir ? line_find(c, l->row, id, l->a, &line, e) : 1;
	buf_init(&b, BUF_NO_MAX);
	json_put_string(&b, id);
	if (rc == 0)
		take_doc(l, line, "");
	if (rc > 0 && dir)
		rc = each_match(dir, kept ? "docs" : "rejects", ".jsonl.zst", buf_view(&b), take_doc, l, e);
	if (rc >= 0 && dir && kept)
		rc = find_places(l, dir, e);
	for (unsigned i = 0; rc >= 0 && !l->has_doc && (path = corpus_lines(c, i)); i++)
		rc = each_line(path, buf_view(&b), take_doc, l, e);
	buf_free(&b);
	return rc < 0 ? rc : 0;
}

/* The id of the document that a token of the shards is of. */
static int find_token(struct life *l, struct corpus *c, struct life_ask *ask, struct err *e)
{
	struct place p;
	char shards[4096];
	if (!corpus_folder(c))
		return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "--position is of the shards of a folder that run or shard made");
	snprintf(shards, sizeof(shards), "%s/shards", corpus_folder(c));
	int rc = place_of_token(shards, &ask->token, l->a, &p, e);
	if (!rc && !p.id.p)
		rc = err_at(e, ERR_DATA, (struct where){shards, WHERE_NONE}, "the document of that token was taken out: removed.jsonl says what it was");
	ask->id = p.id.p;
	return rc;
}

int life_find(struct corpus *c, const struct life_ask *asked, unsigned which, struct life *out, unsigned *n, struct err *e)
{
	struct sqlite3 *db = NULL;
	struct life_ask ask = *asked;
	*out = (struct life){.a = arena_new(0)};
	int rc = ask.token.position != UINT64_MAX ? find_token(out, c, &ask, e) : 0;
	if (!rc)
		rc = ask_open(&db, c, e);
	if (!rc)
		rc = find_row(db, &ask, which, out, n, e);
	if (!rc)
		rc = find_mates(db, out, e);
	if (!rc)
		rc = find_lines(out, c, e);
	ask_close(db);
	if (rc)
		life_free(out);
	return rc;
}

void life_free(struct life *l)
{
	arena_free(l->a);
	*l = (struct life){0};
}
