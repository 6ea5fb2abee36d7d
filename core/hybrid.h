/* hybrid: Parquet's mix of run lengths and bit packing for small whole numbers (definition levels, dictionary codes).
 *
 * Runs: a varint 2n says that the next value (in whole bytes) stands n times; 2n+1 that n groups of 8 values follow, width bits
 * each, lowest first. Source: apache/parquet-format, Encodings.md. */
#pragma once
#include "core/buf.h"

/* n values, each below 2^width, width 0 to 32. */
void hybrid_put(struct buf *b, const uint32_t *v, size_t n, int width);
/* The first n values of s into v. false when there are fewer, or the bytes are no such runs. */
bool hybrid_get(struct str s, uint32_t *v, size_t n, int width);
/* Bits that the values 0..max take. */
int hybrid_width(uint32_t max);
