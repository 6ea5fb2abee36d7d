#include "filter/quality.h"

#include "core/utf8.h"

#include <math.h>
#include <xxhash.h>

const char *const quality_names[QUALITY_SIGNALS + 1] = {
	"words", "word_length", "hash_ratio", "ellipsis_ratio", "bullet_lines", "ellipsis_lines", "alpha_words", "stop_words", "dup_line_frac", "top_2_gram", "top_3_gram", "top_4_gram",
	"dup_5_grams", "dup_6_grams", "dup_7_grams", "dup_8_grams", "dup_9_grams", "dup_10_grams", "line_punct", "char_dup_ratio", "new_line_ratio", NULL};

/* Counts by 64-bit key; an epoch instead of clearing. */
struct slot {
	uint64_t key;
	uint32_t epoch, count, first;
};

struct quality_work {
	struct words words;
	struct slot *slots;
	uint32_t mask, epoch;
};

struct quality_work *quality_start(void)
{
	struct quality_work *w = own_zalloc(sizeof(*w));
	w->mask = 8191;
	w->slots = own_zalloc((w->mask + 1) * sizeof(*w->slots));
	return w;
}

struct quality_work *quality_stop(struct quality_work *w)
{
	if (!w)
		return NULL;
	free(w->words.v);
	free(w->slots);
	free(w);
	return NULL;
}

/* Room for n keys, all forgotten. */
static void forget(struct quality_work *w, uint32_t n)
{
	if (2 * (uint64_t)n > w->mask) {
		while (2 * (uint64_t)n > w->mask)
			w->mask = 2 * w->mask + 1;
		free(w->slots);
		w->slots = own_zalloc(((size_t)w->mask + 1) * sizeof(*w->slots));
		w->epoch = 0;
	}
	w->epoch++;
}

static struct slot *find(struct quality_work *w, uint64_t key)
{
	uint32_t i = (uint32_t)(key ^ key >> 32) & w->mask;
	while (w->slots[i].epoch == w->epoch && w->slots[i].key != key)
		i = (i + 1) & w->mask;
	struct slot *s = &w->slots[i];
	if (s->epoch != w->epoch)
		*s = (struct slot){.key = key, .epoch = w->epoch};
	return s;
}

static uint64_t gram(const struct word *v, unsigned n)
{
	uint64_t h = n;
	for (unsigned i = 0; i < n; i++)
		h = (h ^ v[i].hash) * 0x9E3779B97F4A7C15u, h ^= h >> 29;
	return h;
}

/* Characters of the most frequent n-gram, joined by spaces, times its count, when it is there twice (the first among equals). */
static float top_gram(struct quality_work *w, unsigned n, float chars)
{
	const struct words *k = &w->words;
	uint32_t best = 0, at = 0;
	if (k->n < n)
		return 0;
	forget(w, k->n);
	for (uint32_t i = 0; i + n <= k->n; i++) {
		struct slot *s = find(w, gram(&k->v[i], n));
		if (!s->count++)
			s->first = i;
	}
	for (uint32_t i = 0; i + n <= k->n; i++) {
		const struct slot *s = find(w, gram(&k->v[i], n));
		if (s->count > best) {
			best = s->count;
			at = s->first;
		}
	}
	uint32_t length = n - 1;
	for (unsigned i = 0; i < n; i++)
		length += k->v[at + i].chars;
	return best > 1 ? (float)length * (float)best / chars : 0;
}

/* Characters in n-grams that were seen before; a repeated one is stepped over whole. */
static float dup_grams(struct quality_work *w, unsigned n, float chars)
{
	const struct words *k = &w->words;
	uint64_t repeated = 0;
	if (k->n < n)
		return 0;
	forget(w, k->n);
	for (uint32_t i = 0; i + n <= k->n;) {
		struct slot *s = find(w, gram(&k->v[i], n));
		if (s->count++) {
			for (unsigned c = 0; c < n; c++)
				repeated += k->v[i + c].chars;
			i += n;
		} else {
			i++;
		}
	}
	return (float)repeated / chars;
}

struct line_counts {
	uint32_t lines, filled, bullets, ellipses, punct, dup_lines;
	uint64_t dup_chars, chars;
};

static bool ends_with_any(struct str s)
{
	static const char *const ends[] = {".", "'", "\"", "!", "?", "…", "”", "’", "»", "。", "؟", ":", ";", ")"};
	for (size_t i = 0; i < 9; i++)
		if (str_ends(s, str_of(ends[i])))
			return true;
	return false;
}

static void one_line(struct quality_work *w, struct str line, struct line_counts *c)
{
	struct str t = str_trim(line);
	c->lines++;
	c->bullets += str_starts(t, STR("•")) || str_starts(t, STR("-"));
	c->ellipses += str_ends(t, STR("...")) || str_ends(t, STR("…"));
	if (!t.n)
		return;
	c->filled++;
	c->punct += ends_with_any(line);
	struct slot *s = find(w, XXH3_64bits(line.p, line.n));
	if (s->count++) {
		c->dup_lines++;
		c->dup_chars += utf8_count(line);
	}
}

static struct line_counts count_lines(struct quality_work *w, struct str text)
{
	struct line_counts c = {0};
	uint32_t n = 1;
	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	forget(w, n);
	for (struct str rest = text; rest.n;) {
		struct str line = str_cut(rest, '\n', &rest);
		c.chars += utf8_count(line);
		one_line(w, line, &c);
	}
	return c;
}

static uint32_t count_of(struct str text, struct str needle)
{
	uint32_t n = 0;
	for (struct str s = text; s.n >= needle.n;) {
		size_t at = str_find(s, needle);
		if (at == s.n)
			break;
		n++;
		s = str_from(s, at + needle.n);
	}
	return n;
}

/* How many of the list occur at all (FineWeb-2's list for por_Latn). */
static uint32_t stop_words(const struct words *k, struct str text)
{
	static const char *const list[] = {"de", "a", "e", "o", "em", "do", "da", "que", "um", "no", "uma", "com", "para", "na", "é", "foi"};
	uint32_t seen = 0;
	for (uint32_t i = 0; i < k->n; i++)
		for (unsigned s = 0; k->v[i].n < 5 && s < 16; s++)
			if (str_eq((struct str){text.p + k->v[i].at, k->v[i].n}, str_of(list[s])))
				seen |= 1u << s;
	return (uint32_t)__builtin_popcount(seen);
}

void quality_measure(struct quality_work *w, struct str text, float out[QUALITY_SIGNALS])
{
	struct words *k = &w->words;
	text = str_trim(text);
	words_split(k, text);
	float chars = (float)utf8_count(text), n = (float)k->n, real = 0, length = 0, alpha = 0;
	for (int i = 0; i < QUALITY_SIGNALS; i++)
		out[i] = 0;
	if (!k->n)
		return;
	for (uint32_t i = 0; i < k->n; i++) {
		real += !k->v[i].symbol;
		length += k->v[i].symbol ? 0 : (float)k->v[i].chars;
		alpha += k->v[i].alpha;
	}
	struct line_counts c = count_lines(w, text);
	out[Q_WORDS] = real;
	out[Q_WORD_LENGTH] = real > 0 ? length / real : 0;
	out[Q_HASH_RATIO] = (float)count_of(text, STR("#")) / n;
	out[Q_ELLIPSIS_RATIO] = (float)(count_of(text, STR("...")) + count_of(text, STR("…"))) / n;
	out[Q_BULLET_LINES] = (float)c.bullets / (float)c.lines;
	out[Q_ELLIPSIS_LINES] = (float)c.ellipses / (float)c.lines;
	out[Q_ALPHA_WORDS] = alpha / n;
	out[Q_STOP_WORDS] = (float)stop_words(k, text);
	out[Q_DUP_LINES] = c.filled ? (float)c.dup_lines / (float)c.filled : 0;
	for (unsigned i = 2; i <= 4; i++)
		out[Q_TOP_2 + i - 2] = top_gram(w, i, chars);
	for (unsigned i = 5; i <= 10; i++)
		out[Q_DUP_5 + i - 5] = dup_grams(w, i, chars);
	out[Q_LINE_PUNCT] = c.filled ? (float)c.punct / (float)c.filled : 0;
	out[Q_CHAR_DUP] = c.chars ? (float)c.dup_chars / (float)c.chars : 0;
	out[Q_NEW_LINES] = (float)(c.lines - 1) / n;
}

void quality_preset(enum quality_preset p, struct quality_bound b[QUALITY_SIGNALS])
{
	static const float most[][2] = {{Q_HASH_RATIO, .1f}, {Q_ELLIPSIS_RATIO, .1f}, {Q_BULLET_LINES, .9f}, {Q_ELLIPSIS_LINES, .3f}, {Q_DUP_LINES, .287f}, {Q_TOP_2, .371f}, {Q_TOP_3, .191f}, {Q_TOP_4, .163f},
					{Q_DUP_5, .163f}, {Q_DUP_6, .153f}, {Q_DUP_7, .141f}, {Q_DUP_8, .13f}, {Q_DUP_9, .119f}, {Q_DUP_10, .108f}, {Q_CHAR_DUP, .1f}, {Q_NEW_LINES, .186f}};
	for (int i = 0; i < QUALITY_SIGNALS; i++)
		b[i] = (struct quality_bound){NAN, NAN};
	if (p == QUALITY_NONE)
		return;
	for (size_t i = 0; i < sizeof(most) / sizeof(*most); i++)
		b[(int)most[i][0]].most = most[i][1];
	b[Q_WORDS] = (struct quality_bound){p == QUALITY_AMALIA ? 15 : 50, 100000};
	b[Q_WORD_LENGTH] = (struct quality_bound){3, 13};
	b[Q_ALPHA_WORDS].least = .814f;
	b[Q_STOP_WORDS].least = 2;
	b[Q_LINE_PUNCT].least = .077f;
}

enum quality_signal quality_judge(const float s[QUALITY_SIGNALS], const struct quality_bound b[QUALITY_SIGNALS])
{
	for (int i = 0; i < QUALITY_SIGNALS; i++)
		if (s[i] < b[i].least || s[i] > b[i].most)
			return (enum quality_signal)i;
	return QUALITY_SIGNALS;
}
