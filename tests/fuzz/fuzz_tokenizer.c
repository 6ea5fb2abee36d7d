/* Any bytes as a tokenizer file end in an error with a message, or in a tokenizer that gives ids below its size, the same ones twice. */
#include "shard/encode.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const texts[] = {"Ol\u00e1, mundo!  12345\n\n", "<s>a</s> \u2581\u2581b\u0301\U0001F600", "don't aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", " "};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vocab *v = NULL;
	struct err e = {0};
	if (vocab_read(&v, (struct str){(const char *)data, size}, "fuzz", &e)) {
		if (!e.msg[0])
			abort();
		return 0;
	}
	struct encode *x = encode_start(v);
	struct bpe_ids one = {0}, two = {0};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		one.n = two.n = 0;
		if (encode_text(x, str_of(texts[i]), i & 1, &one, &e) || encode_text(x, str_of(texts[i]), i & 1, &two, &e))
			continue;
		if (one.n != two.n || (one.n && memcmp(one.v, two.v, one.n * sizeof(*one.v)) != 0))
			abort();
		for (size_t k = 0; k < one.n; k++)
			if (one.v[k] >= v->size)
				abort();
	}
	free(one.v);
	free(two.v);
	encode_stop(x);
	vocab_free(v);
	return 0;
}
