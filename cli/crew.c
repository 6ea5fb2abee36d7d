#include "cli/crew.h"

#include "core/own.h"
#include "core/stop.h"

#include <pthread.h>

struct crew {
	const struct crew_job *job;
	pthread_mutex_t lock;
	size_t next;
	int rc;
	struct err e;
};

struct hand {
	struct crew *crew;
	unsigned threads;
	pthread_t thread;
};

static int take(struct crew *c, size_t *i)
{
	pthread_mutex_lock(&c->lock);
	int more = !c->rc && c->next < c->job->n && !stop_asked();
	if (more)
		*i = c->next++;
	pthread_mutex_unlock(&c->lock);
	return more;
}

static void *work(void *arg)
{
	struct hand *h = arg;
	struct crew *c = h->crew;
	size_t i;
	while (take(c, &i)) {
		struct err e = {0};
		int rc = c->job->part(c->job->self, i, h->threads, &e);
		pthread_mutex_lock(&c->lock);
		if (rc && !c->rc) {
			c->rc = rc;
			c->e = e;
		}
		pthread_mutex_unlock(&c->lock);
	}
	return NULL;
}

int crew_run(const struct crew_job *job, struct err *e)
{
	struct crew c = {.job = job};
	unsigned threads = job->threads ? job->threads : 1, hands = threads, running = 1;
	if (job->most && job->most < hands)
		hands = job->most;
	if (job->n < hands)
		hands = job->n ? (unsigned)job->n : 1;
	struct hand *h = own_zalloc(hands * sizeof(*h));
	pthread_mutex_init(&c.lock, NULL);
	for (unsigned i = 0; i < hands; i++)
		h[i] = (struct hand){.crew = &c, .threads = threads / hands + (i < threads % hands)};
	while (running < hands && !pthread_create(&h[running].thread, NULL, work, &h[running]))
		running++;
	work(&h[0]);
	for (unsigned i = 1; i < running; i++)
		pthread_join(h[i].thread, NULL);
	pthread_mutex_destroy(&c.lock);
	free(h);
	if (c.rc)
		return err_at(e, c.e.code, (struct where){c.e.file[0] ? c.e.file : NULL, c.e.at.offset}, "%s", c.e.msg);
	return stop_asked() ? err_at(e, ERR_STOP, (struct where){NULL, WHERE_NONE}, "stopped by a signal; the same command goes on from here") : 0;
}
