#include "shard/normalizer.h"

#include "core/utf8.h"
#include "shard/charclass.h"

#include <pthread.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uset.h>
#include <unicode/ustring.h>

void normalizer_free(struct normalizer *n)
{
	for (unsigned i = 0; i < n->n; i++)
		split_free(n->step[i].regex);
	for (unsigned i = 0; i < n->n; i++)
		charsmap_free(n->step[i].map);
	for (unsigned i = 0; i < n->n; i++)
		spnorm_free(n->step[i].spnorm);
	n->n = 0;
}

void normalizer_start(struct normalizer_work *w, const struct normalizer *n)
{
	*w = (struct normalizer_work){0};
	buf_init(&w->a, BUF_NO_MAX);
	buf_init(&w->b, BUF_NO_MAX);
	for (unsigned i = 0; i < n->n; i++)
		if (n->step[i].regex)
			w->regex[i] = split_clone(n->step[i].regex);
}

void normalizer_stop(struct normalizer_work *w)
{
	buf_free(&w->a);
	buf_free(&w->b);
	for (unsigned i = 0; i < NORMALIZER_STEPS; i++)
		split_free(w->regex[i]);
	free(w->spans.v);
}

uint32_t normalizer_char_of_byte(unsigned char b)
{
	if ((b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE)
		return b;
	return 0x100u + (b <= ' ' ? b : b <= 0xA0 ? b - 0x7Fu + 33 : 67);
}

int normalizer_byte_of_char(uint32_t c)
{
	if ((c >= '!' && c <= '~') || (c >= 0xA1 && c <= 0xAC) || (c >= 0xAE && c <= 0xFF))
		return (int)c;
	if (c < 0x100 || c >= 0x100 + 68)
		return -1;
	c -= 0x100;
	return c < 33 ? (int)c : c < 67 ? (int)(c - 33 + 0x7F) : 0xAD;
}

/* ---- Unicode normalization forms ---- */

static const UNormalizer2 *instances[4];

/* The forms as the crate unicode-normalization-alignments has them: of Unicode 9. Made once, never given back. */
static void make_instances(void)
{
	static const UChar old[] = u"[:age=9.0:]";
	UErrorCode err = U_ZERO_ERROR;
	USet *set = uset_openPattern(old, -1, &err);
	const UNormalizer2 *all[] = {unorm2_getNFCInstance(&err), unorm2_getNFDInstance(&err), unorm2_getNFKCInstance(&err), unorm2_getNFKDInstance(&err)};
	uset_freeze(set);
	for (int i = 0; i < 4; i++)
		instances[i] = unorm2_openFiltered(all[i], set, &err);
}

static const UNormalizer2 *instance(enum normalizer_kind kind)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, make_instances);
	return instances[kind - NORMALIZER_NFC];
}

static void form(const UNormalizer2 *n, struct str s, struct buf *out)
{
	UErrorCode err = U_ZERO_ERROR;
	int32_t len = 0, m, bytes = 0;
	UChar *u = own_alloc((s.n + 1) * sizeof(UChar));
	u_strFromUTF8(u, (int32_t)s.n + 1, &len, s.p, (int32_t)s.n, &err);
	/* The longest expansion of one UTF-16 unit is 18 (NFKD of U+FDFA). */
	size_t cap = 18 * (size_t)len + 16;
	UChar *v = own_alloc(cap * sizeof(UChar));
	m = unorm2_normalize(n, u, len, v, (int32_t)cap, &err);
	buf_reserve(out, 3 * (size_t)m + 1);
	u_strToUTF8(out->p + out->n, (int32_t)(3 * m + 1), &bytes, v, m, &err);
	if (U_SUCCESS(err))
		out->n += (size_t)bytes;
	free(u);
	free(v);
}

/* Only around characters at which something can happen: below U+0300 nothing composes with what is before it, and all of it is NFC; in the
 * other forms that holds for ASCII. The character before such a run may compose with its first. */
static void forms(enum normalizer_kind kind, struct str s, struct buf *out)
{
	const UNormalizer2 *n = instance(kind);
	unsigned char least = kind == NORMALIZER_NFC ? 0xCC : 0x80;
	const char *p = s.p, *end = s.p + s.n, *done = s.p;
	while (p < end) {
		if ((unsigned char)*p < least) {
			p++;
			continue;
		}
		const char *from = p;
		if (from > done) {
			from--;
			while (from > done && (*from & 0xC0) == 0x80)
				from--;
		}
		while (p < end && ((unsigned char)*p >= least || (*p & 0xC0) == 0x80))
			p++;
		buf_add(out, done, (size_t)(from - done));
		form(n, str_range(from, p), out);
		done = p;
	}
	buf_add(out, done, (size_t)(end - done));
}

/* ---- one character at a time ---- */

/* Pairs of Unicode 16 and 17, which Rust knows and ICU 72 does not. */
static uint32_t lower_of(uint32_t c)
{
	static const uint32_t pairs[][2] = {{0x1C89, 0x1C8A}, {0xA7CB, 0x264}, {0xA7CC, 0xA7CD}, {0xA7CE, 0xA7CF}, {0xA7D2, 0xA7D3}, {0xA7D4, 0xA7D5}, {0xA7DA, 0xA7DB}, {0xA7DC, 0x19B}};
	for (size_t i = 0; c >= 0x1C89 && i < sizeof(pairs) / sizeof(*pairs); i++)
		if (c == pairs[i][0])
			return pairs[i][1];
	if (c >= 0x10D50 && c <= 0x10D65)
		return c + 0x20;
	if (c >= 0x16EA0 && c <= 0x16EB8)
		return c + 0x1B;
	return (uint32_t)u_tolower((UChar32)c);
}

static void lower(uint32_t c, struct buf *out)
{
	if (c == 0x130) { /* the one character whose lower case is two */
		utf8_add(out, 'i');
		utf8_add(out, 0x307);
	} else {
		utf8_add(out, lower_of(c));
	}
}

static void lowercase(struct str s, struct buf *out)
{
	for (const char *p = s.p, *end = p + s.n; p < end;)
		lower(utf8_next(&p, end), out);
}

static void without_marks(struct str s, struct buf *out, bool nonspacing_only)
{
	for (const char *p = s.p, *end = p + s.n; p < end;) {
		const char *from = p;
		uint32_t c = utf8_next(&p, end);
		if (nonspacing_only ? !charclass_is_nonspacing(c) : !charclass_is_mark(c))
			buf_add(out, from, (size_t)(p - from));
	}
}

static struct str strip(struct str s, bool left, bool right)
{
	const char *p = s.p, *end = s.p + s.n;
	while (left && p < end) {
		const char *q = p;
		if (!charclass_is_space(utf8_next(&q, end)))
			break;
		p = q;
	}
	while (right && end > p) {
		const char *q = end - 1, *r;
		while (q > p && (*q & 0xC0) == 0x80)
			q--;
		r = q;
		if (!charclass_is_space(utf8_next(&r, end)))
			break;
		end = q;
	}
	return str_range(p, end);
}

static void bytes(struct str s, struct buf *out)
{
	for (size_t i = 0; i < s.n; i++)
		utf8_add(out, normalizer_char_of_byte((unsigned char)s.p[i]));
}

static void nmt(struct str s, struct buf *out)
{
	for (const char *p = s.p, *end = p + s.n; p < end;) {
		uint32_t c = utf8_next(&p, end);
		if ((c >= 1 && c <= 8) || c == 0xB || (c >= 0xE && c <= 0x1F) || c == 0x7F || c == 0x8F || c == 0x9F)
			continue;
		bool white = c == 9 || c == 0xA || c == 0xC || c == 0xD || c == 0x1680 || (c >= 0x200B && c <= 0x200F) || c == 0x2028 || c == 0x2029 || c == 0x2581 || c == 0xFEFF || c == 0xFFFD;
		utf8_add(out, white ? ' ' : c);
	}
}

/* ---- Bert: clean, spaces around ideographs, accents off, lower case ---- */

static void bert_clean(const struct normalizer_step *t, struct str s, struct buf *out)
{
	for (const char *p = s.p, *end = p + s.n; p < end;) {
		uint32_t c = utf8_next(&p, end);
		if (t->clean) {
			bool white = c == '\t' || c == '\n' || c == '\r';
			if (c == 0 || c == 0xFFFD || (!white && charclass_is_other(c)))
				continue;
			if (white || charclass_is_space(c))
				c = ' ';
		}
		bool apart = t->chinese && charclass_is_ideograph(c);
		if (apart)
			buf_byte(out, ' ');
		utf8_add(out, c);
		if (apart)
			buf_byte(out, ' ');
	}
}

static void bert(const struct normalizer_step *t, struct str s, struct buf *out)
{
	struct buf a, b;
	buf_init(&a, BUF_NO_MAX);
	buf_init(&b, BUF_NO_MAX);
	bert_clean(t, s, &a);
	if (t->accents) {
		forms(NORMALIZER_NFD, buf_view(&a), &b);
		buf_clear(&a);
		without_marks(buf_view(&b), &a, true);
	}
	if (t->lower)
		lowercase(buf_view(&a), out);
	else
		buf_str(out, buf_view(&a));
	buf_free(&a);
	buf_free(&b);
}

/* ---- the steps ---- */

static void replace(const struct normalizer_step *t, struct str s, struct buf *out)
{
	while (s.n) {
		size_t at = t->from.n ? str_find(s, t->from) : s.n;
		buf_add(out, s.p, at);
		if (at == s.n)
			return;
		buf_str(out, t->to);
		s = str_from(s, at + t->from.n);
	}
}

static int replace_regex(const struct normalizer_step *t, struct split *re, struct split_spans *spans, struct str s, struct buf *out, struct err *e)
{
	size_t done = 0;
	spans->n = 0;
	int rc = split_find(re, s, spans, e);
	for (size_t i = 0; !rc && i < spans->n; i++) {
		buf_add(out, s.p + done, spans->v[i].from - done);
		buf_str(out, t->to);
		done = spans->v[i].to;
	}
	buf_add(out, s.p + done, s.n - done);
	return rc;
}

int normalizer_text(const struct normalizer *n, struct normalizer_work *w, struct str text, struct str *result, struct err *e)
{
	struct buf *out = &w->a, *other = &w->b;
	int rc = 0;
	for (unsigned i = 0; i < n->n && !rc; i++) {
		const struct normalizer_step *t = &n->step[i];
		if (t->kind == NORMALIZER_STRIP) {
			text = strip(text, t->left, t->right);
			continue;
		}
		buf_clear(out);
		if (t->kind <= NORMALIZER_NFKD)
			forms(t->kind, text, out);
		else if (t->kind == NORMALIZER_LOWERCASE)
			lowercase(text, out);
		else if (t->kind == NORMALIZER_STRIP_ACCENTS)
			without_marks(text, out, false);
		else if (t->kind == NORMALIZER_BERT)
			bert(t, text, out);
		else if (t->kind == NORMALIZER_BYTES)
			bytes(text, out);
		else if (t->kind == NORMALIZER_NMT)
			nmt(text, out);
		else if (t->kind == NORMALIZER_CHARSMAP)
			charsmap_clusters(t->map, text, out);
		else if (t->kind == NORMALIZER_SPNORM)
			spnorm_text(t->spnorm, text, out);
		else if (t->kind == NORMALIZER_REPLACE && t->regex)
			rc = replace_regex(t, w->regex[i], &w->spans, text, out, e);
		else if (t->kind == NORMALIZER_REPLACE)
			replace(t, text, out);
		else {
			if (text.n)
				buf_str(out, t->to);
			buf_str(out, text);
		}
		text = buf_view(out);
		struct buf *swap = out;
		out = other;
		other = swap;
	}
	*result = text;
	return rc;
}
