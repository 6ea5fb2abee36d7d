/* dedup_sign FILE SCHEME ROUNDS: sign the texts of FILE (one a line, no escapes) again and again; print texts and bytes a CPU second.
 * dedup_sign kernels N ROUNDS: both forms of the kernel on sets of 300 shingles; print ns a shingle of N permutations, plain and chosen. */
#include "core/buf.h"
#include "core/zin.h"
#include "dedup/minhash.h"
#include "dedup/sign.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static double cpu(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double kernel_ns(const struct minhash *m, void (*kernel)(const struct minhash *, const uint32_t *, size_t, uint32_t *), int rounds, uint32_t *sum)
{
	static uint32_t x[300], out[MINHASH_MAX];
	for (uint32_t i = 0; i < 300; i++)
		x[i] = i * 2654435761u;
	double began = cpu();
	for (int r = 0; r < rounds; r++) {
		x[r % 300] += 12345;
		kernel(m, x, 300, out);
		*sum ^= out[r % 16];
	}
	return (cpu() - began) / rounds / 300 * 1e9;
}

static int kernels(unsigned n, int rounds)
{
	struct minhash *m = minhash_new(n);
	uint32_t a = 0, b = 0;
	double plain = kernel_ns(m, minhash_plain, rounds, &a), chosen = kernel_ns(m, m->kernel, rounds, &b);
	printf("%.2f %.2f %s %s\n", plain, chosen, m->kernel == minhash_plain ? "plain" : "AVX2", a == b ? "agree" : "DIFFER");
	minhash_free(m);
	return a != b;
}

int main(int argc, char **argv)
{
	struct err e = {0};
	char *text, message[1200];
	size_t n, texts = 0;
	if (argc != 4)
		return 2;
	if (strcmp(argv[1], "kernels") == 0)
		return kernels((unsigned)strtoul(argv[2], NULL, 10), (int)strtol(argv[3], NULL, 10));
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
