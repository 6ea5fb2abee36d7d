/* progress: one rewritten line on stderr when it is a terminal, a plain line a minute otherwise. At most 6 a second.
 *
 * What takes hours is watched (progress_watch): a thread of its own draws also when nothing moves, prints a snapshot on SIGUSR1, writes the line a
 * minute as JSON, and keeps a text file for Prometheus' node exporter (the exposition format, version 0.0.4). */
#pragma once
#include "core/batch.h"
#include "core/own.h"

#include <stdbool.h>
#include <stdint.h>

struct progress;
enum progress_when { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER };

struct progress_watch {
	enum progress_when when;
	bool quiet;	     /* draw nothing, answer SIGUSR1 all the same */
	bool json;	     /* a JSON object a line, never a rewritten line */
	double every;	     /* seconds between plain or JSON lines */
	const char *metrics; /* file; NULL = none */
	unsigned phases;     /* how many progress_phase calls there will be; 0 = not told */
};

/* total: bytes of input as stored, 0 = not known. label: the command. */
struct progress *progress_new(const char *label, uint64_t total, enum progress_when when);
/* Never NULL. Call it before threads are made: they leave SIGUSR1 to the one that watches. */
struct progress *progress_watch(const struct progress_watch *w);
struct progress *progress_free(struct progress *p); /* clears the line */
OWN_FREEP(struct progress, progress)
/* Thread-safe. Amounts are added. */
void progress_add(struct progress *p, uint64_t stored, uint64_t docs, uint64_t kept);
/* The documents of a batch that went through, with the reasons of those that were left out. */
void progress_batch(struct progress *p, const struct batch *b);
/* Another part of the work begins: amounts count from 0 again. parts: of the work (files, lots); 0 = not told. */
void progress_phase(struct progress *p, const char *label, uint64_t total, uint64_t parts);
/* One of them is done. */
void progress_part(struct progress *p);
