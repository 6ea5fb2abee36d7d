/* str: borrowed bytes, a pointer and a length.
 *
 * A str owns nothing: it points into an arena, a buf, a literal or a mapped file, and is valid as long as that is.
 * The bytes need not be UTF-8 and are not ended by NUL. {NULL, 0} is the empty string and means "not set". */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *p;
	size_t n;
};

#define STR(lit) ((struct str){(lit), sizeof(lit) - 1})
/* For printf: "%.*s", STR_ARG(s). */
#define STR_ARG(s) (int)((s).n > 4096 ? 4096 : (s).n), (s).p

static inline struct str str_of(const char *z)
{
	return (struct str){z, z ? strlen(z) : 0};
}

static inline struct str str_range(const char *from, const char *to)
{
	return (struct str){from, (size_t)(to - from)};
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

static inline bool str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n && (suffix.n == 0 || memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0);
}

static inline struct str str_from(struct str s, size_t at)
{
	return at >= s.n ? (struct str){s.p + s.n, 0} : (struct str){s.p + at, s.n - at};
}

static inline struct str str_head(struct str s, size_t n)
{
	return (struct str){s.p, n < s.n ? n : s.n};
}

/* ASCII only, by design: header names, schemes, tags. */
static inline unsigned char str_lower1(unsigned char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

/* The rest are in str.c. All ASCII-case-insensitive ones end in _ci. */
bool str_eq_ci(struct str a, struct str b);
bool str_starts_ci(struct str s, struct str prefix);
/* Offset of the first occurrence, or s.n when there is none. */
size_t str_find(struct str s, struct str needle);
size_t str_find_ci(struct str s, struct str needle);
size_t str_chr(struct str s, char c);
/* Without leading and trailing ASCII white space (SP HT CR LF FF VT). */
struct str str_trim(struct str s);
/* The part before `sep`; *rest (may be &s) is what follows it, {NULL, 0} when there was no `sep`. */
struct str str_cut(struct str s, char sep, struct str *rest);
/* Order by bytes, shorter first among equals: <0, 0, >0. */
int str_cmp(struct str a, struct str b);
/* Decimal without sign or blanks, the whole of s. false when it is not that or does not fit; *out unchanged then. */
bool str_u64(struct str s, uint64_t *out);
