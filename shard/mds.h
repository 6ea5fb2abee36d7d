/* mds: MosaicML Streaming shards: samples {id: str, tokens: ndarray:uint16|uint32}, zstd, index.json version 2. Packed sequences have a column more,
 * starts: ndarray:uint32, where in the sequence documents begin: position ids and attention masks are made from it.
 *
 * Shard: u32 n; u32 offset[n+1] from the start of the raw file; the configuration as JSON with sorted keys; the samples. A sample: u32 size of
 * each variable column, then the columns in order of name (streaming/base/format/mds/writer.py). An ndarray: one byte (ndim << 2 | log2 of
 * the width of the shape numbers), the shape, the values. Files appear when they are whole; index.json comes last.
 * A shard is one zstd frame: the official reader hands the whole file to a decompressor that stops behind the first frame (read in mosaicml-streaming 0.13). */
#pragma once
#include "core/err.h"
#include "core/own.h"
#include "core/str.h"

struct mds;
enum { MDS_SHARD_BYTES = 64 << 20, MDS_SHARD_LIMIT = 1 << 30 };

/* wide: uint32 instead of uint16; packed: with starts. The folder exists. level: of zstd, 0 = 3. */
int mds_open(struct mds **out, const char *folder, bool wide, bool packed, int level, struct err *e);
/* ERR_LIMIT when one sample is larger than a shard can be. */
int mds_put(struct mds *m, struct str id, const uint32_t *starts, size_t n_starts, const uint32_t *tokens, size_t n, struct err *e);
/* Write the last shard and the index; frees m in any case. */
int mds_commit(struct mds *m, struct err *e);
struct mds *mds_free(struct mds *m);

/* A document of a finished folder: its number, and where its tokens are among all of the split. */
struct mds_range {
	uint64_t document, position, tokens;
};

/* Write `filler` over the tokens of these, in order of position; only the shards that hold them are written anew, then the index. Samples are
 * documents, or sequences of one length where they have `starts`. ERR_DATA when the folder is not of mds_commit. */
int mds_blank(const char *folder, const struct mds_range *ranges, size_t n, uint32_t filler, struct err *e);
