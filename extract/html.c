/* One loop over slices instead of the standard's eighty states: between two characters that a state looks at, the rest is skipped by
 * memchr. The states that a slice stands for are named where it is cut. */
#define _GNU_SOURCE
#include "extract/html.h"

#include "extract/scan.h"

enum { BLANK = 1, NAME_END = 2, ATTR_END = 4, BARE_END = 8 };

#define ENDS (NAME_END | ATTR_END)
static const uint8_t class[256] = {
	['\t'] = BLANK | ENDS | BARE_END, ['\n'] = BLANK | ENDS | BARE_END, ['\f'] = BLANK | ENDS | BARE_END, ['\r'] = BLANK | ENDS | BARE_END,
	[' '] = BLANK | ENDS | BARE_END, ['>'] = ENDS | BARE_END, ['/'] = ENDS, ['='] = ATTR_END,
};

static bool is(char c, uint8_t what)
{
	return class[(unsigned char)c] & what;
}

static bool is_letter(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26;
}

/* The end of a name at p. Control characters that scan_any stops at belong to it. */
static inline const char *name_end(const char *p, const char *end, char also, uint8_t what)
{
	for (;; p++) {
		p = scan_any(p, end, '>', '/', also);
		if (p == end || is(*p, what))
			return p;
	}
}

static const char *past_blanks(const char *p, const char *end)
{
	while (p < end && is(*p, BLANK))
		p++;
	return p;
}

/* ---- attributes (13.2.5.32 to .40) ---- */

/* One attribute at p (not blank, "/" or ">"). Returns what follows it; NULL when a quote is not closed. */
static const char *attribute(const char *p, const char *end, struct str *name, struct str *value)
{
	const char *from = p;
	p = name_end(p + 1, end, '=', ATTR_END); /* "=" may begin a name */
	*name = str_range(from, p);
	*value = (struct str){p, 0};
	const char *q = past_blanks(p, end);
	if (q == end || *q != '=')
		return q;
	q = past_blanks(q + 1, end);
	if (q < end && (*q == '"' || *q == '\'')) {
		const char *close = scan_byte(q + 1, end, *q);
		*value = str_range(q + 1, close);
		return close < end ? close + 1 : NULL;
	}
	from = q;
	for (;; q++) {
		q = scan_any(q, end, '>', '>', '>');
		if (q == end || is(*q, BARE_END))
			break;
	}
	*value = str_range(from, q);
	return q;
}

bool html_attribute(struct str *rest, struct str *name, struct str *value)
{
	const char *p = rest->p, *end = rest->p + rest->n;
	while (p < end && (is(*p, BLANK) || *p == '/'))
		p++;
	if (p == end)
		return false;
	p = attribute(p, end, name, value);
	*rest = str_range(p ? p : end, end);
	return true;
}

/* The names of enum html_attr at the place that their key has after a multiplication, found by trying. */
enum { KNOWN_BITS = 6 };
#define KNOWN_MUL UINT64_C(0x612e7696a6cecc1b)
static const struct {
	uint64_t key;
	uint8_t n, attr;
} known_names[1 << KNOWN_BITS] = {
	[0] = {0x6469, 2, HTML_ID},
	[6] = {0x746e65746e6f63, 7, HTML_CONTENT},
	[8] = {0x656c797473, 5, HTML_STYLE},
	[10] = {0x746c61, 3, HTML_ALT},
	[11] = {0x676e616c, 4, HTML_LANG},
	[12] = {0x656c746974, 5, HTML_TITLE},
	[13] = {0x637273, 3, HTML_SRC},
	[14] = {0x706f72706d657469, 8, HTML_ITEMPROP},
	[18] = {0x656d616e, 4, HTML_NAME},
	[20] = {0x65707974, 4, HTML_TYPE},
	[24] = {0x6e6564646968, 6, HTML_HIDDEN},
	[31] = {0x74657372616863, 7, HTML_CHARSET},
	[33] = {0x7571652d70747468, 10, HTML_HTTP_EQUIV},
	[40] = {0x6c6572, 3, HTML_REL},
	[43] = {0x79747265706f7270, 8, HTML_PROPERTY},
	[44] = {0x656d697465746164, 8, HTML_DATETIME},
	[46] = {0x7373616c63, 5, HTML_CLASS},
	[53] = {0x6469682d61697261, 11, HTML_ARIA_HIDDEN},
	[56] = {0x656c6f72, 4, HTML_ROLE},
	[62] = {0x66657268, 4, HTML_HREF},
};

static int known(struct str n, const char *end)
{
	uint64_t k = tag_key(n.p, n.n, (size_t)(end - n.p));
	size_t at = (size_t)(k * KNOWN_MUL >> (64 - KNOWN_BITS));
	if (known_names[at].key != k || known_names[at].n != n.n)
		return -1;
	bool exact = n.n <= 8 || str_eq_ci(str_from(n, 8), n.n == 10 ? STR("iv") : STR("den"));
	return exact ? known_names[at].attr : -1;
}

/* From behind a tag's name to behind its ">"; NULL when the page ends first (eof-in-tag: no token). */
static const char *attributes(const char *p, const char *end, struct html_token *t)
{
	for (;;) {
		struct str name, value;
		while (p < end && is(*p, BLANK))
			p++;
		if (p == end)
			return NULL;
		if (*p == '>')
			return p + 1;
		if (*p == '/') {
			if (++p < end && *p == '>') {
				t->self_closing = true;
				return p + 1;
			}
			continue;
		}
		p = attribute(p, end, &name, &value);
		if (!p)
			return NULL;
		int a = known(name, end);
		if (a >= 0 && !(t->has >> a & 1)) {
			t->has |= 1u << a;
			t->attr[a] = value;
		}
	}
}

/* ---- tags ---- */

static uint8_t mode_of(enum tag tag)
{
	switch (tag) {
	case TAG_TITLE:
	case TAG_TEXTAREA:
		return HTML_RCDATA;
	case TAG_STYLE:
	case TAG_XMP:
	case TAG_IFRAME:
	case TAG_NOEMBED:
	case TAG_NOSCRIPT:
		return HTML_RAWTEXT;
	case TAG_SCRIPT:
		return HTML_SCRIPT;
	case TAG_PLAINTEXT:
		return HTML_PLAINTEXT;
	default:
		return HTML_DATA;
	}
}

/* A start or end tag whose name begins at `name`. */
static bool tag(struct html *h, struct html_token *t, enum html_kind kind, const char *name)
{
	const char *end = h->end, *p = name_end(name, end, '>', NAME_END);
	t->kind = (uint8_t)kind;
	t->name = str_range(name, p);
	t->tag = (uint8_t)tag_of_key(tag_key(name, t->name.n, (size_t)(end - name)), t->name);
	t->self_closing = false;
	t->has = 0;
	const char *from = p;
	p = p < end && *p == '>' ? p + 1 : attributes(p, end, t);
	h->p = p ? p : end;
	if (!p)
		return false;
	t->attributes = str_range(from, p - 1);
	if (kind == HTML_START && !h->plain && !(h->foreign && t->self_closing)) {
		h->mode = mode_of(t->tag);
		h->tag = t->tag;
	}
	return true;
}

/* ---- comments and other declarations ---- */

/* What a comment that the page ends in has of its own end (13.2.5.45 to .51). */
static struct str cut_comment(struct str s)
{
	size_t n = str_ends(s, STR("--!")) ? 3 : str_ends(s, STR("--")) ? 2 : str_ends(s, STR("-")) ? 1 : 0;
	return str_head(s, s.n - n);
}

static const char *comment(const char *p, const char *end, struct str *text)
{
	*text = (struct str){p, 0};
	if (p < end && *p == '>')
		return p + 1;
	if (end - p >= 2 && p[0] == '-' && p[1] == '>')
		return p + 2;
	const char *from = p;
	for (;; p++) {
		p = memmem(p, (size_t)(end - p), "--", 2);
		if (!p)
			break;
		if (end - p >= 3 && p[2] == '>') {
			*text = str_range(from, p);
			return p + 3;
		}
		if (end - p >= 4 && p[2] == '!' && p[3] == '>') {
			*text = str_range(from, p);
			return p + 4;
		}
	}
	*text = cut_comment(str_range(from, end));
	return end;
}

/* "<!" or "<?" or "</" and no letter: a comment, a doctype, CDATA or a bogus comment (13.2.5.41, .42). at: behind "<". */
static void declaration(struct html *h, struct html_token *t, const char *at)
{
	struct str s = str_range(at, h->end);
	t->kind = HTML_COMMENT;
	t->tag = TAG_NONE;
	if (str_starts(s, STR("!--"))) {
		h->p = comment(at + 3, h->end, &t->text);
		return;
	}
	if (h->foreign && str_starts(s, STR("![CDATA["))) {
		h->p = at + 8;
		h->mode = HTML_CDATA;
		h->tag = TAG_NONE;
		t->kind = HTML_END; /* none of its own */
		return;
	}
	const char *close = scan_byte(at, h->end, '>');
	h->p = close < h->end ? close + 1 : close;
	if (str_starts_ci(s, STR("!doctype"))) {
		t->kind = HTML_DOCTYPE;
		at += 8;
	} else if (*at != '?') {
		at++;
	}
	t->text = str_range(at < close ? at : close, close);
}

/* ---- text ---- */

/* Does the end tag of `name` begin at p ("<")? */
static bool closes(const char *p, const char *end, struct str name)
{
	return (size_t)(end - p) > name.n + 2 && p[1] == '/' && is(p[2 + name.n], NAME_END) && str_eq_ci((struct str){p + 2, name.n}, name);
}

static bool opens(const char *p, const char *end, struct str name)
{
	return (size_t)(end - p) > name.n + 1 && is(p[1 + name.n], NAME_END) && str_eq_ci((struct str){p + 1, name.n}, name);
}

static const char *raw_end(const char *p, const char *end, struct str name)
{
	for (; (p = memchr(p, '<', (size_t)(end - p))); p++)
		if (closes(p, end, name))
			return p;
	return end;
}

/* The end of a script: its end tag, but not one inside "<!-- <script>" (13.2.5.15 to .31). */
static const char *script_end(const char *p, const char *end)
{
	static const struct str script = {"script", 6};
	enum { PLAIN, ESCAPED, TWICE } state = PLAIN;
	while (p < end) {
		const char *lt = memchr(p, '<', (size_t)(end - p)), *out = NULL;
		if (!lt)
			lt = end;
		if (state != PLAIN)
			out = memmem(p, (size_t)(lt - p), "-->", 3);
		if (out) {
			state = PLAIN;
			p = out + 3;
			continue;
		}
		if (lt == end)
			break;
		p = lt + 1;
		if (state != TWICE && closes(lt, end, script))
			return lt;
		if (state == PLAIN && str_starts(str_range(lt, end), STR("<!--"))) {
			state = ESCAPED;
			p = lt + 2; /* its dashes may be the end's too */
		} else if (state == ESCAPED && opens(lt, end, script)) {
			state = TWICE;
		} else if (state == TWICE && closes(lt, end, script)) {
			state = ESCAPED;
		}
	}
	return end;
}

/* The text of an element whose content is not markup, or of CDATA. */
static bool other_text(struct html *h, struct html_token *t)
{
	const char *to = h->end, *next = h->end;
	t->kind = HTML_TEXT;
	t->mode = h->mode;
	t->tag = h->tag;
	if (h->mode == HTML_SCRIPT)
		next = to = script_end(h->p, h->end);
	else if (h->mode == HTML_RCDATA || h->mode == HTML_RAWTEXT)
		next = to = raw_end(h->p, h->end, tag_name(h->tag));
	else if (h->mode == HTML_CDATA && (to = memmem(h->p, (size_t)(h->end - h->p), "]]>", 3)))
		next = to + 3;
	t->text = str_range(h->p, to ? to : h->end);
	h->p = next;
	h->mode = HTML_DATA;
	return t->text.n > 0;
}

/* The next "<" that begins markup: before a letter, "!", "?", or "/" and anything (13.2.5.6, .7). */
static const char *markup(const char *p, const char *end)
{
	for (; (p = scan_byte(p, end, '<')) < end; p++) {
		if (end - p < 2)
			return end;
		if (is_letter(p[1]) || p[1] == '!' || p[1] == '?' || (p[1] == '/' && end - p > 2))
			return p;
	}
	return end;
}

void html_start(struct html *h, struct str page)
{
	*h = (struct html){.p = page.p, .end = page.p + page.n};
}

bool html_next(struct html *h, struct html_token *t)
{
	while (h->p < h->end) {
		if (h->mode != HTML_DATA) {
			if (other_text(h, t))
				return true;
			continue;
		}
		const char *lt = *h->p == '<' && h->end - h->p > 1 && is_letter(h->p[1]) ? h->p : markup(h->p, h->end);
		if (lt > h->p) {
			t->kind = HTML_TEXT;
			t->mode = HTML_DATA;
			t->tag = TAG_NONE;
			t->text = str_range(h->p, lt);
			h->p = lt;
			return true;
		}
		if (is_letter(lt[1])) {
			if (tag(h, t, HTML_START, lt + 1))
				return true;
		} else if (lt[1] == '/' && is_letter(lt[2])) {
			if (tag(h, t, HTML_CLOSE, lt + 2))
				return true;
		} else if (lt[1] == '/' && lt[2] == '>') {
			h->p = lt + 3;
		} else {
			declaration(h, t, lt + 1);
			if (h->all && t->kind != HTML_END)
				return true;
		}
	}
	t->kind = HTML_END;
	return false;
}

/* Each kind of failure is met once for an element, so that a page of nothing else is still read in linear time. */
bool html_skip(struct html *h, const struct html_token *t)
{
	enum { NESTED, FLAT, NONE };
	const char *first = NULL;
	unsigned inside = 1;
	if ((t->tag == TAG_SVG || t->tag == TAG_MATH) && t->self_closing)
		return true;
	h->mode = HTML_DATA;
	if (h->ends[t->tag] == NONE)
		return false;
	for (const char *p = h->p; (p = memchr(p, '<', (size_t)(h->end - p))); p++) {
		if (closes(p, h->end, t->name)) {
			first = first ? first : p;
			if (--inside == 0 || h->ends[t->tag] == FLAT) {
				first = p;
				break;
			}
		} else {
			inside += opens(p, h->end, t->name);
		}
	}
	if (!first || inside)
		h->ends[t->tag] = first ? FLAT : NONE;
	if (!first)
		return false;
	const char *close = scan_byte(first, h->end, '>');
	h->p = close < h->end ? close + 1 : close;
	return true;
}
