/* Any bytes as a file of weights end in an error with a message and a place in the file, or in weights that give each document the same number of copies
 * twice, and one more or less for any hash. */
#include "shard/mix.h"
#include "tests/fuzz/memory_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mix *m = NULL;
	struct err e = {0};
	struct doc d;
	if (mix_open(&m, memory_file(data, size), &e)) {
		if (!e.msg[0] || (e.code == ERR_DATA && e.at.offset > size))
			abort();
		return 0;
	}
	doc_init(&d);
	d.url = STR("http://www.gov.pt/a");
	for (int i = 0; i < 3; i++) {
		d.variety = i ? STR("pt-PT") : (struct str){0};
		d.date = i == 2 ? DATE_NONE : 1000000000;
		unsigned low = mix_copies(m, &d, UINT64_MAX), high = mix_copies(m, &d, 0);
		if (high < low || high - low > 1 || mix_copies(m, &d, 0) != high)
			abort();
	}
	mix_free(m);
	return 0;
}
