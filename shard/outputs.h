/* outputs: one split in all the formats that were asked for.
 *
 *     DIR/mds/SPLIT/{index.json,shard.NNNNN.mds.zstd}   DIR/megatron/SPLIT.{bin,idx}   DIR/flat/SPLIT.{ds,ds.index,ds.metadata}
 *     and beside each DIR/FORMAT/SPLIT.documents.jsonl.zst (places.h);  DIR/parquet/{README.md,data/SPLIT-NNNNN.parquet} */
#pragma once
#include "core/doc.h"
#include "core/err.h"
#include "shard/pack.h"

enum { OUTPUTS_MDS = 1, OUTPUTS_MEGATRON = 2, OUTPUTS_FLAT = 4, OUTPUTS_PARQUET = 8 };

struct outputs_conf {
	const char *folder, *split, *tokenizer;
	unsigned formats; /* OUTPUTS_* */
	bool wide, packed;
	int level; /* of zstd, 0 = each format's own */
	size_t frame; /* of MDS shards, see mds.h */
	unsigned threads;
};

/* "mds,megatron": ERR_USAGE for a name that is none. */
int outputs_formats(unsigned *out, struct str list, struct err *e);

struct outputs;
int outputs_open(struct outputs **out, const struct outputs_conf *c, struct err *e);
/* A sequence or a document; starts only when packed. */
int outputs_tokens(struct outputs *o, struct str id, const uint32_t *starts, size_t n_starts, const uint32_t *tokens, size_t n, struct err *e);
int outputs_place(struct outputs *o, const struct place *p, struct err *e);
/* As text (parquet); nothing when that was not asked for. */
int outputs_text(struct outputs *o, const struct doc *d, struct err *e);
int outputs_commit(struct outputs *o, struct err *e); /* frees o in any case */
struct outputs *outputs_free(struct outputs *o);
