/* A model file that loads can be read at any feature, and its notes asked; one that does not load says why. */
#include "filter/linear.h"

#include "core/own.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct linear m;
	struct err e = {0};
	char *copy = own_alloc(size + 1); /* of its own size and aligned, as a file read or mapped would be */
	memcpy(copy, data, size);
	int rc = linear_load(&m, (struct str){copy, size}, "fuzz", &e);
	if (rc && !e.msg[0])
		abort();
	if (!rc) {
		long sum = 0;
		for (uint64_t id = 0; id <= UINT32_MAX; id += 0x01234567) {
			const int8_t *q = linear_row(&m, (uint32_t)id);
			for (uint32_t c = 0; c < m.classes; c++)
				sum += linear_square(q[c]);
		}
		if (sum > (1l << 40) || linear_note(&m, "slope", 0) != linear_note(&m, "slope", 0))
			abort();
	}
	free(copy);
	return 0;
}
