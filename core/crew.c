#include "core/crew.h"

#include "core/own.h"
#include "core/stop.h"

#include <limits.h>
#include <pthread.h>

struct crew {
	const struct crew_job *job;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	size_t next;
	unsigned in_hand;
	struct crew_work *open;
	int rc;
	struct err e;
};

/* All of these under the lock. */

static bool more(const struct crew *c)
{
	return !c->rc && c->next < c->job->n && !stop_asked();
}

static struct crew_work *lightest(const struct crew *c)
{
	struct crew_work *best = NULL;
	for (struct crew_work *w = c->open; w; w = w->next)
		if (!w->over && (!best || w->hands < best->hands))
			best = w;
	return best;
}

static void begin(struct crew *c)
{
	struct err e = {0};
	size_t i = c->next++;
	c->in_hand++;
	pthread_mutex_unlock(&c->lock);
	int rc = c->job->part(c->job->self, i, c, &e);
	pthread_mutex_lock(&c->lock);
	c->in_hand--;
	if (rc && !c->rc) {
		c->rc = rc;
		c->e = e;
	}
	pthread_cond_broadcast(&c->changed);
}

static void help(struct crew *c, struct crew_work *w)
{
	w->hands++;
	pthread_mutex_unlock(&c->lock);
	w->help(w->self);
	pthread_mutex_lock(&c->lock);
	w->hands--;
	w->over = true;
	pthread_cond_broadcast(&c->changed);
}

static void *work(void *arg)
{
	struct crew *c = arg;
	unsigned most = c->job->most ? c->job->most : UINT_MAX; /* a thread has one at most */
	pthread_mutex_lock(&c->lock);
	while (more(c) || c->in_hand) {
		struct crew_work *w;
		if (more(c) && c->in_hand < most)
			begin(c);
		else if ((w = lightest(c)))
			help(c, w);
		else
			pthread_cond_wait(&c->changed, &c->lock);
	}
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

void crew_hold(struct crew *c, struct crew_work *w)
{
	if (!c)
		return;
	pthread_mutex_lock(&c->lock);
	w->hands = 0;
	w->over = false;
	w->next = c->open;
	c->open = w;
	pthread_cond_broadcast(&c->changed);
	pthread_mutex_unlock(&c->lock);
}

void crew_release(struct crew *c, struct crew_work *w)
{
	if (!c)
		return;
	pthread_mutex_lock(&c->lock);
	w->over = true;
	while (w->hands)
		pthread_cond_wait(&c->changed, &c->lock);
	struct crew_work **at = &c->open;
	while (*at != w)
		at = &(*at)->next;
	*at = w->next;
	pthread_mutex_unlock(&c->lock);
}

int crew_run(const struct crew_job *job, struct err *e)
{
	struct crew c = {.job = job};
	unsigned threads = job->threads ? job->threads : 1, running = 1;
	pthread_t *t = own_alloc(threads * sizeof(*t));
	pthread_mutex_init(&c.lock, NULL);
	pthread_cond_init(&c.changed, NULL);
	while (job->n && running < threads && !pthread_create(&t[running], NULL, work, &c))
		running++;
	work(&c);
	for (unsigned i = 1; i < running; i++)
		pthread_join(t[i], NULL);
	pthread_cond_destroy(&c.changed);
	pthread_mutex_destroy(&c.lock);
	free(t);
	if (c.rc && c.e.code != ERR_STOP)
		return err_at(e, c.e.code, (struct where){c.e.file[0] ? c.e.file : NULL, c.e.at.offset}, "%s", c.e.msg);
	return stop_asked() ? err_at(e, ERR_STOP, (struct where){NULL, WHERE_NONE}, "stopped by a signal; the same command goes on from here") : 0;
}
