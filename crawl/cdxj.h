/* cdxj: the captures of archive files as CDXJ lines, one for each response, resource and revisit, as pywb's own indexer writes them. */
#pragma once
#include "core/err.h"
#include "core/tally.h"
#include "crawl/sorted.h"

/* Add the lines of one file to `out`. "filename" is the file's base name; "length" reaches to where the next record begins. Damage is noted
 * in `t` as the archive source does. */
int cdxj_file(const char *path, struct sorted *out, struct tally *t, struct err *e);
