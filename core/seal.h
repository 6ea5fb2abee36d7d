/* seal: history and end mark of a file, in skippable zstd frames that every zstd reader steps over.
 *
 * History: a leading frame with the commands, versions and options that made the file (samtools' @PG). End mark: a trailing
 * one with documents, bytes and the XXH3-64 of the decoded bytes (bgzf's EOF block): a file cut short has none.
 * Frame: magic 0x184D2A5E, u32 size, then JSON. RFC 8878 section 3.1.2. */
#pragma once
#include "core/buf.h"
#include "core/err.h"

enum { SEAL_MAGIC = 0x184D2A5E, SEAL_MAX = 1 << 20 };

struct seal {
	uint64_t documents, bytes, digest; /* digest: XXH3-64 over the decoded bytes */
};

/* The frames' bytes. */
void seal_history(struct buf *out, struct str json);
void seal_end(struct buf *out, const struct seal *s);

struct seal_found {
	bool whole;          /* an end mark is there, and it agrees with what was read */
	struct seal want, have;
	char *history;       /* malloc'ed JSON, or NULL */
};
/* Read a .jsonl.zst (or any zstd/gzip/plain file: then no marks) through, count lines and bytes, compare. */
int seal_check(const char *path, struct seal_found *out, struct err *e);
