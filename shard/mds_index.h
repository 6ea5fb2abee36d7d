/* mds_index: index.json of a folder of MDS shards, version 2: written, and read back for those that look for a sample or change a shard. */
#pragma once
#include "core/buf.h"
#include "core/err.h"

/* What all shards of a folder have in common. */
struct mds_kind {
	bool wide, packed; /* uint32 instead of uint16; with `starts` */
	int level;	   /* of zstd */
};

/* `"column_encodings": ..., "hashes": [...]`: keys in order, as json.dumps(..., sort_keys=True) writes them; also in the head of each shard. */
void mds_index_kind(struct buf *out, const struct mds_kind *k);
/* One more shard at the end of the list in `out`. raw, zip: its bytes, unpacked and as stored. */
void mds_index_add(struct buf *out, const struct mds_kind *k, unsigned number, uint32_t samples, struct str raw, struct str zip);
/* FOLDER/index.json from such a list. */
int mds_index_write(const char *folder, struct str list, struct err *e);

struct mds_listed {
	struct mds_kind kind;
	unsigned number; /* shard.NNNNN.mds.zstd */
	uint64_t first, samples; /* of the split */
	struct str whole; /* its part of index.json */
};

/* Each shard in order; what `each` returns other than 0 ends it and is returned. ERR_DATA when the index is not of this program. */
int mds_index_each(const char *folder, int (*each)(void *self, const struct mds_listed *s, struct err *e), void *self, struct err *e);
