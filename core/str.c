#define _GNU_SOURCE
#include "core/str.h"

bool str_eq_ci(struct str a, struct str b)
{
	return a.n == b.n && str_starts_ci(a, b);
}

bool str_starts_ci(struct str s, struct str prefix)
{
	if (s.n < prefix.n)
		return false;
	for (size_t i = 0; i < prefix.n; i++)
		if (str_lower1((unsigned char)s.p[i]) != str_lower1((unsigned char)prefix.p[i]))
			return false;
	return true;
}

size_t str_find(struct str s, struct str needle)
{
	if (needle.n == 0)
		return 0;
	if (s.n < needle.n)
		return s.n;
	const char *at = memmem(s.p, s.n, needle.p, needle.n);
	return at ? (size_t)(at - s.p) : s.n;
}

size_t str_find_ci(struct str s, struct str needle)
{
	for (size_t i = 0; i + needle.n <= s.n; i++)
		if (str_starts_ci(str_from(s, i), needle))
			return i;
	return s.n;
}

size_t str_chr(struct str s, char c)
{
	const char *at = s.n ? memchr(s.p, c, s.n) : NULL;
	return at ? (size_t)(at - s.p) : s.n;
}

static bool blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
	while (s.n && blank(s.p[0]))
		s.p++, s.n--;
	while (s.n && blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

struct str str_cut(struct str s, char sep, struct str *rest)
{
	size_t at = str_chr(s, sep);
	struct str head = str_head(s, at);
	*rest = at < s.n ? str_from(s, at + 1) : (struct str){0};
	return head;
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.p, b.p, n) : 0;
	return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool str_u64(struct str s, uint64_t *out)
{
	uint64_t v = 0;
	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		if (__builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, (uint64_t)(s.p[i] - '0'), &v))
			return false;
	}
	*out = v;
	return true;
}
