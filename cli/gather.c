#include "cli/gather.h"

#include "cli/command.h"
#include "core/zout.h"
#include "crawl/cdxj.h"

#include <stdio.h>

const struct opt gather_opts[] = {
	{OPT_FLAG, 0, "cdxj", NULL, "write a sorted CDXJ index of the archives instead, as pywb serves it", offsetof(struct gather_conf, cdxj)},
	{0},
};

bool gather_wanted(const struct gather_conf *g)
{
	return g->cdxj;
}

/* Lines that are there twice (a file named twice) are written once. */
static int write_index(struct sorted *lines, const char *path, struct err *e)
{
	struct zout *z;
	struct str line;
	struct buf last;
	int rc = zout_open(&z, path, 0, e);
	if (rc)
		return rc;
	buf_init(&last, BUF_NO_MAX);
	while (!rc && (rc = sorted_next(lines, &line, e)) > 0) {
		rc = 0;
		if (last.n && str_eq(buf_view(&last), line))
			continue;
		buf_clear(&last);
		buf_str(&last, line);
		rc = zout_write(z, line.p, line.n, e);
		if (!rc)
			rc = zout_write(z, "\n", 1, e);
	}
	buf_free(&last);
	if (!rc)
		return zout_commit(z, e);
	zout_free(z);
	return rc;
}

int gather(const struct common_conf *common, const struct gather_conf *g, const char *const *paths, size_t n)
{
	(void)g;
	struct err e = {0};
	struct tally *t = tally_new(NULL, 0);
	struct sorted *lines = sorted_new(common->tmp, common->memory / 4);
	double began = common_now();
	int rc = 0;
	for (size_t i = 0; !rc && i < n; i++)
		rc = cdxj_file(paths[i], lines, t, &e);
	if (!rc)
		rc = write_index(lines, common->out ? common->out : "-", &e);
	sorted_free(lines);
	int status = rc ? common_fail(&e) : common_end(common, t, common_size(paths, n), common_now() - began, &e);
	tally_free(t);
	return status;
}
