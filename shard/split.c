/* Oniguruma's Ruby syntax in ICU's words: what means the same is left; \p{..}, \w and \d get the characters that ICU does not know yet; X{n,m}+
 * is (X{n,m})+ and not possessive; $ and ^ are of lines. What has no equal is refused. */
#include "shard/split.h"

#include "core/buf.h"
#include "shard/charclass.h"

#include <stdio.h>
#include <unicode/uchar.h>
#include <unicode/uregex.h>
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

/* A class by its name, as a set; false for names that are passed on as they are. */
static bool put_class(struct str name, bool negated, struct buf *out)
{
	static const struct {
		const char *name;
		uint32_t mask;
	} known[] = {{"L", U_GC_L_MASK}, {"Lu", U_GC_LU_MASK}, {"Ll", U_GC_LL_MASK}, {"Lm", U_GC_LM_MASK}, {"Lo", U_GC_LO_MASK}, {"M", U_GC_M_MASK}, {"N", U_GC_N_MASK}, {"Nd", U_GC_ND_MASK}, {"P", U_GC_P_MASK},
		     {"S", U_GC_S_MASK}, {"w", U_GC_L_MASK | U_GC_M_MASK | U_GC_ND_MASK}, {"alpha", U_GC_L_MASK}};
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		if (!str_eq(name, str_of(known[i].name)))
			continue;
		buf_z(out, negated ? "[^" : "[");
		if (str_eq(name, STR("alpha")))
			buf_z(out, "\\p{Alphabetic}\\u0363-\\u036F\\u0897\\u1DD3-\\u1DE6\\U00010D69\\U00010EFC\\U000113B8-\\U000113C0\\U000113C2\\U000113C5\\U000113C7-\\U000113CA\\U000113CC\\U000113CD\\U0001611E-\\U0001612E");
		else if (str_eq(name, STR("w")))
			buf_z(out, "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u00B2\\u00B3\\u00B9\\u00BC-\\u00BE");
		else
			buf_printf(out, "\\p{%s}", known[i].name);
		put_later(out, known[i].mask);
		buf_byte(out, ']');
		return true;
	}
	/* Scripts that have grown. */
	if (str_eq(name, STR("Han")) || str_eq(name, STR("Latin"))) {
		buf_printf(out, "[%s\\p{%.*s}%s]", negated ? "^" : "", STR_ARG(name), name.p[0] == 'H' ? "\\U0002EBF0-\\U0002EE5D" : "\\uA7CB-\\uA7CD\\uA7DA-\\uA7DC");
		return true;
	}
	return false;
}

struct pattern {
	struct str in;
	size_t at;
	struct buf out;
	size_t atom;	/* where in out the last atom begins */
	size_t open[64]; /* where open groups begin */
	unsigned depth;
};

/* An escape at p->at; false when it means something else to ICU. */
static bool escape(struct pattern *p)
{
	struct str rest = str_from(p->in, p->at);
	char c = rest.n > 1 ? rest.p[1] : 0;
	if (!c || strchr("hHGgkKRXyYO", c))
		return false;
	if ((c == 'p' || c == 'P') && rest.n > 2 && rest.p[2] == '{') {
		size_t end = str_chr(rest, '}');
		bool negated = (c == 'P') != (rest.n > 3 && rest.p[3] == '^');
		struct str name = str_range(rest.p + 3 + (rest.n > 3 && rest.p[3] == '^'), rest.p + end);
		if (end == rest.n)
			return false;
		if (!put_class(name, negated, &p->out))
			buf_printf(&p->out, "\\%c{%.*s}", negated ? 'P' : 'p', STR_ARG(name));
		p->at += end + 1;
		return true;
	}
	if (c == 'b' || c == 'B') { /* ICU's has another idea of words */
		static const char *const around[2][4] = {{"(?:(?<=", ")(?!", ")|(?<!", ")(?="}, {"(?:(?<=", ")(?=", ")|(?<!", ")(?!"}};
		for (int i = 0; i < 4; i++) {
			buf_z(&p->out, around[c == 'B'][i]);
			put_class(STR("w"), false, &p->out);
		}
		buf_z(&p->out, "))");
		p->at += 2;
		return true;
	}
	if (c == 'w' || c == 'W' || c == 'd' || c == 'D')
		put_class(c == 'w' || c == 'W' ? STR("w") : STR("Nd"), c < 'a', &p->out);
	else
		buf_add(&p->out, rest.p, 2);
	p->at += 2;
	return true;
}

/* [:alpha:] and the like, inside a set; those whose characters are known to be the same. */
static bool named(struct pattern *p)
{
	static const struct {
		const char *name, *class;
	} known[] = {{"[:alpha:]", "alpha"}, {"[:digit:]", "Nd"}, {"[:space:]", NULL}};
	struct str rest = str_from(p->in, p->at);
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (str_starts(rest, str_of(known[i].name))) {
			if (known[i].class)
				put_class(str_of(known[i].class), false, &p->out);
			else
				buf_z(&p->out, "\\s");
			p->at += strlen(known[i].name);
			return true;
		}
	return false;
}

static bool set(struct pattern *p)
{
	unsigned depth = 0;
	do {
		char c = p->in.p[p->at];
		if (c == '\\') {
			if (!escape(p))
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
	buf_str(&p->out, str_head(rest, end));
	p->at += end < rest.n ? end : rest.n;
	if (!again)
		return;
	insert(&p->out, p->atom, "(?:");
	buf_z(&p->out, ")+");
	p->at++;
}

static bool translate(struct pattern *p)
{
	while (p->at < p->in.n) {
		char c = p->in.p[p->at];
		size_t begins = p->out.n;
		struct str rest = str_from(p->in, p->at);
		if (c == '\\' || c == '[') {
			if (c == '[' ? !set(p) : !escape(p))
				return false;
			p->atom = begins;
			continue;
		}
		if (str_starts(rest, STR("(?")) && rest.n > 2 && !strchr(":=!<>i", rest.p[2]))
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
