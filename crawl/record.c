#include "crawl/record.h"

#include "core/buf.h"
#include "crawl/head.h"

#include <stdio.h>

const char *const record_names[RECORD_TYPES] = {"unknown", "warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion", "continuation"};

enum {
	FOLLOWS = 2048, /* bytes behind a block that tell whether it ends there */
	REWINDS = 64,   /* times that a file is gone back in: one with a lying length in each record must not be read once for each */
};

struct record_reader {
	struct stream *in;
	struct arena *target;
	struct buf head;  /* copy of the head, unfolded */
	uint64_t left;    /* of the block */
	uint64_t block;   /* where it starts, in a plain file */
	uint64_t skipped;
	uint64_t member;  /* stored offset of the member that the last head was in */
	int arc_version;  /* of the last filedesc: 1, 2 */
	unsigned rewinds;
	bool began, resume, recovered, open; /* open: where the block really ends is not settled yet */
	bool back; /* the length led to the end of the file: what it says of the records in between is to be looked for */
};

int record_open(struct record_reader **out, const char *path, uint64_t begin, uint64_t end, struct err *e)
{
	struct record_reader *r = own_zalloc(sizeof(*r));
	int rc = stream_open(&r->in, path, begin, end, e);
	if (rc) {
		free(r);
		return rc;
	}
	buf_init(&r->head, RECORD_HEAD_MAX + 1024);
	r->arc_version = 1;
	r->member = UINT64_MAX;
	*out = r;
	return 0;
}

struct record_reader *record_free(struct record_reader *r)
{
	if (!r)
		return NULL;
	stream_free(r->in);
	buf_free(&r->head);
	free(r);
	return NULL;
}

static struct where here(const struct record_reader *r)
{
	return (struct where){stream_name(r->in), stream_at(r->in)};
}

static bool is_blank(char c)
{
	return c == '\n' || c == '\r' || c == 0;
}

static int skip_blank(struct record_reader *r, struct err *e)
{
	for (;;) {
		struct str s;
		int rc = stream_ahead(r->in, 1, &s, e);
		if (rc || !s.n)
			return rc;
		size_t i = 0;
		while (i < s.n && is_blank(s.p[i]))
			i++;
		stream_skip(r->in, i);
		if (i < s.n)
			return 0;
	}
}

/* What is ahead in this member: at least min bytes unless it ends before. *ends: *s is all that is left of it. */
static int peek(struct record_reader *r, size_t min, struct str *s, bool *ends, struct err *e)
{
	size_t left = stream_left(r->in);
	int rc = stream_ahead(r->in, left < min ? left : min, s, e);
	left = stream_left(r->in);
	*ends = rc == 0 && (left <= s->n || s->n < min);
	s->n = left < s->n ? left : s->n;
	return rc;
}

/* Over the rest of this member, or to the next line in it that looks like a head. */
static int pass_over(struct record_reader *r, struct err *e)
{
	for (bool mid = true;;) { /* mid: not at the start of a line, or at one that was tried */
		struct str s;
		bool ends, found = false;
		size_t i = 0;
		int rc = peek(r, HEAD_LINE_MAX + 1024, &s, &ends, e);
		if (rc < 0 || !s.n)
			return rc;
		while (i < s.n) {
			if (!mid && i && s.n - i < 1024 && !ends && !rc)
				break; /* look at this line again when more of it is there */
			found = !mid && head_starts(str_from(s, i));
			if (found)
				break;
			size_t n = str_chr(str_from(s, i), '\n');
			mid = i + n == s.n;
			i += mid ? n : n + 1;
		}
		stream_skip(r->in, i);
		r->skipped += i;
		r->recovered |= found;
		if (found || ends || rc)
			return rc;
	}
}

/* A message for what cannot start a record, then over it. */
static int garbage(struct record_reader *r, struct where at, const char *what, struct err *e)
{
	struct err later = {0};
	err_at(e, ERR_DATA, at, "%s; skipping", what);
	int rc = pass_over(r, &later);
	if (rc < 0)
		return rc;
	r->resume = rc == STREAM_DAMAGED;
	return RECORD_DAMAGE;
}

/* s: all of the head that there is. false: it is none, or (*more) it may be one when more of it is seen. */
static bool try_warc(struct record_reader *r, struct str s, bool ended, struct record *rec, bool *more)
{
	size_t n = head_end(s);
	*more = n == 0;
	if (n > RECORD_HEAD_MAX || (!n && (!ended || s.n > RECORD_HEAD_MAX)) || !head_warc(rec, n ? str_head(s, n) : s, &r->head))
		return false;
	if (!n)
		rec->fault = "the file ends within a WARC head";
	stream_skip(r->in, n ? n : s.n);
	return true;
}

static bool try_arc(struct record_reader *r, struct str s, struct record *rec, bool *more)
{
	size_t n = str_chr(str_head(s, HEAD_LINE_MAX + 1), '\n');
	*more = n == s.n;
	if (n >= s.n || n > HEAD_LINE_MAX)
		return false;
	buf_clear(&r->head);
	buf_str(&r->head, str_trim(str_head(s, n)));
	if (!head_arc(rec, buf_view(&r->head), r->arc_version))
		return false;
	stream_skip(r->in, n + 1);
	return true;
}

static int next_head(struct record_reader *r, struct record *rec, struct err *e)
{
	struct where at = here(r);
	if (stream_has_members(r->in) && at.offset != r->member) {
		r->member = at.offset;
		r->recovered = false;
	}
	bool warc = false, across = false; /* across: the head may go on in the next member */
	for (size_t want = 4096;; want *= 4) {
		struct str s;
		struct err soft = {0};
		bool ends = true, more;
		int rc = across ? stream_ahead(r->in, want, &s, &soft) : peek(r, want, &s, &ends, &soft);
		if (rc < 0) {
			*e = soft;
			return rc;
		}
		if (!s.n)
			return RECORD_END;
		if (across)
			ends = s.n < want;
		*rec = (struct record){.at = at, .recovered = r->recovered};
		warc = str_starts_ci(s, STR("WARC/"));
		if (warc && s.p[0] != 'W' && !r->recovered) {
			r->recovered = true;
			err_at(e, ERR_DATA, at, "the version line is in lower case");
			return RECORD_DAMAGE;
		}
		bool last = across || !stream_has_members(r->in);
		if (warc ? try_warc(r, s, ends && last && rc == 0, rec, &more) : try_arc(r, s, rec, &more))
			return RECORD_FOUND;
		if (!more || want > RECORD_HEAD_MAX || rc || (ends && last))
			break;
		across |= ends;
	}
	return garbage(r, at, warc ? "WARC head without fields or an end" : "no record starts here", e);
}

/* The filedesc block says which version the lines below are in. */
static void note_version(struct record_reader *r, struct record *rec)
{
	struct str s;
	if (stream_ahead(r->in, rec->length < 256 ? (size_t)rec->length : 256, &s, NULL) < 0)
		return;
	struct str rest, line = str_cut(str_trim(s), '\n', &rest);
	r->arc_version = line.n && line.p[0] == '2' ? 2 : 1;
	snprintf(rec->version, sizeof(rec->version), "ARC v%d", r->arc_version);
}

/* At the end of a block. STREAM_DAMAGED: its member breaks right behind it (a wrong checksum is found there), so the block may be wrong too.
 * When neither the end of the member nor a record follows, but a record starts within the last bytes of the block itself, the length said
 * too much (files whose line ends were changed; lengths counted in another charset): back to where that record starts, *over bytes. */
static int end_block(struct record_reader *r, uint64_t length, size_t *over, struct err *e)
{
	struct str s;
	bool ends;
	size_t i = 0;
	*over = 0;
	r->open = false;
	int rc = peek(r, FOLLOWS, &s, &ends, e);
	while (i < s.n && is_blank(s.p[i]))
		i++;
	if (rc || i == s.n || head_starts(str_from(s, i)) || (!ends && str_chr(str_from(s, i), '\n') == s.n - i))
		return rc;
	size_t n = stream_back(r->in, length < RECORD_LOOK_BACK ? (size_t)length : RECORD_LOOK_BACK);
	rc = peek(r, n + s.n, &s, &ends, e);
	for (i = 0; i < n;) {
		i += str_chr(str_from(s, i), '\n') + 1;
		if (i < n && head_starts(str_from(s, i)))
			break;
	}
	i = i < n ? i : n;
	stream_skip(r->in, i);
	*over = n - i;
	return rc;
}

/* The block goes on, but the member before has ended (and its checksum was right), and this one begins with a head: the length says too
 * much. A record may go on in the next member, but not with this. */
static bool cut_by_member(struct record_reader *r)
{
	struct str s;
	struct err soft = {0};
	return stream_at_member(r->in) && stream_ahead(r->in, FOLLOWS, &s, &soft) >= 0 && head_starts(s);
}

static int skip_block(struct record_reader *r, struct err *e)
{
	uint64_t length = r->left;
	while (r->left) {
		struct str s;
		if (cut_by_member(r)) {
			r->left = 0;
			return err_at(e, ERR_DATA, here(r), "the record before this one is shorter than its length says"), RECORD_DAMAGE;
		}
		int rc = stream_ahead(r->in, 1, &s, e);
		if (rc)
			return rc;
		if (!s.n) {
			r->left = 0;
			r->back = true;
			return err_at(e, ERR_DATA, here(r), "record ends too soon"), RECORD_DAMAGE;
		}
		s = str_head(s, stream_left(r->in));
		size_t n = s.n < r->left ? s.n : (size_t)r->left;
		stream_skip(r->in, n);
		r->left -= n;
	}
	size_t over = 0;
	int rc = r->open && length ? end_block(r, length, &over, e) : 0;
	if (rc)
		return rc;
	if (over)
		return err_at(e, ERR_DATA, here(r), "the record before this one is shorter than its length says"), RECORD_DAMAGE;
	return 0;
}

/* The length of a record led to the end of the file: the block ends where the next head starts, if one does. */
static int look_back(struct record_reader *r, struct err *e)
{
	uint64_t skipped = r->skipped;
	bool recovered = r->recovered;
	r->back = r->open = r->recovered = false;
	if (r->rewinds++ >= REWINDS || stream_rewind(r->in, r->block))
		return 0;
	int rc = pass_over(r, e);
	if (!r->recovered) { /* cut short: that is all */
		r->skipped = skipped;
		r->recovered = recovered;
	}
	return rc;
}

static int after_damage(struct record_reader *r, struct err *e)
{
	if (r->back)
		return look_back(r, e);
	if (!r->resume)
		return 0;
	r->resume = r->open = false;
	r->left = 0;
	return stream_resume(r->in, &r->skipped, e);
}

static int skip_bom(struct record_reader *r, struct err *e)
{
	struct str s;
	r->began = true;
	int rc = stream_ahead(r->in, 3, &s, e);
	if (rc == 0 && str_starts(s, STR("\xEF\xBB\xBF")))
		stream_skip(r->in, 3);
	return rc;
}

int record_next(struct record_reader *r, struct record *rec, struct err *e)
{
	int rc = after_damage(r, e);
	if (!rc)
		rc = skip_block(r, e);
	if (!rc && !r->began)
		rc = skip_bom(r, e);
	if (!rc)
		rc = skip_blank(r, e);
	if (rc == STREAM_DAMAGED || rc == RECORD_DAMAGE) {
		r->resume = rc == STREAM_DAMAGED;
		r->left = 0;
		return RECORD_DAMAGE;
	}
	if (!rc)
		rc = next_head(r, rec, e);
	if (rc != RECORD_FOUND)
		return rc;
	r->left = rec->length;
	r->block = here(r).offset;
	r->open = true;
	if (rec->arc && rec->type == RECORD_WARCINFO)
		note_version(r, rec);
	return RECORD_FOUND;
}

/* The next bytes of the block, up to max; *got 0 at the end of the file. As stream_ahead. */
static int take(struct record_reader *r, char *to, size_t max, size_t *got, struct err *e)
{
	struct str s;
	*got = 0;
	if (stream_direct(r->in))
		return stream_read(r->in, to, max, got, e);
	int rc = stream_ahead(r->in, 1, &s, e);
	if (rc)
		return rc;
	s = str_head(str_head(s, stream_left(r->in)), max);
	memcpy(to, s.p, s.n);
	stream_skip(r->in, s.n);
	*got = s.n;
	return 0;
}

/* Up to max bytes of the block into the arena, *cut: it ends with its member, before its length is over. A length that lies must not allocate
 * what never comes: grow as bytes arrive. */
static int copy_block(struct record_reader *r, uint64_t max, struct arena *a, struct str *out, bool *cut, struct err *e)
{
	size_t want = (size_t)(r->left < max ? r->left : max), have = 0, cap = want < 1 << 20 ? want : 1 << 20;
	char *p = arena_alloc(a, cap + 1);
	int rc = 0;
	while (have < want && !(*cut = cut_by_member(r))) {
		size_t got;
		if (have == cap) {
			size_t twice = cap * 2 < want ? cap * 2 : want;
			p = arena_grow(a, p, have, twice + 1);
			cap = twice;
		}
		rc = take(r, p + have, cap - have, &got, e);
		have += got;
		if (rc || !got)
			break;
	}
	r->left -= have;
	*out = (struct str){p, have};
	if (rc < 0 || have == want)
		return rc < 0 ? rc : 0;
	r->left = 0;
	r->open = false;
	if (*cut)
		return 0;
	r->resume = rc == STREAM_DAMAGED;
	r->back = !r->resume;
	if (!r->resume)
		err_at(e, ERR_DATA, here(r), "record ends too soon: %zu of %zu bytes", have, want);
	return RECORD_DAMAGE;
}

/* All of the block is in the window, and the window in the arena: nothing to copy. */
static bool keep_block(struct record_reader *r, uint64_t max, struct str *out)
{
	struct str s;
	size_t left = stream_left(r->in);
	if (r->left > max || r->left > left || left == SIZE_MAX || stream_ahead(r->in, left, &s, NULL) || !stream_keep(r->in))
		return false;
	*out = str_head(s, (size_t)r->left);
	stream_skip(r->in, out->n);
	r->left = 0;
	return true;
}

/* The block ends before its length does: without the empty lines (WARC) or the one line end (ARC) that end a record. */
static void shorten(struct record *rec, struct str *out, size_t over)
{
	out->n -= over;
	for (int i = 0; i < (rec->arc ? 1 : 2) && out->n && out->p[out->n - 1] == '\n'; i++)
		out->n -= out->n > 1 && out->p[out->n - 2] == '\r' ? 2 : 1;
	rec->length = out->n;
	rec->wrong_length = true;
}

int record_block(struct record_reader *r, struct record *rec, uint64_t max, struct arena *a, struct str *out, struct err *e)
{
	size_t over = 0;
	bool cut = false;
	rec->cut = r->left > max;
	int rc = a == r->target && keep_block(r, max, out) ? 0 : copy_block(r, max, a, out, &cut, e);
	if (rc == 0 && cut) {
		rec->cut = false;
		shorten(rec, out, 0);
	}
	if (rc || cut || rec->cut)
		return rc;
	rc = r->open && rec->length ? end_block(r, rec->length, &over, e) : 0;
	r->open = false;
	if (rc == STREAM_DAMAGED) {
		r->resume = true;
		return RECORD_DAMAGE;
	}
	if (!rc && over)
		shorten(rec, out, over);
	return rc;
}

/* Pieces of a block on their way to the sink; what a member ends with waits: it may be the empty lines behind a block whose length lies. */
struct passing {
	record_sink *sink;
	void *self;
	char held[4];
	size_t n;
	uint64_t given;
	bool cut;
};

static void pass(struct passing *p, struct str s)
{
	p->sink(p->self, (struct str){p->held, p->n});
	p->sink(p->self, s);
	p->given += p->n + s.n;
	p->n = 0;
}

/* All of the block but its last RECORD_LOOK_BACK bytes: where it ends, they tell. */
static int pass_most(struct record_reader *r, struct passing *p, struct err *e)
{
	while (r->left > RECORD_LOOK_BACK && !(p->cut = cut_by_member(r))) {
		struct str s;
		uint64_t most = r->left - RECORD_LOOK_BACK;
		int rc = stream_ahead(r->in, 1, &s, e);
		if (rc || !s.n)
			return rc < 0 ? rc : 0; /* copy_block says what it is */
		size_t left = stream_left(r->in), n = s.n < most ? s.n : (size_t)most;
		bool last = left <= n;
		n = last ? left : n;
		size_t hold = last ? n < sizeof(p->held) ? n : sizeof(p->held) : 0;
		pass(p, str_head(s, n - hold));
		memcpy(p->held, s.p + n - hold, hold);
		p->n = hold;
		stream_skip(r->in, n);
		r->left -= n;
	}
	return 0;
}

int record_pass(struct record_reader *r, struct record *rec, record_sink *sink, void *self, struct err *e)
{
	_cleanup_(arena_freep) struct arena *a = arena_new(2 * RECORD_LOOK_BACK);
	struct passing p = {.sink = sink, .self = self};
	struct str rest;
	size_t over = 0;
	int rc = pass_most(r, &p, e);
	rest = (struct str){p.held, p.n};
	if (!rc && !p.cut) {
		pass(&p, (struct str){0});
		rc = copy_block(r, UINT64_MAX, a, &rest, &p.cut, e);
	}
	if (!rc && !p.cut && r->open)
		rc = end_block(r, rec->length, &over, e);
	r->resume |= rc == STREAM_DAMAGED;
	r->open = false;
	r->left = 0;
	if (!rc && (p.cut || over))
		shorten(rec, &rest, over);
	p.n = 0;
	pass(&p, rest);
	if (rec->wrong_length)
		rec->length = p.given;
	return rc == STREAM_DAMAGED ? RECORD_DAMAGE : rc;
}

void record_target(struct record_reader *r, struct arena *a)
{
	r->target = a;
	stream_target(r->in, a);
}

void record_first(struct record_reader *r, size_t n, struct str *out)
{
	*out = (struct str){0};
	if (stream_ahead(r->in, n, out, NULL) < 0)
		*out = (struct str){0};
}

void record_show(struct record_reader *r, const char *name)
{
	stream_show(r->in, name);
}

uint64_t record_taken(const struct record_reader *r)
{
	return stream_taken(r->in);
}

uint64_t record_skipped(const struct record_reader *r)
{
	return r->skipped;
}

const char *record_kind(const struct record_reader *r)
{
	return stream_kind(r->in);
}
