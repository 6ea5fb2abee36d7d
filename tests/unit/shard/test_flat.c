#include "core/zin.h"
#include "shard/flat.h"
#include "tests/tap.h"

#include <stdio.h>
#include <unistd.h>

static void check(bool wide)
{
	struct flat *f;
	struct err e = {0};
	char prefix[64], path[128], *ds = NULL, *index = NULL, *meta = NULL;
	size_t n, width = wide ? 4 : 2;
	snprintf(prefix, sizeof(prefix), "flat-%d", (int)getpid());
	tap(flat_open(&f, prefix, wide, "tok", &e) == 0 && flat_put(f, (uint32_t[]){1, 2, 65535}, 3, &e) == 0 && flat_put(f, NULL, 0, &e) == 0 && flat_put(f, (uint32_t[]){9}, 1, &e) == 0 && flat_commit(f, &e) == 0, "three documents");
	snprintf(path, sizeof(path), "%s.ds", prefix);
	tap(zin_slurp(path, 1 << 20, &ds, &n, &e) == 0 && n == 4 * width && ds[0] == 1 && ds[width] == 2 && (unsigned char)ds[2 * width + 1] == 255 && ds[3 * width] == 9, "tokens");
	unlink(path);
	snprintf(path, sizeof(path), "%s.ds.index", prefix);
	tap(zin_slurp(path, 1 << 20, &index, &n, &e) == 0 && n == 24 && index[0] == 3 && index[8] == 3 && index[16] == 4, "where each ends");
	unlink(path);
	snprintf(path, sizeof(path), "%s.ds.metadata", prefix);
	tap(zin_slurp(path, 1 << 20, &meta, &n, &e) == 0 && strncmp(meta, wide ? "tok|4\n4\n" : "tok|2\n4\n", 8) == 0, "metadata");
	unlink(path);
	free(ds);
	free(index);
	free(meta);
}

int main(void)
{
	struct flat *f;
	struct err e = {0};
	check(false);
	check(true);
	tap(flat_open(&f, "/nonexistent/train", false, "t", &e) == ERR_IO, "a folder that is not there: %s", e.msg);
	return tap_done();
}
