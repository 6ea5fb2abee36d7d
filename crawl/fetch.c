#include "crawl/fetch.h"

#include "core/zin.h"
#include "crawl/cdx.h"
#include "crawl/client.h"
#include "crawl/journal.h"
#include "crawl/memento.h"
#include "crawl/warc.h"
#include "crawl/query.h"
#include "crawl/sha1.h"
#include "crawl/sorted.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

/* A capture on its way. */
struct job {
	struct arena *a;
	struct cdx c;
	char *url;
	struct str key;
	unsigned tries;
};

struct fetch {
	const struct fetch_conf *conf;
	struct crawl_conf wanted;
	void *crawl; /* the stage over it, for what is wanted */
	struct client *client;
	struct sorted *lines;
	struct journal *journal;
	struct warc_writer *writer;
	struct job jobs[CLIENT_SLOTS];
	unsigned n_jobs, head, tail; /* jobs[head..tail) are under way, modulo n_jobs */
	struct buf last;             /* key of the line before */
	struct tally *tally;
	struct progress *progress;
	bool ended;
};

/* ---- which captures ---- */

static int take_line(void *self, struct str line, struct err *e)
{
	struct fetch *f = self;
	struct arena *a = f->jobs[0].a;
	struct cdx c;
	struct buf out;
	arena_reset(a, 1 << 20);
	if (!cdx_parse(&c, line, a)) {
		tally_note(f->tally, "fetch.lines_unread", 1);
		return 0;
	}
	if (!crawl_wants_line(f->crawl, &c)) {
		tally_note(f->tally, "fetch.lines_unwanted", 1);
		return 0;
	}
	buf_init(&out, SORTED_LINE_MAX);
	cdx_put(&out, &c);
	int rc = out.full ? 0 : sorted_add(f->lines, buf_view(&out), e);
	buf_free(&out);
	return rc;
}

static int read_list(struct fetch *f, const char *path, struct err *e)
{
	_cleanup_(zin_freep) struct zin *z = NULL;
	struct str line;
	int rc = zin_open(&z, path, e);
	while (!rc && (rc = zin_line(z, SORTED_LINE_MAX, &line, e)) > 0)
		rc = take_line(f, line, e);
	return rc;
}

static int collect(struct fetch *f, struct err *e)
{
	const struct fetch_conf *c = f->conf;
	int rc = 0;
	for (size_t i = 0; !rc && i < c->n_lists; i++)
		rc = read_list(f, c->lists[i], e);
	for (size_t i = 0; !rc && !c->n_lists && i < c->crawl->rules.url.n; i++) {
		struct query q = {.client = f->client, .server = c->server, .pattern = c->crawl->rules.url.v[i], .from = c->crawl->from, .to = c->crawl->to, .most = c->cdx_lines};
		rc = query_lines(&q, take_line, f, f->tally, e);
	}
	return rc;
}

/* ---- one capture ---- */

static struct str key_of(struct str line)
{
	struct str rest, key = str_cut(line, ' ', &rest), time = str_cut(rest, ' ', &rest);
	return (struct str){line.p, key.n + 1 + time.n};
}

/* The next line that is neither done nor the same capture again. 1; 0 at the end; < 0. */
static int next_line(struct fetch *f, struct str *line, struct err *e)
{
	int rc;
	struct str done = journal_last(f->journal);
	while ((rc = sorted_next(f->lines, line, e)) > 0) {
		struct str key = key_of(*line);
		if (str_eq(key, buf_view(&f->last))) {
			tally_note(f->tally, "fetch.lines_twice", 1);
			continue;
		}
		buf_clear(&f->last);
		buf_str(&f->last, key);
		if (!done.n || str_cmp(key, done) > 0)
			return 1;
		tally_note(f->tally, "fetch.done_before", 1);
	}
	return rc;
}

static int begin(struct fetch *f, struct err *e)
{
	struct str line;
	int rc = next_line(f, &line, e);
	if (rc <= 0) {
		f->ended = rc == 0;
		return rc;
	}
	unsigned slot = f->tail % f->n_jobs;
	struct job *j = &f->jobs[slot];
	arena_reset(j->a, 1 << 20);
	line = arena_str(j->a, line);
	cdx_parse(&j->c, line, j->a);
	j->key = key_of(line);
	j->tries = 0;
	size_t n = strlen(f->conf->replay) + j->c.timestamp.n + j->c.url.n + 8;
	j->url = arena_alloc(j->a, n);
	/* The URL goes as it is: raw replay takes everything behind "id_/". */
	snprintf(j->url, n, "%s/%.*sid_/%.*s", f->conf->replay, (int)j->c.timestamp.n, j->c.timestamp.p, (int)j->c.url.n, j->c.url.p);
	f->tail++;
	tally_note(f->tally, "fetch.requests", 1);
	return client_begin(f->client, slot, j->url, e);
}

static int store(struct fetch *f, struct job *j, const struct reply *r, struct err *e)
{
	struct buf block;
	char hex[41];
	sha1_hex(j->key, hex);
	buf_init(&block, BUF_NO_MAX);
	memento_response(r, &block);
	struct warc_item item = {.id = arena_printf(j->a, "urn:sha1:%s", hex), .url = j->c.url, .date = doc_date_parse(j->c.timestamp), .response = true, .block = buf_view(&block)};
	item.source_file = j->c.has_place ? j->c.filename : str_of(j->url);
	item.source_offset = j->c.has_place ? j->c.offset : 0;
	struct buf out;
	buf_init(&out, BUF_NO_MAX);
	if (!journal_last(f->journal).n)
		buf_str(&out, warc_info(f->writer, item.date));
	buf_str(&out, warc_record(f->writer, &item));
	int rc = journal_step(f->journal, buf_view(&out), j->key, e);
	tally_note(f->tally, "fetch.stored", 1);
	progress_add(f->progress, out.n, 1, 1);
	buf_free(&out);
	buf_free(&block);
	return rc;
}

/* Done with it, without a record. A warcinfo is written all the same, so that the file is one. */
static int pass(struct fetch *f, const struct job *j, const char *note, struct err *e)
{
	struct str info = journal_last(f->journal).n ? (struct str){0} : warc_info(f->writer, doc_date_parse(j->c.timestamp));
	tally_note(f->tally, note, 1);
	progress_add(f->progress, 0, 1, 0);
	return journal_step(f->journal, info, j->key, e);
}

static void say(struct fetch *f, const struct job *j, const struct reply *r)
{
	char text[1400];
	snprintf(text, sizeof(text), "%.1000s: %s%ld %s", j->url, r->status ? "status " : "", r->status, r->error);
	tally_say(f->tally, text);
}

/* The answer to the oldest job: stored, passed, or asked for again. */
static int end(struct fetch *f, struct err *e)
{
	unsigned slot = f->head % f->n_jobs;
	struct job *j = &f->jobs[slot];
	for (;;) {
		const struct reply *r;
		double pause;
		int rc = client_end(f->client, slot, &r, e);
		if (rc)
			return rc;
		switch (memento_judge(r, doc_date_parse(j->c.timestamp))) {
		case MEMENTO_IT:
			f->head++;
			return store(f, j, r, e);
		case MEMENTO_OTHER:
			f->head++;
			return pass(f, j, "fetch.other_date", e);
		case MEMENTO_NONE:
			f->head++;
			return pass(f, j, "fetch.missing", e);
		case MEMENTO_LARGE:
			f->head++;
			return pass(f, j, "fetch.too_large", e);
		case MEMENTO_LATER:
			break;
		}
		if (++j->tries >= FETCH_TRIES) {
			say(f, j, r);
			if (!r->status || r->status == 429 || r->status == 503)
				return err_at(e, ERR_IO, (struct where){f->conf->server, WHERE_NONE}, "no answer after %d tries (%s%ld %s); the same command goes on from here", FETCH_TRIES,
					      r->status ? "status " : "", r->status, r->error);
			f->head++;
			return pass(f, j, "fetch.damaged", e);
		}
		pause = memento_pause(r, j->tries);
		tally_note(f->tally, "fetch.tries_again", 1);
		client_pause(f->client, pause < FETCH_PAUSE_MAX ? pause : FETCH_PAUSE_MAX);
		rc = client_begin(f->client, slot, j->url, e);
		if (rc)
			return rc;
	}
}

static int fetch_all(struct fetch *f, struct err *e)
{
	int rc = 0;
	while (!rc && (!f->ended || f->head != f->tail)) {
		if (!f->ended && f->tail - f->head < f->n_jobs)
			rc = begin(f, e);
		else
			rc = end(f, e);
		rc = rc > 0 ? 0 : rc;
	}
	return rc;
}

/* ---- the whole ---- */

static int check_conf(const struct fetch_conf *c, struct err *e)
{
	struct where nowhere = {NULL, WHERE_NONE};
	struct str s = str_of(c->server);
	bool here = str_find(s, STR("://127.0.0.1")) < s.n || str_find(s, STR("://localhost")) < s.n || str_find(s, STR("://[::1]")) < s.n;
	if (!str_starts_ci(s, STR("http://")) && !str_starts_ci(s, STR("https://")))
		return err_at(e, ERR_USAGE, nowhere, "--server '%s' is no http or https address", c->server);
	if (!c->contact && !here)
		return err_at(e, ERR_USAGE, nowhere, "--contact is missing: an e-mail or web address by which the server's people can reach you");
	if (!c->out || strcmp(c->out, "-") == 0)
		return err_at(e, ERR_USAGE, nowhere, "fetching writes to a file: -o FILE.warc.gz is missing");
	if (!c->n_lists && !c->crawl->rules.url.n)
		return err_at(e, ERR_USAGE, nowhere, "what to fetch? give --url PATTERN or --cdxj-from LIST");
	return 0;
}

static int open_all(struct fetch *f, struct err *e)
{
	const struct fetch_conf *c = f->conf;
	struct buf what, agent;
	buf_init(&what, 1 << 20);
	buf_init(&agent, 4096);
	buf_printf(&what, "peneira fetch 1 server %s replay %s from %s to %s", c->server, c->replay, c->crawl->from ? c->crawl->from : "-", c->crawl->to ? c->crawl->to : "-");
	for (size_t i = 0; i < c->crawl->rules.url.n; i++)
		buf_printf(&what, " url %s", c->crawl->rules.url.v[i]);
	for (size_t i = 0; i < c->n_lists; i++)
		buf_printf(&what, " list %s", c->lists[i]);
	buf_printf(&agent, "peneira/%s (web archive reader%s%s)", PENEIRA_VERSION, c->contact ? "; " : "", c->contact ? c->contact : "");
	buf_byte(&agent, 0);
	struct client_conf client = {.agent = agent.p, .per_minute = (double)c->per_minute, .body_max = c->crawl->max_size};
	if (!c->n_lists) /* CDX answers are larger than pages */
		client.body_max = CLIENT_BODY_MAX;
	f->wanted = *c->crawl;
	if (!c->n_lists) /* the server has looked at the patterns, in its own way */
		f->wanted.rules.url.n = 0;
	int rc = crawl_stage.open(&f->crawl, &f->wanted, e);
	if (!rc)
		rc = client_open(&f->client, &client, e);
	if (!rc)
		rc = journal_open(&f->journal, c->out, buf_view(&what), e);
	f->n_jobs = (unsigned)(c->connections < CLIENT_SLOTS ? c->connections : CLIENT_SLOTS);
	for (unsigned i = 0; i < CLIENT_SLOTS; i++)
		f->jobs[i].a = arena_new(64 << 10);
	f->lines = sorted_new(c->tmp, (size_t)c->memory / 4);
	f->writer = warc_new(c->out, 0);
	buf_init(&f->last, BUF_NO_MAX);
	buf_free(&what);
	buf_free(&agent);
	return rc;
}

static void close_all(struct fetch *f)
{
	journal_free(f->journal);
	client_free(f->client);
	sorted_free(f->lines);
	warc_free(f->writer);
	buf_free(&f->last);
	for (unsigned i = 0; i < CLIENT_SLOTS; i++)
		arena_free(f->jobs[i].a);
	if (f->crawl)
		crawl_stage.close(f->crawl, false, NULL, NULL);
}

int fetch_run(const struct fetch_conf *conf, struct tally *t, struct progress *p, struct err *e)
{
	struct fetch f = {.conf = conf, .tally = t, .progress = p};
	int rc = check_conf(conf, e);
	if (rc)
		return rc;
	if (access(conf->out, F_OK) == 0)
		return 1;
	rc = open_all(&f, e);
	if (!rc)
		rc = collect(&f, e);
	if (!rc)
		rc = fetch_all(&f, e);
	if (!rc && !journal_last(f.journal).n)
		rc = journal_step(f.journal, warc_info(f.writer, 0), STR("-"), e);
	if (!rc) {
		rc = journal_commit(f.journal, e);
		f.journal = NULL;
	}
	close_all(&f);
	return rc;
}
