/* frames: bytes as independent zstd frames with checksums, so that a part is unpacked without the rest: Zstandard's seekable format
 * (facebook/zstd, contrib/seekable_format/zstd_seekable_compression_format.md).
 *
 * Behind the frames is a skippable one with the table: u32 0x184D2A5E, u32 size, for each frame u32 packed and u32 unpacked bytes, then u32 frames,
 * u8 0, u32 0x8F92EAB1. A reader that knows nothing of it sees the bytes one after the other. The same bytes for any number of threads. */
#pragma once
#include "core/buf.h"
#include "core/err.h"

enum { FRAMES_MAX = 1 << 20, FRAMES_THREADS_MAX = 64 };

/* ends: where in raw each of the n frames ends, rising, the last at raw.n. One frame is written without the table. threads: 0 = 1. ERR_LIMIT, ERR_IO. */
int frames_pack(struct buf *out, struct str raw, const uint32_t *ends, size_t n, int level, unsigned threads, struct err *e);
/* Append n unpacked bytes from `at` on to out, unpacking only the frames that they lie in. 1: the file has no table, or no such bytes; ERR_IO, ERR_DATA. */
int frames_read(const char *path, uint64_t at, size_t n, struct buf *out, struct err *e);
