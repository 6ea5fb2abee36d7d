#include "shard/frames.h"

#include "core/raw.h"

#include <pthread.h>
#include <stdatomic.h>
#include <zstd.h>

enum { SKIPPABLE = 0x184D2A5E, ENTRY = 8, FOOT = 9, FRAME_BYTES_MAX = 1 << 30 };
static const uint32_t seekable = 0x8F92EAB1;

static void put_u32(struct buf *b, uint32_t v)
{
	const unsigned char le[4] = {(unsigned char)v, (unsigned char)(v >> 8), (unsigned char)(v >> 16), (unsigned char)(v >> 24)};
	buf_add(b, le, 4);
}

static uint32_t get_u32(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;
	return u[0] | (uint32_t)u[1] << 8 | (uint32_t)u[2] << 16 | (uint32_t)u[3] << 24;
}

/* ---- packing ---- */

struct packed {
	char *p;
	size_t n;
};

struct packing {
	struct str raw;
	const uint32_t *ends;
	size_t n;
	int level;
	struct packed *packed;
	atomic_size_t next;
};

static void *pack_some(void *self)
{
	struct packing *k = self;
	ZSTD_CCtx *z = ZSTD_createCCtx();
	ZSTD_CCtx_setParameter(z, ZSTD_c_compressionLevel, k->level);
	ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1);
	for (size_t i; (i = atomic_fetch_add(&k->next, 1)) < k->n;) {
		size_t from = i ? k->ends[i - 1] : 0, n = k->ends[i] - from, bound = ZSTD_compressBound(n);
		char *p = own_alloc(bound);
		k->packed[i].n = ZSTD_compress2(z, p, bound, k->raw.p + from, n);
		k->packed[i].p = ZSTD_isError(k->packed[i].n) ? p : own_grow(p, k->packed[i].n + 1);
	}
	ZSTD_freeCCtx(z);
	return NULL;
}

static void pack_all(struct packing *k, unsigned threads)
{
	pthread_t more[FRAMES_THREADS_MAX];
	unsigned n = 0;
	threads = threads > FRAMES_THREADS_MAX ? FRAMES_THREADS_MAX : threads;
	/* One thread per eight frames at most: fewer are not worth its start. This thread is one of them. */
	while (n + 1 < threads && (n + 1) * 8 < k->n && pthread_create(&more[n], NULL, pack_some, k) == 0)
		n++;
	pack_some(k);
	while (n)
		pthread_join(more[--n], NULL);
}

static void put_table(struct buf *out, const struct packing *k)
{
	put_u32(out, SKIPPABLE);
	put_u32(out, (uint32_t)(k->n * ENTRY + FOOT));
	for (size_t i = 0; i < k->n; i++) {
		put_u32(out, (uint32_t)k->packed[i].n);
		put_u32(out, k->ends[i] - (i ? k->ends[i - 1] : 0));
	}
	put_u32(out, (uint32_t)k->n);
	buf_byte(out, 0);
	put_u32(out, seekable);
}

int frames_pack(struct buf *out, struct str raw, const uint32_t *ends, size_t n, int level, unsigned threads, struct err *e)
{
	struct packing k = {.raw = raw, .ends = ends, .n = n, .level = level, .packed = own_zalloc((n + 1) * sizeof(struct packed))};
	int rc = n > FRAMES_MAX ? err_at(e, ERR_LIMIT, (struct where){NULL, WHERE_NONE}, "%zu frames in a file", n) : 0;
	if (!rc)
		pack_all(&k, threads);
	for (size_t i = 0; i < n && !rc; i++) {
		if (ZSTD_isError(k.packed[i].n))
			rc = err_at(e, ERR_IO, (struct where){NULL, WHERE_NONE}, "zstd: %s", ZSTD_getErrorName(k.packed[i].n));
		else
			buf_add(out, k.packed[i].p, k.packed[i].n);
	}
	if (!rc && n > 1)
		put_table(out, &k);
	for (size_t i = 0; i < n; i++)
		free(k.packed[i].p);
	free(k.packed);
	return rc;
}

/* ---- reading ---- */

/* The table's entries (malloc'ed) and their number. 1: there is none. */
static int read_table(struct raw *r, char **table, uint32_t *n, struct err *e)
{
	struct str s;
	uint64_t size = raw_size(r);
	int rc = size < FOOT ? 1 : raw_seek(r, size - FOOT, e);
	if (!rc)
		rc = raw_ahead(r, FOOT, &s, e);
	if (rc)
		return rc;
	*n = get_u32(s.p);
	if (s.n < FOOT || get_u32(s.p + 5) != seekable || s.p[4] || *n > FRAMES_MAX || size < FOOT + (uint64_t)*n * ENTRY)
		return 1;
	rc = raw_seek(r, size - FOOT - (uint64_t)*n * ENTRY, e);
	if (!rc)
		rc = raw_ahead(r, (size_t)*n * ENTRY, &s, e);
	if (rc || s.n < (size_t)*n * ENTRY)
		return rc ? rc : 1;
	*table = own_alloc((size_t)*n * ENTRY + 1);
	memcpy(*table, s.p, (size_t)*n * ENTRY);
	return 0;
}

/* Unpack one frame and append what of at..at + n lies in it; its first byte is number `first`. */
static int read_frame(struct raw *r, uint64_t offset, const char *entry, uint64_t first, uint64_t at, size_t n, struct buf *out, struct err *e)
{
	uint32_t packed = get_u32(entry), bytes = get_u32(entry + 4);
	struct str s;
	int rc = bytes > FRAME_BYTES_MAX || packed > RAW_AHEAD_MAX ? 1 : raw_seek(r, offset, e);
	if (!rc)
		rc = raw_ahead(r, packed, &s, e);
	if (rc)
		return rc;
	if (s.n < packed || ZSTD_getFrameContentSize(s.p, packed) != bytes)
		return err_at(e, ERR_DATA, (struct where){raw_name(r), offset}, "a frame that is not as the table says");
	char *p = own_alloc((size_t)bytes + 1);
	size_t got = ZSTD_decompress(p, bytes, s.p, packed);
	if (got != bytes) {
		rc = err_at(e, ERR_DATA, (struct where){raw_name(r), offset}, "a damaged frame%s%s", ZSTD_isError(got) ? ": " : "", ZSTD_isError(got) ? ZSTD_getErrorName(got) : "");
	} else {
		uint64_t from = at > first ? at - first : 0, to = at + n < first + bytes ? at + n - first : bytes;
		buf_add(out, p + from, (size_t)(to - from));
	}
	free(p);
	return rc;
}

int frames_read(const char *path, uint64_t at, size_t n, struct buf *out, struct err *e)
{
	_cleanup_(raw_freep) struct raw *r = NULL;
	char *table = NULL;
	uint32_t frames = 0;
	uint64_t offset = 0, first = 0;
	int rc = raw_open(&r, path, e);
	if (!rc)
		rc = read_table(r, &table, &frames, e);
	for (uint32_t i = 0; i < frames && !rc && first < at + n; i++) {
		const char *entry = table + (size_t)i * ENTRY;
		if (first + get_u32(entry + 4) > at)
			rc = read_frame(r, offset, entry, first, at, n, out, e);
		offset += get_u32(entry);
		first += get_u32(entry + 4);
	}
	free(table);
	return rc ? rc : first < at + n;
}
