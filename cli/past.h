/* past: what a finished run says of itself in DIR/manifest.json: its rules, its inputs, what it noted. */
#pragma once
#include "core/arena.h"
#include "core/err.h"
#include "filter/filter.h"

struct past_input {
	struct str path;
	uint64_t size, captures, damaged, skipped;
};

struct past_note {
	struct str name;
	double value;
};

struct past {
	struct arena *a;
	struct str version, tokenizer;
	struct past_input *inputs;
	size_t n_inputs;
	uint64_t input_bytes;
	struct past_note *notes;
	size_t n_notes;
	struct str config; /* the object, as written */
	struct filter_conf filter; /* its options */
	struct quality_bound bounds[QUALITY_SIGNALS]; /* of the preset, with its own over them */
};

/* 0; 1: there is no manifest: *out is empty, with the default rules. */
int past_read(struct past *out, const char *dir, struct err *e);
void past_free(struct past *p);
/* 0 when it was not noted. */
double past_noted(const struct past *p, const char *name);
/* The bound that a reason ("filter.words") is about; both NAN when it is about none. */
struct quality_bound past_bound(const struct past *p, struct str signal);
