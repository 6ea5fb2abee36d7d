#include "core/progress.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

struct progress {
	pthread_mutex_t lock;
	char label[64];
	uint64_t total, stored, docs, kept;
	double began, shown;
	bool tty, drawn;
};

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

struct progress *progress_new(const char *label, uint64_t total, enum progress_when when)
{
	bool tty = isatty(STDERR_FILENO);
	if (when == PROGRESS_NEVER)
		return NULL;
	struct progress *p = own_zalloc(sizeof(*p));
	pthread_mutex_init(&p->lock, NULL);
	snprintf(p->label, sizeof(p->label), "%s", label);
	p->total = total;
	p->tty = tty || when == PROGRESS_ALWAYS;
	p->began = p->shown = now();
	return p;
}

struct progress *progress_free(struct progress *p)
{
	if (!p)
		return NULL;
	if (p->drawn)
		fprintf(stderr, "\r\033[K");
	pthread_mutex_destroy(&p->lock);
	free(p);
	return NULL;
}

static void draw(struct progress *p, double t)
{
	double secs = t - p->began > 0.001 ? t - p->began : 0.001;
	char left[48] = "";
	if (p->total && p->stored) {
		double share = (double)p->stored / (double)p->total;
		uint64_t eta = (uint64_t)(share < 1 ? secs / share - secs : 0);
		snprintf(left, sizeof(left), "  %2.0f %%  %" PRIu64 ":%02" PRIu64 " left", 100 * (share < 1 ? share : 1), eta / 60, eta % 60);
	}
	fprintf(stderr, "%s%s  %" PRIu64 " documents  %.0f/s  %.1f MB/s  kept %.1f %%%s%s", p->tty ? "\r\033[K" : "", p->label, p->docs,
		(double)p->docs / secs, (double)p->stored / 1e6 / secs, p->docs ? 100.0 * (double)p->kept / (double)p->docs : 0.0,
		left, p->tty ? "" : "\n");
	fflush(stderr);
	p->drawn = p->tty;
	p->shown = t;
}

void progress_add(struct progress *p, uint64_t stored, uint64_t docs, uint64_t kept)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->stored += stored;
	p->docs += docs;
	p->kept += kept;
	double t = now();
	if (t - p->shown >= (p->tty ? 1.0 / 6 : 60))
		draw(p, t);
	pthread_mutex_unlock(&p->lock);
}

void progress_phase(struct progress *p, const char *label, uint64_t total)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	snprintf(p->label, sizeof(p->label), "%s", label);
	p->total = total;
	p->stored = p->docs = p->kept = 0;
	p->began = now();
	pthread_mutex_unlock(&p->lock);
}
