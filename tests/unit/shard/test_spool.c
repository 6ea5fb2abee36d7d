#include "shard/spool.h"
#include "tests/tap.h"

#include <stdio.h>

/* 5,000 records of keys in no order: out in order, equal keys as they came, whether they fit or not. */
static void check(size_t memory)
{
	struct spool *s = spool_new(".", memory);
	struct err e = {0};
	struct str r;
	char text[64];
	bool put = true, sorted = true;
	uint64_t last_key = 0, last_i = 0;
	unsigned n = 0;
	for (uint64_t i = 0; i < 5000; i++) {
		uint64_t key = i * 2654435761u % 1000;
		int len = snprintf(text, sizeof(text), "%d %d %.*s", (int)key, (int)i, (int)(i % 30), "..............................");
		put &= spool_put(s, key, (struct str){text, i == 77 ? 0 : (size_t)len}, &e) == 0;
	}
	int rc;
	bool empty = false;
	while ((rc = spool_next(s, &r, &e)) > 0) {
		int key, i;
		n++;
		if (!r.n) {
			empty = true;
			continue;
		}
		memcpy(text, r.p, r.n < 63 ? r.n : 63);
		text[r.n < 63 ? r.n : 63] = 0;
		sorted &= sscanf(text, "%d %d", &key, &i) == 2 && ((uint64_t)key > last_key || ((uint64_t)key == last_key && (n < 2 || (uint64_t)i >= last_i)));
		last_key = (uint64_t)key;
		last_i = (uint64_t)i;
	}
	tap(put && rc == 0 && n == 5000 && sorted && empty, "%u records in order with memory for %zu bytes", n, memory);
	spool_free(s);
}

int main(void)
{
	struct err e = {0};
	struct str r;
	check(1 << 20);
	check(20000);
	check(3000);
	struct spool *s = spool_new(".", 1000);
	tap(spool_next(s, &r, &e) == 0, "nothing in, nothing out");
	spool_free(s);
	s = spool_new("/nonexistent", 1);
	tap(spool_put(s, 1, STR("x"), &e) == ERR_IO, "a folder that is not there: %s", e.msg);
	spool_free(s);
	return tap_done();
}
