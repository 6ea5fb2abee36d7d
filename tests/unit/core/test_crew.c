/* crew: every part once, errors, how many at once, hands that come to help, and a drive that they help. */
#include "core/crew.h"
#include "core/drive.h"
#include "core/own.h"
#include "tests/tap.h"

#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

/* ---- parts ---- */

struct parts {
	unsigned done[1000], at_once, most_at_once, fail_at;
};

static int part(void *self, size_t i, struct crew *c, struct err *e)
{
	struct parts *p = self;
	(void)c;
	pthread_mutex_lock(&lock);
	p->done[i]++;
	if (++p->at_once > p->most_at_once)
		p->most_at_once = p->at_once;
	pthread_mutex_unlock(&lock);
	int rc = p->fail_at && i == p->fail_at ? err_at(e, ERR_DATA, (struct where){"part", i}, "planned") : 0;
	pthread_mutex_lock(&lock);
	p->at_once--;
	pthread_mutex_unlock(&lock);
	return rc;
}

static void every_part(unsigned threads, unsigned most, size_t n)
{
	struct parts *p = own_zalloc(sizeof(*p));
	struct crew_job job = {.part = part, .self = p, .n = n, .threads = threads, .most = most};
	size_t once = 0;
	int rc = crew_run(&job, NULL);
	for (size_t i = 0; i < 1000; i++)
		once += p->done[i] == (i < n);
	tap(rc == 0 && once == 1000, "%u threads, %zu parts: each once", threads, n);
	tap(p->most_at_once <= (most ? most : threads ? threads : 1), "%u threads, %zu parts: never more than %u at once", threads, n, most ? most : threads);
	free(p);
}

static void failing(unsigned threads)
{
	struct parts *p = own_zalloc(sizeof(*p));
	struct crew_job job = {.part = part, .self = p, .n = 1000, .threads = threads};
	struct err e = {0};
	p->fail_at = 17;
	int rc = crew_run(&job, &e);
	size_t begun = 0;
	for (size_t i = 0; i < 1000; i++)
		begun += p->done[i];
	tap(rc == ERR_DATA && e.at.offset == 17 && strcmp(e.msg, "planned") == 0, "%u threads: the error of a part", threads);
	tap(threads > 1 || begun == 18, "%u threads: no part is begun behind it", threads);
	free(p);
}

/* ---- helping: a part that ends only when so many have come ---- */

struct held {
	struct crew_work work;
	unsigned came, wanted;
};

static void come(void *self)
{
	struct held *h = self;
	pthread_mutex_lock(&lock);
	h->came++;
	pthread_cond_broadcast(&changed);
	while (h->came < h->wanted)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
}

/* Part 0 ends at once; part 1 needs everybody. */
static int needy(void *self, size_t i, struct crew *c, struct err *e)
{
	struct held *h = self;
	(void)e;
	if (i == 0)
		return 0;
	h->work = (struct crew_work){.help = come, .self = h};
	crew_hold(c, &h->work);
	come(h);
	crew_release(c, &h->work);
	return 0;
}

static void helping(unsigned threads)
{
	struct held h = {.wanted = threads};
	struct crew_job job = {.part = needy, .self = &h, .n = 2, .threads = threads};
	int rc = crew_run(&job, NULL);
	tap(rc == 0 && h.came == threads, "%u threads, the last part: all come to help", threads);
}

/* ---- a drive among the parts: same order and counts, whoever comes ---- */

static int numbers_open(void **self, const char *const *paths, size_t n, const void *conf, struct err *e)
{
	(void)paths, (void)n, (void)conf, (void)e;
	*self = own_zalloc(sizeof(uint64_t));
	return 0;
}

static int numbers_pull(void *self, struct batch *b, struct err *e)
{
	uint64_t *next = self;
	(void)e;
	for (int i = 0; i < 7 && *next < 2000; i++, ++*next)
		batch_add(b)->text = arena_printf(b->arena, "%llu", (unsigned long long)*next);
	b->stored = b->n ? 10 : 0;
	return b->n > 0;
}

static const struct source numbers = {.name = "numbers", .open = numbers_open, .pull = numbers_pull, .close = free};

struct line {
	uint64_t next;
	bool order;
};

static int line_open(void **shared, const void *conf, struct err *e)
{
	(void)e;
	*shared = (void *)(uintptr_t)conf;
	return 0;
}

static int line_fold(void *shared, struct batch *b, struct err *e)
{
	struct line *l = shared;
	(void)e;
	for (unsigned i = 0; i < b->n; i++)
		l->order &= b->docs[i].ordinal == l->next++;
	return 0;
}

static const struct why none[] = {{0}};
static const struct stage line = {.name = "line", .drops = none, .open = line_open, .fold = line_fold};

struct drives {
	struct line lines[5];
	uint64_t seen[5], stored[5];
};

static int drive_part(void *self, size_t i, struct crew *c, struct err *e)
{
	struct drives *x = self;
	struct link links[] = {{&line, &x->lines[i], NULL}};
	struct drive d = {.source = &numbers, .links = links, .n_links = 1, .crew = c};
	int rc = drive_run(&d, e);
	x->seen[i] = tally_seen(d.tally, 0);
	x->stored[i] = d.stored;
	tally_free(d.tally);
	return rc;
}

static void drives(unsigned threads, size_t n)
{
	struct drives x = {0};
	struct crew_job job = {.part = drive_part, .self = &x, .n = n, .threads = threads};
	bool good = true;
	for (size_t i = 0; i < n; i++)
		x.lines[i].order = true;
	int rc = crew_run(&job, NULL);
	for (size_t i = 0; i < n; i++)
		good &= x.lines[i].order && x.lines[i].next == 2000 && x.seen[i] == 2000 && x.stored[i] == 2860;
	tap(rc == 0 && good, "%u threads, %zu drives: order and counts", threads, n);
}

int main(void)
{
	static const unsigned threads[] = {0, 1, 2, 3, 8};
	for (size_t i = 0; i < sizeof(threads) / sizeof(*threads); i++) {
		every_part(threads[i], 0, 1000);
		every_part(threads[i], 2, 100);
		every_part(threads[i], 0, 1);
		every_part(threads[i], 0, 0);
		failing(threads[i] ? threads[i] : 1);
		helping(threads[i] ? threads[i] : 1);
		drives(threads[i], 1);
		drives(threads[i], 5);
	}
	return tap_done();
}
