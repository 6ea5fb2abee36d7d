/* whole: is the folder of a finished run what its manifest says? */
#pragma once
#include "core/err.h"

#include <stdbool.h>

/* Every file of manifest.json's outputs against its bytes and XXH3-64, every file below docs, meta, rejects and shards against the list, and the counts
 * of the inputs against those of the run. inputs: also the archives, and the files that options named, against what was read; names are as the run
 * was given them.
 * Prints one object (json) or lines. *whole: all agree. 0; ERR_DATA, ERR_IO: there is no manifest, or it cannot be read. */
int whole_folder(const char *dir, bool json, bool quiet, bool inputs, bool *whole, struct err *e);
