#include "cli/sniff.h"

#include "core/raw.h"

#include <zlib.h>
#include <zstd.h>

static void gunzip_head(struct str s, struct buf *out)
{
	z_stream z = {.next_in = (Bytef *)(uintptr_t)s.p, .avail_in = (uInt)s.n};
	if (inflateInit2(&z, 15 + 16) != Z_OK)
		return;
	z.next_out = (Bytef *)out->p;
	z.avail_out = SNIFF_BYTES;
	/* Empty members are stepped over. */
	for (int rc = Z_OK; z.avail_out && z.avail_in && (rc == Z_OK || rc == Z_STREAM_END);) {
		rc = inflate(&z, Z_NO_FLUSH);
		if (rc == Z_STREAM_END && inflateReset(&z) != Z_OK)
			break;
	}
	out->n = SNIFF_BYTES - z.avail_out;
	inflateEnd(&z);
}

static void unzstd_head(struct str s, struct buf *out)
{
	ZSTD_DCtx *d = ZSTD_createDCtx();
	ZSTD_inBuffer in = {s.p, s.n, 0};
	ZSTD_outBuffer o = {out->p, SNIFF_BYTES, 0};
	while (o.pos < o.size && in.pos < in.size && !ZSTD_isError(ZSTD_decompressStream(d, &o, &in)))
		;
	out->n = o.pos;
	ZSTD_freeDCtx(d);
}

int sniff(const char *path, struct buf *out, struct err *e)
{
	_cleanup_(raw_freep) struct raw *r = NULL;
	struct str s;
	int rc = raw_open(&r, path, e);
	if (!rc)
		rc = raw_ahead(r, 64 << 10, &s, e);
	if (rc)
		return rc;
	buf_clear(out);
	buf_reserve(out, SNIFF_BYTES);
	const unsigned char *p = (const unsigned char *)s.p;
	if (s.n > 2 && p[0] == 0x1F && p[1] == 0x8B)
		gunzip_head(s, out);
	else if (s.n > 4 && ((p[0] == 0x28 && p[1] == 0xB5) || (p[1] == 0x2A && p[2] == 0x4D && p[3] == 0x18)))
		unzstd_head(s, out);
	else
		buf_str(out, str_head(s, SNIFF_BYTES));
	return 0;
}
