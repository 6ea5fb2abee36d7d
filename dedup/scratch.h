/* scratch: a folder of its own for scratch files, which goes with everything in it. */
#pragma once
#include "core/err.h"

struct scratch;
/* below: where; it must exist. */
int scratch_new(struct scratch **out, const char *below, struct err *e);
/* Remove what calls that were killed left below: those of this host, known by the lock that they no longer hold; or all, where no other call can be at
 * work. */
void scratch_clear(const char *below, int all);
struct scratch *scratch_free(struct scratch *s);
const char *scratch_folder(const struct scratch *s);
/* "FOLDER/NAME" into out (4096 bytes); returns out. */
const char *scratch_path(const struct scratch *s, const char *name, char *out);
/* The folder that the file `path` is in, into out (4096 bytes); returns out. */
const char *scratch_beside(const char *path, char *out);
