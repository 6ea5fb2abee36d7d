/* A perplexity model that loads can be asked for any words, and every number it gives is at least one; one that does not load says why. */
#include "core/own.h"
#include "filter/perplexity.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct perplexity m;
	struct err e = {0};
	struct words w = {0};
	char *copy = own_alloc(size + 1);
	memcpy(copy, data, size);
	int rc = perplexity_load(&m, (struct str){copy, size}, "fuzz", &e);
	if (rc && !e.msg[0])
		abort();
	words_split(&w, STR("O comboio das oito chegou à estação com dez minutos de atraso, e o comboio das nove não."));
	if (!rc && !(perplexity_of(&m, &w) >= 1))
		abort();
	words_free(&w);
	free(copy);
	return 0;
}
