#include "core/zin.h"
#include "shard/megatron.h"
#include "tests/tap.h"

#include <stdio.h>
#include <unistd.h>

static void check(bool wide)
{
	struct megatron *m;
	struct err e = {0};
	char prefix[64], path[128], *bin = NULL, *idx = NULL;
	size_t n;
	snprintf(prefix, sizeof(prefix), "megatron-%d", (int)getpid());
	tap(megatron_open(&m, prefix, wide, &e) == 0, "opens");
	tap(megatron_put(m, (uint32_t[]){1, 2, 3}, 3, &e) == 0 && megatron_put(m, (uint32_t[]){65535}, 1, &e) == 0, "takes two");
	tap(megatron_commit(m, &e) == 0, "ends");
	snprintf(path, sizeof(path), "%s.bin", prefix);
	tap(zin_slurp(path, 1 << 20, &bin, &n, &e) == 0 && n == (wide ? 16 : 8), "four tokens");
	unlink(path);
	snprintf(path, sizeof(path), "%s.idx", prefix);
	tap(zin_slurp(path, 1 << 20, &idx, &n, &e) == 0 && n == 34 + 2 * 4 + 2 * 8 + 3 * 8, "the size of the index");
	tap(memcmp(idx, "MMIDIDX\0\0\1\0\0\0\0\0\0\0", 17) == 0 && idx[17] == (wide ? 4 : 8), "magic, version, type");
	tap(idx[18] == 2 && idx[26] == 3 && idx[34] == 3 && idx[38] == 1 && idx[50] == (wide ? 12 : 6), "counts, lengths, pointers");
	unlink(path);
	free(bin);
	free(idx);
}

int main(void)
{
	struct megatron *m;
	struct err e = {0};
	check(false);
	check(true);
	tap(megatron_open(&m, "/nonexistent/train", false, &e) == ERR_IO, "a folder that is not there: %s", e.msg);
	return tap_done();
}
