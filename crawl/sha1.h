/* sha1: FIPS 180-4 SHA-1, for digests that archives use. Not for security. */
#pragma once
#include "core/str.h"

struct sha1 {
	uint32_t h[5];
	uint64_t bytes;
	unsigned char block[64];
};

void sha1_start(struct sha1 *s);
void sha1_add(struct sha1 *s, const void *p, size_t n);
void sha1_end(struct sha1 *s, unsigned char out[20]);
/* The digests of n messages, eight at a time where the processor has AVX2. Messages of like length, or the longest first, go fastest. */
void sha1_many(const struct str *in, size_t n, unsigned char (*out)[20]);
/* 40 hex digits and a NUL: of a digest; of a message's digest. */
void sha1_print(const unsigned char digest[20], char out[41]);
void sha1_hex(struct str s, char out[41]);
/* 32 characters of RFC 4648 base 32 and a NUL, as WARC digests are written. */
void sha1_base32(struct str s, char out[33]);
