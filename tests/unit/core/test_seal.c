/* seal: the end mark and the index of frames of a file of JSON lines: every document is found by its place, and no damage makes it crash. */
#include "core/seal.h"
#include "core/zin.h"
#include "core/zout.h"
#include "tests/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <xxhash.h>
#include <zstd.h>

enum { FRAMES = 50 };

/* Frame i holds i % 7 documents; some hold none. */
static int write_file(const char *path, bool history, bool index)
{
	struct zout *z;
	struct buf b, table;
	struct seal s = {0};
	char packed[256], text[64];
	uint64_t n = 0;
	int rc = zout_open(&z, path, 0, NULL);
	if (rc)
		return rc;
	buf_init(&b, BUF_NO_MAX);
	buf_init(&table, BUF_NO_MAX);
	XXH3_state_t *hash = XXH3_createState();
	XXH3_64bits_reset(hash);
	if (history)
		seal_history(&b, STR("{\"command\":\"test\"}"));
	for (int i = 0; i < FRAMES; i++) {
		struct buf lines;
		buf_init(&lines, BUF_NO_MAX);
		for (int k = 0; k < i % 7; k++)
			buf_printf(&lines, "{\"id\":\"%d\"}\n", (int)n++);
		size_t size = ZSTD_compress(packed, sizeof(packed), lines.p ? lines.p : text, lines.n, 1);
		XXH3_64bits_update(hash, lines.p ? lines.p : text, lines.n);
		s.bytes += lines.n;
		buf_add(&b, packed, size);
		seal_frame(&table, size, (uint64_t)(i % 7));
		buf_free(&lines);
	}
	s.documents = n;
	s.digest = XXH3_64bits_digest(hash);
	XXH3_freeState(hash);
	if (index)
		seal_index(&b, buf_view(&table));
	seal_end(&b, &s);
	rc = zout_raw(z, b.p, b.n, NULL);
	buf_free(&b);
	buf_free(&table);
	if (!rc)
		return zout_commit(z, NULL);
	zout_free(z);
	return rc;
}

/* The n-th document as its frame has it. */
static bool finds(const char *path, uint64_t n)
{
	struct seal_place p;
	char packed[256], text[512], want[32];
	FILE *f = fopen(path, "rb");
	if (!f)
		return false;
	bool yes = seal_find(path, n, &p, NULL) == 0 && p.stored <= sizeof(packed) && !fseek(f, (long)p.offset, SEEK_SET) &&
		   fread(packed, 1, p.stored, f) == p.stored;
	fclose(f);
	size_t size = yes ? ZSTD_decompress(text, sizeof(text), packed, p.stored) : 0;
	if (!yes || ZSTD_isError(size))
		return false;
	struct str rest = {text, size}, line = {0};
	for (uint64_t i = 0; i <= p.before; i++)
		line = str_cut(rest, '\n', &rest);
	snprintf(want, sizeof(want), "{\"id\":\"%d\"}", (int)n);
	return str_eq(line, str_of(want));
}

static void whole(const char *path, bool history)
{
	struct seal_found found;
	struct seal_place p;
	tap(write_file(path, history, true) == 0 && seal_check(path, &found, NULL) == 0 && found.whole, "a file with an index is whole");
	free(found.history);
	uint64_t missed = 0, n = found.want.documents;
	for (uint64_t i = 0; i < n; i++)
		missed += !finds(path, i);
	tap(n > 100 && missed == 0, "each of its %d documents is where the index says", (int)n);
	tap(seal_find(path, n, &p, NULL) == 1, "one more is not there");
}

/* Every byte of the tail changed: found, not found, but never a place outside of the file. */
static void damaged(const char *path)
{
	char *bytes = NULL;
	size_t n;
	FILE *f = fopen(path, "rb");
	fseek(f, 0, SEEK_END);
	n = (size_t)ftell(f);
	rewind(f);
	bytes = malloc(n);
	bool read = fread(bytes, 1, n, f) == n;
	fclose(f);
	int outside = 0;
	for (size_t i = n - 500; read && i < n; i++) {
		struct seal_place p;
		bytes[i] = (char)(bytes[i] ^ 0x55);
		f = fopen(path, "wb");
		fwrite(bytes, 1, n, f);
		fclose(f);
		for (uint64_t k = 0; k < 150; k += 37)
			outside += seal_find(path, k, &p, NULL) == 0 && p.offset + p.stored > n;
		bytes[i] = (char)(bytes[i] ^ 0x55);
	}
	tap(read && outside == 0, "a damaged index points at nothing outside of the file");
	free(bytes);
}

int main(void)
{
	char dir[] = "/tmp/peneira-seal-XXXXXX", path[64];
	struct seal_place p;
	tap(mkdtemp(dir) != NULL, "a folder");
	snprintf(path, sizeof(path), "%s/x.jsonl.zst", dir);
	whole(path, false);
	whole(path, true);
	damaged(path);
	tap(write_file(path, true, false) == 0 && seal_find(path, 0, &p, NULL) == 1, "without an index nothing is found in this way");
	unlink(path);
	tap(seal_find(path, 0, &p, NULL) == ERR_IO, "nor in a file that is not there");
	rmdir(dir);
	return tap_done();
}
