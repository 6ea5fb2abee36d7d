/* seal: history and end mark of a file, in skippable zstd frames that every zstd reader steps over.
 *
 * History: a leading frame with the commands, versions and options that made the file (samtools' @PG). End mark: a trailing
 * one with documents, bytes and the XXH3-64 of the decoded bytes (bgzf's EOF block): a file cut short has none.
 * Frame: magic 0x184D2A5E, u32 size, then JSON. RFC 8878 section 3.1.2.
 *
 * Before the end mark lies the index of the frames: magic 0x184D2A5D, u32 size, then for each data frame the bytes it takes and the
 * documents in it (u32 each), then their number (u32) and SEAL_INDEX_END (u32): whoever wants the n-th document reads one frame. */
#pragma once
#include "core/buf.h"
#include "core/err.h"

enum { SEAL_MAGIC = 0x184D2A5E, SEAL_INDEX = 0x184D2A5D, SEAL_INDEX_END = 0x4D524650, SEAL_MAX = 1 << 20, SEAL_FRAMES_MAX = 4 << 20 };

struct seal {
	uint64_t documents, bytes, digest; /* digest: XXH3-64 over the decoded bytes */
};

/* The frames' bytes. */
void seal_history(struct buf *out, struct str json);
void seal_end(struct buf *out, const struct seal *s);
/* One more data frame into the table of an index; the index of a table. */
void seal_frame(struct buf *table, size_t stored, uint64_t documents);
void seal_index(struct buf *out, struct str table);
/* Where the n-th document (from 0) of a file is: the offset and size, as stored, of its frame, and how many documents of the frame come
 * before it. 0; 1: the file has no index, or fewer documents; ERR_IO. */
struct seal_place {
	uint64_t offset, stored, before;
};
int seal_find(const char *path, uint64_t n, struct seal_place *out, struct err *e);

struct seal_found {
	bool whole;          /* an end mark is there, and it agrees with what was read */
	struct seal want, have;
	char *history;       /* malloc'ed JSON, or NULL */
};
/* Read a .jsonl.zst (or any zstd/gzip/plain file: then no marks) through, count lines and bytes, compare. */
int seal_check(const char *path, struct seal_found *out, struct err *e);
