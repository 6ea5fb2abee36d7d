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

static int write_file(const char *path, const struct buf *b, struct err *e)
{
	struct zout *z;
	int rc = zout_open(&z, path, 0, e);
	if (rc)
		return rc;
	rc = zout_write(z, b->p, b->n, e);
	if (rc)
		zout_free(z);
	else
		rc = zout_commit(z, e);
	return rc;
}

int answer_end(const struct common_conf *common, const struct buf *b)
{
	struct err e = {0};
	if (common->out && strcmp(common->out, "-") != 0)
		return write_file(common->out, b, &e) ? common_fail(&e) : EXIT_DONE;
	if (b->n)
		fwrite(b->p, 1, b->n, stdout);
	return common_close_stdout() ? EXIT_DONE : EXIT_FAILED;
}
