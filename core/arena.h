/* arena: memory that lives as long as one batch.
 *
 * Allocation moves a pointer; nothing is freed singly; arena_reset forgets everything and keeps the memory for the next
 * batch. Never returns NULL. Not thread-safe: one arena per batch, one batch per worker. */
#pragma once
#include "core/own.h"
#include "core/str.h"

struct arena;

/* chunk: bytes taken from the system at a time (0 = 256 KiB). */
struct arena *arena_new(size_t chunk);
struct arena *arena_free(struct arena *a);
OWN_FREEP(struct arena, arena)

/* n bytes aligned to 16, not cleared. Valid until the next reset. */
void *arena_alloc(struct arena *a, size_t n);
void *arena_zalloc(struct arena *a, size_t n);
/* Give back the unused tail of the newest allocation p, of which only n bytes are wanted. */
void arena_shrink(struct arena *a, void *p, size_t n);
/* A larger copy of p (old bytes long); in place when p is the newest allocation and there is room. */
void *arena_grow(struct arena *a, void *p, size_t old, size_t n);
/* A copy of s in the arena (followed by a NUL that is not counted). */
struct str arena_str(struct arena *a, struct str s);
struct str arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Forget everything. Keeps up to `keep` bytes of chunks for reuse. */
void arena_reset(struct arena *a, size_t keep);
/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *a);

#define ARENA_NEW(a, type) ((type *)arena_zalloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n) ((type *)arena_alloc((a), sizeof(type) * (size_t)(n)))
