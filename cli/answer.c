#include "cli/answer.h"

#include "cli/command.h"
#include "core/zout.h"

#include <stdio.h>

const struct opt answer_opts[] = {
	{OPT_FLAG, 0, "json", NULL, "print JSON", offsetof(struct answer_conf, json)},
	{OPT_FLAG, 0, "csv", NULL, "print CSV", offsetof(struct answer_conf, csv)},
	{0},
};

enum table_format answer_format(const struct answer_conf *c)
{
	return c->json ? TABLE_JSON : c->csv ? TABLE_CSV : TABLE_TEXT;
}

int answer_end(const struct common_conf *common, const struct buf *b)
{
	struct err e = {0};
	if (common->out && strcmp(common->out, "-") != 0)
		return zout_file(common->out, buf_view(b), &e) ? common_fail(&e) : EXIT_DONE;
	if (b->n)
		fwrite(b->p, 1, b->n, stdout);
	return common_close_stdout() ? EXIT_DONE : EXIT_FAILED;
}
