/* image: a tokenizer whose tables are used where they lie, so that opening it costs no more than reading its few settings: that of the built-in tokenizer is
 * made when the program is built (tables/make_image.c) and is part of it.
 *
 * struct image_head, then the arrays of struct vocab one after the other, each on a border of 64 bytes, then the tokenizer.json without its vocabulary
 * and merges. Of the processor and the build that made it: nothing to be kept in a file. */
#pragma once
#include "core/buf.h"
#include "core/err.h"
#include "shard/vocab.h"

bool image_probe(struct str bytes);
/* BPE that is not byte-level, opened from `json` just now; ERR_DATA for others. */
int image_write(const struct vocab *v, struct str json, struct buf *out, struct err *e);
/* v: zeroed but for its arena. Its tables point into bytes, which stay. *json: what is to be read yet; *n_model: see build.h. */
void image_use(struct vocab *v, struct str bytes, struct str *json, uint32_t *n_model);
