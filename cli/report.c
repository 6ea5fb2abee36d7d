#include "cli/report.h"

#include "cli/command.h"
#include "cli/common.h"
#include "cli/report_part.h"
#include "core/crew.h"
#include "core/zout.h"

#include <stdio.h>

enum { NAMES_SHOWN = 3 };

/* ---- the head: name, period, key figures ---- */

static void tile(struct buf *b, const char *css, double v, const char *en, const char *pt)
{
	buf_printf(b, "<div class='tile%s'><b>", css);
	page_int(b, (int64_t)v);
	buf_z(b, "</b><span>");
	page_say(b, en, pt);
	buf_z(b, "</span></div>");
}

static void period(struct report *r)
{
	double first = 0, last = 0;
	if (report_range(r, "year", &first, &last)) {
		buf_printf(r->b, " \u00B7 %.0f", first);
		if (last > first)
			buf_printf(r->b, "\u2013%.0f", last);
	}
}

/* The collections, most captures first; the name of the folder where they have no names. */
static int put_name(struct report *r, struct buf *name, struct err *e)
{
	static const char *const by[] = {"dump", NULL};
	struct group_result g;
	bool none;
	int rc = report_groups(r, by, NULL, &g, &none, e);
	if (rc)
		return rc;
	if (!none)
		group_sort(&g, 1, false);
	for (size_t i = 0; i < g.n && i < NAMES_SHOWN; i++)
		if (!g.rows[i].key[0].null) {
			buf_z(name, name->n ? ", " : "");
			buf_str(name, g.rows[i].key[0].text);
		}
	buf_z(name, g.n > NAMES_SHOWN ? " \u2026" : "");
	if (!name->n)
		buf_z(name, r->dir);
	if (!none)
		group_free(&g);
	return 0;
}

static int put_head(struct report *r, struct err *e)
{
	struct buf *b = r->b, text;
	buf_init(&text, BUF_NO_MAX);
	int rc = put_name(r, &text, e);
	struct str name = buf_view(&text);
	page_begin(b, name, r->portuguese);
	buf_z(b, "<header><div class=langs><label for=en lang=en>English</label> <label for=pt lang=pt-PT>Portugu\u00EAs</label></div><h1>");
	page_foreign(b, name);
	buf_z(b, "</h1><p class=sub>");
	page_say(b, "What Peneira kept of a web archive, and what it left out", "O que a Peneira guardou de um arquivo da Web, e o que deixou de fora");
	period(r);
	buf_z(b, "</p><div class=tiles>");
	double hosts = 0;
	if (!rc)
		rc = report_hosts(r, &hosts, e);
	tile(b, "", r->captures, "captured pages", "páginas capturadas");
	tile(b, "", r->documents, "documents kept", "documentos guardados");
	tile(b, " wide", r->words, "words", "palavras");
	tile(b, "", r->tokens, "tokens", "tokens");
	tile(b, "", hosts, "hosts", "sítios");
	buf_z(b, "</div></header>\n<main>\n");
	buf_free(&text);
	return rc;
}

static void put_foot(struct report *r)
{
	struct buf *b = r->b;
	buf_z(b, "</main>\n<footer><p>");
	page_say(b, "Made by Peneira ", "Feito pela Peneira ");
	buf_z(b, PENEIRA_VERSION);
	if (r->past.tokenizer.n) {
		page_say(b, ". Tokens are those of ", ". Os tokens são os de ");
		buf_z(b, "<code>");
		page_text(b, r->past.tokenizer);
		buf_z(b, "</code>");
	}
	page_say(b, ". Every number here can be asked again, and differently, with ", ". Cada número pode ser pedido de novo, e de outra maneira, com ");
	buf_z(b, "<code>peneira stats</code>, <code>peneira query</code>.</p></footer>\n");
	page_end(b);
}

/* The parts of the page, in the bundles in which threads make them: about the same work each. */
static int (*const bundles[][7])(struct report *, struct err *) = {
	{report_short, report_funnel, report_years, report_host_table, report_lengths, report_charsets},
	{report_signals},
	{report_copies, report_files, report_speed, report_samples},
};
enum { BUNDLES = sizeof(bundles) / sizeof(*bundles) };

struct parts {
	const struct report *r;
	struct buf texts[BUNDLES];
};

/* A corpus is for one thread: each bundle opens its own. */
static int put_bundle(void *self, size_t i, struct crew *crew, struct err *e)
{
	struct parts *p = self;
	struct report own = *p->r;
	(void)crew;
	own.b = &p->texts[i];
	int rc = corpus_open(&own.c, &own.dir, 1, e);
	if (rc)
		return rc;
	for (int k = 0; bundles[i][k] && !rc; k++)
		rc = bundles[i][k](&own, e);
	corpus_free(own.c);
	return rc;
}

static int put_all(struct report *r, unsigned threads, struct err *e)
{
	struct parts p = {.r = r};
	struct crew_job job = {.part = put_bundle, .self = &p, .n = BUNDLES, .threads = threads};
	int rc = report_totals(r, e);
	if (!rc)
		rc = put_head(r, e);
	for (int i = 0; i < BUNDLES; i++)
		buf_init(&p.texts[i], BUF_NO_MAX);
	if (!rc)
		rc = crew_run(&job, e);
	for (int i = 0; i < BUNDLES; i++) {
		buf_str(r->b, buf_view(&p.texts[i]));
		buf_free(&p.texts[i]);
	}
	put_foot(r);
	return rc;
}

int report_write(const char *dir, const char *path, bool portuguese, unsigned threads, struct err *e)
{
	struct buf b;
	struct report r = {.dir = dir, .portuguese = portuguese, .b = &b};
	buf_init(&b, BUF_NO_MAX);
	int rc = corpus_open(&r.c, &dir, 1, e);
	if (!rc) {
		rc = past_read(&r.past, corpus_folder(r.c), e);
		if (rc >= 0) {
			rc = put_all(&r, threads, e);
			past_free(&r.past);
		}
	}
	if (!rc)
		rc = zout_file(path, buf_view(&b), e);
	corpus_free(r.c);
	buf_free(&b);
	return rc;
}

/* ---- the command ---- */

struct report_conf {
	unsigned language;
};
static const char *const languages[] = {"en", "pt", NULL};

static const struct opt report_opts[] = {
	{OPT_CHOICE, 0, "language", "LANG", "language that shows first; the page has both", offsetof(struct report_conf, language), .choices = languages},
	{0},
};

int cmd_report(int argc, char **argv)
{
	struct common_conf common;
	struct report_conf conf;
	struct opt_set sets[] = {{"common", common_opts, &common}, {"report", report_opts, &conf}};
	struct err e = {0};
	char path[4096];
	int n_args = 0, status = common_parse(argv[0], sets, 2, argc, argv, &n_args);
	if (status >= 0)
		return status;
	if (n_args != 1) {
		err_at(&e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "one folder that `peneira run -o` made is needed");
		return common_fail(&e);
	}
	snprintf(path, sizeof(path), "%s/report.html", argv[1]);
	int rc = report_write(argv[1], common.out ? common.out : path, conf.language == 1, (unsigned)common.threads, &e);
	if (rc)
		return common_fail(&e);
	if (!common.out && !common.quiet)
		fprintf(stderr, "peneira: %s\n", path);
	return common_close_stdout() ? EXIT_DONE : EXIT_FAILED;
}
