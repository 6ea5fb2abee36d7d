/* sniff: the first decoded bytes of an input, without consuming any, to tell what it is. */
#pragma once
#include "core/buf.h"
#include "core/err.h"

enum { SNIFF_BYTES = 4096 };

/* Up to SNIFF_BYTES decoded bytes of the file (plain, gzip, zstd; others as stored) into out. stdin can be sniffed too. */
int sniff(const char *path, struct buf *out, struct err *e);
