/* mark: verdicts and cuts, from their files onto documents. */
#pragma once
#include "core/doc.h"
#include "dedup/index.h"

extern const struct why mark_why[];         /* of everything that dedup leaves out */
extern const char *const mark_signals[];

struct mark;
/* cuts: NULL = none. against: borrowed, may be NULL. */
int mark_open(struct mark **out, const char *verdicts, const char *cuts, const char *weights, struct index *against, struct err *e);
struct mark *mark_free(struct mark *m);
OWN_FREEP(struct mark, mark)
/* Documents of the units [first, first + n): *from is the number of the first, *to one past the last. */
int mark_range(const struct mark *m, size_t first, size_t n, uint64_t *from, uint64_t *to, struct err *e);
/* The verdict on document `number` onto d; what is new lies in a. */
int mark_document(struct mark *m, uint64_t number, struct doc *d, struct arena *a, struct err *e);
/* How many documents lost words to cuts so far, and how many words those were. */
uint64_t mark_cut_documents(const struct mark *m);
uint64_t mark_cut_words(const struct mark *m);
