#include "dedup/parts.h"

#include "dedup/group.h"
#include "dedup/pair.h"
#include "dedup/rank.h"
#include "dedup/sealed.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

static const char magic[] = "PNRANK02";
enum { RANKED = 1 };

/* What the first step was made from, and what the others need to know of it. */
struct ranked {
	struct sign_conf sign;
	uint64_t files;   /* digest of the number of documents of each */
	uint64_t old, ranks, representatives;
	uint32_t keep, url;
	double threshold;
};

static const char *in_folder(const char *folder, const char *name, char out[4096])
{
	snprintf(out, 4096, "%s/%s", folder, name);
	return out;
}

static const char *pairs_name(const char *folder, uint64_t k, uint64_t n, char out[4096])
{
	snprintf(out, 4096, "%s/pairs.%" PRIu64 "-%" PRIu64, folder, k, n);
	return out;
}

static void describe(const struct solve *s, struct ranked *r)
{
	*r = (struct ranked){.sign = s->conf->sign, .old = s->old, .ranks = s->ranks, .representatives = s->report->representatives, .keep = s->conf->keep, .url = s->conf->url, .threshold = s->conf->threshold};
	r->files = XXH3_64bits(s->first, (s->n_paths + 1) * sizeof(*s->first));
}

static bool same_origin(const struct ranked *a, const struct ranked *b)
{
	return memcmp(&a->sign, &b->sign, sizeof(a->sign)) == 0 && a->files == b->files && a->old == b->old && a->keep == b->keep && a->url == b->url && memcmp(&a->threshold, &b->threshold, sizeof(a->threshold)) == 0;
}

/* ---- the note that a step leaves to the others ---- */

static int write_ranked(const struct solve *s, const char *folder, struct err *e)
{
	char path[4096];
	struct ranked r;
	struct sealed_out *out = NULL;
	describe(s, &r);
	int rc = sealed_create(&out, in_folder(folder, "ranked", path), magic, true, e);
	if (rc)
		return rc;
	rc = sealed_put(out, RANKED, &r, sizeof(r), e);
	if (rc) {
		sealed_out_free(out);
		return rc;
	}
	return sealed_commit(out, 1, e);
}

/* Fills ranks; ERR_USAGE when it was made from something else. */
static int read_ranked(struct solve *s, const char *folder, struct err *e)
{
	char path[4096];
	struct ranked is, was;
	uint32_t kind, size;
	_cleanup_(sealed_in_freep) struct sealed_in *in = NULL;
	int rc = sealed_open(&in, in_folder(folder, "ranked", path), magic, e);
	rc = rc ? rc : sealed_next(in, &kind, &size, e);
	if (rc < 0)
		return rc;
	if (!rc || kind != RANKED || size != sizeof(was))
		return err_at(e, ERR_DATA, (struct where){path, WHERE_NONE}, "not the note of a first step; remove it to have it made again");
	rc = sealed_body(in, &was, e);
	describe(s, &is);
	if (!rc && !same_origin(&is, &was))
		rc = err_at(e, ERR_USAGE, (struct where){path, WHERE_NONE}, "made with other options or from other signatures; remove it to have it made again");
	s->ranks = was.ranks;
	s->report->representatives = was.representatives;
	s->report->documents = s->first[s->n_paths];
	return rc;
}

/* ---- the steps ---- */

static void forget(struct solve *s)
{
	sorter_free(s->reps);
	sorter_free(s->members);
	sorter_free(s->urls);
	sorter_free(s->pairs);
	sorter_free(s->leaders);
	place_free(s->places);
	free(s->first);
}

static int save(struct sorter *s, const char *folder, const char *name, struct err *e)
{
	char path[4096];
	return sorter_save(s, in_folder(folder, name, path), 1, e);
}

static int load(struct sorter **s, unsigned words, const char *path, struct err *e)
{
	*s = sorter_new(words, 0, "", "loaded");
	int rc = sorter_join(*s, path, 0, 0, e);
	return rc ? rc : sorter_sort(*s, e);
}

int parts_rank(const char *folder, const char *const *signs, size_t n, const struct solve_conf *c, struct err *e)
{
	char path[4096];
	struct solve_report report = {0};
	struct solve s = {.conf = c, .paths = signs, .n_paths = n, .report = &report};
	size_t all;
	int rc;
	if (access(in_folder(folder, "ranked", path), F_OK) == 0) {
		rc = rank_count(&s, e);
		rc = rc ? rc : read_ranked(&s, folder, e);
		forget(&s);
		return rc;
	}
	const char **files = solve_sets(signs, n, c->index, &all);
	rc = place_new(&s.places, folder, files, all, e);
	rc = rc ? rc : rank_documents(&s, e);
	rc = rc ? rc : save(s.reps, folder, "representatives", e);
	rc = rc ? rc : save(s.members, folder, "members", e);
	if (!rc && s.urls)
		rc = sorter_rewind(s.urls, e);
	if (!rc && s.urls)
		rc = save(s.urls, folder, "captures", e);
	rc = rc ? rc : place_keep(s.places, e);
	rc = rc ? rc : write_ranked(&s, folder, e);
	forget(&s);
	free(files);
	return rc;
}

int parts_pairs(const char *folder, const char *const *signs, size_t n, const struct solve_conf *c, uint64_t k, uint64_t of, struct err *e)
{
	char reps[4096], out[4096];
	struct solve_report report = {0};
	struct solve s = {.conf = c, .paths = signs, .n_paths = n, .report = &report};
	struct pair_part part = {.k = k, .n = of, .memory = c->memory / 2, .reps = in_folder(folder, "representatives", reps), .out = pairs_name(folder, k, of, out), .lasting = 1};
	size_t all;
	const char **files = solve_sets(signs, n, c->index, &all);
	bool made = access(out, F_OK) == 0;
	int rc = rank_count(&s, e);
	rc = rc ? rc : read_ranked(&s, folder, e);
	if (!rc && !made && c->threshold > 0)
		rc = place_open(&s.places, folder, files, all, s.ranks, 256, e);
	part.places = s.places;
	if (!rc && !made)
		rc = pair_part(&s, &part, e);
	forget(&s);
	free(files);
	return rc;
}

static int load_all(struct solve *s, const char *folder, uint64_t of, struct err *e)
{
	char path[4096];
	int rc = rank_count(s, e);
	rc = rc ? rc : read_ranked(s, folder, e);
	rc = rc ? rc : load(&s->members, 3, in_folder(folder, "members", path), e);
	if (!rc && s->conf->url != SOLVE_URL_ALL)
		rc = load(&s->urls, 2, in_folder(folder, "captures", path), e);
	s->pairs = sorter_new(2, 0, s->conf->folder, "pairs");
	sorter_unique(s->pairs);
	for (uint64_t k = 0; !rc && k < of; k++)
		rc = sorter_join(s->pairs, pairs_name(folder, k, of, path), 0, 0, e);
	return rc ? rc : sorter_sort(s->pairs, e);
}

int parts_settle(const char *folder, const char *const *signs, size_t n, const struct solve_conf *c, uint64_t of, const char *verdicts, struct solve_report *report, struct err *e)
{
	struct solve s = {.conf = c, .paths = signs, .n_paths = n, .report = report, .compared = true};
	*report = (struct solve_report){0};
	int rc = load_all(&s, folder, of, e);
	rc = rc ? rc : group_documents(&s, e);
	rc = rc ? rc : solve_settle(&s, verdicts, 1, e);
	forget(&s);
	return rc;
}
