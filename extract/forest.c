#include "extract/forest.h"

#include <assert.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

typedef uint8_t bytes __attribute__((vector_size(16)));
typedef int16_t shorts __attribute__((vector_size(16)));

/* Sixteen rows, turned: lane k of column[j] is feature j of row k. Rows past the end repeat the last. */
static void turn(const struct forest *f, const uint8_t *rows, size_t stride, size_t n, bytes *column)
{
	for (unsigned j = 0; j < f->n_features; j++) {
		const uint8_t *at = rows + f->features[j];
		for (unsigned k = 0; k < FOREST_LANES; k++)
			column[j][k] = at[stride * (k < n ? k : n - 1)];
	}
}

static void add_tree(const struct forest_tree *t, const bytes *column, shorts *low, shorts *high)
{
	bytes left = ~(bytes){0};
	for (unsigned i = 0; i < FOREST_LEAVES - 1; i++) {
		bytes holds = (bytes)(column[t->feature[i]] > (uint8_t)t->above[i]);
		left &= ~holds | t->left[i];
	}
	left &= -left;
	for (unsigned i = 0; i < FOREST_LEAVES; i++) {
		bytes here = (bytes)(left == (uint8_t)(1u << i));
		/* A byte of ones becomes a short of ones. */
		shorts a = (shorts)__builtin_shuffle(here, (bytes){0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7});
		shorts b = (shorts)__builtin_shuffle(here, (bytes){8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15});
		*low += a & t->value[i];
		*high += b & t->value[i];
	}
}

static void score_plain(const struct forest *f, const uint8_t *rows, size_t stride, size_t n, int16_t *scores)
{
	bytes column[256];
	for (size_t at = 0; at < n; at += FOREST_LANES) {
		size_t left = n - at;
		shorts low = (shorts){0} + f->start, high = low;
		turn(f, rows + at * stride, stride, left, column);
		for (unsigned i = 0; i < f->n_trees; i++)
			add_tree(&f->trees[i], column, &low, &high);
		for (unsigned k = 0; k < FOREST_LANES && k < left; k++)
			scores[at + k] = k < 8 ? low[k] : high[k - 8];
	}
}

/* ---- the same for AVX2: 32 rows at a time, values looked up by byte shuffles ---- */

#ifdef __x86_64__
#define AVX2 __attribute__((target("avx2")))
enum { WIDE = 2 * FOREST_LANES };

/* Sixteen bytes of each of sixteen rows, turned: four rounds of interleaving. */
static void turn_16(const uint8_t *const *row, size_t at, uint8_t (*column)[WIDE])
{
	__m128i v[16], u[16];
	for (unsigned k = 0; k < 16; k++)
		v[k] = _mm_loadu_si128((const __m128i *)(const void *)(row[k] + at));
	for (unsigned round = 0; round < 4; round++) {
		for (unsigned k = 0; k < 8; k++) {
			u[2 * k] = _mm_unpacklo_epi8(v[k], v[k + 8]);
			u[2 * k + 1] = _mm_unpackhi_epi8(v[k], v[k + 8]);
		}
		memcpy(v, u, sizeof(v));
	}
	for (unsigned k = 0; k < 16; k++)
		_mm_store_si128((__m128i *)(void *)column[at + k], v[k]);
}

/* All `stride` columns of 32 rows; the last ones, less than sixteen, byte by byte. */
static void turn_wide(const uint8_t *rows, size_t stride, size_t n, uint8_t (*column)[WIDE])
{
	const uint8_t *row[WIDE];
	for (unsigned k = 0; k < WIDE; k++)
		row[k] = rows + stride * (k < n ? k : n - 1);
	size_t at = 0;
	for (; at + 16 <= stride; at += 16) {
		turn_16(row, at, column);
		turn_16(row + 16, at, (uint8_t(*)[WIDE])(column[0] + 16));
	}
	for (; at < stride; at++)
		for (unsigned k = 0; k < WIDE; k++)
			column[at][k] = row[k][at];
}

/* The number of the lowest bit of each byte, 0 to 7. */
AVX2 static __m256i lowest_bit(__m256i v)
{
	const __m256i of = _mm256_setr_epi8(8, 0, 1, 0, 2, 0, 1, 0, 3, 0, 1, 0, 2, 0, 1, 0, 8, 0, 1, 0, 2, 0, 1, 0, 3, 0, 1, 0, 2, 0, 1, 0), low = _mm256_set1_epi8(15);
	__m256i a = _mm256_shuffle_epi8(of, _mm256_and_si256(v, low));
	__m256i b = _mm256_shuffle_epi8(of, _mm256_and_si256(_mm256_srli_epi16(v, 4), low));
	return _mm256_min_epu8(a, _mm256_add_epi8(b, _mm256_set1_epi8(4)));
}

AVX2 static void score_avx2(const struct forest *f, const uint8_t *rows, size_t stride, size_t n, int16_t *scores)
{
	_Alignas(32) uint8_t column[FOREST_STRIDE_MAX][WIDE];
	for (size_t at = 0; at < n; at += WIDE) {
		size_t left = n - at;
		__m256i first = _mm256_set1_epi16(f->start), second = first;
		turn_wide(rows + at * stride, stride, left, column);
		for (unsigned i = 0; i < f->n_trees; i++) {
			const struct forest_tree *t = &f->trees[i];
			__m256i leaves = _mm256_set1_epi8(-1);
			for (unsigned k = 0; k < FOREST_LEAVES - 1; k++) {
				__m256i c = _mm256_load_si256((const __m256i *)column[f->features[t->feature[k]]]), above = _mm256_set1_epi8((char)t->above[k]);
				__m256i fails = _mm256_cmpeq_epi8(_mm256_max_epu8(c, above), above);
				leaves = _mm256_and_si256(leaves, _mm256_or_si256(fails, _mm256_set1_epi8((char)t->left[k])));
			}
			/* The values' bytes, low ones first: 16 bytes, the table of a shuffle. */
			__m128i values;
			memcpy(&values, t->value, sizeof(values));
			__m256i table = _mm256_broadcastsi128_si256(values), leaf = lowest_bit(leaves);
			__m256i twice = _mm256_add_epi8(leaf, leaf), next = _mm256_or_si256(twice, _mm256_set1_epi8(1));
			__m256i lows = _mm256_shuffle_epi8(table, twice), highs = _mm256_shuffle_epi8(table, next);
			first = _mm256_add_epi16(first, _mm256_unpacklo_epi8(lows, highs));
			second = _mm256_add_epi16(second, _mm256_unpackhi_epi8(lows, highs));
		}
		int16_t sums[WIDE]; /* unpacking left rows 0-7 and 16-23 in the first, 8-15 and 24-31 in the second */
		memcpy(sums, &first, 32);
		memcpy(sums + 16, &second, 32);
		for (unsigned k = 0; k < WIDE && k < left; k++)
			scores[at + k] = sums[(k & 7) + (k & 8) * 2 + (k & 16) / 2];
	}
}
#endif

void forest_score(const struct forest *f, const uint8_t *rows, size_t stride, size_t n, int16_t *scores)
{
	assert(f->n_features <= 256);
#ifdef __x86_64__
	if (stride <= FOREST_STRIDE_MAX && __builtin_cpu_supports("avx2")) {
		score_avx2(f, rows, stride, n, scores);
		return;
	}
#endif
	score_plain(f, rows, stride, n, scores);
}

void forest_plain(const struct forest *f, const uint8_t *rows, size_t stride, size_t n, int16_t *scores)
{
	score_plain(f, rows, stride, n, scores);
}

/* The logistic function at the middle of each of 128 steps of 1/8 from -8 to 8. */
uint8_t forest_likelihood(int16_t score)
{
	static const uint8_t table[128] = {
#include "extract/tables/logistic.inc"
	};
	int at = (score + 8 * FOREST_ONE) / (FOREST_ONE / 8);
	return table[at < 0 ? 0 : at > 127 ? 127 : at];
}
