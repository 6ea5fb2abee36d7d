/* Sheaves. Of any bytes: reading ends, and what was read holds together. With the first byte odd, documents are drawn from the bytes, written through
 * the stage and read back: the same lines and tokens; one byte changed anywhere in that file is noticed. */
#include "cli/sheaf.h"
#include "core/own.h"
#include "core/zout.h"
#include "tests/fuzz/memory_file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct batch *batch_new(void)
{
	struct batch *b = own_zalloc(sizeof(*b));
	b->arena = arena_new(1 << 16);
	return b;
}

static void batch_end(struct batch *b)
{
	arena_free(b->arena);
	free(b);
}

/* 0 or an error; *sum over ids and tokens. */
static int read_all(const char *path, uint64_t *sum)
{
	struct batch *b = batch_new();
	void *self;
	int rc = sheaf_source.open(&self, &path, 1, NULL, NULL);
	*sum = 0;
	while (!rc && (rc = sheaf_source.pull(self, b, NULL)) > 0) {
		rc = sheaf_read_stage.map(NULL, NULL, b, NULL);
		BATCH_EACH(b, d) {
			for (size_t i = 0; i < d->id.n; i++)
				*sum = *sum * 31 + (unsigned char)d->id.p[i];
			for (uint32_t i = 0; i < d->token_count; i++)
				*sum = *sum * 31 + d->tokens[i];
		}
		b->n = 0;
		b->bytes = b->stored = 0;
		arena_reset(b->arena, 1 << 20);
	}
	sheaf_source.close(self);
	batch_end(b);
	return rc;
}

/* {length of id, wide?, tokens, ...}: as many documents as there are bytes for. */
static void draw(struct batch *b, const uint8_t *p, size_t n, uint64_t *sum)
{
	*sum = 0;
	while (n > 3 && b->n < BATCH_DOCS) {
		struct doc *d = batch_add(b);
		d->id = arena_printf(b->arena, "id-%u", p[0]);
		uint32_t count = p[1] % 32, *t = ARENA_ARRAY(b->arena, uint32_t, count + 1);
		for (uint32_t i = 0; i < count; i++)
			t[i] = p[2] & 1 ? p[2] * UINT32_C(70001) + i : p[2] + i;
		d->tokens = t;
		d->token_count = count;
		for (size_t i = 0; i < d->id.n; i++)
			*sum = *sum * 31 + (unsigned char)d->id.p[i];
		for (uint32_t i = 0; i < count; i++)
			*sum = *sum * 31 + t[i];
		p += 3;
		n -= 3;
	}
}

static void there_and_back(const uint8_t *p, size_t n)
{
	static char path[256];
	const char *tmp = getenv("TMPDIR");
	snprintf(path, sizeof(path), "%s/fuzz-sheaf-%ld", tmp && *tmp ? tmp : "/tmp", (long)getpid());
	struct sheaf_conf conf = {path, p[0] & 2, p[0] & 4};
	struct batch *b = batch_new();
	uint64_t want, have;
	void *w;
	draw(b, p + 3, n - 3, &want);
	if (sheaf_write_stage.open(&w, &conf, NULL) || sheaf_write_stage.map(w, NULL, b, NULL) || sheaf_write_stage.fold(w, b, NULL) || sheaf_write_stage.close(w, true, NULL, NULL))
		abort();
	batch_end(b);
	if (read_all(path, &have) || have != want)
		abort();
	/* One byte is another. */
	FILE *f = fopen(path, "r+b");
	fseek(f, 0, SEEK_END);
	long at = ((long)p[1] << 8 | p[2]) % ftell(f);
	fseek(f, at, SEEK_SET);
	int was = getc(f);
	fseek(f, at, SEEK_SET);
	putc(was ^ (1 << (p[1] & 7)), f);
	fclose(f);
	if (read_all(path, &have) == 0)
		abort();
	unlink(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t sum;
	zout_lazy(true); /* no waiting for the disk */
	if (size > 3 && data[0] & 1)
		there_and_back(data, size);
	else
		read_all(memory_file(data, size), &sum);
	return 0;
}
