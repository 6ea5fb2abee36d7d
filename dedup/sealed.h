/* sealed: files of checksummed blocks with an end mark: signatures, sorted runs, verdicts, indexes.
 *
 *     file   = magic[8]  block*  end
 *     block  = u32 size, u32 kind, u64 check, bytes     check: XXH3-64 of the bytes, seeded with the block's offset and kind
 *     end    = a block of kind SEALED_END: u64 count, u64 XXH3-64 over the checks of all blocks
 *
 * All numbers are little-endian. The end mark lies at a known place from the end of the file, so that a file cut short is
 * found when it is opened, and a block that was damaged, moved or comes from another file is found when it is read. */
#pragma once
#include "core/err.h"
#include "core/own.h"

#include <stdbool.h>
#include <stddef.h>

/* SEALED_FIRST: offset of the first block's bytes. */
enum { SEALED_BLOCK_MAX = 64 << 20, SEALED_END = 0x444E45, SEALED_MAGIC = 8, SEALED_HEAD = 16, SEALED_FIRST = SEALED_MAGIC + SEALED_HEAD };

struct sealed_out;
/* lasting: under its name only when it is whole (.NAME.part, fsync, rename); otherwise a scratch file that sealed_free of an
 * uncommitted writer removes. magic: 8 bytes. */
int sealed_create(struct sealed_out **out, const char *path, const char *magic, bool lasting, struct err *e);
/* One block. n <= SEALED_BLOCK_MAX. */
int sealed_put(struct sealed_out *s, uint32_t kind, const void *p, size_t n, struct err *e);
/* Offset in the file of the bytes of the next block. */
uint64_t sealed_at(const struct sealed_out *s);
/* Write the end mark and make it final; frees s in any case. */
int sealed_commit(struct sealed_out *s, uint64_t count, struct err *e);
struct sealed_out *sealed_out_free(struct sealed_out *s);

struct sealed_in;
/* ERR_DATA when the magic or the end mark is missing: the file is of another kind, or was cut short. */
int sealed_open(struct sealed_in **in, const char *path, const char *magic, struct err *e);
struct sealed_in *sealed_in_free(struct sealed_in *s);
OWN_FREEP(struct sealed_out, sealed_out)
OWN_FREEP(struct sealed_in, sealed_in)
/* As the end mark says. */
uint64_t sealed_count(const struct sealed_in *s);
const char *sealed_name(const struct sealed_in *s);
/* The head of the next block. 1: *kind and *size filled; 0: the end, and all checks agree; ERR_DATA, ERR_IO. */
int sealed_next(struct sealed_in *s, uint32_t *kind, uint32_t *size, struct err *e);
/* Its bytes (size of them), checked. After this, or without it, sealed_next goes on with the following block. */
int sealed_body(struct sealed_in *s, void *out, struct err *e);
/* Offset in the file of the current block's bytes. */
uint64_t sealed_offset(const struct sealed_in *s);
/* Go to the block whose bytes are at `offset`: the next sealed_next reads its head. The check over all blocks is off then. */
void sealed_seek(struct sealed_in *s, uint64_t offset);
/* Bytes from anywhere, unchecked, thread-safe: for what carries its own check. */
int sealed_pread(const struct sealed_in *s, void *out, size_t n, uint64_t offset, struct err *e);
