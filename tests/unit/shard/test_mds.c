#include "core/zin.h"
#include "shard/mds.h"
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
	tap(mds_open(&m, folder, wide, false, 0, &e) == 0, "opens");
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

int main(void)
{
	char folder[64];
	struct mds *m;
	struct err e = {0};
	snprintf(folder, sizeof(folder), "mds-%d", (int)getpid());
	mkdir(folder, 0777);
	check(folder, false);
	check(folder, true);
	rmdir(folder);
	tap(mds_open(&m, "/nonexistent", false, false, 0, &e) == 0 && mds_put(m, STR("a"), NULL, 0, (uint32_t[]){1}, 1, &e) == 0 && mds_commit(m, &e) == ERR_IO, "a folder that is not there: %s", e.msg);
	e = (struct err){0};
	mds_open(&m, "/nonexistent", false, false, 0, &e);
	tap(mds_put(m, STR("a"), NULL, 0, NULL, (size_t)600 << 20, &e) == ERR_LIMIT, "a sample above the ceiling: %s", e.msg);
	mds_free(m);
	return tap_done();
}
