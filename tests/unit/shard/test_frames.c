#include "core/zin.h"
#include "core/zout.h"
#include "shard/frames.h"
#include "tests/tap.h"

#include <stdio.h>
#include <unistd.h>

enum { BYTES = 300000, FRAMES = 40 };

static bool reads(const char *path, const char *raw, uint64_t at, size_t n)
{
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	int rc = frames_read(path, at, n, &b, NULL);
	bool same = rc == 0 && b.n == n && memcmp(b.p, raw + at, n) == 0;
	buf_free(&b);
	return same;
}

/* Every byte of the packed file changed: what is read is right or refused. */
static bool survives(const char *path, const struct buf *packed, const char *raw)
{
	struct buf b;
	bool good = true;
	buf_init(&b, BUF_NO_MAX);
	for (size_t i = 0; i < packed->n && good; i += 1 + packed->n / 80) {
		packed->p[i] ^= 0x55;
		good = zout_file(path, buf_view(packed), NULL) == 0;
		packed->p[i] ^= 0x55;
		buf_clear(&b);
		if (frames_read(path, 100000, 5000, &b, NULL) == 0)
			good &= b.n == 5000 && memcmp(b.p, raw + 100000, 5000) == 0;
	}
	buf_free(&b);
	return good;
}

int main(void)
{
	char path[64], *raw = own_alloc(BYTES), *back = NULL;
	uint32_t ends[FRAMES];
	struct buf one, many;
	struct err e = {0};
	size_t n = 0;
	snprintf(path, sizeof(path), "frames-%d", (int)getpid());
	for (int i = 0; i < BYTES; i++)
		raw[i] = (char)(i * 7 / 3 ^ i >> 9);
	for (int i = 0; i < FRAMES; i++)
		ends[i] = i == FRAMES - 1 ? BYTES : (uint32_t)(i + 1) * 7000 + (uint32_t)i;
	buf_init(&one, BUF_NO_MAX);
	buf_init(&many, BUF_NO_MAX);
	tap(frames_pack(&one, (struct str){raw, BYTES}, ends, FRAMES, 3, 1, &e) == 0 && frames_pack(&many, (struct str){raw, BYTES}, ends, FRAMES, 3, 4, &e) == 0, "packs %s", e.msg);
	tap(str_eq(buf_view(&one), buf_view(&many)), "the same bytes with four threads");
	tap(zout_file(path, buf_view(&one), &e) == 0 && zin_slurp(path, 1 << 20, &back, &n, &e) == 0 && n == BYTES && memcmp(back, raw, n) == 0, "read through, it is what it was %s", e.msg);
	tap(reads(path, raw, 0, 1) && reads(path, raw, 6999, 2) && reads(path, raw, 100000, 50000) && reads(path, raw, BYTES - 1, 1) && reads(path, raw, 0, BYTES), "parts of it, in one frame and over several");
	buf_clear(&many);
	tap(frames_read(path, BYTES - 1, 2, &many, &e) == 1 && frames_read(path, (uint64_t)1 << 60, 1, &many, &e) == 1, "bytes behind its end");
	tap(survives(path, &one, raw), "a byte changed: refused, or right");
	buf_clear(&one);
	tap(frames_pack(&one, (struct str){raw, BYTES}, (uint32_t[]){BYTES}, 1, 3, 1, &e) == 0 && zout_file(path, buf_view(&one), &e) == 0 && frames_read(path, 0, 1, &many, &e) == 1, "one frame has no table");
	unlink(path);
	buf_free(&one);
	buf_free(&many);
	free(back);
	free(raw);
	return tap_done();
}
