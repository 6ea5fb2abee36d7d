#include "crawl/crawl.h"

#include "crawl/archive.h"
#include "crawl/hosts.h"
#include "crawl/http.h"

enum { STATUS, MIME, SIZE, DAMAGED, REVISIT, URL, DATE, EMPTY, OPTOUT };
static const struct why crawl_why[] = {
	[STATUS] = {"crawl.status", "the HTTP status is not 200"},
	[MIME] = {"crawl.mime", "neither declared nor recognised as HTML"},
	[SIZE] = {"crawl.size", "larger than --max-size"},
	[DAMAGED] = {"crawl.damaged", "the record is cut short, or has no HTTP response in it"},
	[REVISIT] = {"crawl.revisit", "repeats a capture that is elsewhere"},
	[URL] = {"crawl.url", "the address is on a list, or not on one"},
	[DATE] = {"crawl.date", "captured outside --from and --to"},
	[EMPTY] = {"crawl.empty", "the response has no body"},
	[OPTOUT] = {"crawl.optout", "the response reserves text and data mining, or says noai"},
	{0},
};

static const struct opt crawl_opts[] = {
	{OPT_TEXT, 0, "dump", "NAME", "collection; default: the file's name without its endings", offsetof(struct crawl_conf, dump)},
	{OPT_TEXT, 0, "from", "DATE", "only captures from this date on: 2004, 200403, 2004-03-01 ...", offsetof(struct crawl_conf, from)},
	{OPT_TEXT, 0, "to", "DATE", "only captures up to this date", offsetof(struct crawl_conf, to)},
	{OPT_TEXT, 0, "hosts", "FILE", "only these hosts and their subdomains, one a line", offsetof(struct crawl_conf, hosts)},
	{OPT_TEXT, 0, "block", "FILE", "none of these hosts and their subdomains", offsetof(struct crawl_conf, block)},
	{OPT_SIZE, 0, "max-size", "SIZE", "largest body", offsetof(struct crawl_conf, max_size), .def = 16777216, .lo = 1024, .hi = 67108864},
	{OPT_FLAG, 0, "any-status", NULL, "keep responses whatever their status", offsetof(struct crawl_conf, any_status)},
	{OPT_FLAG, 0, "any-mime", NULL, "keep responses whatever their media type", offsetof(struct crawl_conf, any_mime)},
	{OPT_FLAG, 0, "opt-out", NULL, "respect opt-outs that the response records", offsetof(struct crawl_conf, optout), .def = 1},
	{OPT_FLAG, 0, "no-brazil", NULL, "leave out hosts under .br", offsetof(struct crawl_conf, brazil)},
	{0},
};

struct crawl {
	const struct crawl_conf *conf;
	struct hosts *only, *block;
	int64_t from, to;
};

static int crawl_close(void *shared, bool done, struct tally *t, struct err *e)
{
	struct crawl *c = shared;
	(void)done, (void)t, (void)e;
	hosts_free(c->only);
	hosts_free(c->block);
	free(c);
	return 0;
}

/* "2004" as the last moment of it. */
static int64_t last_of(struct str s)
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
	c->to = c->conf->to ? last_of(str_of(c->conf->to)) : INT64_MAX;
	int rc = 0;
	if (c->from == DATE_NONE || c->to == DATE_NONE)
		rc = err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "--%s is not a date", c->from == DATE_NONE ? "from" : "to");
	if (!rc && c->conf->hosts)
		rc = hosts_read(&c->only, c->conf->hosts, e);
	if (!rc && c->conf->block)
		rc = hosts_read(&c->block, c->conf->block, e);
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

static bool is_html(struct str mime, struct str body)
{
	if (str_eq(mime, STR("text/html")) || str_eq(mime, STR("application/xhtml+xml")))
		return !sniffs_binary(body);
	bool vague = !mime.n || str_eq(mime, STR("no-type")) || str_eq(mime, STR("unknown")) || str_eq(mime, STR("text/plain")) ||
		     str_eq(mime, STR("application/octet-stream")) || str_eq(mime, STR("application/xml")) || str_eq(mime, STR("text/xml"));
	return vague && sniffs_html(body);
}

static bool opts_out(const struct http *h)
{
	return str_find_ci(h->robots, STR("noai")) < h->robots.n || str_eq(str_trim(h->tdm), STR("1"));
}

static void decode(const struct crawl *c, struct doc *d, struct batch *b)
{
	const struct archive_note *note = d->record;
	struct http h;
	struct http_body body;
	bool has = http_parse(&h, d->raw, b->arena);
	if (!has && !note->arc && note->type == RECORD_RESPONSE && str_starts_ci(note->content_type, STR("application/http"))) {
		doc_drop(d, &crawl_why[DAMAGED]);
		return;
	}
	if (!has) {
		struct str rest, type = str_trim(str_cut(note->content_type, ';', &rest));
		char *low = arena_alloc(b->arena, type.n + 1);
		for (size_t i = 0; i < type.n; i++)
			low[i] = (char)str_lower1((unsigned char)type.p[i]);
		h.mime = (struct str){low, type.n};
	}
	d->http_status = h.status;
	d->http_charset = h.charset;
	d->http_language = h.language;
	d->mime = h.mime;
	if (h.status && h.status != 200 && !c->conf->any_status) {
		doc_drop(d, &crawl_why[STATUS]);
		return;
	}
	http_decode(&h, b->arena, &body);
	if (body.lied)
		tally_note(b->tally, "crawl.coding_lied", 1);
	if (body.cut)
		tally_note(b->tally, "crawl.coding_cut", 1);
	d->html = body.bytes;
	if (!d->html.n)
		doc_drop(d, &crawl_why[EMPTY]);
	else if (d->html.n > c->conf->max_size)
		doc_drop(d, &crawl_why[SIZE]);
	else if (!c->conf->any_mime && !is_html(d->mime, d->html))
		doc_drop(d, &crawl_why[MIME]);
	else if (c->conf->optout && opts_out(&h))
		doc_drop(d, &crawl_why[OPTOUT]);
}

static bool wanted_url(const struct crawl *c, struct str url)
{
	struct str host = hosts_of(url);
	if (c->only && !hosts_has(c->only, host))
		return false;
	if (c->block && hosts_has(c->block, host))
		return false;
	return !(c->conf->brazil && (str_ends(host, STR(".br")) || str_ends(host, STR(".BR"))));
}

static int crawl_map(const void *shared, void *worker, struct batch *b, struct err *e)
{
	const struct crawl *c = shared;
	(void)worker;
	(void)e;
	BATCH_EACH(b, d) {
		const struct archive_note *note = d->record;
		if (note->cut)
			doc_drop(d, &crawl_why[SIZE]);
		else if (note->type == RECORD_REVISIT)
			doc_drop(d, &crawl_why[REVISIT]);
		else if (d->date != DATE_NONE && (d->date < c->from || d->date > c->to))
			doc_drop(d, &crawl_why[DATE]);
		else if (!wanted_url(c, d->url))
			doc_drop(d, &crawl_why[URL]);
		else if (note->damaged)
			doc_drop(d, &crawl_why[DAMAGED]);
		else
			decode(c, d, b);
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
	.map = crawl_map,
	.close = crawl_close,
};
