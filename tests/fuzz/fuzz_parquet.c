/* Whatever a Parquet file holds, each chunk is refused or every row of it can be read within its bounds; and runs of whole numbers read
 * back as they were written. */
#define _GNU_SOURCE
#include "core/hybrid.h"
#include "core/parquet_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile uint64_t sink;

static void touch(const struct parquet_chunk *k)
{
	uint64_t sum = 0;
	for (uint32_t r = 0; r < k->rows; r++) {
		if (parquet_in_null(k, r))
			continue;
		uint32_t at = parquet_in_at(k, r);
		if (k->dict && at >= k->n_dict)
			abort();
		if (k->strs)
			for (size_t i = 0; i < k->strs[at].n; i++)
				sum += (unsigned char)k->strs[at].p[i];
		else if (k->reals)
			sum += k->reals[at] > 0;
		else
			sum += (uint64_t)k->ints[at];
	}
	sink = sum;
}

static void read_file(const char *path)
{
	struct parquet_in *r;
	struct parquet_chunk k = {0};
	uint64_t rows = 0;
	if (parquet_in_open(&r, path, NULL))
		return;
	for (unsigned g = 0; g < parquet_in_groups(r) && rows < 1 << 20; g++) {
		rows += parquet_in_group_rows(r, g);
		for (unsigned c = 0; c < parquet_in_columns(r); c++) {
			struct parquet_range x = parquet_in_range(r, g, c);
			sink = (uint64_t)x.min_int + x.min_str.n;
			if (parquet_in_chunk(r, g, c, &k, NULL) == 0)
				touch(&k);
		}
	}
	parquet_in_release(&k);
	parquet_in_free(r);
}

static void there_and_back(const uint8_t *data, size_t size)
{
	int width = data[0] % 33;
	size_t n = size - 1 < 4096 ? size - 1 : 4096;
	uint32_t *v = calloc(n + 1, sizeof(*v)), *w = calloc(n + 1, sizeof(*w));
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	for (size_t i = 0; i < n; i++)
		v[i] = (uint32_t)((data[1 + i] * 2654435761u) & ((1ull << width) - 1));
	hybrid_put(&b, v, n, width);
	if (!hybrid_get(buf_view(&b), w, n, width) || (n && memcmp(v, w, n * sizeof(*v)) != 0))
		abort();
	/* What is no output of hybrid_put must not be read beyond its end. */
	hybrid_get((struct str){(const char *)data + 1, size - 1}, w, n, width);
	buf_free(&b);
	free(v);
	free(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[40];
	if (!size)
		return 0;
	there_and_back(data, size);
	int fd = memfd_create("fuzz", 0);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	read_file(path);
	close(fd);
	return 0;
}
