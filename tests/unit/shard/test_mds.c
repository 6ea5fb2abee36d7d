#include "core/zin.h"
#include "shard/frames.h"
#include "shard/mds.h"
#include "shard/mds_sample.h"
#include "tests/tap.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

static uint32_t u32(const char *p)
{
	const unsigned char *b = (const unsigned char *)p;
	return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

/* Two samples, read back by the format's own description. */
static void check(const char *folder, bool wide)
{
	struct mds *m;
	struct err e = {0};
	char path[256], *raw, *index;
	size_t n, width = wide ? 4 : 2;
	const uint32_t a[] = {1, 65535, 7}, big[] = {70000};
	tap(mds_open(&m, folder, &(struct mds_conf){{wide, false, 0}, 0, 1}, &e) == 0, "opens");
	tap(mds_put(m, STR("um"), NULL, 0, a, 3, &e) == 0 && mds_put(m, STR("dois"), NULL, 0, big, wide ? 1 : 0, &e) == 0, "takes two samples");
	tap(mds_commit(m, &e) == 0, "ends: %s", e.msg);
	snprintf(path, sizeof(path), "%s/shard.00000.mds.zstd", folder);
	tap(zin_slurp(path, 1 << 20, &raw, &n, &e) == 0, "the shard is a zstd file");
	uint32_t first = u32(raw + 4), second = u32(raw + 8), end = u32(raw + 12);
	tap(u32(raw) == 2 && end == n, "two samples to its end");
	tap(strstr(raw + 16, wide ? "\"ndarray:uint32\"" : "\"ndarray:uint16\"") != NULL, "the width is in its head");
	const char *p = raw + first;
	tap(u32(p) == 2 && u32(p + 4) == 5 + 3 * width && memcmp(p + 8, "um", 2) == 0, "sizes and id of the first");
	tap(p[10] == (1 << 2 | 2) && u32(p + 11) == 3 && (unsigned char)p[15 + width] == 255, "its shape and values");
	p = raw + second;
	tap(u32(p) == 4 && u32(p + 4) == 5 + (wide ? 4 : 0) && (!wide || u32(p + 8 + 4 + 5) == 70000), "the second");
	snprintf(path, sizeof(path), "%s/index.json", folder);
	tap(zin_slurp(path, 1 << 20, &index, &n, &e) == 0 && strstr(index, "\"samples\": 2"), "the index counts them");
	unlink(path);
	snprintf(path, sizeof(path), "%s/shard.00000.mds.zstd", folder);
	unlink(path);
	free(raw);
	free(index);
}

/* Samples of several frames read one by one, and written over. */
static void samples(const char *folder, bool packed)
{
	struct mds *m;
	struct err e = {0};
	struct buf b;
	struct mds_sample s = {0};
	uint32_t tokens[64];
	bool good = mds_open(&m, folder, &(struct mds_conf){{true, packed, 0}, 700, 3}, &e) == 0;
	for (uint32_t i = 0; i < 64; i++)
		tokens[i] = i * 1000;
	for (uint32_t i = 0; i < 50 && good; i++)
		good = mds_put(m, STR("id"), tokens, packed, tokens + i % 8, packed ? 40 : 40 + i % 16, &e) == 0;
	tap(good && mds_commit(m, &e) == 0, "fifty samples in several frames %s", e.msg);
	buf_init(&b, BUF_NO_MAX);
	for (uint32_t i = 0; i < 50 && good; i++) {
		good = mds_sample_read(folder, i, &b, &s, &e) == 0 && s.nth == i && s.shard == 0 && s.packed == packed && str_eq(s.id, STR("id")) && s.n == (packed ? 40 : 40 + i % 16) && s.tokens[1] == (i % 8 + 1) * 1000;
		free(s.tokens);
	}
	tap(good && mds_sample_read(folder, 50, &b, &s, &e) == 1, "each is read by itself %s", e.msg);
	/* Packed: tokens 5 to 95 of the split, which are in samples 0 to 2; else documents 0 and 2. */
	struct mds_range r[] = {{0, 5, packed ? 90 : 40}, {2, packed ? 100 : 82, packed ? 1 : 42}};
	tap(mds_sample_blank(folder, r, 2, 9, &e) == 0, "two ranges blanked %s", e.msg);
	good = mds_sample_read(folder, 0, &b, &s, &e) == 0 && s.tokens[39] == 9 && (s.tokens[4] == 9) == !packed;
	free(s.tokens);
	tap(good && mds_sample_read(folder, 2, &b, &s, &e) == 0 && s.tokens[14] == 9 && (s.tokens[16] == 9) == !packed, "they are blank, and nothing else");
	free(s.tokens);
	char path[256];
	snprintf(path, sizeof(path), "%s/shard.00000.mds.zstd", folder);
	buf_clear(&b);
	tap(frames_read(path, 0, 4, &b, &e) == 0, "frames are there again");
	unlink(path);
	snprintf(path, sizeof(path), "%s/index.json", folder);
	unlink(path);
	buf_free(&b);
}

int main(void)
{
	char folder[64];
	struct mds *m;
	struct err e = {0};
	snprintf(folder, sizeof(folder), "mds-%d", (int)getpid());
	mkdir(folder, 0777);
	check(folder, false);
	check(folder, true);
	samples(folder, false);
	samples(folder, true);
	rmdir(folder);
	tap(mds_open(&m, "/nonexistent", &(struct mds_conf){{false, false, 0}, MDS_FRAME_BYTES, 1}, &e) == 0 && mds_put(m, STR("a"), NULL, 0, (uint32_t[]){1}, 1, &e) == 0 && mds_commit(m, &e) == ERR_IO, "a folder that is not there: %s", e.msg);
	e = (struct err){0};
	mds_open(&m, "/nonexistent", &(struct mds_conf){{false, false, 0}, MDS_FRAME_BYTES, 1}, &e);
	tap(mds_put(m, STR("a"), NULL, 0, NULL, (size_t)600 << 20, &e) == ERR_LIMIT, "a sample above the ceiling: %s", e.msg);
	mds_free(m);
	return tap_done();
}
