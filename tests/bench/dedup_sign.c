/* dedup_sign FILE SCHEME ROUNDS: sign the texts of FILE (one a line, no escapes) again and again; print texts and bytes a CPU second. */
#include "core/buf.h"
#include "core/zin.h"
#include "dedup/sign.h"

#include <stdio.h>
#include <time.h>

static double cpu(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
	struct err e = {0};
	char *text, message[1200];
	size_t n, texts = 0;
	if (argc != 4)
		return 2;
	int scheme = argv[2][0] == 'd' ? SIGN_DATATROVE : SIGN_OWN, grams = argv[2][0] == 's';
	struct sign_conf c = {.scheme = (uint32_t)scheme, .shingle = 5, .bands = scheme ? 14 : 18, .rows = scheme ? 8 : 6, .grams = (uint32_t)grams};
	if (zin_slurp(argv[1], 1 << 30, &text, &n, &e))
		return fprintf(stderr, "%s\n", err_text(&e, message, sizeof(message))), 1;
	struct sign_work *w = sign_start(&c);
	struct sign s;
	uint64_t sum = 0;
	double began = cpu();
	int rounds = (int)strtol(argv[3], NULL, 10);
	for (int r = 0; r < rounds; r++)
		for (struct str rest = {text, n}; rest.n; texts++) {
			sign_text(w, str_cut(rest, '\n', &rest), &s);
			sum ^= s.head.text ^ (s.head.shingles ? s.keys[0] : 0);
		}
	double took = cpu() - began;
	printf("%.0f %.1f %016llx\n", (double)texts / took, (double)n * rounds / took / 1e6, (unsigned long long)sum);
	sign_stop(w);
	free(text);
	return 0;
}
