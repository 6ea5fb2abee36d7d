#include "dedup/cut.h"

#include "core/own.h"
#include "core/stop.h"
#include "core/utf8.h"
#include "dedup/sealed.h"
#include "dedup/sorter.h"
#include "dedup/verdict.h"

enum { HASH, SCOPE, DATE, ID, DOC, SPAN, WORDS };
enum { SCOPE_ALL = 1, SCOPE_PASSAGE = 2 };

static uint64_t span_word(uint32_t from, uint32_t to)
{
	return (uint64_t)from << 32 | to;
}

/* ---- gathering: the spans of what stays ---- */

static int add_spans(struct sorter *s, const struct cut_conf *c, const struct sign_head *h, const struct span *v, uint64_t doc, struct err *e)
{
	uint64_t date = h->date == INT64_MIN ? UINT64_MAX : (uint64_t)h->date ^ (uint64_t)1 << 63;
	int rc = 0;
	for (uint32_t i = 0; !rc && i < h->spans; i++) {
		uint64_t r[WORDS] = {v[i].hash, SCOPE_PASSAGE, date, h->id, doc, span_word(v[i].from, v[i].to)};
		if (!v[i].line) {
			if (c->passage)
				rc = sorter_add(s, r, e);
			continue;
		}
		r[SCOPE] = SCOPE_ALL;
		if (c->lines)
			rc = sorter_add(s, r, e);
		r[SCOPE] = h->host | 4; /* apart from the others */
		if (!rc && c->host_lines && h->host)
			rc = sorter_add(s, r, e);
	}
	return rc;
}

static int gather_file(struct sorter *s, const struct cut_conf *c, const char *path, struct verdict_in *verdicts, uint64_t *doc, struct err *e)
{
	struct signs_in *in = NULL;
	struct signs_group g;
	int rc = signs_open(&in, path, e);
	while (!rc && (rc = signs_next(in, SIGNS_SPANS, &g, e)) > 0) {
		rc = stop_asked() ? err_at(e, ERR_STOP, (struct where){NULL, WHERE_NONE}, "stopped by a signal") : 0;
		for (unsigned i = 0; !rc && i < g.n; i++) {
			struct verdict v;
			rc = verdict_get(verdicts, *doc, &v, e);
			if (!rc && v.kind == VERDICT_KEEP)
				rc = add_spans(s, c, &g.heads[i], g.spans, *doc, e);
			g.spans += g.heads[i].spans;
			++*doc;
		}
	}
	signs_in_free(in);
	return rc;
}

/* ---- deciding: once through to see which groups of equal spans are large enough, then again to take them ---- */

static uint64_t enough_for(uint64_t scope, const struct cut_conf *c)
{
	return scope == SCOPE_ALL ? c->lines : scope == SCOPE_PASSAGE ? 2 : c->host_lines;
}

/* Where one is in the groups. */
struct same {
	uint64_t hash, scope, first, last; /* documents */
	uint64_t number, documents;        /* number: of the group, from 1 */
};

/* Is r the first span of a group? */
static bool next_span(struct same *g, const uint64_t *r)
{
	if (g->number && r[HASH] == g->hash && r[SCOPE] == g->scope) {
		g->documents += r[DOC] != g->last;
		g->last = r[DOC];
		return false;
	}
	*g = (struct same){r[HASH], r[SCOPE], r[DOC], r[DOC], g->number + 1, 1};
	return true;
}

/* The numbers of the groups that enough documents share, in order. */
static int find_large(struct sorter *spans, struct sorter *large, const struct cut_conf *c, struct err *e)
{
	struct same g = {0};
	uint64_t r[WORDS];
	int rc;
	while ((rc = sorter_next(spans, r, e)) > 0) {
		uint64_t before = g.documents;
		bool first = next_span(&g, r);
		if (!first && g.documents > before && g.documents == enough_for(g.scope, c))
			rc = sorter_add(large, (uint64_t[]){g.number}, e);
		if (rc < 0)
			return rc;
	}
	return rc ? rc : sorter_sort(large, e);
}

static void count(struct cut_report *report, uint64_t scope)
{
	++*(scope == SCOPE_ALL ? &report->lines : scope == SCOPE_PASSAGE ? &report->passages : &report->host_lines);
}

static int take(struct sorter *spans, struct sorter *large, struct sorter *cuts, struct cut_report *report, struct err *e)
{
	struct same g = {0};
	uint64_t r[WORDS], number = 0;
	int rc = 0, more = sorter_next(large, &number, e);
	while (more > 0 && (rc = sorter_next(spans, r, e)) > 0) {
		next_span(&g, r);
		if (g.number > number)
			more = sorter_next(large, &number, e);
		if (more <= 0 || g.number != number || r[DOC] == g.first)
			continue;
		count(report, g.scope);
		rc = sorter_add(cuts, (uint64_t[]){r[DOC], r[SPAN]}, e);
		if (rc)
			return rc;
	}
	return more < 0 ? more : rc < 0 ? rc : 0;
}

static int decide(struct sorter *spans, struct sorter *cuts, const struct cut_conf *c, struct cut_report *report, struct err *e)
{
	struct sorter *large = sorter_new(1, c->memory / 8, c->folder, "large");
	int rc = sorter_sort(spans, e);
	rc = rc ? rc : find_large(spans, large, c, e);
	rc = rc ? rc : sorter_rewind(spans, e);
	rc = rc ? rc : take(spans, large, cuts, report, e);
	sorter_free(large);
	return rc;
}

int cut_decide(const char *const *signs, size_t n, const char *verdicts, const struct cut_conf *c, const char *out, int lasting, struct cut_report *report, struct err *e)
{
	struct sorter *spans = sorter_new(WORDS, c->memory / 2, c->folder, "spans"), *cuts = sorter_new(2, c->memory / 4, c->folder, "cuts");
	struct verdict_in *v = NULL;
	uint64_t doc = 0;
	int rc = verdict_open(&v, verdicts, e);
	sorter_unique(cuts);
	for (size_t i = 0; !rc && i < n; i++)
		rc = gather_file(spans, c, signs[i], v, &doc, e);
	rc = rc ? rc : decide(spans, cuts, c, report, e);
	sorter_free(spans);
	rc = rc ? rc : sorter_sort(cuts, e);
	rc = rc ? rc : sorter_save(cuts, out, lasting, e);
	sorter_free(cuts);
	verdict_in_free(v);
	return rc;
}

/* ---- reading ---- */

enum { RECORDS = SORTER_BLOCK / 16 };

struct cut_in {
	struct sealed_in *in;
	uint64_t blocks, block; /* of RECORDS; the one in v, or UINT64_MAX */
	uint64_t last; /* document that was asked for last: what lies before `at` is not behind it */
	uint64_t v[RECORDS * 2];
	size_t n, at;
	struct cut *cuts;
	size_t cap;
};

int cut_open(struct cut_in **in, const char *path, struct err *e)
{
	struct cut_in *c = own_zalloc(sizeof(*c));
	int rc = sealed_open(&c->in, path, SORTER_MAGIC, e);
	if (rc) {
		cut_in_free(c);
		return rc;
	}
	c->blocks = (sealed_count(c->in) + RECORDS - 1) / RECORDS;
	c->block = UINT64_MAX;
	*in = c;
	return 0;
}

struct cut_in *cut_in_free(struct cut_in *c)
{
	if (!c)
		return NULL;
	sealed_in_free(c->in);
	free(c->cuts);
	free(c);
	return NULL;
}

static int load(struct cut_in *c, uint64_t block, struct err *e)
{
	uint32_t kind, size;
	c->block = UINT64_MAX;
	sealed_seek(c->in, SEALED_FIRST + block * (SORTER_BLOCK + SEALED_HEAD));
	int rc = sealed_next(c->in, &kind, &size, e);
	if (rc < 0)
		return rc;
	if (!rc || !size || size > sizeof(c->v) || size % 16)
		return err_at(e, ERR_DATA, (struct where){sealed_name(c->in), sealed_offset(c->in)}, "damaged cuts; the file has to be made again");
	rc = sealed_body(c->in, c->v, e);
	c->n = size / 16;
	c->at = 0;
	c->block = rc ? UINT64_MAX : block;
	return rc;
}

/* To the first record of doc, or behind where it would be. */
static int seek(struct cut_in *c, uint64_t doc, struct err *e)
{
	uint64_t lo = 0, hi = c->blocks;
	while (hi - lo > 1) { /* the last block that begins before doc */
		uint64_t mid = (lo + hi) / 2;
		int rc = load(c, mid, e);
		if (rc)
			return rc;
		if (c->v[0] < doc)
			lo = mid;
		else
			hi = mid;
	}
	int rc = c->block == lo ? 0 : load(c, lo, e);
	c->at = 0;
	return rc;
}

/* 1: *r is the next record, not taken yet; 0: no more. */
static int peek(struct cut_in *c, const uint64_t **r, struct err *e)
{
	if (c->at == c->n) {
		if (c->block + 1 >= c->blocks)
			return 0;
		int rc = load(c, c->block + 1, e);
		if (rc)
			return rc;
	}
	*r = c->v + 2 * c->at;
	return 1;
}

int cut_get(struct cut_in *c, uint64_t doc, const struct cut **v, size_t *n, struct err *e)
{
	const uint64_t *r = NULL;
	int rc = 0;
	*n = 0;
	if (!c->blocks)
		return 0;
	/* A later one, not far behind what is in memory: go on from here; else look for it. */
	if (c->block == UINT64_MAX || doc <= c->last || c->v[2 * (c->n - 1)] + 4096 < doc)
		rc = seek(c, doc, e);
	while (!rc && (rc = peek(c, &r, e)) > 0 && r[0] < doc) {
		c->at++;
		rc = 0;
	}
	while (rc > 0 && r[0] == doc) {
		if (*n == c->cap) {
			c->cap = c->cap ? 2 * c->cap : 64;
			c->cuts = own_grow(c->cuts, c->cap * sizeof(*c->cuts));
		}
		c->cuts[(*n)++] = (struct cut){(uint32_t)(r[1] >> 32), (uint32_t)r[1]};
		c->at++;
		rc = peek(c, &r, e);
	}
	c->last = doc;
	*v = c->cuts;
	return rc < 0 ? rc : 0;
}

/* ---- cutting ---- */

struct cutter {
	const struct cut *v;
	size_t n, at;
	uint32_t end;  /* words before this are cut */
	uint32_t word; /* number of the word at hand */
	uint32_t taken;
};

/* Is the next word to go? Cuts come in order of where they begin, and may overlap. */
static bool goes(struct cutter *c)
{
	while (c->at < c->n && c->v[c->at].from <= c->word) {
		if (c->v[c->at].to > c->end)
			c->end = c->v[c->at].to;
		c->at++;
	}
	bool yes = c->word++ < c->end;
	c->taken += yes;
	return yes;
}

/* A line without the words that go and what stands behind them; what stands before the first word stays with it. */
static size_t cut_line(struct cutter *c, struct str line, char *out, uint32_t *kept)
{
	const char *p = line.p, *end = line.p + line.n;
	char *to = out;
	bool in = false, going = false;
	*kept = 0;
	while (p < end) {
		const char *from = p;
		uint32_t letter = bare_letter(utf8_next(&p, end));
		if (letter && letter != BARE_NOTHING && !in) {
			bool went = going;
			going = goes(c);
			*kept += !going;
			if (went && !going && to > out && to[-1] != ' ')
				*to++ = ' ';
		}
		in = letter == BARE_NOTHING ? in : letter != 0;
		if (!going) {
			memcpy(to, from, (size_t)(p - from));
			to += p - from;
		}
	}
	while (going && to > out && to[-1] == ' ')
		to--;
	return (size_t)(to - out);
}

struct str cut_text(struct str text, const struct cut *v, size_t n, struct arena *a, uint32_t *words)
{
	struct cutter c = {.v = v, .n = n};
	char *out = arena_alloc(a, text.n + text.n / 2 + 16);
	size_t size = 0;
	while (text.n) {
		struct str line = str_cut(text, '\n', &text);
		uint32_t kept, taken = c.taken;
		size_t k = cut_line(&c, line, out + size, &kept);
		if (!kept && c.taken > taken) /* nothing of it is left but marks */
			continue;
		size += k;
		out[size++] = '\n';
	}
	if (size)
		size--; /* the last line's end */
	*words = c.taken;
	if (c.taken == c.word)
		return (struct str){0};
	return str_trim((struct str){out, size});
}
