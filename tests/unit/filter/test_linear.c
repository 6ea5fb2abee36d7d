/* linear: what is saved is loaded; what is not a model is refused with a message. */
#include "filter/linear.h"
#include "core/zin.h"
#include "tests/tap.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

static char path[] = "/tmp/test_linear.XXXXXX";

static void round_trip(void)
{
	enum { BITS = 6, CLASSES = 3, CELLS = CLASSES << BITS };
	float w[CELLS], bias[CLASSES] = {0.5f, -1, 0}, worst = 0;
	char *bytes = NULL;
	size_t n = 0;
	struct err e = {0};
	struct linear m;
	for (int i = 0; i < CELLS; i++)
		w[i] = sinf((float)i) * (float)(1 + i % CLASSES);
	tap(linear_save(path, CLASSES, BITS, bias, w, STR("{\"shift\":0.25,\"x\":[1]}"), &e) == 0, "saved");
	tap(zin_slurp(path, 1 << 20, &bytes, &n, &e) == 0 && linear_load(&m, (struct str){bytes, n}, "x", &e) == 0, "loaded");
	tap(m.classes == CLASSES && m.bits == BITS && memcmp(m.bias, bias, sizeof(bias)) == 0, "the same shape and bias");
	for (uint32_t f = 0; f < 1 << BITS; f++) {
		const int8_t *q = linear_row(&m, f << (32 - BITS));
		for (int c = 0; c < CLASSES; c++)
			worst = fmaxf(worst, fabsf((float)linear_square(q[c]) * m.peak[c] - w[f * CLASSES + (uint32_t)c]) / (float)(1 + c));
	}
	tap(worst < 0.02f, "weights within a step of the quantiser: %.4f", (double)worst);
	tap(linear_note(&m, "shift", 7) == 0.25 && linear_note(&m, "slope", 7) == 7, "a note, and one that is not there");
	for (size_t cut = 0; cut < n; cut += 1 + n / 64) {
		struct err bad = {0};
		if (linear_load(&m, (struct str){bytes, cut}, "cut.bin", &bad) >= 0 || !bad.msg[0]) {
			tap(0, "cut at %zu is refused", cut);
			break;
		}
	}
	bytes[8] = 17;
	struct err many = {0};
	tap(linear_load(&m, (struct str){bytes, n}, "x", &many) == ERR_DATA, "more classes than there may be");
	free(bytes);
}

int main(void)
{
	int fd = mkstemp(path);
	if (fd >= 0)
		close(fd);
	round_trip();
	unlink(path);
	return tap_done();
}
