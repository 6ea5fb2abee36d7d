/* Any bytes as index.json and shard (those before the first NUL and those behind it) of a folder of MDS shards, and as lines of an index of documents: an error with a
 * message, or samples with no more tokens than their frames can hold. */
#define _GNU_SOURCE
#include "shard/frames.h"
#include "shard/mds_sample.h"
#include "shard/places.h"
#include "tests/fuzz/memory_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[64], index_path[96], shard_path[96];
static int fd[2];

static void leave(void)
{
	unlink(index_path);
	unlink(shard_path);
	rmdir(folder);
}

/* A folder whose two files are in memory. */
static void prepare(void)
{
	char to[64];
	snprintf(folder, sizeof(folder), "/tmp/fuzz-mds-XXXXXX");
	if (!mkdtemp(folder))
		abort();
	snprintf(index_path, sizeof(index_path), "%s/index.json", folder);
	snprintf(shard_path, sizeof(shard_path), "%s/shard.00000.mds.zstd", folder);
	for (int i = 0; i < 2; i++) {
		fd[i] = (int)syscall(SYS_memfd_create, "part", 1u);
		snprintf(to, sizeof(to), "/proc/self/fd/%d", fd[i]);
		if (symlink(to, i ? shard_path : index_path))
			abort();
	}
	atexit(leave);
}

static void put(int i, const uint8_t *p, size_t n)
{
	if (ftruncate(fd[i], 0) || pwrite(fd[i], p, n, 0) != (ssize_t)n)
		abort();
}

static void read_lines(struct str text)
{
	struct arena *a = arena_new(0);
	struct place p;
	for (struct str line; text.n;) {
		line = str_cut(text, '\n', &text);
		if (places_read(&p, line, a) && p.id.n > line.n * 3)
			abort();
	}
	arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str all = {(const char *)data, size}, shard, index = str_cut(all, 0, &shard);
	struct mds_sample s = {0};
	struct buf b;
	if (!folder[0])
		prepare();
	put(0, (const uint8_t *)index.p, index.n);
	put(1, (const uint8_t *)shard.p, shard.n);
	buf_init(&b, 64 << 20);
	for (uint64_t i = 0; i < 3; i++) {
		struct err e = {0};
		int rc = mds_sample_read(folder, i, &b, &s, &e);
		if (rc < 0 && !e.msg[0])
			abort();
		if (rc == 0 && (s.n * 2 > b.n || s.id.n > b.n))
			abort();
		if (rc == 0)
			free(s.tokens);
	}
	buf_clear(&b);
	int rc = frames_read(shard_path, 3, 100, &b, NULL);
	if (rc == 0 && b.n != 100)
		abort();
	buf_free(&b);
	read_lines(all);
	return 0;
}
