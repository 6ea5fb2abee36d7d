#include "dedup/minhash.h"

#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

void minhash_plain(const struct minhash *m, const uint32_t *x, size_t n, uint32_t *out)
{
	memset(out, 0xFF, m->n * sizeof(*out));
	for (size_t i = 0; i < n; i++)
		for (unsigned k = 0; k < m->n; k++) {
			uint32_t h = (x[i] ^ m->mask[k]) * m->odd[k];
			out[k] = h < out[k] ? h : out[k];
		}
}

#if defined(__x86_64__)
/* A tile of two registers at a time stays in registers over all of x; x goes by in pairs, so that four products are under way. */
__attribute__((target("avx2"))) void minhash_avx2(const struct minhash *m, const uint32_t *x, size_t n, uint32_t *out)
{
	for (unsigned k = 0; k < m->n; k += MINHASH_TILE) {
		__m256i mask0 = _mm256_loadu_si256((const __m256i *)(m->mask + k)), mask1 = _mm256_loadu_si256((const __m256i *)(m->mask + k + 8));
		__m256i odd0 = _mm256_loadu_si256((const __m256i *)(m->odd + k)), odd1 = _mm256_loadu_si256((const __m256i *)(m->odd + k + 8));
		__m256i a0 = _mm256_set1_epi32(-1), a1 = a0, b0 = a0, b1 = a0;
		size_t i = 0;
		for (; i + 1 < n; i += 2) {
			__m256i u = _mm256_set1_epi32((int)x[i]), v = _mm256_set1_epi32((int)x[i + 1]);
			a0 = _mm256_min_epu32(a0, _mm256_mullo_epi32(_mm256_xor_si256(u, mask0), odd0));
			a1 = _mm256_min_epu32(a1, _mm256_mullo_epi32(_mm256_xor_si256(u, mask1), odd1));
			b0 = _mm256_min_epu32(b0, _mm256_mullo_epi32(_mm256_xor_si256(v, mask0), odd0));
			b1 = _mm256_min_epu32(b1, _mm256_mullo_epi32(_mm256_xor_si256(v, mask1), odd1));
		}
		if (i < n) {
			__m256i u = _mm256_set1_epi32((int)x[i]);
			a0 = _mm256_min_epu32(a0, _mm256_mullo_epi32(_mm256_xor_si256(u, mask0), odd0));
			a1 = _mm256_min_epu32(a1, _mm256_mullo_epi32(_mm256_xor_si256(u, mask1), odd1));
		}
		_mm256_storeu_si256((__m256i *)(out + k), _mm256_min_epu32(a0, b0));
		_mm256_storeu_si256((__m256i *)(out + k + 8), _mm256_min_epu32(a1, b1));
	}
}
#else
void minhash_avx2(const struct minhash *m, const uint32_t *x, size_t n, uint32_t *out)
{
	minhash_plain(m, x, n, out);
}
#endif

/* SplitMix64 (Steele, Lea, Flood 2014), from a fixed seed. */
static uint64_t next(uint64_t *s)
{
	uint64_t z = *s += 0x9E3779B97F4A7C15u;
	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

struct minhash *minhash_new(unsigned n)
{
	struct minhash *m = own_zalloc(sizeof(*m));
	uint64_t s = 0x50656E65697261u;
	m->n = (n + MINHASH_TILE - 1) / MINHASH_TILE * MINHASH_TILE;
	for (unsigned k = 0; k < m->n; k++) {
		m->odd[k] = (uint32_t)next(&s) | 1;
		m->mask[k] = (uint32_t)next(&s);
	}
	m->kernel = minhash_plain;
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2"))
		m->kernel = minhash_avx2;
#endif
	return m;
}

struct minhash *minhash_free(struct minhash *m)
{
	free(m);
	return NULL;
}
