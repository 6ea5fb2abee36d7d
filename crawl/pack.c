#include "crawl/pack.h"

#include "core/zout.h"
#include "crawl/archive.h"
#include "crawl/sha1.h"

#include <inttypes.h>
#include <libdeflate.h>
#include <zstd.h>

enum form { PLAIN, GZIP, ZSTD };

struct pack {
	const struct pack_conf *conf;
	enum form form;
	struct zout *out;
	bool begun; /* the warcinfo is written */
};

/* A worker's output of one batch. */
struct parcel {
	struct buf text, out;
	struct libdeflate_compressor *gzip;
	ZSTD_CCtx *zstd;
	int64_t first; /* capture date of the first record */
	bool any;
};

static int pack_open(void **shared, const void *conf, struct err *e)
{
	struct pack *p = own_zalloc(sizeof(*p));
	p->conf = conf;
	struct str name = str_of(p->conf->path);
	p->form = str_ends(name, STR(".gz")) ? GZIP : str_ends(name, STR(".zst")) ? ZSTD : PLAIN;
	int rc = zout_open(&p->out, p->conf->path, 0, e);
	if (rc) {
		free(p);
		return rc;
	}
	*shared = p;
	return 0;
}

static void parcel_begin(const struct pack *p, struct parcel *c)
{
	*c = (struct parcel){0};
	buf_init(&c->text, BUF_NO_MAX);
	buf_init(&c->out, BUF_NO_MAX);
	if (p->form == GZIP)
		c->gzip = libdeflate_alloc_compressor(p->conf->level ? p->conf->level : 6);
	if (p->form == ZSTD) {
		c->zstd = ZSTD_createCCtx();
		ZSTD_CCtx_setParameter(c->zstd, ZSTD_c_compressionLevel, p->conf->level ? p->conf->level : 3);
		ZSTD_CCtx_setParameter(c->zstd, ZSTD_c_checksumFlag, 1);
	}
}

static void parcel_end(struct parcel *c)
{
	buf_free(&c->text);
	buf_free(&c->out);
	libdeflate_free_compressor(c->gzip);
	ZSTD_freeCCtx(c->zstd);
}

/* The record in text, as a member of out. */
static void wrap(struct parcel *c)
{
	if (c->gzip) {
		size_t most = libdeflate_gzip_compress_bound(c->gzip, c->text.n);
		buf_reserve(&c->out, most);
		c->out.n += libdeflate_gzip_compress(c->gzip, c->text.p, c->text.n, c->out.p + c->out.n, most);
	} else if (c->zstd) {
		size_t most = ZSTD_compressBound(c->text.n);
		buf_reserve(&c->out, most);
		c->out.n += ZSTD_compress2(c->zstd, c->out.p + c->out.n, most, c->text.p, c->text.n);
	} else {
		buf_add(&c->out, c->text.p, c->text.n);
	}
}

static void *pack_start(const void *shared)
{
	struct parcel *c = own_alloc(sizeof(*c));
	parcel_begin(shared, c);
	return c;
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

static void put_record(struct buf *b, const struct doc *d)
{
	const struct archive_note *note = d->record;
	char date[24];
	bool response = d->http_status != 0;
	buf_clear(b);
	buf_printf(b, "WARC/1.1\r\nWARC-Type: %s\r\n", response ? "response" : "resource");
	if (d->id.n && d->id.p[0] == '<')
		field(b, "WARC-Record-ID", d->id);
	else
		buf_printf(b, "WARC-Record-ID: <%.*s>\r\n", STR_ARG(d->id));
	buf_printf(b, "WARC-Date: %s\r\n", doc_date_print(d->date == DATE_NONE ? 0 : d->date, date));
	field(b, "WARC-Target-URI", d->url);
	field(b, "WARC-Payload-Digest", d->payload_digest);
	field(b, "Peneira-Source-File", str_of(d->at.file));
	buf_printf(b, "Peneira-Source-Offset: %" PRIu64 "\r\n", d->at.offset);
	field(b, "Peneira-Collection", d->dump);
	field(b, "Content-Type", response ? STR("application/http; msgtype=response") : note->content_type.n ? note->content_type : STR("application/octet-stream"));
	finish(b, d->raw);
}

static int pack_map(const void *shared, void *worker, struct batch *b, struct err *e)
{
	struct parcel *c = worker;
	(void)shared;
	(void)e;
	buf_clear(&c->out);
	c->any = false;
	BATCH_EACH(b, d) {
		if (!c->any)
			c->first = d->date == DATE_NONE ? 0 : d->date;
		c->any = true;
		put_record(&c->text, d);
		wrap(c);
	}
	b->out = c;
	return 0;
}

/* The warcinfo, dated like the first capture. */
static int begin(struct pack *p, int64_t date, struct err *e)
{
	struct parcel c;
	struct buf block;
	char hex[41], when[24];
	p->begun = true;
	parcel_begin(p, &c);
	buf_init(&block, BUF_NO_MAX);
	buf_printf(&block, "software: peneira %s\r\nformat: WARC File Format 1.1\r\nconformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n",
		   PENEIRA_VERSION);
	sha1_hex(buf_view(&block), hex);
	buf_printf(&c.text, "WARC/1.1\r\nWARC-Type: warcinfo\r\nWARC-Record-ID: <urn:uuid:%.8s-%.4s-5%.3s-8%.3s-%.12s>\r\nWARC-Date: %s\r\nContent-Type: application/warc-fields\r\n", hex, hex + 8,
		   hex + 13, hex + 17, hex + 20, doc_date_print(date, when));
	finish(&c.text, buf_view(&block));
	wrap(&c);
	int rc = zout_raw(p->out, c.out.p, c.out.n, e);
	buf_free(&block);
	parcel_end(&c);
	return rc;
}

static int pack_fold(void *shared, struct batch *b, struct err *e)
{
	struct pack *p = shared;
	const struct parcel *c = b->out;
	int rc = c->any && !p->begun ? begin(p, c->first, e) : 0;
	return rc || !c->out.n ? rc : zout_raw(p->out, c->out.p, c->out.n, e);
}

static void pack_stop(void *worker)
{
	parcel_end(worker);
	free(worker);
}

static int pack_close(void *shared, bool done, struct tally *t, struct err *e)
{
	struct pack *p = shared;
	(void)t;
	int rc = done && !p->begun ? begin(p, 0, e) : 0;
	if (done && !rc)
		rc = zout_commit(p->out, e);
	else
		zout_free(p->out);
	free(p);
	return rc;
}

const struct stage pack_stage = {
	.name = "pack",
	.summary = "captured pages to WARC records",
	.open = pack_open,
	.start = pack_start,
	.map = pack_map,
	.fold = pack_fold,
	.stop = pack_stop,
	.close = pack_close,
};
