#include "shard/base64.h"

static int digit(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' : c >= 'a' && c <= 'z' ? c - 'a' + 26 : c >= '0' && c <= '9' ? c - '0' + 52 : c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool base64_read(struct str s, char *out, size_t *n)
{
	uint32_t bits = 0, have = 0;
	*n = 0;
	if (!s.n || s.n % 4)
		return false;
	while (s.n && s.p[s.n - 1] == '=')
		s.n--;
	for (size_t i = 0; i < s.n; i++) {
		int d = digit(s.p[i]);
		if (d < 0)
			return false;
		bits = bits << 6 | (uint32_t)d;
		have += 6;
		if (have >= 8)
			out[(*n)++] = (char)(bits >> (have -= 8));
	}
	return true;
}
