#include "filter/lessons.h"

#include "core/buf.h"
#include "core/json.h"
#include "core/zin.h"
#include "filter/judge.h"
#include "filter/reform.h"

#include <math.h>
#include <xxhash.h>

enum { PIECES = 12, NEAR_LINES = 1500, OUR_LINES = 500, FAR_LINES = 30000 };

struct lessons *lessons_new(uint64_t seed)
{
	struct lessons *c = own_zalloc(sizeof(*c));
	c->a = arena_new(1 << 22);
	c->rng = seed;
	return c;
}

struct lessons *lessons_free(struct lessons *c)
{
	if (!c)
		return NULL;
	arena_free(c->a);
	free(c->v);
	free(c);
	return NULL;
}

/* The number of a name; those beyond the ceiling share the last. */
static uint16_t name_of(struct lessons *c, struct lessons_names *t, struct str s)
{
	for (unsigned i = 0; i < t->n; i++)
		if (str_eq(t->v[i], s))
			return (uint16_t)i;
	if (t->n == LESSONS_NAMES)
		return LESSONS_NAMES - 1;
	t->v[t->n] = arena_str(c->a, s);
	return (uint16_t)t->n++;
}

static uint32_t draw(struct lessons *c, uint32_t below)
{
	c->rng ^= c->rng << 13, c->rng ^= c->rng >> 7, c->rng ^= c->rng << 17;
	return (uint32_t)((c->rng >> 33) % below);
}

static void add(struct lessons *c, struct lessons_text x)
{
	if (!x.s.n)
		return;
	if (c->n == c->cap) {
		c->cap = c->cap ? 2 * c->cap : 65536;
		c->v = own_grow(c->v, c->cap * sizeof(*c->v));
	}
	c->v[c->n++] = x;
}

static int language_class(struct str lang)
{
	for (int i = 0; i < JUDGE_LANGUAGES - 1; i++)
		if (str_eq(lang, str_of(judge_language_codes[i])))
			return i;
	return JUDGE_LANGUAGES - 1;
}

/* One line; false when it holds no text with a label of the task. Variety data counts as Portuguese for the language task. */
static bool parse(struct lessons *c, struct str line, bool language, struct lessons_text *x)
{
	struct json j = json_of(line);
	struct str key, v, domain = {0}, source = {0}, label = {0}, lang = {0};
	*x = (struct lessons_text){0};
	json_object(&j);
	while (json_key(&j, c->a, &key)) {
		if (json_peek(&j) != JSON_STRING) {
			json_skip(&j, NULL);
			continue;
		}
		json_string(&j, c->a, &v);
		struct str *to = str_eq(key, STR("text"))     ? &x->s
				 : str_eq(key, STR("domain")) ? &domain
				 : str_eq(key, STR("source")) ? &source
				 : str_eq(key, STR("label"))  ? &label
				 : str_eq(key, STR("lang"))   ? &lang
							      : NULL;
		if (to)
			*to = v;
	}
	if (j.bad || !x->s.n)
		return false;
	x->domain = name_of(c, &c->domains, domain);
	x->source = name_of(c, &c->sources, source);
	if (language) {
		x->label = lang.n ? language_class(lang) : 0;
		return lang.n || label.n;
	}
	x->label = str_eq(label, STR("pt-PT")) ? 1 : str_eq(label, STR("pt-BR")) ? -1 : 0;
	return x->label;
}

int lessons_read(struct lessons *c, const char *const *paths, size_t n, bool language, struct err *e)
{
	XXH3_state_t *h = XXH3_createState();
	int rc = 0;
	XXH3_64bits_reset(h);
	for (size_t i = 0; !rc && i < n; i++) {
		_cleanup_(zin_freep) struct zin *z = NULL;
		struct str line;
		struct lessons_text x;
		rc = zin_open(&z, paths[i], e);
		while (!rc && (rc = zin_line(z, LESSONS_LINE_MAX, &line, e)) > 0) {
			rc = 0;
			XXH3_64bits_update(h, line.p, line.n);
			if (parse(c, arena_str(c->a, line), language, &x))
				add(c, x);
		}
	}
	c->digest = XXH3_64bits_digest(h);
	XXH3_freeState(h);
	c->read = c->n;
	return rc;
}

static uint32_t count_words(struct str s)
{
	uint32_t n = 0;
	bool in = false;
	for (size_t i = 0; i < s.n; i++) {
		bool blank = (unsigned char)s.p[i] <= ' ';
		n += !blank && !in;
		in = !blank;
	}
	return n;
}

/* The words from..from+n of s, as a slice. */
static struct str slice(struct str s, uint32_t from, uint32_t n)
{
	uint32_t seen = 0;
	bool in = false;
	size_t begin = s.n, i = 0;
	for (; i < s.n; i++) {
		bool blank = (unsigned char)s.p[i] <= ' ';
		if (!blank && !in) {
			if (seen == from)
				begin = i;
			if (seen == from + n)
				break;
			seen++;
		}
		in = !blank;
	}
	return str_trim(begin < s.n ? str_range(s.p + begin, s.p + i) : (struct str){0});
}

static struct str slice_somewhere(struct lessons *c, struct str s, uint32_t words, uint32_t n)
{
	return slice(s, draw(c, words > n ? words - n : 1), n);
}

static void cut_long(struct lessons *to, struct lessons_text x)
{
	static const uint32_t sizes[] = {8, 15, 25, 50, 100, 200, 350};
	uint32_t words = x.words, at = 0;
	struct str all = x.s;
	for (int p = 0; p < PIECES && at < words; p++) {
		uint32_t n = sizes[draw(to, 7)] * (70 + draw(to, 71)) / 100;
		x.s = slice(all, at, n);
		x.words = n;
		at += n;
		add(to, x);
	}
}

/* Sentences of one source and label, end to end, until there are enough words. */
struct join {
	struct buf text;
	struct lessons_text last;
	uint32_t words, target;
};

static void join_short(struct lessons *to, struct join *j, struct lessons_text x)
{
	if (j->last.source != x.source || j->last.label != x.label || !j->target) {
		buf_clear(&j->text);
		j->words = 0;
		j->target = 50 + draw(to, 271);
	}
	j->last = x;
	buf_str(&j->text, x.s);
	buf_byte(&j->text, ' ');
	j->words += x.words;
	if (j->words < j->target)
		return;
	x.s = arena_str(to->a, buf_view(&j->text));
	add(to, x);
	j->target = 0;
}

/* At most LESSONS_SOURCE_CAP rows of a source and label. */
static void cap(struct lessons *c)
{
	uint32_t *count = own_zalloc(2 * LESSONS_NAMES * sizeof(*count)), *seen = own_zalloc(2 * LESSONS_NAMES * sizeof(*seen));
	size_t kept = 0;
	for (size_t i = 0; i < c->n; i++)
		count[2 * c->v[i].source + (c->v[i].label > 0)]++;
	for (size_t i = 0; i < c->n; i++) {
		unsigned k = 2u * c->v[i].source + (c->v[i].label > 0);
		struct str name = c->sources.v[c->v[i].source];
		bool all = str_find(name, STR("DSL-TL")) < name.n || str_find(name, STR("FRMT")) < name.n;
		uint64_t before = (uint64_t)seen[k] * LESSONS_SOURCE_CAP / count[k], after = ((uint64_t)seen[k] + 1) * LESSONS_SOURCE_CAP / count[k];
		seen[k]++;
		if (all || count[k] <= LESSONS_SOURCE_CAP || after > before)
			c->v[kept++] = c->v[i];
	}
	c->n = kept;
	free(count);
	free(seen);
}

/* Spelling must not decide: every fourth row in the spelling before the agreement of 1990, a few in that of the 19th century, without
 * accents or in capitals. Old books come in both spellings of their time. */
static void vary(struct lessons *c)
{
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	for (size_t i = 0; i < c->n; i++) {
		struct lessons_text *x = &c->v[i];
		struct str domain = c->domains.v[x->domain];
		bool book = str_eq(domain, STR("literature"));
		unsigned odd = draw(c, 100), era = draw(c, 4) ? REFORM_1990 : REFORM_1945;
		if (book || odd < 3)
			era = draw(c, book ? 2 : 1) ? REFORM_1990 : REFORM_1890;
		reform_text(x->s, (enum reform)era, x->label > 0, &b);
		if (odd >= 95)
			reform_fold(&b);
		x->s = arena_str(c->a, buf_view(&b));
	}
	buf_free(&b);
}

void lessons_cut(struct lessons *c)
{
	struct lessons_text *from = c->v;
	size_t n = c->n;
	struct join j = {0};
	buf_init(&j.text, BUF_NO_MAX);
	c->v = NULL;
	c->n = c->cap = 0;
	for (size_t i = 0; i < n; i++) {
		struct lessons_text x = from[i];
		x.words = count_words(x.s);
		if (x.words > 60) {
			cut_long(c, x);
			continue;
		}
		add(c, x);
		if (x.words > 14 && draw(c, 2)) {
			struct lessons_text crop = x;
			crop.s = slice_somewhere(c, x.s, x.words, 8 + draw(c, 18));
			add(c, crop);
		}
		join_short(c, &j, x);
	}
	buf_free(&j.text);
	free(from);
	cap(c);
	vary(c);
}

void lessons_crop(struct lessons *c)
{
	struct lessons_text *from = c->v;
	size_t n = c->n, cells = (size_t)LESSONS_NAMES * JUDGE_LANGUAGES;
	uint32_t *count = own_zalloc(cells * sizeof(*count)), *seen = own_zalloc(cells * sizeof(*seen));
	c->v = NULL;
	c->n = c->cap = 0;
	for (size_t i = 0; i < n; i++)
		count[from[i].source * JUDGE_LANGUAGES + from[i].label]++;
	for (size_t i = 0; i < n; i++) {
		struct lessons_text x = from[i];
		size_t k = (size_t)x.source * JUDGE_LANGUAGES + (size_t)x.label;
		bool near = x.label < JUDGE_LANGUAGES - 1;
		/* "other" holds hundreds of languages, a few lines each, in few sources: all of them. */
		uint64_t most = x.label == 0 ? OUR_LINES : near ? NEAR_LINES : FAR_LINES, before = seen[k] * most / count[k], after = (seen[k] + 1) * most / count[k];
		seen[k]++;
		if (count[k] > most && after == before)
			continue;
		x.group = (uint16_t)draw(c, 10);
		x.words = count_words(x.s);
		if (x.words > 40)
			x.s = slice_somewhere(c, x.s, x.words, 10 + draw(c, 31));
		if (draw(c, 100) >= 96) {
			struct buf b;
			buf_init(&b, BUF_NO_MAX);
			buf_str(&b, x.s);
			reform_fold(&b);
			x.s = arena_str(c->a, buf_view(&b));
			buf_free(&b);
		}
		add(c, x);
		uint32_t words = count_words(x.s), crops = x.label == 1 ? 3 : near ? 1 : 0;
		for (uint32_t m = 0; m < crops && words > 8; m++) {
			struct lessons_text crop = x;
			crop.s = slice_somewhere(c, x.s, words, 3 + draw(c, 8));
			add(c, crop);
		}
	}
	free(from);
	free(count);
	free(seen);
}

unsigned lessons_group(struct lessons *c)
{
	unsigned char has[LESSONS_NAMES] = {0};
	uint16_t number[2 * LESSONS_NAMES];
	unsigned n = 0;
	for (size_t i = 0; i < c->n; i++)
		has[c->v[i].source] |= c->v[i].label > 0 ? 1 : 2;
	memset(number, 0xFF, sizeof(number));
	for (size_t i = 0; i < c->n; i++) {
		unsigned k = has[c->v[i].source] == 3 ? c->v[i].source : LESSONS_NAMES + c->v[i].domain;
		if (number[k] == 0xFFFF)
			number[k] = (uint16_t)n++;
		c->v[i].group = number[k];
	}
	return n;
}
