#include "core/drive.h"

#include "core/jsonl.h"
#include "core/progress.h"
#include "core/stop.h"

#include <assert.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

enum { ARENA_KEEP = 32 << 20 }; /* a worker keeps this much for its next batch */

/* A link in one pass. row: its row in the tally, -1 = none. again: the second pass of a stage that turned. */
struct step {
	struct link *link;
	int row;
	bool again;
};

/* One pass over one source. */
struct pass {
	struct drive *d;
	const struct source *source;
	void *source_self;
	struct step *steps;
	unsigned n;
	pthread_mutex_t lock;
	pthread_cond_t turn;
	uint64_t next_batch, next_ordinal;
	uint64_t *folding; /* per step: the batch whose turn it is */
	bool ended, broken;
	struct err err;
};

struct worker {
	struct pass *p;
	void **state; /* per step */
	struct batch *b;
	struct tally *tally;
	pthread_t thread;
	uint64_t stored;
};

/* Under the lock. A stop lets batches in flight go on; a real error (broken) does not. */
static void pass_fail(struct pass *p, const struct err *e)
{
	if (!p->err.code)
		p->err = *e;
	p->broken |= e->code != ERR_STOP;
	p->ended = true;
	pthread_cond_broadcast(&p->turn);
}

static void batch_clear(struct batch *b)
{
	b->n = 0;
	b->bytes = 0;
	b->stored = 0;
	arena_reset(b->arena, ARENA_KEEP);
}

/* true: a batch with its number; false: no more. */
static bool pull(struct worker *w)
{
	struct pass *p = w->p;
	struct batch *b = w->b;
	struct err e = {0};
	int rc = 0;
	batch_clear(b);
	pthread_mutex_lock(&p->lock);
	if (!p->ended && stop_asked())
		pass_fail(p, &(struct err){.code = ERR_STOP, .msg = "stopped by a signal"});
	if (!p->ended)
		rc = p->source->pull(p->source_self, b, &e);
	if (rc < 0)
		pass_fail(p, &e);
	else if (rc == 0)
		p->ended = true;
	else
		b->number = p->next_batch++;
	for (unsigned i = 0; rc > 0 && i < b->n; i++)
		b->docs[i].ordinal = p->next_ordinal++;
	pthread_mutex_unlock(&p->lock);
	w->stored += b->stored;
	return rc > 0;
}

/* Wait until every earlier batch has left step i; false when that will not happen. */
static bool my_turn(struct pass *p, unsigned i, uint64_t number)
{
	pthread_mutex_lock(&p->lock);
	while (p->folding[i] != number && !p->broken)
		pthread_cond_wait(&p->turn, &p->lock);
	bool ok = !p->broken;
	pthread_mutex_unlock(&p->lock);
	return ok;
}

static void next_turn(struct pass *p, unsigned i)
{
	pthread_mutex_lock(&p->lock);
	p->folding[i]++;
	pthread_cond_broadcast(&p->turn);
	pthread_mutex_unlock(&p->lock);
}

static int fold(struct worker *w, unsigned i, struct err *e)
{
	struct pass *p = w->p;
	const struct link *l = p->steps[i].link;
	if (!my_turn(p, i, w->b->number))
		return ERR_STOP;
	int rc = l->stage->fold(l->shared, w->b, e);
	if (!rc)
		next_turn(p, i);
	return rc;
}

/* Count what came into step i and what it left out: documents that were not left out before it. */
static void count(struct worker *w, const struct step *s, const bool *was)
{
	uint64_t in = 0;
	if (s->row < 0)
		return;
	for (unsigned k = 0; k < w->b->n; k++) {
		if (was[k])
			continue;
		in++;
		if (w->b->docs[k].drop)
			tally_drop(w->tally, (unsigned)s->row, w->b->docs[k].drop);
	}
	if (!s->again) /* the first pass has counted them in */
		tally_in(w->tally, (unsigned)s->row, in);
}

static int through(struct worker *w, struct err *e)
{
	struct pass *p = w->p;
	bool was[BATCH_DOCS];
	for (unsigned i = 0; i < p->n; i++) {
		const struct step *s = &p->steps[i];
		const struct stage *stage = s->link->stage;
		for (unsigned k = 0; k < w->b->n; k++)
			was[k] = w->b->docs[k].drop != NULL;
		int (*map)(const void *, void *, struct batch *, struct err *) = s->again ? stage->again : stage->map;
		int rc = map ? map(s->link->shared, w->state[i], w->b, e) : 0;
		if (!rc && stage->fold && !s->again)
			rc = fold(w, i, e);
		if (rc < 0)
			return rc;
		count(w, s, was);
	}
	return 0;
}

static void *work(void *arg)
{
	struct worker *w = arg;
	struct pass *p = w->p;
	while (pull(w)) {
		struct err e = {0};
		int rc = through(w, &e);
		if (rc < 0) {
			if (!e.code)
				e.code = (enum err_code)rc;
			pthread_mutex_lock(&p->lock);
			pass_fail(p, &e);
			pthread_mutex_unlock(&p->lock);
			break;
		}
		progress_batch(p->d->progress, w->b);
	}
	return NULL;
}

static struct tally *tally_of(const struct drive *d)
{
	const struct stage **rows = own_zalloc((d->n_links + 1) * sizeof(*rows));
	unsigned n = 0;
	for (unsigned i = 0; i < d->n_links; i++)
		if (d->links[i].stage->drops)
			rows[n++] = d->links[i].stage;
	struct tally *t = tally_new(rows, n);
	free(rows);
	return t;
}

static void worker_start(struct worker *w, struct pass *p)
{
	*w = (struct worker){.p = p};
	w->b = own_zalloc(sizeof(*w->b));
	w->b->arena = arena_new(1 << 20);
	w->tally = w->b->tally = tally_of(p->d);
	w->state = own_zalloc(p->n * sizeof(void *));
	for (unsigned i = 0; i < p->n; i++)
		if (p->steps[i].link->stage->start)
			w->state[i] = p->steps[i].link->stage->start(p->steps[i].link->shared);
}

/* Others may still be at work. */
static void worker_stop(struct worker *w)
{
	struct pass *p = w->p;
	for (unsigned i = 0; i < p->n; i++)
		if (p->steps[i].link->stage->stop)
			p->steps[i].link->stage->stop(w->state[i]);
	pthread_mutex_lock(&p->lock);
	p->d->stored += p->source == p->d->source ? w->stored : 0;
	tally_merge(p->d->tally, w->tally);
	pthread_mutex_unlock(&p->lock);
	tally_free(w->tally);
	arena_free(w->b->arena);
	free(w->b);
	free(w->state);
}

/* A thread of the crew comes in. */
static void help(void *self)
{
	struct worker w;
	worker_start(&w, self);
	work(&w);
	worker_stop(&w);
}

static int pass_run(struct pass *p, struct err *e)
{
	struct crew_work open = {.help = help, .self = p};
	unsigned threads = p->d->threads ? p->d->threads : 1, running = 1;
	struct worker *w = own_zalloc(threads * sizeof(*w));
	p->folding = own_zalloc(p->n * sizeof(p->folding[0]));
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->turn, NULL);
	crew_hold(p->d->crew, &open);
	for (unsigned i = 0; i < threads; i++)
		worker_start(&w[i], p);
	while (running < threads && !pthread_create(&w[running].thread, NULL, work, &w[running]))
		running++;
	work(&w[0]);
	for (unsigned i = 1; i < running; i++)
		pthread_join(w[i].thread, NULL);
	for (unsigned i = 0; i < threads; i++)
		worker_stop(&w[i]);
	crew_release(p->d->crew, &open);
	pthread_cond_destroy(&p->turn);
	pthread_mutex_destroy(&p->lock);
	free(p->folding);
	free(w);
	if (p->err.code)
		return err_at(e, p->err.code, (struct where){p->err.file[0] ? p->err.file : NULL, p->err.at.offset}, "%s", p->err.msg);
	return 0;
}

static int pass_over(struct pass *p, const struct source *s, const char *const *paths, size_t n, const void *conf,
		     struct err *e)
{
	p->source = s;
	int rc = s->open(&p->source_self, paths, n, conf, e);
	if (rc)
		return rc;
	rc = pass_run(p, e);
	s->close(p->source_self);
	return rc;
}

static unsigned barrier_of(const struct drive *d)
{
	unsigned i = 0;
	while (i < d->n_links && !d->links[i].stage->again)
		i++;
	return i;
}

/* Steps for links [from, to), with room for one more behind them. */
static struct step *steps_of(struct drive *d, unsigned from, unsigned to, bool again)
{
	struct step *s = own_zalloc((to - from + 1) * sizeof(*s));
	int row = 0;
	for (unsigned i = 0; i < to; i++) {
		int mine = d->links[i].stage->drops ? row++ : -1;
		if (i >= from)
			s[i - from] = (struct step){&d->links[i], mine, again && i == from};
	}
	return s;
}

static int one_pass(struct drive *d, struct err *e)
{
	struct pass p = {.d = d, .n = d->n_links};
	p.steps = steps_of(d, 0, d->n_links, false);
	int rc = pass_over(&p, d->source, d->paths, d->n_paths, d->source_conf, e);
	free(p.steps);
	return rc;
}

/* Up to the barrier and into the spool: all documents, also those left out, so that places in line stay the same. */
static int pass_before(struct drive *d, unsigned barrier, const char *spool, struct err *e)
{
	struct jsonl_write_conf conf = {.path = spool, .level = 1, .all = true};
	struct link writer = {&jsonl_write_stage, &conf, NULL};
	struct pass p = {.d = d, .n = barrier + 2};
	int rc = writer.stage->open(&writer.shared, &conf, e);
	if (rc)
		return rc;
	p.steps = steps_of(d, 0, barrier + 1, false);
	p.steps[barrier + 1] = (struct step){&writer, -1, false};
	rc = pass_over(&p, d->source, d->paths, d->n_paths, d->source_conf, e);
	int end = writer.stage->close(writer.shared, rc == 0, NULL, rc ? NULL : e);
	free(p.steps);
	return rc ? rc : end;
}

static int pass_behind(struct drive *d, unsigned barrier, const char *spool, struct err *e)
{
	struct jsonl_read_conf conf = {.drops = true};
	struct link reader = {&jsonl_read_stage, &conf, NULL};
	struct pass p = {.d = d, .n = d->n_links - barrier + 1};
	int rc = reader.stage->open(&reader.shared, &conf, e);
	if (rc)
		return rc;
	struct step *tail = steps_of(d, barrier, d->n_links, true);
	p.steps = own_zalloc(p.n * sizeof(*p.steps));
	p.steps[0] = (struct step){&reader, -1, false};
	memcpy(p.steps + 1, tail, (p.n - 1) * sizeof(*tail));
	rc = pass_over(&p, &jsonl_source, &spool, 1, NULL, e);
	reader.stage->close(reader.shared, true, NULL, NULL);
	free(tail);
	free(p.steps);
	return rc;
}

static int two_passes(struct drive *d, unsigned barrier, struct err *e)
{
	static _Atomic unsigned number;
	const struct link *l = &d->links[barrier];
	const char *tmp = getenv("TMPDIR"), *folder = d->spool ? d->spool : tmp && *tmp ? tmp : "/tmp";
	char spool[4096];
	if (l->stage->folder)
		folder = l->stage->folder(l->shared);
	snprintf(spool, sizeof(spool), "%s/peneira-spool-%ld-%u.jsonl.zst", folder, (long)getpid(), number++);
	int rc = pass_before(d, barrier, spool, e);
	if (!rc && l->stage->turn)
		rc = l->stage->turn(l->shared, e);
	if (!rc)
		rc = pass_behind(d, barrier, spool, e);
	unlink(spool);
	return rc;
}

int drive_run(struct drive *d, struct err *e)
{
	unsigned opened = 0, barrier = barrier_of(d);
	int rc = 0;
	d->tally = tally_of(d);
	d->stored = 0;
	for (; !rc && opened < d->n_links; opened++) {
		struct link *l = &d->links[opened];
		rc = l->stage->open && !l->lent ? l->stage->open(&l->shared, l->conf, e) : 0;
	}
	if (rc)
		opened--;
	else
		rc = barrier < d->n_links ? two_passes(d, barrier, e) : one_pass(d, e);
	for (unsigned i = 0; i < opened; i++) {
		struct link *l = &d->links[i];
		int end = l->stage->close && !l->lent ? l->stage->close(l->shared, rc == 0, d->tally, rc ? NULL : e) : 0;
		rc = rc ? rc : end;
	}
	if (!rc && tally_check(d->tally) >= 0)
		rc = err_at(e, ERR_DATA, (struct where){NULL, WHERE_NONE}, "counts do not add up at stage %d: this is a bug", tally_check(d->tally));
	return rc;
}

int drive_check(const struct drive *d, uint64_t have, struct err *e)
{
	for (unsigned i = 0; i < d->n_links; i++) {
		const struct stage *s = d->links[i].stage;
		uint64_t gap = s->reads & ~have;
		for (int f = 0; f < DOC_FIELDS; f++)
			if (gap & DOC_BIT(f))
				return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "%s needs '%s', which nothing before it gives",
					      s->name, doc_fields[f].key);
		have |= s->writes;
	}
	return 0;
}
