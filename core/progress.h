/* progress: one rewritten line on stderr when it is a terminal, a plain line a minute otherwise. At most 6 a second. */
#pragma once
#include "core/own.h"
#include <stdbool.h>
#include <stdint.h>

struct progress;
enum progress_when { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER };

/* total: bytes of input as stored, 0 = not known. label: the command. */
struct progress *progress_new(const char *label, uint64_t total, enum progress_when when);
struct progress *progress_free(struct progress *p); /* clears the line */
OWN_FREEP(struct progress, progress)
/* Thread-safe. Amounts are added. */
void progress_add(struct progress *p, uint64_t stored, uint64_t docs, uint64_t kept);
/* Another part of the work begins: amounts count from 0 again. */
void progress_phase(struct progress *p, const char *label, uint64_t total);
