#define _GNU_SOURCE
#include "cli/whole.h"

#include "cli/chain.h"
#include "cli/tools.h"
#include "core/buf.h"
#include "core/json.h"
#include "core/raw.h"
#include "core/tally.h"
#include "core/zin.h"

#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { WHOLE_MANIFEST_MAX = 1 << 30, WHOLE_DEPTH = 16 };

struct whole {
	const char *dir;
	bool read_inputs;
	uint64_t files, bytes, bad, missing, unlisted;
	struct tally *all, *of_inputs; /* what the manifest counts, and its inputs together */
	struct buf faults; /* "PATH: what", a line each */
};

static void fault(struct whole *w, struct str path, const char *what)
{
	buf_printf(&w->faults, "%.*s: %s\n", STR_ARG(path), what);
	w->bad++;
}

static void compare(struct whole *w, struct str path, uint64_t bytes, struct str digest)
{
	char full[4096], is[17];
	uint64_t n = 0, d = 0;
	snprintf(full, sizeof(full), "%s/%.*s", w->dir, STR_ARG(path));
	w->files++;
	if (access(full, F_OK) != 0) {
		fault(w, path, "is missing");
		w->missing++;
		return;
	}
	if (raw_digest(full, 0, UINT64_MAX, &d, &n, NULL)) {
		fault(w, path, "cannot be read");
		return;
	}
	w->bytes += n;
	snprintf(is, sizeof(is), "%016" PRIx64, d);
	if (n != bytes)
		fault(w, path, n < bytes ? "is shorter than the manifest says" : "is longer than the manifest says");
	else if (!str_eq(str_of(is), digest))
		fault(w, path, "has other bytes than the manifest says");
}

static void read_outputs(struct whole *w, struct json *j, struct arena *a)
{
	json_array(j);
	while (json_element(j)) {
		struct str key, path = {0}, digest = {0};
		uint64_t bytes = 0;
		json_object(j);
		while (json_key(j, a, &key)) {
			if (str_eq(key, STR("path")))
				json_string(j, a, &path);
			else if (str_eq(key, STR("bytes")))
				json_u64(j, &bytes);
			else if (str_eq(key, STR("xxh3")))
				json_string(j, a, &digest);
			else
				json_skip(j, NULL);
		}
		if (!j->bad)
			compare(w, path, bytes, digest);
	}
}

/* ---- what the run was made from ---- */

/* One object of inputs or files. An input that is gone is no fault: its documents are here. */
static void read_input(struct whole *w, struct json *j, struct arena *a)
{
	struct str key, path = {0}, digest = {0}, tally = {0};
	uint64_t begin = 0, end = UINT64_MAX, is = 0;
	char full[4096], text[17];
	json_object(j);
	while (json_key(j, a, &key)) {
		if (str_eq(key, STR("path")))
			json_string(j, a, &path);
		else if (str_eq(key, STR("xxh3")))
			json_string(j, a, &digest);
		else if (str_eq(key, STR("begin")))
			json_u64(j, &begin);
		else if (str_eq(key, STR("end")))
			json_u64(j, &end);
		else
			json_skip(j, str_eq(key, STR("tally")) ? &tally : NULL);
	}
	if (j->bad)
		return;
	if (tally.n && tally_add_json(w->of_inputs, tally, NULL))
		fault(w, path, "has no counts that can be read");
	snprintf(full, sizeof(full), "%.*s", STR_ARG(path));
	if (!w->read_inputs)
		return;
	if (access(full, F_OK) != 0)
		fault(w, path, "is not there any more");
	else if (tools_of_file(full, begin, end, &is, NULL))
		fault(w, path, "cannot be read");
	else if (snprintf(text, sizeof(text), "%016" PRIx64, is) != 16 || !str_eq(str_of(text), digest))
		fault(w, path, "has other bytes than the run read");
}

static void read_all(struct whole *w, struct json *j, struct arena *a)
{
	json_array(j);
	while (json_element(j))
		read_input(w, j, a);
}

/* in = kept + dropped in each stage, and in the stages of the map phase as many as in the inputs together. */
static void compare_counts(struct whole *w)
{
	if (tally_check(w->all) >= 0)
		fault(w, STR("manifest.json"), "counts that do not add up");
	for (unsigned s = CHAIN_CRAWL; s <= CHAIN_FILTER; s++) {
		bool same = tally_seen(w->all, s) == tally_seen(w->of_inputs, s);
		for (unsigned i = 0; chain[s]->drops[i].name; i++)
			same &= tally_dropped(w->all, s, i) == tally_dropped(w->of_inputs, s, i);
		if (!same)
			fault(w, STR("manifest.json"), "counts that are not those of its inputs");
	}
}

/* nftw has no place for a caller's pointer. */
static _Thread_local uint64_t counted;

static int count_file(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	counted += type == FTW_F && path[at->base] != '.';
	return 0;
}

static void count_files(struct whole *w)
{
	static const char *const outputs[] = {"docs", "meta", "rejects", "shards"};
	char path[4096];
	counted = 0;
	for (size_t i = 0; i < sizeof(outputs) / sizeof(*outputs); i++) {
		snprintf(path, sizeof(path), "%s/%s", w->dir, outputs[i]);
		nftw(path, count_file, WHOLE_DEPTH, FTW_PHYS);
	}
	w->unlisted = counted > w->files - w->missing ? counted - (w->files - w->missing) : 0;
}

static void print(const struct whole *w, bool json, bool quiet)
{
	bool whole = !w->bad && !w->unlisted;
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	if (json) {
		buf_z(&b, "{\"file\":");
		json_put_string(&b, str_of(w->dir));
		buf_printf(&b, ",\"format\":\"corpus\",\"files\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"unlisted\":%" PRIu64 ",\"whole\":%s,\"faults\":[", w->files, w->bytes, w->unlisted,
			   whole ? "true" : "false");
		const char *comma = "";
		for (struct str rest = buf_view(&w->faults), line; rest.n; comma = ",") {
			line = str_cut(rest, '\n', &rest);
			buf_z(&b, comma);
			json_put_string(&b, line);
		}
		buf_z(&b, "]}\n");
	} else {
		buf_str(&b, buf_view(&w->faults));
		if (w->unlisted)
			buf_printf(&b, "%" PRIu64 " files that the manifest does not know\n", w->unlisted);
		if (!quiet || !whole)
			buf_printf(&b, "%s: %s, %" PRIu64 " files, %" PRIu64 " bytes\n", w->dir, whole ? "whole" : "not whole", w->files, w->bytes);
	}
	if (b.n)
		fwrite(b.p, 1, b.n, stdout);
	buf_free(&b);
}

/* outputs must be among the keys. */
static bool read_manifest(struct whole *w, struct json *j, struct arena *a)
{
	struct str key, raw;
	bool found = false;
	json_object(j);
	while (json_key(j, a, &key)) {
		if (str_eq(key, STR("outputs"))) {
			read_outputs(w, j, a);
			found = true;
		} else if (str_eq(key, STR("inputs")) || str_eq(key, STR("files"))) {
			read_all(w, j, a);
		} else if (!json_skip(j, &raw) || (str_eq(key, STR("tally")) && tally_add_json(w->all, raw, NULL))) {
			return false;
		}
	}
	return json_done(j) && found;
}

int whole_folder(const char *dir, bool json, bool quiet, bool inputs, bool *whole, struct err *e)
{
	struct whole w = {.dir = dir, .read_inputs = inputs, .all = tally_new(chain, CHAIN_N), .of_inputs = tally_new(chain, CHAIN_N)};
	struct arena *a = arena_new(64 << 10);
	char path[4096], *text = NULL;
	size_t n = 0;
	snprintf(path, sizeof(path), "%s/manifest.json", dir);
	buf_init(&w.faults, 64 << 20);
	int rc = access(path, F_OK) ? err_at(e, ERR_DATA, (struct where){dir, WHERE_NONE}, "no manifest.json in it: the run has not ended, or this is no folder of a run")
				    : zin_slurp(path, WHOLE_MANIFEST_MAX, &text, &n, e);
	struct json j = json_of((struct str){text, n});
	if (!rc && !read_manifest(&w, &j, a))
		rc = err_at(e, ERR_DATA, (struct where){path, j.bad ? (uint64_t)(j.at - text) : 0}, "not the manifest of a run");
	if (!rc) {
		compare_counts(&w);
		count_files(&w);
		print(&w, json, quiet);
		*whole = !w.bad && !w.unlisted;
	}
	buf_free(&w.faults);
	tally_free(w.all);
	tally_free(w.of_inputs);
	arena_free(a);
	free(text);
	return rc;
}
