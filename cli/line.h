/* line: the JSON line of one captured page, in docs or rejects, found by its place.
 *
 * A folder's meta/N.parquet and docs/N.jsonl.zst (rejects/ for what was left out) have their pages in the same order: the row says
 * the how-manieth of the file it is, the index of frames (seal.h) where that one lies. One frame is read, however large the corpus. */
#pragma once
#include "cli/corpus.h"

/* row: of the corpus, from 0; its line into a. 0; 1: not found in this way (no index, another order): search for it. ERR_IO. */
int line_find(struct corpus *c, uint64_t row, struct str id, struct arena *a, struct str *out, struct err *e);
