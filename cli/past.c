#include "cli/past.h"

#include "core/json.h"
#include "core/zin.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

enum { MANIFEST_MAX = 1 << 30 };

static void read_notes(struct json *j, struct past *p)
{
	struct str key;
	size_t cap = 16;
	p->notes = ARENA_ARRAY(p->a, struct past_note, cap);
	json_object(j);
	while (json_key(j, p->a, &key)) {
		double v = 0;
		if (p->n_notes == cap) {
			p->notes = arena_grow(p->a, p->notes, cap * sizeof(*p->notes), 2 * cap * sizeof(*p->notes));
			cap *= 2;
		}
		json_number(j, &v);
		p->notes[p->n_notes++] = (struct past_note){key, v};
	}
}

/* {"crawl.damaged":2,...} */
static uint64_t read_damaged(struct json *j, struct arena *a)
{
	struct str name;
	uint64_t sum = 0, n;
	json_object(j);
	while (json_key(j, a, &name))
		if (str_ends(name, STR(".damaged")) && json_u64(j, &n))
			sum += n;
		else
			json_skip(j, NULL);
	return sum;
}

/* What went into the first stage is what was captured; damage is counted by any. */
static void read_input_stages(struct json *j, struct arena *a, struct past_input *in)
{
	struct str member;
	bool first = true;
	json_array(j);
	for (; json_element(j); first = false) {
		json_object(j);
		while (json_key(j, a, &member))
			if (first && str_eq(member, STR("in")))
				json_u64(j, &in->captures);
			else if (str_eq(member, STR("dropped")))
				in->damaged += read_damaged(j, a);
			else
				json_skip(j, NULL);
	}
}

static void read_input_tally(struct json *j, struct arena *a, struct past_input *in)
{
	struct str key;
	json_object(j);
	while (json_key(j, a, &key))
		if (str_eq(key, STR("stages"))) {
			read_input_stages(j, a, in);
		} else if (str_eq(key, STR("notes"))) {
			struct past notes = {.a = a};
			read_notes(j, &notes);
			in->damaged += (uint64_t)past_noted(&notes, "crawl.damaged");
			in->skipped += (uint64_t)past_noted(&notes, "crawl.skipped_bytes");
		} else {
			json_skip(j, NULL);
		}
}

static void read_input(struct json *j, struct past *p, struct past_input *in)
{
	struct str key;
	*in = (struct past_input){0};
	json_object(j);
	while (json_key(j, p->a, &key))
		if (str_eq(key, STR("path")))
			json_string(j, p->a, &in->path);
		else if (str_eq(key, STR("size")))
			json_u64(j, &in->size);
		else if (str_eq(key, STR("tally")))
			read_input_tally(j, p->a, in);
		else
			json_skip(j, NULL);
}

/* A file that was read in parts has an input for each: they follow each other. */
static void add_input(struct past *p, size_t *cap, const struct past_input *in)
{
	struct past_input *last = p->n_inputs ? &p->inputs[p->n_inputs - 1] : NULL;
	if (last && str_eq(last->path, in->path)) {
		last->captures += in->captures;
		last->damaged += in->damaged;
		last->skipped += in->skipped;
		return;
	}
	if (p->n_inputs == *cap) {
		p->inputs = arena_grow(p->a, p->inputs, *cap * sizeof(*in), 2 * *cap * sizeof(*in));
		*cap *= 2;
	}
	p->inputs[p->n_inputs++] = *in;
	p->input_bytes += in->size;
}

static void read_inputs(struct json *j, struct past *p)
{
	size_t cap = 16;
	p->inputs = ARENA_ARRAY(p->a, struct past_input, cap);
	json_array(j);
	while (json_element(j)) {
		struct past_input in;
		read_input(j, p, &in);
		add_input(p, &cap, &in);
	}
}

/* The filter's options as they were: what a newer program has renamed is passed over. */
static struct opt_set filter_set(struct past *p)
{
	return (struct opt_set){"filter", filter_stage.opts, &p->filter};
}

/* A string, a list of strings, or anything else as it is written. */
static bool read_option(struct past *p, struct json *j, struct str name)
{
	struct opt_set set = filter_set(p);
	struct err none = {0};
	struct str text;
	enum json_kind kind = json_peek(j);
	if (kind == JSON_ARRAY) {
		json_array(j);
		while (json_element(j) && json_string(j, p->a, &text))
			opt_assign(&set, 1, "filter", name, text, &none);
		return true;
	}
	if (!(kind == JSON_STRING ? json_string(j, p->a, &text) : json_skip(j, &text)))
		return false;
	opt_assign(&set, 1, "filter", name, text, &none);
	return true;
}

static void read_filter(struct past *p, struct str object)
{
	struct json j = json_of(object);
	struct str name;
	json_object(&j);
	while (json_key(&j, p->a, &name) && read_option(p, &j, name))
		;
}

static void read_config(struct past *p)
{
	struct json j = json_of(p->config);
	struct str key, raw;
	json_object(&j);
	while (json_key(&j, p->a, &key))
		if (json_skip(&j, &raw) && str_eq(key, STR("filter")))
			read_filter(p, raw);
}

static void set_bounds(struct past *p)
{
	quality_preset((enum quality_preset)p->filter.preset, p->bounds);
	for (int i = 0; i < QUALITY_SIGNALS; i++) {
		if (!isnan(p->filter.bounds[i].least))
			p->bounds[i].least = p->filter.bounds[i].least;
		if (!isnan(p->filter.bounds[i].most))
			p->bounds[i].most = p->filter.bounds[i].most;
	}
}

static void read_tokenizer(struct json *j, struct past *p)
{
	struct str key;
	json_object(j);
	while (json_key(j, p->a, &key))
		if (str_eq(key, STR("file")))
			json_string(j, p->a, &p->tokenizer);
		else
			json_skip(j, NULL);
}

static void read_tally(struct json *j, struct past *p)
{
	struct str key;
	json_object(j);
	while (json_key(j, p->a, &key))
		if (str_eq(key, STR("notes")))
			read_notes(j, p);
		else
			json_skip(j, NULL);
}

static int read_manifest(struct past *p, const char *path, struct err *e)
{
	_cleanup_(own_freep) char *text = NULL;
	size_t n;
	struct str key;
	int rc = zin_slurp(path, MANIFEST_MAX, &text, &n, e);
	if (rc)
		return rc;
	struct str all = arena_str(p->a, (struct str){text, n});
	struct json j = json_of(all);
	json_object(&j);
	while (json_key(&j, p->a, &key))
		if (str_eq(key, STR("version")))
			json_string(&j, p->a, &p->version);
		else if (str_eq(key, STR("config")))
			json_skip(&j, &p->config);
		else if (str_eq(key, STR("tokenizer")))
			read_tokenizer(&j, p);
		else if (str_eq(key, STR("tally")))
			read_tally(&j, p);
		else if (str_eq(key, STR("inputs")))
			read_inputs(&j, p);
		else
			json_skip(&j, NULL);
	return json_done(&j) ? 0 : err_at(e, ERR_DATA, (struct where){path, (uint64_t)(j.at - all.p)}, "not valid JSON");
}

int past_read(struct past *out, const char *dir, struct err *e)
{
	char path[4096];
	*out = (struct past){.a = arena_new(0)};
	struct opt_set set = {"filter", filter_stage.opts, &out->filter};
	/* Not every bound has an option. */
	for (int i = 0; i < QUALITY_SIGNALS; i++)
		out->filter.bounds[i] = (struct quality_bound){NAN, NAN};
	opt_defaults(&set, 1);
	snprintf(path, sizeof(path), "%s/manifest.json", dir ? dir : "");
	int rc = dir && access(path, F_OK) == 0 ? read_manifest(out, path, e) : 1;
	if (rc == 0)
		read_config(out);
	if (rc >= 0)
		set_bounds(out);
	else
		past_free(out);
	return rc;
}

void past_free(struct past *p)
{
	struct opt_set set = filter_set(p);
	opt_free(&set, 1);
	p->a = arena_free(p->a);
}

double past_noted(const struct past *p, const char *name)
{
	for (size_t i = 0; i < p->n_notes; i++)
		if (str_eq(p->notes[i].name, str_of(name)))
			return p->notes[i].value;
	return 0;
}

struct quality_bound past_bound(const struct past *p, struct str signal)
{
	for (int i = 0; i < QUALITY_SIGNALS; i++)
		if (str_eq(signal, str_of(quality_names[i])))
			return p->bounds[i];
	return (struct quality_bound){NAN, NAN};
}
