/* The perplexity model: words and pairs of words of a user's text counted, a tenth of the texts held back. */
#include "filter/train.h"

#include "core/own.h"
#include "core/zin.h"
#include "core/zout.h"
#include "filter/labelled.h"
#include "filter/lessons.h"
#include "filter/perplexity.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <xxhash.h>

enum { HELD = 10, WORDS_MOST = 20 << 20, WORDS_LEAST = 1000, HELD_MOST = 2000 };

struct gram {
	uint64_t key, before, word; /* before 0: a word alone */
	uint32_t count, kinds;	    /* of a word: different words behind it */
};
struct grams {
	struct gram *v;
	size_t n, cap;
};
struct job {
	struct grams grams;
	struct arena *held_a;
	struct str held[HELD_MOST];
	size_t texts, n_held;
	uint64_t total, digest; /* words learned from */
	struct words words;
	uint64_t seed;
};

static struct gram *place(const struct grams *g, uint64_t key)
{
	size_t i = (size_t)(key * 0x9E3779B97F4A7C15u >> 20) & (g->cap - 1);
	while (g->v[i].count && g->v[i].key != key)
		i = (i + 1) & (g->cap - 1);
	return &g->v[i];
}

static void grow(struct grams *g)
{
	struct grams old = *g;
	g->cap = old.cap ? 2 * old.cap : 1 << 16;
	g->v = own_zalloc(g->cap * sizeof(*g->v));
	for (size_t i = 0; i < old.cap; i++)
		if (old.v[i].count)
			*place(g, old.v[i].key) = old.v[i];
	free(old.v);
}

/* true: it was not there before. */
static bool count(struct grams *g, uint64_t key, uint64_t before, uint64_t word)
{
	if (2 * (g->n + 1) > g->cap)
		grow(g);
	struct gram *x = place(g, key);
	bool fresh = !x->count;
	if (fresh) {
		*x = (struct gram){.key = key, .before = before, .word = word};
		g->n++;
	}
	x->count++;
	return fresh;
}

static void learn_from(struct job *j, struct str text)
{
	const struct words *w = &j->words;
	words_split(&j->words, text);
	for (uint32_t i = 0; i < w->n; i++) {
		uint64_t hash = w->v[i].hash;
		count(&j->grams, hash, 0, hash);
		if (i && count(&j->grams, perplexity_pair(w->v[i - 1].hash, hash), w->v[i - 1].hash, hash))
			place(&j->grams, w->v[i - 1].hash)->kinds++;
	}
	j->total += w->n;
}

static int read_file(struct job *j, const char *path, struct err *e)
{
	_cleanup_(zin_freep) struct zin *z = NULL;
	_cleanup_(arena_freep) struct arena *a = arena_new(0);
	struct str s;
	int rc = zin_open(&z, path, e);
	while (!rc && j->total < WORDS_MOST && (rc = zin_line(z, LESSONS_LINE_MAX, &s, e)) > 0) {
		rc = 0;
		j->digest = XXH3_64bits_withSeed(s.p, s.n, j->digest);
		arena_reset(a, 1 << 22);
		struct labelled x = labelled_line(s, a);
		if (!x.text.n || str_eq(x.label, STR("bad")))
			continue;
		j->texts++;
		if (XXH3_64bits_withSeed(x.text.p, x.text.n, j->seed) % HELD != 0)
			learn_from(j, x.text);
		else if (j->n_held < HELD_MOST)
			j->held[j->n_held++] = arena_str(j->held_a, x.text);
	}
	return rc;
}

/* ---- the table ---- */

static uint8_t steps(double p)
{
	double s = -log2(p) * PERPLEXITY_STEPS;
	return (uint8_t)(s < 0 ? 0 : s > 255 ? 255 : lrint(s));
}

/* Words before pairs, frequent ones first: what comes when a bucket is full is left out. */
static int by_use(const void *x, const void *y)
{
	const struct gram *a = x, *b = y;
	if (!a->before != !b->before)
		return a->before ? 1 : -1;
	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return (a->key > b->key) - (a->key < b->key);
}

static bool put(struct perplexity_entry *v, uint32_t bits, uint64_t key, uint8_t cost, uint8_t leave)
{
	uint64_t h = key * 0xD6E8FEB86659FD93u;
	struct perplexity_entry *b = v + (h >> (64 - bits)) * PERPLEXITY_WAYS;
	if (perplexity_find(v, bits, key))
		return false;
	for (int i = 0; i < PERPLEXITY_WAYS; i++)
		if (!b[i].tag) {
			b[i] = (struct perplexity_entry){(uint16_t)(h | 1), cost, leave};
			return true;
		}
	return false;
}

/* Bits of an unknown word: the share of words seen once, over the words that might come. */
static double unknown_bits(const struct gram *v, size_t n, uint64_t total)
{
	uint64_t once = 1, words = 1;
	for (size_t i = 0; i < n && !v[i].before; i++) {
		once += v[i].count == 1;
		words++;
	}
	return -log2((double)once / (double)total) + log2((double)words);
}

static size_t fill(struct job *j, struct perplexity_entry *v, uint32_t bits, uint32_t *unknown)
{
	struct grams *g = &j->grams;
	struct gram *list = own_alloc((g->n + 1) * sizeof(*list));
	size_t n = 0, in = 0, most = (size_t)PERPLEXITY_WAYS << bits;
	for (size_t i = 0; i < g->cap; i++)
		if (g->v[i].count)
			list[n++] = g->v[i];
	qsort(list, n, sizeof(*list), by_use);
	double rare = unknown_bits(list, n, j->total), total = (double)j->total;
	*unknown = steps(exp2(-rare));
	for (size_t i = 0; i < n; i++) {
		const struct gram *x = &list[i];
		const struct gram *word = x->before ? place(g, x->word) : x, *before = x->before ? place(g, x->before) : x;
		double alone = (double)word->count / (total + 1), kinds = before->kinds + 1;
		double leave = kinds / (before->count + kinds);
		if (x->before)
			in += put(v, bits, x->key, steps(x->count / (before->count + kinds) + leave * alone), 0);
		else if (in < most / 2)
			in += put(v, bits, x->key, steps(alone), steps(leave));
	}
	free(list);
	return in;
}

/* ---- held back ---- */

/* The same words in another order: what a model that knows pairs must find stranger. */
static void shuffle(struct words *w, uint64_t seed)
{
	for (uint32_t i = w->n; i > 1; i--) {
		uint32_t k = (uint32_t)(XXH3_64bits_withSeed(&i, sizeof(i), seed) % i);
		struct word x = w->v[i - 1];
		w->v[i - 1] = w->v[k];
		w->v[k] = x;
	}
}

static double ask_held(struct job *j, const struct perplexity *m, bool mixed, size_t *stranger)
{
	double sum = 0, n = 0;
	*stranger = 0;
	for (size_t i = 0; i < j->n_held; i++) {
		words_split(&j->words, j->held[i]);
		double bits = perplexity_bits(m, &j->words);
		if (isnan(bits))
			continue;
		double plain = bits;
		if (mixed) {
			shuffle(&j->words, j->seed);
			bits = perplexity_bits(m, &j->words);
			*stranger += bits > plain;
		}
		sum += bits * j->words.n;
		n += j->words.n;
	}
	return n > 0 ? exp2(sum / n) : NAN;
}

static int save(struct job *j, const struct train_conf *conf, const char *out, train_say *say, struct err *e)
{
	uint32_t bits = conf->bits ? (uint32_t)conf->bits : 17, head[4] = {bits, 0, 0, 0};
	size_t bytes = sizeof(struct perplexity_entry) * PERPLEXITY_WAYS << bits, stranger;
	struct perplexity_entry *v = own_zalloc(bytes);
	char notes[512];
	struct zout *z;
	size_t in = fill(j, v, bits, &head[2]);
	struct perplexity m = {.entries = v, .bits = bits, .unknown = head[2]};
	double plain = ask_held(j, &m, false, &stranger), mixed = ask_held(j, &m, true, &stranger);
	int n = snprintf(notes, sizeof(notes),
			 "{\"task\":\"perplexity\",\"texts\":%zu,\"words\":%" PRIu64 ",\"kept\":%zu,\"of\":%zu,\"held\":%zu,\"held_perplexity\":%.1f,\"held_shuffled\":%.1f,\"held_told\":%.4f"
			 ",\"data_xxh3\":\"%016" PRIx64 "\",\"bits\":%u,\"seed\":%" PRIu64 "}",
			 j->texts, j->total, in, j->grams.n, j->n_held, plain, mixed, (double)stranger / (double)(j->n_held ? j->n_held : 1), j->digest, bits, conf->seed);
	head[1] = (uint32_t)n;
	say(notes);
	int rc = zout_open(&z, out, 0, e);
	if (!rc) {
		rc = zout_write(z, "PNLPPL01", 8, e);
		rc = rc ? rc : zout_write(z, head, sizeof(head), e);
		rc = rc ? rc : zout_write(z, v, bytes, e);
		rc = rc ? rc : zout_write(z, notes, (size_t)n, e);
		if (rc)
			zout_free(z);
		else
			rc = zout_commit(z, e);
	}
	free(v);
	return rc;
}

int train_perplexity(const char *const *paths, size_t n, const char *out, const struct train_conf *conf, train_say *say, struct err *e)
{
	struct job *j = own_zalloc(sizeof(*j));
	int rc = 0;
	j->seed = conf->seed;
	j->held_a = arena_new(0);
	grow(&j->grams);
	for (size_t i = 0; i < n && !rc; i++)
		rc = read_file(j, paths[i], e);
	if (!rc && j->total < WORDS_LEAST)
		rc = err_at(e, ERR_USAGE, (struct where){n ? paths[0] : NULL, WHERE_NONE}, "only %" PRIu64 " words to learn from", j->total);
	if (!rc)
		rc = save(j, conf, out, say, e);
	arena_free(j->held_a);
	words_free(&j->words);
	free(j->grams.v);
	free(j);
	return rc;
}
