/* Oniguruma's Ruby syntax in ICU's words: what means the same is left; \p{..}, \w and \d get the characters that ICU does not know yet; X{n,m}+
 * is (X{n,m})+ and not possessive; $ and ^ are of lines. What has no equal is refused. */
#include "shard/split.h"

#include "core/buf.h"
#include "shard/charclass.h"

#include <stdio.h>
#include <unicode/uchar.h>
#include <unicode/uregex.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

enum { STACK_MAX = 64 << 20, TICKS_MAX = 1 << 20, PATTERN_MAX = 64 << 10 };

struct split {
	URegularExpression *re;
	UChar *text; /* of the worker */
	size_t cap;
};

void split_put(struct split_spans *s, size_t from, size_t to)
{
	if (s->n == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 256;
		s->v = own_grow(s->v, s->cap * sizeof(*s->v));
	}
	s->v[s->n++] = (struct split_span){from, to};
}

static struct split *of(URegularExpression *re)
{
	struct split *s = own_zalloc(sizeof(*s));
	UErrorCode err = U_ZERO_ERROR;
	s->re = re;
	uregex_setStackLimit(re, STACK_MAX, &err);
	uregex_setTimeLimit(re, TICKS_MAX, &err);
	return s;
}

/* ---- translation ---- */

static void put_later(struct buf *out, uint32_t mask)
{
	for (const struct charclass_range *r = charclass_later; r->to; r++)
		if (U_MASK(r->type) & mask)
			buf_printf(out, "\\U%08X-\\U%08X", r->from, r->to);
}

/* Properties whose characters are the same in both, but for what is added here; strings of ICU's sets. */
static const struct property {
	const char *name, *base, *more;
	uint32_t later; /* what is new of these categories is in it */
} properties[] = {
	{"alphabetic", "\\p{Alphabetic}", "\\u0363-\\u036F\\u0897\\u1DD3-\\u1DE6\\U00010D69\\U00010EFC\\U000113B8-\\U000113C0\\U000113C2\\U000113C5\\U000113C7-\\U000113CA\\U000113CC\\U000113CD\\U0001611E-\\U0001612E", U_GC_L_MASK},
	{"alnum", "\\p{Alphabetic}\\p{Nd}", "\\u0363-\\u036F\\u0897\\u1DD3-\\u1DE6\\U00010D69\\U00010EFC\\U000113B8-\\U000113C0\\U000113C2\\U000113C5\\U000113C7-\\U000113CA\\U000113CC\\U000113CD\\U0001611E-\\U0001612E", U_GC_L_MASK | U_GC_ND_MASK},
	{"uppercase", "\\p{Uppercase}", "", U_GC_LU_MASK},
	{"lowercase", "\\p{Lowercase}", "", U_GC_LL_MASK},
	/* \w outside a set knows these numbers, inside one it does not. */
	{"word", "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}", "\\u00B2\\u00B3\\u00B9\\u00BC-\\u00BE", U_GC_L_MASK | U_GC_M_MASK | U_GC_ND_MASK},
	{"word in a set", "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}", "", U_GC_L_MASK | U_GC_M_MASK | U_GC_ND_MASK},
	{"[:punct:]", "\\p{P}\\p{S}", "", U_GC_P_MASK | U_GC_S_MASK},
	{"whitespace", "\\s", "", 0},
	{0},
};

/* Scripts that have grown. */
static const struct {
	int script;
	const char *more;
} grown[] = {
	{USCRIPT_ARABIC, "\\u0897\\U00010EC2-\\U00010EC4\\U00010EFC"}, {USCRIPT_BALINESE, "\\u1B4E\\u1B4F\\u1B7F"}, {USCRIPT_CYRILLIC, "\\u1C89\\u1C8A"}, {USCRIPT_EGYPTIAN_HIEROGLYPHS, "\\U00013460-\\U000143FA"},
	{USCRIPT_HAN, "\\U0002EBF0-\\U0002EE5D"}, {USCRIPT_KAWI, "\\U00011F5A"}, {USCRIPT_KHITAN_SMALL_SCRIPT, "\\U00018CFF"}, {USCRIPT_LATIN, "\\uA7CB-\\uA7CD\\uA7DA-\\uA7DC"}, {USCRIPT_MYANMAR, "\\U000116D0-\\U000116E3"},
};

static bool put_property(const char *name, bool negated, struct buf *out)
{
	const struct property *p = properties;
	while (p->name && strcmp(p->name, name) != 0)
		p++;
	if (!p->name)
		return false;
	buf_printf(out, "[%s%s%s", negated ? "^" : "", p->base, p->more);
	put_later(out, p->later);
	buf_byte(out, ']');
	return true;
}

static bool put_category(const char *name, bool negated, struct buf *out)
{
	int32_t mask = u_getPropertyValueEnum(UCHAR_GENERAL_CATEGORY_MASK, name);
	if (mask == UCHAR_INVALID_CODE)
		return false;
	/* What was not assigned has become less. */
	bool fewer = (uint32_t)mask & U_GC_CN_MASK;
	buf_printf(out, fewer ? "[%s[\\p{gc=%s}--[" : "[%s\\p{gc=%s}", negated ? "^" : "", name);
	put_later(out, fewer ? UINT32_MAX : (uint32_t)mask);
	buf_z(out, fewer ? "]]]" : "]");
	return true;
}

static bool put_script(const char *name, bool negated, struct buf *out)
{
	int script = u_getPropertyValueEnum(UCHAR_SCRIPT, name);
	if (script == UCHAR_INVALID_CODE || script == USCRIPT_COMMON || script == USCRIPT_UNKNOWN)
		return false;
	buf_printf(out, "[%s\\p{sc=%s}", negated ? "^" : "", name);
	for (size_t i = 0; i < sizeof(grown) / sizeof(*grown); i++)
		if (grown[i].script == script)
			buf_z(out, grown[i].more);
	buf_byte(out, ']');
	return true;
}

/* A class by its name, as a set. Small letters, spaces, - and _ do not count in names. false: not known to be the same. */
static bool put_class(struct str given, bool negated, struct buf *out)
{
	char name[64];
	size_t n = 0;
	for (size_t i = 0; i < given.n && n < sizeof(name) - 1; i++)
		if (!strchr(" -_", given.p[i]))
			name[n++] = (char)str_lower1((unsigned char)given.p[i]);
	name[n] = 0;
	static const char *const alias[][2] = {{"alpha", "alphabetic"}, {"upper", "uppercase"}, {"lower", "lowercase"}, {"space", "whitespace"}, {"wspace", "whitespace"}};
	const char *common = name;
	for (size_t i = 0; i < sizeof(alias) / sizeof(*alias); i++)
		if (strcmp(name, alias[i][0]) == 0)
			common = alias[i][1];
	return put_property(common, negated, out) || put_category(name, negated, out) || put_script(name, negated, out);
}

enum { FOLDS_ALL = 65 };

struct pattern {
	struct str in;
	size_t at;
	struct buf out;
	size_t atom;	/* where in out the last atom begins */
	size_t open[64]; /* where open groups begin */
	unsigned depth, folds; /* folds: the group, from 1, in which case does not count; FOLDS_ALL; 0 = none */
};

/* A class, in or outside a set. Outside one, (?i:...) does not change what it is. */
static bool put_named(struct pattern *p, struct str name, bool negated, bool in_set)
{
	bool guard = p->folds && !in_set;
	buf_z(&p->out, guard ? "(?-i:" : "");
	bool known = put_class(name, negated, &p->out);
	buf_z(&p->out, guard ? ")" : "");
	return known;
}

/* An escape at p->at; false when it means something else to ICU. */
static bool escape(struct pattern *p, bool in_set)
{
	struct str rest = str_from(p->in, p->at);
	char c = rest.n > 1 ? rest.p[1] : 0;
	if (!c || strchr("hHGgkKRXyYO", c))
		return false;
	if ((c == 'p' || c == 'P') && rest.n > 2 && rest.p[2] == '{') {
		size_t end = str_chr(rest, '}');
		bool negated = (c == 'P') != (rest.n > 3 && rest.p[3] == '^');
		struct str name = str_range(rest.p + 3 + (rest.n > 3 && rest.p[3] == '^'), rest.p + end);
		if (end == rest.n || !put_named(p, name, negated, in_set))
			return false;
		p->at += end + 1;
		return true;
	}
	if (c == 'b' || c == 'B') { /* ICU's has another idea of words */
		static const char *const around[2][4] = {{"(?:(?<=", ")(?!", ")|(?<!", ")(?="}, {"(?:(?<=", ")(?=", ")|(?<!", ")(?!"}};
		for (int i = 0; i < 4; i++) {
			buf_z(&p->out, around[c == 'B'][i]);
			put_property("word", false, &p->out);
		}
		buf_z(&p->out, "))");
		p->at += 2;
		return true;
	}
	if (c == 'w' || c == 'W')
		put_property(in_set ? "word in a set" : "word", c < 'a', &p->out);
	else if (c == 'd' || c == 'D')
		put_category("nd", c < 'a', &p->out);
	else
		buf_add(&p->out, rest.p, 2);
	p->at += 2;
	/* \x41, \u0041, \x{41}: one atom with their digits. */
	size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : 0, n = 2;
	if (c == 'x' && rest.n > 2 && rest.p[2] == '{')
		n = str_chr(rest, '}') + 1;
	else
		while (n < rest.n && n < 2 + digits && strchr("0123456789abcdefABCDEF", rest.p[n]))
			n++;
	if (n > rest.n)
		return false;
	buf_str(&p->out, str_range(rest.p + 2, rest.p + n));
	p->at += n - 2;
	return true;
}

/* [:alpha:] and the like, inside a set; those whose characters are known to be the same. */
static bool named(struct pattern *p)
{
	static const char *const known[][2] = {{"[:alpha:]", "alphabetic"}, {"[:digit:]", "nd"}, {"[:space:]", "whitespace"}, {"[:upper:]", "uppercase"}, {"[:lower:]", "lowercase"}, {"[:alnum:]", "alnum"}, {"[:word:]", "word in a set"}, {"[:punct:]", "[:punct:]"}};
	struct str rest = str_from(p->in, p->at);
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (str_starts(rest, str_of(known[i][0]))) {
			p->at += strlen(known[i][0]);
			return put_property(known[i][1], false, &p->out) || put_category(known[i][1], false, &p->out);
		}
	return false;
}

static bool set(struct pattern *p)
{
	unsigned depth = 0;
	do {
		char c = p->in.p[p->at];
		if (c == '\\') {
			if (!escape(p, true))
				return false;
			continue;
		}
		if (depth && str_starts(str_from(p->in, p->at), STR("[:"))) {
			if (!named(p))
				return false;
			continue;
		}
		depth += c == '[';
		depth -= c == ']';
		buf_byte(&p->out, c);
		p->at++;
		/* A ] right behind the opening is itself. */
		if (c == '[' && p->at < p->in.n && (p->in.p[p->at] == ']' || str_starts(str_from(p->in, p->at), STR("^]")))) {
			bool not = p->in.p[p->at] == '^';
			buf_z(&p->out, not ? "^\\]" : "\\]");
			p->at += 1 + not;
		}
	} while (depth && p->at < p->in.n);
	return depth == 0;
}

static void insert(struct buf *b, size_t at, const char *what)
{
	size_t n = strlen(what);
	buf_reserve(b, n);
	memmove(b->p + at + n, b->p + at, b->n - at);
	memcpy(b->p + at, what, n);
	b->n += n;
}

/* {n,m} and a + behind it. */
static void interval(struct pattern *p)
{
	struct str rest = str_from(p->in, p->at);
	size_t end = str_chr(rest, '}') + 1;
	bool again = end < rest.n && rest.p[end] == '+';
	if (rest.p[1] == ',') { /* {,n} */
		buf_z(&p->out, "{0");
		buf_str(&p->out, str_range(rest.p + 1, rest.p + (end < rest.n ? end : rest.n)));
	} else {
		buf_str(&p->out, str_head(rest, end));
	}
	p->at += end < rest.n ? end : rest.n;
	if (!again)
		return;
	insert(&p->out, p->atom, "(?:");
	buf_z(&p->out, ")+");
	p->at++;
}

/* A set in which case does not count holds more than characters in Oniguruma (ss for \u00DF) where it is not ASCII alone. */
static bool folds_alike(struct str set)
{
	for (size_t i = 0; i < set.n; i++)
		if (set.p[i] & 0x80 || (set.p[i] == '\\' && i + 1 < set.n && strchr("pPwWuxX", set.p[i + 1])) || (i && set.p[i - 1] == '[' && set.p[i] == ':'))
			return false;
	return true;
}

/* (?i: and (?i) at the beginning; elsewhere the two have other ideas of how far (?i) goes. */
static bool flags(struct pattern *p, struct str rest)
{
	if (rest.n < 3 || !strchr(":=!<>i", rest.p[2]))
		return false;
	if (rest.p[2] != 'i')
		return true;
	if (str_starts(rest, STR("(?i)")) && p->at == 0)
		p->folds = FOLDS_ALL;
	else if (!str_starts(rest, STR("(?i:")))
		return false;
	else if (!p->folds)
		p->folds = p->depth + 1;
	return true;
}

static bool translate(struct pattern *p)
{
	while (p->at < p->in.n) {
		char c = p->in.p[p->at];
		size_t begins = p->out.n;
		struct str rest = str_from(p->in, p->at);
		if (c == '\\' || c == '[') {
			size_t from = p->at;
			if (c == '[' ? !set(p) : !escape(p, false))
				return false;
			if (c == '[' && p->folds && !folds_alike(str_range(p->in.p + from, p->in.p + p->at)))
				return false;
			p->atom = begins;
			continue;
		}
		if (str_starts(rest, STR("(?")) && !flags(p, rest))
			return false;
		if (c == '{' && rest.n > 1 && (rest.p[1] == ',' || (rest.p[1] >= '0' && rest.p[1] <= '9'))) {
			interval(p);
			continue;
		}
		if (c == '(') {
			if (p->depth == 64)
				return false;
			p->open[p->depth++] = begins;
		}
		if (c == ')' && p->depth == p->folds)
			p->folds = 0;
		if (c == ')')
			p->atom = p->depth ? p->open[--p->depth] : begins;
		else if (!strchr("*+?", c))
			p->atom = begins;
		buf_byte(&p->out, c);
		p->at++;
		while (p->at < p->in.n && (p->in.p[p->at] & 0xC0) == 0x80) {
			buf_byte(&p->out, p->in.p[p->at++]);
		}
	}
	return true;
}

int split_open(struct split **out, struct str given, struct err *e)
{
	UErrorCode err = U_ZERO_ERROR;
	UParseError where;
	int32_t n = 0;
	struct pattern p = {.in = given};
	if (given.n > PATTERN_MAX)
		return err_at(e, ERR_LIMIT, (struct where){NULL, WHERE_NONE}, "a regular expression of %zu bytes", given.n);
	buf_init(&p.out, BUF_NO_MAX);
	if (!translate(&p)) {
		buf_free(&p.out);
		return err_at(e, ERR_DATA, (struct where){NULL, WHERE_NONE}, "the regular expression '%.*s' is not supported", STR_ARG(given));
	}
	struct str regex = buf_view(&p.out);
	UChar *u = own_alloc((regex.n + 1) * sizeof(*u));
	u_strFromUTF8(u, (int32_t)regex.n + 1, &n, regex.p, (int32_t)regex.n, &err);
	URegularExpression *re = uregex_open(u, n, UREGEX_MULTILINE | UREGEX_UNIX_LINES, &where, &err);
	free(u);
	buf_free(&p.out);
	if (U_FAILURE(err))
		return err_at(e, ERR_DATA, (struct where){NULL, WHERE_NONE}, "the regular expression '%.*s' is not supported: %s", STR_ARG(given), u_errorName(err));
	*out = of(re);
	return 0;
}

struct split *split_clone(const struct split *s)
{
	UErrorCode err = U_ZERO_ERROR;
	return of(uregex_clone(s->re, &err));
}

struct split *split_free(struct split *s)
{
	if (!s)
		return NULL;
	uregex_close(s->re);
	free(s->text);
	free(s);
	return NULL;
}

/* Bytes of UTF-8 that UTF-16 units stand for, up to unit `to`, from unit *unit at byte *byte. */
static void walk(const struct split *s, int32_t to, int32_t *unit, size_t *byte)
{
	while (*unit < to) {
		UChar c = s->text[(*unit)++];
		if (U16_IS_LEAD(c) && *unit < to) {
			++*unit;
			*byte += 4;
		} else {
			*byte += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
		}
	}
}

int split_find(struct split *s, struct str text, struct split_spans *out, struct err *e)
{
	UErrorCode err = U_ZERO_ERROR;
	int32_t n = 0, unit = 0;
	size_t byte = 0, last = SIZE_MAX;
	if (text.n + 1 > s->cap) {
		s->cap = 2 * text.n + 64;
		s->text = own_grow(s->text, s->cap * sizeof(*s->text));
	}
	u_strFromUTF8(s->text, (int32_t)(text.n + 1), &n, text.p, (int32_t)text.n, &err);
	uregex_setText(s->re, s->text, n, &err);
	while (U_SUCCESS(err) && uregex_findNext(s->re, &err)) {
		walk(s, uregex_start(s->re, 0, &err), &unit, &byte);
		size_t from = byte;
		walk(s, uregex_end(s->re, 0, &err), &unit, &byte);
		/* An empty match where the last one ended is none (onig's find_iter). */
		if (from != byte || from != last)
			split_put(out, from, byte);
		last = byte;
	}
	if (U_FAILURE(err))
		return err_at(e, ERR_LIMIT, (struct where){NULL, WHERE_NONE}, "a regular expression of the tokenizer gave up on a text of %zu bytes: %s", text.n, u_errorName(err));
	return 0;
}
