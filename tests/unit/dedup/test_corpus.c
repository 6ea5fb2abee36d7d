/* A corpus of 10,000 documents with planted copies: words changed here and there, blocks moved and replaced, chains of small
 * changes, exact copies, short texts. The truth is found by brute force over the texts' own 5-grams; what solve decides must agree, and must not depend on the
 * order of the documents, on memory, or on how they are split into files. */
#include "core/buf.h"
#include "core/own.h"
#include "dedup/parts.h"
#include "dedup/scratch.h"
#include "dedup/signs.h"
#include "dedup/solve.h"
#include "dedup/verdict.h"
#include "tests/tap.h"

#include <string.h>
#include <xxhash.h>

enum { DOCS = 10000, BASES = 6000, WORDS_MAX = 300, VOCABULARY = 30000, SHINGLE = 5 };
#define THRESHOLD 0.8

static const struct sign_conf conf = {.scheme = SIGN_OWN, .shingle = SHINGLE, .bands = 18, .rows = 6, .grams = 1};

struct text {
	uint32_t n;
	uint32_t word[WORDS_MAX];
};
static struct text *texts;
static uint64_t state = 1;

static uint32_t draw(uint32_t below)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((state >> 33) % below);
}

/* ---- making ---- */

static void fresh(struct text *t)
{
	t->n = draw(20) == 0 ? 1 + draw(12) : 30 + draw(WORDS_MAX - 30);
	for (uint32_t i = 0; i < t->n; i++)
		t->word[i] = draw(VOCABULARY);
}

static void change_words(struct text *t, uint32_t n)
{
	while (n--)
		t->word[draw(t->n)] = draw(VOCABULARY);
}

static void change_block(struct text *t, uint32_t n)
{
	uint32_t at = draw(t->n - n + 1);
	for (uint32_t i = 0; i < n; i++)
		t->word[at + i] = draw(VOCABULARY);
}

static void shorten(struct text *t, uint32_t n)
{
	t->n -= n;
	memmove(t->word, t->word + n, t->n * sizeof(*t->word));
}

static void make(void)
{
	texts = own_alloc(DOCS * sizeof(*texts));
	for (uint32_t i = 0; i < BASES; i++)
		fresh(&texts[i]);
	for (uint32_t i = BASES; i < DOCS; i++) {
		/* Every fourth continues the one before it: chains. */
		struct text *t = &texts[i];
		*t = texts[i % 4 == 3 ? i - 1 : draw(BASES)];
		switch (draw(4)) {
		case 0: change_words(t, 1 + draw(t->n / 12 + 1)); break;
		case 1: change_block(t, draw(t->n / 2 + 1)); break;
		case 2: shorten(t, draw(t->n / 2 + 1)); break;
		default: break; /* an exact copy */
		}
	}
}

static void print(const struct text *t, struct buf *out)
{
	buf_clear(out);
	for (uint32_t i = 0; i < t->n; i++) {
		buf_z(out, i ? " w" : "w");
		for (uint32_t v = t->word[i]; v; v /= 26)
			buf_byte(out, (char)('a' + v % 26));
	}
}

/* ---- the truth ---- */

struct gram {
	uint64_t hash;
	uint32_t doc;
};

struct couple {
	uint32_t a, b, both;
};

static struct couple *couples; /* all with a gram in common, a < b */
static size_t n_couples;
static uint32_t sizes[DOCS];

static int by_gram(const void *x, const void *y)
{
	const struct gram *a = x, *b = y;
	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return (a->doc > b->doc) - (a->doc < b->doc);
}

static int by_couple(const void *x, const void *y)
{
	const struct couple *a = x, *b = y;
	if (a->a != b->a)
		return a->a < b->a ? -1 : 1;
	return (a->b > b->b) - (a->b < b->b);
}

static size_t distinct_grams(struct gram *g)
{
	size_t n = 0, kept = 0;
	for (uint32_t d = 0; d < DOCS; d++) {
		uint32_t each = texts[d].n < SHINGLE ? texts[d].n : SHINGLE;
		for (uint32_t i = 0; i + each <= texts[d].n; i++)
			g[n++] = (struct gram){XXH3_64bits_withSeed(texts[d].word + i, each * 4, each), d};
	}
	qsort(g, n, sizeof(*g), by_gram);
	for (size_t i = 0; i < n; i++)
		if (!kept || by_gram(&g[i], &g[kept - 1]))
			g[kept++] = g[i];
	for (size_t i = 0; i < kept; i++)
		sizes[g[i].doc]++;
	return kept;
}

static void brute_force(void)
{
	struct gram *g = own_alloc((size_t)DOCS * WORDS_MAX * sizeof(*g));
	size_t n = distinct_grams(g), cap = 1 << 20, raw = 0;
	couples = own_alloc(cap * sizeof(*couples));
	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n && g[k].hash == g[i].hash; k++) {
			if (raw == cap)
				couples = own_grow(couples, (cap *= 2) * sizeof(*couples));
			couples[raw++] = (struct couple){g[i].doc, g[k].doc, 1};
		}
	free(g);
	qsort(couples, raw, sizeof(*couples), by_couple);
	for (size_t i = 0; i < raw; i++)
		if (n_couples && !by_couple(&couples[i], &couples[n_couples - 1]))
			couples[n_couples - 1].both++;
		else
			couples[n_couples++] = couples[i];
}

static double jaccard(const struct couple *c)
{
	return (double)c->both / (double)(sizes[c->a] + sizes[c->b] - c->both);
}

/* ---- running solve ---- */

struct answer {
	struct verdict v[DOCS]; /* by number of the text, whatever order they were given in */
	struct solve_report report;
};

static int write_signs(const char *path, const uint32_t *order, size_t n, struct err *e)
{
	struct sign_work *w = sign_start(&conf);
	struct signs_out *out = NULL;
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	int rc = signs_create(&out, path, &conf, false, e);
	for (size_t i = 0; !rc && i < n; i++) {
		struct sign s;
		print(&texts[order[i]], &b);
		sign_text(w, buf_view(&b), &s);
		s.head.id = XXH3_64bits(&order[i], 4);
		s.head.date = order[i];
		rc = signs_put(out, &s, (struct str){0}, e);
	}
	buf_free(&b);
	sign_stop(w);
	return rc ? rc : signs_commit(out, e);
}

/* How a run is done: none of it may change the answer. */
struct way {
	size_t files, memory;
	unsigned threads, parts; /* parts: 0 = in one step */
};

static int in_parts(const char *folder, const char *const *files, size_t n, const struct solve_conf *c, unsigned of, const char *verdicts, struct solve_report *report, struct err *e)
{
	int rc = parts_rank(folder, files, n, c, e);
	for (unsigned k = of; !rc && k-- > 0;) /* in any order */
		rc = parts_pairs(folder, files, n, c, k, of, e);
	rc = rc ? rc : parts_rank(folder, files, n, c, e); /* what is there is not made again */
	return rc ? rc : parts_settle(folder, files, n, c, of, verdicts, report, e);
}

static int run(const uint32_t *order, struct way way, struct answer *out, struct err *e)
{
	struct scratch *scratch = NULL, *meeting = NULL;
	char paths[16][4096], verdicts[4096];
	const char *files[16];
	struct verdict_in *in = NULL;
	const char *tmp = getenv("TMPDIR");
	int rc = scratch_new(&scratch, tmp && *tmp ? tmp : "/tmp", e);
	rc = rc ? rc : scratch_new(&meeting, tmp && *tmp ? tmp : "/tmp", e);
	for (size_t i = 0; !rc && i < way.files; i++) {
		char name[32];
		size_t from = DOCS * i / way.files, to = DOCS * (i + 1) / way.files;
		snprintf(name, sizeof(name), "%zu.sign", i);
		files[i] = scratch_path(scratch, name, paths[i]);
		rc = write_signs(files[i], order + from, to - from, e);
	}
	struct solve_conf c = {.sign = conf, .threshold = THRESHOLD, .memory = way.memory, .threads = way.threads, .folder = scratch ? scratch_folder(scratch) : NULL};
	if (!rc && !way.parts)
		rc = solve_files(files, way.files, &c, scratch_path(scratch, "verdicts", verdicts), 0, &out->report, e);
	else if (!rc)
		rc = in_parts(scratch_folder(meeting), files, way.files, &c, way.parts, scratch_path(scratch, "verdicts", verdicts), &out->report, e);
	rc = rc ? rc : verdict_open(&in, verdicts, e);
	for (uint32_t i = 0; !rc && i < DOCS; i++)
		rc = verdict_get(in, i, &out->v[order[i]], e);
	verdict_in_free(in);
	scratch_free(meeting);
	scratch_free(scratch);
	return rc;
}

static void must(int rc, const struct err *e)
{
	char text[1200];
	if (rc)
		printf("Bail out! %s\n", err_text(e, text, sizeof(text))), exit(1);
}

/* ---- judging ---- */

static void judge(const struct answer *x)
{
	static bool covered[DOCS];
	size_t alike = 0, missed = 0, near = 0, wrong = 0, kept = 0;
	for (size_t i = 0; i < n_couples; i++) {
		const struct couple *c = &couples[i];
		const struct verdict *a = &x->v[c->a], *b = &x->v[c->b];
		double j = jaccard(c);
		if (j >= THRESHOLD) {
			alike++;
			missed += a->kind == VERDICT_KEEP && b->kind == VERDICT_KEEP;
		}
		/* The survivor of a group is the one that is kept in it. */
		if (j >= THRESHOLD - 0.002 && a->cluster == b->cluster) {
			covered[c->a] |= b->kind == VERDICT_KEEP;
			covered[c->b] |= a->kind == VERDICT_KEEP;
		}
	}
	for (uint32_t d = 0; d < DOCS; d++) {
		near += x->v[d].kind == VERDICT_NEAR || x->v[d].kind == VERDICT_EXACT;
		wrong += x->v[d].kind != VERDICT_KEEP && !covered[d];
		kept += x->v[d].kind == VERDICT_KEEP;
	}
	printf("# %zu pairs of Jaccard >= %.1f, %zu of them both kept; %zu left out, %zu of them without a survivor so similar; %zu kept\n", alike, THRESHOLD, missed, near, wrong, kept);
	tap(kept + near == DOCS, "every document is kept or left out");
	tap(alike > 2000 && (double)missed <= 0.01 * (double)alike, "recall %.4f", 1 - (double)missed / (double)alike);
	tap(near > 1000 && (double)wrong <= 0.01 * (double)near, "precision %.4f", 1 - (double)wrong / (double)near);
}

static void clusters(const struct answer *x)
{
	size_t bad = 0, chained = 0;
	for (uint32_t d = 0; d < DOCS; d++)
		bad += !x->v[d].size || x->v[d].cluster >> 53;
	tap(!bad, "every document has a cluster and its size");
	for (size_t i = 0; i < n_couples; i++)
		chained += x->v[couples[i].a].cluster == x->v[couples[i].b].cluster && jaccard(&couples[i]) < 0.5;
	tap(chained <= 20, "chains do not pull unlike texts together: %zu pairs below 0.5", chained);
}

static void shuffle(uint32_t *order)
{
	for (uint32_t i = DOCS; i-- > 1;) {
		uint32_t k = draw(i + 1), t = order[i];
		order[i] = order[k];
		order[k] = t;
	}
}

/* The same verdicts from any number of files, threads and parts, in any memory and order. */
static void any_way(const struct answer *first, struct answer *other, uint32_t *order)
{
	static const struct way ways[] = {{7, 256 << 20, 1, 0}, {3, 1 << 20, 1, 0}, {1, 64 << 20, 4, 0}, {5, 2 << 20, 3, 1}, {2, 256 << 20, 2, 7}};
	struct err e = {0};
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		const struct way *w = &ways[i];
		if (i)
			shuffle(order);
		must(run(order, *w, other, &e), &e);
		bool same = memcmp(first->v, other->v, sizeof(first->v)) == 0 && (w->parts || first->report.compared == other->report.compared);
		tap(same && (w->memory > 1 << 20 || other->report.scratch > 0), "the same from %zu files in %zu MiB with %u threads in %u parts%s", w->files, w->memory >> 20, w->threads, w->parts, i ? ", in another order" : "");
	}
}

int main(void)
{
	struct err e = {0};
	uint32_t order[DOCS];
	struct answer *first = own_zalloc(sizeof(*first)), *other = own_zalloc(sizeof(*other));
	make();
	brute_force();
	for (uint32_t i = 0; i < DOCS; i++)
		order[i] = i;
	must(run(order, (struct way){1, 256 << 20, 1, 0}, first, &e), &e);
	judge(first);
	clusters(first);
	any_way(first, other, order);
	free(first);
	free(other);
	free(texts);
	free(couples);
	return tap_done();
}
