#include "shard/pretok.h"

#include "core/utf8.h"
#include "shard/charclass.h"
#include "shard/normalizer.h"

void pretok_free(struct pretok *p)
{
	for (unsigned i = 0; i < p->n; i++)
		split_free(p->step[i].regex);
	p->n = 0;
}

void pretok_start(struct pretok_work *w, const struct pretok *p)
{
	*w = (struct pretok_work){.arena = arena_new(0)};
	for (unsigned i = 0; i < p->n; i++)
		if (p->step[i].regex)
			w->regex[i] = split_clone(p->step[i].regex);
}

void pretok_stop(struct pretok_work *w)
{
	free(w->a.v);
	free(w->b.v);
	free(w->spans.v);
	for (unsigned i = 0; i < PRETOK_STEPS; i++)
		split_free(w->regex[i]);
	arena_free(w->arena);
}

static void put(struct pretok_pieces *out, struct str s, bool first)
{
	if (!s.n)
		return;
	if (out->n == out->cap) {
		out->cap = out->cap ? 2 * out->cap : 256;
		out->v = own_grow(out->v, out->cap * sizeof(*out->v));
	}
	out->v[out->n++] = (struct pretok_piece){s, first};
}

/* ---- where a pattern matches ---- */

static bool matches(const struct pretok_step *t, uint32_t c)
{
	switch (t->kind) {
	case PRETOK_DIGITS:
		return charclass_is_number(c);
	case PRETOK_PUNCTUATION:
		return charclass_is_punctuation(c);
	default:
		return charclass_is_space(c);
	}
}

static void find_chars(const struct pretok_step *t, struct str s, struct split_spans *out)
{
	for (const char *p = s.p, *end = p + s.n; p < end;) {
		const char *from = p;
		if (matches(t, utf8_next(&p, end)))
			split_put(out, (size_t)(from - s.p), (size_t)(p - s.p));
	}
}

static void find_text(struct str s, struct str what, struct split_spans *out)
{
	for (size_t at = 0; what.n && at < s.n;) {
		size_t k = at + str_find(str_from(s, at), what);
		if (k >= s.n)
			return;
		split_put(out, k, k + what.n);
		at = k + what.n;
	}
}

/* \w+|[^\w\s]+ */
static void find_words(struct str s, struct split_spans *out)
{
	int last = 0;
	for (const char *p = s.p, *end = p + s.n; p < end;) {
		size_t from = (size_t)(p - s.p);
		uint32_t c = utf8_next(&p, end);
		int kind = charclass_is_word(c) ? 1 : charclass_is_space(c) ? 0 : 2;
		if (kind && kind == last)
			out->v[out->n - 1].to = (size_t)(p - s.p);
		else if (kind)
			split_put(out, from, (size_t)(p - s.p));
		last = kind;
	}
}

static void find_scanned(enum scan kind, struct str s, struct split_spans *out)
{
	for (const char *p = s.p, *end = p + s.n; p < end;) {
		const char *q = scan_next(kind, p, end);
		split_put(out, (size_t)(p - s.p), (size_t)(q - s.p));
		p = q;
	}
}

static int find(const struct pretok_step *t, struct split *re, struct str s, struct split_spans *out, struct err *e)
{
	out->n = 0;
	if (t->scan)
		find_scanned(t->scan, s, out);
	else if (re)
		return split_find(re, s, out, e);
	else if (t->kind == PRETOK_SPLIT || t->kind == PRETOK_DELIMITER)
		find_text(s, t->text, out);
	else if (t->kind == PRETOK_WHITESPACE)
		find_words(s, out);
	else
		find_chars(t, s, out);
	return 0;
}

/* ---- what becomes of matches and of what is between them ---- */

struct part {
	size_t from, to;
	bool match;
};

/* Every stretch of the text, matches and gaps; empty ones have no say. */
static size_t parts(const struct split_spans *spans, size_t n, bool invert, struct part *out)
{
	size_t k = 0, done = 0;
	for (size_t i = 0; i <= spans->n; i++) {
		size_t from = i < spans->n ? spans->v[i].from : n, to = i < spans->n ? spans->v[i].to : n;
		if (from > done)
			out[k++] = (struct part){done, from, invert};
		if (i < spans->n)
			out[k++] = (struct part){from, to, !invert};
		done = to;
	}
	return k;
}

/* NormalizedString::split: joins parts as the behavior says, in place; returns how many are left. */
static size_t join(enum pretok_behavior how, struct part *p, size_t n)
{
	size_t k = 0;
	bool before = false;
	if (how == PRETOK_MERGED_WITH_NEXT) {
		for (size_t i = n, last = n; i-- > 0;) {
			bool match = p[i].match;
			if (match && !before && last < n)
				p[last].from = p[i].from;
			else
				p[--last] = p[i];
			before = match;
			if (i == 0) {
				memmove(p, p + last, (n - last) * sizeof(*p));
				k = n - last;
			}
		}
		return k;
	}
	for (size_t i = 0; i < n; i++) {
		bool match = p[i].match, joins = how == PRETOK_CONTIGUOUS ? match == before : how == PRETOK_MERGED_WITH_PREVIOUS ? match && !before : false;
		if (how == PRETOK_REMOVED && match)
			continue;
		if (joins && k)
			p[k - 1].to = p[i].to;
		else
			p[k++] = p[i];
		before = match;
	}
	return k;
}

static int cut(const struct pretok_step *t, struct pretok_work *w, unsigned i, const struct pretok_piece *piece, enum pretok_behavior how, struct pretok_pieces *out, struct err *e)
{
	int rc = find(t, w->regex[i], piece->s, &w->spans, e);
	if (rc)
		return rc;
	struct part *p = own_alloc((2 * w->spans.n + 2) * sizeof(*p));
	size_t n = parts(&w->spans, piece->s.n, t->kind == PRETOK_WHITESPACE ? true : t->invert, p);
	n = join(how, p, n);
	for (size_t k = 0; k < n; k++)
		put(out, (struct str){piece->s.p + p[k].from, p[k].to - p[k].from}, piece->first && p[k].from == 0);
	free(p);
	return 0;
}

/* ---- the ones that write ---- */

static struct str written(struct pretok_work *w, struct buf *b)
{
	struct str s = arena_str(w->arena, buf_view(b));
	buf_free(b);
	return s;
}

static struct str prepended(struct pretok_work *w, struct str what, struct str s)
{
	char *p = arena_alloc(w->arena, what.n + s.n + 1);
	memcpy(p, what.p, what.n);
	memcpy(p + what.n, s.p, s.n);
	return (struct str){p, what.n + s.n};
}

static struct str printable(struct pretok_work *w, struct str s)
{
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	for (size_t i = 0; i < s.n; i++)
		utf8_add(&b, normalizer_char_of_byte((unsigned char)s.p[i]));
	return written(w, &b);
}

static int bytes(const struct pretok_step *t, struct pretok_work *w, unsigned i, const struct pretok_piece *piece, struct pretok_pieces *out, struct err *e)
{
	struct pretok_piece p = *piece;
	size_t from = out->n;
	int rc = 0;
	if (t->add_prefix && p.s.n && p.s.p[0] != ' ')
		p.s = prepended(w, STR(" "), p.s);
	if (t->scan)
		rc = cut(t, w, i, &p, PRETOK_ISOLATED, out, e);
	else
		put(out, p.s, p.first);
	for (size_t k = from; t->map && k < out->n; k++)
		out->v[k].s = printable(w, out->v[k].s);
	return rc;
}

static int metaspace(const struct pretok_step *t, struct pretok_work *w, unsigned i, const struct pretok_piece *piece, struct pretok_pieces *out, struct err *e)
{
	struct pretok_piece p = *piece;
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	for (struct str s = p.s; s.n;) {
		size_t at = str_chr(s, ' ');
		buf_add(&b, s.p, at);
		if (at < s.n)
			buf_str(&b, t->text);
		s = str_from(s, at + 1);
	}
	p.s = written(w, &b);
	if ((t->prepend == PRETOK_ALWAYS || (t->prepend == PRETOK_FIRST && p.first)) && !str_starts(p.s, t->text))
		p.s = prepended(w, t->text, p.s);
	if (!t->split) {
		put(out, p.s, p.first);
		return 0;
	}
	struct pretok_step by = {.kind = PRETOK_SPLIT, .text = t->text};
	return cut(&by, w, i, &p, PRETOK_MERGED_WITH_NEXT, out, e);
}

static int bert(const struct pretok_step *t, struct pretok_work *w, unsigned i, const struct pretok_piece *piece, struct pretok_pieces *out, struct err *e)
{
	struct pretok_pieces words = {0};
	struct pretok_step punctuation = {.kind = PRETOK_PUNCTUATION};
	int rc = cut(t, w, i, piece, PRETOK_REMOVED, &words, e);
	for (size_t k = 0; !rc && k < words.n; k++)
		rc = cut(&punctuation, w, i, &words.v[k], PRETOK_ISOLATED, out, e);
	free(words.v);
	return rc;
}

/* Cut where the script changes. What stands before the first character that has one is lost, as in the original. */
static void scripts(const struct pretok_piece *piece, struct pretok_pieces *out)
{
	const char *p = piece->s.p, *end = p + piece->s.n, *from = NULL;
	int last = CHARCLASS_ANY;
	while (p < end) {
		const char *at = p;
		int script = charclass_script(utf8_next(&p, end));
		if (script == CHARCLASS_ANY)
			continue;
		if (script != last) {
			if (from)
				put(out, str_range(from, at), piece->first && from == piece->s.p);
			from = at;
		}
		last = script;
	}
	if (from)
		put(out, str_range(from, end), piece->first && from == piece->s.p);
}

static void lengths(const struct pretok_step *t, const struct pretok_piece *piece, struct pretok_pieces *out)
{
	const char *p = piece->s.p, *end = p + piece->s.n, *from = p;
	for (uint64_t n = 0; p < end;) {
		utf8_next(&p, end);
		if (++n % t->length && p < end)
			continue;
		put(out, str_range(from, p), piece->first && from == piece->s.p);
		from = p;
	}
}

static int step(const struct pretok_step *t, struct pretok_work *w, unsigned i, const struct pretok_piece *piece, struct pretok_pieces *out, struct err *e)
{
	switch (t->kind) {
	case PRETOK_BYTES:
		return bytes(t, w, i, piece, out, e);
	case PRETOK_METASPACE:
		return metaspace(t, w, i, piece, out, e);
	case PRETOK_SCRIPTS:
		return scripts(piece, out), 0;
	case PRETOK_LENGTH:
		return lengths(t, piece, out), 0;
	case PRETOK_BERT:
		return bert(t, w, i, piece, out, e);
	case PRETOK_DIGITS:
		return cut(t, w, i, piece, t->individual ? PRETOK_ISOLATED : PRETOK_CONTIGUOUS, out, e);
	case PRETOK_SPLIT:
	case PRETOK_PUNCTUATION:
		return cut(t, w, i, piece, t->behavior, out, e);
	default:
		return cut(t, w, i, piece, PRETOK_REMOVED, out, e);
	}
}

int pretok_text(const struct pretok *p, struct pretok_work *w, struct str text, bool first, const struct pretok_pieces **result, struct err *e)
{
	struct pretok_pieces *in = &w->a, *out = &w->b;
	int rc = 0;
	arena_reset(w->arena, 1 << 20);
	in->n = 0;
	put(in, text, first);
	for (unsigned i = 0; i < p->n && !rc; i++) {
		out->n = 0;
		for (size_t k = 0; k < in->n && !rc; k++)
			rc = step(&p->step[i], w, i, &in->v[k], out, e);
		struct pretok_pieces *swap = in;
		in = out;
		out = swap;
	}
	*result = in;
	return rc;
}
