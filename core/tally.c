#define _GNU_SOURCE
#include "core/tally.h"

#include "core/json.h"
#include "core/stage.h"

#include <inttypes.h>

enum { TALLY_REASONS = 128, TALLY_NOTES = 512, TALLY_LINE_REASONS = 8 };

struct row {
	const struct stage *stage;
	uint64_t in;
	uint64_t dropped[TALLY_REASONS];
	unsigned reasons;
};

struct note {
	char *name;
	uint64_t n;
};

struct tally {
	unsigned n_rows, n_notes;
	struct note notes[TALLY_NOTES]; /* in order of name */
	char *said[TALLY_SAID];         /* in order of text, numbers by size: by file and offset */
	unsigned n_said;
	struct row rows[];
};

static unsigned count_reasons(const struct stage *s)
{
	unsigned n = 0;
	while (s->drops && s->drops[n].name)
		n++;
	return n < TALLY_REASONS ? n : TALLY_REASONS;
}

struct tally *tally_new(const struct stage *const *stages, unsigned n)
{
	struct tally *t = own_zalloc(sizeof(*t) + n * sizeof(t->rows[0]));
	t->n_rows = n;
	for (unsigned i = 0; i < n; i++) {
		t->rows[i].stage = stages[i];
		t->rows[i].reasons = count_reasons(stages[i]);
	}
	return t;
}

struct tally *tally_free(struct tally *t)
{
	if (!t)
		return NULL;
	for (unsigned i = 0; i < t->n_notes; i++)
		free(t->notes[i].name);
	for (unsigned i = 0; i < t->n_said; i++)
		free(t->said[i]);
	free(t);
	return NULL;
}

void tally_in(struct tally *t, unsigned s, uint64_t in)
{
	t->rows[s].in += in;
}

void tally_drop(struct tally *t, unsigned s, const struct why *why)
{
	struct row *r = &t->rows[s];
	for (unsigned i = 0; i < r->reasons; i++)
		if (&r->stage->drops[i] == why || strcmp(r->stage->drops[i].name, why->name) == 0) {
			r->dropped[i]++;
			return;
		}
}

/* Where `name` is or belongs among the notes. */
static unsigned note_place(const struct tally *t, const char *name, bool *found)
{
	unsigned lo = 0, hi = t->n_notes;
	*found = false;
	while (lo < hi) {
		unsigned mid = (lo + hi) / 2;
		int c = strcmp(t->notes[mid].name, name);
		if (c == 0) {
			*found = true;
			return mid;
		}
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

void tally_note(struct tally *t, const char *name, uint64_t n)
{
	if (!t || !n)
		return;
	bool found;
	unsigned at = note_place(t, name, &found);
	if (!found) {
		if (t->n_notes == TALLY_NOTES)
			return;
		memmove(t->notes + at + 1, t->notes + at, (t->n_notes - at) * sizeof(t->notes[0]));
		t->notes[at] = (struct note){own_strdup(name), 0};
		t->n_notes++;
	}
	t->notes[at].n += n;
}

uint64_t tally_noted(const struct tally *t, const char *name)
{
	bool found;
	unsigned at = note_place(t, name, &found);
	return found ? t->notes[at].n : 0;
}

uint64_t tally_seen(const struct tally *t, unsigned s)
{
	return t->rows[s].in;
}

uint64_t tally_dropped(const struct tally *t, unsigned s, unsigned i)
{
	return t->rows[s].dropped[i];
}

void tally_say(struct tally *t, const char *text)
{
	if (!t || (t->n_said == TALLY_SAID && strverscmp(t->said[TALLY_SAID - 1], text) <= 0))
		return;
	if (t->n_said == TALLY_SAID)
		free(t->said[--t->n_said]);
	unsigned at = t->n_said++;
	for (; at && strverscmp(t->said[at - 1], text) > 0; at--)
		t->said[at] = t->said[at - 1];
	t->said[at] = own_strdup(text);
}

const char *tally_said(const struct tally *t, unsigned i)
{
	return i < t->n_said ? t->said[i] : NULL;
}

uint64_t tally_damaged(const struct tally *t)
{
	uint64_t n = 0;
	for (unsigned s = 0; s < t->n_rows; s++)
		for (unsigned i = 0; i < t->rows[s].reasons; i++)
			if (str_ends(str_of(t->rows[s].stage->drops[i].name), STR(".damaged")))
				n += t->rows[s].dropped[i];
	for (unsigned i = 0; i < t->n_notes; i++)
		if (str_ends(str_of(t->notes[i].name), STR(".damaged")))
			n += t->notes[i].n;
	return n;
}

static uint64_t row_kept(const struct row *r)
{
	uint64_t kept = r->in;
	for (unsigned i = 0; i < r->reasons; i++)
		kept -= r->dropped[i];
	return kept;
}

void tally_merge(struct tally *to, const struct tally *from)
{
	for (unsigned s = 0; s < to->n_rows && s < from->n_rows; s++) {
		to->rows[s].in += from->rows[s].in;
		for (unsigned i = 0; i < to->rows[s].reasons; i++)
			to->rows[s].dropped[i] += from->rows[s].dropped[i];
	}
	for (unsigned i = 0; i < from->n_notes; i++)
		tally_note(to, from->notes[i].name, from->notes[i].n);
	for (unsigned i = 0; i < from->n_said; i++)
		tally_say(to, from->said[i]);
}

int tally_check(const struct tally *t)
{
	for (unsigned s = 0; s < t->n_rows; s++) {
		uint64_t kept = row_kept(&t->rows[s]);
		if (kept > t->rows[s].in || (s + 1 < t->n_rows && t->rows[s + 1].in != kept))
			return (int)s;
	}
	return -1;
}

void tally_json(const struct tally *t, struct buf *out)
{
	buf_z(out, "{\"stages\":[");
	for (unsigned s = 0; s < t->n_rows; s++) {
		const struct row *r = &t->rows[s];
		buf_printf(out, "%s{\"name\":\"%s\",\"in\":%" PRIu64 ",\"kept\":%" PRIu64 ",\"dropped\":{", s ? "," : "",
			   r->stage->name, r->in, row_kept(r));
		bool any = false;
		for (unsigned i = 0; i < r->reasons; i++)
			if (r->dropped[i]) {
				buf_printf(out, "%s\"%s\":%" PRIu64, any ? "," : "", r->stage->drops[i].name, r->dropped[i]);
				any = true;
			}
		buf_z(out, "}}");
	}
	buf_z(out, "],\"notes\":{");
	for (unsigned i = 0; i < t->n_notes; i++) {
		buf_z(out, i ? "," : "");
		json_put_string(out, str_of(t->notes[i].name));
		buf_printf(out, ":%" PRIu64, t->notes[i].n);
	}
	buf_z(out, "}}");
}

static struct row *row_named(struct tally *t, struct str name)
{
	for (unsigned s = 0; s < t->n_rows; s++)
		if (str_eq(str_of(t->rows[s].stage->name), name))
			return &t->rows[s];
	return NULL;
}

static void add_dropped(struct row *r, struct str name, uint64_t n)
{
	for (unsigned i = 0; r && i < r->reasons; i++)
		if (str_eq(str_of(r->stage->drops[i].name), name))
			r->dropped[i] += n;
}

static void add_stage(struct tally *t, struct json *j, struct arena *a)
{
	struct str key, name;
	struct row *r = NULL;
	json_object(j);
	while (json_key(j, a, &key)) {
		uint64_t n = 0;
		if (str_eq(key, STR("name")) && json_string(j, a, &name)) {
			r = row_named(t, name);
		} else if (str_eq(key, STR("in")) && json_u64(j, &n)) {
			if (r)
				r->in += n;
		} else if (str_eq(key, STR("dropped")) && json_object(j)) {
			while (json_key(j, a, &name) && json_u64(j, &n))
				add_dropped(r, name, n);
			j->first = false;
		} else {
			json_skip(j, NULL);
		}
	}
	j->first = false;
}

int tally_add_json(struct tally *t, struct str text, struct err *e)
{
	_cleanup_(arena_freep) struct arena *a = arena_new(4096);
	struct json j = json_of(text);
	struct str key, name;
	uint64_t n;
	json_object(&j);
	while (json_key(&j, a, &key)) {
		if (str_eq(key, STR("stages")) && json_array(&j)) {
			while (json_element(&j))
				add_stage(t, &j, a);
		} else if (str_eq(key, STR("notes")) && json_object(&j)) {
			while (json_key(&j, a, &name) && json_u64(&j, &n))
				tally_note(t, arena_str(a, name).p, n);
		} else {
			json_skip(&j, NULL);
		}
		j.first = false;
	}
	if (!json_done(&j))
		return err_at(e, ERR_DATA, (struct where){NULL, WHERE_NONE}, "a tally is not the JSON it should be");
	return 0;
}

struct reason_count {
	const char *name;
	uint64_t n;
};

static int by_count(const void *a, const void *b)
{
	const struct reason_count *x = a, *y = b;
	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	return strcmp(x->name, y->name);
}

void tally_line(const struct tally *t, struct buf *out)
{
	uint64_t in = t->n_rows ? t->rows[0].in : 0, kept = t->n_rows ? row_kept(&t->rows[t->n_rows - 1]) : 0;
	struct reason_count *all = own_alloc((t->n_rows ? t->n_rows : 1) * TALLY_REASONS * sizeof(*all));
	unsigned n = 0;
	for (unsigned s = 0; s < t->n_rows; s++)
		for (unsigned i = 0; i < t->rows[s].reasons; i++)
			if (t->rows[s].dropped[i])
				all[n++] = (struct reason_count){t->rows[s].stage->drops[i].name, t->rows[s].dropped[i]};
	qsort(all, n, sizeof(*all), by_count);
	buf_printf(out, "in %" PRIu64 "  kept %" PRIu64 " (%.1f %%)", in, kept, in ? 100.0 * (double)kept / (double)in : 0.0);
	for (unsigned i = 0; i < n && i < TALLY_LINE_REASONS; i++)
		buf_printf(out, "%s %s %" PRIu64, i ? "," : "  dropped:", all[i].name, all[i].n);
	if (n > TALLY_LINE_REASONS) {
		uint64_t rest = 0;
		for (unsigned i = TALLY_LINE_REASONS; i < n; i++)
			rest += all[i].n;
		buf_printf(out, ", %u other reasons %" PRIu64, n - TALLY_LINE_REASONS, rest);
	}
	free(all);
}
