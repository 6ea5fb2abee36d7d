#include "filter/page.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

const char *const page_names[PAGE_SIGNALS + 1] = {"placeholder", "adult", "toxic", "places", "link_words", NULL};
const double page_most[PAGE_SIGNALS] = {.02, .03, .03, .25, .15};

enum { TITLE_WEIGHT = 2 };

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

void page_measure(const struct words *w, const uint32_t found[LEX_KINDS], struct str text, uint32_t title_hits, double out[PAGE_SIGNALS])
{
	uint32_t real = 0;
	for (uint32_t i = 0; i < w->n; i++)
		real += !w->v[i].symbol;
	double n = real ? real : 1;
	out[PAGE_PLACEHOLDER] = (found[LEX_PLACEHOLDER] + TITLE_WEIGHT * title_hits) / n;
	out[PAGE_ADULT] = found[LEX_ADULT] / n;
	out[PAGE_TOXIC] = found[LEX_TOXIC] / n;
	out[PAGE_PLACES] = found[LEX_PLACE] / n;
	out[PAGE_LINKS] = count_links(w, text) / n;
}
