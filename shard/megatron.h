/* megatron: PREFIX.bin and PREFIX.idx of Megatron-LM and NeMo (megatron/core/datasets/indexed_dataset.py): one sequence a document.
 *
 * .bin: the tokens. .idx: "MMIDIDX\0\0", u64 1, u8 type (4 int32, 8 uint16), u64 sequences, u64 documents + 1, i32 lengths, i64 byte pointers,
 * i64 document index. */
#pragma once
#include "core/err.h"
#include "core/own.h"
#include "core/str.h"

struct megatron;
int megatron_open(struct megatron **out, const char *prefix, bool wide, struct err *e);
int megatron_put(struct megatron *m, const uint32_t *tokens, size_t n, struct err *e);
int megatron_commit(struct megatron *m, struct err *e); /* frees m in any case */
struct megatron *megatron_free(struct megatron *m);
