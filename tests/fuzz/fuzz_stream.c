/* Any bytes as a file in any compression: reading in large and in small steps gives the same bytes and the same damage, offsets never go
 * back, and it ends. */
#include "crawl/stream.h"
#include "core/buf.h"
#include "tests/fuzz/memory_file.h"

#include <xxhash.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sum {
	uint64_t hash, bytes;
	unsigned damages;
};

enum { ENOUGH = 8 << 20 }; /* a bomb may go on; this much of it tells */

static struct sum tour(const char *path, size_t size, size_t step)
{
	struct sum t = {0};
	struct stream *s;
	struct err e = {0};
	uint64_t at = 0, skipped = 0;
	if (stream_open(&s, path, 0, 0, &e))
		return t;
	XXH3_state_t *x = XXH3_createState();
	XXH3_64bits_reset(x);
	while (t.bytes < ENOUGH) {
		struct str in;
		e = (struct err){0};
		int rc = stream_ahead(s, step, &in, &e);
		if (rc < 0)
			break;
		if (in.n) {
			if (stream_at(s) < at)
				abort();
			at = stream_at(s);
			size_t n = in.n < step ? in.n : step;
			n = n < ENOUGH - t.bytes ? n : (size_t)(ENOUGH - t.bytes);
			XXH3_64bits_update(x, in.p, n);
			stream_skip(s, n);
			t.bytes += n;
			continue;
		}
		if (rc != STREAM_DAMAGED)
			break;
		if (++t.damages > size || stream_resume(s, &skipped, &e))
			break;
	}
	if (skipped > size)
		abort();
	t.hash = XXH3_64bits_digest(x);
	XXH3_freeState(x);
	stream_free(s);
	return t;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *path = memory_file(data, size);
	struct sum one = tour(path, size, 1 << 20), two = tour(path, size, 997);
	if (one.bytes != two.bytes || one.hash != two.hash || one.damages != two.damages)
		abort();
	return 0;
}
