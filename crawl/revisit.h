/* revisit: where the captures are that later revisit records repeat (ISO 28500:2017, section 6.7).
 *
 * Remembers, for each capture read, its file and offset under its URL with its date and under its payload digest, as 64-bit hashes: what is
 * found must be held against the revisit record itself. Bounded: beyond REVISIT_MAX captures no more are remembered. */
#pragma once
#include "core/own.h"
#include "crawl/record.h"

enum { REVISIT_MAX = 1 << 19 }; /* 32 MB at most */

struct revisit;
struct revisit *revisit_new(void);
struct revisit *revisit_free(struct revisit *v);
/* file: a number of the caller's. */
void revisit_note(struct revisit *v, const struct record *rec, uint32_t file);
/* The capture that rec repeats, if it was noted: by WARC-Refers-To-Target-URI and -Date, else by payload digest. */
bool revisit_find(const struct revisit *v, const struct record *rec, uint32_t *file, uint64_t *offset);
