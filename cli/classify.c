#include "cli/classify.h"

#include "cli/command.h"
#include "cli/common.h"
#include "cli/texts.h"
#include "core/json.h"
#include "filter/judge.h"

#include <stdio.h>

struct conf {
	const char *language_model, *variety_model;
	double low, high;
};

static const struct opt classify_opts[] = {
	{OPT_TEXT, 0, "language-model", "FILE", "another language model than the built-in one", offsetof(struct conf, language_model)},
	{OPT_TEXT, 0, "variety-model", "FILE", "another variety model than the built-in one", offsetof(struct conf, variety_model)},
	{OPT_REAL, 0, "brazil-below", "P", "pt-BR at or below this probability of pt-PT", offsetof(struct conf, low), .def = 0.2, .hi = 1},
	{OPT_REAL, 0, "portugal-above", "P", "pt-PT at or above this probability", offsetof(struct conf, high), .def = 0.8, .hi = 1},
	{0},
};

static void *start(const void *judge)
{
	return judge_start(judge);
}

static void stop(void *work)
{
	judge_stop(work);
}

static void answer(const void *judge, void *work, struct str id, struct str text, struct buf *out)
{
	struct verdict v;
	judge_text(judge, work, text, &v);
	buf_z(out, "{\"id\":");
	buf_str(out, id);
	buf_printf(out, ",\"language\":\"%s\",\"language_score\":", v.language);
	json_put_real(out, (double)v.language_score);
	buf_printf(out, ",\"variety\":\"%s\",\"variety_score\":", v.variety);
	json_put_real(out, (double)v.variety_score);
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
	struct judge *judge = NULL;
	int rc = judge_open(&judge, conf.language_model, conf.variety_model, (float)conf.low, (float)conf.high, &e);
	if (!rc)
		rc = texts_answer(&common, argv + 1, n_args, judge, start, answer, stop, &e);
	judge_free(judge);
	if (rc)
		return common_fail(&e);
	return common_close_stdout() ? EXIT_DONE : EXIT_FAILED;
}
