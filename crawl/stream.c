#include "crawl/stream.h"

#include "core/buf.h"
#include "core/raw.h"
#include "crawl/member.h"
#include "crawl/window.h"

#include <archive.h>
#include <libdeflate.h>
#include <zlib.h>
#include <zstd.h>

enum {
	STEP = 128 << 10,   /* room for each step of decoding                                              */
	MARKS = 64,
	AHEAD = 256 << 10,  /* stored bytes ahead when a gzip member begins: most end within them           */
	STORED = 1 << 20,   /* stored bytes buffered                                                       */
	ROOM = 512 << 10,   /* room for a gzip member in one go                                            */
	ROOM_MAX = 8 << 20, /* a larger one is decoded in steps                                            */
};

/* Member boundaries inside the window: decoded position -> stored offset. */
struct mark {
	uint64_t pos, stored;
};

struct stream {
	enum member_kind kind;
	const char *kind_name, *shown;
	struct raw *raw;
	uint64_t end; /* no member begins here or later */
	struct window window;
	uint64_t pos; /* decoded position of what is ahead */
	struct mark marks[MARKS];
	unsigned n_marks;
	bool ended, inside, damaged;
	struct err fault;
	uint64_t member; /* stored offset of the member being decoded */
	struct libdeflate_decompressor *whole; /* gzip members in one go: twice the speed of zlib        */
	z_stream gz;                           /* those that do not fit, or are damaged: in steps          */
	ZSTD_DCtx *zstd;
	char *dict;
	struct archive *other;
};

static la_ssize_t feed(struct archive *a, void *self, const void **out)
{
	struct stream *s = self;
	static _Thread_local char copy[STEP];
	struct str in;
	struct err e = {0};
	if (raw_ahead(s->raw, 1, &in, &e) < 0) {
		archive_set_error(a, 5, "%s", e.msg);
		return -1;
	}
	size_t n = in.n < STEP ? in.n : STEP;
	memcpy(copy, in.p, n);
	raw_skip(s->raw, n, NULL, NULL);
	*out = copy;
	return (la_ssize_t)n;
}

static int damage(struct stream *s, const char *what)
{
	s->damaged = true;
	s->fault = (struct err){0};
	err_at(&s->fault, ERR_DATA, (struct where){stream_name(s), s->kind == MEMBER_PLAIN ? raw_offset(s->raw) : s->member}, "%s", what);
	return STREAM_DAMAGED;
}

static int open_other(struct stream *s, struct err *e)
{
	struct archive_entry *entry;
	s->other = archive_read_new();
	archive_read_support_filter_all(s->other);
	archive_read_support_format_raw(s->other);
	if (archive_read_open(s->other, s, NULL, feed, NULL) != ARCHIVE_OK || archive_read_next_header(s->other, &entry) != ARCHIVE_OK)
		return err_at(e, ERR_DATA, (struct where){raw_name(s->raw), 0}, "%s", archive_error_string(s->other));
	return 0;
}

static uint32_t le32(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;
	return u[0] | (uint32_t)u[1] << 8 | (uint32_t)u[2] << 16 | (uint32_t)u[3] << 24;
}

/* The dictionary of a .warc.zst: a skippable frame 0x184D2A5D at the very start, itself compressed or not
 * (iipc.github.io/warc-specifications, WARC zstd 1.0). */
static int load_dict(struct stream *s, struct err *e)
{
	struct str in;
	int rc = raw_ahead(s->raw, 8, &in, e);
	if (rc || in.n < 8 || le32(in.p) != 0x184D2A5Du)
		return rc;
	size_t n = le32(in.p + 4);
	if (n > RAW_AHEAD_MAX - 8)
		return 0;
	rc = raw_ahead(s->raw, 8 + n, &in, e);
	if (rc || in.n < 8 + n)
		return rc;
	struct str d = {in.p + 8, n};
	if (d.n >= 4 && le32(d.p) == ZSTD_MAGICNUMBER) {
		unsigned long long size = ZSTD_getFrameContentSize(d.p, d.n);
		if (size == ZSTD_CONTENTSIZE_ERROR)
			return err_at(e, ERR_DATA, (struct where){raw_name(s->raw), 0}, "damaged zstd dictionary");
		size = size == ZSTD_CONTENTSIZE_UNKNOWN || size > STREAM_DICT_MAX ? STREAM_DICT_MAX : size;
		s->dict = own_alloc((size_t)size);
		n = ZSTD_decompress(s->dict, (size_t)size, d.p, d.n);
		if (ZSTD_isError(n))
			return err_at(e, ERR_DATA, (struct where){raw_name(s->raw), 0}, "zstd dictionary: %s", ZSTD_getErrorName(n));
	} else {
		s->dict = own_alloc(n);
		memcpy(s->dict, d.p, n);
	}
	ZSTD_DCtx_loadDictionary(s->zstd, s->dict, n);
	return raw_skip(s->raw, 8 + le32(in.p + 4), NULL, e);
}

static int start_gzip(struct stream *s, struct err *e)
{
	struct str in;
	s->whole = libdeflate_alloc_decompressor();
	if (!s->whole || inflateInit2(&s->gz, 15 + 16) != Z_OK)
		return err_at(e, ERR_IO, (struct where){raw_name(s->raw), 0}, "zlib does not start");
	return raw_ahead(s->raw, STORED, &in, e); /* the buffer takes this size */
}

/* Does a gzip member that holds an archive's record start within the first bytes of what is no archive by its own? */
static bool hides_gzip(struct stream *s)
{
	struct str in;
	char first[64];
	if (raw_ahead(s->raw, 64 << 10, &in, NULL))
		return false;
	in = str_head(in, 64 << 10);
	if (str_starts(in, STR("WARC/")) || str_starts(in, STR("filedesc:")) || member_is_container(in))
		return false;
	for (size_t i = 0; i < in.n; i += 1 + str_chr(str_from(in, i + 1), 0x1F)) {
		size_t n = member_try(str_from(in, i), first, sizeof(first));
		struct str f = {first, n == SIZE_MAX ? 0 : n};
		if (str_starts(f, STR("WARC/")) || str_starts(f, STR("http://")) || str_starts(f, STR("https://")) || str_starts(f, STR("filedesc:")))
			return true;
	}
	return false;
}

static int start(struct stream *s, uint64_t begin, struct err *e)
{
	struct str head;
	int rc = raw_ahead(s->raw, 8, &head, e);
	if (rc)
		return rc;
	s->kind = member_kind(head, &s->kind_name);
	if (s->kind == MEMBER_PLAIN && hides_gzip(s)) {
		s->kind = MEMBER_GZIP;
		s->kind_name = "gzip";
	}
	if (s->kind == MEMBER_GZIP)
		rc = start_gzip(s, e);
	if (s->kind == MEMBER_ZSTD) {
		s->zstd = ZSTD_createDCtx();
		ZSTD_DCtx_setParameter(s->zstd, ZSTD_d_windowLogMax, STREAM_WINDOW_LOG);
		rc = load_dict(s, e);
	}
	if (s->kind == MEMBER_OTHER)
		rc = open_other(s, e);
	if (!rc && begin && s->kind != MEMBER_OTHER)
		rc = raw_seek(s->raw, begin, e);
	return rc;
}

int stream_open(struct stream **out, const char *path, uint64_t begin, uint64_t end, struct err *e)
{
	struct stream *s = own_zalloc(sizeof(*s));
	s->end = end ? end : UINT64_MAX;
	int rc = raw_open(&s->raw, path, e);
	if (!rc)
		rc = start(s, begin, e);
	if (rc) {
		stream_free(s);
		return rc;
	}
	*out = s;
	return 0;
}

struct stream *stream_free(struct stream *s)
{
	if (!s)
		return NULL;
	if (s->gz.state)
		inflateEnd(&s->gz);
	libdeflate_free_decompressor(s->whole);
	ZSTD_freeDCtx(s->zstd);
	archive_read_free(s->other);
	raw_free(s->raw);
	free(s->dict);
	window_free(&s->window);
	free(s);
	return NULL;
}

static void drop_marks(struct stream *s)
{
	unsigned gone = 0;
	while (gone + 1 < s->n_marks && s->marks[gone + 1].pos <= s->pos)
		gone++;
	if (gone) {
		s->n_marks -= gone;
		memmove(s->marks, s->marks + gone, s->n_marks * sizeof(s->marks[0]));
	}
}

static void add_mark(struct stream *s, uint64_t stored)
{
	uint64_t pos = s->pos + (s->window.to - s->window.from);
	if (s->n_marks && s->marks[s->n_marks - 1].pos == pos)
		s->n_marks--; /* an empty member */
	if (s->n_marks == MARKS) {
		memmove(s->marks + 1, s->marks + 2, (MARKS - 2) * sizeof(s->marks[0]));
		s->n_marks--;
	}
	s->marks[s->n_marks++] = (struct mark){pos, stored};
	s->member = stored;
	drop_marks(s);
}

static bool starts_here(const struct stream *s, struct str in)
{
	char first[256];
	if (s->kind == MEMBER_GZIP)
		return member_try(str_head(in, 64 << 10), first, sizeof(first)) != SIZE_MAX;
	return member_starts(in, s->kind);
}

/* Forward to the next byte that starts a member; the file may end before. */
static int find_member(struct stream *s, uint64_t *skipped, struct err *e)
{
	uint64_t from = raw_offset(s->raw);
	char first = s->kind == MEMBER_GZIP ? 0x1F : 0;
	for (;;) {
		struct str in;
		int rc = raw_ahead(s->raw, 4, &in, e);
		if (rc)
			return rc;
		size_t i = 0;
		while (i + 4 <= in.n && !starts_here(s, str_from(in, i)))
			i += s->kind == MEMBER_GZIP ? 1 + str_chr(str_from(in, i + 1), first) : 1;
		bool found = i + 4 <= in.n;
		if (in.n < 4)
			i = in.n;
		else if (!found)
			i = in.n - 3;
		rc = raw_skip(s->raw, i, NULL, e);
		if (rc)
			return rc;
		if (found || in.n < 4) {
			*skipped += raw_offset(s->raw) - from;
			return 0;
		}
	}
}

/* At a member's start: 1 go on, 0 the end (of the file or range), STREAM_DAMAGED... as < 0 codes are errors: uses *go. */
static int begin_member(struct stream *s, bool *go, struct err *e)
{
	struct str in;
	int rc = raw_ahead(s->raw, 4, &in, e);
	*go = false;
	if (rc)
		return rc;
	/* Zero bytes between members or behind the last are padding. */
	while (in.n && in.p[0] == 0) {
		size_t n = 0;
		while (n < in.n && in.p[n] == 0)
			n++;
		rc = raw_skip(s->raw, n, NULL, e);
		if (!rc)
			rc = raw_ahead(s->raw, 4, &in, e);
		if (rc)
			return rc;
	}
	if (!in.n || raw_offset(s->raw) >= s->end) {
		s->ended = true;
		return 0;
	}
	s->member = raw_offset(s->raw);
	if (!member_starts(in, s->kind))
		return damage(s, "no member starts here");
	if (s->window.from == s->window.to)
		window_empty(&s->window);
	add_mark(s, raw_offset(s->raw));
	if (s->kind == MEMBER_GZIP)
		inflateReset(&s->gz);
	else
		ZSTD_DCtx_reset(s->zstd, ZSTD_reset_session_only);
	s->inside = *go = true;
	return 0;
}

/* The member that begins here, in one go, into the caller's arena. */
static bool lent_gzip(struct stream *s, struct str in)
{
	size_t taken, given, room;
	char *to = window_slab(&s->window, &room);
	if (!to || libdeflate_gzip_decompress_ex(s->whole, in.p, in.n, to, room, &taken, &given) != LIBDEFLATE_SUCCESS)
		return false;
	window_lend(&s->window, given);
	s->inside = false;
	raw_skip(s->raw, taken, NULL, NULL);
	return true;
}

/* The member that begins here in one go: when all of it is buffered, it is whole, and there is room. */
static bool whole_gzip(struct stream *s, struct str in)
{
	if (lent_gzip(s, in))
		return true;
	for (size_t room = ROOM; room <= ROOM_MAX; room *= 4) {
		size_t taken, given;
		window_room(&s->window, room, STREAM_BACK_MAX);
		enum libdeflate_result r = libdeflate_gzip_decompress_ex(s->whole, in.p, in.n, s->window.bytes + s->window.to, s->window.cap - s->window.to, &taken, &given);
		if (r == LIBDEFLATE_SUCCESS) {
			s->window.to += given;
			s->inside = false;
			raw_skip(s->raw, taken, NULL, NULL);
			return true;
		}
		if (r != LIBDEFLATE_INSUFFICIENT_SPACE)
			return false;
	}
	return false;
}

static int more_gzip(struct stream *s, struct str in, size_t room)
{
	s->gz.next_in = (Bytef *)(uintptr_t)in.p;
	s->gz.avail_in = (uInt)in.n;
	s->gz.next_out = (Bytef *)s->window.bytes + s->window.to;
	s->gz.avail_out = (uInt)room;
	int r = inflate(&s->gz, Z_NO_FLUSH);
	s->window.to += room - s->gz.avail_out;
	raw_skip(s->raw, in.n - s->gz.avail_in, NULL, NULL);
	if (r == Z_STREAM_END)
		s->inside = false;
	else if (r != Z_OK && r != Z_BUF_ERROR)
		return damage(s, s->gz.msg ? s->gz.msg : "damaged gzip member");
	return 0;
}

static int more_zstd(struct stream *s, struct str in, size_t room)
{
	ZSTD_inBuffer i = {in.p, in.n, 0};
	ZSTD_outBuffer o = {s->window.bytes + s->window.to, room, 0};
	size_t left = ZSTD_decompressStream(s->zstd, &o, &i);
	s->window.to += o.pos;
	if (ZSTD_isError(left))
		return damage(s, ZSTD_getErrorName(left));
	raw_skip(s->raw, i.pos, NULL, NULL);
	s->inside = left != 0;
	return 0;
}

static int more(struct stream *s, struct err *e)
{
	struct str in;
	if (s->kind == MEMBER_OTHER) {
		window_room(&s->window, STEP, STREAM_BACK_MAX);
		la_ssize_t n = archive_read_data(s->other, s->window.bytes + s->window.to, s->window.cap - s->window.to);
		if (n < 0)
			return damage(s, archive_error_string(s->other));
		s->ended = n == 0;
		s->window.to += (size_t)n;
		return 0;
	}
	if (s->kind != MEMBER_PLAIN && !s->inside) {
		bool go;
		int rc = begin_member(s, &go, e);
		if (!rc && go && s->kind == MEMBER_GZIP)
			rc = raw_ahead(s->raw, AHEAD, &in, e);
		if (rc || !go || (s->kind == MEMBER_GZIP && whole_gzip(s, in)))
			return rc;
	}
	int rc = raw_ahead(s->raw, 1, &in, e);
	window_room(&s->window, STEP, STREAM_BACK_MAX);
	size_t room = s->window.cap - s->window.to;
	if (rc)
		return rc;
	if (s->kind == MEMBER_PLAIN) {
		size_t n = in.n < room ? in.n : room;
		memcpy(s->window.bytes + s->window.to, in.p, n);
		s->window.to += n;
		s->ended = n == 0;
		return raw_skip(s->raw, n, NULL, e);
	}
	if (!in.n)
		return damage(s, s->kind == MEMBER_GZIP ? "gzip member ends too soon" : "zstd frame ends too soon");
	/* Where zstd meets a fault hangs on the room it has: always the same. */
	return s->kind == MEMBER_GZIP ? more_gzip(s, in, room) : more_zstd(s, in, STEP);
}

int stream_ahead(struct stream *s, size_t min, struct str *out, struct err *e)
{
	if (min > STREAM_AHEAD_MAX)
		return err_at(e, ERR_LIMIT, (struct where){stream_name(s), stream_at(s)}, "more than %d bytes asked for at once", STREAM_AHEAD_MAX);
	while (s->window.to - s->window.from < min && !s->ended && !s->damaged) {
		int rc = more(s, e);
		if (rc < 0)
			return rc;
	}
	*out = (struct str){s->window.bytes + s->window.from, s->window.to - s->window.from};
	if (out->n >= min || !s->damaged)
		return 0;
	if (e && !e->code) {
		*e = s->fault;
		e->at.file = e->file;
	}
	return STREAM_DAMAGED;
}

bool stream_direct(const struct stream *s)
{
	return s->kind == MEMBER_PLAIN && raw_size(s->raw);
}

int stream_read(struct stream *s, char *to, size_t n, size_t *got, struct err *e)
{
	size_t have = s->window.to - s->window.from < n ? s->window.to - s->window.from : n, more;
	memcpy(to, s->window.bytes + s->window.from, have);
	stream_skip(s, have);
	*got = have;
	if (have == n)
		return 0;
	s->window.from = s->window.to = 0; /* stream_back goes back in the file instead */
	int rc = raw_read(s->raw, to + have, n - have, &more, e);
	if (rc)
		return rc;
	s->pos += more;
	s->ended = more < n - have;
	*got += more;
	return 0;
}

void stream_skip(struct stream *s, size_t n)
{
	s->window.from += n;
	s->pos += n;
	drop_marks(s);
}

void stream_target(struct stream *s, struct arena *a)
{
	window_target(&s->window, a);
}

bool stream_keep(struct stream *s)
{
	return window_keep(&s->window);
}

size_t stream_back(struct stream *s, size_t n)
{
	size_t most = s->window.from;
	if (most < n && stream_direct(s) && stream_at(s) >= n && stream_rewind(s, stream_at(s) - n) == 0)
		return n;
	if (s->n_marks && s->pos - s->marks[0].pos < most)
		most = (size_t)(s->pos - s->marks[0].pos);
	n = n < most ? n : most;
	s->window.from -= n;
	s->pos -= n;
	return n;
}

int stream_rewind(struct stream *s, uint64_t at)
{
	uint64_t now = stream_at(s);
	if (s->kind != MEMBER_PLAIN || at > now || !raw_size(s->raw) || raw_seek(s->raw, at, NULL))
		return ERR_IO;
	s->pos -= now - at;
	s->window.from = s->window.to = 0;
	s->ended = false;
	return 0;
}

bool stream_at_member(const struct stream *s)
{
	if (!stream_has_members(s))
		return false;
	return s->window.from == s->window.to ? !s->inside : s->n_marks && s->marks[0].pos == s->pos;
}

uint64_t stream_at(const struct stream *s)
{
	if (s->kind == MEMBER_PLAIN)
		return raw_offset(s->raw) - (s->window.to - s->window.from);
	if (s->window.from == s->window.to && !s->inside)
		return raw_offset(s->raw);
	return s->n_marks ? s->marks[0].stored : 0;
}

size_t stream_left(const struct stream *s)
{
	if (s->kind == MEMBER_PLAIN || s->kind == MEMBER_OTHER)
		return SIZE_MAX;
	if (s->n_marks > 1)
		return (size_t)(s->marks[1].pos - s->pos);
	return s->inside ? SIZE_MAX : s->window.to - s->window.from;
}

int stream_resume(struct stream *s, uint64_t *skipped, struct err *e)
{
	s->pos += s->window.to - s->window.from;
	s->window.from = s->window.to = 0;
	s->n_marks = 0;
	s->damaged = s->inside = false;
	if (s->kind == MEMBER_PLAIN || s->kind == MEMBER_OTHER) {
		s->ended = true;
		return 0;
	}
	/* The fault may lie behind the start of the next member: search from just behind the damaged one's start, when it can be reached. */
	uint64_t at = s->member + 1;
	if (raw_size(s->raw) && raw_seek(s->raw, at, NULL) == 0)
		*skipped += 1;
	return find_member(s, skipped, e);
}

const char *stream_kind(const struct stream *s)
{
	return s->kind_name;
}

bool stream_has_members(const struct stream *s)
{
	return s->kind == MEMBER_GZIP || s->kind == MEMBER_ZSTD;
}

uint64_t stream_taken(const struct stream *s)
{
	return raw_offset(s->raw);
}

const char *stream_name(const struct stream *s)
{
	return s->shown ? s->shown : raw_name(s->raw);
}

void stream_show(struct stream *s, const char *name)
{
	s->shown = name;
}
