/* The head of the report in sentences: what a person asks first, before looking at any chart. */
#include "cli/report_part.h"

#include "cli/meaning.h"

#include <stdio.h>

enum { REASONS_SAID = 3 };

static void number_share(struct buf *b, double v, double of)
{
	page_int(b, (int64_t)v);
	buf_z(b, " (");
	page_share(b, v, of);
	buf_byte(b, ')');
}

static void say_kept(struct report *r)
{
	struct buf *b = r->b;
	buf_z(b, "<li>");
	page_say(b, "Captured pages that became documents: ", "Páginas capturadas que deram documentos: ");
	number_share(b, r->documents, r->captures);
	page_say(b, ". Tokens in a document, on average: ", ". Tokens por documento, em média: ");
	page_int(b, r->documents > 0 ? (int64_t)(r->tokens / r->documents) : 0);
	buf_z(b, ".</li>\n");
}

/* Tokens of pt-PT, pt-BR and the rest. */
static int varieties(struct report *r, double v[3], bool *none, struct err *e)
{
	static const char *const by[] = {"variety", NULL}, *const sums[] = {"token_count", NULL};
	struct group_result g;
	int rc = report_groups(r, by, sums, &g, none, e);
	if (rc || *none)
		return rc;
	for (size_t i = 0; i < g.n; i++) {
		const struct group_key *k = &g.rows[i].key[0];
		v[k->null ? 2 : str_eq(k->text, STR("pt-PT")) ? 0 : str_eq(k->text, STR("pt-BR")) ? 1 : 2] += (double)g.rows[i].sums[0];
	}
	group_free(&g);
	return 0;
}

static int say_varieties(struct report *r, struct err *e)
{
	static const struct chart_series names[] = {{"cin", "European Portuguese", "português europeu", NULL}, {"cbr", "Brazilian Portuguese", "português do Brasil", NULL}, {"cpt", "undetermined", "indeterminado", NULL}};
	double v[3] = {0}, all;
	struct buf *b = r->b;
	bool none;
	int rc = varieties(r, v, &none, e);
	if (rc || none || !((all = v[0] + v[1] + v[2]) > 0))
		return rc;
	buf_z(b, "<li>");
	page_say(b, "Tokens by variety: ", "Tokens por variedade: ");
	for (int i = 0; i < 3; i++) {
		buf_z(b, i ? ", " : "");
		buf_printf(b, "<i class='dot %s'></i>", names[i].css);
		page_say(b, names[i].en, names[i].pt);
		buf_byte(b, ' ');
		number_share(b, v[i], all);
	}
	buf_z(b, ".<div class=big>");
	chart_bar(b, (struct chart_part[]){{"cin", v[0]}, {"cbr", v[1]}, {"cpt", v[2]}}, 3, all);
	buf_z(b, "</div></li>\n");
	return 0;
}

static int say_reasons(struct report *r, struct err *e)
{
	static const char *const by[] = {"reason", NULL};
	struct group_result g;
	struct buf *b = r->b;
	unsigned said = 0;
	bool none;
	int rc = report_groups(r, by, NULL, &g, &none, e);
	if (rc || none)
		return rc;
	group_sort(&g, 1, false);
	for (size_t i = 0; i < g.n && said < REASONS_SAID; i++) {
		struct str reason = g.rows[i].key[0].text;
		if (g.rows[i].key[0].null)
			continue;
		if (!said++) {
			buf_z(b, "<li>");
			page_say(b, "What took most away: ", "O que mais tirou: ");
		} else {
			buf_z(b, "; ");
		}
		/* A newer or another program's reason has no meaning here, but a name. */
		if (meaning_of(reason, false)[0])
			page_say(b, meaning_of(reason, false), meaning_of(reason, true));
		else
			page_name(b, reason);
		buf_z(b, ": ");
		number_share(b, (double)g.rows[i].captures, r->captures);
	}
	buf_z(b, said ? ".</li>\n" : "");
	group_free(&g);
	return 0;
}

static int say_years(struct report *r, struct err *e)
{
	static const char *const by[] = {"year", NULL}, *const sums[] = {"token_count", NULL};
	struct group_result g;
	struct buf *b = r->b;
	const struct group_row *most = NULL;
	bool none;
	int rc = report_groups(r, by, sums, &g, &none, e);
	if (rc || none)
		return rc;
	for (size_t i = 0; i < g.n; i++)
		if (!g.rows[i].key[0].null && (!most || g.rows[i].sums[0] > most->sums[0]))
			most = &g.rows[i];
	if (most && most->sums[0]) {
		buf_z(b, "<li>");
		page_say(b, "The year with most tokens: ", "O ano com mais tokens: ");
		buf_printf(b, "%.0f, ", most->key[0].value);
		number_share(b, (double)most->sums[0], r->tokens);
		buf_z(b, ".</li>\n");
	}
	group_free(&g);
	return 0;
}

static void say_damage(struct report *r)
{
	const struct past *p = &r->past;
	struct buf *b = r->b;
	uint64_t records = 0, files = 0;
	for (size_t i = 0; i < p->n_inputs; i++) {
		records += p->inputs[i].damaged;
		files += p->inputs[i].damaged || p->inputs[i].skipped;
	}
	if (!p->n_inputs)
		return;
	buf_z(b, "<li>");
	page_say(b, "Archive files with damage: ", "Ficheiros do arquivo com danos: ");
	page_int(b, (int64_t)files);
	page_say(b, " of ", " de ");
	page_int(b, (int64_t)p->n_inputs);
	page_say(b, ", damaged records: ", ", registos danificados: ");
	page_int(b, (int64_t)records);
	buf_z(b, ".</li>\n");
}

int report_short(struct report *r, struct err *e)
{
	page_section(r->b, "short", "In short", "Em resumo");
	buf_z(r->b, "<ul class=short>\n");
	say_kept(r);
	int rc = say_varieties(r, e);
	if (!rc)
		rc = say_reasons(r, e);
	if (!rc)
		rc = say_years(r, e);
	if (!rc)
		say_damage(r);
	buf_z(r->b, "</ul>\n");
	page_section_end(r->b);
	return rc;
}
