#include "crawl/crawl.h"

#include "crawl/archive.h"
#include "crawl/cdx.h"
#include "crawl/http.h"
#include "crawl/optout.h"
#include "crawl/rules.h"

#include <stdio.h>

/* A batch of bodies that decode to more than this, some sixty times their size, is meant to fill memory: the rest of it is left out. */
enum { CRAWL_DECODED_MAX = 256 << 20, CRAWL_SCRATCH_KEEP = 1 << 20 };

enum { STATUS, MIME, SIZE, DAMAGED, REVISIT, URL, BRAZIL, DATE, EMPTY, NOAI, TDM };
static const struct why crawl_why[] = {
	[STATUS] = {"crawl.status", "the HTTP status is not 200, or not one asked for"},
	[MIME] = {"crawl.mime", "neither declared nor recognised as HTML, or not of a type asked for"},
	[SIZE] = {"crawl.size", "larger than --max-size, or smaller than --min-size"},
	[DAMAGED] = {"crawl.damaged", "the record is cut short, or has no HTTP response in it"},
	[REVISIT] = {"crawl.revisit", "repeats a capture, and --resolve is not given or did not find that one"},
	[URL] = {"crawl.url", "the address is on a list, or not on one"},
	[BRAZIL] = {"crawl.brazil", "a Brazilian address, and --rules brazil is given"},
	[DATE] = {"crawl.date", "captured outside --from and --to"},
	[EMPTY] = {"crawl.empty", "the response has no body"},
	[NOAI] = {"crawl.noai", "the response says noai to robots"},
	[TDM] = {"crawl.tdm", "the response reserves text and data mining"},
	{0},
};

static const char *const sets[] = {"none", "brazil", NULL};

static const struct opt crawl_opts[] = {
	{OPT_TEXT, 0, "dump", "NAME", "collection; default: the file's name without its endings", offsetof(struct crawl_conf, dump)},
	{OPT_TEXT, 0, "from", "DATE", "only captures from this date on: 2004, 200403, 2004-03-01 ...", offsetof(struct crawl_conf, from)},
	{OPT_TEXT, 0, "to", "DATE", "only captures up to this date", offsetof(struct crawl_conf, to)},
	{OPT_LIST, 0, "url", "PATTERN", "only URLs like publico.pt/2004, *.pt/jornal/* or pt,publico)/", offsetof(struct crawl_conf, rules.url)},
	{OPT_LIST, 0, "not-url", "PATTERN", "no URLs like these", offsetof(struct crawl_conf, rules.not_url)},
	{OPT_TEXT, 0, "hosts", "FILE", "only these hosts and their subdomains, one a line", offsetof(struct crawl_conf, rules.hosts)},
	{OPT_TEXT, 0, "block", "FILE", "none of these hosts and their subdomains", offsetof(struct crawl_conf, rules.block)},
	{OPT_CHOICE, 0, "rules", "NAME", "a named set of rules; brazil leaves out Brazilian addresses", offsetof(struct crawl_conf, set), .choices = sets},
	{OPT_LIST, 0, "status", "CODE", "responses of these statuses, 3* for all of a kind; default 200", offsetof(struct crawl_conf, status)},
	{OPT_LIST, 0, "mime", "TYPE", "responses declared as these types, text/* for all of a kind; default HTML, declared or recognised", offsetof(struct crawl_conf, mime)},
	{OPT_SIZE, 0, "min-size", "SIZE", "smallest body", offsetof(struct crawl_conf, min_size)},
	{OPT_SIZE, 0, "max-size", "SIZE", "largest body", offsetof(struct crawl_conf, max_size), .def = 16777216, .lo = 1024, .hi = 67108864},
	{OPT_FLAG, 0, "any-status", NULL, "keep responses whatever their status", offsetof(struct crawl_conf, any_status)},
	{OPT_FLAG, 0, "any-mime", NULL, "keep responses whatever their media type", offsetof(struct crawl_conf, any_mime)},
	{OPT_FLAG, 0, "resolve", NULL, "give revisits the capture that they repeat, when the input has it before them", offsetof(struct crawl_conf, resolve)},
	{OPT_FLAG, 0, "noai", NULL, "leave out responses that say noai to robots", offsetof(struct crawl_conf, noai), .def = 1},
	{OPT_FLAG, 0, "tdm", NULL, "leave out responses that reserve text and data mining", offsetof(struct crawl_conf, tdm), .def = 1},
	{0},
};

struct crawl {
	const struct crawl_conf *conf;
	struct rules *rules;
	int64_t from, to;
};

static int crawl_close(void *shared, bool done, struct tally *t, struct err *e)
{
	struct crawl *c = shared;
	(void)done, (void)t, (void)e;
	rules_free(c->rules);
	free(c);
	return 0;
}

int64_t crawl_last_moment(struct str s)
{
	char d[16] = "";
	size_t n = 0;
	for (size_t i = 0; i < s.n && n < 14; i++)
		if (s.p[i] >= '0' && s.p[i] <= '9')
			d[n++] = s.p[i];
	static const char *const tails[] = {[4] = "1231235959", [6] = "31235959", [8] = "235959", [10] = "5959", [12] = "59", [14] = ""};
	if (n < 4 || n % 2)
		return DATE_NONE;
	char all[32];
	for (int day = 31; day >= 28; day--) {
		memcpy(all, d, n);
		strncpy(all + n, tails[n], sizeof(all) - n);
		if (n == 6)
			all[6] = (char)('0' + day / 10), all[7] = (char)('0' + day % 10);
		int64_t t = doc_date_parse((struct str){all, 14});
		if (t != DATE_NONE)
			return t;
	}
	return DATE_NONE;
}

static int crawl_open(void **shared, const void *conf, struct err *e)
{
	struct crawl *c = own_zalloc(sizeof(*c));
	c->conf = conf;
	c->from = c->conf->from ? doc_date_parse(str_of(c->conf->from)) : INT64_MIN + 1;
	c->to = c->conf->to ? crawl_last_moment(str_of(c->conf->to)) : INT64_MAX;
	int rc = 0;
	if (c->from == DATE_NONE || c->to == DATE_NONE)
		rc = err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "--%s is not a date", c->from == DATE_NONE ? "from" : "to");
	if (!rc)
		rc = rules_open(&c->rules, &c->conf->rules, e);
	if (rc) {
		crawl_close(c, false, NULL, NULL);
		return rc;
	}
	*shared = c;
	return 0;
}

/* ---- what a body is, by its first bytes ---- */

static bool sniffs_html(struct str s)
{
	static const char *const starts[] = {"<!doctype html", "<html", "<head", "<body", "<title", "<script", "<table", "<frameset", "<meta", "<center", "<font", "<h1", "<div", "<p>", "<a ", "<br"};
	s = str_trim(str_head(str_starts(s, STR("\xEF\xBB\xBF")) ? str_from(s, 3) : s, 1024));
	while (str_starts(s, STR("<!--"))) {
		size_t end = str_find(s, STR("-->"));
		if (end == s.n)
			return true;
		s = str_trim(str_from(s, end + 3));
	}
	if (str_starts_ci(s, STR("<?xml")))
		return str_find_ci(s, STR("<html")) < s.n;
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (str_starts_ci(s, str_of(starts[i])))
			return true;
	return false;
}

static bool sniffs_binary(struct str s)
{
	return str_starts(s, STR("%PDF")) || str_starts(s, STR("GIF8")) || str_starts(s, STR("\x89PNG")) || str_starts(s, STR("\xFF\xD8\xFF")) ||
	       str_starts(s, STR("PK\x03\x04")) || str_starts(s, STR("\x1F\x8B")) || str_starts(s, STR("\xD0\xCF\x11\xE0"));
}

enum likeness { HTML, VAGUE, NEITHER };

/* Types that servers give to what they do not know. */
static enum likeness likeness(struct str mime)
{
	static const char *const vague[] = {"", "no-type", "unknown", "text/plain", "application/octet-stream", "application/xml", "text/xml", "*/*", "application/x-unknown"};
	if (str_eq(mime, STR("text/html")) || str_eq(mime, STR("application/xhtml+xml")))
		return HTML;
	for (size_t i = 0; i < sizeof(vague) / sizeof(*vague); i++)
		if (str_eq(mime, str_of(vague[i])))
			return VAGUE;
	return NEITHER;
}

static bool any_of(const struct opt_list *l, struct str s)
{
	for (size_t i = 0; i < l->n; i++) {
		struct str p = str_of(l->v[i]);
		bool star = str_ends(p, STR("*"));
		if (star ? str_starts_ci(s, str_head(p, p.n - 1)) : str_eq_ci(s, p))
			return true;
	}
	return false;
}

static bool wanted_status(const struct crawl_conf *c, uint32_t status)
{
	char text[12];
	if (!status || c->any_status)
		return true;
	if (!c->status.n)
		return status == 200;
	snprintf(text, sizeof(text), "%u", status);
	return any_of(&c->status, str_of(text));
}

/* Before the body is decoded: can it be of a type that is wanted? */
static bool wanted_mime(const struct crawl_conf *c, struct str mime)
{
	return c->any_mime || (c->mime.n ? any_of(&c->mime, mime) : likeness(mime) != NEITHER);
}

static bool is_wanted(const struct crawl_conf *c, struct str mime, struct str body)
{
	if (c->any_mime || c->mime.n)
		return true;
	return likeness(mime) == HTML ? !sniffs_binary(body) : sniffs_html(body);
}

static struct str lower(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);
	for (size_t i = 0; i < s.n; i++)
		p[i] = (char)str_lower1((unsigned char)s.p[i]);
	return (struct str){p, s.n};
}

static const struct why *judge_body(const struct crawl_conf *c, const struct doc *d, const struct http *h)
{
	if (!d->html.n)
		return &crawl_why[EMPTY];
	if (d->html.n > c->max_size || d->html.n < c->min_size)
		return &crawl_why[SIZE];
	if (!is_wanted(c, d->mime, d->html))
		return &crawl_why[MIME];
	unsigned out = c->noai || c->tdm ? optout_of(h, d->html, d->date) : 0;
	if (c->noai && out & OPTOUT_NOAI)
		return &crawl_why[NOAI];
	return c->tdm && out & OPTOUT_TDM ? &crawl_why[TDM] : NULL;
}

/* decoded: bytes that the bodies of this batch take beside its blocks. */
static const struct why *judge(const struct crawl *c, struct doc *d, struct batch *b, struct arena *scratch, size_t *decoded)
{
	const struct archive_note *note = d->record;
	struct http h;
	struct http_body body;
	struct str rest;
	bool has = http_parse(&h, d->raw, b->arena);
	if (!has && !note->arc && note->type == RECORD_RESPONSE && str_starts_ci(note->content_type, STR("application/http")))
		return &crawl_why[DAMAGED];
	if (!has)
		h.mime = lower(b->arena, str_trim(str_cut(note->content_type, ';', &rest)));
	d->http_status = h.status;
	d->http_charset = h.charset;
	d->http_language = h.language;
	d->mime = h.mime;
	if (!wanted_status(c->conf, h.status))
		return &crawl_why[STATUS];
	if (!wanted_mime(c->conf, h.mime))
		return &crawl_why[MIME];
	if (note->cut || *decoded > CRAWL_DECODED_MAX)
		return &crawl_why[SIZE];
	/* Into memory of its own first: what a bomb unpacks to is not to stay with the batch. */
	arena_reset(scratch, CRAWL_SCRATCH_KEEP);
	http_decode(&h, (size_t)c->conf->max_size + 1, scratch, &body);
	if (body.lied)
		tally_note(b->tally, "crawl.coding_lied", 1);
	if (body.cut && body.bytes.n <= c->conf->max_size)
		tally_note(b->tally, "crawl.coding_cut", 1);
	bool own = body.bytes.p < d->raw.p || body.bytes.p > d->raw.p + d->raw.n;
	d->html = body.bytes;
	const struct why *why = judge_body(c->conf, d, &h);
	if (why)
		d->html = (struct str){0};
	else if (own) {
		d->html = arena_str(b->arena, body.bytes);
		*decoded += body.bytes.n;
	}
	return why;
}

/* What the record's head alone tells. */
static const struct why *judge_head(const struct crawl *c, const struct doc *d)
{
	const struct archive_note *note = d->record;
	if (note->type == RECORD_REVISIT && !note->resolved)
		return &crawl_why[REVISIT];
	if (d->date != DATE_NONE && (d->date < c->from || d->date > c->to))
		return &crawl_why[DATE];
	if (!rules_want(c->rules, d->url))
		return &crawl_why[URL];
	if (c->conf->set && rules_is_brazil(d->url))
		return &crawl_why[BRAZIL];
	return note->damaged ? &crawl_why[DAMAGED] : NULL;
}

bool crawl_wants_line(const void *shared, const struct cdx *l)
{
	const struct crawl *c = shared;
	int64_t date = doc_date_parse(l->timestamp);
	uint64_t status = 0;
	bool revisit = str_eq(l->mime, STR("warc/revisit")); /* has the status and type of what it repeats */
	str_u64(l->status, &status);
	if (date == DATE_NONE || date < c->from || date > c->to || (c->conf->set && rules_is_brazil(l->url)))
		return false;
	if (!revisit && (!wanted_status(c->conf, (uint32_t)status) || !wanted_mime(c->conf, l->mime)))
		return false;
	return rules_want(c->rules, l->url);
}

static void *crawl_start(const void *shared)
{
	(void)shared;
	return arena_new(0);
}

static void crawl_stop(void *worker)
{
	arena_free(worker);
}

static int crawl_map(const void *shared, void *worker, struct batch *b, struct err *e)
{
	const struct crawl *c = shared;
	size_t decoded = 0;
	(void)e;
	BATCH_EACH(b, d) {
		const struct why *why = judge_head(c, d);
		if (!why)
			why = judge(c, d, b, worker, &decoded);
		if (why)
			doc_drop(d, why);
	}
	return 0;
}

const struct stage crawl_stage = {
	.name = "crawl",
	.summary = "archives in, captured pages out",
	.reads = DOC_BIT(DOC_RAW),
	.writes = DOC_BIT(DOC_ID) | DOC_BIT(DOC_URL) | DOC_BIT(DOC_DATE) | DOC_BIT(DOC_DUMP) | DOC_BIT(DOC_FILE_PATH) | DOC_BIT(DOC_FILE_OFFSET) |
		  DOC_BIT(DOC_HTTP_STATUS) | DOC_BIT(DOC_MIME) | DOC_BIT(DOC_PAYLOAD_DIGEST) | DOC_BIT(DOC_HTML),
	.drops = crawl_why,
	.opts = crawl_opts,
	.conf_size = sizeof(struct crawl_conf),
	.open = crawl_open,
	.start = crawl_start,
	.map = crawl_map,
	.stop = crawl_stop,
	.close = crawl_close,
};
