#define _GNU_SOURCE
#include "cli/takedown.h"

#include "cli/command.h"
#include "cli/common.h"
#include "core/json.h"
#include "core/raw.h"
#include "core/zin.h"
#include "core/zout.h"
#include "shard/shard.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MANIFEST_MAX = 1 << 30, LINE_MAX_BYTES = 1 << 20 };

bool takedown_asked(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--remove") == 0 || strncmp(argv[i], "--remove=", 9) == 0)
			return true;
	return false;
}

/* ---- the manifest of the run that the shards belong to ---- */

struct folder {
	const char *run; /* has manifest.json */
	struct timespec written; /* when it was; what is newer has changed since */
	struct arena *a;
	bool removed_listed;
};

static bool is_newer(const struct folder *f, const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && (st.st_mtim.tv_sec > f->written.tv_sec || (st.st_mtim.tv_sec == f->written.tv_sec && st.st_mtim.tv_nsec >= f->written.tv_nsec));
}

static int put_file(const struct folder *f, struct str name, struct buf *out, struct err *e)
{
	char path[4096];
	uint64_t bytes = 0, digest = 0;
	snprintf(path, sizeof(path), "%s/%.*s", f->run, STR_ARG(name));
	int rc = raw_digest(path, 0, UINT64_MAX, &digest, &bytes, e);
	buf_z(out, "\n{\"path\":");
	json_put_string(out, name);
	buf_printf(out, ",\"bytes\":%" PRIu64 ",\"xxh3\":\"%016" PRIx64 "\"}", bytes, digest);
	return rc;
}

/* The list of files, those below shards/ that have changed read anew. */
static int put_outputs(struct folder *f, struct json *j, struct buf *out, struct err *e)
{
	struct str entry, key;
	char path[4096];
	const char *comma = "";
	int rc = 0;
	buf_byte(out, '[');
	for (json_array(j); !rc && json_element(j) && json_skip(j, &entry); comma = ",") {
		struct json one = json_of(entry);
		struct str name = {0};
		for (json_object(&one); json_key(&one, f->a, &key);)
			if (!str_eq(key, STR("path")) || !json_string(&one, f->a, &name))
				json_skip(&one, NULL);
		snprintf(path, sizeof(path), "%s/%.*s", f->run, STR_ARG(name));
		f->removed_listed |= str_eq(name, STR("shards/removed.jsonl"));
		buf_z(out, comma);
		if (str_starts(name, STR("shards/")) && is_newer(f, path))
			rc = put_file(f, name, out, e);
		else
			buf_printf(out, "\n%.*s", STR_ARG(entry));
	}
	snprintf(path, sizeof(path), "%s/shards/removed.jsonl", f->run);
	if (!rc && !f->removed_listed && access(path, F_OK) == 0) {
		buf_z(out, comma);
		rc = put_file(f, STR("shards/removed.jsonl"), out, e);
	}
	buf_byte(out, ']');
	return rc;
}

/* "removed":{"file":"shards/removed.jsonl","documents":2,"tokens":317} */
static int put_removed(struct folder *f, struct buf *out, struct err *e)
{
	uint64_t documents = 0, tokens = 0, n;
	struct zin *in;
	struct str line, key;
	char path[4096];
	snprintf(path, sizeof(path), "%s/shards/removed.jsonl", f->run);
	if (access(path, F_OK))
		return 0;
	int rc = zin_open(&in, path, e);
	if (rc)
		return rc;
	while ((rc = zin_line(in, LINE_MAX_BYTES, &line, e)) > 0) {
		struct json j = json_of(line);
		for (json_object(&j); json_key(&j, f->a, &key);)
			if (str_eq(key, STR("tokens")) && json_u64(&j, &n))
				tokens += n;
			else
				json_skip(&j, NULL);
		documents++;
		arena_reset(f->a, 1 << 16);
	}
	zin_free(in);
	buf_printf(out, ",\"removed\":{\"file\":\"shards/removed.jsonl\",\"documents\":%" PRIu64 ",\"tokens\":%" PRIu64 "}", documents, tokens);
	return rc;
}

static int rewrite(struct folder *f, struct str text, const char *path, struct err *e)
{
	struct json j = json_of(text);
	struct str key, raw;
	struct buf out;
	const char *comma = "";
	int rc = 0;
	buf_init(&out, BUF_NO_MAX);
	buf_byte(&out, '{');
	for (json_object(&j); !rc && json_key(&j, f->a, &key);) {
		bool outputs = str_eq(key, STR("outputs"));
		if (str_eq(key, STR("removed"))) {
			json_skip(&j, NULL);
			continue;
		}
		if (outputs) /* before the files, as they may be many */
			rc = put_removed(f, &out, e);
		buf_printf(&out, "%s\"%.*s\":", comma, STR_ARG(key));
		if (!rc && outputs)
			rc = put_outputs(f, &j, &out, e);
		else if (json_skip(&j, &raw))
			buf_str(&out, raw);
		comma = ",";
	}
	buf_z(&out, "}\n");
	if (!rc && !json_done(&j))
		rc = err_at(e, ERR_DATA, (struct where){path, (uint64_t)(j.at - text.p)}, "not the manifest of a run");
	if (!rc)
		rc = zout_file(path, buf_view(&out), e);
	buf_free(&out);
	return rc;
}

/* run: the folder of a run; none: nothing is to be done. */
static int record(const char *run, struct err *e)
{
	struct folder f = {.run = run, .a = arena_new(64 << 10)};
	char path[4096], *text = NULL;
	struct stat st;
	size_t n = 0;
	snprintf(path, sizeof(path), "%s/manifest.json", run);
	int rc = 0;
	if (stat(path, &st) == 0) {
		f.written = st.st_mtim;
		rc = zin_slurp(path, MANIFEST_MAX, &text, &n, e);
		if (!rc)
			rc = rewrite(&f, (struct str){text, n}, path, e);
	}
	free(text);
	arena_free(f.a);
	return rc;
}

/* -o is a folder of shards, that of a run, or its shards/. */
static void find_folders(const char *out, char *shards, char *run, size_t size)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/manifest.json", out);
	bool is_run = access(path, F_OK) == 0;
	snprintf(shards, size, is_run ? "%s/shards" : "%s", out);
	snprintf(run, size, is_run ? "%s" : "%s/..", out);
}

int takedown(int argc, char **argv)
{
	struct common_conf common;
	struct shard_conf conf;
	struct opt_set sets[] = {{"common", common_opts, &common}, {"shard", shard_stage.opts, &conf}};
	struct err e = {0};
	uint64_t documents = 0, tokens = 0;
	char shards[4000], run[4000];
	int n_args = 0, status = common_parse(argv[0], sets, 2, argc, argv, &n_args);
	if (status >= 0)
		return status;
	if (conf.out) {
		find_folders(conf.out, shards, run, sizeof(shards));
		conf.out = shards;
	}
	int rc = n_args ? err_at(&e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "--remove reads the shards of -o DIR and no documents: '%s'", argv[1]) : shard_remove(&conf, &documents, &tokens, &e);
	if (!rc || (rc == ERR_USAGE && documents)) {
		struct err late = {0};
		int recorded = record(run, &late);
		if (!rc && recorded) {
			rc = recorded;
			e = late;
		}
	}
	if (!common.quiet)
		fprintf(stderr, "peneira shard: %" PRIu64 " documents removed, %" PRIu64 " tokens\n", documents, tokens);
	opt_free(sets, 2);
	return rc ? common_fail(&e) : EXIT_DONE;
}
