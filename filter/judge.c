#include "filter/judge.h"

#include "core/zin.h"

#include <math.h>

const char *const judge_languages[JUDGE_LANGUAGES] = {"por_Latn", "glg_Latn", "spa_Latn", "ast_Latn", "arg_Latn", "cat_Latn",
						      "ita_Latn", "fra_Latn", "ron_Latn", "oci_Latn", "eng_Latn", "other"};
const char *const judge_language_codes[JUDGE_LANGUAGES] = {"pt", "gl", "es", "ast", "an", "ca", "it", "fr", "ro", "oc", "en", ""};

/* Built in by models.S. */
extern const char judge_model_language[], judge_model_language_end[], judge_model_variety[], judge_model_variety_end[];

enum { CACHE = 1 << 15, SEEN = 1 << 16, MODEL_MAX = 64 << 20 };

struct judge {
	struct linear language, variety;
	char *language_bytes, *variety_bytes; /* when read from files */
	float low, high, temperature, slope, slope_by_length, shift;
};

/* What one word adds, by its hash and first bytes. */
struct entry {
	uint32_t hash, n;
	float variety;
	float language[LINEAR_CLASSES_MAX];
};

struct judge_work {
	struct gram gram;
	struct entry *cache;
	struct {
		uint32_t epoch, key;
	} seen[SEEN];
	uint32_t epoch;
};

static int load(struct linear *m, char **bytes, const char *path, const char *from, const char *to, struct err *e)
{
	struct str s = str_range(from, to);
	if (path) {
		size_t n;
		int rc = zin_slurp(path, MODEL_MAX, bytes, &n, e);
		if (rc)
			return rc;
		s = (struct str){*bytes, n};
	}
	return linear_load(m, s, path ? path : "built-in model", e);
}

int judge_open(struct judge **out, const char *language_path, const char *variety_path, float low, float high, struct err *e)
{
	struct judge *j = own_zalloc(sizeof(*j));
	int rc = load(&j->language, &j->language_bytes, language_path, judge_model_language, judge_model_language_end, e);
	if (!rc)
		rc = load(&j->variety, &j->variety_bytes, variety_path, judge_model_variety, judge_model_variety_end, e);
	if (!rc && (j->language.classes != JUDGE_LANGUAGES || j->variety.classes != 1))
		rc = err_at(e, ERR_DATA, (struct where){language_path, 0}, "the models have %u and %u classes, not %d and 1", j->language.classes, j->variety.classes, JUDGE_LANGUAGES);
	if (rc) {
		judge_free(j);
		return rc;
	}
	j->low = low;
	j->high = high;
	j->temperature = (float)linear_note(&j->language, "temperature", 1);
	j->slope = (float)linear_note(&j->variety, "slope", 0);
	j->slope_by_length = (float)linear_note(&j->variety, "slope_by_length", 0);
	j->shift = (float)linear_note(&j->variety, "shift", 0);
	*out = j;
	return 0;
}

struct judge *judge_free(struct judge *j)
{
	if (!j)
		return NULL;
	free(j->language_bytes);
	free(j->variety_bytes);
	free(j);
	return NULL;
}

struct judge_work *judge_start(const struct judge *j)
{
	(void)j;
	struct judge_work *w = own_zalloc(sizeof(*w));
	gram_init(&w->gram);
	w->cache = own_zalloc(CACHE * sizeof(*w->cache));
	return w;
}

struct judge_work *judge_stop(struct judge_work *w)
{
	if (!w)
		return NULL;
	gram_free(&w->gram);
	free(w->cache);
	free(w);
	return NULL;
}

/* Is it the first time that this key is seen in this text? */
static bool first_time(struct judge_work *w, uint32_t key)
{
	uint32_t i = key & (SEEN - 1);
	while (w->seen[i].epoch == w->epoch) {
		if (w->seen[i].key == key)
			return false;
		i = (i + 1) & (SEEN - 1);
	}
	w->seen[i].epoch = w->epoch;
	w->seen[i].key = key;
	return true;
}

static const struct entry *look_up(const struct judge *j, struct judge_work *w, const struct gram_token *t)
{
	struct entry *e = &w->cache[(t->hash >> 3) & (CACHE - 1)];
	if (e->hash == t->hash && e->n == t->n)
		return e;
	uint32_t ids[GRAM_IDS_MAX];
	struct str word = {w->gram.low + t->at, t->n};
	*e = (struct entry){.hash = t->hash, .n = t->n};
	unsigned k = gram_of_word(word, false, ids);
	for (unsigned i = 0; i < k; i++)
		linear_add(&j->variety, ids[i], &e->variety);
	k = gram_of_word(word, true, ids);
	for (unsigned i = 0; i < k; i++)
		linear_add(&j->language, ids[i], e->language);
	return e;
}

static void sum_up(const struct judge *j, struct judge_work *w, float *variety, float *language, uint32_t *distinct)
{
	const struct gram *g = &w->gram;
	uint32_t ids[3];
	w->epoch++;
	for (uint32_t i = 0; i < g->n; i++) {
		const struct gram_token *t = &g->v[i];
		if (!t->mark && first_time(w, t->hash ^ (t->name ? 0x5555u : 0))) {
			const struct entry *e = look_up(j, w, t);
			if (!t->name)
				*variety += e->variety;
			for (uint32_t c = 0; c < JUDGE_LANGUAGES; c++)
				language[c] += e->language[c];
			++*distinct;
		}
		unsigned k = gram_of_place(g, i, ids);
		for (unsigned n = 0; n < k; n++)
			if (first_time(w, ids[n]))
				linear_add(&j->variety, ids[n], variety);
	}
}

/* Softmax over bias + sum / sqrt(distinct words), sharpened by the temperature fitted on held-back text. */
static uint32_t best_language(const struct judge *j, float *x, uint32_t distinct, float *p)
{
	uint32_t best = 0;
	float sum = 0, scale = 1 / sqrtf(1 + (float)distinct);
	for (uint32_t c = 0; c < JUDGE_LANGUAGES; c++) {
		x[c] = x[c] * scale + j->language.bias[c];
		if (x[c] > x[best])
			best = c;
	}
	for (uint32_t c = 0; c < JUDGE_LANGUAGES; c++)
		sum += expf(j->temperature * (x[c] - x[best]));
	*p = 1 / sum;
	return best;
}

void judge_text(const struct judge *j, struct judge_work *w, struct str text, struct verdict *out)
{
	float variety = 0, language[JUDGE_LANGUAGES] = {0};
	uint32_t distinct = 0;
	gram_read(&w->gram, text);
	*out = (struct verdict){.language = "und", .variety = "", .variety_score = 0.5f, .words = w->gram.words};
	if (!w->gram.words)
		return;
	sum_up(j, w, &variety, language, &distinct);
	uint32_t best = best_language(j, language, distinct, &out->language_score);
	out->language = judge_languages[best];
	float n = (float)w->gram.words, l = fminf(logf(fmaxf(n, 3) / 50), 3);
	float s = j->variety.bias[0] + variety / sqrtf(1 + n);
	out->variety_score = 1 / (1 + expf(-expf(j->slope + j->slope_by_length * l) * (s + j->shift)));
	if (best == 0)
		out->variety = out->variety_score >= j->high ? "pt-PT" : out->variety_score <= j->low ? "pt-BR" : "pt";
}
