/* cluster: extended grapheme clusters (UAX 29), what a reader takes for one character. */
#pragma once
#include "core/str.h"

/* The end of the cluster that begins at p (< end; valid UTF-8). */
const char *cluster_end(const char *p, const char *end);
