#include "filter/words.h"

#include "core/utf8.h"

#include <unicode/uchar.h>
#include <xxhash.h>

static bool is_blank(uint32_t c)
{
	return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xA0 || (c > 0x1000 && u_isUWhiteSpace((UChar32)c));
}

static bool is_punct(uint32_t c)
{
	if (c < 0x80)
		return c > ' ' && !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
	if (c < 0x250)
		return c < 0xC0 && c != 0xAA && c != 0xBA && c != 0xB5 && c != 0xB2 && c != 0xB3 && c != 0xB9;
	return u_ispunct((UChar32)c) || u_charType((UChar32)c) == U_MATH_SYMBOL || u_charType((UChar32)c) == U_OTHER_SYMBOL;
}

static bool is_alpha(uint32_t c)
{
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	if (c < 0x250)
		return (c >= 0xC0 && c != 0xD7 && c != 0xF7) || c == 0xAA || c == 0xBA || c == 0xB5;
	return u_isalpha((UChar32)c);
}

static void add(struct words *w, struct str text, size_t from, size_t to)
{
	if (w->n == w->cap) {
		w->cap = w->cap ? 2 * w->cap : 1024;
		w->v = own_grow(w->v, w->cap * sizeof(*w->v));
	}
	struct word *k = &w->v[w->n++];
	*k = (struct word){.at = (uint32_t)from, .n = (uint32_t)(to - from), .symbol = true};
	k->hash = XXH3_64bits(text.p + from, to - from);
	for (const char *p = text.p + from, *end = text.p + to; p < end; k->chars++) {
		uint32_t c = utf8_next(&p, end);
		k->symbol &= is_punct(c);
		k->alpha |= is_alpha(c);
	}
}

/* A piece between blanks: punctuation off both ends. */
static void piece(struct words *w, struct str text, size_t from, size_t to)
{
	size_t ends[64], n = 0;
	while (from < to) {
		const char *p = text.p + from;
		if (!is_punct(utf8_next(&p, text.p + to)))
			break;
		add(w, text, from, (size_t)(p - text.p));
		from = (size_t)(p - text.p);
	}
	while (from < to && n < 64) {
		size_t at = to - 1;
		while (at > from && ((unsigned char)text.p[at] & 0xC0) == 0x80)
			at--;
		const char *p = text.p + at;
		if (!is_punct(utf8_next(&p, text.p + to)))
			break;
		ends[n++] = to;
		to = at;
	}
	if (from < to)
		add(w, text, from, to);
	while (n) {
		add(w, text, to, ends[n - 1]);
		to = ends[--n];
	}
}

void words_split(struct words *w, struct str text)
{
	const char *p = text.p, *end = text.p + text.n;
	w->n = 0;
	while (p < end) {
		const char *at = p;
		uint32_t c = utf8_next(&at, end);
		if (is_blank(c)) {
			p = at;
			continue;
		}
		const char *from = p;
		while (p < end) {
			at = p;
			c = (unsigned char)*p < 0x80 ? (uint32_t)(unsigned char)*at++ : utf8_next(&at, end);
			if (is_blank(c))
				break;
			p = at;
		}
		piece(w, text, (size_t)(from - text.p), (size_t)(p - text.p));
	}
}
