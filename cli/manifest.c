#include "cli/manifest.h"

#include "cli/tools.h"
#include "core/json.h"
#include "core/raw.h"
#include "core/zin.h"
#include "core/zout.h"
#include "shard/shard.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

enum { MARK_MAX = 4 << 20, MANIFEST_MAX = 1 << 30, DEPTH_MAX = 8 };

static void put_config(const struct run *r, struct buf *b)
{
	struct buf toml;
	buf_init(&toml, BUF_NO_MAX);
	opt_toml(r->sets + RUN_STAGES, CHAIN_N, &toml);
	buf_z(b, "\"config\":{");
	bool first_section = true, first = true;
	for (struct str rest = buf_view(&toml), line; rest.n;) {
		line = str_cut(rest, '\n', &rest);
		if (!line.n || line.p[0] == '#')
			continue;
		if (line.p[0] == '[') {
			buf_printf(b, "%s\"%.*s\":{", first_section ? "" : "},", (int)line.n - 2, line.p + 1);
			first_section = false;
			first = true;
			continue;
		}
		struct str value, name = str_trim(str_cut(line, '=', &value));
		value = str_trim(value);
		/* Where things lie and how much of the machine may be used is no part of the corpus. */
		if (str_eq(name, STR("out")) || str_eq(name, STR("tmp")) || str_eq(name, STR("threads")) || str_eq(name, STR("memory")))
			continue;
		buf_printf(b, "%s\"%.*s\":%.*s", first ? "" : ",", STR_ARG(name), STR_ARG(value));
		first = false;
	}
	buf_z(b, first_section ? "}" : "}}");
	buf_free(&toml);
}

/* Each unit's mark is JSON already: path, size, digest, counts. */
static int put_input(const struct run *r, size_t i, struct buf *b, struct err *e)
{
	char path[4096], *text = NULL;
	size_t n;
	int rc = zin_slurp(run_path(r, path, "work/map/%s.json", r->plan.units[i].name), MARK_MAX, &text, &n, e);
	if (rc)
		return rc;
	buf_z(b, i ? ",\n" : "\n");
	buf_str(b, str_trim((struct str){text, n}));
	free(text);
	return 0;
}

/* What is in b, into the file: a manifest of many inputs does not fit into memory for nothing. */
static int flush(struct zout *z, struct buf *b, struct err *e)
{
	int rc = zout_write(z, b->p, b->n, e);
	buf_clear(b);
	return rc;
}

static int put_inputs(const struct run *r, struct zout *z, struct buf *b, struct err *e)
{
	int rc = 0;
	buf_z(b, ",\"inputs\":[");
	for (size_t i = 0; i < r->plan.n && !rc; i++) {
		rc = put_input(r, i, b, e);
		if (!rc)
			rc = flush(z, b, e);
	}
	buf_z(b, "]");
	return rc;
}

static int put_output(struct buf *b, const char *full, const char *name, bool *first, struct err *e)
{
	uint64_t bytes = 0, digest = 0;
	int rc = raw_digest(full, 0, UINT64_MAX, &digest, &bytes, e);
	buf_printf(b, "%s\n{\"path\":", *first ? "" : ",");
	json_put_string(b, str_of(name));
	buf_printf(b, ",\"bytes\":%" PRIu64 ",\"xxh3\":\"%016" PRIx64 "\"}", bytes, digest);
	*first = false;
	return rc;
}

/* Files below DIR/name, in order of name. */
static int put_outputs(const struct run *r, struct buf *b, const char *name, int depth, bool *first, struct err *e)
{
	char path[4096], below[4096];
	struct stat st;
	run_path(r, path, "%s", name);
	if (stat(path, &st) || depth > DEPTH_MAX)
		return 0;
	if (!S_ISDIR(st.st_mode))
		return put_output(b, path, name, first, e);
	struct dirent **names;
	int n = scandir(path, &names, NULL, alphasort), rc = 0;
	for (int i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.' && !rc && snprintf(below, sizeof(below), "%s/%s", name, names[i]->d_name) < (int)sizeof(below))
			rc = put_outputs(r, b, below, depth + 1, first, e);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	return rc;
}

static const char *tokenizer_of(const struct run *r)
{
	return ((const struct shard_conf *)r->confs[CHAIN_SHARD])->tokenizer;
}

static int put_tokenizer(const struct run *r, struct buf *b, struct err *e)
{
	const char *path = tokenizer_of(r);
	uint64_t digest = 0, bytes = 0;
	int rc = path ? raw_digest(path, 0, UINT64_MAX, &digest, &bytes, e) : 0;
	buf_z(b, ",\"tokenizer\":{\"file\":");
	json_put_string(b, str_of(path ? path : "built-in"));
	if (path)
		buf_printf(b, ",\"bytes\":%" PRIu64 ",\"xxh3\":\"%016" PRIx64 "\"", bytes, digest);
	buf_byte(b, '}');
	return rc;
}

int manifest_state(const struct run *r, uint64_t *state, struct err *e)
{
	struct buf b;
	uint64_t tools = 0;
	int rc = tools_digest(r, &tools, e);
	XXH3_state_t *h = XXH3_createState();
	XXH3_64bits_reset(h);
	buf_init(&b, BUF_NO_MAX);
	buf_printf(&b, "%s %016" PRIx64 " %d %" PRIu64 "\n", PENEIRA_VERSION, tools, r->conf.keep_rejects, r->conf.lot);
	put_config(r, &b);
	for (size_t i = 0; i < r->plan.n && !rc; i++) {
		rc = put_input(r, i, &b, e);
		XXH3_64bits_update(h, b.p, b.n);
		buf_clear(&b);
	}
	*state = XXH3_64bits_digest(h);
	XXH3_freeState(h);
	buf_free(&b);
	return rc;
}

/* Of the manifest in DIR: its state, and the text of its tally. */
static bool read_manifest(struct str text, struct arena *a, uint64_t *state, struct str *tally)
{
	struct json j = json_of(text);
	struct str key, value;
	json_object(&j);
	while (json_key(&j, a, &key)) {
		if (str_eq(key, STR("state")) && json_string(&j, a, &value))
			*state = strtoull(arena_str(a, value).p, NULL, 16);
		else if (!str_eq(key, STR("state")))
			json_skip(&j, str_eq(key, STR("tally")) ? tally : NULL);
	}
	return json_done(&j) && tally->n;
}

bool manifest_holds(struct run *r, uint64_t state)
{
	_cleanup_(own_freep) char *text = NULL;
	_cleanup_(arena_freep) struct arena *a = arena_new(4096);
	char path[4096];
	size_t n;
	uint64_t was = 0;
	struct str tally = {0};
	run_path(r, path, "manifest.json");
	if (access(path, F_OK) != 0 || zin_slurp(path, MANIFEST_MAX, &text, &n, NULL))
		return false;
	if (!read_manifest((struct str){text, n}, a, &was, &tally) || was != state)
		return false;
	tally_free(r->tally);
	r->tally = tally_new(chain, CHAIN_N);
	return tally_add_json(r->tally, tally, NULL) == 0;
}

static int put_all(struct run *r, uint64_t state, struct zout *z, struct buf *b, struct err *e)
{
	static const char *const outputs[] = {"docs", "meta", "rejects", "shards"};
	bool first = true;
	buf_printf(b, "{\"program\":\"peneira\",\"version\":\"%s\",\"state\":\"%016" PRIx64 "\",", PENEIRA_VERSION, state);
	put_config(r, b);
	buf_byte(b, ',');
	int rc = tools_json(r, b, e);
	if (!rc)
		rc = put_tokenizer(r, b, e);
	buf_z(b, ",\"tally\":");
	tally_json(r->tally, b);
	if (!rc)
		rc = put_inputs(r, z, b, e);
	buf_z(b, ",\"outputs\":[");
	for (size_t i = 0; !rc && i < sizeof(outputs) / sizeof(*outputs); i++)
		rc = put_outputs(r, b, outputs[i], 0, &first, e);
	buf_z(b, "]}\n");
	return rc ? rc : flush(z, b, e);
}

int manifest_write(struct run *r, uint64_t state, struct err *e)
{
	char path[4096];
	struct zout *z = NULL;
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	int rc = zout_open(&z, run_path(r, path, "manifest.json"), 0, e);
	if (!rc)
		rc = put_all(r, state, z, &b, e);
	if (!rc)
		rc = zout_commit(z, e);
	else
		zout_free(z);
	buf_free(&b);
	return rc;
}
