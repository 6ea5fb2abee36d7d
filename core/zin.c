#include "core/zin.h"

#include "core/buf.h"
#include "core/raw.h"

#include <archive.h>
#include <zlib.h>
#include <zstd.h>

enum kind { PLAIN, GZIP, ZSTD, OTHER };
enum { ZIN_STEP = 256 << 10, ZIN_AHEAD_MAX = 256 << 20, ZIN_WINDOW_LOG = 27 };

struct zin {
	enum kind kind;
	struct raw *raw;
	char *bytes;
	size_t from, to, cap;
	bool ended, inside; /* inside a gzip member or zstd frame */
	z_stream gz;
	ZSTD_DCtx *zstd;
	struct archive *other;
};

static enum kind kind_of(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	if (s.n >= 2 && p[0] == 0x1F && p[1] == 0x8B)
		return GZIP;
	if (s.n >= 4 && p[1] == 0xB5 && p[2] == 0x2F && p[3] == 0xFD && p[0] == 0x28)
		return ZSTD;
	if (s.n >= 4 && (p[0] & 0xF0) == 0x50 && p[1] == 0x2A && p[2] == 0x4D && p[3] == 0x18)
		return ZSTD;
	if (str_starts(s, STR("\xFD""7zXZ")) || str_starts(s, STR("BZh")) || str_starts(s, STR("\x04\x22\x4D\x18")))
		return OTHER;
	return PLAIN;
}

static la_ssize_t feed(struct archive *a, void *self, const void **out)
{
	struct zin *z = self;
	struct str s;
	struct err e = {0};
	if (raw_ahead(z->raw, 1, &s, &e) < 0) {
		archive_set_error(a, 5, "%s", e.msg);
		return -1;
	}
	/* libarchive wants the bytes to stay until the next call: copy. */
	size_t n = s.n < ZIN_STEP ? s.n : ZIN_STEP;
	static _Thread_local char copy[ZIN_STEP];
	memcpy(copy, s.p, n);
	raw_skip(z->raw, n, NULL, NULL);
	*out = copy;
	return (la_ssize_t)n;
}

static int open_other(struct zin *z, struct err *e)
{
	struct archive_entry *entry;
	z->other = archive_read_new();
	archive_read_support_filter_all(z->other);
	archive_read_support_format_raw(z->other);
	if (archive_read_open(z->other, z, NULL, feed, NULL) != ARCHIVE_OK || archive_read_next_header(z->other, &entry) != ARCHIVE_OK)
		return err_at(e, ERR_DATA, (struct where){raw_name(z->raw), raw_offset(z->raw)}, "%s", archive_error_string(z->other));
	return 0;
}

static int start(struct zin *z, struct err *e)
{
	struct str head;
	int rc = raw_ahead(z->raw, 8, &head, e);
	if (rc)
		return rc;
	z->kind = kind_of(head);
	if (z->kind == GZIP && inflateInit2(&z->gz, 15 + 16) != Z_OK)
		return err_at(e, ERR_IO, (struct where){raw_name(z->raw), 0}, "zlib does not start");
	if (z->kind == ZSTD) {
		z->zstd = ZSTD_createDCtx();
		ZSTD_DCtx_setParameter(z->zstd, ZSTD_d_windowLogMax, ZIN_WINDOW_LOG);
	}
	return z->kind == OTHER ? open_other(z, e) : 0;
}

int zin_open(struct zin **out, const char *path, struct err *e)
{
	struct zin *z = own_zalloc(sizeof(*z));
	int rc = raw_open(&z->raw, path, e);
	if (!rc)
		rc = start(z, e);
	if (rc) {
		zin_free(z);
		return rc;
	}
	*out = z;
	return 0;
}

struct zin *zin_free(struct zin *z)
{
	if (!z)
		return NULL;
	if (z->kind == GZIP)
		inflateEnd(&z->gz);
	ZSTD_freeDCtx(z->zstd);
	archive_read_free(z->other);
	raw_free(z->raw);
	free(z->bytes);
	free(z);
	return NULL;
}

static int damaged(struct zin *z, const char *what, struct err *e)
{
	return err_at(e, ERR_DATA, (struct where){raw_name(z->raw), raw_offset(z->raw)}, "%s", what);
}

static int more_plain(struct zin *z, char *to, size_t room, size_t *got, struct err *e)
{
	struct str s;
	int rc = raw_ahead(z->raw, 1, &s, e);
	if (rc)
		return rc;
	*got = s.n < room ? s.n : room;
	memcpy(to, s.p, *got);
	z->ended = s.n == 0;
	return raw_skip(z->raw, *got, NULL, e);
}

static int more_gzip(struct zin *z, char *to, size_t room, size_t *got, struct err *e)
{
	struct str s;
	int rc = raw_ahead(z->raw, 2, &s, e);
	if (rc)
		return rc;
	if (!z->inside) {
		/* Zero padding, or anything that is no member, ends the stream (RFC 1952 knows no padding; gzip(1) ignores it). */
		if (s.n < 2 || (unsigned char)s.p[0] != 0x1F || (unsigned char)s.p[1] != 0x8B) {
			z->ended = true;
			return 0;
		}
		inflateReset(&z->gz);
		z->inside = true;
	}
	if (!s.n)
		return damaged(z, "gzip member ends too soon", e);
	z->gz.next_in = (Bytef *)(uintptr_t)s.p;
	z->gz.avail_in = (uInt)s.n;
	z->gz.next_out = (Bytef *)to;
	z->gz.avail_out = (uInt)room;
	int r = inflate(&z->gz, Z_NO_FLUSH);
	*got = room - z->gz.avail_out;
	raw_skip(z->raw, s.n - z->gz.avail_in, NULL, NULL);
	if (r == Z_STREAM_END)
		z->inside = false;
	else if (r != Z_OK && r != Z_BUF_ERROR)
		return damaged(z, z->gz.msg ? z->gz.msg : "damaged gzip member", e);
	return 0;
}

static int more_zstd(struct zin *z, char *to, size_t room, size_t *got, struct err *e)
{
	struct str s;
	int rc = raw_ahead(z->raw, 1, &s, e);
	if (rc)
		return rc;
	if (!s.n) {
		z->ended = true;
		return z->inside ? damaged(z, "zstd frame ends too soon", e) : 0;
	}
	ZSTD_inBuffer in = {s.p, s.n, 0};
	ZSTD_outBuffer out = {to, room, 0};
	size_t left = ZSTD_decompressStream(z->zstd, &out, &in);
	if (ZSTD_isError(left))
		return damaged(z, ZSTD_getErrorName(left), e);
	z->inside = left != 0;
	*got = out.pos;
	return raw_skip(z->raw, in.pos, NULL, e);
}

static int more_other(struct zin *z, char *to, size_t room, size_t *got, struct err *e)
{
	la_ssize_t n = archive_read_data(z->other, to, room);
	if (n < 0)
		return damaged(z, archive_error_string(z->other), e);
	z->ended = n == 0;
	*got = (size_t)n;
	return 0;
}

int zin_ahead(struct zin *z, size_t min, struct str *out, struct err *e)
{
	static int (*const more[])(struct zin *, char *, size_t, size_t *, struct err *) = {
		[PLAIN] = more_plain, [GZIP] = more_gzip, [ZSTD] = more_zstd, [OTHER] = more_other};
	if (min > ZIN_AHEAD_MAX)
		return err_at(e, ERR_LIMIT, (struct where){raw_name(z->raw), raw_offset(z->raw)}, "more than %d bytes asked for at once",
			      ZIN_AHEAD_MAX);
	while (z->to - z->from < min && !z->ended) {
		if (z->from && z->cap - z->to < ZIN_STEP) {
			memmove(z->bytes, z->bytes + z->from, z->to - z->from);
			z->to -= z->from;
			z->from = 0;
		}
		if (z->cap - z->to < ZIN_STEP) {
			z->cap = z->cap * 2 > z->to + ZIN_STEP ? z->cap * 2 : z->to + ZIN_STEP;
			z->bytes = own_grow(z->bytes, z->cap);
		}
		size_t got = 0;
		int rc = more[z->kind](z, z->bytes + z->to, z->cap - z->to, &got, e);
		z->to += got;
		if (rc)
			return rc;
	}
	*out = (struct str){z->bytes + z->from, z->to - z->from};
	return 0;
}

void zin_skip(struct zin *z, size_t n)
{
	z->from += n;
}

/* Over the rest of a line that is too long. */
static int skip_line(struct zin *z, struct err *e)
{
	for (;;) {
		struct str s;
		int rc = zin_ahead(z, 1, &s, e);
		if (rc || !s.n)
			return rc;
		size_t at = str_chr(s, '\n');
		zin_skip(z, at < s.n ? at + 1 : s.n);
		if (at < s.n)
			return 0;
	}
}

int zin_line(struct zin *z, size_t max, struct str *out, struct err *e)
{
	size_t seen = 0, want = 1;
	for (;;) {
		struct str s;
		int rc = zin_ahead(z, want, &s, e);
		if (rc)
			return rc;
		if (!s.n)
			return 0;
		size_t at = seen + str_chr(str_from(s, seen), '\n');
		if (at > max) {
			uint64_t offset = raw_offset(z->raw);
			rc = skip_line(z, e);
			return rc ? rc : err_at(e, ERR_LIMIT, (struct where){raw_name(z->raw), offset}, "a line of more than %zu bytes", max);
		}
		if (at < s.n || s.n < want) {
			zin_skip(z, at < s.n ? at + 1 : s.n);
			*out = str_head(s, at);
			if (out->n && out->p[out->n - 1] == '\r')
				out->n--;
			return 1;
		}
		seen = s.n;
		want = s.n + 1;
	}
}

uint64_t zin_offset(const struct zin *z)
{
	if (z->kind == PLAIN)
		return raw_offset(z->raw) - (z->to - z->from);
	return raw_offset(z->raw);
}

const char *zin_name(const struct zin *z)
{
	return raw_name(z->raw);
}

int zin_slurp(const char *path, size_t max, char **out, size_t *n, struct err *e)
{
	_cleanup_(zin_freep) struct zin *z = NULL;
	struct buf b;
	buf_init(&b, max);
	int rc = zin_open(&z, path, e);
	while (!rc) {
		struct str s;
		rc = zin_ahead(z, 1, &s, e);
		if (rc || !s.n)
			break;
		buf_str(&b, s);
		zin_skip(z, s.n);
		if (b.full)
			rc = err_at(e, ERR_LIMIT, (struct where){path, max}, "larger than %zu bytes", max);
	}
	if (rc) {
		buf_free(&b);
		return rc;
	}
	buf_byte(&b, 0);
	*n = b.n - (b.full ? 0 : 1);
	*out = b.p;
	return 0;
}
