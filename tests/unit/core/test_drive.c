/* The driver: order, counts, two passes, errors; streams: there and back, atomic, sealed. */
#include "core/drive.h"
#include "core/jsonl.h"
#include "core/seal.h"
#include "core/zin.h"
#include "core/zout.h"
#include "tests/tap.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A source of numbered documents in batches of 7. */
struct numbers {
	uint64_t next, end;
};

static int numbers_open(void **self, const char *const *paths, size_t n, const void *conf, struct err *e)
{
	(void)paths, (void)n, (void)e;
	struct numbers *s = own_zalloc(sizeof(*s));
	s->end = *(const uint64_t *)conf;
	*self = s;
	return 0;
}

static int numbers_pull(void *self, struct batch *b, struct err *e)
{
	struct numbers *s = self;
	(void)e;
	for (int i = 0; i < 7 && s->next < s->end; i++) {
		struct doc *d = batch_add(b);
		d->text = arena_printf(b->arena, "%llu", (unsigned long long)s->next++);
	}
	return b->n > 0;
}

static const struct source numbers = {.name = "numbers", .open = numbers_open, .pull = numbers_pull, .close = free};

/* A stage that drops every third, and remembers in fold what passed, in order. */
static const struct why third_why[] = {{"third.third", "divisible by three"}, {"third.again", "seen again"}, {0}};
static uint64_t seen[4096], n_seen, turned, n_again;

static int third_map(const void *shared, void *worker, struct batch *b, struct err *e)
{
	(void)shared, (void)worker, (void)e;
	BATCH_EACH(b, d)
	if (d->ordinal % 3 == 0)
		doc_drop(d, &third_why[0]);
	return 0;
}

static int third_fold(void *shared, struct batch *b, struct err *e)
{
	(void)shared, (void)e;
	BATCH_EACH(b, d)
	seen[n_seen++] = d->ordinal;
	return 0;
}

static int third_turn(void *shared, struct err *e)
{
	(void)shared, (void)e;
	turned++;
	return 0;
}

static int third_again(const void *shared, void *worker, struct batch *b, struct err *e)
{
	(void)shared, (void)worker, (void)e;
	BATCH_EACH(b, d) {
		uint64_t v = 0;
		str_u64(d->text, &v);
		__atomic_fetch_add(&n_again, v == d->ordinal, __ATOMIC_RELAXED);
		if (d->ordinal % 5 == 0)
			doc_drop(d, &third_why[1]);
	}
	return 0;
}

static int fail_map(const void *shared, void *worker, struct batch *b, struct err *e)
{
	(void)shared, (void)worker;
	return b->number == 3 ? err_at(e, ERR_DATA, (struct where){"file", 42}, "planned") : 0;
}

static const struct stage third = {.name = "third", .drops = third_why, .map = third_map, .fold = third_fold};
static const struct stage two = {.name = "third", .drops = third_why, .map = third_map, .fold = third_fold, .turn = third_turn, .again = third_again};
static const struct stage failing = {.name = "failing", .map = fail_map};

static void order(unsigned threads)
{
	uint64_t end = 1000;
	struct link links[] = {{&third, NULL, NULL}};
	struct drive d = {.source = &numbers, .source_conf = &end, .links = links, .n_links = 1, .threads = threads};
	n_seen = 0;
	tap(drive_run(&d, NULL) == 0, "%u threads: runs", threads);
	bool sorted = n_seen == 666;
	for (uint64_t i = 1; i < n_seen; i++)
		sorted &= seen[i] > seen[i - 1];
	tap(sorted, "%u threads: folds in order", threads);
	tap(tally_seen(d.tally, 0) == 1000 && tally_dropped(d.tally, 0, 0) == 334, "%u threads: counts", threads);
	tally_free(d.tally);
}

static void passes(unsigned threads, const char *folder)
{
	uint64_t end = 1000;
	struct link links[] = {{&two, NULL, NULL}};
	struct drive d = {.source = &numbers, .source_conf = &end, .links = links, .n_links = 1, .threads = threads, .spool = folder};
	n_seen = turned = n_again = 0;
	tap(drive_run(&d, NULL) == 0 && turned == 1, "%u threads: two passes", threads);
	tap(n_again == 666, "%u threads: the same documents with the same ordinals", threads);
	tap(tally_seen(d.tally, 0) == 1000 && tally_dropped(d.tally, 0, 0) == 334 && tally_dropped(d.tally, 0, 1) == 133, "%u threads: both passes count", threads);
	tap(tally_check(d.tally) < 0, "%u threads: counts add up", threads);
	tally_free(d.tally);
}

static void failure(unsigned threads)
{
	uint64_t end = 100000;
	struct err e = {0};
	struct link links[] = {{&failing, NULL, NULL}, {&third, NULL, NULL}};
	struct drive d = {.source = &numbers, .source_conf = &end, .links = links, .n_links = 2, .threads = threads};
	n_seen = 0;
	char text[1200];
	tap(drive_run(&d, &e) == ERR_DATA, "%u threads: an error stops all", threads);
	tap(strcmp(err_text(&e, text, sizeof(text)), "file:42: planned") == 0, "%u threads: and says where: %s", threads, text);
	tally_free(d.tally);
}

static bool exists(const char *path)
{
	return access(path, F_OK) == 0;
}

static void streams(const char *folder)
{
	static const char *const names[] = {"plain", "a.zst", "a.gz"};
	char path[512], part[512];
	struct err e = {0};
	for (int i = 0; i < 3; i++) {
		struct zout *z;
		struct zin *in;
		struct str line;
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		snprintf(part, sizeof(part), "%s/.%s.part", folder, names[i]);
		zout_open(&z, path, 0, &e);
		zout_write(z, "first\n", 6, &e);
		zout_frame(z, &e);
		tap(!exists(path) && exists(part), "%s: not under its name before it is whole", names[i]);
		for (int k = 0; k < 100000; k++)
			zout_write(z, "0123456789abcdef\r\n", 18, &e);
		zout_write(z, "last", 4, &e);
		tap(zout_commit(z, &e) == 0 && exists(path) && !exists(part), "%s: committed", names[i]);
		uint64_t n = 0, bytes = 0;
		zin_open(&in, path, &e);
		while (zin_line(in, 100, &line, &e) > 0)
			n++, bytes += line.n;
		tap(n == 100002 && bytes == 5 + 1600000 + 4 && !e.code, "%s: %llu lines back", names[i], (unsigned long long)n);
		zin_free(in);
		zout_open(&z, path, 0, &e);
		zout_write(z, "x", 1, &e);
		zout_free(z);
		tap(exists(path) && !exists(part), "%s: given up, the old file stays", names[i]);
	}
}

static void long_lines(const char *folder)
{
	char path[512];
	struct err e = {0};
	struct zout *z;
	struct zin *in;
	struct str line;
	snprintf(path, sizeof(path), "%s/long", folder);
	zout_open(&z, path, 0, &e);
	for (int i = 0; i < 300000; i++)
		zout_write(z, "x", 1, &e);
	zout_write(z, "\nshort\n", 7, &e);
	zout_commit(z, &e);
	zin_open(&in, path, &e);
	tap(zin_line(in, 1000, &line, &e) == ERR_LIMIT, "a long line is refused");
	e = (struct err){0};
	tap(zin_line(in, 1000, &line, &e) == 1 && str_eq(line, STR("short")), "and the next one is read");
	zin_free(in);
}

static void seals(const char *folder)
{
	char in[512], out[512];
	struct err e = {0};
	struct zout *z;
	snprintf(in, sizeof(in), "%s/in.jsonl", folder);
	snprintf(out, sizeof(out), "%s/out.jsonl.zst", folder);
	zout_open(&z, in, 0, &e);
	for (int i = 0; i < 1000; i++)
		zout_write(z, "{\"text\":\"uma linha de texto\"}\n", 30, &e);
	zout_commit(z, &e);
	const char *paths[] = {in};
	struct jsonl_write_conf w = {.path = out, .seal = true, .history = "{\"command\":[\"x\"]}"};
	struct link links[] = {{&jsonl_read_stage, NULL, NULL}, {&jsonl_write_stage, &w, NULL}};
	struct drive d = {.source = &jsonl_source, .paths = paths, .n_paths = 1, .links = links, .n_links = 2, .threads = 3};
	tap(drive_run(&d, &e) == 0, "copies through the driver: %s", e.msg);
	tally_free(d.tally);
	struct seal_found f;
	tap(seal_check(out, &f, &e) == 0 && f.whole && f.have.documents == 1000, "sealed and whole");
	tap(f.history && strcmp(f.history, w.history) == 0, "with its history");
	free(f.history);
	truncate(out, 200);
	e = (struct err){0};
	int rc = seal_check(out, &f, &e);
	tap(rc < 0 || !f.whole, "cut short, it is not whole");
	free(f.history);
}

/* The same messages are kept whoever says them first, and 99 comes before 123. */
static void messages(void)
{
	struct tally *one = tally_new(NULL, 0), *turned_round = tally_new(NULL, 0);
	char text[32];
	bool same = true;
	for (int i = 0; i < 20; i++) {
		snprintf(text, sizeof(text), "file:%d: fault", i * 33);
		tally_say(one, text);
		snprintf(text, sizeof(text), "file:%d: fault", (19 - i) * 33);
		tally_say(turned_round, text);
	}
	for (unsigned i = 0; i < TALLY_SAID; i++)
		same &= strcmp(tally_said(one, i), tally_said(turned_round, i)) == 0;
	tap(same && strcmp(tally_said(one, 4), "file:132: fault") == 0 && !tally_said(one, TALLY_SAID), "the first messages by offset are kept");
	tally_free(one);
	tally_free(turned_round);
}

int main(void)
{
	messages();
	char folder[] = "/tmp/peneira-test-XXXXXX", cmd[256];
	if (!mkdtemp(folder))
		return tap_skip("no temporary folder");
	for (unsigned threads = 1; threads <= 8; threads += 7) {
		order(threads);
		passes(threads, folder);
		failure(threads);
	}
	streams(folder);
	long_lines(folder);
	seals(folder);
	snprintf(cmd, sizeof(cmd), "rm -rf %s", folder);
	return system(cmd) != 0 || tap_done();
}
