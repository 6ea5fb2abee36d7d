/* dedup_steps FOLDER FILES PARTS MEMORY: sign the documents of standard input (lines of dedup_make) into FILES files of FOLDER, decide about them in
 * steps as the tasks of a cluster do, and print what each step costs: its name, CPU seconds of all and of the longest of its tasks. */
#include "core/err.h"
#include "dedup/parts.h"
#include "dedup/signs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { FILES_MAX = 64 };

static const struct sign_conf conf = {.scheme = SIGN_OWN, .shingle = 5, .bands = 18, .rows = 6, .grams = 1};
static char paths[FILES_MAX][4096];
static const char *files[FILES_MAX];

static double cpu(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static struct str text_of(char *line)
{
	char *from = strstr(line, "\"text\":\""), *to = from ? strchr(from + 8, '"') : NULL;
	return to ? (struct str){from + 8, (size_t)(to - from - 8)} : (struct str){0};
}

/* Documents go round the files; that they are many at a time does not matter here. */
static int sign(const char *folder, size_t n, double *seconds, uint64_t *count, struct err *e)
{
	struct signs_out *out[FILES_MAX] = {0};
	struct sign_work *w = sign_start(&conf);
	char *line = NULL;
	size_t room = 0;
	int rc = 0;
	for (size_t i = 0; !rc && i < n; i++) {
		snprintf(paths[i], sizeof(paths[i]), "%s/%zu.sign", folder, i);
		files[i] = paths[i];
		rc = signs_create(&out[i], files[i], &conf, false, e);
	}
	for (*count = 0; !rc && getline(&line, &room, stdin) > 0; ++*count) {
		struct sign s;
		double began = cpu();
		sign_text(w, text_of(line), &s);
		s.head.id = *count * UINT64_C(0x9E3779B97F4A7C15);
		rc = signs_put(out[*count % n], &s, (struct str){0}, e);
		*seconds += cpu() - began;
	}
	for (size_t i = 0; !rc && i < n; i++)
		rc = signs_commit(out[i], e);
	free(line);
	sign_stop(w);
	return rc;
}

static int steps(const char *folder, size_t n, const struct solve_conf *c, uint64_t of, struct err *e)
{
	char verdicts[4096];
	struct solve_report report;
	double began = cpu(), all = 0, longest = 0;
	int rc = parts_rank(folder, files, n, c, e);
	printf("rank %.3f %.3f\n", cpu() - began, cpu() - began);
	for (uint64_t k = 0; !rc && k < of; k++) {
		began = cpu();
		rc = parts_pairs(folder, files, n, c, k, of, e);
		double took = cpu() - began;
		all += took;
		longest = took > longest ? took : longest;
	}
	printf("pairs %.3f %.3f\n", all, longest);
	snprintf(verdicts, sizeof(verdicts), "%s/verdicts", folder);
	began = cpu();
	rc = rc ? rc : parts_settle(folder, files, n, c, of, verdicts, &report, e);
	printf("settle %.3f %.3f\n", cpu() - began, cpu() - began);
	return rc;
}

int main(int argc, char **argv)
{
	struct err e = {0};
	char scratch[4096], message[1200];
	double seconds = 0;
	uint64_t count = 0;
	if (argc != 5)
		return 2;
	size_t n = strtoul(argv[2], NULL, 10);
	snprintf(scratch, sizeof(scratch), "%s/scratch", argv[1]);
	if (!n || n > FILES_MAX || mkdir(scratch, 0777))
		return fprintf(stderr, "dedup_steps: no folder, or too many files\n"), 1;
	struct solve_conf c = {.sign = conf, .threshold = 0.8, .memory = strtoull(argv[4], NULL, 10), .folder = scratch};
	int rc = sign(argv[1], n, &seconds, &count, &e);
	printf("sign %.3f %.3f\n", seconds, seconds);
	rc = rc ? rc : steps(argv[1], n, &c, strtoull(argv[3], NULL, 10), &e);
	if (rc)
		fprintf(stderr, "%s\n", err_text(&e, message, sizeof(message)));
	return rc != 0;
}
