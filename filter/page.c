#include "filter/page.h"

#include "core/own.h"

#include <math.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

const char *const page_names[PAGE_SIGNALS + 1] = {"placeholder", "adult", "toxic", "places", "link_words", "key_phrase", "foreign_words", "link_density", NULL};
const double page_most[PAGE_SIGNALS] = {.02, .03, .03, .25, .15, .15, .12, NAN};

enum { TITLE_WEIGHT = 2 };
static const double key_phrase_told = .02; /* smaller shares are 0: of what any text repeats there is no use */

static bool is_link(struct str s)
{
	char c = s.p[0];
	return ((c == 'h' || c == 'H') && str_starts_ci(s, STR("http"))) || ((c == 'w' || c == 'W') && str_starts_ci(s, STR("www.")));
}

/* The number of the word that begins at byte `at`; w->n when none does. */
static uint32_t word_at(const struct words *w, size_t at)
{
	uint32_t lo = 0, hi = w->n;
	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;
		if (w->v[mid].at < at)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < w->n && w->v[lo].at == at ? lo : w->n;
}

/* Where "ht" or "ww" is next, from i on, in any case; text.n when nowhere. */
static size_t next_pair(struct str text, size_t i)
{
#ifdef __SSE2__
	for (; text.n - i > 16; i += 16) {
		const __m128i low = _mm_set1_epi8(32);
		__m128i a = _mm_or_si128(_mm_loadu_si128((const __m128i *)(text.p + i)), low), b = _mm_or_si128(_mm_loadu_si128((const __m128i *)(text.p + i + 1)), low);
		__m128i ht = _mm_and_si128(_mm_cmpeq_epi8(a, _mm_set1_epi8('h')), _mm_cmpeq_epi8(b, _mm_set1_epi8('t')));
		__m128i ww = _mm_and_si128(_mm_cmpeq_epi8(a, _mm_set1_epi8('w')), _mm_cmpeq_epi8(b, _mm_set1_epi8('w')));
		int m = _mm_movemask_epi8(_mm_or_si128(ht, ww));
		if (m)
			return i + (size_t)__builtin_ctz((unsigned)m);
	}
#endif
	for (; i + 1 < text.n; i++) {
		unsigned char a = str_lower1((unsigned char)text.p[i]), b = str_lower1((unsigned char)text.p[i + 1]);
		if ((a == 'h' && b == 't') || (a == 'w' && b == 'w'))
			return i;
	}
	return text.n;
}

/* Words that are addresses of pages. */
static uint32_t count_links(const struct words *w, struct str text)
{
	uint32_t n = 0;
	for (size_t i = 0; (i = next_pair(text, i)) < text.n; i++) {
		uint32_t k = is_link(str_from(text, i)) ? word_at(w, i) : w->n;
		n += k < w->n && w->v[k].n > 6;
	}
	return n;
}

uint32_t page_title(const struct lexicon *l, struct words *scratch, struct str title)
{
	uint32_t found[LEX_KINDS];
	if (!title.n)
		return 0;
	words_split(scratch, title);
	lexicon_count(l, scratch, 0, scratch->n, found);
	return found[LEX_PLACEHOLDER];
}

/* ---- one phrase over and over ---- */

enum { PAIR_BITS_MIN = 8, PAIR_BITS_MAX = 13, CONTENT_BYTES = 5 };

/* Hardly any function word is so long, and hardly any content word shorter. */
static bool is_content(const struct word *w)
{
	return w->alpha & (w->n >= CONTENT_BYTES);
}

static uint64_t pair_key(uint64_t before, uint64_t word)
{
	return (before ^ before >> 29) * 3 + word;
}

static uint32_t pair_slot(uint64_t key, uint32_t bits)
{
	return (uint32_t)(key * 0x9E3779B97F4A7C15u >> (64 - bits));
}

/* How often the most frequent of the pairs is there whose counter is `least` or more; `asked`: how many of those there are. */
static uint32_t count_pairs(const struct words *w, const uint32_t *counter, uint32_t bits, uint32_t least, uint32_t asked, struct repeat *seen)
{
	uint32_t *count = own_zalloc(asked * sizeof(*count)), best = 0;
	uint64_t before = 0;
	repeat_forget(seen, asked);
	for (uint32_t i = 0; i < w->n; i++) {
		if (!is_content(&w->v[i]))
			continue;
		uint64_t key = pair_key(before, w->v[i].hash);
		before = w->v[i].hash;
		if (counter[pair_slot(key, bits)] < least)
			continue;
		uint32_t n = ++count[repeat_find(seen, key)];
		best = n > best ? n : best;
	}
	free(count);
	return best;
}

/* How often the most frequent pair of content words is there, whatever stands between them. A pair is not more frequent than its counter,
 * which others share by chance; so only those whose counter is high are counted one by one. 0: fewer than least_told. */
static uint32_t most_frequent_pair(const struct words *w, uint32_t least_told, struct repeat *seen)
{
	uint32_t counter[(1 << PAIR_BITS_MAX) + 1], bits = PAIR_BITS_MIN, high = 0, best = 0;
	uint64_t before = 0;
	while (bits < PAIR_BITS_MAX && 1u << bits < w->n)
		bits++;
	const uint32_t slots = 1u << bits;
	memset(counter, 0, (slots + 1) * sizeof(*counter));
	/* Without a branch: whether a word is one of content, nobody can foresee. The last counter is nobody's. */
	for (uint32_t i = 0; i < w->n; i++) {
		uint64_t hash = w->v[i].hash, content = -(uint64_t)is_content(&w->v[i]);
		uint32_t slot = pair_slot(pair_key(before, hash), bits);
		counter[(slot & content) | (slots & ~content)]++;
		before = (hash & content) | (before & ~content);
	}
	for (uint32_t s = 0; s < slots; s++)
		high = counter[s] > high ? counter[s] : high;
	if (high < least_told)
		return 0;
	for (uint32_t least = high - high / 4; high > 1 && best < least; least = best) {
		uint32_t asked = 0;
		for (uint32_t s = 0; s < slots; s++)
			asked += counter[s] >= least ? counter[s] : 0;
		best = count_pairs(w, counter, bits, least, asked, seen);
		if (best >= least)
			break;
	}
	return best;
}

void page_measure(const struct page_facts *f, struct repeat *seen, double out[PAGE_SIGNALS])
{
	const struct words *w = f->words;
	uint32_t real = 0;
	for (uint32_t i = 0; i < w->n; i++)
		real += !w->v[i].symbol;
	double n = real ? real : 1;
	uint32_t pairs = most_frequent_pair(w, 2 + (uint32_t)(key_phrase_told / 2 * n), seen);
	out[PAGE_PLACEHOLDER] = (f->found[LEX_PLACEHOLDER] + TITLE_WEIGHT * f->title_hits) / n;
	out[PAGE_ADULT] = f->found[LEX_ADULT] / n;
	out[PAGE_TOXIC] = f->found[LEX_TOXIC] / n;
	out[PAGE_PLACES] = f->found[LEX_PLACE] / n;
	out[PAGE_LINKS] = count_links(w, f->text) / n;
	out[PAGE_KEY_PHRASE] = pairs > 1 ? 2 * (pairs - 1) / n : 0;
	out[PAGE_FOREIGN] = f->found[LEX_FOREIGN] / n;
	out[PAGE_DENSITY] = (double)f->links / n;
}
