#include "crawl/cdxj.h"

#include "crawl/archive.h"
#include "crawl/cdx.h"
#include "crawl/entries.h"
#include "crawl/http.h"
#include "crawl/sha1.h"

#include <stdio.h>

enum { CDXJ_BLOCK_MAX = 64 << 20 };

/* A line whose length is not known before the next record begins. */
struct pending {
	struct cdx c;
	bool any;
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static void complain(struct tally *t, const struct err *e)
{
	char text[1200];
	tally_note(t, "crawl.damaged", 1);
	tally_say(t, err_text(e, text, sizeof(text)));
}

static int settle(struct pending *p, uint64_t end, struct sorted *out, struct err *e)
{
	struct buf line;
	if (!p->any)
		return 0;
	p->any = false;
	p->c.length = end - p->c.offset;
	buf_init(&line, SORTED_LINE_MAX);
	cdx_put(&line, &p->c);
	int rc = sorted_add(out, buf_view(&line), e);
	buf_free(&line);
	return rc;
}

/* 14 digits from "2004-03-01T12:00:00Z" or from digits as ARC has them. */
static struct str timestamp(struct arena *a, struct str date)
{
	char *p = arena_alloc(a, 16);
	size_t n = 0;
	for (size_t i = 0; i < date.n && n < 14; i++)
		if (date.p[i] >= '0' && date.p[i] <= '9')
			p[n++] = date.p[i];
	while (n < 14)
		p[n++] = '0';
	return (struct str){p, n};
}

static struct str without_algorithm(struct str digest)
{
	struct str after;
	str_cut(digest, ':', &after);
	return after.p ? after : digest;
}

static void describe(struct cdx *c, const struct record *rec, struct str block, struct arena *a)
{
	struct http h;
	bool has = http_parse(&h, block, a);
	c->url = arena_str(a, rec->uri);
	c->timestamp = timestamp(a, rec->date);
	c->mime = rec->type == RECORD_REVISIT ? STR("warc/revisit") : has && h.mime.n ? h.mime : arena_str(a, rec->arc ? rec->mime : rec->content_type);
	if (has && h.status)
		c->status = arena_printf(a, "%u", h.status);
	c->digest = arena_str(a, without_algorithm(rec->payload_digest));
	if (!c->digest.n) {
		char *b32 = arena_alloc(a, 33);
		sha1_base32(has ? h.body : block, b32);
		c->digest = (struct str){b32, 32};
	}
	c->offset = rec->at.offset;
	c->has_place = true;
}

static bool is_capture(const struct record *rec)
{
	return (rec->type == RECORD_RESPONSE || rec->type == RECORD_RESOURCE || rec->type == RECORD_REVISIT) && rec->uri.n && !str_starts_ci(rec->uri, STR("dns:"));
}

static int walk(struct record_reader *r, const char *path, struct sorted *out, struct tally *t, struct arena *a, struct err *e)
{
	struct pending p = {0};
	for (;;) {
		struct record rec;
		struct err soft = {0};
		struct str block;
		int rc = record_next(r, &rec, &soft);
		if (rc == RECORD_DAMAGE) {
			complain(t, &soft);
			continue;
		}
		if (rc < 0)
			return err_at(e, soft.code, (struct where){soft.file, soft.at.offset}, "%s", soft.msg);
		rc = settle(&p, rc == RECORD_END ? record_taken(r) : rec.at.offset, out, e) ? ERR_IO : rc;
		if (rc <= 0)
			return rc;
		arena_reset(a, 16 << 20);
		if (!is_capture(&rec))
			continue;
		rc = record_block(r, &rec, CDXJ_BLOCK_MAX, a, &block, &soft);
		if (rc < 0)
			return err_at(e, soft.code, (struct where){soft.file, soft.at.offset}, "%s", soft.msg);
		if (rc == RECORD_DAMAGE) {
			complain(t, &soft); /* what is cut short is not replayed either */
			continue;
		}
		p.c = (struct cdx){.filename = str_of(base_name(path))};
		describe(&p.c, &rec, block, a);
		p.any = true;
	}
}

int cdxj_file(const char *path, struct sorted *out, struct tally *t, struct err *e)
{
	_cleanup_(entries_freep) struct entries *es = NULL;
	int rc = entries_open(&es, path, 0, 0, NULL, e);
	if (rc)
		return rc;
	struct arena *a = arena_new(1 << 20);
	while (!rc) {
		struct record_reader *r;
		struct err soft = {0};
		const char *name;
		rc = entries_next(es, &r, &name, &soft);
		if (rc == 0)
			break;
		if (rc < 0)
			err_at(e, soft.code, (struct where){soft.file, soft.at.offset}, "%s", soft.msg);
		if (rc == RECORD_DAMAGE) {
			complain(t, &soft);
			rc = 0;
		} else if (rc == 1) {
			rc = walk(r, name, out, t, a, e);
			record_free(r);
		}
	}
	arena_free(a);
	return rc;
}
