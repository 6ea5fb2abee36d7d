#include "filter/c4.h"

#include "core/utf8.h"
#include "filter/ending.h"

enum { WORD_MAX = 1000, LEAST_WORDS = 3 };

/* Without white space at the ends; words between white space, and the longest in characters. */
static struct str measure(struct str s, uint32_t *words, uint32_t *longest)
{
	const char *first = NULL, *last = s.p, *end = s.p + s.n;
	uint32_t run = 0;
	*words = *longest = 0;
	for (const char *p = s.p; p < end;) {
		const char *at = p;
		if (words_is_space(utf8_next(&p, end))) {
			run = 0;
			continue;
		}
		first = first ? first : at;
		last = p;
		*words += run++ == 0;
		*longest = run > *longest ? run : *longest;
	}
	return first ? str_range(first, last) : (struct str){s.p, 0};
}

/* Length of [12], [], [edit], [citation needed] at p. */
static size_t citation(struct str s)
{
	size_t n = 1;
	if (str_starts(s, STR("[edit]")))
		return 6;
	if (str_starts(s, STR("[citation needed]")))
		return 17;
	while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
		n++;
	return n < s.n && s.p[n] == ']' ? n + 1 : 0;
}

static void add_line(struct buf *out, struct str line)
{
	while (line.n) {
		size_t n = line.p[0] == '[' ? citation(line) : 0;
		if (!n)
			buf_byte(out, line.p[0]);
		line = str_from(line, n ? n : 1);
	}
}

static bool ends_well(struct str s)
{
	char c = s.n ? s.p[s.n - 1] : 0;
	return (c == '.' || c == '?' || c == '!' || c == '"' || c == '\'') && !str_ends(s, STR("..."));
}

static bool is_policy(struct str s)
{
	static const char *const phrases[] = {"terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies"};
	for (size_t i = 0; i < sizeof(phrases) / sizeof(*phrases); i++)
		if (str_find_ci(s, str_of(phrases[i])) < s.n)
			return true;
	return false;
}

/* spaCy's sentencizer: a sentence begins at the first word that is no punctuation behind one that ends a sentence. White space of more
 * than a blank is a word there. */
static uint32_t count_sentences(struct words *w, struct str s)
{
	uint32_t n = 1, end = 0;
	bool over = false;
	words_split(w, s);
	for (uint32_t i = 0; i < w->n; i++) {
		const struct word *k = &w->v[i];
		const char *p = s.p + k->at, *stop = p + k->n;
		bool punct = true, wide_gap = i && k->at - end > (s.p[end] == ' ');
		uint32_t c = utf8_next(&p, stop);
		bool ending = p == stop && words_is_sentence(c);
		punct = words_is_punct(c);
		while (p < stop)
			punct &= words_is_punct(utf8_next(&p, stop));
		if (over && (wide_gap || (!punct && !ending))) {
			n++;
			over = false;
		}
		over |= ending;
		end = k->at + k->n;
	}
	return n;
}

enum c4_verdict c4_clean(struct str text, struct words *w, struct buf *out, uint32_t *sentences)
{
	const char *from = text.p, *end = text.p + text.n;
	uint32_t words, longest;
	*sentences = 0;
	buf_clear(out);
	for (const char *p = from; p <= end;) {
		size_t n = p < end ? ending_at(p, end) : 1, begin = out->n;
		if (!n) {
			p++;
			continue;
		}
		struct str line = measure(str_range(from, p), &words, &longest);
		p += n;
		from = p;
		if (longest > WORD_MAX)
			continue;
		add_line(out, line);
		struct str kept = {out->p + begin, out->n - begin};
		bool stays = ends_well(kept) && words >= LEAST_WORDS;
		if (stays && str_find_ci(kept, STR("lorem ipsum")) < kept.n)
			return C4_LOREM;
		stays = stays && str_find_ci(kept, STR("javascript")) == kept.n;
		if (stays && memchr(kept.p, '{', kept.n))
			return C4_CURLY;
		if (!stays || is_policy(kept)) {
			out->n = begin;
			continue;
		}
		*sentences += count_sentences(w, kept);
		buf_byte(out, '\n');
	}
	/* The last LF, and blanks that a citation left at the beginning. */
	struct str all = measure(buf_view(out), &words, &longest);
	if (all.n)
		memmove(out->p, all.p, all.n);
	out->n = all.n;
	return *sentences < C4_LEAST_SENTENCES ? C4_SENTENCES : C4_KEEP;
}
