/* spool: any number of records out in the order of their keys, in bounded memory: sorted runs in files of a folder, merged.
 *
 * Keys that are hashes make it a shuffle that depends on the records alone. Equal keys: in the order they came. The files are gone when the
 * spool is (unlinked as they are made). */
#pragma once
#include "core/err.h"
#include "core/own.h"
#include "core/str.h"

enum { SPOOL_RECORD_MAX = 1 << 30 };

struct spool;
/* memory: bytes of records to hold before a run is written. The folder exists. */
struct spool *spool_new(const char *folder, size_t memory);
struct spool *spool_free(struct spool *s);
/* ERR_IO (a full disk), ERR_LIMIT. */
int spool_put(struct spool *s, uint64_t key, struct str record, struct err *e);
/* After the last put: 1 and the next record, valid until the next call; 0 at the end; ERR_IO. */
int spool_next(struct spool *s, struct str *record, struct err *e);
