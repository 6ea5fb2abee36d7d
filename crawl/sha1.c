#include "crawl/sha1.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define SHA1_NI 1
#endif

static uint32_t rol(uint32_t v, int n)
{
	return v << n | v >> (32 - n);
}

static void blocks_plain(uint32_t h[5], const unsigned char *p, size_t n)
{
	for (; n; n--, p += 64) {
		uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
		for (int i = 0; i < 16; i++)
			w[i] = (uint32_t)p[4 * i] << 24 | (uint32_t)p[4 * i + 1] << 16 | (uint32_t)p[4 * i + 2] << 8 | p[4 * i + 3];
		for (int i = 16; i < 80; i++)
			w[i] = rol(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
		for (int i = 0; i < 80; i++) {
			uint32_t f = i < 20 ? (b & c) | (~b & d) : i < 40 ? b ^ c ^ d : i < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
			uint32_t k = i < 20 ? 0x5A827999 : i < 40 ? 0x6ED9EBA1 : i < 60 ? 0x8F1BBCDC : 0xCA62C1D6;
			uint32_t t = rol(a, 5) + f + e + k + w[i];
			e = d, d = c, c = rol(b, 30), b = a, a = t;
		}
		h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
	}
}

#ifdef SHA1_NI
/* Intel's SHA extensions: four rounds an instruction. The message schedule is kept in four registers that turn. */
__attribute__((target("sha,sse4.1"))) static void blocks_ni(uint32_t h[5], const unsigned char *p, size_t n)
{
	const __m128i flip = _mm_set_epi64x(0x0001020304050607ll, 0x08090a0b0c0d0e0fll);
	__m128i abcd = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(const void *)h), 0x1B);
	__m128i e0 = _mm_set_epi32((int)h[4], 0, 0, 0);
	for (; n; n--, p += 64) {
		__m128i abcd_was = abcd, e_was = e0, m[4], e1 = e0;
		for (int i = 0; i < 4; i++)
			m[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i)), flip);
		for (int i = 0; i < 20; i++) {
			if (i >= 4) {
				__m128i t = _mm_sha1msg1_epu32(m[i & 3], m[(i + 1) & 3]);
				t = _mm_xor_si128(t, m[(i + 2) & 3]);
				m[i & 3] = _mm_sha1msg2_epu32(t, m[(i + 3) & 3]);
			}
			__m128i next = i ? _mm_sha1nexte_epu32(e1, m[i & 3]) : _mm_add_epi32(e0, m[0]);
			e1 = abcd;
			abcd = i < 5 ? _mm_sha1rnds4_epu32(abcd, next, 0) : i < 10 ? _mm_sha1rnds4_epu32(abcd, next, 1)
			     : i < 15 ? _mm_sha1rnds4_epu32(abcd, next, 2) : _mm_sha1rnds4_epu32(abcd, next, 3);
		}
		e0 = _mm_sha1nexte_epu32(e1, e_was);
		abcd = _mm_add_epi32(abcd, abcd_was);
	}
	_mm_storeu_si128((__m128i *)(void *)h, _mm_shuffle_epi32(abcd, 0x1B));
	h[4] = (uint32_t)_mm_extract_epi32(e0, 3);
}
#endif

static void blocks(uint32_t h[5], const unsigned char *p, size_t n)
{
#ifdef SHA1_NI
	static _Thread_local int has = -1;
	if (has < 0) {
		unsigned eax = 7, ebx = 0, ecx = 0, edx = 0;
		__asm__("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
		has = (ebx >> 29 & 1) && __builtin_cpu_supports("sse4.1");
	}
	if (has) {
		blocks_ni(h, p, n);
		return;
	}
#endif
	blocks_plain(h, p, n);
}

void sha1_start(struct sha1 *s)
{
	*s = (struct sha1){.h = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0}};
}

void sha1_add(struct sha1 *s, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;
	size_t have = s->bytes & 63;
	s->bytes += n;
	if (have && n) {
		size_t take = 64 - have < n ? 64 - have : n;
		memcpy(s->block + have, p, take);
		p += take, n -= take;
		if (have + take < 64)
			return;
		blocks(s->h, s->block, 1);
	}
	blocks(s->h, p, n / 64);
	if (n & 63)
		memcpy(s->block, p + (n & ~(size_t)63), n & 63);
}

void sha1_end(struct sha1 *s, unsigned char out[20])
{
	uint64_t bits = s->bytes * 8;
	unsigned char pad[72] = {0x80};
	size_t n = 1 + (119 - (s->bytes & 63)) % 64;
	for (int i = 0; i < 8; i++)
		pad[n + (size_t)i] = (unsigned char)(bits >> (56 - 8 * i));
	sha1_add(s, pad, n + 8);
	for (int i = 0; i < 20; i++)
		out[i] = (unsigned char)(s->h[i / 4] >> (24 - 8 * (i & 3)));
}

void sha1_hex(struct str in, char out[41])
{
	static const char digits[] = "0123456789abcdef";
	struct sha1 s;
	unsigned char d[20];
	sha1_start(&s);
	sha1_add(&s, in.p, in.n);
	sha1_end(&s, d);
	for (int i = 0; i < 20; i++) {
		out[2 * i] = digits[d[i] >> 4];
		out[2 * i + 1] = digits[d[i] & 15];
	}
	out[40] = 0;
}

void sha1_base32(struct str in, char out[33])
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	struct sha1 s;
	unsigned char d[20];
	sha1_start(&s);
	sha1_add(&s, in.p, in.n);
	sha1_end(&s, d);
	for (int i = 0; i < 32; i++) {
		unsigned v = 0;
		for (int k = 0; k < 5; k++)
			v = v << 1 | (d[(5 * i + k) / 8] >> (7 - (5 * i + k) % 8) & 1);
		out[i] = digits[v];
	}
	out[32] = 0;
}
