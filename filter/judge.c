#include "filter/judge.h"

#include "core/arena.h"
#include "core/zin.h"

#include <math.h>
#include <stdio.h>

const char *const judge_languages[JUDGE_LANGUAGES] = {"por_Latn", "glg_Latn", "spa_Latn", "ast_Latn", "arg_Latn", "cat_Latn",
						      "ita_Latn", "fra_Latn", "ron_Latn", "oci_Latn", "eng_Latn", "other"};
const char *const judge_language_codes[JUDGE_LANGUAGES] = {"pt", "gl", "es", "ast", "an", "ca", "it", "fr", "ro", "oc", "en", ""};
const char *const judge_kinds[] = {"word", "pair", "order"};

/* Built in by models.S. */
extern const char judge_model_language[], judge_model_language_end[], judge_model_variety[], judge_model_variety_end[];

enum { CACHE = 1 << 15, SLOT_BITS = 15, SLOTS = 1 << SLOT_BITS, MODEL_MAX = 64 << 20 };
/* What has been read is enough when it is in another language, or of one variety, with this probability. */
static const float sure_language = 0.995f, sure_variety = 0.99f;

/* A probability from a score and the words it rests on, as curve.h has it. */
struct curve {
	float slope, by_length, shift;
};

struct judge {
	struct linear language, variety;
	char *language_bytes, *variety_bytes; /* when read from files */
	float low, high, prior;
	struct gate gate;
	struct curve sharp, tilt; /* of the language (no shift), of the variety */
};

/* What a word adds to the variety, and what it is in the skeleton. What it adds to the languages lies apart (few texts ask for it beyond
 * their beginning): made when `spoken`. */
struct entry {
	uint64_t key;
	uint32_t epoch; /* the text that saw it last */
	int32_t variety;
	uint32_t bone;
	bool spoken;
};

/* A feature of a place: what is left of its id beside the slot's number, its weight, and the text that saw it last, in 8 bytes. */
struct slot {
	uint64_t tag : 17, epoch : 31;
	int64_t weight : 16;
};

struct judge_work {
	struct gram gram;
	struct entry *cache;
	int32_t (*languages)[JUDGE_LANGUAGES]; /* by entry */
	struct slot *slots;
	uint32_t epoch;
	struct arena *names;
};

/* Sums over a text, or a part of it. */
struct sums {
	int64_t variety;
	struct speech {
		int32_t sum[JUDGE_LANGUAGES];
		uint32_t distinct;
	} plain, names; /* names are asked for the language when there is little else */
	uint32_t words, numbers;
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

static float note(const struct linear *m, const char *name)
{
	return (float)linear_note(m, name, 0);
}

int judge_open(struct judge **out, const struct judge_conf *c, struct err *e)
{
	struct judge *j = own_zalloc(sizeof(*j));
	int rc = load(&j->language, &j->language_bytes, c->language_path, judge_model_language, judge_model_language_end, e);
	if (!rc && j->language.classes != JUDGE_LANGUAGES)
		rc = err_at(e, ERR_DATA, (struct where){c->language_path, 0}, "a language model has %d classes, not %u", JUDGE_LANGUAGES, j->language.classes);
	if (!rc)
		rc = load(&j->variety, &j->variety_bytes, c->variety_path, judge_model_variety, judge_model_variety_end, e);
	if (!rc && j->variety.classes != 1)
		rc = err_at(e, ERR_DATA, (struct where){c->variety_path, 0}, "a variety model has one class, not %u", j->variety.classes);
	if (rc) {
		judge_free(j);
		return rc;
	}
	j->low = c->low;
	j->high = c->high;
	j->prior = c->prior;
	j->sharp = (struct curve){.slope = note(&j->language, "sharp"), .by_length = note(&j->language, "sharp_by_length")};
	j->tilt = (struct curve){note(&j->variety, "slope"), note(&j->variety, "slope_by_length"), note(&j->variety, "shift")};
	gate_load(&j->gate, &j->language);
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
	w->languages = own_zalloc(CACHE * sizeof(*w->languages));
	w->slots = own_zalloc(SLOTS * sizeof(*w->slots));
	return w;
}

struct judge_work *judge_stop(struct judge_work *w)
{
	if (!w)
		return NULL;
	gram_free(&w->gram);
	free(w->cache);
	free(w->languages);
	free(w->slots);
	arena_free(w->names);
	free(w);
	return NULL;
}

static int32_t variety_of(const struct judge *j, struct str word)
{
	struct gram_feature f[GRAM_FEATURES_MAX];
	unsigned k = gram_of_word(word, false, f);
	int32_t sum = 0;
	for (unsigned i = 0; i < k; i++)
		__builtin_prefetch(linear_row(&j->variety, f[i].id));
	for (unsigned i = 0; i < k; i++)
		sum += (int32_t)f[i].halves * linear_square(*linear_row(&j->variety, f[i].id));
	return sum;
}

/* Eight classes of a row, then four: in vectors of the width that every processor has. */
static inline void add_row(const int8_t *q, int32_t halves, int32_t sum[JUDGE_LANGUAGES])
{
	typedef int8_t bytes __attribute__((vector_size(8)));
	typedef int16_t halfs __attribute__((vector_size(16)));
	int8_t row[16] = {0};
	int16_t square[16];
	memcpy(row, q, JUDGE_LANGUAGES);
	for (unsigned c = 0; c < 16; c += 8) {
		bytes eight;
		memcpy(&eight, row + c, 8);
		halfs x = __builtin_convertvector(eight, halfs), minus = x >> 15;
		x *= (x ^ minus) - minus;
		memcpy(square + c, &x, 16);
	}
	for (unsigned c = 0; c < JUDGE_LANGUAGES; c++)
		sum[c] += halves * square[c];
}

/* All rows are asked for before the first is added: the model is larger than the nearest caches. */
static void languages_of(const struct judge *j, struct str word, int32_t sum[JUDGE_LANGUAGES])
{
	struct gram_feature f[GRAM_FEATURES_MAX];
	unsigned k = gram_of_word(word, true, f);
	int32_t here[JUDGE_LANGUAGES] = {0};
	for (unsigned i = 0; i < k; i++)
		__builtin_prefetch(linear_row(&j->language, f[i].id));
	for (unsigned i = 0; i < k; i++)
		add_row(linear_row(&j->language, f[i].id), (int32_t)f[i].halves, here);
	memcpy(sum, here, sizeof(here));
}

/* The entry of a word; the token gets its bone. */
static struct entry *look_up(const struct judge *j, struct judge_work *w, struct gram_token *t)
{
	struct entry *e = &w->cache[t->key & (CACHE - 1)];
	if (__builtin_expect(e->key != t->key, 0)) {
		struct str word = {w->gram.low + t->at, t->n};
		*e = (struct entry){.key = t->key, .variety = variety_of(j, word), .bone = gram_bone(word, t->hash, t->clitic)};
	}
	if (!t->name)
		t->bone = e->bone;
	return e;
}

/* Each word and each pair counts once a text; a word that is once a name and once not counts as what it was first. */
static void add_word(const struct judge *j, struct judge_work *w, struct gram_token *t, bool language, struct sums *s)
{
	struct entry *e = look_up(j, w, t);
	bool first = e->epoch != w->epoch;
	e->epoch = w->epoch;
	s->words++;
	s->numbers += w->gram.low[t->at] == '0';
	s->variety += first & !t->name ? e->variety : 0;
	if (!language || !first)
		return;
	int32_t *sum = w->languages[e - w->cache];
	if (!e->spoken) {
		languages_of(j, (struct str){w->gram.low + t->at, t->n}, sum);
		e->spoken = true;
	}
	struct speech *to = t->name ? &s->names : &s->plain;
	to->distinct++;
	for (unsigned c = 0; c < JUDGE_LANGUAGES; c++)
		to->sum[c] += sum[c];
}

/* The weight of a feature of a place, in steps; 0 when the text has had it. */
static int32_t weight_once(const struct judge *j, struct judge_work *w, struct gram_feature f)
{
	struct slot *slot = &w->slots[f.id & (SLOTS - 1)], was = *slot;
	uint32_t tag = f.id >> SLOT_BITS, epoch = w->epoch & 0x7FFFFFFF;
	if (was.tag != tag || !was.epoch) {
		int32_t weight = linear_square(*linear_row(&j->variety, f.id));
		*slot = (struct slot){.tag = tag & 0x1FFFF, .epoch = epoch & 0x7FFFFFFF, .weight = (int16_t)weight};
		return (int32_t)f.halves * weight;
	}
	slot->epoch = epoch & 0x7FFFFFFF;
	return was.epoch == epoch ? 0 : (int32_t)f.halves * (int32_t)was.weight;
}

static void add_pair(const struct judge *j, struct gram_feature f, struct sums *s)
{
	add_row(linear_row(&j->language, f.id), (int32_t)f.halves, s->plain.sum);
}

/* Sum up the tokens that gram holds, which follow the two in `before`. A step ahead of the sums, memory is asked for what they will need:
 * cache and slots are larger than the nearest caches of the processor. */
static void add_tokens(const struct judge *j, struct judge_work *w, struct gram_token before[2], bool language, struct sums *s)
{
	enum { AHEAD = 12, STEP = 16 };
	struct gram *g = &w->gram;
	struct gram_feature f[STEP * GRAM_PLACE_MAX];
	const struct gram_token *v = &before[0], *u = &before[1];
	for (uint32_t i = 0; i < g->n;) {
		unsigned k = 0;
		for (uint32_t to = g->n - i < STEP ? g->n : i + STEP; i < to; i++) {
			struct gram_token *t = &g->v[i];
			if (i + AHEAD < g->n)
				__builtin_prefetch(&w->cache[t[AHEAD].key & (CACHE - 1)]);
			if (!t->mark)
				add_word(j, w, t, language, s);
			unsigned had = k;
			k += gram_of_place(v, u, t, false, f + k);
			for (; had < k; had++)
				__builtin_prefetch(&w->slots[f[had].id & (SLOTS - 1)]);
			v = u;
			u = t;
		}
		for (unsigned n = 0; n < k; n++)
			if (w->slots[f[n].id & (SLOTS - 1)].tag != f[n].id >> SLOT_BITS)
				__builtin_prefetch(linear_row(&j->variety, f[n].id));
		for (unsigned n = 0; n < k; n++) {
			s->variety += weight_once(j, w, f[n]);
			if (language && f[n].halves == GRAM_PAIR)
				add_pair(j, f[n], s);
		}
	}
	struct gram_token last[2] = {*v, *u};
	before[0] = last[0];
	before[1] = last[1];
}

static float length_of(float words)
{
	return fminf(logf(fmaxf(words, 3) / 50), 3);
}

/* Bias + sum / sqrt(distinct words). Returns the words. */
static float score_classes(const struct judge *j, const struct sums *s, float x[JUDGE_LANGUAGES])
{
	bool names = s->plain.distinct < GRAM_NAMES_BELOW;
	float n = (float)(s->plain.distinct + (names ? s->names.distinct : 0)), scale = 0.5f / sqrtf(1 + n);
	for (unsigned c = 0; c < JUDGE_LANGUAGES; c++)
		x[c] = (float)(s->plain.sum[c] + (names ? s->names.sum[c] : 0)) * j->language.peak[c] * scale + j->language.bias[c];
	return n;
}

static void ask_gate(const struct judge *j, const struct sums *s, const float x[JUDGE_LANGUAGES], float in[GATE_INPUTS])
{
	float names[JUDGE_LANGUAGES], scale = 0.5f / sqrtf(1 + (float)s->names.distinct);
	for (unsigned c = 0; c < JUDGE_LANGUAGES; c++)
		names[c] = (float)s->names.sum[c] * j->language.peak[c] * scale;
	gate_inputs(x, s->plain.distinct, names, s->names.distinct, in);
}

/* The gate tells whether it is Portuguese; among the others, and without a gate, a softmax sharpened as fitted on held-back text. */
static unsigned best_language(const struct judge *j, const struct sums *s, float *p)
{
	float x[JUDGE_LANGUAGES], in[GATE_INPUTS], n = score_classes(j, s, x), ours = 0, sum = 0;
	unsigned first = j->gate.on, best = first;
	if (j->gate.on) {
		ask_gate(j, s, x, in);
		ours = gate_portuguese(&j->gate, in);
	}
	if (ours >= 0.5f) {
		*p = ours;
		return 0;
	}
	for (unsigned c = first; c < JUDGE_LANGUAGES; c++)
		best = x[c] > x[best] ? c : best;
	float sharp = expf(j->sharp.slope + j->sharp.by_length * length_of(n));
	for (unsigned c = first; c < JUDGE_LANGUAGES; c++)
		sum += expf(sharp * (x[c] - x[best]));
	*p = (1 - ours) / sum;
	return best;
}

static float tilt(const struct judge *j, float words)
{
	return expf(j->tilt.slope + j->tilt.by_length * length_of(words));
}

const char *judge_variety(const struct judge *j, float p)
{
	return p >= j->high ? "pt-PT" : p <= j->low ? "pt-BR" : "pt";
}

void judge_prior(const struct judge *j, float prior, struct verdict *v)
{
	float odds = v->variety_score / (1 - v->variety_score) * prior / (1 - prior);
	v->variety_score = odds / (1 + odds);
	if (v->variety[0])
		v->variety = judge_variety(j, v->variety_score);
}

static void decide(const struct judge *j, const struct sums *s, struct verdict *out)
{
	unsigned best = best_language(j, s, &out->language_score);
	float n = (float)s->words, x = j->variety.bias[0] + 0.5f * (float)s->variety * j->variety.peak[0] / sqrtf(1 + n);
	out->language = judge_languages[best];
	out->words = s->words;
	/* Never quite 0 or 1, so that a prior can still be heard. */
	out->variety_score = fminf(fmaxf(1 / (1 + expf(-tilt(j, n) * (x + j->tilt.shift))), 1e-6f), 1 - 1e-6f);
	if (best == 0)
		out->variety = judge_variety(j, out->variety_score);
	if (j->prior > 0 && j->prior != 0.5f)
		judge_prior(j, j->prior, out);
}

/* Is what was read enough? Another language, surely; or Portuguese of a variety that more text would hardly change. */
static bool is_enough(const struct verdict *v, uint32_t read)
{
	if (v->language != judge_languages[0])
		return v->language_score >= sure_language && read >= JUDGE_FOREIGN;
	return v->variety_score >= sure_variety || v->variety_score <= 1 - sure_variety;
}

void judge_text(const struct judge *j, struct judge_work *w, struct str text, struct verdict *out)
{
	struct gram_token before[2] = {gram_begin, gram_begin};
	struct sums s = {0};
	*out = (struct verdict){.language = "und", .variety = "", .variety_score = 0.5f};
	w->epoch++;
	const char *end = text.p + text.n;
	uint32_t read = 0, next = JUDGE_FIRST;
	for (const char *p = text.p; p < end && read < JUDGE_MOST; read += next, next = read) {
		bool language = !read || out->language != judge_languages[0] || out->language_score < sure_language;
		p = gram_read(&w->gram, str_range(p, end), next);
		add_tokens(j, w, before, language, &s);
		if (s.words > s.numbers)
			decide(j, &s, out);
		if (is_enough(out, read + next))
			break;
	}
}

bool judge_gate(const struct judge *j, struct judge_work *w, struct str text, float in[GATE_INPUTS])
{
	struct gram_token before[2] = {gram_begin, gram_begin};
	struct sums s = {0};
	float x[JUDGE_LANGUAGES];
	w->epoch++;
	gram_read(&w->gram, text, JUDGE_FIRST);
	add_tokens(j, w, before, true, &s);
	score_classes(j, &s, x);
	ask_gate(j, &s, x, in);
	return s.words > s.numbers;
}

float judge_lines(const struct judge *j, struct judge_work *w, struct str text)
{
	uint32_t all = 0, ours = 0;
	for (struct str rest = text; rest.n;) {
		struct str line = str_cut(rest, '\n', &rest);
		struct gram_token before[2] = {gram_begin, gram_begin};
		struct sums s = {0};
		float p;
		w->epoch++;
		gram_read(&w->gram, line, JUDGE_FOREIGN);
		add_tokens(j, w, before, true, &s);
		if (s.words - s.numbers < JUDGE_LINE_WORDS)
			continue;
		all += s.words;
		ours += best_language(j, &s, &p) == 0 ? s.words : 0;
	}
	return all ? (float)ours / (float)all : NAN;
}

static struct str name_of(struct judge_work *w, const struct gram_token *t, bool bone)
{
	struct str word = {w->gram.low + t->at, t->n};
	if (t->mark)
		return t->hash == gram_begin.hash ? STR(".") : STR(",");
	if (bone && t->name)
		return STR("NAME");
	if (bone && t->bone == 0x10)
		return STR("NUMBER");
	if (bone && t->bone != t->hash)
		return arena_printf(w->names, "-%.*s", STR_ARG(gram_ending(word)));
	return word;
}

static void keep(struct judge_reason *out, unsigned *n, unsigned most, struct judge_reason r)
{
	unsigned i = *n;
	if (r.weight == 0 || (i == most && (!most || fabsf(out[i - 1].weight) >= fabsf(r.weight))))
		return;
	if (i == most)
		i--;
	else
		++*n;
	for (; i && fabsf(out[i - 1].weight) < fabsf(r.weight); i--)
		out[i] = out[i - 1];
	out[i] = r;
}

unsigned judge_explain(const struct judge *j, struct judge_work *w, struct str text, struct judge_reason *out, unsigned most)
{
	struct gram *g = &w->gram;
	unsigned kept = 0;
	w->names = w->names ? w->names : arena_new(0);
	arena_reset(w->names, 1 << 16);
	w->epoch++;
	gram_read(g, text, JUDGE_MOST);
	float step = 0.5f * j->variety.peak[0] / sqrtf(1 + (float)g->words) * tilt(j, (float)g->words);
	for (uint32_t i = 0; i < g->n; i++) {
		struct gram_token *t = &g->v[i];
		const struct gram_token *u = i ? t - 1 : &gram_begin, *v = i > 1 ? t - 2 : &gram_begin;
		struct gram_feature f[GRAM_PLACE_MAX];
		struct entry *e = t->mark ? NULL : look_up(j, w, t);
		if (e && e->epoch != w->epoch && !t->name)
			keep(out, &kept, most, (struct judge_reason){JUDGE_WORD, step * (float)e->variety, name_of(w, t, false)});
		if (e)
			e->epoch = w->epoch;
		unsigned k = gram_of_place(v, u, t, false, f);
		for (unsigned n = 0; n < k; n++) {
			bool words = f[n].halves == GRAM_PAIR, three = n == k - 1;
			struct str a = three && !words ? name_of(w, v, !words) : STR(""), b = name_of(w, u, !words), c = name_of(w, t, !words);
			float weight = step * (float)weight_once(j, w, f[n]);
			keep(out, &kept, most, (struct judge_reason){words ? JUDGE_PAIR : JUDGE_ORDER, weight,
								     arena_printf(w->names, "%.*s%s%.*s %.*s", STR_ARG(a), a.n ? " " : "", STR_ARG(b), STR_ARG(c))});
		}
	}
	return kept;
}
