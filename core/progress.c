#define _GNU_SOURCE
#include "core/progress.h"

#include "core/buf.h"
#include "core/zout.h"

#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { REASONS = 64, REASONS_SHOWN = 3, METRICS_SECONDS = 15, ITEMS = 16, PAGE_SECONDS = 3 };

struct reason {
	char name[48];
	uint64_t n;
};

struct progress {
	pthread_mutex_t lock;
	pthread_t watcher;
	bool watched, ended;
	struct progress_watch conf;
	char label[64];
	unsigned phase; /* from 1 */
	uint64_t total, stored, docs, kept, parts, parts_done;
	struct reason reasons[REASONS];
	unsigned n_reasons;
	double begun, began, shown, kept_file; /* begun: of all, began: of the phase */
	bool tty, drawn;
};

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- what is known ---- */

static double rate_over(const struct progress *p, double t)
{
	return t - p->began > 0.001 ? t - p->began : 0.001;
}

/* Seconds until the phase ends, at the speed it had until now; negative: not known. */
static double left(const struct progress *p, double t)
{
	if (!p->total || !p->stored)
		return -1;
	double share = (double)p->stored / (double)p->total;
	return share < 1 ? rate_over(p, t) / share - rate_over(p, t) : 0;
}

/* The largest `most` of the reasons, in order. */
static unsigned largest(const struct progress *p, unsigned most, unsigned out[])
{
	unsigned n = 0;
	for (unsigned i = 0; i < p->n_reasons; i++) {
		unsigned at = n;
		while (at && p->reasons[out[at - 1]].n < p->reasons[i].n)
			at--;
		if (at == most)
			continue;
		n += n < most;
		memmove(out + at + 1, out + at, (n - at - 1) * sizeof(*out));
		out[at] = i;
	}
	return n;
}

/* ---- a line ---- */

/* Its items, in order of weight. On a narrow terminal the first `head` stay, and the others take turns. */
struct line {
	struct buf text;
	size_t ends[ITEMS];
	unsigned n, head;
};

__attribute__((format(printf, 2, 3))) static void item(struct line *l, const char *fmt, ...)
{
	char text[128];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (l->n == ITEMS)
		return;
	buf_z(&l->text, text);
	l->ends[l->n++] = l->text.n;
}

static struct str item_of(const struct line *l, unsigned i)
{
	size_t from = i ? l->ends[i - 1] : 0;
	return (struct str){l->text.p + from, l->ends[i] - from};
}

static void put_left(const struct progress *p, double t, struct line *l)
{
	double rest = left(p, t), share = p->total ? (double)p->stored / (double)p->total : 0;
	uint64_t s = rest >= 0 ? (uint64_t)rest : 0;
	if (rest < 0)
		return;
	item(l, "%2.0f %%", 100 * (share < 1 ? share : 1));
	if (s >= 3600)
		item(l, "%" PRIu64 ":%02" PRIu64 ":%02" PRIu64 " left", s / 3600, s / 60 % 60, s % 60);
	else
		item(l, "%" PRIu64 ":%02" PRIu64 " left", s / 60, s % 60);
}

static void put_line(const struct progress *p, double t, struct line *l)
{
	double secs = rate_over(p, t), docs = p->docs ? (double)p->docs : 1;
	unsigned top[REASONS_SHOWN], n = largest(p, REASONS_SHOWN, top);
	if (p->conf.phases)
		item(l, "%s %u/%u", p->label, p->phase, p->conf.phases);
	else
		item(l, "%s", p->label);
	bool any = p->docs || p->stored;
	if (any)
		put_left(p, t, l);
	if (p->parts)
		item(l, "%" PRIu64 " of %" PRIu64 " done", p->parts_done, p->parts);
	l->head = l->n;
	if (!any) {
		item(l, "%.0f s", secs);
		return;
	}
	item(l, "%" PRIu64 " documents", p->docs);
	item(l, "%.0f/s", (double)p->docs / secs);
	item(l, "%.1f MB/s", (double)p->stored / 1e6 / secs);
	item(l, "kept %.1f %%", 100 * (double)p->kept / docs);
	for (unsigned i = 0; i < n; i++)
		item(l, "%s %.1f %%", p->reasons[top[i]].name, 100 * (double)p->reasons[top[i]].n / docs);
}

/* The first item behind those that fit beside the head when `from` is the first of them: at least one more. */
static unsigned page_end(const struct line *l, unsigned from, size_t room)
{
	size_t used = 0;
	unsigned i = from;
	for (; i < l->n; i++) {
		used += item_of(l, i).n + 2;
		if (used > room && i > from)
			break;
	}
	return i;
}

/* width 0: no end. turn: which page is shown. */
static void print_line(const struct line *l, size_t width, uint64_t turn, struct buf *b)
{
	size_t start = b->n, head = 0;
	unsigned from = l->head, to = l->n, pages = 0;
	for (unsigned i = 0; i < l->head; i++)
		head += item_of(l, i).n + 2;
	size_t room = width > head ? width - head : 0;
	for (unsigned i = from; i < l->n && width; pages++)
		i = page_end(l, i, room);
	for (uint64_t k = pages > 1 ? turn % pages : 0; pages > 1; k--) {
		to = page_end(l, from, room);
		if (!k)
			break;
		from = to;
	}
	for (unsigned i = 0; i < to; i = i + 1 == l->head ? from : i + 1) {
		buf_z(b, b->n > start ? "  " : "");
		buf_str(b, item_of(l, i));
	}
	if (width && b->n - start > width)
		b->n = start + width;
}

static void put_json(const struct progress *p, double t, struct buf *b)
{
	char date[32];
	time_t clock = time(NULL);
	struct tm tm;
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&clock, &tm));
	buf_printf(b, "{\"time\":\"%s\",\"phase\":\"%s\",\"number\":%u,\"phases\":%u,\"seconds\":%.1f,\"phase_seconds\":%.1f", date, p->label, p->phase, p->conf.phases, t - p->begun, t - p->began);
	buf_printf(b, ",\"parts\":%" PRIu64 ",\"parts_done\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"bytes_done\":%" PRIu64 ",\"mb_per_second\":%.1f", p->parts, p->parts_done, p->total, p->stored,
		   (double)p->stored / 1e6 / rate_over(p, t));
	if (left(p, t) >= 0)
		buf_printf(b, ",\"seconds_left\":%.0f", left(p, t));
	buf_printf(b, ",\"documents\":%" PRIu64 ",\"kept\":%" PRIu64 ",\"dropped\":{", p->docs, p->kept);
	for (unsigned i = 0; i < p->n_reasons; i++)
		buf_printf(b, "%s\"%s\":%" PRIu64, i ? "," : "", p->reasons[i].name, p->reasons[i].n);
	buf_z(b, "}}");
}

static unsigned columns(void)
{
	struct winsize w;
	return ioctl(STDERR_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 20 ? w.ws_col : 0;
}

static void draw_line(const struct progress *p, double t, size_t width, struct buf *b)
{
	struct line l = {0};
	buf_init(&l.text, 1 << 12);
	put_line(p, t, &l);
	print_line(&l, width, (uint64_t)(t / PAGE_SECONDS), b);
	buf_free(&l.text);
}

/* own: a line of its own, also on a terminal. */
static void draw(struct progress *p, double t, bool own)
{
	struct buf b;
	bool rewrite = p->tty && !p->conf.json && !own;
	buf_init(&b, 1 << 16);
	if (p->drawn)
		buf_z(&b, "\r\033[K");
	if (p->conf.json)
		put_json(p, t, &b);
	else
		draw_line(p, t, rewrite && columns() ? columns() - 1 : 0, &b);
	if (!rewrite)
		buf_byte(&b, '\n');
	fwrite(b.p, 1, b.n, stderr);
	fflush(stderr);
	buf_free(&b);
	p->drawn = rewrite;
	p->shown = t;
}

static bool is_due(const struct progress *p, double t)
{
	return !p->conf.quiet && t - p->shown >= (p->tty && !p->conf.json ? 1.0 / 6 : p->conf.every);
}

/* ---- for Prometheus ---- */

static void put_metric(struct buf *b, const char *name, const char *type, const char *help, double v)
{
	buf_printf(b, "# HELP peneira_%s %s\n# TYPE peneira_%s %s\npeneira_%s %.17g\n", name, help, name, type, name, v);
}

/* Without waiting for the disk: the next one comes soon. */
static void write_metrics(const struct progress *p, double t)
{
	struct buf b;
	char *part = zout_part(p->conf.metrics);
	FILE *f = fopen(part, "we");
	buf_init(&b, 1 << 20);
	put_metric(&b, "phase", "gauge", "Number of the phase of the run.", p->phase);
	put_metric(&b, "phases", "gauge", "Phases of a run.", p->conf.phases);
	put_metric(&b, "run_seconds", "gauge", "Seconds since the run began.", t - p->begun);
	put_metric(&b, "parts", "gauge", "Units of work of the phase.", (double)p->parts);
	put_metric(&b, "parts_done", "gauge", "Units of work of the phase that are done.", (double)p->parts_done);
	put_metric(&b, "bytes", "gauge", "Stored bytes that the phase reads; 0: not known.", (double)p->total);
	put_metric(&b, "bytes_done", "gauge", "Stored bytes that the phase has read.", (double)p->stored);
	put_metric(&b, "documents", "gauge", "Documents that went through the phase.", (double)p->docs);
	put_metric(&b, "documents_kept", "gauge", "Documents that were kept.", (double)p->kept);
	buf_z(&b, "# HELP peneira_documents_dropped Documents that were left out, by reason.\n# TYPE peneira_documents_dropped gauge\n");
	for (unsigned i = 0; i < p->n_reasons; i++)
		buf_printf(&b, "peneira_documents_dropped{reason=\"%s\"} %" PRIu64 "\n", p->reasons[i].name, p->reasons[i].n);
	bool good = f && fwrite(b.p, 1, b.n, f) == b.n;
	if (f && fclose(f))
		good = false;
	/* Nobody waits for it; a run does not end for a file of figures. */
	if (!good || rename(part, p->conf.metrics))
		unlink(part);
	buf_free(&b);
	free(part);
}

/* ---- life ---- */

static void begin(struct progress *p, const struct progress_watch *w)
{
	pthread_mutex_init(&p->lock, NULL);
	p->conf = *w;
	p->tty = w->when == PROGRESS_ALWAYS || (w->when == PROGRESS_AUTO && isatty(STDERR_FILENO));
	p->conf.quiet |= w->when == PROGRESS_NEVER;
	p->begun = p->began = p->shown = p->kept_file = now();
}

struct progress *progress_new(const char *label, uint64_t total, enum progress_when when)
{
	if (when == PROGRESS_NEVER)
		return NULL;
	struct progress *p = own_zalloc(sizeof(*p));
	begin(p, &(struct progress_watch){.when = when, .every = 60});
	snprintf(p->label, sizeof(p->label), "%s", label);
	p->total = total;
	return p;
}

/* Sleeps in sigtimedwait: a signal is answered at once. */
static void *watch(void *arg)
{
	struct progress *p = arg;
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	for (;;) {
		struct timespec step = {.tv_nsec = 200 * 1000 * 1000};
		bool asked = sigtimedwait(&set, NULL, &step) == SIGUSR1;
		pthread_mutex_lock(&p->lock);
		bool ended = p->ended;
		double t = now();
		if (asked)
			draw(p, t, true);
		else if (!ended && is_due(p, t))
			draw(p, t, false);
		if (!ended && p->conf.metrics && t - p->kept_file >= METRICS_SECONDS) {
			write_metrics(p, t);
			p->kept_file = t;
		}
		pthread_mutex_unlock(&p->lock);
		if (ended)
			return NULL;
	}
}

struct progress *progress_watch(const struct progress_watch *w)
{
	struct progress *p = own_zalloc(sizeof(*p));
	sigset_t set;
	begin(p, w);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	p->watched = pthread_create(&p->watcher, NULL, watch, p) == 0;
	return p;
}

/* What a phase came to, where lines are not rewritten. */
static void phase_end(struct progress *p)
{
	double t = now();
	if (p->conf.json && p->phase && !p->conf.quiet)
		draw(p, t, true);
	if (p->conf.metrics)
		write_metrics(p, t);
}

struct progress *progress_free(struct progress *p)
{
	if (!p)
		return NULL;
	pthread_mutex_lock(&p->lock);
	p->ended = true;
	phase_end(p);
	pthread_mutex_unlock(&p->lock);
	if (p->watched)
		pthread_join(p->watcher, NULL);
	if (p->drawn)
		fprintf(stderr, "\r\033[K");
	pthread_mutex_destroy(&p->lock);
	free(p);
	return NULL;
}

void progress_phase(struct progress *p, const char *label, uint64_t total, uint64_t parts)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	phase_end(p);
	snprintf(p->label, sizeof(p->label), "%s", label);
	p->phase++;
	p->total = total;
	p->parts = parts;
	p->stored = p->docs = p->kept = p->parts_done = 0;
	p->n_reasons = 0;
	p->began = now();
	pthread_mutex_unlock(&p->lock);
}

/* ---- amounts ---- */

static void moved(struct progress *p)
{
	double t = now();
	if (!p->watched && is_due(p, t))
		draw(p, t, false);
}

void progress_add(struct progress *p, uint64_t stored, uint64_t docs, uint64_t kept)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->stored += stored;
	p->docs += docs;
	p->kept += kept;
	moved(p);
	pthread_mutex_unlock(&p->lock);
}

static void add_reason(struct progress *p, const char *name)
{
	unsigned i = 0;
	while (i < p->n_reasons && strcmp(p->reasons[i].name, name) != 0)
		i++;
	if (i == REASONS)
		return;
	if (i == p->n_reasons) {
		p->reasons[p->n_reasons++].n = 0;
		snprintf(p->reasons[i].name, sizeof(p->reasons[i].name), "%s", name);
	}
	p->reasons[i].n++;
}

void progress_batch(struct progress *p, const struct batch *b)
{
	unsigned kept = 0;
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	for (unsigned i = 0; i < b->n; i++) {
		if (b->docs[i].drop)
			add_reason(p, b->docs[i].drop->name);
		else
			kept++;
	}
	p->stored += b->stored;
	p->docs += b->n;
	p->kept += kept;
	moved(p);
	pthread_mutex_unlock(&p->lock);
}

void progress_part(struct progress *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->parts_done++;
	pthread_mutex_unlock(&p->lock);
}
