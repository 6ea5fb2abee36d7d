#include "cli/train.h"

#include "cli/command.h"
#include "cli/common.h"
#include "filter/train.h"

#include <stdio.h>

struct conf {
	unsigned task;
	bool quality, perplexity;
	struct train_conf train;
};
static const char *const tasks[] = {"variety", "language", "quality", "perplexity", NULL};

static const struct opt train_opts[] = {
	{OPT_CHOICE, 't', "task", "NAME", "what to learn", offsetof(struct conf, task), .choices = tasks},
	{OPT_FLAG, 0, "quality", NULL, "the same as --task quality", offsetof(struct conf, quality)},
	{OPT_FLAG, 0, "perplexity", NULL, "the same as --task perplexity", offsetof(struct conf, perplexity)},
	{OPT_REAL, 0, "cost", "C", "cost of an error on a row; 0 = the task's own", offsetof(struct conf, train.c), .def = 0, .hi = 1e6},
	{OPT_UINT, 0, "bits", "N", "log2 of the buckets; 0 = the task's own", offsetof(struct conf, train.bits), .def = 0, .hi = 24},
	{OPT_UINT, 0, "seed", "N", "of the order of rows and of the crops", offsetof(struct conf, train.seed), .def = 20261124, .lo = 1, .hi = 1e15},
	{OPT_TEXT, 0, "leave", "PREFIX", "keep sources or domains that begin so out of a variety model, and score them by it", offsetof(struct conf, train.leave)},
	{OPT_TEXT, 0, "classes", "MODEL", "language: take the classes of this model and learn the gate alone", offsetof(struct conf, train.classes)},
	{OPT_FLAG, 0, "no-calibration", NULL, "do not leave domains out to calibrate (for trials)", offsetof(struct conf, train.no_calibration)},
	{0},
};

static void say(const char *line)
{
	fprintf(stderr, "%s\n", line);
}

int cmd_train(int argc, char **argv)
{
	struct common_conf common;
	struct conf conf = {0};
	struct opt_set sets[] = {{"common", common_opts, &common}, {"train", train_opts, &conf}};
	struct err e = {0};
	const char **paths = NULL;
	size_t n = 0;
	static int (*const learn[])(const char *const *, size_t, const char *, const struct train_conf *, train_say *, struct err *) = {train_variety, train_language, train_quality, train_perplexity};
	int n_args = 0, status = common_parse(argv[0], sets, 2, argc, argv, &n_args);
	if (status >= 0)
		return status;
	if (!common.out || !n_args) {
		fprintf(stderr, "peneira: train needs -o MODEL and files of labelled text\nsee: peneira help train\n");
		return EXIT_USAGE;
	}
	int rc = common_paths(argv + 1, n_args, &paths, &n, &e);
	if (!rc)
		rc = learn[conf.quality ? 2 : conf.perplexity ? 3 : conf.task](paths, n, common.out, &conf.train, say, &e);
	free(paths);
	return rc ? common_fail(&e) : EXIT_DONE;
}
