/* jsonl: documents as JSON lines, in and out.
 *
 * Reading: jsonl_source cuts lines, jsonl_read_stage (first in the chain) parses them. A line that is not an object, or is
 * longer than JSONL_LINE_MAX, is a document with drop = input.damaged. Writing: jsonl_write_stage (last) renders and
 * compresses in map, one zstd frame a batch, and writes in fold. */
#pragma once
#include "core/source.h"
#include "core/stage.h"

enum { JSONL_LINE_MAX = 64 << 20 };

extern const struct source jsonl_source;
extern const struct stage jsonl_read_stage;
extern const struct stage jsonl_write_stage;

struct jsonl_write_conf {
	const char *path;    /* kept documents; NULL = none, "-" = stdout   */
	const char *rejects; /* documents left out, with `drop`; NULL = none */
	int level;           /* of zstd; 0 = default                         */
	bool seal;           /* history and end mark (see seal.h)            */
	bool all;            /* documents left out go to `path` too, with `drop` (the driver's spool) */
	const char *history; /* JSON for the history; may be NULL            */
};

struct jsonl_read_conf {
	bool drops; /* believe the `drop` of the input: such documents stay left out. Otherwise they get a new chance. */
};

/* One document from a line. Strings are slices of line or in a. 0; ERR_DATA (offset in e is within the line). */
int jsonl_parse(struct doc *d, struct str line, struct arena *a, bool drops, struct err *e);
/* One document as a line with its LF. */
void jsonl_print(const struct doc *d, struct buf *out);
/* Plain text lines instead of JSON (classify, tokenize): does the first byte look like JSON? */
bool jsonl_probe(struct str first);
