#include "cli/gather.h"

#include "cli/command.h"
#include "core/zout.h"
#include "crawl/cdxj.h"
#include "crawl/client.h"
#include "crawl/fetch.h"

#include <stdio.h>

const struct opt gather_opts[] = {
	{OPT_FLAG, 0, "cdxj", NULL, "write a sorted CDXJ index of the archives instead, as pywb serves it", offsetof(struct gather_conf, cdxj)},
	{OPT_TEXT, 0, "server", "URL", "fetch from this archive server, e.g. https://arquivo.pt/wayback", offsetof(struct gather_conf, server)},
	{OPT_TEXT, 0, "replay", "URL", "where it gives raw captures, if elsewhere, e.g. https://arquivo.pt/noFrame/replay", offsetof(struct gather_conf, replay)},
	{OPT_LIST, 0, "cdxj-from", "LIST", "fetch the captures of this CDXJ file instead of asking the server for --url", offsetof(struct gather_conf, cdxj_from)},
	{OPT_TEXT, 0, "contact", "TEXT", "e-mail or web address, for the User-Agent", offsetof(struct gather_conf, contact)},
	{OPT_UINT, 0, "rate", "N", "requests a minute", offsetof(struct gather_conf, rate), .def = FETCH_PER_MINUTE, .lo = 1, .hi = 60000},
	{OPT_UINT, 0, "connections", "N", "requests under way at a time", offsetof(struct gather_conf, connections), .def = 2, .lo = 1, .hi = CLIENT_SLOTS},
	{OPT_UINT, 0, "cdx-lines", "N", "lines that the server's index gives at most for a question", offsetof(struct gather_conf, cdx_lines), .def = FETCH_CDX_LINES, .lo = 1},
	{0},
};

bool gather_wanted(const struct gather_conf *g)
{
	return g->cdxj || g->server || g->cdxj_from.n;
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

static int write_cdxj(const struct common_conf *common, const char *const *paths, size_t n, struct tally *t, struct err *e)
{
	struct sorted *lines = sorted_new(common->tmp, common->memory / 4);
	int rc = 0;
	for (size_t i = 0; !rc && i < n; i++)
		rc = cdxj_file(paths[i], lines, t, e);
	if (!rc)
		rc = write_index(lines, common->out ? common->out : "-", e);
	sorted_free(lines);
	return rc;
}

static int fetch(const struct common_conf *common, const struct gather_conf *g, const struct crawl_conf *crawl, struct tally *t, struct err *e)
{
	struct fetch_conf f = {.server = g->server, .replay = g->replay ? g->replay : g->server, .lists = g->cdxj_from.v, .n_lists = g->cdxj_from.n, .contact = g->contact, .out = common->out,
			       .tmp = common->tmp, .per_minute = g->rate, .connections = g->connections, .cdx_lines = g->cdx_lines, .memory = common->memory, .crawl = crawl};
	if (!g->server)
		return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "--cdxj-from needs --server");
	_cleanup_(progress_freep) struct progress *p = common->quiet ? NULL : progress_new("fetch", 0, common->progress);
	int rc = fetch_run(&f, t, p, e);
	if (rc == 1)
		fprintf(stderr, "peneira: %s is there already: nothing to fetch\n", common->out);
	return rc < 0 ? rc : 0;
}

int gather(const struct common_conf *common, const struct gather_conf *g, const struct crawl_conf *crawl, const char *const *paths, size_t n)
{
	struct err e = {0};
	struct tally *t = tally_new(NULL, 0);
	double began = common_now();
	int rc = g->cdxj ? write_cdxj(common, paths, n, t, &e) : fetch(common, g, crawl, t, &e);
	int status = rc ? common_fail(&e) : common_end(common, t, g->cdxj ? common_size(paths, n) : 0, common_now() - began, &e);
	tally_free(t);
	return status;
}
