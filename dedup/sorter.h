/* sorter: more records than memory holds, in order.
 *
 * A record is `words` 64-bit numbers, compared one after the other; that is a total order, so what comes out depends on the
 * records alone, whatever order they came in and however much memory there was. What does not fit is sorted by pieces into
 * run files (sealed.h) and merged; at most SORTER_FAN at a time, in as many rounds as that takes. Sorting in memory is an
 * in-place radix sort from the first byte (McIlroy, Bostic, McIlroy 1993), with insertion sort for small groups. */
#pragma once
#include "core/err.h"
#include "core/own.h"

#include <stdbool.h>
#include <stddef.h>

#define SORTER_MAGIC "PNRUN001"
enum { SORTER_WORDS = 8, SORTER_FAN = 128, SORTER_BLOCK = 64 << 10, SORTER_LEAST = 1 << 20 };

struct sorter;
/* memory: bytes for records, raised to SORTER_LEAST. folder, name: where and as what run files go; both are copied. */
struct sorter *sorter_new(unsigned words, size_t memory, const char *folder, const char *name);
struct sorter *sorter_free(struct sorter *s); /* removes its files */
OWN_FREEP(struct sorter, sorter)

/* Equal records come out once. Before the first sorter_add. */
void sorter_unique(struct sorter *s);
int sorter_add(struct sorter *s, const uint64_t *record, struct err *e);
/* A run file that is sorted already (an index) joins the merge; it is not removed. add: this is added to word `word` of each
 * of its records, which must not disturb their order. */
int sorter_join(struct sorter *s, const char *path, unsigned word, uint64_t add, struct err *e);
/* The same, of only those records whose first word is within [from, to]; what lies before them is not read. */
int sorter_join_range(struct sorter *s, const char *path, unsigned word, uint64_t add, uint64_t from, uint64_t to, struct err *e);
/* No more records: the first sorter_next follows. */
int sorter_sort(struct sorter *s, struct err *e);
/* 1: the next record; 0: no more. */
int sorter_next(struct sorter *s, uint64_t *record, struct err *e);
/* From the first record on again. */
int sorter_rewind(struct sorter *s, struct err *e);
/* Records so far, without those of joined files; bytes written to run files. */
uint64_t sorter_count(const struct sorter *s);
uint64_t sorter_written(const struct sorter *s);
/* All records, in order, into a file that sorter_join can take. After sorter_sort, instead of sorter_next. */
int sorter_save(struct sorter *s, const char *path, int lasting, struct err *e);

/* Sort n records in memory. */
void sorter_array(uint64_t *v, size_t n, unsigned words);
