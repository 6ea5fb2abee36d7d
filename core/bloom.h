/* bloom: Parquet's split-block Bloom filters: is a value surely not in a chunk, without reading the chunk?
 *
 * A filter is blocks of 256 bits; the hash of a value picks a block and a bit in each of its eight words. At 8 to 16 bits a
 * value, 0.1 to 2.5 in a hundred of absent values are taken for present. Source: apache/parquet-format, BloomFilter.md (XXH64 of
 * the value as PLAIN encoding has it, without the length). */
#pragma once
#include "core/buf.h"

enum { BLOOM_BLOCK = 32 /* bytes */, BLOOM_MAX = 1 << 20 /* bytes of a filter */ };

/* Bytes of a filter for n values: a power of two, as some readers demand. */
uint32_t bloom_size(uint32_t n);
uint64_t bloom_hash(struct str value);
/* Which block of a filter of `size` bytes: its offset. */
uint32_t bloom_block(uint64_t hash, uint32_t size);
/* A filter of n hashes as it stands in a file: a header (split blocks, XXH64, not compressed), then the bits. */
void bloom_print(struct buf *out, const uint64_t *hashes, uint32_t n);
/* Into a filter of `size` bytes, zeroed at first. */
void bloom_add(unsigned char *filter, uint32_t size, uint64_t hash);
/* block: the 32 bytes at bloom_block. false: not there. */
bool bloom_may(const unsigned char block[BLOOM_BLOCK], uint64_t hash);
