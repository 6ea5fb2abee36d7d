#include "cli/classify.h"

#include "cli/command.h"
#include "cli/common.h"
#include "cli/texts.h"
#include "core/json.h"
#include "filter/judge.h"

#include <math.h>
#include <stdio.h>

enum { EXPLAIN_MAX = 64 };

struct conf {
	const char *language_model, *variety_model;
	double low, high, prior;
	uint64_t explain;
	bool paragraphs, lines;
};

static const struct opt classify_opts[] = {
	{OPT_TEXT, 0, "language-model", "FILE", "another language model than the built-in one", offsetof(struct conf, language_model)},
	{OPT_TEXT, 0, "variety-model", "FILE", "another variety model than the built-in one", offsetof(struct conf, variety_model)},
	{OPT_REAL, 0, "brazil-below", "P", "pt-BR at or below this probability of pt-PT", offsetof(struct conf, low), .def = 0.2, .hi = 1},
	{OPT_REAL, 0, "portugal-above", "P", "pt-PT at or above this probability", offsetof(struct conf, high), .def = 0.8, .hi = 1},
	{OPT_REAL, 0, "prior", "P", "probability of pt-PT before the text is read", offsetof(struct conf, prior), .def = 0.5, .lo = 0.001, .hi = 0.999},
	{OPT_UINT, 0, "explain", "N", "also the N features that decided the variety", offsetof(struct conf, explain), .def = 0, .hi = EXPLAIN_MAX},
	{OPT_FLAG, 0, "paragraphs", NULL, "also language and variety of each paragraph", offsetof(struct conf, paragraphs)},
	{OPT_FLAG, 0, "lines", NULL, "also the share of words in Portuguese lines", offsetof(struct conf, lines)},
	{0},
};

struct shared {
	struct judge *judge;
	const struct conf *conf;
};

static void *start(const void *shared)
{
	return judge_start(((const struct shared *)shared)->judge);
}

static void stop(void *work)
{
	judge_stop(work);
}

static void put_verdict(struct buf *out, const struct verdict *v)
{
	buf_printf(out, "\"language\":\"%s\",\"language_score\":", v->language);
	json_put_real(out, (double)v->language_score);
	buf_printf(out, ",\"variety\":\"%s\",\"variety_score\":", v->variety);
	json_put_real(out, (double)v->variety_score);
}

/* A paragraph is a line that holds something. */
static void put_paragraphs(const struct judge *j, struct judge_work *w, struct str text, struct buf *out)
{
	const char *comma = "";
	buf_z(out, ",\"paragraphs\":[");
	while (text.n) {
		struct verdict v;
		struct str line = str_trim(str_cut(text, '\n', &text));
		if (!line.n)
			continue;
		judge_text(j, w, line, &v);
		buf_printf(out, "%s{", comma);
		put_verdict(out, &v);
		buf_printf(out, ",\"words\":%u}", v.words);
		comma = ",";
	}
	buf_byte(out, ']');
}

static void put_reasons(const struct judge *j, struct judge_work *w, struct str text, unsigned most, struct buf *out)
{
	struct judge_reason r[EXPLAIN_MAX];
	unsigned n = judge_explain(j, w, text, r, most);
	buf_z(out, ",\"explain\":[");
	for (unsigned i = 0; i < n; i++) {
		buf_printf(out, "%s{\"%s\":", i ? "," : "", judge_kinds[r[i].kind]);
		json_put_string(out, r[i].name);
		buf_printf(out, ",\"for\":\"%s\",\"weight\":", r[i].weight > 0 ? "pt-PT" : "pt-BR");
		json_put_real(out, fabs((double)r[i].weight));
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
}

static void answer(const void *shared, void *work, struct str id, struct str text, struct buf *out)
{
	const struct shared *s = shared;
	struct verdict v;
	judge_text(s->judge, work, text, &v);
	buf_z(out, "{\"id\":");
	buf_str(out, id);
	buf_byte(out, ',');
	put_verdict(out, &v);
	if (s->conf->lines) {
		buf_z(out, ",\"portuguese_lines\":");
		json_put_real(out, (double)judge_lines(s->judge, work, text));
	}
	if (s->conf->explain)
		put_reasons(s->judge, work, text, (unsigned)s->conf->explain, out);
	if (s->conf->paragraphs)
		put_paragraphs(s->judge, work, text, out);
	buf_z(out, "}\n");
}

int cmd_classify(int argc, char **argv)
{
	struct common_conf common;
	struct conf conf;
	struct opt_set sets[] = {{"common", common_opts, &common}, {"classify", classify_opts, &conf}};
	struct err e = {0};
	int n_args = 0, status = common_parse(argv[0], sets, 2, argc, argv, &n_args);
	if (status >= 0)
		return status;
	struct shared shared = {.conf = &conf};
	struct judge_conf to = {conf.language_model, conf.variety_model, (float)conf.low, (float)conf.high, (float)conf.prior};
	int rc = judge_open(&shared.judge, &to, &e);
	if (!rc)
		rc = texts_answer(&common, argv + 1, n_args, &shared, start, answer, stop, &e);
	judge_free(shared.judge);
	if (rc)
		return common_fail(&e);
	return common_close_stdout() ? EXIT_DONE : EXIT_FAILED;
}
