#include "dedup/index.h"

#include "core/own.h"
#include "dedup/sealed.h"
#include "dedup/signs.h"
#include "dedup/solve.h"
#include "dedup/verdict.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char magic[] = "PNINDX01";
enum { CONF = 1 };

/* A group of the signature file, to find a name by its number. */
struct group {
	uint64_t first, at;
};

struct part {
	char *folder, *sets;
	uint64_t first, count; /* ranks of its documents */
	struct signs_in *in;
	struct group *groups;
	size_t n_groups;
};

struct index {
	struct part *parts;
	size_t n;
	pthread_mutex_t lock; /* of the parts' readers */
};

static char *join_path(const char *folder, const char *name)
{
	size_t n = strlen(folder) + strlen(name) + 2;
	char *path = own_alloc(n);
	snprintf(path, n, "%s/%s", folder, name);
	return path;
}

/* ---- opening ---- */

static int read_count(const char *folder, uint64_t *count, struct err *e)
{
	_cleanup_(own_freep) char *path = join_path(folder, "index");
	_cleanup_(sealed_in_freep) struct sealed_in *in = NULL;
	int rc = sealed_open(&in, path, magic, e);
	if (!rc)
		*count = sealed_count(in);
	return rc;
}

static int find_groups(struct part *p, struct err *e)
{
	struct signs_group g;
	uint64_t first = 0;
	size_t cap = 0;
	int rc;
	while ((rc = signs_next(p->in, 0, &g, e)) > 0) {
		if (p->n_groups == cap) {
			cap = cap ? 2 * cap : 64;
			p->groups = own_grow(p->groups, cap * sizeof(*p->groups));
		}
		p->groups[p->n_groups++] = (struct group){first, g.at};
		first += g.n;
	}
	return rc;
}

static int open_part(struct index *x, struct str folder, const struct sign_conf *c, struct err *e)
{
	x->parts = own_grow(x->parts, (x->n + 1) * sizeof(*x->parts));
	struct part *p = &x->parts[x->n];
	*p = (struct part){.first = index_count(x)};
	x->n++;
	p->folder = own_zalloc(folder.n + 1);
	memcpy(p->folder, folder.p, folder.n);
	p->sets = join_path(p->folder, "sets");
	int rc = read_count(p->folder, &p->count, e);
	rc = rc ? rc : signs_open(&p->in, p->sets, e);
	if (rc)
		return rc;
	const struct sign_conf *have = signs_conf(p->in);
	if (have->scheme != c->scheme || have->shingle != c->shingle || have->bands != c->bands || have->rows != c->rows || have->grams < c->grams)
		return err_at(e, ERR_USAGE, (struct where){p->folder, WHERE_NONE}, "this index was made with %u bands of %u rows and n-grams of %u words%s; use the same options", have->bands, have->rows, have->shingle, have->grams ? "" : ", without sets to compare");
	if (signs_count(p->in) != p->count)
		return err_at(e, ERR_DATA, (struct where){p->sets, WHERE_NONE}, "%llu signatures where the index counts %llu", (unsigned long long)signs_count(p->in), (unsigned long long)p->count);
	return find_groups(p, e);
}

int index_open(struct index **out, const char *folders, const struct sign_conf *c, struct err *e)
{
	struct index *x = own_zalloc(sizeof(*x));
	int rc = 0;
	pthread_mutex_init(&x->lock, NULL);
	for (struct str rest = str_of(folders); !rc && rest.n;) {
		struct str one = str_trim(str_cut(rest, ',', &rest));
		if (one.n)
			rc = open_part(x, one, c, e);
	}
	if (rc)
		index_free(x);
	else
		*out = x;
	return rc;
}

struct index *index_free(struct index *x)
{
	if (!x)
		return NULL;
	for (size_t i = 0; i < x->n; i++) {
		signs_in_free(x->parts[i].in);
		free(x->parts[i].folder);
		free(x->parts[i].sets);
		free(x->parts[i].groups);
	}
	pthread_mutex_destroy(&x->lock);
	free(x->parts);
	free(x);
	return NULL;
}

uint64_t index_count(const struct index *x)
{
	return x->n ? x->parts[x->n - 1].first + x->parts[x->n - 1].count : 0;
}

size_t index_files(const struct index *x)
{
	return x->n;
}

const char *index_file(const struct index *x, size_t i)
{
	return x->parts[i].sets;
}

/* ---- reading ---- */

int index_places(const struct index *x, struct place *p, size_t first, struct err *e)
{
	int rc = 0;
	for (size_t k = 0; !rc && k < x->n; k++) {
		struct signs_in *in = NULL;
		struct signs_group g;
		rc = signs_open(&in, x->parts[k].sets, e);
		while (!rc && (rc = signs_next(in, 0, &g, e)) > 0) {
			rc = 0;
			for (unsigned i = 0; !rc && i < g.n; i++) {
				rc = place_add(p, first + k, g.grams, g.heads[i].grams, e);
				g.grams += g.heads[i].grams;
			}
		}
		signs_in_free(in);
	}
	return rc;
}

static int join_runs(const struct index *x, struct sorter *s, const char *name, unsigned shift, uint64_t from, uint64_t to, struct err *e)
{
	int rc = 0;
	for (size_t k = 0; !rc && k < x->n; k++) {
		char *path = join_path(x->parts[k].folder, name);
		rc = sorter_join_range(s, path, 1, x->parts[k].first << shift, from, to, e);
		free(path);
	}
	return rc;
}

int index_join_texts(const struct index *x, struct sorter *texts, struct err *e)
{
	return join_runs(x, texts, "texts", 0, 0, UINT64_MAX, e);
}

int index_join_bands(const struct index *x, struct sorter *bands, uint64_t from, uint64_t to, struct err *e)
{
	return join_runs(x, bands, "bands", SOLVE_SHINGLE_BITS, from, to, e);
}

static int name_in(struct part *p, uint64_t number, struct arena *a, struct str *id, struct str *file, struct err *e)
{
	struct signs_group g;
	size_t lo = 0, hi = p->n_groups;
	while (hi - lo > 1) {
		size_t mid = (lo + hi) / 2;
		if (p->groups[mid].first <= number)
			lo = mid;
		else
			hi = mid;
	}
	signs_seek(p->in, p->groups[lo].at);
	int rc = signs_next(p->in, SIGNS_NAMES, &g, e);
	if (rc < 0)
		return rc;
	number -= p->groups[lo].first;
	if (!rc || number >= g.n)
		return err_at(e, ERR_DATA, (struct where){p->sets, p->groups[lo].at}, "the index is damaged");
	for (unsigned i = 0; i < number; i++)
		g.names += g.heads[i].names;
	if (g.heads[number].names) {
		*id = arena_str(a, str_of(g.names));
		*file = arena_str(a, str_of(g.names + id->n + 1));
	}
	return 0;
}

int index_name(struct index *x, uint64_t place, struct arena *a, struct str *id, struct str *file, struct err *e)
{
	*id = *file = (struct str){0};
	for (size_t k = 0; k < x->n; k++) {
		struct part *p = &x->parts[k];
		if (place < p->first || place - p->first >= p->count)
			continue;
		pthread_mutex_lock(&x->lock);
		int rc = name_in(p, place - p->first, a, id, file, e);
		pthread_mutex_unlock(&x->lock);
		return rc;
	}
	return err_at(e, ERR_DATA, (struct where){NULL, WHERE_NONE}, "the index has no document %llu", (unsigned long long)place);
}

/* ---- writing ---- */

struct writer {
	struct signs_out *sets;
	struct sorter *texts, *bands;
	struct verdict_in *verdicts; /* NULL: an earlier index, of which all stay and whose runs are there already */
	uint64_t doc, count;
};

static int add_records(struct writer *w, const struct sign *v, uint32_t bands, struct err *e)
{
	const struct sign_head *h = &v->head;
	uint64_t words = h->words > SOLVE_LOW(24) ? SOLVE_LOW(24) : h->words, low = w->count << SOLVE_SHINGLE_BITS | (h->shingles > SOLVE_LOW(24) ? SOLVE_LOW(24) : h->shingles);
	int rc = sorter_add(w->texts, (uint64_t[]){h->text, words << SOLVE_RANK_BITS | w->count, 0, h->id, h->digest}, e);
	for (uint32_t b = 0; !rc && h->shingles && b < bands; b++)
		rc = sorter_add(w->bands, (uint64_t[]){v->keys[b], low}, e);
	return rc;
}

static int add_document(struct writer *w, const struct sign *v, struct str names, uint32_t bands, struct err *e)
{
	struct sign bare = *v;
	bare.head.spans = 0;
	int rc = signs_put(w->sets, &bare, names, e);
	if (!rc && w->verdicts)
		rc = add_records(w, v, bands, e);
	w->count++;
	return rc;
}

static int add_group(struct writer *w, const struct signs_group *g, uint32_t bands, struct err *e)
{
	const uint64_t *keys = g->keys;
	const unsigned char *sets = g->sets;
	const char *names = g->names;
	int rc = 0;
	for (unsigned i = 0; !rc && i < g->n; i++) {
		struct verdict one = {.kind = VERDICT_KEEP};
		const struct sign_head *h = &g->heads[i];
		if (w->verdicts)
			rc = verdict_get(w->verdicts, w->doc++, &one, e);
		if (!rc && one.kind == VERDICT_KEEP)
			rc = add_document(w, &(struct sign){.head = *h, .keys = keys, .grams = sets}, (struct str){names, h->names}, bands, e);
		keys += h->shingles ? bands : 0;
		sets += h->grams;
		names += h->names;
	}
	return rc;
}

static int add_file(struct writer *w, const char *path, struct err *e)
{
	struct signs_in *in = NULL;
	struct signs_group g;
	int rc = signs_open(&in, path, e);
	while (!rc && (rc = signs_next(in, SIGNS_KEYS | SIGNS_NAMES | SIGNS_SETS, &g, e)) > 0)
		rc = add_group(w, &g, signs_conf(in)->bands, e);
	signs_in_free(in);
	return rc;
}

static int save(struct sorter *s, const char *folder, const char *name, struct err *e)
{
	_cleanup_(own_freep) char *path = join_path(folder, name);
	int rc = sorter_sort(s, e);
	return rc ? rc : sorter_save(s, path, 1, e);
}

static int seal(const char *folder, const struct sign_conf *c, uint64_t count, struct err *e)
{
	_cleanup_(own_freep) char *path = join_path(folder, "index");
	struct sealed_out *out = NULL;
	int rc = sealed_create(&out, path, magic, true, e);
	if (rc)
		return rc;
	rc = sealed_put(out, CONF, c, sizeof(*c), e);
	if (rc) {
		sealed_out_free(out);
		return rc;
	}
	return sealed_commit(out, count, e);
}

static int conf_of(const char *path, struct sign_conf *c, struct err *e)
{
	struct signs_in *in = NULL;
	int rc = signs_open(&in, path, e);
	if (!rc)
		*c = *signs_conf(in);
	c->names = 1;
	c->lines = c->passage = 0;
	signs_in_free(in);
	return rc;
}

static int make_folder(const char *folder, struct err *e)
{
	_cleanup_(own_freep) char *path = join_path(folder, "index");
	if (mkdir(folder, 0777) && errno != EEXIST)
		return err_sys(e, folder, "cannot create folder");
	if (access(path, F_OK) == 0)
		return err_at(e, ERR_USAGE, (struct where){folder, WHERE_NONE}, "there is an index already: name another folder");
	return 0;
}

/* Signatures of earlier indexes are copied; their runs are merged with those of what is new. */
static int add_old(struct writer *w, const struct index *old, struct err *e)
{
	int rc = index_join_texts(old, w->texts, e);
	rc = rc ? rc : index_join_bands(old, w->bands, 0, UINT64_MAX, e);
	for (size_t i = 0; !rc && i < index_files(old); i++)
		rc = add_file(w, index_file(old, i), e);
	return rc;
}

int index_write(const char *folder, struct index *old, const char *const *signs, size_t n, const char *verdicts, size_t memory, const char *scratch, struct err *e)
{
	_cleanup_(own_freep) char *sets = join_path(folder, "sets");
	struct writer w = {.texts = sorter_new(INDEX_TEXT_WORDS, memory / 4, scratch, "index-texts"), .bands = sorter_new(2, memory / 2, scratch, "index-bands")};
	struct sign_conf c = {0};
	int rc = make_folder(folder, e);
	rc = rc ? rc : conf_of(n ? signs[0] : index_file(old, 0), &c, e);
	rc = rc ? rc : signs_create(&w.sets, sets, &c, true, e);
	if (!rc && old)
		rc = add_old(&w, old, e);
	rc = rc ? rc : verdict_open(&w.verdicts, verdicts, e);
	for (size_t i = 0; !rc && i < n; i++)
		rc = add_file(&w, signs[i], e);
	verdict_in_free(w.verdicts);
	if (rc)
		signs_out_free(w.sets);
	else
		rc = signs_commit(w.sets, e);
	rc = rc ? rc : save(w.texts, folder, "texts", e);
	rc = rc ? rc : save(w.bands, folder, "bands", e);
	sorter_free(w.texts);
	sorter_free(w.bands);
	return rc ? rc : seal(folder, &c, w.count, e);
}
