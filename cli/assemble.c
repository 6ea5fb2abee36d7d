#include "cli/assemble.h"

#include "cli/sheaf.h"
#include "core/folder.h"
#include "core/json.h"
#include "core/progress.h"
#include "core/raw.h"
#include "core/zin.h"
#include "core/zout.h"
#include "shard/shard.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MARK_MAX = 4 << 20 };

/* ---- shards ---- */

static int write_shards(struct run *r, struct buf *counts, struct err *e)
{
	char out[4096];
	const char **sheaves = own_alloc((r->n_lots + 1) * sizeof(*sheaves));
	struct shard_conf conf = *(const struct shard_conf *)r->confs[CHAIN_SHARD];
	/* Tokenized and counted already. */
	struct stage shard = *chain[CHAIN_SHARD];
	shard.start = NULL;
	shard.map = NULL;
	shard.stop = NULL;
	shard.drops = NULL;
	conf.out = run_path(r, out, "work/shards");
	uint64_t bytes = 0;
	for (size_t i = 0; i < r->n_lots; i++) {
		char path[4096];
		struct stat st;
		sheaves[i] = own_strdup(run_path(r, path, "work/lots/%s.sheaf", r->lots[i].name));
		bytes += stat(path, &st) ? 0 : (uint64_t)st.st_size;
	}
	struct link links[] = {{&sheaf_read_stage, NULL, NULL}, {&shard, &conf, NULL}};
	struct drive d = {.source = &sheaf_source, .paths = sheaves, .n_paths = r->n_lots, .links = links, .n_links = 2, .threads = (unsigned)r->common.threads, .progress = r->progress};
	progress_phase(r->progress, "shards", bytes, 0);
	int rc = folder_remove(conf.out, e);
	if (!rc)
		rc = drive_run(&d, e);
	if (!rc)
		tally_json(d.tally, counts);
	tally_free(d.tally);
	own_free_strings(sheaves, r->n_lots);
	return rc;
}

/* The counts of shards that were made for this state; false: there are none. */
static bool made(struct run *r, uint64_t state)
{
	_cleanup_(own_freep) char *text = NULL;
	_cleanup_(arena_freep) struct arena *a = arena_new(4096);
	char path[4096], want[17];
	size_t n;
	struct str key, tally = {0}, is = {0};
	if (access(run_path(r, path, "work/shards.json"), F_OK) != 0 || zin_slurp(path, MARK_MAX, &text, &n, NULL))
		return false;
	struct json j = json_of((struct str){text, n});
	json_object(&j);
	while (json_key(&j, a, &key)) {
		if (str_eq(key, STR("state")))
			json_string(&j, a, &is);
		else
			json_skip(&j, str_eq(key, STR("tally")) ? &tally : NULL);
	}
	snprintf(want, sizeof(want), "%016" PRIx64, state);
	bool there = access(run_path(r, path, "work/shards"), F_OK) == 0 || access(run_path(r, path, "shards"), F_OK) == 0;
	return json_done(&j) && there && str_eq(is, str_of(want)) && !tally_add_json(r->tally, tally, NULL);
}

int assemble_shards(struct run *r, uint64_t state, struct err *e)
{
	char path[4096];
	struct buf mark, counts;
	if (made(r, state))
		return 0;
	if (unlink(run_path(r, path, "work/shards.json")) && errno != ENOENT)
		return err_sys(e, path, "cannot remove");
	buf_init(&mark, MARK_MAX);
	buf_init(&counts, MARK_MAX);
	int rc = write_shards(r, &counts, e);
	buf_printf(&mark, "{\"state\":\"%016" PRIx64 "\",\"tally\":", state);
	buf_str(&mark, buf_view(&counts));
	buf_z(&mark, "}\n");
	if (!rc)
		rc = zout_file(path, buf_view(&mark), e);
	if (!rc)
		rc = tally_add_json(r->tally, buf_view(&counts), e);
	buf_free(&mark);
	buf_free(&counts);
	return rc;
}

/* ---- to its place ---- */

static int copy(const char *from, const char *to, struct err *e)
{
	_cleanup_(raw_freep) struct raw *in = NULL;
	char *part = zout_part(to);
	int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666), rc = fd < 0 ? err_sys(e, to, "cannot create") : raw_open(&in, from, e);
	for (struct str s; !rc;) {
		rc = raw_ahead(in, 1, &s, e);
		if (rc || !s.n)
			break;
		for (size_t done = 0; !rc && done < s.n;) {
			ssize_t n = write(fd, s.p + done, s.n - done);
			if (n < 0 && errno != EINTR)
				rc = err_sys(e, to, "cannot write");
			done += n > 0 ? (size_t)n : 0;
		}
		if (!rc)
			rc = raw_skip(in, s.n, NULL, e);
	}
	if (!rc) {
		rc = zout_place(fd, part, to, e);
	} else if (fd >= 0) {
		close(fd);
		unlink(part);
	}
	free(part);
	return rc;
}

static int place(const struct run *r, size_t i, const char *folder, const char *ending, const char *suffix, struct err *e)
{
	char from[4096], to[4096];
	run_path(r, from, "work/lots/%s%s", r->lots[i].name, ending);
	run_path(r, to, "%s/%05zu%s", folder, i, suffix);
	if (link(from, to) == 0)
		return 0;
	if (errno == EPERM || errno == EOPNOTSUPP || errno == EMLINK || errno == ENOSYS)
		return copy(from, to, e);
	return err_sys(e, to, "cannot link");
}

static int sync_folder(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc = 0;
	if (fd >= 0 && fsync(fd) && errno != EINVAL)
		rc = err_sys(e, path, "cannot sync");
	if (fd >= 0)
		close(fd);
	return rc;
}

/* Files of lots that are none any more. */
static void sweep(const struct run *r)
{
	char path[4096];
	DIR *d = opendir(run_path(r, path, "work/lots"));
	for (struct dirent *f; d && (f = readdir(d));) {
		bool known = f->d_name[0] == '.';
		for (size_t i = 0; i < r->n_lots && !known; i++)
			known = strncmp(f->d_name, r->lots[i].name, 16) == 0;
		if (!known)
			unlinkat(dirfd(d), f->d_name, 0);
	}
	if (d)
		closedir(d);
}

static int clear(const struct run *r, struct err *e)
{
	static const char *const outputs[] = {"docs", "meta", "rejects"};
	char path[4096];
	int rc = 0;
	unlink(run_path(r, path, "manifest.json"));
	unlink(run_path(r, path, "report.html"));
	for (size_t i = 0; !rc && i < sizeof(outputs) / sizeof(*outputs); i++) {
		rc = folder_remove(run_path(r, path, "%s", outputs[i]), e);
		if (!rc && (i < 2 || r->conf.keep_rejects))
			rc = folder_make(path, e);
	}
	return rc;
}

static int place_shards(const struct run *r, struct err *e)
{
	char from[4096], to[4096];
	if (access(run_path(r, from, "work/shards"), F_OK) != 0)
		return 0;
	int rc = folder_remove(run_path(r, to, "shards"), e);
	return !rc && rename(from, to) ? err_sys(e, to, "cannot rename") : rc;
}

int assemble_publish(struct run *r, struct err *e)
{
	char path[4096];
	int rc = clear(r, e);
	for (size_t i = 0; i < r->n_lots && !rc; i++) {
		rc = place(r, i, "docs", ".jsonl.zst", ".jsonl.zst", e);
		if (!rc)
			rc = place(r, i, "meta", ".parquet", ".parquet", e);
		if (!rc && r->conf.keep_rejects)
			rc = place(r, i, "rejects", ".rejects.jsonl.zst", ".jsonl.zst", e);
	}
	if (!rc)
		rc = place_shards(r, e);
	if (!rc)
		rc = sync_folder(run_path(r, path, "docs"), e);
	if (!rc)
		rc = sync_folder(run_path(r, path, "meta"), e);
	if (!rc && r->conf.keep_rejects)
		rc = sync_folder(run_path(r, path, "rejects"), e);
	if (!rc)
		rc = sync_folder(r->dir, e);
	if (!rc)
		sweep(r);
	return rc;
}
