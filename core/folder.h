/* folder: making and removing folders. */
#pragma once
#include "core/err.h"

enum { FOLDER_DEPTH_MAX = 16 };

/* Make it, and those above it that are missing; one that is there already is fine. 0, ERR_IO. */
int folder_make(const char *path, struct err *e);
/* Remove it with everything below; one that is not there is fine. Symbolic links are removed, not followed. 0, ERR_IO. */
int folder_remove(const char *path, struct err *e);
