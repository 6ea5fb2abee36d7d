/* Any bytes as an archive: reading ends, memory is bounded by what is there, heads advance, and blocks that are skipped or read leave
 * the reader at the same heads. */
#include "crawl/record.h"
#include "tests/fuzz/memory_file.h"

#include <inttypes.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SEEN_MAX = 4096 };

static size_t tour(const char *path, bool blocks, uint64_t *seen)
{
	struct record_reader *r;
	struct err e = {0};
	if (record_open(&r, path, 0, 0, &e))
		return 0;
	struct arena *a = arena_new(0);
	size_t n = 0, steps = 0;
	for (;;) {
		struct record rec;
		struct str block;
		e = (struct err){0};
		int rc = record_next(r, &rec, &e);
		if (rc == RECORD_END || rc < 0)
			break;
		if (rc == RECORD_DAMAGE && !e.code)
			abort(); /* damage says what and where */
		if (++steps > 1 << 20)
			abort();
		if (rc != RECORD_FOUND)
			continue;
		if (n < SEEN_MAX)
			seen[n] = rec.at.offset;
		n++;
		if (blocks && record_block(r, &rec, 1 << 20, a, &block, &e) < 0)
			break;
		arena_reset(a, 1 << 20);
	}
	arena_free(a);
	record_free(r);
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint64_t one[SEEN_MAX], two[SEEN_MAX];
	const char *path = memory_file(data, size);
	size_t n = tour(path, true, one), m = tour(path, false, two);
	if (n != m)
		abort();
	for (size_t i = 0; i < n && i < SEEN_MAX; i++)
		if (one[i] != two[i])
			abort();
	return 0;
}
