#include "crawl/query.h"

#include "core/doc.h"
#include "crawl/crawl.h"
#include "crawl/memento.h"

#include <inttypes.h>
#include <stdio.h>

enum { TRIES = 6, SPANS_MAX = 128, FIRST_YEAR = 631152000 }; /* 1990; Arquivo.pt begins in 1996 */
#define LAST_MOMENT INT64_C(4102444800) /* 2100 */

static void escape(struct buf *out, const char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || strchr("-._~*/:", c);
		if (plain)
			buf_byte(out, (char)c);
		else
			buf_printf(out, "%%%02X", c);
	}
}

static void timestamp(struct buf *out, int64_t date)
{
	char iso[24];
	doc_date_print(date, iso);
	for (const char *p = iso; *p; p++)
		if (*p >= '0' && *p <= '9')
			buf_byte(out, *p);
}

static int ask(const struct query *q, int64_t from, int64_t to, const struct reply **r, struct tally *t, struct err *e)
{
	struct buf url;
	buf_init(&url, 1 << 16);
	buf_printf(&url, "%s/cdx?output=json&url=", q->server);
	escape(&url, q->pattern);
	buf_z(&url, "&from=");
	timestamp(&url, from);
	buf_z(&url, "&to=");
	timestamp(&url, to);
	buf_printf(&url, "&limit=%" PRIu64, q->most);
	buf_byte(&url, 0);
	int rc = 0;
	for (unsigned tries = 1; !rc; tries++) {
		tally_note(t, "fetch.queries", 1);
		rc = client_begin(q->client, 0, url.p, e);
		if (!rc)
			rc = client_end(q->client, 0, r, e);
		if (rc || (*r)->status == 200 || (*r)->status == 404)
			break;
		bool later = (!(*r)->status && !str_starts(str_of((*r)->error), STR("more than"))) || (*r)->status == 429 || (*r)->status >= 500;
		if (!later || tries == TRIES)
			rc = err_at(e, ERR_IO, (struct where){q->server, WHERE_NONE}, "the CDX server says: status %ld %s", (*r)->status, (*r)->error);
		else
			client_pause(q->client, memento_pause(*r, tries));
	}
	buf_free(&url);
	return rc;
}

static uint64_t count(struct str s)
{
	uint64_t n = 0;
	while (s.n) {
		struct str line = str_trim(str_cut(s, '\n', &s));
		n += line.n > 0;
	}
	return n;
}

static int hand_on(struct str s, int (*take)(void *, struct str, struct err *), void *self, struct err *e)
{
	int rc = 0;
	while (!rc && s.n) {
		struct str line = str_trim(str_cut(s, '\n', &s));
		rc = line.n ? take(self, line, e) : 0;
	}
	return rc;
}

int query_lines(const struct query *q, int (*take)(void *self, struct str line, struct err *e), void *self, struct tally *t, struct err *e)
{
	struct span {
		int64_t from, to;
	} spans[SPANS_MAX];
	unsigned n = 0;
	int64_t from = q->from ? doc_date_parse(str_of(q->from)) : FIRST_YEAR, to = q->to ? crawl_last_moment(str_of(q->to)) : LAST_MOMENT;
	spans[n++] = (struct span){from < FIRST_YEAR ? FIRST_YEAR : from, to > LAST_MOMENT ? LAST_MOMENT : to};
	while (n) {
		struct span s = spans[--n];
		const struct reply *r;
		if (s.from > s.to)
			continue;
		int rc = ask(q, s.from, s.to, &r, t, e);
		if (rc)
			return rc;
		if (r->status == 404)
			continue;
		bool full = count(buf_view(&r->body)) >= q->most;
		if (full && s.from < s.to && n + 2 <= SPANS_MAX) {
			int64_t middle = s.from + (s.to - s.from) / 2;
			spans[n++] = (struct span){middle + 1, s.to};
			spans[n++] = (struct span){s.from, middle};
			continue;
		}
		/* More than the ceiling within one second: what there is, and the rest is said to be missing. */
		if (full)
			tally_note(t, "fetch.second_too_full.damaged", 1);
		rc = hand_on(buf_view(&r->body), take, self, e);
		if (rc)
			return rc;
	}
	return 0;
}
