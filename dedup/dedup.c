#include "dedup/dedup.h"

#include <xxhash.h>

enum { EXACT, NEAR };
static const struct why dedup_why[] = {
	[EXACT] = {"dedup.exact", "the same words as a document that stays"},
	[NEAR] = {"dedup.near", "nearly the same words as a document that stays"},
	{0},
};

static const char *const presets[] = {"default", "fineweb2", "amalia", NULL};
static const struct opt dedup_opts[] = {
	{OPT_CHOICE, 0, "dedup-preset", "NAME", "bands x rows: 16x7 verified, 14x8 not verified, 40x2 not verified", offsetof(struct dedup_conf, preset), .choices = presets},
	{OPT_UINT, 0, "bands", "N", "bands; 0 = the preset's", offsetof(struct dedup_conf, bands), .hi = SIGN_HASHES},
	{OPT_UINT, 0, "rows", "N", "rows of a band; 0 = the preset's", offsetof(struct dedup_conf, rows), .hi = SIGN_HASHES},
	{OPT_REAL, 0, "verify", "J", "least estimated Jaccard of a pair; 0 = do not verify; default: the preset's", offsetof(struct dedup_conf, threshold), .def = NAN, .hi = 1},
	{0},
};

static int solve_conf_of(const struct dedup_conf *c, struct solve_conf *s, struct err *e)
{
	static const struct solve_conf of[] = {{16, 7, 0.75f}, {14, 8, 0}, {40, 2, 0}};
	*s = of[c->preset];
	if (c->bands)
		s->bands = (unsigned)c->bands;
	if (c->rows)
		s->rows = (unsigned)c->rows;
	if (!isnan(c->threshold))
		s->threshold = (float)c->threshold;
	if (s->bands * s->rows > SIGN_HASHES)
		return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "%u bands of %u rows need more than %d hashes", s->bands, s->rows, SIGN_HASHES);
	return 0;
}

/* ---- signing: what both forms of the stage share ---- */

static void *start(const void *shared)
{
	(void)shared;
	return sign_start();
}

static void stop(void *worker)
{
	sign_stop(worker);
}

static int sign_map(const void *shared, void *worker, struct batch *b, struct err *e)
{
	struct sign *v = ARENA_ARRAY(b->arena, struct sign, b->n + 1), *at = v;
	(void)shared;
	(void)e;
	BATCH_EACH(b, d) {
		sign_text(worker, d->text, at);
		at->date = d->date;
		at->id = d->id.n ? XXH3_64bits(d->id.p, d->id.n) : XXH3_64bits(d->text.p, d->text.n);
		at++;
	}
	b->out = v;
	return 0;
}

struct signs {
	struct sign *v;
	uint64_t *ordinal;
	size_t n, cap;
};

static int sign_fold(struct signs *s, struct batch *b)
{
	const struct sign *from = b->out;
	BATCH_EACH(b, d) {
		if (s->n == s->cap) {
			s->cap = s->cap ? 2 * s->cap : 1024;
			s->v = own_grow(s->v, s->cap * sizeof(*s->v));
			s->ordinal = own_grow(s->ordinal, s->cap * sizeof(*s->ordinal));
		}
		s->v[s->n] = *from++;
		s->ordinal[s->n++] = d->ordinal;
	}
	return 0;
}

static void mark(struct doc *d, const struct solve_verdict *v)
{
	d->minhash_cluster_id = v->cluster;
	d->minhash_cluster_size = v->size;
	if (v->drop != SOLVE_KEEP)
		doc_drop(d, &dedup_why[v->drop == SOLVE_EXACT ? EXACT : NEAR]);
}

/* ---- the stage alone ---- */

struct dedup {
	struct solve_conf conf;
	struct signs signs;
	struct solve_verdict *verdicts;
};

static int dedup_open(void **shared, const void *conf, struct err *e)
{
	struct dedup *d = own_zalloc(sizeof(*d));
	int rc = solve_conf_of(conf, &d->conf, e);
	if (rc) {
		free(d);
		return rc;
	}
	*shared = d;
	return 0;
}

static int dedup_fold(void *shared, struct batch *b, struct err *e)
{
	(void)e;
	return sign_fold(&((struct dedup *)shared)->signs, b);
}

static int dedup_turn(void *shared, struct err *e)
{
	struct dedup *d = shared;
	(void)e;
	d->verdicts = own_alloc((d->signs.n + 1) * sizeof(*d->verdicts));
	solve(d->signs.v, d->signs.n, &d->conf, d->verdicts);
	return 0;
}

static int dedup_again(const void *shared, void *worker, struct batch *b, struct err *e)
{
	const struct dedup *s = shared;
	(void)worker;
	(void)e;
	BATCH_EACH(b, d) {
		size_t lo = 0, hi = s->signs.n;
		while (lo < hi) {
			size_t mid = (lo + hi) / 2;
			if (s->signs.ordinal[mid] < d->ordinal)
				lo = mid + 1;
			else
				hi = mid;
		}
		if (lo < s->signs.n && s->signs.ordinal[lo] == d->ordinal)
			mark(d, &s->verdicts[lo]);
	}
	return 0;
}

static int dedup_close(void *shared, bool done, struct tally *t, struct err *e)
{
	struct dedup *d = shared;
	(void)done, (void)t, (void)e;
	free(d->signs.v);
	free(d->signs.ordinal);
	free(d->verdicts);
	free(d);
	return 0;
}

#define DEDUP_WRITES (DOC_BIT(DOC_CLUSTER_ID) | DOC_BIT(DOC_CLUSTER_SIZE))

const struct stage dedup_stage = {
	.name = "dedup",
	.summary = "texts in, first ones out",
	.reads = DOC_BIT(DOC_TEXT) | DOC_BIT(DOC_ID) | DOC_BIT(DOC_DATE),
	.writes = DEDUP_WRITES,
	.drops = dedup_why,
	.opts = dedup_opts,
	.conf_size = sizeof(struct dedup_conf),
	.open = dedup_open,
	.start = start,
	.map = sign_map,
	.fold = dedup_fold,
	.turn = dedup_turn,
	.again = dedup_again,
	.stop = stop,
	.close = dedup_close,
};

/* ---- in parts ---- */

struct sign_file {
	const struct dedup_sign_conf *conf;
	struct signs signs;
};

static int file_open(void **shared, const void *conf, struct err *e)
{
	struct sign_file *f = own_zalloc(sizeof(*f));
	(void)e;
	f->conf = conf;
	*shared = f;
	return 0;
}

static int file_fold(void *shared, struct batch *b, struct err *e)
{
	(void)e;
	return sign_fold(&((struct sign_file *)shared)->signs, b);
}

static int file_close(void *shared, bool done, struct tally *t, struct err *e)
{
	struct sign_file *f = shared;
	(void)t;
	int rc = done ? sign_write(f->conf->path, f->signs.v, f->signs.n, e) : 0;
	free(f->signs.v);
	free(f->signs.ordinal);
	free(f);
	return rc;
}

const struct stage dedup_sign_stage = {
	.name = "sign", .summary = "signatures of documents into a file", .open = file_open, .start = start, .map = sign_map, .fold = file_fold, .stop = stop, .close = file_close};

int dedup_load(struct dedup_verdicts *out, const char *const *paths, size_t n, const struct dedup_conf *c, struct err *e)
{
	struct solve_conf conf;
	struct sign *all = NULL;
	size_t have = 0;
	*out = (struct dedup_verdicts){0};
	int rc = solve_conf_of(c, &conf, e);
	for (size_t i = 0; !rc && i < n; i++) {
		struct sign *v;
		size_t k;
		rc = sign_read(paths[i], &v, &k, e);
		if (rc)
			break;
		all = own_grow(all, (have + k) * sizeof(*all));
		memcpy(all + have, v, k * sizeof(*all));
		have += k;
		free(v);
	}
	if (!rc) {
		out->v = own_alloc((have + 1) * sizeof(*out->v));
		out->n = have;
		solve(all, have, &conf, out->v);
	}
	free(all);
	return rc;
}

void dedup_unload(struct dedup_verdicts *v)
{
	free(v->v);
	*v = (struct dedup_verdicts){0};
}

static int mark_open(void **shared, const void *conf, struct err *e)
{
	(void)e;
	*shared = (void *)(uintptr_t)conf;
	return 0;
}

static int mark_fold(void *shared, struct batch *b, struct err *e)
{
	struct dedup_verdicts *v = shared;
	BATCH_EACH(b, d) {
		if (v->next == v->n)
			return err_at(e, ERR_DATA, d->at, "more documents than signatures: the work folder does not fit together");
		mark(d, &v->v[v->next++]);
	}
	return 0;
}

static int mark_close(void *shared, bool done, struct tally *t, struct err *e)
{
	const struct dedup_verdicts *v = shared;
	(void)t;
	if (done && v->next != v->n)
		return err_at(e, ERR_DATA, (struct where){NULL, WHERE_NONE}, "%zu signatures have no document: the work folder does not fit together", v->n - v->next);
	return 0;
}

const struct stage dedup_mark_stage = {
	.name = "dedup", .summary = "verdicts on documents", .reads = DOC_BIT(DOC_TEXT), .writes = DEDUP_WRITES, .drops = dedup_why, .open = mark_open, .fold = mark_fold, .close = mark_close};
