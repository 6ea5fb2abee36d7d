/* journal: a file that grows record by record and can be gone on with after a kill at any moment.
 *
 * For FILE there are .FILE.part, the records, and .FILE.journal: a line of what this is, then a line for each step that is done: how far
 * .FILE.part reaches, and its key. A record is written and synced before its line. On opening, what lies behind the last whole line is cut
 * off. Committing renames .FILE.part to FILE. */
#pragma once
#include "core/err.h"
#include "core/own.h"
#include "core/str.h"

struct journal;
/* what: one line that must be the same when it is gone on with. ERR_USAGE when another was begun. */
int journal_open(struct journal **out, const char *path, struct str what, struct err *e);
/* The key of the last step; empty when nothing is done. */
struct str journal_last(const struct journal *j);
/* One step: bytes to append (may be none), and its key (without line ends). */
int journal_step(struct journal *j, struct str bytes, struct str key, struct err *e);
/* Make it final; frees j in any case. */
int journal_commit(struct journal *j, struct err *e);
/* Leave it to be gone on with. Takes NULL. */
struct journal *journal_free(struct journal *j);
OWN_FREEP(struct journal, journal)
