#include "crawl/head.h"

#include <stdio.h>

static enum record_type type_of(struct str s)
{
	for (int i = 1; i < RECORD_TYPES; i++)
		if (str_eq_ci(s, str_of(record_names[i])))
			return (enum record_type)i;
	return RECORD_UNKNOWN;
}

size_t head_end(struct str s)
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

/* false: not a single field. A record without a length has none: what follows it shows whether that was right. */
bool head_warc(struct record *rec, struct str head, struct buf *text)
{
	bool has_length = false, has_field = false;
	unfold(text, head);
	struct str rest = buf_view(text), line = str_cut(rest, '\n', &rest);
	snprintf(rec->version, sizeof(rec->version), "%.*s", (int)(line.n < 20 ? line.n : 20), line.p);
	while (rest.n) {
		struct str value, name;
		line = str_cut(rest, '\n', &rest);
		name = str_trim(str_cut(line, ':', &value));
		if (!value.p)
			continue;
		set_field(rec, name, str_trim(value), &has_length);
		has_field = true;
	}
	if (!has_length)
		rec->fault = "WARC head without a Content-Length; taken as 0";
	return has_field;
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

bool head_arc(struct record *rec, struct str line, int version)
{
	bool files = str_starts_ci(line, STR("filedesc:"));
	int first = files ? 1 : version, second = first == 1 ? 2 : 1;
	rec->arc = true;
	rec->type = files ? RECORD_WARCINFO : RECORD_RESPONSE;
	snprintf(rec->version, sizeof(rec->version), "ARC v%d", version);
	return parse_arc_line(line, first, rec) || parse_arc_line(line, second, rec);
}

bool head_starts(struct str s)
{
	if (str_starts_ci(s, STR("WARC/")))
		return s.n > 5 && s.p[5] >= '0' && s.p[5] <= '9';
	size_t n = str_chr(str_head(s, HEAD_LINE_MAX + 1), '\n');
	struct record rec = {0};
	return n < s.n && n <= HEAD_LINE_MAX && head_arc(&rec, str_trim(str_head(s, n)), 1);
}
