/* SHA-1: the examples of FIPS 180-4, every length around a block's end, many at once against one by one. */
#include "core/own.h"
#include "crawl/sha1.h"
#include "tests/tap.h"

enum { N = 300, LONG = 20000 };

int main(void)
{
	char hex[41], b32[33];
	sha1_hex(STR("abc"), hex);
	tap(strcmp(hex, "a9993e364706816aba3e25717850c26c9cd0d89d") == 0, "abc");
	sha1_hex(STR(""), hex);
	tap(strcmp(hex, "da39a3ee5e6b4b0d3255bfef95601890afd80709") == 0, "nothing");
	sha1_hex(STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), hex);
	tap(strcmp(hex, "84983e441c3bd26ebaae4aa1f95129e5e54670f1") == 0, "two blocks");
	sha1_base32(STR("abc"), b32);
	tap(strcmp(b32, "VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5") == 0, "in base 32");

	char *text = own_alloc(LONG);
	for (size_t i = 0; i < LONG; i++)
		text[i] = (char)(i * 31 + (i >> 8));
	/* A million times a, in pieces. */
	struct sha1 s;
	unsigned char d[20];
	char a[1000];
	memset(a, 'a', sizeof(a));
	sha1_start(&s);
	for (int i = 0; i < 1000; i++) {
		sha1_add(&s, a, 333);
		sha1_add(&s, a, 667);
	}
	sha1_end(&s, d);
	tap(memcmp(d, "\x34\xAA\x97\x3C\xD4\xC4\xDA\xA4\xF6\x1E\xEB\x2B\xDB\xAD\x27\x31\x65\x34\x01\x6F", 20) == 0, "a million times a");

	struct str in[N];
	static unsigned char many[N][20];
	for (size_t n = 0; n <= N; n = n < 12 ? n + 1 : n + 96) {
		bool same = true;
		for (size_t i = 0; i < n; i++)
			in[i] = (struct str){text + i, i < 140 ? i : (i * 7919) % (LONG - N)};
		sha1_many(in, n, many);
		for (size_t i = 0; i < n; i++) {
			sha1_start(&s);
			sha1_add(&s, in[i].p, in[i].n);
			sha1_end(&s, d);
			same = same && memcmp(d, many[i], 20) == 0;
		}
		tap(same, "%zu at once", n);
	}
	free(text);
	return tap_done();
}
