#include "crawl/warc.h"

#include "core/zout.h"
#include "crawl/archive.h"
#include "crawl/sha1.h"

#include <inttypes.h>
#include <libdeflate.h>
#include <zstd.h>

enum form { PLAIN, GZIP, ZSTD };

struct warc_writer {
	enum form form;
	struct buf text, out;
	struct libdeflate_compressor *gzip;
	ZSTD_CCtx *zstd;
};

struct warc {
	const struct warc_conf *conf;
	struct zout *out;
	bool begun; /* the warcinfo is written */
};

/* A worker's output of one batch. */
struct parcel {
	struct warc_writer *writer;
	struct buf out;
	int64_t first; /* capture date of the first record */
	bool any;
};

struct warc_writer *warc_new(const char *path, int level)
{
	struct warc_writer *p = own_zalloc(sizeof(*p));
	struct str name = str_of(path);
	p->form = str_ends(name, STR(".gz")) ? GZIP : str_ends(name, STR(".zst")) ? ZSTD : PLAIN;
	buf_init(&p->text, BUF_NO_MAX);
	buf_init(&p->out, BUF_NO_MAX);
	if (p->form == GZIP)
		p->gzip = libdeflate_alloc_compressor(level ? level : 6);
	if (p->form == ZSTD) {
		p->zstd = ZSTD_createCCtx();
		ZSTD_CCtx_setParameter(p->zstd, ZSTD_c_compressionLevel, level ? level : 3);
		ZSTD_CCtx_setParameter(p->zstd, ZSTD_c_checksumFlag, 1);
	}
	return p;
}

struct warc_writer *warc_free(struct warc_writer *p)
{
	if (!p)
		return NULL;
	buf_free(&p->text);
	buf_free(&p->out);
	libdeflate_free_compressor(p->gzip);
	ZSTD_freeCCtx(p->zstd);
	free(p);
	return NULL;
}

/* The record in text, as a member of its own. */
static struct str wrap(struct warc_writer *p)
{
	buf_clear(&p->out);
	if (p->gzip) {
		size_t most = libdeflate_gzip_compress_bound(p->gzip, p->text.n);
		buf_reserve(&p->out, most);
		p->out.n = libdeflate_gzip_compress(p->gzip, p->text.p, p->text.n, p->out.p, most);
	} else if (p->zstd) {
		size_t most = ZSTD_compressBound(p->text.n);
		buf_reserve(&p->out, most);
		p->out.n = ZSTD_compress2(p->zstd, p->out.p, most, p->text.p, p->text.n);
	} else {
		return buf_view(&p->text);
	}
	return buf_view(&p->out);
}

/* A field, unless it is empty; line ends in it would begin another. */
static void field(struct buf *b, const char *name, struct str value)
{
	if (!value.n)
		return;
	buf_printf(b, "%s: ", name);
	for (size_t i = 0; i < value.n; i++)
		buf_byte(b, value.p[i] == '\r' || value.p[i] == '\n' ? ' ' : value.p[i]);
	buf_z(b, "\r\n");
}

static void finish(struct buf *b, struct str block)
{
	char digest[33];
	sha1_base32(block, digest);
	buf_printf(b, "WARC-Block-Digest: sha1:%s\r\nContent-Length: %zu\r\n\r\n", digest, block.n);
	buf_str(b, block);
	buf_z(b, "\r\n\r\n");
}

struct str warc_record(struct warc_writer *p, const struct warc_item *item)
{
	struct buf *b = &p->text;
	char date[24];
	buf_clear(b);
	buf_printf(b, "WARC/1.1\r\nWARC-Type: %s\r\n", item->response ? "response" : "resource");
	if (item->id.n && item->id.p[0] == '<')
		field(b, "WARC-Record-ID", item->id);
	else
		buf_printf(b, "WARC-Record-ID: <%.*s>\r\n", STR_ARG(item->id));
	buf_printf(b, "WARC-Date: %s\r\n", doc_date_print(item->date == DATE_NONE ? 0 : item->date, date));
	field(b, "WARC-Target-URI", item->url);
	field(b, "WARC-Payload-Digest", item->payload_digest);
	field(b, "Peneira-Source-File", item->source_file);
	buf_printf(b, "Peneira-Source-Offset: %" PRIu64 "\r\n", item->source_offset);
	field(b, "Peneira-Collection", item->collection);
	field(b, "Content-Type", item->response ? STR("application/http; msgtype=response") : item->content_type.n ? item->content_type : STR("application/octet-stream"));
	finish(b, item->block);
	return wrap(p);
}

struct str warc_info(struct warc_writer *p, int64_t date)
{
	static const struct str block = {"software: peneira " PENEIRA_VERSION "\r\nformat: WARC File Format 1.1\r\n"
					 "conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n",
		sizeof("software: peneira " PENEIRA_VERSION "\r\nformat: WARC File Format 1.1\r\n"
		       "conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n") - 1};
	char hex[41], when[24];
	sha1_hex(block, hex);
	buf_clear(&p->text);
	buf_printf(&p->text, "WARC/1.1\r\nWARC-Type: warcinfo\r\nWARC-Record-ID: <urn:uuid:%.8s-%.4s-5%.3s-8%.3s-%.12s>\r\nWARC-Date: %s\r\nContent-Type: application/warc-fields\r\n", hex, hex + 8,
		   hex + 13, hex + 17, hex + 20, doc_date_print(date == DATE_NONE ? 0 : date, when));
	finish(&p->text, block);
	return wrap(p);
}

static int warc_open(void **shared, const void *conf, struct err *e)
{
	struct warc *p = own_zalloc(sizeof(*p));
	p->conf = conf;
	int rc = zout_open(&p->out, p->conf->path, 0, e);
	if (rc) {
		free(p);
		return rc;
	}
	*shared = p;
	return 0;
}

static void *warc_start(const void *shared)
{
	const struct warc *p = shared;
	struct parcel *c = own_zalloc(sizeof(*c));
	c->writer = warc_new(p->conf->path, p->conf->level);
	buf_init(&c->out, BUF_NO_MAX);
	return c;
}

static int warc_map(const void *shared, void *worker, struct batch *b, struct err *e)
{
	struct parcel *c = worker;
	(void)shared;
	(void)e;
	buf_clear(&c->out);
	c->any = false;
	BATCH_EACH(b, d) {
		const struct archive_note *note = d->record;
		struct warc_item item = {.id = d->id, .url = d->url, .payload_digest = d->payload_digest, .content_type = note->content_type, .source_file = str_of(d->at.file),
					 .source_offset = d->at.offset, .collection = d->dump, .block = d->raw, .date = d->date, .response = d->http_status != 0};
		if (!c->any)
			c->first = d->date;
		c->any = true;
		buf_str(&c->out, warc_record(c->writer, &item));
	}
	b->out = c;
	return 0;
}

/* The warcinfo, dated like the first capture. */
static int begin(struct warc *p, int64_t date, struct err *e)
{
	struct warc_writer *writer = warc_new(p->conf->path, p->conf->level);
	struct str info = warc_info(writer, date);
	p->begun = true;
	int rc = zout_raw(p->out, info.p, info.n, e);
	warc_free(writer);
	return rc;
}

static int warc_fold(void *shared, struct batch *b, struct err *e)
{
	struct warc *p = shared;
	const struct parcel *c = b->out;
	int rc = c->any && !p->begun ? begin(p, c->first, e) : 0;
	return rc || !c->out.n ? rc : zout_raw(p->out, c->out.p, c->out.n, e);
}

static void warc_stop(void *worker)
{
	struct parcel *c = worker;
	warc_free(c->writer);
	buf_free(&c->out);
	free(c);
}

static int warc_close(void *shared, bool done, struct tally *t, struct err *e)
{
	struct warc *p = shared;
	(void)t;
	int rc = done && !p->begun ? begin(p, 0, e) : 0;
	if (done && !rc)
		rc = zout_commit(p->out, e);
	else
		zout_free(p->out);
	free(p);
	return rc;
}

const struct stage warc_stage = {
	.name = "warc",
	.summary = "captured pages to WARC records",
	.open = warc_open,
	.start = warc_start,
	.map = warc_map,
	.fold = warc_fold,
	.stop = warc_stop,
	.close = warc_close,
};
