#include "dedup/sign.h"

#include "core/own.h"
#include "core/utf8.h"
#include "core/zin.h"
#include "core/zout.h"

#include <unicode/uchar.h>
#include <xxhash.h>

static const char magic[8] = "PNSIGN01";
enum { SIGN_FILE_MAX_LOG = 36 };

struct sign_work {
	uint64_t *words;
	uint32_t *shingles;
	size_t cap;
	bool avx2;
};

/* Odd multipliers and masks, from a fixed generator (SplitMix64). */
static uint32_t multiplier[SIGN_HASHES], mask[SIGN_HASHES];

__attribute__((constructor)) static void fill_permutations(void)
{
	uint64_t s = 0x50656E65697261u;
	for (int i = 0; i < 2 * SIGN_HASHES; i++) {
		uint64_t z = s += 0x9E3779B97F4A7C15u;
		z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
		z = (z ^ z >> 27) * 0x94D049BB133111EBu;
		z ^= z >> 31;
		if (i < SIGN_HASHES)
			multiplier[i] = (uint32_t)z | 1;
		else
			mask[i - SIGN_HASHES] = (uint32_t)z;
	}
}

static inline __attribute__((always_inline)) void kernel(const uint32_t *x, size_t n, uint32_t *restrict out)
{
	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < SIGN_HASHES; k++) {
			uint32_t h = (x[i] ^ mask[k]) * multiplier[k];
			out[k] = h < out[k] ? h : out[k];
		}
}

void sign_kernel_plain(const uint32_t *x, size_t n, uint32_t out[SIGN_HASHES])
{
	kernel(x, n, out);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) void sign_kernel_avx2(const uint32_t *x, size_t n, uint32_t out[SIGN_HASHES])
{
	kernel(x, n, out);
}
#else
void sign_kernel_avx2(const uint32_t *x, size_t n, uint32_t out[SIGN_HASHES])
{
	kernel(x, n, out);
}
#endif

struct sign_work *sign_start(void)
{
	struct sign_work *w = own_zalloc(sizeof(*w));
#if defined(__x86_64__)
	w->avx2 = __builtin_cpu_supports("avx2");
#endif
	return w;
}

struct sign_work *sign_stop(struct sign_work *w)
{
	if (!w)
		return NULL;
	free(w->words);
	free(w->shingles);
	free(w);
	return NULL;
}

/* Latin letters without their accents; U+00C0 to U+017F. Letters that are none map to themselves. */
static const char base[] = "aaaaaa\0ceeeeiiii\0nooooo\0\0uuuuy\0saaaaaa\0ceeeeiiii\0nooooo\0\0uuuuy\0y"
			   "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/* The letter as it counts in a word; 0 for what separates words. */
static uint32_t letter(uint32_t c)
{
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') ? c : (c >= 'A' && c <= 'Z') ? c + 32 : (c >= '0' && c <= '9') ? '0' : 0;
	if (c < 0xC0)
		return c == 0xAA ? 'a' : c == 0xBA ? 'o' : 0;
	if (c < 0x180) {
		if (c == 0xD7 || c == 0xF7)
			return 0;
		uint32_t b = (unsigned char)base[c - 0xC0];
		return b ? b : c;
	}
	if (c >= 0x300 && c < 0x370)
		return UINT32_MAX; /* a combining mark: not there */
	if (!u_isalnum((UChar32)c))
		return u_charType((UChar32)c) == U_NON_SPACING_MARK ? UINT32_MAX : 0;
	return (uint32_t)u_tolower((UChar32)c);
}

/* Hashes of the normalised words; returns how many. */
static size_t normalise(struct sign_work *w, struct str text)
{
	const char *p = text.p, *end = text.p + text.n;
	uint64_t h = 0;
	size_t n = 0;
	bool in = false, digits = false;
	if (text.n / 2 + 2 > w->cap) {
		w->cap = text.n / 2 + 2;
		w->words = own_grow(w->words, w->cap * sizeof(*w->words));
		w->shingles = own_grow(w->shingles, w->cap * sizeof(*w->shingles));
	}
	while (p < end) {
		uint32_t c = letter((unsigned char)*p < 0x80 ? (uint32_t)(unsigned char)*p++ : utf8_next(&p, end));
		if (c == UINT32_MAX)
			continue;
		if (!c) {
			if (in)
				w->words[n++] = h;
			in = digits = false;
			continue;
		}
		if (!in)
			h = 0x9E3779B97F4A7C15u;
		in = true;
		if (c == '0' && digits)
			continue;
		digits = c == '0';
		h = (h ^ c) * 0xFF51AFD7ED558CCDu;
		h ^= h >> 32;
	}
	if (in)
		w->words[n++] = h;
	return n;
}

void sign_text(struct sign_work *w, struct str text, struct sign *out)
{
	size_t n = normalise(w, text), shingles = n < SIGN_SHINGLE ? 1 : n - SIGN_SHINGLE + 1, each = n < SIGN_SHINGLE ? n : SIGN_SHINGLE;
	out->text = XXH3_64bits(w->words, n * sizeof(*w->words));
	out->length = (uint32_t)text.n;
	out->words = (uint32_t)n;
	memset(out->min, 0xFF, sizeof(out->min));
	if (!n)
		return;
	for (size_t i = 0; i < shingles; i++) {
		uint64_t h = 0;
		for (size_t k = 0; k < each; k++)
			h = (h ^ w->words[i + k]) * 0x9E3779B97F4A7C15u, h ^= h >> 29;
		h *= 0xBF58476D1CE4E5B9u;
		w->shingles[i] = (uint32_t)(h >> 32);
	}
	(w->avx2 ? sign_kernel_avx2 : sign_kernel_plain)(w->shingles, shingles, out->min);
}

float sign_like(const struct sign *a, const struct sign *b)
{
	unsigned same = 0;
	for (int k = 0; k < SIGN_HASHES; k++)
		same += a->min[k] == b->min[k];
	return (float)same / SIGN_HASHES;
}

int sign_write(const char *path, const struct sign *v, size_t n, struct err *e)
{
	struct zout *z;
	uint64_t count = n;
	XXH3_state_t *h = XXH3_createState();
	XXH3_64bits_reset(h);
	XXH3_64bits_update(h, magic, 8);
	XXH3_64bits_update(h, &count, 8);
	XXH3_64bits_update(h, v, n * sizeof(*v));
	uint64_t digest = XXH3_64bits_digest(h);
	XXH3_freeState(h);
	int rc = zout_open(&z, path, 0, e);
	if (rc)
		return rc;
	rc = zout_write(z, magic, 8, e);
	rc = rc ? rc : zout_write(z, &count, 8, e);
	rc = rc ? rc : zout_write(z, v, n * sizeof(*v), e);
	rc = rc ? rc : zout_write(z, &digest, 8, e);
	if (rc) {
		zout_free(z);
		return rc;
	}
	return zout_commit(z, e);
}

int sign_read(const char *path, struct sign **v, size_t *n, struct err *e)
{
	char *bytes;
	size_t size;
	uint64_t count, digest;
	int rc = zin_slurp(path, (size_t)1 << SIGN_FILE_MAX_LOG, &bytes, &size, e);
	if (rc)
		return rc;
	bool ok = size >= 24 && memcmp(bytes, magic, 8) == 0;
	if (ok) {
		memcpy(&count, bytes + 8, 8);
		ok = count <= size / sizeof(**v) && size == 24 + count * sizeof(**v);
	}
	if (ok) {
		memcpy(&digest, bytes + size - 8, 8);
		ok = digest == XXH3_64bits(bytes, size - 8);
	}
	if (!ok) {
		free(bytes);
		return err_at(e, ERR_DATA, (struct where){path, size}, "a signature file that is cut short or damaged; remove it and its mark to have it made again");
	}
	*n = count;
	*v = own_alloc(count * sizeof(**v));
	memcpy(*v, bytes + 16, count * sizeof(**v));
	free(bytes);
	return 0;
}
