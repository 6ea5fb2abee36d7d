/* hosts.c LIST: how long a look-up in a list of hosts takes, for hosts that are on it and hosts that are not. Built by crawl.py. */
#include "core/own.h"
#include "crawl/hosts.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
	struct hosts *h;
	struct err e = {0};
	enum { N = 2000000 };
	double began = now();
	if (argc < 2 || hosts_read(&h, argv[1], &e)) {
		fprintf(stderr, "hosts: %s\n", e.msg);
		return 1;
	}
	double read = now() - began;
	char (*names)[48] = own_alloc(N * sizeof(*names));
	uint64_t x = 88172645463325252u;
	for (int i = 0; i < N; i++) {
		x ^= x << 13, x ^= x >> 7, x ^= x << 17;
		/* Every other one is on the list, behind a label of its own. */
		snprintf(names[i], sizeof(names[i]), "www.h%" PRIu64 ".example%s.pt", x % 5000000, i & 1 ? "" : "s");
	}
	began = now();
	uint64_t found = 0;
	for (int i = 0; i < N; i++)
		found += hosts_has(h, str_of(names[i]));
	printf("%.2f %.3f %" PRIu64 "\n", read, (now() - began) / N * 1e6, found);
	free(names);
	hosts_free(h);
	return 0;
}
