/* Any bytes as the end of a file of JSON lines: a place that the index of frames gives lies inside the file, places follow one another, and
 * a file that is whole counts as many documents as its lines. */
#include "core/seal.h"
#include "core/err.h"
#include "tests/fuzz/memory_file.h"

#include <stddef.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *path = memory_file(data, size);
	struct seal_found found;
	struct seal_place p;
	struct err e = {0};
	uint64_t last = 0;
	for (uint64_t n = 0; n < 64; n++) {
		if (seal_find(path, n, &p, NULL))
			break;
		if (p.offset < last || p.offset > size || p.stored > size - p.offset || p.before > n)
			abort();
		last = p.offset;
	}
	if (seal_check(path, &found, &e) == 0 && found.whole && (found.have.documents != found.want.documents || found.have.bytes != found.want.bytes))
		abort();
	free(found.history);
	return 0;
}
