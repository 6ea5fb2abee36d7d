/* sheaf: the tokenized documents of a lot, on their way to the shards: a file of what the shards need of each document that stays.
 *
 *     "PNSHEAF1"  record*  end
 *     record = u32 size of the line, u32 tokens (top bit: they take 32 bits, else 16), the line, the tokens
 *     end    = u32 FFFFFFFF, u32 0, u64 documents, u64 XXH3-64 of all bytes before
 *
 * The line is the document as JSON, without its text where only tokens are wanted. Little-endian. A sheaf appears under its name when it is
 * whole; one that was cut or changed since is ERR_DATA with its name. */
#pragma once
#include "core/source.h"
#include "core/stage.h"

enum { SHEAF_LINE_MAX = 128 << 20, SHEAF_TOKENS_MAX = 512 << 20 };

struct sheaf_conf {
	const char *path;
	bool text;    /* the shards want the text, too */
	bool signals; /* a mix may look at signals */
};

/* Last in a chain that tokenized: writes. */
extern const struct stage sheaf_write_stage;
/* Reads sheaves, one behind the other; the stage behind it parses the lines. */
extern const struct source sheaf_source;
extern const struct stage sheaf_read_stage;
