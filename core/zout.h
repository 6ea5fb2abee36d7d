/* zout: a byte stream to write, under its name only when it is whole.
 *
 * Written to ".NAME.part" in the same folder; zout_commit flushes, syncs and renames. Compression by the name: .zst, .gz,
 * anything else plain. "-" is stdout (never compressed by name; not atomic). */
#pragma once
#include "core/err.h"
#include "core/own.h"
#include "core/str.h"

struct zout;

/* level: of the compression; 0 = its default. */
int zout_open(struct zout **out, const char *path, int level, struct err *e);
int zout_write(struct zout *z, const void *p, size_t n, struct err *e);
/* End the zstd frame or gzip member here, so that the next byte begins a new one (random access). */
int zout_frame(struct zout *z, struct err *e);
/* Bytes that are already compressed (or skippable frames): written as they are, after zout_frame. */
int zout_raw(struct zout *z, const void *p, size_t n, struct err *e);
/* Offset, as stored, at which the next frame will begin; only right after zout_frame or zout_raw. */
uint64_t zout_offset(const struct zout *z);
bool zout_is_zstd(const struct zout *z);
/* Make it final: flush, fsync, rename, fsync of the folder; frees z in any case. */
int zout_commit(struct zout *z, struct err *e);
/* A whole file of these bytes: open, write, commit. */
int zout_file(const char *path, struct str bytes, struct err *e);
/* From here on part files are ".NAME.TAG.part": for processes that may write the same file at the same time (a cluster's task and its
 * successor, when a node comes back). tag: a literal or static. NULL: plain again. */
void zout_tag(const char *tag);
/* For writers with an own idea of bytes: the name of the part file of path (malloc'ed), and making it final: sync, close, rename, sync the folder. fd
 * is closed and the part file is gone in both outcomes. */
char *zout_part(const char *path);
int zout_place(int fd, const char *part, const char *path, struct err *e);
/* true: from here on commits rename without waiting for the disk, for many small files that one zout_settle makes last together. */
void zout_lazy(bool lazy);
/* Wait until everything on the file system of this folder is on the disk. 0, ERR_IO. */
int zout_settle(const char *folder, struct err *e);
/* Remove the part files that processes left in a folder when they died. Nobody may be writing there. */
void zout_sweep(const char *folder);
/* Give up: the part file is removed. Takes NULL, returns NULL. */
struct zout *zout_free(struct zout *z);
OWN_FREEP(struct zout, zout)
