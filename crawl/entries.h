/* entries: the archives in a file: the file itself, or what a container (WACZ or another zip, tar, also compressed) holds.
 *
 * libarchive walks containers. An entry is copied to an unlinked temporary file, since reading across damage goes back and forth; its name is
 * shown as CONTAINER/ENTRY, and offsets are those within the entry. Entries that are no archive are passed over. A container within a
 * container is not opened. */
#pragma once
#include "crawl/record.h"

struct entries;
/* begin, end: as stream_open; for the file itself only. tmp: folder; NULL = $TMPDIR or /tmp. */
int entries_open(struct entries **out, const char *path, uint64_t begin, uint64_t end, const char *tmp, struct err *e);
/* The next archive: 1, and its reader, which belongs to the caller, and its name, valid as long as `es`; 0: no more; RECORD_DAMAGE: the
 * container is damaged, *e says how (call again: the end follows); < 0. */
int entries_next(struct entries *es, struct record_reader **r, const char **name, struct err *e);
/* Entries that were no archives. */
uint64_t entries_others(const struct entries *es);
bool entries_is_container(const struct entries *es);
struct entries *entries_free(struct entries *es);
OWN_FREEP(struct entries, entries)
