/* Files of signatures, verdicts and runs, from any blocks with valid checks (the first byte chooses): reading ends without a fault, what was
 * read is as long as it says, and signatures that were read, written again, read the same. Sets of n-grams decode to what was coded. */
#include "core/own.h"
#include "core/buf.h"
#include "dedup/grams.h"
#include "dedup/sealed.h"
#include "dedup/signs.h"
#include "dedup/sorter.h"
#include "dedup/verdict.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char file[256], copy[256], folder[200];

static void name_files(void)
{
	const char *tmp = getenv("TMPDIR");
	snprintf(folder, sizeof(folder), "%s", tmp && *tmp ? tmp : "/tmp");
	snprintf(file, sizeof(file), "%s/fuzz-signs-%ld", folder, (long)getpid());
	snprintf(copy, sizeof(copy), "%s/fuzz-signs-%ld.copy", folder, (long)getpid());
}

/* Blocks of {kind, u16 size, bytes}; the conf of signatures is put before them, so that groups are reached. */
static int write_blocks(const char *magic, const uint8_t *p, size_t n, uint64_t count)
{
	static const struct sign_conf conf = {.shingle = 5, .bands = 2, .rows = 2, .grams = 1, .names = 1};
	struct sealed_out *out;
	int rc = sealed_create(&out, file, magic, false, NULL);
	if (!rc && memcmp(magic, "PNSIGN", 6) == 0)
		rc = sealed_put(out, 1, &conf, sizeof(conf), NULL);
	while (!rc && n >= 3) {
		size_t k = p[1] | (size_t)p[2] << 8;
		k = k < n - 3 ? k : n - 3;
		rc = sealed_put(out, p[0] % 8, p + 3, k, NULL);
		p += 3 + k;
		n -= 3 + k;
	}
	return rc ? rc : sealed_commit(out, count, NULL);
}

/* Everything in the file as one string. A second file gets the same signatures. */
static int read_signs(const char *path, struct buf *all, const char *again)
{
	struct signs_in *in = NULL;
	struct signs_out *out = NULL;
	struct signs_group g;
	int rc = signs_open(&in, path, NULL);
	if (!rc && again)
		rc = signs_create(&out, again, signs_conf(in), false, NULL);
	while (!rc && (rc = signs_next(in, SIGNS_KEYS | SIGNS_SETS | SIGNS_NAMES | SIGNS_SPANS, &g, NULL)) > 0) {
		struct sign s = {.keys = g.keys, .grams = g.sets, .spans = g.spans};
		const char *names = g.names;
		rc = 0;
		for (unsigned i = 0; !rc && i < g.n; i++) {
			s.head = g.heads[i];
			buf_add(all, &s.head, sizeof(s.head));
			buf_add(all, s.grams, s.head.grams);
			buf_add(all, names, s.head.names);
			buf_add(all, s.spans, s.head.spans * sizeof(*s.spans));
			if (out)
				rc = signs_put(out, &s, (struct str){names, s.head.names}, NULL);
			s.keys += s.head.shingles ? signs_conf(in)->bands : 0;
			s.grams += s.head.grams;
			names += s.head.names;
			s.spans += s.head.spans;
		}
	}
	signs_in_free(in);
	if (rc)
		signs_out_free(out);
	else if (out)
		rc = signs_commit(out, NULL);
	return rc;
}

static void signs(void)
{
	struct buf one, two;
	buf_init(&one, BUF_NO_MAX);
	buf_init(&two, BUF_NO_MAX);
	if (read_signs(file, &one, copy) == 0 && (read_signs(copy, &two, NULL) || !str_eq(buf_view(&one), buf_view(&two))))
		abort();
	buf_free(&one);
	buf_free(&two);
	unlink(copy);
}

static void verdicts(void)
{
	struct verdict_in *in = NULL;
	struct verdict v;
	if (verdict_open(&in, file, NULL) == 0)
		for (uint64_t i = 0; i < 10000 && verdict_get(in, i, &v, NULL) == 0; i++)
			if (v.kind >= VERDICT_KINDS)
				abort();
	verdict_in_free(in);
}

static void runs(void)
{
	struct sorter *s = sorter_new(2, 0, folder, "fuzz");
	uint64_t r[2];
	if (sorter_join(s, file, 1, 3, NULL) == 0 && sorter_sort(s, NULL) == 0)
		while (sorter_next(s, r, NULL) > 0)
			;
	sorter_free(s);
}

static void sets(const uint8_t *p, size_t n)
{
	static struct grams g;
	static unsigned char code[GRAMS_BYTES];
	uint32_t *x = own_alloc(n + 4), *scratch = own_alloc(n + 4);
	grams_decode(p, n, &g);
	memcpy(x, p, n / 4 * 4);
	size_t kept = grams_sort(x, n / 4, scratch), bytes = grams_code(x, kept, code);
	if (bytes > GRAMS_BYTES || !grams_decode(code, bytes, &g))
		abort();
	if (g.total && g.total != kept) /* 0: too uneven to be a text's */
		abort();
	for (uint32_t i = 0; i < g.n; i++)
		if (g.v[i] != x[i] >> (32 - g.bits))
			abort();
	free(x);
	free(scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char magics[][9] = {"PNSIGN03", "PNVERD01", "PNRUN001"};
	if (size < 3)
		return 0;
	if (!file[0])
		name_files();
	unsigned which = data[0] % 4;
	if (which == 3)
		sets(data + 1, size - 1);
	else if (write_blocks(magics[which], data + 2, size - 2, data[1]) == 0)
		which == 0 ? signs() : which == 1 ? verdicts() : runs();
	unlink(file);
	return 0;
}
