/* lock: one run at a time in a folder. DIR/work/lock names its owner's host and pid; a lock left by a process that is gone is taken
 * over. Shared file systems without working fcntl locks are why it is a file that says who. */
#pragma once
#include "core/err.h"

#include <stdbool.h>

/* A task of Slurm writes its job's id, too, and takes over what the same job left on a node that was lost; `no_jobs`: Slurm knows of no job here, so that
 * a lock that names one is of the past.
 * On success *fd holds the lock until lock_free. ERR_USAGE naming the owner when another run works there. */
int lock_take(const char *path, bool no_jobs, int *fd, struct err *e);
/* Does a run work there now? Then text says who: "host H, pid P". */
bool lock_held(const char *path, char text[320]);
void lock_free(const char *path, int fd);
