#include "shard/remove.h"

#include "core/json.h"
#include "core/zin.h"
#include "core/zout.h"
#include "shard/flat.h"
#include "shard/mds_sample.h"
#include "shard/places.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

enum { URLS_MAX = 1 << 30 };

struct removing {
	const char *dir;
	char *text; /* of the list */
	struct str *urls;
	size_t n_urls;
	uint32_t filler;
	struct mds_range *ranges; /* of the split in hand */
	size_t n_ranges, cap_ranges;
	struct buf index, removed; /* the split's new index; lines for removed.jsonl */
	struct remove_count count;
	struct arena *a;
};

/* ---- the list ---- */

static int by_text(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static int read_urls(struct removing *r, const char *path, struct err *e)
{
	size_t n, cap = 0;
	int rc = zin_slurp(path, URLS_MAX, &r->text, &n, e);
	for (struct str rest = {r->text, rc ? 0 : n}; rest.n;) {
		struct str url = str_trim(str_cut(rest, '\n', &rest));
		if (!url.n)
			continue;
		if (r->n_urls == cap) {
			cap = cap ? 2 * cap : 256;
			r->urls = own_grow(r->urls, cap * sizeof(*r->urls));
		}
		r->urls[r->n_urls++] = url;
	}
	if (r->n_urls)
		qsort(r->urls, r->n_urls, sizeof(*r->urls), by_text);
	return rc;
}

static bool listed(const struct removing *r, struct str url)
{
	return r->n_urls && bsearch(&url, r->urls, r->n_urls, sizeof(*r->urls), by_text);
}

/* ---- the index of a split ---- */

static void take(struct removing *r, const struct place *l)
{
	if (r->n_ranges == r->cap_ranges) {
		r->cap_ranges = r->cap_ranges ? 2 * r->cap_ranges : 64;
		r->ranges = own_grow(r->ranges, r->cap_ranges * sizeof(*r->ranges));
	}
	r->ranges[r->n_ranges++] = (struct mds_range){l->document, l->position, l->tokens};
	buf_printf(&r->index, "{\"document\":%" PRIu64 ",\"position\":%" PRIu64 ",\"tokens\":%" PRIu64 ",\"removed\":true}\n", l->document, l->position, l->tokens);
}

static void record(struct removing *r, const char *split, const struct place *l)
{
	r->count.documents++;
	r->count.tokens += l->tokens;
	buf_z(&r->removed, "{\"url\":");
	json_put_string(&r->removed, l->url);
	buf_z(&r->removed, ",\"id\":");
	json_put_string(&r->removed, l->id);
	buf_printf(&r->removed, ",\"split\":\"%s\",\"position\":%" PRIu64 ",\"tokens\":%" PRIu64 "}\n", split, l->position, l->tokens);
}

static int scan_index(struct removing *r, const char *path, const char *split, bool recorded, struct err *e)
{
	struct zin *in;
	struct str text;
	struct place l;
	int rc = zin_open(&in, path, e);
	if (rc)
		return rc;
	buf_clear(&r->index);
	r->n_ranges = 0;
	while ((rc = zin_line(in, PLACES_LINE_MAX, &text, e)) > 0) {
		if (!places_read(&l, text, r->a)) {
			rc = err_at(e, ERR_DATA, (struct where){path, zin_offset(in)}, "a line that is no document of a split");
			break;
		}
		if (l.url.n && listed(r, l.url)) {
			take(r, &l);
			if (!recorded)
				record(r, split, &l);
		} else {
			buf_str(&r->index, text);
			buf_byte(&r->index, '\n');
		}
		arena_reset(r->a, 1 << 16);
	}
	zin_free(in);
	return rc;
}

static int write_text(const char *path, struct str text, struct err *e)
{
	struct zout *z;
	int rc = zout_open(&z, path, 0, e);
	if (rc)
		return rc;
	rc = zout_write(z, text.p, text.n, e);
	if (!rc)
		return zout_commit(z, e);
	zout_free(z);
	return rc;
}

/* ---- the tokens ---- */

static int blank_file(const struct removing *r, const char *path, bool wide, struct err *e)
{
	size_t width = wide ? 4 : 2;
	uint32_t filler[1024];
	struct buf bytes;
	int fd = open(path, O_WRONLY | O_CLOEXEC), rc = fd < 0 ? err_sys(e, path, "cannot open") : 0;
	for (size_t i = 0; i < 1024; i++)
		filler[i] = r->filler;
	buf_init(&bytes, BUF_NO_MAX);
	flat_bytes(&bytes, wide, filler, 1024);
	for (size_t i = 0; i < r->n_ranges && !rc; i++) {
		uint64_t at = r->ranges[i].position * width, end = at + r->ranges[i].tokens * width;
		while (at < end && !rc) {
			size_t n = end - at < bytes.n ? (size_t)(end - at) : bytes.n;
			ssize_t k = pwrite(fd, bytes.p, n, (off_t)at);
			if (k < 0 && errno != EINTR)
				rc = err_sys(e, path, "cannot write");
			at += k > 0 ? (uint64_t)k : 0;
		}
	}
	if (!rc && fsync(fd))
		rc = err_sys(e, path, "cannot sync");
	if (fd >= 0)
		close(fd);
	buf_free(&bytes);
	return rc;
}

/* The type is byte 17 of PREFIX.idx; the width stands behind the bar in PREFIX.ds.metadata. */
static int width_of(const char *path, bool index, bool *wide, struct err *e)
{
	char *bytes = NULL;
	size_t n = 0;
	int rc = zin_slurp(path, (size_t)1 << 40, &bytes, &n, e);
	struct str width = {0};
	if (!rc && !index)
		str_cut((struct str){bytes, n}, '|', &width);
	if (!rc && (index ? n < 18 : !width.n))
		rc = err_at(e, ERR_DATA, (struct where){path, WHERE_NONE}, "does not say how wide a token is");
	if (!rc)
		*wide = index ? bytes[17] == 4 : width.p[0] == '4';
	free(bytes);
	return rc;
}

static int blank(struct removing *r, const char *format, const char *split, struct err *e)
{
	char path[4096];
	bool wide = false, megatron = format[0] == 'm' && format[1] == 'e';
	if (str_eq(str_of(format), STR("mds"))) {
		snprintf(path, sizeof(path), "%s/mds/%s", r->dir, split);
		return mds_sample_blank(path, r->ranges, r->n_ranges, r->filler, e);
	}
	snprintf(path, sizeof(path), "%s/%s/%s%s", r->dir, format, split, megatron ? ".idx" : ".ds.metadata");
	int rc = width_of(path, megatron, &wide, e);
	snprintf(path, sizeof(path), "%s/%s/%s%s", r->dir, format, split, megatron ? ".bin" : ".ds");
	return rc ? rc : blank_file(r, path, wide, e);
}

static int record_all(struct removing *r, struct err *e)
{
	char path[4096], *before = NULL;
	size_t n = 0;
	struct buf all;
	int rc = 0;
	snprintf(path, sizeof(path), "%s/removed.jsonl", r->dir);
	if (!r->removed.n)
		return 0;
	if (access(path, F_OK) == 0)
		rc = zin_slurp(path, URLS_MAX, &before, &n, e);
	buf_init(&all, BUF_NO_MAX);
	buf_add(&all, before, n);
	/* A call that was killed behind this point has written the same lines. */
	if (!rc && (n < r->removed.n || memcmp(before + n - r->removed.n, r->removed.p, r->removed.n) != 0)) {
		buf_str(&all, buf_view(&r->removed));
		rc = write_text(path, buf_view(&all), e);
	}
	buf_free(&all);
	free(before);
	return rc;
}

/* First look and record, then blank and write the indexes. */
static int each_split(struct removing *r, bool look, struct err *e)
{
	static const char *const formats[] = {"mds", "megatron", "flat"}, *const splits[] = {"train", "validation"};
	char path[4096];
	bool any = false;
	int rc = 0;
	for (int i = 0; i < 3 && !rc; i++) {
		bool first = !any;
		for (int k = 0; k < 2 && !rc; k++) {
			snprintf(path, sizeof(path), "%s/%s/%s.documents.jsonl.zst", r->dir, formats[i], splits[k]);
			if (access(path, F_OK))
				continue;
			any = true;
			rc = scan_index(r, path, splits[k], !look || !first, e);
			if (rc || look || !r->n_ranges)
				continue;
			rc = blank(r, formats[i], splits[k], e);
			if (!rc)
				rc = write_text(path, buf_view(&r->index), e);
		}
	}
	if (!rc && !any)
		rc = err_at(e, ERR_USAGE, (struct where){r->dir, WHERE_NONE}, "no shards with an index of their documents are here");
	return rc;
}

int remove_urls(const char *dir, const char *urls, uint32_t filler, struct remove_count *count, struct err *e)
{
	struct removing r = {.dir = dir, .filler = filler, .a = arena_new(0)};
	char path[4096];
	buf_init(&r.index, BUF_NO_MAX);
	buf_init(&r.removed, BUF_NO_MAX);
	int rc = read_urls(&r, urls, e);
	if (!rc)
		rc = each_split(&r, true, e);
	if (!rc)
		rc = record_all(&r, e);
	if (!rc)
		rc = each_split(&r, false, e);
	*count = r.count;
	snprintf(path, sizeof(path), "%s/parquet/data", dir);
	if (!rc && access(path, F_OK) == 0)
		rc = err_at(e, ERR_USAGE, (struct where){path, WHERE_NONE}, "Parquet files are not written over: make them again from the documents");
	free(r.text);
	free(r.urls);
	free(r.ranges);
	buf_free(&r.index);
	buf_free(&r.removed);
	arena_free(r.a);
	return rc;
}
