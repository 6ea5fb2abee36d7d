#include "cli/report_part.h"

#include "cli/chain.h"
#include "cli/meaning.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { HOSTS_SHOWN = 25, FILES_SHOWN = 40, YEARS_MAX = 120, CHARSETS = 5 };

/* ---- what the parts share ---- */

bool report_range(const struct report *r, const char *column, double *low, double *high)
{
	int at = corpus_find(r->c, str_of(column));
	bool any = false;
	for (unsigned g = 0; at >= 0 && g < corpus_groups(r->c); g++) {
		struct parquet_range x = corpus_range(r->c, g, (unsigned)at);
		bool real = corpus_column(r->c, (unsigned)at)->kind == PARQUET_F32;
		if (!x.known)
			continue;
		double min = real ? (double)x.min_real : (double)x.min_int, max = real ? (double)x.max_real : (double)x.max_int;
		*low = any ? fmin(*low, min) : min;
		*high = any ? fmax(*high, max) : max;
		any = true;
	}
	return any;
}

int report_groups(struct report *r, const char *const *by, const char *const *sums, struct group_result *out, bool *none, struct err *e)
{
	struct group_ask ask = {0};
	*none = false;
	for (; *by; by++) {
		int at = corpus_find(r->c, str_of(*by));
		*none = *none || at < 0;
		ask.by[ask.n_by++] = at < 0 ? 0 : (unsigned)at;
	}
	for (; sums && *sums; sums++) {
		int at = corpus_find(r->c, str_of(*sums));
		*none = *none || at < 0;
		ask.sums[ask.n_sums++] = at < 0 ? 0 : (unsigned)at;
	}
	*out = (struct group_result){0};
	return *none ? 0 : group_count(r->c, &ask, out, e);
}

int report_totals(struct report *r, struct err *e)
{
	static const char *const sums[] = {"characters", "words", "token_count"};
	struct group_ask ask = {0};
	struct group_result g;
	int at[3];
	for (int i = 0; i < 3; i++) {
		at[i] = corpus_find(r->c, str_of(sums[i]));
		if (at[i] >= 0)
			ask.sums[ask.n_sums++] = (unsigned)at[i];
	}
	int rc = group_count(r->c, &ask, &g, e);
	if (rc)
		return rc;
	r->captures = (double)g.rows[0].captures;
	r->documents = (double)g.rows[0].documents;
	double *to[] = {&r->characters, &r->words, &r->tokens};
	for (int i = 0, k = 0; i < 3; i++)
		if (at[i] >= 0)
			*to[i] = (double)g.rows[0].sums[k++];
	group_free(&g);
	return 0;
}

int report_hosts(struct report *r, double *n, struct err *e)
{
	static const char *const by[] = {"host", NULL};
	struct group_result g;
	bool none;
	int rc = report_groups(r, by, NULL, &g, &none, e);
	if (rc || none)
		return rc;
	*n = 0;
	for (size_t i = 0; i < g.n; i++)
		*n += !g.rows[i].key[0].null;
	group_free(&g);
	return 0;
}

/* ---- the funnel ---- */

static const char *stage_title(int i, bool pt)
{
	static const char *const titles[CHAIN_N][2] = {
		{"read from the archive", "lidas do arquivo"}, {"main text found", "texto principal encontrado"}, {"in the language, of good quality", "na língua, com qualidade"},
		{"no copy of another", "sem cópias"},	       {"in the training shards", "nos fragmentos de treino"}};
	return titles[i][pt];
}

static void stage_row(struct report *r, int i, double left)
{
	struct buf *b = r->b;
	buf_printf(b, "<tr class=stage><td>%s<div class=why>", chain[i]->name);
	page_say(b, stage_title(i, false), stage_title(i, true));
	buf_z(b, "</div></td><td class=barcell>");
	chart_bar(b, &(struct chart_part){"cin", left}, 1, r->captures);
	buf_z(b, "</td><td class=n>");
	page_int(b, (int64_t)left);
	buf_z(b, "</td><td class=n>");
	page_share(b, left, r->captures);
	buf_z(b, "</td></tr>\n");
}

static void reason_row(struct report *r, int i, struct str reason, double left, double out)
{
	struct buf *b = r->b;
	char css[16];
	snprintf(css, sizeof(css), "c%d", i < CHAIN_N ? i : 4);
	buf_z(b, "<tr><td class=w><code>");
	page_name(b, reason);
	buf_z(b, "</code><div class=why>");
	page_say(b, meaning_of(reason, false), meaning_of(reason, true));
	buf_z(b, "</div></td><td class=barcell>");
	chart_bar(b, (struct chart_part[]){{"cbase", left}, {css, out}}, 2, r->captures);
	buf_z(b, "</td><td class=n>\u2212");
	page_int(b, (int64_t)out);
	buf_z(b, "</td><td class=n>");
	page_share(b, out, r->captures);
	buf_z(b, "</td></tr>\n");
}

static double stage_drops(const struct group_result *g, struct str stage)
{
	double sum = 0;
	struct str rest;
	for (size_t i = 0; i < g->n; i++)
		if (!g->rows[i].key[0].null && str_eq(str_cut(g->rows[i].key[0].text, '.', &rest), stage))
			sum += (double)g->rows[i].captures;
	return sum;
}

static void funnel_stage(struct report *r, const struct group_result *g, int i, struct str stage, double *left)
{
	struct str rest;
	*left -= stage_drops(g, stage);
	double behind = *left;
	for (size_t k = 0; k < g->n; k++) {
		struct str reason = g->rows[k].key[0].text;
		if (g->rows[k].key[0].null || !str_eq(str_cut(reason, '.', &rest), stage))
			continue;
		reason_row(r, i, reason, behind, (double)g->rows[k].captures);
	}
	if (i < CHAIN_N)
		stage_row(r, i, *left);
}

/* What the documents that are left are made of. */
static void token_row(struct report *r)
{
	struct buf *b = r->b;
	buf_z(b, "<tr class=stage><td>tokens<div class=why>");
	page_say(b, "of the documents that are left", "dos documentos que ficam");
	buf_z(b, "</div></td><td class=barcell></td><td class=n>");
	page_int(b, (int64_t)r->tokens);
	buf_z(b, "</td><td class=n></td></tr>\n");
}

int report_funnel(struct report *r, struct err *e)
{
	static const char *const by[] = {"reason", NULL};
	struct group_result g;
	struct buf *b = r->b;
	bool none;
	int rc = report_groups(r, by, NULL, &g, &none, e);
	if (rc || none)
		return rc;
	group_sort(&g, 1, false);
	double left = r->captures;
	page_section(b, "funnel", "What passed, and what did not", "O que passou, e o que não passou");
	page_note(b, "Every captured page falls through the stages from top to bottom. Each is left out for the first reason that holds; the numbers add up.",
		  "Cada página capturada cai pelas etapas, de cima para baixo. Fica de fora pela primeira razão que se verifica; as contas batem certo.");
	buf_z(b, "<table><thead><tr>");
	page_th(b, false, "stage or reason", "etapa ou razão");
	page_th(b, false, "of all captures", "de todas as capturas");
	page_th(b, true, "captures", "capturas");
	page_th(b, true, "share", "parte");
	buf_z(b, "</tr></thead><tbody>\n<tr class=stage><td>");
	page_say(b, "captured pages", "páginas capturadas");
	buf_z(b, "</td><td class=barcell>");
	chart_bar(b, &(struct chart_part){"cin", left}, 1, r->captures);
	buf_z(b, "</td><td class=n>");
	page_int(b, (int64_t)left);
	buf_z(b, "</td><td class=n>");
	page_share(b, left, r->captures);
	buf_z(b, "</td></tr>\n");
	/* Damaged lines of JSON inputs have no stage of the chain. */
	funnel_stage(r, &g, CHAIN_N, STR("input"), &left);
	for (int i = 0; i < CHAIN_N; i++)
		funnel_stage(r, &g, i, str_of(chain[i]->name), &left);
	token_row(r);
	buf_z(b, "</tbody></table>\n");
	page_section_end(b);
	group_free(&g);
	return 0;
}

/* ---- years ---- */

struct years {
	char text[YEARS_MAX][8];
	const char *labels[YEARS_MAX];
	unsigned n;
	int first;
};

static bool find_years(const struct report *r, struct years *y)
{
	double low, high;
	if (!report_range(r, "year", &low, &high) || high - low >= YEARS_MAX)
		return false;
	y->first = (int)low;
	y->n = (unsigned)(high - low) + 1;
	for (unsigned i = 0; i < y->n; i++) {
		snprintf(y->text[i], sizeof(y->text[i]), "%d", y->first + (int)i);
		y->labels[i] = y->text[i];
	}
	return true;
}

static unsigned year_of(const struct years *y, const struct group_key *k)
{
	double at = k->null ? -1 : k->value - y->first;
	return at >= 0 && at < y->n ? (unsigned)at : YEARS_MAX;
}

static int variety_of(const struct group_key *k)
{
	return k->null ? 2 : str_eq(k->text, STR("pt-PT")) ? 0 : str_eq(k->text, STR("pt-BR")) ? 1 : 2;
}

int report_years(struct report *r, struct err *e)
{
	static const char *const by[] = {"year", "variety", NULL}, *const sums[] = {"token_count", NULL};
	static double documents[3][YEARS_MAX], tokens[3][YEARS_MAX], seen[2][YEARS_MAX];
	struct years y;
	struct group_result g;
	bool none;
	if (!find_years(r, &y))
		return 0;
	int rc = report_groups(r, by, sums, &g, &none, e);
	if (rc || none)
		return rc;
	memset(documents, 0, sizeof(documents));
	memset(tokens, 0, sizeof(tokens));
	memset(seen, 0, sizeof(seen));
	for (size_t i = 0; i < g.n; i++) {
		unsigned at = year_of(&y, &g.rows[i].key[0]);
		int v = variety_of(&g.rows[i].key[1]);
		if (at == YEARS_MAX)
			continue;
		documents[v][at] += (double)g.rows[i].documents;
		tokens[v][at] += (double)g.rows[i].sums[0];
		seen[0][at] += (double)g.rows[i].documents;
		seen[1][at] += (double)(g.rows[i].captures - g.rows[i].documents);
	}
	group_free(&g);
	const struct chart_series d[] = {{"cin", "European Portuguese", "português europeu", documents[0]},
					 {"cbr", "Brazilian Portuguese", "português do Brasil", documents[1]},
					 {"cpt", "undetermined", "indeterminado", documents[2]}};
	const struct chart_series t[] = {{"cin", "European Portuguese", "português europeu", tokens[0]},
					 {"cbr", "Brazilian Portuguese", "português do Brasil", tokens[1]},
					 {"cpt", "undetermined", "indeterminado", tokens[2]}};
	const struct chart_series s[] = {{"cin", "kept", "guardadas", seen[0]}, {"cout", "left out", "deixadas de fora", seen[1]}};
	struct chart c = {y.labels, y.n, d, 3, "year of capture", "ano da captura", "documents", "documentos", .every_5 = true};
	page_section(r->b, "years", "Years", "Anos");
	page_note(r->b, "By the year of capture.", "Pelo ano da captura.");
	page_heading(r->b, "Documents by variety", "Documentos por variedade");
	chart_columns(r->b, &c);
	page_heading(r->b, "Tokens by variety", "Tokens por variedade");
	c.series = t;
	c.unit_en = c.unit_pt = "tokens";
	chart_columns(r->b, &c);
	page_heading(r->b, "Captured pages, kept and left out", "Páginas capturadas, guardadas e deixadas de fora");
	c.series = s;
	c.n_series = 2;
	c.unit_en = "captured pages";
	c.unit_pt = "páginas capturadas";
	chart_columns(r->b, &c);
	page_section_end(r->b);
	return 0;
}

/* ---- hosts ---- */

static int by_tokens(const void *a, const void *b)
{
	const struct group_row *x = a, *y = b;
	if (x->sums[0] != y->sums[0])
		return x->sums[0] < y->sums[0] ? 1 : -1;
	return x->captures != y->captures ? (x->captures < y->captures ? 1 : -1) : str_cmp(x->key[0].text, y->key[0].text);
}

static void host_row(struct report *r, const struct group_row *h, double most)
{
	struct buf *b = r->b;
	buf_z(b, "<tr><td class=w>");
	page_foreign(b, h->key[0].null ? STR("\u2013") : h->key[0].text);
	buf_z(b, "</td><td class=barcell>");
	chart_bar(b, &(struct chart_part){"cin", (double)h->sums[0]}, 1, most);
	buf_z(b, "</td><td class=n>");
	page_int(b, h->sums[0]);
	buf_z(b, "</td><td class=n>");
	page_share(b, (double)h->sums[0], r->tokens);
	buf_z(b, "</td><td class='n wide'>");
	page_int(b, (int64_t)h->documents);
	buf_z(b, "</td><td class='n wide'>");
	page_int(b, (int64_t)h->captures);
	buf_z(b, "</td></tr>\n");
}

/* How many hosts hold half of the tokens. */
static size_t half(const struct group_result *g, double tokens)
{
	double sum = 0;
	size_t i = 0;
	while (i < g->n && sum < tokens / 2)
		sum += (double)g->rows[i++].sums[0];
	return i;
}

int report_host_table(struct report *r, struct err *e)
{
	static const char *const by[] = {"host", NULL}, *const sums[] = {"token_count", NULL};
	struct group_result g;
	struct buf *b = r->b;
	bool none;
	int rc = report_groups(r, by, sums, &g, &none, e);
	if (rc || none)
		return rc;
	if (g.n)
		qsort(g.rows, g.n, sizeof(*g.rows), by_tokens);
	page_section(b, "hosts", "Hosts", "Sítios");
	buf_z(b, "<p class=note>");
	page_say(b, "Hosts that together hold half of the tokens: ", "Sítios que, juntos, têm metade dos tokens: ");
	page_int(b, (int64_t)half(&g, r->tokens));
	page_say(b, " of ", " de ");
	page_int(b, (int64_t)g.n);
	buf_z(b, ".</p>\n<table class=hosts><thead><tr>");
	page_th(b, false, "host", "sítio");
	buf_z(b, "<th class=barcell></th>");
	page_th(b, true, "tokens", "tokens");
	page_th(b, true, "share", "parte");
	buf_z(b, "<th class='n wide' scope=col>");
	page_say(b, "documents", "documentos");
	buf_z(b, "</th><th class='n wide' scope=col>");
	page_say(b, "captures", "capturas");
	buf_z(b, "</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < g.n && i < HOSTS_SHOWN && (g.rows[i].sums[0] || !i); i++)
		host_row(r, &g.rows[i], (double)g.rows[0].sums[0]);
	buf_z(b, "</tbody></table>\n");
	page_section_end(b);
	group_free(&g);
	return 0;
}

/* ---- lengths, copies: a numeric column in ten bins ---- */

enum { BINS = 10 };

struct bins {
	const char *column;
	double edges[BINS + 1];
	const char *labels[BINS];
};

/* Kept and left out, a bin each; 1: the corpus has no such column. *at is the column. */
static int count_bins(struct report *r, const struct bins *x, unsigned *at, double kept[BINS], double out[BINS], struct err *e)
{
	int found = corpus_find(r->c, str_of(x->column));
	*at = found < 0 ? 0 : (unsigned)found;
	return found < 0 ? 1 : spread_bins(r->c, *at, x->edges, BINS + 1, kept, out, e);
}

int report_lengths(struct report *r, struct err *e)
{
	static const struct bins words = {"words", {0, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, INFINITY},
					  {"<20", "20\u201350", "50\u2013100", "100\u2013200", "200\u2013500", "500\u20131k", "1k\u20132k", "2k\u20135k", "5k\u201310k", ">10k"}};
	double kept[BINS], out[BINS];
	unsigned at;
	struct spread x;
	int rc = count_bins(r, &words, &at, kept, out, e);
	if (!rc)
		rc = spread_of(r->c, at, NULL, 1, 0, 1, &x, e);
	if (rc)
		return rc < 0 ? rc : 0;
	const struct chart_series s[] = {{"cin", "documents", "documentos", kept}};
	const struct chart c = {words.labels, BINS, s, 1, "words of a document", "palavras de um documento", "documents", "documentos"};
	page_section(r->b, "lengths", "Lengths", "Comprimentos");
	buf_z(r->b, "<p class=note>");
	page_say(r->b, "Words of the documents that were kept. Half of them have at least ", "Palavras dos documentos guardados. Metade tem pelo menos ");
	page_real(r->b, x.n ? x.p[2] : (double)NAN, 0);
	page_say(r->b, "; the middle nine tenths lie between ", "; nove décimos estão entre ");
	page_real(r->b, x.n ? x.p[0] : (double)NAN, 0);
	page_say(r->b, " and ", " e ");
	page_real(r->b, x.n ? x.p[4] : (double)NAN, 0);
	buf_z(r->b, ".</p>\n");
	chart_columns(r->b, &c);
	page_section_end(r->b);
	return 0;
}

/* ---- charsets ---- */

static int charset_place(const struct group_result *totals, const struct group_key *k)
{
	for (int i = 0; i < CHARSETS && (size_t)i < totals->n; i++)
		if (!totals->rows[i].key[0].null && str_eq(totals->rows[i].key[0].text, k->text))
			return i;
	return CHARSETS;
}

int report_charsets(struct report *r, struct err *e)
{
	static const char *const one[] = {"charset", NULL}, *const both[] = {"charset", "year", NULL};
	static const char *const css[CHARSETS + 1] = {"c4", "c1", "cin", "cbr", "c3", "cout"};
	static double values[CHARSETS + 1][YEARS_MAX];
	struct chart_series s[CHARSETS + 1];
	struct group_result totals = {0}, g = {0};
	struct years y;
	bool none;
	char names[CHARSETS][32];
	if (!find_years(r, &y))
		return 0;
	int rc = report_groups(r, one, NULL, &totals, &none, e);
	if (!rc && !none)
		rc = report_groups(r, both, NULL, &g, &none, e);
	if (rc || none) {
		if (totals.a)
			group_free(&totals);
		return rc;
	}
	/* What was not decoded (left out before) has no charset. */
	group_sort(&totals, 1, false);
	size_t n = 0;
	for (size_t i = 0; i < totals.n; i++)
		if (!totals.rows[i].key[0].null)
			totals.rows[n++] = totals.rows[i];
	totals.n = n;
	memset(values, 0, sizeof(values));
	bool others = false;
	for (size_t i = 0; i < g.n; i++) {
		unsigned at = year_of(&y, &g.rows[i].key[1]);
		if (g.rows[i].key[0].null || at == YEARS_MAX)
			continue;
		int place = charset_place(&totals, &g.rows[i].key[0]);
		others |= place == CHARSETS;
		values[place][at] += (double)g.rows[i].captures;
	}
	unsigned shown = 0;
	for (; shown < CHARSETS && shown < totals.n; shown++) {
		snprintf(names[shown], sizeof(names[shown]), "%.*s", (int)(totals.rows[shown].key[0].text.n < 31 ? totals.rows[shown].key[0].text.n : 31),
			 totals.rows[shown].key[0].text.p);
		s[shown] = (struct chart_series){css[shown], names[shown], names[shown], values[shown]};
	}
	if (others)
		s[shown++] = (struct chart_series){css[CHARSETS], "others", "outros", values[CHARSETS]};
	if (shown) {
		const struct chart c = {y.labels, y.n, s, shown, "year of capture", "ano da captura", "share of the pages of the year", "parte das páginas do ano", .shares = true, .every_5 = true};
		page_section(r->b, "charsets", "Character sets", "Codificações de caracteres");
		page_note(r->b, "What the pages of each year were decoded from.", "De que codificação vieram as páginas de cada ano.");
		chart_columns(r->b, &c);
		page_section_end(r->b);
	}
	group_free(&totals);
	group_free(&g);
	return 0;
}

int report_copies(struct report *r, struct err *e)
{
	static const struct bins copies = {"minhash_cluster_size", {1, 2, 3, 4, 6, 11, 21, 51, 101, 1001, INFINITY},
					   {"1", "2", "3", "4\u20135", "6\u201310", "11\u201320", "21\u201350", "51\u2013100", "101\u20131000", ">1000"}};
	double kept[BINS], out[BINS];
	unsigned at;
	int rc = count_bins(r, &copies, &at, kept, out, e);
	if (rc)
		return rc < 0 ? rc : 0;
	const struct chart_series s[] = {{"cin", "stays", "fica", kept}, {"c3", "left out", "sai", out}};
	const struct chart c = {copies.labels, BINS, s, 2, "captures with the same text", "capturas com o mesmo texto", "captures", "capturas"};
	page_section(r->b, "copies", "Copies", "Cópias");
	page_note(r->b, "Captures that reached deduplication, by how many copies of the same text there are.",
		  "Capturas que chegaram à procura de cópias, pelo número de cópias do mesmo texto.");
	chart_columns(r->b, &c);
	page_section_end(r->b);
	return 0;
}

/* ---- archive files ---- */

static int by_damage(const void *a, const void *b)
{
	const struct past_input *x = *(const struct past_input *const *)a, *y = *(const struct past_input *const *)b;
	if (x->damaged != y->damaged)
		return x->damaged < y->damaged ? 1 : -1;
	if (x->skipped != y->skipped)
		return x->skipped < y->skipped ? 1 : -1;
	return str_cmp(x->path, y->path);
}

static void file_row(struct buf *b, const struct past_input *in)
{
	buf_z(b, "<tr><td class=w>");
	buf_z(b, "<bdi>");
	page_name(b, in->path);
	buf_z(b, "</bdi></td><td class='n wide'>");
	page_real(b, (double)in->size / 1e6, in->size < 1000000 ? 3 : 1);
	buf_z(b, "</td><td class=n>");
	page_int(b, (int64_t)in->captures);
	buf_z(b, "</td><td class=n>");
	page_int(b, (int64_t)in->damaged);
	buf_z(b, "</td><td class='n wide'>");
	page_int(b, (int64_t)in->skipped);
	buf_z(b, "</td></tr>\n");
}

int report_files(struct report *r, struct err *e)
{
	const struct past *p = &r->past;
	struct buf *b = r->b;
	(void)e;
	if (!p->n_inputs)
		return 0;
	const struct past_input **v = own_alloc(p->n_inputs * sizeof(*v));
	size_t damaged = 0;
	for (size_t i = 0; i < p->n_inputs; i++) {
		v[i] = &p->inputs[i];
		damaged += v[i]->damaged || v[i]->skipped;
	}
	qsort(v, p->n_inputs, sizeof(*v), by_damage);
	page_section(b, "files", "Archive files, and damage", "Ficheiros do arquivo, e danos");
	buf_z(b, "<p class=note>");
	page_int(b, (int64_t)p->n_inputs);
	page_say(b, " files, ", " ficheiros, ");
	bool giga = p->input_bytes >= 1000000000, kilo = p->input_bytes < 1000000;
	page_real(b, (double)p->input_bytes / (giga ? 1e9 : kilo ? 1e3 : 1e6), 1);
	buf_z(b, giga ? " GB" : kilo ? " kB" : " MB");
	page_say(b, " as stored; files with damage: ", " tal como guardados; ficheiros com danos: ");
	page_int(b, (int64_t)damaged);
	page_say(b, ". Tokens per GB of archive: ", ". Tokens por GB de arquivo: ");
	page_int(b, p->input_bytes ? (int64_t)(r->tokens / ((double)p->input_bytes / 1e9)) : 0);
	buf_z(b, ".</p>\n<table><thead><tr>");
	page_th(b, false, "file", "ficheiro");
	buf_z(b, "<th class='n wide' scope=col>MB</th>");
	page_th(b, true, "captures", "capturas");
	page_th(b, true, "damaged", "danificadas");
	buf_z(b, "<th class='n wide' scope=col>");
	page_say(b, "bytes passed over", "bytes saltados");
	buf_z(b, "</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < p->n_inputs && i < FILES_SHOWN; i++)
		file_row(b, v[i]);
	buf_z(b, "</tbody></table>\n");
	if (p->n_inputs > FILES_SHOWN) {
		buf_z(b, "<p class=note>");
		page_say(b, "The others are in manifest.json.", "Os outros estão em manifest.json.");
		buf_z(b, "</p>\n");
	}
	page_section_end(b);
	free(v);
	return 0;
}
