/* mds: MosaicML Streaming shards: samples {id: str, tokens: ndarray:uint16|uint32}, zstd, index.json version 2. Packed sequences have a column more,
 * starts: ndarray:uint32, where in the sequence documents begin: position ids and attention masks are made from it.
 *
 * Shard: u32 n; u32 offset[n+1] from the start of the raw file; the configuration as JSON with sorted keys; the samples. A sample: u32 size of
 * each variable column, then the columns in order of name (streaming/base/format/mds/writer.py). An ndarray: one byte (ndim << 2 | log2 of
 * the width of the shape numbers), the shape, the values. Files appear when they are whole; index.json comes last.
 * A shard is zstd frames (frames.h): one of what stands before the samples, then some samples in each, so that one sample is read without the rest. The
 * zstd of Python that the official reader uses takes such files since its version 1.5.5 (of 2023); others stop behind the first frame, so one frame a
 * shard is what is written unless asked. */
#pragma once
#include "core/err.h"
#include "core/own.h"
#include "core/str.h"
#include "shard/mds_index.h"

struct mds;
enum { MDS_SHARD_BYTES = 64 << 20, MDS_SHARD_LIMIT = 1 << 30, MDS_FRAME_BYTES = 1 << 20 };

struct mds_conf {
	struct mds_kind kind; /* level 0 = 3 */
	size_t frame;	      /* raw bytes of samples after which a frame ends; 0 = never */
	unsigned threads;     /* that compress; 0 = 1 */
};

/* The folder exists. */
int mds_open(struct mds **out, const char *folder, const struct mds_conf *c, struct err *e);
/* ERR_LIMIT when one sample is larger than a shard can be. */
int mds_put(struct mds *m, struct str id, const uint32_t *starts, size_t n_starts, const uint32_t *tokens, size_t n, struct err *e);
/* Write the last shard and the index; frees m in any case. */
int mds_commit(struct mds *m, struct err *e);
struct mds *mds_free(struct mds *m);
/* Compress the raw bytes of shard `number` of the folder, write it, and add it to the list of an index. ERR_DATA when they are not such bytes. */
int mds_shard(const char *folder, unsigned number, struct str raw, const struct mds_conf *c, struct buf *list, struct err *e);
