/* linear: a linear model over hashed features: one signed byte a class and bucket.
 *
 * File: "PNLIN002", u32 classes (row width), u32 log2 of buckets, u32 length of the notes, u32 0; float32 bias[classes], peak[classes];
 * int8 weights[buckets][classes]; notes (JSON: recipe, data digests, figures, calibration). A byte q stands for q |q| / 127^2 of the class's
 * peak weight; sums are kept in whole numbers of that step (linear_unit), so they do not depend on the order of adding.
 * Little-endian. Loaded in place: the bytes must stay. */
#pragma once
#include "core/err.h"
#include "core/str.h"

enum { LINEAR_CLASSES_MAX = 16, LINEAR_BITS_MAX = 24 };

struct linear {
	uint32_t classes, bits;
	const float *bias, *peak; /* peak: of a step, the weight of q = 1 */
	const int8_t *weights;
	struct str notes;
};

/* 0, ERR_DATA when the bytes are not a model (sizes are checked before anything is used). */
int linear_load(struct linear *m, struct str bytes, const char *name, struct err *e);
/* Quantise w[buckets][classes] and write a model. */
int linear_save(const char *path, uint32_t classes, uint32_t bits, const float *bias, const float *w, struct str notes, struct err *e);
/* Write m with other notes. */
int linear_annotate(const struct linear *m, const char *path, struct str notes, struct err *e);
/* A number from the notes: the value of key `name` at the top level; `none` when it is not there. */
double linear_note(const struct linear *m, const char *name, double none);

static inline int32_t linear_square(int8_t q)
{
	return (int32_t)q * (q < 0 ? -q : q);
}

/* The weights of a feature, in steps. */
static inline const int8_t *linear_row(const struct linear *m, uint32_t id)
{
	return m->weights + (size_t)(id >> (32 - m->bits)) * m->classes;
}
