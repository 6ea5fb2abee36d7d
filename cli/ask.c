#include "cli/ask.h"

#include "cli/chain.h"
#include "cli/hosts.h"
#include "cli/vtab.h"

#include <ctype.h>
#include <sqlite3.h>
#include <stdio.h>

static int sql_error(struct sqlite3 *db, struct err *e)
{
	const char *text = sqlite3_errmsg(db);
	bool unknown = strncmp(text, "no such column", 14) == 0 || strncmp(text, "no such table", 13) == 0;
	return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "SQL: %s%s", text, unknown ? " (all there are: peneira query DIR .schema)" : "");
}

bool ask_has(const struct corpus *c, const char *name)
{
	return corpus_find(c, str_of(name)) >= 0;
}

static int run(struct sqlite3 *db, const char *sql, struct err *e)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : sql_error(db, e);
}

/* Stage, reason and meaning of every reason that this program knows. */
static int add_meanings(struct sqlite3 *db, struct err *e)
{
	sqlite3_stmt *s = NULL;
	int rc = run(db, "CREATE TABLE meanings(place INTEGER, stage TEXT, reason TEXT PRIMARY KEY, meaning TEXT)", e);
	if (!rc && sqlite3_prepare_v2(db, "INSERT OR IGNORE INTO meanings VALUES(?,?,?,?)", -1, &s, NULL) != SQLITE_OK)
		rc = sql_error(db, e);
	for (int i = 0; !rc && i < CHAIN_N; i++)
		for (const struct why *w = chain[i]->drops; !rc && w && w->name; w++) {
			sqlite3_bind_int(s, 1, i + 1);
			sqlite3_bind_text(s, 2, chain[i]->name, -1, SQLITE_STATIC);
			sqlite3_bind_text(s, 3, w->name, -1, SQLITE_STATIC);
			sqlite3_bind_text(s, 4, w->meaning, -1, SQLITE_STATIC);
			if (sqlite3_step(s) != SQLITE_DONE)
				rc = sql_error(db, e);
			sqlite3_reset(s);
		}
	sqlite3_finalize(s);
	return rc;
}

/* A stage sees what none before it has left out. */
static const char stages_view[] = "CREATE VIEW stages AS WITH d AS (SELECT stage, count(*) n FROM captures GROUP BY stage), o AS (SELECT s.place, s.name stage, "
				  "coalesce(d.n, 0) dropped FROM stage_names s LEFT JOIN d ON d.stage = s.name), t AS (SELECT sum(n) n FROM d) "
				  "SELECT o.stage, t.n - sum(dropped) OVER (ORDER BY place) + dropped AS \"in\", t.n - sum(dropped) OVER (ORDER BY place) AS kept, dropped "
				  "FROM o, t ORDER BY place";

static int add_views(struct sqlite3 *db, struct corpus *c, struct err *e)
{
	bool kept = ask_has(c, "kept"), reason = ask_has(c, "reason") && ask_has(c, "stage");
	int rc = run(db, kept ? "CREATE VIEW documents AS SELECT * FROM captures WHERE kept = 1" : "CREATE VIEW documents AS SELECT * FROM captures", e);
	if (!rc && reason)
		rc = run(db, "CREATE VIEW reasons AS SELECT c.stage, c.reason, c.n AS captures, m.meaning FROM (SELECT stage, reason, count(*) n FROM captures WHERE reason IS NOT NULL "
			     "GROUP BY stage, reason) c LEFT JOIN meanings m ON m.reason = c.reason ORDER BY c.n DESC, c.reason", e);
	if (!rc)
		rc = run(db, "CREATE TABLE stage_names(place INTEGER, name TEXT)", e);
	for (int i = 0; !rc && i < CHAIN_N; i++) {
		char sql[200];
		snprintf(sql, sizeof(sql), "INSERT INTO stage_names VALUES(%d,'%s')", i + 1, chain[i]->name);
		rc = run(db, sql, e);
	}
	if (!rc && reason)
		rc = run(db, stages_view, e);
	if (!rc && hosts_can(c))
		rc = hosts_register(db, c) ? run(db, "CREATE VIRTUAL TABLE hosts USING hosts", e) : sql_error(db, e);
	if (!rc && kept && reason && ask_has(c, "file_path"))
		rc = run(db, "CREATE VIEW inputs AS SELECT file_path, count(*) AS captures, sum(kept) AS documents, sum(coalesce(reason LIKE '%.damaged', 0)) AS damaged "
			     "FROM captures GROUP BY file_path", e);
	return rc;
}

int ask_open(struct sqlite3 **out, struct corpus *c, struct err *e)
{
	sqlite3 *db = NULL;
	if (sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
		sqlite3_close(db);
		return err_at(e, ERR_IO, (struct where){NULL, WHERE_NONE}, "SQLite does not start");
	}
	int rc = vtab_register(db, c) ? run(db, "PRAGMA temp_store = MEMORY; CREATE VIRTUAL TABLE captures USING corpus", e) : sql_error(db, e);
	if (!rc)
		rc = add_meanings(db, e);
	if (!rc)
		rc = add_views(db, c, e);
	if (rc)
		ask_close(db);
	else
		*out = db;
	return rc;
}

void ask_close(struct sqlite3 *db)
{
	sqlite3_close(db);
}

static int guard(void *none, int action, const char *a, const char *b, const char *d, const char *f)
{
	(void)none, (void)a, (void)b, (void)d, (void)f;
	return action == SQLITE_SELECT || action == SQLITE_READ || action == SQLITE_FUNCTION || action == SQLITE_RECURSIVE ? SQLITE_OK : SQLITE_DENY;
}

void ask_guard(struct sqlite3 *db)
{
	sqlite3_set_authorizer(db, guard, NULL);
}

int ask_prepare(struct sqlite3 *db, const char *sql, struct sqlite3_stmt **out, const char **rest, struct err *e)
{
	int rc = sqlite3_prepare_v2(db, sql, -1, out, rest);
	if (rc == SQLITE_AUTH)
		return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "SQL: a corpus is only read: SELECT ... (tables: captures documents stages reasons hosts inputs)");
	return rc == SQLITE_OK ? 0 : sql_error(db, e);
}

static void add_cell(struct table *t, sqlite3_stmt *s, int i)
{
	switch (sqlite3_column_type(s, i)) {
	case SQLITE_INTEGER:
		table_int(t, sqlite3_column_int64(s, i));
		break;
	case SQLITE_FLOAT:
		table_real(t, sqlite3_column_double(s, i));
		break;
	case SQLITE_NULL:
		table_null(t);
		break;
	default: {
		const char *p = (const char *)sqlite3_column_text(s, i);
		table_str(t, (struct str){p, (size_t)sqlite3_column_bytes(s, i)});
	}
	}
}

int ask_rows(struct sqlite3 *db, struct sqlite3_stmt *s, size_t max, struct table **out, struct err *e)
{
	int n = sqlite3_column_count(s), rc;
	const char **names = own_zalloc(((size_t)n + 1) * sizeof(*names));
	for (int i = 0; i < n; i++)
		names[i] = sqlite3_column_name(s, i);
	struct table *t = table_new(names, (unsigned)n);
	free(names);
	for (size_t rows = 0; (rc = sqlite3_step(s)) == SQLITE_ROW; rows++) {
		if (max && rows == max)
			break;
		for (int i = 0; i < n; i++)
			add_cell(t, s, i);
	}
	if (rc == SQLITE_ROW)
		err_at(e, ERR_LIMIT, (struct where){NULL, WHERE_NONE}, "more than %zu rows", max);
	else if (rc != SQLITE_DONE)
		sql_error(db, e);
	if (rc != SQLITE_DONE) {
		table_free(t);
		return rc == SQLITE_ROW ? ERR_LIMIT : ERR_USAGE;
	}
	*out = t;
	return 0;
}

/* Over a string, a quoted name or a comment: copied as it is. */
static size_t quoted(const char *p)
{
	const char *end;
	if (p[0] == '-' && p[1] == '-')
		return strcspn(p, "\n");
	if (p[0] == '/' && p[1] == '*')
		return (end = strstr(p + 2, "*/")) ? (size_t)(end + 2 - p) : strlen(p);
	if (*p != '\'' && *p != '"' && *p != '`')
		return 0;
	end = strchr(p + 1, *p);
	return end ? (size_t)(end + 1 - p) : strlen(p);
}

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (c & 0x80);
}

char *ask_signals(const char *sql)
{
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	for (const char *p = sql; *p;) {
		size_t n = quoted(p);
		if (!n && (p == sql || !in_word(p[-1])) && strncmp(p, "signals.", 8) == 0 && in_word(p[8])) {
			buf_z(&b, "signals_");
			p += 8;
			continue;
		}
		n = n ? n : 1;
		buf_add(&b, p, n);
		p += n;
	}
	buf_byte(&b, 0);
	return b.p;
}

int ask_where(struct corpus *c, const char *condition, uint64_t **bits, struct err *e)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *s = NULL;
	const char *rest = "";
	char *wanted = ask_signals(condition), *sql = own_alloc(strlen(wanted) + 64);
	snprintf(sql, strlen(wanted) + 64, "SELECT rowid FROM captures WHERE (%s\n)", wanted);
	int rc = ask_open(&db, c, e), step;
	if (!rc) {
		ask_guard(db);
		rc = ask_prepare(db, sql, &s, &rest, e);
	}
	if (!rc) {
		uint64_t *b = own_zalloc((corpus_rows(c) / 64 + 1) * sizeof(*b));
		while ((step = sqlite3_step(s)) == SQLITE_ROW) {
			uint64_t row = (uint64_t)sqlite3_column_int64(s, 0);
			b[row / 64] |= 1ull << row % 64;
		}
		if (step == SQLITE_DONE)
			*bits = b;
		else
			free(b), rc = sql_error(db, e);
	}
	sqlite3_finalize(s);
	ask_close(db);
	free(wanted);
	free(sql);
	return rc;
}
