/* flat: PREFIX.ds, the bare tokens of a split end to end (little-endian uint16 or uint32), as numpy.memmap and OLMo read them; PREFIX.ds.index, for
 * each document where it ends (uint64, in tokens), and PREFIX.ds.metadata, as nanotron and datatrove have them
 * (datatrove/pipeline/tokens/tokenizer.py). */
#pragma once
#include "core/err.h"
#include "core/own.h"
#include "core/str.h"

struct flat;
/* tokenizer: its name, for the metadata. */
int flat_open(struct flat **out, const char *prefix, bool wide, const char *tokenizer, struct err *e);
int flat_put(struct flat *f, const uint32_t *tokens, size_t n, struct err *e);
int flat_commit(struct flat *f, struct err *e); /* frees f in any case */
struct flat *flat_free(struct flat *f);
/* The tokens' bytes at the end of out. */
struct buf;
void flat_bytes(struct buf *out, bool wide, const uint32_t *tokens, size_t n);
