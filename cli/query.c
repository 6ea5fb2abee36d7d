#include "cli/query.h"

#include "cli/answer.h"
#include "cli/ask.h"
#include "cli/command.h"
#include "core/zin.h"

#include <sqlite3.h>
#include <stdio.h>

enum { TEXT_ROWS_MAX = 200000, SQL_MAX = 4 << 20, PART_ROWS = 4096 };

struct query_conf {
	const char *what_if;
};

static const struct opt query_opts[] = {
	{OPT_TEXT, 0, "what-if", "SQL", "documents and tokens if this condition decided what is kept, against now", offsetof(struct query_conf, what_if)},
	{0},
};

/* ---- answers ---- */

/* Rows as they come, for outputs that need no column widths. */
static int print_parts(struct sqlite3 *db, sqlite3_stmt *s, enum table_format format, struct buf *out, struct err *e)
{
	struct table *t = NULL;
	int rc = ask_rows(db, s, 0, &t, e);
	if (!rc)
		table_print(t, format, out);
	table_free(t);
	return rc;
}

static int print_text(struct sqlite3 *db, sqlite3_stmt *s, struct buf *out, struct err *e)
{
	struct table *t = NULL;
	int rc = ask_rows(db, s, TEXT_ROWS_MAX, &t, e);
	if (rc == ERR_LIMIT) {
		*e = (struct err){0};
		return err_at(e, ERR_LIMIT, (struct where){NULL, WHERE_NONE}, "more than %d rows: add LIMIT, or use --csv or --json", TEXT_ROWS_MAX);
	}
	if (!rc)
		table_print(t, TABLE_TEXT, out);
	table_free(t);
	return rc;
}

static int run_sql(struct sqlite3 *db, const char *sql, enum table_format format, struct buf *out, struct err *e)
{
	int rc = 0;
	for (const char *rest = sql; !rc && *rest;) {
		sqlite3_stmt *s = NULL;
		rc = ask_prepare(db, rest, &s, &rest, e);
		if (!rc && s) {
			if (format == TABLE_TEXT && out->n)
				buf_byte(out, '\n');
			rc = format == TABLE_TEXT ? print_text(db, s, out, e) : print_parts(db, s, format, out, e);
		}
		sqlite3_finalize(s);
	}
	return rc;
}

static const char *dot_sql(const char *text)
{
	if (strcmp(text, ".tables") == 0)
		return "SELECT name, type FROM (SELECT 1 place, 'captures' name, 'one row per captured page, kept or not' type "
		       "UNION ALL SELECT 2, 'documents', 'the captures that were kept' UNION ALL SELECT 3, 'stages', 'in, kept and dropped of each stage' "
		       "UNION ALL SELECT 4, 'reasons', 'captures per reason, with its meaning' UNION ALL SELECT 5, 'hosts', 'captures, documents, tokens per host' "
		       "UNION ALL SELECT 6, 'inputs', 'captures, documents and damage per archive file') ORDER BY place";
	if (strcmp(text, ".schema") == 0)
		return "SELECT m.name AS \"table\", c.name AS column, lower(c.type) AS type FROM sqlite_master m, pragma_table_info(m.name) c "
		       "WHERE m.name NOT IN ('meanings', 'stage_names') ORDER BY m.rowid, c.cid";
	return NULL;
}

/* ---- what if ---- */

static char *what_if_sql(const struct corpus *c, const char *condition)
{
	struct buf b;
	char *wanted = ask_signals(condition);
	bool tokens = ask_has(c, "token_count");
	const char *sums = tokens ? "sum(characters) AS characters, sum(words) AS words, sum(token_count) AS tokens" : "NULL AS characters, NULL AS words, NULL AS tokens";
	buf_init(&b, BUF_NO_MAX);
	buf_printf(&b,
		   "WITH x AS (SELECT kept, stage, characters, words, token_count, (%s\n) IS TRUE AS yes FROM captures) "
		   "SELECT 1 AS place, 'kept now' AS what, count(*) AS documents, %s FROM x WHERE kept UNION ALL "
		   "SELECT 2, 'kept, and the condition is true', count(*), %s FROM x WHERE kept AND yes UNION ALL "
		   "SELECT 3, 'kept, but the condition is not true', count(*), %s FROM x WHERE kept AND NOT yes UNION ALL "
		   "SELECT 4, 'left out now by ' || coalesce(stage, '?') || ', but the condition is true', count(*), %s FROM x WHERE NOT kept AND yes GROUP BY stage",
		   wanted, sums, sums, sums, sums);
	/* What filter left out has no tokens yet: as many as its words have where they are known. */
	if (tokens)
		buf_z(&b, " UNION ALL SELECT 5, 'kept, if the condition were all that filter asks', count(*), sum(characters), sum(words), CAST(round(sum(coalesce(token_count, "
			  "words * (SELECT 1.0 * sum(token_count) / sum(words) FROM x WHERE kept)))) AS INTEGER) FROM x WHERE yes AND (kept OR stage = 'filter')");
	buf_byte(&b, 0);
	free(wanted);
	char *sql = own_alloc(b.n + 128);
	snprintf(sql, b.n + 128, "SELECT what, documents, characters, words, tokens FROM (%s) ORDER BY place, what", b.p);
	buf_free(&b);
	return sql;
}

/* ---- the command ---- */

static int read_sql(const char *arg, char **sql, struct err *e)
{
	size_t n;
	if (strcmp(arg, "-") != 0) {
		*sql = ask_signals(arg);
		return 0;
	}
	char *text = NULL;
	int rc = zin_slurp("-", SQL_MAX, &text, &n, e);
	if (rc)
		return rc;
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	buf_add(&b, text, n);
	buf_byte(&b, 0);
	free(text);
	*sql = ask_signals(b.p);
	buf_free(&b);
	return 0;
}

static int answer(struct corpus *c, const char *text, bool what_if, enum table_format format, struct buf *out, struct err *e)
{
	struct sqlite3 *db = NULL;
	char *sql = NULL;
	int rc = ask_open(&db, c, e);
	if (!rc && what_if)
		sql = what_if_sql(c, text);
	else if (!rc)
		rc = read_sql(text, &sql, e);
	const char *dot = !rc && sql[0] == '.' ? dot_sql(sql) : NULL;
	if (!rc && sql[0] == '.' && !dot)
		rc = err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "'%s': there are .tables and .schema", sql);
	if (!rc && !dot)
		ask_guard(db);
	if (!rc)
		rc = run_sql(db, dot ? dot : sql, format, out, e);
	ask_close(db);
	free(sql);
	return rc;
}

int cmd_query(int argc, char **argv)
{
	struct common_conf common;
	struct answer_conf answers;
	struct query_conf conf;
	struct opt_set sets[] = {{"common", common_opts, &common}, {"query", query_opts, &conf}, {"output", answer_opts, &answers}};
	struct err e = {0};
	struct corpus *c = NULL;
	struct buf out;
	const char **paths = NULL;
	size_t n = 0;
	int n_args = 0, status = common_parse(argv[0], sets, 3, argc, argv, &n_args);
	if (status >= 0)
		return status;
	buf_init(&out, BUF_NO_MAX);
	int n_paths = conf.what_if ? n_args : n_args - 1, rc = 0;
	if (n_paths < 1)
		rc = err_at(&e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "a folder and a question: peneira query DIR 'SELECT ...' (or .tables, .schema)");
	if (!rc)
		rc = common_paths(argv + 1, n_paths, &paths, &n, &e);
	if (!rc)
		rc = corpus_open(&c, paths, n, &e);
	if (!rc)
		rc = answer(c, conf.what_if ? conf.what_if : argv[n_args], conf.what_if, answer_format(&answers), &out, &e);
	status = rc ? common_fail(&e) : answer_end(&common, &out);
	corpus_free(c);
	free(paths);
	buf_free(&out);
	return status;
}
