#include "dedup/solve.h"

#include "core/own.h"
#include "dedup/group.h"
#include "dedup/index.h"
#include "dedup/pair.h"
#include "dedup/rank.h"
#include "dedup/verdict.h"

#include <stdio.h>
#include <string.h>

#define CLUSTER_BITS 53 /* what a double holds */

/* ---- settle: from who leads whom to a verdict on every document ---- */

enum { SETTLED_LEADER, SETTLED_KIND_DOC, SETTLED_ID, SETTLED_WORDS };
enum { VERDICT_DOC, VERDICT_KIND_SIZE, VERDICT_CLUSTER, VERDICT_WORDS };

static uint64_t kind_of(uint64_t kind, uint64_t rep, uint64_t leader, uint64_t old)
{
	if (leader < old)
		return VERDICT_AGAINST;
	return rep == leader ? kind : VERDICT_NEAR;
}

/* Members and captures come from files that another task left. */
static int unfit(const struct solve *s, const char *what, uint64_t number, struct err *e)
{
	return err_at(e, ERR_DATA, (struct where){s->conf->folder, WHERE_NONE}, "%s: %llu; the files of solving do not fit together", what, (unsigned long long)number);
}

/* Members with their leaders: both are in the order of representatives. */
static int with_leaders(struct solve *s, struct sorter *settled, struct err *e)
{
	uint64_t m[3], l[2] = {0};
	int rc, more = sorter_next(s->leaders, l, e);
	while (more >= 0 && (rc = sorter_next(s->members, m, e)) > 0) {
		uint64_t doc = m[1] & SOLVE_LOW(SOLVE_RANK_BITS), kind = m[1] >> 56;
		if (m[0] >= s->ranks || kind >= VERDICT_KINDS)
			return unfit(s, "a member of what is not there", m[0], e);
		while (more > 0 && l[0] < m[0])
			more = sorter_next(s->leaders, l, e);
		if (more < 0)
			return more;
		uint64_t leader = more && l[0] == m[0] ? l[1] : m[0];
		if (doc != SOLVE_NO_DOCUMENT || m[0] == leader) {
			kind = doc == SOLVE_NO_DOCUMENT ? VERDICT_KEEP : kind_of(kind, m[0], leader, s->old);
			rc = sorter_add(settled, (uint64_t[]){leader, kind << 56 | doc, m[2]}, e);
		}
		if (rc < 0)
			return rc;
	}
	return more < 0 ? more : rc;
}

/* The size of each group, in the order of leaders. */
static int count_groups(struct sorter *settled, struct sorter *sizes, struct err *e)
{
	uint64_t r[SETTLED_WORDS], leader = 0, n = 0;
	int rc;
	while ((rc = sorter_next(settled, r, e)) > 0) {
		if (n && r[SETTLED_LEADER] != leader) {
			rc = sorter_add(sizes, (uint64_t[]){leader, n}, e);
			if (rc)
				return rc;
			n = 0;
		}
		leader = r[SETTLED_LEADER];
		n++;
	}
	if (!rc && n)
		rc = sorter_add(sizes, (uint64_t[]){leader, n}, e);
	rc = rc ? rc : sorter_sort(sizes, e);
	return rc ? rc : sorter_rewind(settled, e);
}

/* Each document with the id of its leader (first in its group, being the only one of kind VERDICT_KEEP) and the size. */
static int with_sizes(struct solve *s, struct sorter *settled, struct sorter *sizes, struct sorter *verdicts, struct err *e)
{
	uint64_t r[SETTLED_WORDS], size[2], leader = 0, id = 0;
	bool any = false;
	int rc;
	while ((rc = sorter_next(settled, r, e)) > 0) {
		uint64_t doc = r[SETTLED_KIND_DOC] & SOLVE_LOW(SOLVE_RANK_BITS), kind = r[SETTLED_KIND_DOC] >> 56;
		if (!any || r[SETTLED_LEADER] != leader) {
			leader = r[SETTLED_LEADER];
			id = leader < s->old ? leader : r[SETTLED_ID] & SOLVE_LOW(CLUSTER_BITS);
			any = true;
			rc = sorter_next(sizes, size, e);
			if (rc < 0)
				return rc;
		}
		if (doc == SOLVE_NO_DOCUMENT)
			continue;
		rc = sorter_add(verdicts, (uint64_t[]){doc, kind << 32 | (size[1] > UINT32_MAX ? UINT32_MAX : size[1]), id}, e);
		if (rc)
			return rc;
	}
	return rc;
}

static int write_verdicts(struct solve *s, struct sorter *verdicts, struct verdict_out *out, struct err *e)
{
	uint64_t v[VERDICT_WORDS] = {0}, u[2] = {0};
	int rc = 0, more = sorter_next(verdicts, v, e), urls = 0;
	if (s->urls && !(rc = sorter_rewind(s->urls, e)))
		urls = sorter_next(s->urls, u, e);
	for (uint64_t doc = 0; !rc && doc < s->first[s->n_paths]; doc++) {
		struct verdict one = {0};
		if (more > 0 && v[VERDICT_DOC] == doc) {
			one = (struct verdict){.cluster = v[VERDICT_CLUSTER], .size = (uint32_t)v[VERDICT_KIND_SIZE], .kind = v[VERDICT_KIND_SIZE] >> 32 & 255};
			more = sorter_next(verdicts, v, e);
		}
		if (urls > 0 && u[0] == doc) {
			if (u[1] >> 24)
				one.kind = VERDICT_URL;
			else
				one.captures = u[1] & SOLVE_LOW(24);
			urls = sorter_next(s->urls, u, e);
		}
		if (more < 0 || urls < 0)
			return more < 0 ? more : urls;
		rc = verdict_put(out, &one, e);
	}
	if (!rc && (more || urls))
		rc = more < 0 ? more : urls < 0 ? urls : unfit(s, "a verdict on a document that is not there", more ? v[VERDICT_DOC] : u[0], e);
	return rc;
}

int solve_settle(struct solve *s, const char *path, int lasting, struct err *e)
{
	const struct solve_conf *c = s->conf;
	struct sorter *settled = sorter_new(SETTLED_WORDS, c->memory / 4, c->folder, "settled");
	struct sorter *sizes = sorter_new(2, c->memory / 8, c->folder, "sizes");
	struct sorter *verdicts = sorter_new(VERDICT_WORDS, c->memory / 4, c->folder, "verdicts");
	struct verdict_out *out = NULL;
	int rc = with_leaders(s, settled, e);
	rc = rc ? rc : sorter_sort(settled, e);
	rc = rc ? rc : count_groups(settled, sizes, e);
	rc = rc ? rc : with_sizes(s, settled, sizes, verdicts, e);
	rc = rc ? rc : sorter_sort(verdicts, e);
	s->report->scratch += sorter_written(settled) + sorter_written(sizes) + sorter_written(verdicts);
	sorter_free(settled);
	sorter_free(sizes);
	rc = rc ? rc : verdict_create(&out, path, s->first, s->n_paths, lasting, e);
	rc = rc ? rc : write_verdicts(s, verdicts, out, e);
	sorter_free(verdicts);
	if (rc) {
		verdict_out_free(out);
		return rc;
	}
	return verdict_commit(out, e);
}

const char **solve_sets(const char *const *paths, size_t n, const struct index *index, size_t *all)
{
	size_t old = index ? index_files(index) : 0;
	const char **files = own_alloc((n + old + 1) * sizeof(*files));
	for (size_t i = 0; i < n + old; i++)
		files[i] = i < n ? paths[i] : index_file(index, i - n);
	*all = n + old;
	return files;
}

int solve_files(const char *const *paths, size_t n, const struct solve_conf *c, const char *verdicts, int lasting, struct solve_report *report, struct err *e)
{
	struct solve s = {.conf = c, .paths = paths, .n_paths = n, .report = report};
	size_t all;
	const char **files = solve_sets(paths, n, c->index, &all);
	*report = (struct solve_report){0};
	int rc = place_new(&s.places, c->folder, files, all, e);
	rc = rc ? rc : rank_documents(&s, e);
	rc = rc ? rc : pair_documents(&s, e);
	s.reps = sorter_free(s.reps);
	rc = rc ? rc : group_documents(&s, e);
	s.pairs = sorter_free(s.pairs);
	s.places = place_free(s.places);
	rc = rc ? rc : solve_settle(&s, verdicts, lasting, e);
	sorter_free(s.members);
	sorter_free(s.leaders);
	sorter_free(s.urls);
	free(s.first);
	free(files);
	return rc;
}
