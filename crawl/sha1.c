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

/* ---- many messages at once ---- */

#ifdef SHA1_NI
enum { MANY = 128 };                  /* messages sorted at a time */
enum { LANES = 8, LANES_LEAST = 3 }; /* with fewer messages left than this, one after the other is faster */

/* What a lane works on: whole blocks of its message, then the padded rest of it. */
struct lane {
	const unsigned char *p;
	size_t blocks, job;
	bool busy, in_tail;
	unsigned char tail[128];
	size_t tail_blocks;
};

/* Eight rows of eight words, bytes turned, to eight words of eight lanes each. */
__attribute__((target("avx2"), always_inline)) static inline void load_words(__m256i w[8], const unsigned char *const p[LANES])
{
	const __m256i flip = _mm256_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
	__m256i r[8], t[8];
	for (int i = 0; i < 8; i++)
		r[i] = _mm256_shuffle_epi8(_mm256_loadu_si256((const __m256i *)(const void *)p[i]), flip);
	for (int i = 0; i < 8; i += 2) {
		t[i] = _mm256_unpacklo_epi32(r[i], r[i + 1]);
		t[i + 1] = _mm256_unpackhi_epi32(r[i], r[i + 1]);
	}
	for (int i = 0; i < 8; i += 4) {
		r[i] = _mm256_unpacklo_epi64(t[i], t[i + 2]);
		r[i + 1] = _mm256_unpackhi_epi64(t[i], t[i + 2]);
		r[i + 2] = _mm256_unpacklo_epi64(t[i + 1], t[i + 3]);
		r[i + 3] = _mm256_unpackhi_epi64(t[i + 1], t[i + 3]);
	}
	for (int i = 0; i < 4; i++) {
		w[i] = _mm256_permute2x128_si256(r[i], r[i + 4], 0x20);
		w[i + 4] = _mm256_permute2x128_si256(r[i], r[i + 4], 0x31);
	}
}

#define ROL8(v, n) _mm256_or_si256(_mm256_slli_epi32(v, n), _mm256_srli_epi32(v, 32 - (n)))
#define ROUNDS8(from, to, f, k)                                                                                                        \
	_Pragma("GCC unroll 20") for (int i = from; i < to; i++) {                                                                     \
		if (i >= 16) {                                                                                                         \
			__m256i x = _mm256_xor_si256(_mm256_xor_si256(w[(i + 13) & 15], w[(i + 8) & 15]), _mm256_xor_si256(w[(i + 2) & 15], w[i & 15])); \
			w[i & 15] = _mm256_or_si256(_mm256_add_epi32(x, x), _mm256_srli_epi32(x, 31));                                                                                      \
		}                                                                                                                      \
		__m256i t = _mm256_add_epi32(_mm256_add_epi32(_mm256_add_epi32(e, _mm256_set1_epi32((int)(k))), w[i & 15]), f);         \
		t = _mm256_add_epi32(t, ROL8(a, 5));                                                                                   \
		e = d, d = c, c = ROL8(b, 30), b = a, a = t;                                                                           \
	}

/* n blocks of each of eight messages: a lane of AVX2 each. Plain SHA-1 otherwise. */
__attribute__((target("avx2"))) static void blocks_x8(uint32_t h[5][LANES], const unsigned char *p[LANES], size_t n)
{
	__m256i s[5];
	for (int i = 0; i < 5; i++)
		s[i] = _mm256_loadu_si256((const __m256i *)(const void *)h[i]);
	for (; n; n--) {
		__m256i w[16], a = s[0], b = s[1], c = s[2], d = s[3], e = s[4];
		const unsigned char *q[LANES];
		for (int i = 0; i < LANES; i++)
			q[i] = p[i] + 32;
		load_words(w, p);
		load_words(w + 8, q);
		ROUNDS8(0, 20, _mm256_xor_si256(d, _mm256_and_si256(b, _mm256_xor_si256(c, d))), 0x5A827999)
		ROUNDS8(20, 40, _mm256_xor_si256(_mm256_xor_si256(b, c), d), 0x6ED9EBA1)
		ROUNDS8(40, 60, _mm256_add_epi32(_mm256_and_si256(b, c), _mm256_and_si256(d, _mm256_xor_si256(b, c))), 0x8F1BBCDCu)
		ROUNDS8(60, 80, _mm256_xor_si256(_mm256_xor_si256(b, c), d), 0xCA62C1D6u)
		s[0] = _mm256_add_epi32(s[0], a), s[1] = _mm256_add_epi32(s[1], b), s[2] = _mm256_add_epi32(s[2], c);
		s[3] = _mm256_add_epi32(s[3], d), s[4] = _mm256_add_epi32(s[4], e);
		for (int i = 0; i < LANES; i++)
			p[i] += 64;
	}
	for (int i = 0; i < 5; i++)
		_mm256_storeu_si256((__m256i *)(void *)h[i], s[i]);
}

static void lane_begin(struct lane *l, uint32_t h[5][LANES], unsigned i, const struct str *in, size_t job)
{
	struct sha1 fresh;
	sha1_start(&fresh);
	size_t rest = in->n & 63;
	*l = (struct lane){.p = (const unsigned char *)in->p, .blocks = in->n / 64, .job = job, .busy = true, .tail_blocks = rest < 56 ? 1 : 2};
	if (rest)
		memcpy(l->tail, in->p + (in->n - rest), rest);
	l->tail[rest] = 0x80;
	for (unsigned k = 0; k < 8; k++)
		l->tail[64 * l->tail_blocks - 1 - k] = (unsigned char)((uint64_t)in->n * 8 >> (8 * k));
	for (int k = 0; k < 5; k++)
		h[k][i] = fresh.h[k];
}

/* At the end of a run: on to the rest of the message, or done with it. */
static bool lane_done(struct lane *l)
{
	if (l->blocks)
		return false;
	if (l->in_tail)
		return true;
	l->in_tail = true;
	l->p = l->tail;
	l->blocks = l->tail_blocks;
	return false;
}

static void lane_out(uint32_t h[5][LANES], unsigned lane, unsigned char out[20])
{
	for (int k = 0; k < 20; k++)
		out[k] = (unsigned char)(h[k / 4][lane] >> (24 - 8 * (k & 3)));
}

static unsigned refill(struct lane l[LANES], uint32_t h[5][LANES], const struct str *in, const unsigned char *order, size_t n, size_t *next, unsigned char (*out)[20])
{
	unsigned busy = 0;
	for (unsigned i = 0; i < LANES; i++) {
		while (l[i].busy && lane_done(&l[i])) {
			lane_out(h, i, out[l[i].job]);
			l[i].busy = false;
			if (*next < n) {
				lane_begin(&l[i], h, i, &in[order[*next]], order[*next]);
				++*next;
			}
		}
		busy += l[i].busy;
	}
	return busy;
}

/* The longest first, so that lanes run dry together at the end. */
static void sort(const struct str *in, size_t n, unsigned char *order)
{
	for (size_t i = 0; i < n; i++) {
		size_t k = i;
		for (; k && in[order[k - 1]].n < in[i].n; k--)
			order[k] = order[k - 1];
		order[k] = (unsigned char)i;
	}
}

/* n <= MANY */
static void many_x8(const struct str *in, size_t n, unsigned char (*out)[20])
{
	unsigned char order[MANY];
	struct lane l[LANES] = {0};
	sort(in, n, order);
	uint32_t h[5][LANES];
	size_t next = 0;
	for (unsigned i = 0; i < LANES && next < n; i++, next++)
		lane_begin(&l[i], h, i, &in[order[next]], order[next]);
	while (refill(l, h, in, order, n, &next, out) >= LANES_LEAST) {
		const unsigned char *p[LANES], *any = NULL;
		size_t run = SIZE_MAX;
		for (unsigned i = 0; i < LANES; i++)
			if (l[i].busy) {
				run = l[i].blocks < run ? l[i].blocks : run;
				any = l[i].blocks == run ? l[i].p : any;
			}
		for (unsigned i = 0; i < LANES; i++)
			p[i] = l[i].busy ? l[i].p : any; /* an idle lane reads along; nobody looks at it */
		blocks_x8(h, p, run);
		for (unsigned i = 0; i < LANES; i++)
			if (l[i].busy) {
				l[i].p += 64 * run;
				l[i].blocks -= run;
			}
	}
	for (unsigned i = 0; i < LANES; i++) {
		uint32_t one[5] = {h[0][i], h[1][i], h[2][i], h[3][i], h[4][i]};
		if (!l[i].busy)
			continue;
		do {
			blocks(one, l[i].p, l[i].blocks);
			l[i].blocks = 0;
		} while (!lane_done(&l[i]));
		for (int k = 0; k < 5; k++)
			h[k][i] = one[k];
		lane_out(h, i, out[l[i].job]);
	}
}
#endif

void sha1_many(const struct str *in, size_t n, unsigned char (*out)[20])
{
#ifdef SHA1_NI
	if (n >= LANES_LEAST && __builtin_cpu_supports("avx2")) {
		for (size_t i = 0; i < n; i += MANY)
			many_x8(in + i, n - i < MANY ? n - i : MANY, out + i);
		return;
	}
#endif
	for (size_t i = 0; i < n; i++) {
		struct sha1 s;
		sha1_start(&s);
		sha1_add(&s, in[i].p, in[i].n);
		sha1_end(&s, out[i]);
	}
}

void sha1_print(const unsigned char d[20], char out[41])
{
	static const char digits[] = "0123456789abcdef";
	for (int i = 0; i < 20; i++) {
		out[2 * i] = digits[d[i] >> 4];
		out[2 * i + 1] = digits[d[i] & 15];
	}
	out[40] = 0;
}

void sha1_hex(struct str in, char out[41])
{
	struct sha1 s;
	unsigned char d[20];
	sha1_start(&s);
	sha1_add(&s, in.p, in.n);
	sha1_end(&s, d);
	sha1_print(d, out);
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
