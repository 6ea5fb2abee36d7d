#include "cli/card.h"

#include "cli/answer.h"
#include "cli/chain.h"
#include "cli/command.h"
#include "cli/report_part.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

struct card_conf {
	const char *name, *license;
	bool datasheet;
};

static const struct opt card_opts[] = {
	{OPT_TEXT, 0, "name", "NAME", "name of the dataset; by default its collections", offsetof(struct card_conf, name)},
	{OPT_TEXT, 0, "license", "ID", "licence under which it is published, as Hugging Face names it", offsetof(struct card_conf, license), .text = "other"},
	{OPT_FLAG, 0, "datasheet", NULL, "a datasheet (Gebru et al. 2021) instead of the card", offsetof(struct card_conf, datasheet)},
	{0},
};

struct card {
	struct report r; /* corpus, manifest, totals */
	const struct card_conf *conf;
	struct buf *b, name;
	double first, last;
};

/* Names and paths come from outside: one line, nothing that Markdown or YAML would take for its own. */
static void put_plain(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_byte(b, strchr("\n\r\t|`<>\"\\[]*_#", s.p[i]) ? ' ' : s.p[i]);
}

/* ---- tables ---- */

static int put_groups(struct card *c, const char *column, const char *title, size_t max, bool by_key, struct err *e)
{
	const char *by[] = {column, NULL};
	static const char *const sums[] = {"token_count", NULL};
	struct group_result g;
	bool none;
	int rc = report_groups(&c->r, by, sums, &g, &none, e);
	if (rc || none)
		return rc;
	group_sort(&g, 1, by_key);
	buf_printf(c->b, "| %s | captures | documents | tokens |\n|---|---:|---:|---:|\n", title);
	for (size_t i = 0; i < g.n && i < max; i++) {
		buf_z(c->b, "| ");
		if (g.rows[i].key[0].null)
			buf_z(c->b, strcmp(column, "reason") == 0 ? "(kept)" : "(not known)");
		else if (strcmp(column, "reason") == 0)
			buf_printf(c->b, "`%.*s`", STR_ARG(g.rows[i].key[0].text));
		else
			put_plain(c->b, g.rows[i].key[0].text);
		buf_printf(c->b, " | %" PRIu64 " | %" PRIu64 " | %" PRId64 " |\n", g.rows[i].captures, g.rows[i].documents, g.rows[i].sums[0]);
	}
	buf_z(c->b, "\n");
	group_free(&g);
	return 0;
}

static void put_rules(struct card *c)
{
	const struct past *p = &c->r.past;
	struct buf *b = c->b;
	buf_printf(b, "Language: probability of Portuguese of at least %g. Variety: European at %g or above, Brazilian at %g or below, else undetermined.\n\n", p->filter.language_score,
		   p->filter.high, p->filter.low);
	buf_z(b, "| quality signal | at least | at most |\n|---|---:|---:|\n");
	for (int i = 0; i < QUALITY_SIGNALS; i++) {
		const struct quality_bound *x = &p->bounds[i];
		if (isnan(x->least) && isnan(x->most))
			continue;
		buf_printf(b, "| `%s` |", quality_names[i]);
		isnan(x->least) ? buf_z(b, " |") : buf_printf(b, " %g |", x->least);
		isnan(x->most) ? buf_z(b, " |\n") : buf_printf(b, " %g |\n", x->most);
	}
	buf_z(b, "\n");
}

static void put_masked(struct card *c)
{
	const struct past *p = &c->r.past;
	bool any = false;
	for (size_t i = 0; i < p->n_notes; i++)
		if (str_starts(p->notes[i].name, STR("filter.pii_"))) {
			buf_printf(c->b, "%s%.*s %.0f", any ? ", " : "", STR_ARG(str_from(p->notes[i].name, 11)), p->notes[i].value);
			any = true;
		}
	if (any)
		buf_z(c->b, " places were masked.\n\n");
	else
		buf_z(c->b, p->filter.mask ? "Nothing was found that looks like personal data and is masked.\n\n" : "Personal data were not masked.\n\n");
}

/* ---- the card ---- */

static const char *size_category(double n)
{
	static const struct {
		double below;
		const char *name;
	} sizes[] = {{1e3, "n<1K"}, {1e4, "1K<n<10K"}, {1e5, "10K<n<100K"}, {1e6, "100K<n<1M"}, {1e7, "1M<n<10M"}, {1e8, "10M<n<100M"}, {1e9, "100M<n<1B"}, {1e10, "1B<n<10B"}};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		if (n < sizes[i].below)
			return sizes[i].name;
	return "10B<n<100B";
}

static void put_yaml(struct card *c)
{
	struct buf *b = c->b;
	buf_z(b, "---\nlanguage:\n- pt\nlicense: ");
	put_plain(b, str_of(c->conf->license));
	buf_z(b, "\npretty_name: \"");
	put_plain(b, buf_view(&c->name));
	buf_printf(b, "\"\nsize_categories:\n- %s\ntask_categories:\n- text-generation\ntags:\n- web\n- european-portuguese\n", size_category(c->r.documents));
	buf_z(b, "configs:\n- config_name: default\n  data_files:\n  - split: train\n    path: docs/*.jsonl.zst\n---\n\n");
}

static void put_summary(struct card *c)
{
	struct buf *b = c->b;
	const struct report *r = &c->r;
	buf_printf(b, "%.0f documents (%.0f words, %.0f tokens", r->documents, r->words, r->tokens);
	if (r->past.tokenizer.n) {
		buf_z(b, " of the tokenizer ");
		put_plain(b, r->past.tokenizer);
	}
	buf_printf(b, ") of Portuguese from %.0f captured web pages", r->captures);
	if (c->last > 0)
		buf_printf(b, c->last > c->first ? ", captured from %.0f to %.0f" : ", captured in %.0f", c->first, c->last);
	uint64_t bytes = r->past.input_bytes;
	bool tiny = bytes < 1000000, small = bytes < 1000000000;
	buf_z(b, ".\nMade by Peneira ");
	put_plain(b, r->past.version.n ? r->past.version : STR(PENEIRA_VERSION));
	buf_printf(b, " from %zu archive files of %.1f %s.\n\n", r->past.n_inputs, (double)bytes / (tiny ? 1e3 : small ? 1e6 : 1e9), tiny ? "kB" : small ? "MB" : "GB");
}

static const char fields_text[] =
	"One JSON object a line. `text` is the main text; `url`, `date`, `file_path` and `file_offset` say which capture it is from;\n"
	"`language`, `variety` and their scores, `signals`, `minhash_cluster_size` and `token_count` say what was found of it.\n"
	"`meta/*.parquet` has one row for every captured page, kept or not, with the reason.\n\n";
static const char licence_text[] =
	"The texts are those of their authors. They were collected by a web archive; a licence given here covers the selection and the\n"
	"annotations, not the texts. Every document names the capture it comes from, and every shard the document behind each token, so that a\n"
	"page can be found and taken out.\n\n";
static const char limits_text[] =
	"Main text, language, variety and quality are decided by programs, which err: `report.html` shows samples of each decision. Texts of\n"
	"undetermined variety are kept as `pt`. The web that was archived is not the web that was: hosts and years are represented unevenly.\n"
	"Masking finds patterns and misses what has none. Opinions, errors and offensive language of the pages are in it.\n\n";

static int put_card(struct card *c, struct err *e)
{
	struct buf *b = c->b;
	put_yaml(c);
	buf_z(b, "# ");
	put_plain(b, buf_view(&c->name));
	buf_z(b, "\n\n");
	put_summary(c);
	buf_z(b, "## Variety\n\n");
	int rc = put_groups(c, "variety", "variety", 10, false, e);
	buf_z(b, "## Years\n\n");
	if (!rc)
		rc = put_groups(c, "year", "year", 200, true, e);
	buf_z(b, "## Sources\n\n");
	if (!rc)
		rc = put_groups(c, "dump", "collection", 50, false, e);
	buf_z(b, "## What was left out\n\n");
	if (!rc)
		rc = put_groups(c, "reason", "reason", 100, false, e);
	buf_z(b, "## Filters\n\n");
	put_rules(c);
	buf_z(b, "## Personal data\n\n");
	put_masked(c);
	buf_printf(b, "## Fields\n\n%s## Licence\n\n%s## Known limits\n\n%s", fields_text, licence_text, limits_text);
	b->n--;
	return rc;
}

/* ---- the datasheet ---- */

static void question(struct card *c, const char *text)
{
	buf_printf(c->b, "**%s**\n\n", text);
}

static void to_fill_in(struct card *c, const char *text)
{
	question(c, text);
	buf_z(c->b, "*To be answered by who publishes it.*\n\n");
}

static int put_datasheet(struct card *c, struct err *e)
{
	struct buf *b = c->b;
	buf_z(b, "# Datasheet: ");
	put_plain(b, buf_view(&c->name));
	buf_z(b, "\n\nQuestions of Gebru et al., Datasheets for Datasets, CACM 64(12), 2021. What the corpus itself can tell is answered.\n\n## Motivation\n\n");
	to_fill_in(c, "For what purpose was the dataset created, by whom, funded by whom?");
	buf_z(b, "## Composition\n\n");
	question(c, "What do the instances represent, and how many are there?");
	put_summary(c);
	question(c, "Is it all, or a sample?");
	buf_z(b, "All captures of the archive files below that passed the filters.\n\n");
	int rc = put_groups(c, "dump", "collection", 50, false, e);
	question(c, "What data does each instance consist of?");
	buf_z(b, fields_text);
	question(c, "Are there errors, noise, redundancies?");
	uint64_t damaged = 0;
	for (size_t i = 0; i < c->r.past.n_inputs; i++)
		damaged += c->r.past.inputs[i].damaged;
	buf_printf(b, "%" PRIu64 " records of the archive were damaged and counted; copies were taken out, as the reasons below say.\n\n", damaged);
	question(c, "Does it contain confidential or personal data?");
	buf_z(b, "The pages were public when they were captured. ");
	put_masked(c);
	buf_z(b, "## Collection\n\n");
	question(c, "How and when was the data acquired?");
	buf_z(b, "By a web archive; each document has the date of its capture.\n\n");
	if (!rc)
		rc = put_groups(c, "year", "year", 200, true, e);
	buf_z(b, "## Preprocessing\n\n");
	question(c, "What was done to the raw data?");
	buf_z(b, "Main text was extracted from the HTML, language and variety were classified, quality rules applied, copies removed. What was left out:\n\n");
	if (!rc)
		rc = put_groups(c, "reason", "reason", 100, false, e);
	put_rules(c);
	question(c, "Is the raw data saved, and is the software available?");
	buf_z(b, "Each document names archive file and offset. Options, versions and digests are in `manifest.json`.\n\n## Uses\n\n");
	to_fill_in(c, "Has it been used, and for what should it not be used?");
	question(c, "What might impact future uses?");
	buf_z(b, limits_text);
	buf_z(b, "## Distribution\n\n");
	question(c, "Under which licence, and what rights do others have?");
	buf_z(b, licence_text);
	buf_z(b, "## Maintenance\n\n");
	to_fill_in(c, "Who maintains it, how are errors reported and pages taken down?");
	b->n--;
	return rc;
}

/* ---- the command ---- */

static int set_name(struct card *c, struct err *e)
{
	static const char *const by[] = {"dump", NULL};
	struct group_result g;
	bool none;
	if (c->conf->name) {
		buf_z(&c->name, c->conf->name);
		return 0;
	}
	int rc = report_groups(&c->r, by, NULL, &g, &none, e);
	if (rc || none)
		return rc;
	group_sort(&g, 1, false);
	for (size_t i = 0; i < g.n && i < 3; i++)
		if (!g.rows[i].key[0].null) {
			buf_z(&c->name, c->name.n ? ", " : "");
			buf_str(&c->name, g.rows[i].key[0].text);
		}
	group_free(&g);
	return 0;
}

static int make(struct card *c, const char *dir, struct err *e)
{
	int rc = corpus_open(&c->r.c, &dir, 1, e);
	if (rc)
		return rc;
	rc = past_read(&c->r.past, corpus_folder(c->r.c), e);
	if (rc < 0)
		return rc;
	rc = report_totals(&c->r, e);
	if (!rc)
		rc = set_name(c, e);
	report_range(&c->r, "year", &c->first, &c->last);
	if (!rc)
		rc = c->conf->datasheet ? put_datasheet(c, e) : put_card(c, e);
	past_free(&c->r.past);
	return rc;
}

int cmd_card(int argc, char **argv)
{
	struct common_conf common;
	struct card_conf conf;
	struct opt_set sets[] = {{"common", common_opts, &common}, {"card", card_opts, &conf}};
	struct err e = {0};
	struct buf out;
	int n_args = 0, status = common_parse(argv[0], sets, 2, argc, argv, &n_args);
	if (status >= 0)
		return status;
	buf_init(&out, BUF_NO_MAX);
	struct card c = {.conf = &conf, .b = &out};
	c.r.b = &out;
	buf_init(&c.name, BUF_NO_MAX);
	int rc = n_args == 1 ? make(&c, argv[1], &e) : err_at(&e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "one folder that `peneira run -o` made is needed");
	status = rc ? common_fail(&e) : answer_end(&common, &out);
	corpus_free(c.r.c);
	buf_free(&c.name);
	buf_free(&out);
	return status;
}
