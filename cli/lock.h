/* lock: one run at a time in a folder. DIR/work/lock names its owner's host and pid; a lock left by a process that is gone is taken
 * over. Shared file systems without working fcntl locks are why it is a file that says who. */
#pragma once
#include "core/err.h"

/* On success *fd holds the lock until lock_free. ERR_USAGE naming the owner when another run works there. */
int lock_take(const char *path, int *fd, struct err *e);
void lock_free(const char *path, int fd);
