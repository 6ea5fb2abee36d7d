/* audit: `peneira dedup --audit N DIR`: recall and precision of the deduplication of a run, from the signatures in its work folder. */
#pragma once
#include "dedup/dedup.h"

#include <stdbool.h>

/* Is the one argument a folder? */
bool audit_asked(const struct dedup_conf *c, const char *const *paths, size_t n);
/* Prints the lines of the audit; returns the exit status. */
int audit_run(const struct dedup_conf *c, const char *dir, struct err *e);
