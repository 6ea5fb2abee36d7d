#include "crawl/record.h"

#include "core/buf.h"
#include "core/doc.h"

#include <stdio.h>

const char *const record_names[RECORD_TYPES] = {"unknown", "warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion", "continuation"};

struct record_reader {
	struct stream *in;
	struct buf head;  /* copy of the head, unfolded */
	uint64_t left;    /* of the block */
	uint64_t skipped;
	int arc_version;  /* of the last filedesc: 1, 2 */
	bool began, resume;
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

/* ---- heads ---- */

static enum record_type type_of(struct str s)
{
	for (int i = 1; i < RECORD_TYPES; i++)
		if (str_eq_ci(s, str_of(record_names[i])))
			return (enum record_type)i;
	return RECORD_UNKNOWN;
}

/* Length of a WARC head with its empty line: CRLF CRLF, or LF LF; 0 = not in s. */
static size_t head_end(struct str s)
{
	for (size_t i = 0; i < s.n;) {
		i += str_chr(str_from(s, i), '\n') + 1;
		if (i < s.n && s.p[i] == '\n')
			return i + 1;
		if (i + 1 < s.n && s.p[i] == '\r' && s.p[i + 1] == '\n')
			return i + 2;
	}
	return 0;
}

/* A copy of the head in which folded lines (obs-fold: CRLF and blanks) are joined by one blank. */
static void unfold(struct buf *out, struct str s)
{
	buf_clear(out);
	while (s.n) {
		struct str line = str_cut(s, '\n', &s);
		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		bool folded = out->n && line.n && (line.p[0] == ' ' || line.p[0] == '\t');
		if (folded)
			out->p[out->n - 1] = ' ';
		buf_str(out, folded ? str_trim(line) : line);
		buf_byte(out, '\n');
	}
}

static struct str unbracket(struct str s)
{
	return s.n >= 2 && s.p[0] == '<' && s.p[s.n - 1] == '>' ? (struct str){s.p + 1, s.n - 2} : s;
}

static void set_field(struct record *rec, struct str name, struct str value, bool *has_length)
{
	uint64_t v;
	if (str_eq_ci(name, STR("WARC-Type")))
		rec->type = type_of(value);
	else if (str_eq_ci(name, STR("WARC-Target-URI")))
		rec->uri = unbracket(value);
	else if (str_eq_ci(name, STR("WARC-Record-ID")))
		rec->id = value;
	else if (str_eq_ci(name, STR("WARC-Date")))
		rec->date = value;
	else if (str_eq_ci(name, STR("Content-Type")))
		rec->content_type = value;
	else if (str_eq_ci(name, STR("WARC-Payload-Digest")))
		rec->payload_digest = value;
	else if (str_eq_ci(name, STR("WARC-Refers-To-Target-URI")))
		rec->refers_uri = unbracket(value);
	else if (str_eq_ci(name, STR("WARC-Refers-To-Date")))
		rec->refers_date = value;
	else if (str_eq_ci(name, STR("WARC-Truncated")))
		rec->truncated = value;
	else if (str_eq_ci(name, STR("Peneira-Source-File")))
		rec->source_file = value;
	else if (str_eq_ci(name, STR("Peneira-Source-Offset")))
		rec->source_offset = value;
	else if (str_eq_ci(name, STR("Content-Length")) && !*has_length && str_u64(value, &v)) {
		rec->length = v;
		*has_length = true;
	}
}

static bool parse_warc(struct record_reader *r, struct str head, struct record *rec)
{
	bool has_length = false;
	unfold(&r->head, head);
	struct str rest = buf_view(&r->head), line = str_cut(rest, '\n', &rest);
	snprintf(rec->version, sizeof(rec->version), "%.*s", (int)(line.n < 20 ? line.n : 20), line.p);
	while (rest.n) {
		struct str value, name;
		line = str_cut(rest, '\n', &rest);
		name = str_trim(str_cut(line, ':', &value));
		if (value.p)
			set_field(rec, name, str_trim(value), &has_length);
	}
	return has_length;
}

/* The last blank-separated word of *s, which is shortened by it. */
static struct str last_word(struct str *s)
{
	*s = str_trim(*s);
	size_t i = s->n;
	while (i && s->p[i - 1] != ' ' && s->p[i - 1] != '\t')
		i--;
	struct str w = str_from(*s, i);
	s->n = i;
	return w;
}

static bool is_digits(struct str s, size_t least, size_t most)
{
	if (s.n < least || s.n > most)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

static bool looks_like_url(struct str s)
{
	size_t colon = str_chr(s, ':');
	if (colon == 0 || colon == s.n || colon > 12)
		return false;
	for (size_t i = 0; i < colon; i++) {
		unsigned char c = str_lower1((unsigned char)s.p[i]);
		if (!(c >= 'a' && c <= 'z') && !(i && c >= '0' && c <= '9'))
			return false;
	}
	return true;
}

/* From the right, because URLs may hold blanks. v1: URL IP date mime length. v2: URL IP date mime status checksum location offset name
 * length; a v2 line whose last fields are lost reads as v1. The mime may hold blanks too ("text/html; charset=x"), or be missing. */
static bool parse_arc_line(struct str line, int version, struct record *rec)
{
	struct str length = last_word(&line), word = {0};
	if (!looks_like_url(line) || !is_digits(length, 1, 18))
		return false;
	str_u64(length, &rec->length);
	if (version == 2)
		for (int i = 0; i < 5; i++)
			word = last_word(&line);
	struct str before = line;
	for (int i = 0; i < 6; i++) {
		word = last_word(&before);
		if (is_digits(word, 8, 17))
			break;
		if (!before.n)
			return false;
	}
	if (!is_digits(word, 8, 17))
		return false;
	rec->date = word;
	rec->mime = str_trim(str_range(word.p + word.n, line.p + line.n));
	last_word(&before); /* the IP address */
	rec->uri = str_trim(before);
	return rec->uri.n > 0;
}

static bool arc_line(struct record_reader *r, struct str s, struct str *line, struct record *rec)
{
	size_t n = str_chr(s, '\n');
	if (n == s.n || n > 64 << 10)
		return false;
	*line = str_head(s, n);
	buf_clear(&r->head);
	buf_str(&r->head, str_trim(*line));
	bool files = str_starts_ci(buf_view(&r->head), STR("filedesc:"));
	int version = files ? 1 : r->arc_version;
	bool ok = parse_arc_line(buf_view(&r->head), version, rec);
	if (!ok && version == 2)
		ok = parse_arc_line(buf_view(&r->head), 1, rec);
	if (!ok && version == 1 && !files)
		ok = parse_arc_line(buf_view(&r->head), 2, rec);
	rec->type = files ? RECORD_WARCINFO : RECORD_RESPONSE;
	rec->arc = true;
	snprintf(rec->version, sizeof(rec->version), "ARC v%d", r->arc_version);
	return ok;
}

/* ---- walking ---- */

static int skip_blank(struct record_reader *r, struct err *e)
{
	for (;;) {
		struct str s;
		int rc = stream_ahead(r->in, 1, &s, e);
		if (rc || !s.n)
			return rc;
		size_t i = 0;
		while (i < s.n && (s.p[i] == '\n' || s.p[i] == '\r' || s.p[i] == 0))
			i++;
		stream_skip(r->in, i);
		if (i < s.n)
			return 0;
	}
}

/* Does something that can start a record stand here? */
static bool starts_record(struct str s)
{
	if (str_starts(s, STR("WARC/")))
		return true;
	size_t n = str_chr(s, '\n');
	struct record rec = {0};
	struct str line = str_head(s, n);
	return n < s.n && n < 64 << 10 && (parse_arc_line(line, 1, &rec) || parse_arc_line(line, 2, &rec));
}

/* Over the rest of this member, or (no members) to the next line that starts a record. */
static int pass_over(struct record_reader *r, struct err *e)
{
	for (;;) {
		struct str s;
		size_t left = stream_has_members(r->in) ? stream_left(r->in) : SIZE_MAX;
		if (left != SIZE_MAX) {
			stream_skip(r->in, left);
			r->skipped += left;
			return 0;
		}
		int rc = stream_ahead(r->in, 64 << 10, &s, e);
		if (rc < 0)
			return rc;
		if (!s.n)
			return rc;
		left = stream_has_members(r->in) ? stream_left(r->in) : SIZE_MAX;
		if (left != SIZE_MAX)
			continue;
		size_t i = 0;
		for (;;) {
			i += str_chr(str_from(s, i), '\n') + 1;
			if (i >= s.n || (starts_record(str_from(s, i)) && (i + 1024 < s.n || rc == 0)))
				break;
		}
		if (i > s.n)
			i = s.n;
		bool found = i < s.n;
		stream_skip(r->in, i);
		r->skipped += i;
		if (found)
			return 0;
		if (rc)
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
	if (rc == STREAM_DAMAGED)
		r->resume = true;
	return RECORD_DAMAGE;
}

static int next_head(struct record_reader *r, struct record *rec, struct err *e)
{
	struct str s, line;
	struct err soft = {0};
	for (size_t want = 4096;; want *= 4) {
		int rc = stream_ahead(r->in, want, &s, &soft);
		if (rc < 0) {
			*e = soft;
			return rc;
		}
		bool all = s.n < want || want > RECORD_HEAD_MAX;
		*rec = (struct record){.at = {stream_name(r->in), stream_at(r->in)}};
		if (str_starts(s, STR("WARC/"))) {
			size_t n = head_end(s);
			if (n && n <= RECORD_HEAD_MAX) {
				if (!parse_warc(r, str_head(s, n), rec)) {
					stream_skip(r->in, n);
					return garbage(r, rec->at, "WARC head without a Content-Length", e);
				}
				stream_skip(r->in, n);
				return RECORD_FOUND;
			}
		} else if (arc_line(r, s, &line, rec)) {
			stream_skip(r->in, line.n + 1);
			return RECORD_FOUND;
		}
		if (all)
			break;
	}
	if (!s.n)
		return RECORD_END;
	return garbage(r, rec->at, str_starts(s, STR("WARC/")) ? "WARC head without an end" : "no record starts here", e);
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

static int skip_block(struct record_reader *r, struct err *e)
{
	while (r->left) {
		struct str s;
		int rc = stream_ahead(r->in, 1, &s, e);
		if (rc)
			return rc;
		if (!s.n) {
			r->left = 0;
			return err_at(e, ERR_DATA, (struct where){stream_name(r->in), stream_at(r->in)}, "record ends too soon"), RECORD_DAMAGE;
		}
		size_t n = s.n < r->left ? s.n : (size_t)r->left;
		stream_skip(r->in, n);
		r->left -= n;
	}
	return 0;
}

int record_next(struct record_reader *r, struct record *rec, struct err *e)
{
	int rc;
	if (r->resume) {
		r->resume = false;
		r->left = 0;
		rc = stream_resume(r->in, &r->skipped, e);
		if (rc < 0)
			return rc;
	}
	rc = skip_block(r, e);
	if (!rc)
		rc = skip_blank(r, e);
	if (rc == STREAM_DAMAGED || rc == RECORD_DAMAGE) {
		r->resume = rc == STREAM_DAMAGED;
		r->left = 0;
		return RECORD_DAMAGE;
	}
	if (rc)
		return rc;
	if (!r->began) {
		struct str s;
		r->began = true;
		if (stream_ahead(r->in, 3, &s, e) == 0 && str_starts(s, STR("\xEF\xBB\xBF")))
			stream_skip(r->in, 3);
	}
	rc = next_head(r, rec, e);
	if (rc != RECORD_FOUND)
		return rc;
	r->left = rec->length;
	if (rec->arc && rec->type == RECORD_WARCINFO)
		note_version(r, rec);
	return RECORD_FOUND;
}

int record_block(struct record_reader *r, uint64_t max, struct arena *a, struct str *out, bool *cut, struct err *e)
{
	size_t want = (size_t)(r->left < max ? r->left : max), have = 0;
	/* A length that lies must not allocate what never comes: grow as bytes arrive. */
	size_t cap = want < 1 << 20 ? want : 1 << 20;
	char *p = arena_alloc(a, cap + 1);
	*cut = r->left > max;
	int rc = 0;
	while (have < want) {
		struct str s;
		rc = stream_ahead(r->in, 1, &s, e);
		if (rc || !s.n)
			break;
		size_t n = s.n < want - have ? s.n : want - have;
		if (have + n > cap) {
			size_t more = cap * 2 > have + n ? cap * 2 : have + n;
			p = arena_grow(a, p, have, more + 1);
			cap = more;
		}
		memcpy(p + have, s.p, n);
		stream_skip(r->in, n);
		have += n;
	}
	r->left -= have;
	*out = (struct str){p, have};
	if (rc < 0)
		return rc;
	if (have < want) {
		r->left = 0;
		if (rc == STREAM_DAMAGED)
			r->resume = true;
		else
			err_at(e, ERR_DATA, (struct where){stream_name(r->in), stream_at(r->in)}, "record ends too soon: %zu of %zu bytes", have, want);
		return RECORD_DAMAGE;
	}
	return 0;
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
