#include "shard/pretok.h"

#include "core/utf8.h"

#include <unicode/uchar.h>

enum { OTHER, LETTER, NUMBER, SPACE };

/* Classes of the basic plane, filled at load from ICU's tables. */
static uint8_t class_of[65536];

static uint8_t classify(UChar32 c)
{
	uint32_t mask = U_MASK(u_charType(c));
	return mask & U_GC_L_MASK ? LETTER : mask & U_GC_N_MASK ? NUMBER : u_isUWhiteSpace(c) ? SPACE : OTHER;
}

__attribute__((constructor)) static void fill_classes(void)
{
	for (UChar32 c = 0; c < 65536; c++)
		class_of[c] = classify(c);
}

struct at {
	const char *p, *end;
};

/* Class of the character at a->p and its length; -1 at the end. */
static int peek(const struct at *a, size_t *n, uint32_t *c)
{
	if (a->p >= a->end)
		return -1;
	const char *q = a->p;
	*c = (unsigned char)*q < 0x80 ? (uint32_t)(unsigned char)*q++ : utf8_next(&q, a->end);
	*n = (size_t)(q - a->p);
	return *c < 65536 ? class_of[*c] : classify((UChar32)*c);
}

static void over(struct at *a, int class, size_t most)
{
	size_t n = 0;
	uint32_t c;
	while (most-- && peek(a, &n, &c) == class)
		a->p += n;
}

/* 's 't 're 've 'm 'll 'd: length, or 0. */
static size_t contraction(struct str s, bool any_case)
{
	static const char *const ends[] = {"s", "t", "re", "ve", "m", "ll", "d"};
	if (s.n < 2 || s.p[0] != '\'')
		return 0;
	struct str rest = str_from(s, 1);
	for (size_t i = 0; i < 7; i++)
		if (any_case ? str_starts_ci(rest, str_of(ends[i])) : str_starts(rest, str_of(ends[i])))
			return 1 + strlen(ends[i]);
	/* Under (?i) U+017F (long s) is an s. */
	if (any_case && str_starts(rest, STR("\xC5\xBF")))
		return 3;
	return 0;
}

/* White space: all of it at the end; else all but the last before a non-space; the last alone joins what follows, unless single. */
static size_t white(struct str s, size_t run, size_t last)
{
	if (run == s.n || run == last)
		return run;
	return run - last;
}

static size_t gpt2(struct str s)
{
	size_t n = contraction(s, false), first = 0;
	uint32_t c;
	struct at a = {s.p, s.p + s.n};
	if (n)
		return n;
	int class = peek(&a, &n, &c);
	if (c == ' ' && s.n > 1) {
		struct at b = {s.p + 1, s.p + s.n};
		int next = peek(&b, &n, &c);
		if (next != SPACE) {
			class = next;
			first = 1;
		}
	}
	if (class != SPACE) {
		a.p += first;
		over(&a, class, SIZE_MAX);
		/* [^\s\p{L}\p{N}]+ stops at nothing but a change of class, an apostrophe included: it is of class OTHER. */
		return (size_t)(a.p - s.p);
	}
	size_t last = 0;
	while (peek(&a, &n, &c) == SPACE) {
		a.p += n;
		last = n;
	}
	return white(s, (size_t)(a.p - s.p), last);
}

static size_t llama3(struct str s, size_t digits)
{
	size_t n = contraction(s, true), m;
	uint32_t c, d;
	struct at a = {s.p, s.p + s.n};
	if (n)
		return n;
	int class = peek(&a, &n, &c);
	/* [^\r\n\p{L}\p{N}]?\p{L}+ */
	struct at b = {s.p + n, s.p + s.n};
	if (class == LETTER || (c != '\r' && c != '\n' && class != NUMBER && peek(&b, &m, &d) == LETTER)) {
		a.p += n;
		over(&a, LETTER, SIZE_MAX);
		return (size_t)(a.p - s.p);
	}
	if (class == NUMBER) {
		over(&a, NUMBER, digits);
		return (size_t)(a.p - s.p);
	}
	/* ?[^\s\p{L}\p{N}]+[\r\n]* */
	bool space = c == ' ' && peek(&b, &m, &d) == OTHER;
	if (class == OTHER || space) {
		a.p += space;
		over(&a, OTHER, SIZE_MAX);
		while (a.p < a.end && (*a.p == '\r' || *a.p == '\n'))
			a.p++;
		return (size_t)(a.p - s.p);
	}
	/* \s*[\r\n]+ : up to the last line end of the run; else as GPT-2. */
	size_t last = 0, line = 0;
	while (peek(&a, &n, &c) == SPACE) {
		a.p += n;
		last = n;
		if (c == '\r' || c == '\n')
			line = (size_t)(a.p - s.p);
	}
	return line ? line : white(s, (size_t)(a.p - s.p), last);
}

size_t pretok_next(enum vocab_pretok kind, struct str s)
{
	switch (kind) {
	case VOCAB_GPT2:
		return gpt2(s);
	case VOCAB_LLAMA3:
		return llama3(s, 3);
	case VOCAB_QWEN2:
		return llama3(s, 1);
	default:
		return s.n;
	}
}
