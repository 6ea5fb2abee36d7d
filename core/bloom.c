#include "core/bloom.h"

#include "core/thrift.h"

#include <xxhash.h>

/* Fixed by the format. */
static const uint32_t salt[8] = {0x47B6137B, 0x44974D91, 0x8824AD5B, 0xA2B7289D, 0x705495C7, 0x2DF1424B, 0x9EFC4947, 0x5C6BFB31};

uint32_t bloom_size(uint32_t n)
{
	uint32_t size = BLOOM_BLOCK;
	while (size < n && size < BLOOM_MAX)
		size *= 2;
	return size;
}

uint64_t bloom_hash(struct str value)
{
	return XXH64(value.p, value.n, 0);
}

uint32_t bloom_block(uint64_t hash, uint32_t size)
{
	return (uint32_t)((hash >> 32) * (size / BLOOM_BLOCK) >> 32) * BLOOM_BLOCK;
}

static uint32_t bit(uint64_t hash, int word)
{
	return 1u << ((uint32_t)hash * salt[word] >> 27);
}

void bloom_add(unsigned char *filter, uint32_t size, uint64_t hash)
{
	unsigned char *block = filter + bloom_block(hash, size);
	for (int i = 0; i < 8; i++) {
		uint32_t w;
		memcpy(&w, block + 4 * i, 4);
		w |= bit(hash, i);
		memcpy(block + 4 * i, &w, 4);
	}
}

bool bloom_may(const unsigned char block[BLOOM_BLOCK], uint64_t hash)
{
	for (int i = 0; i < 8; i++) {
		uint32_t w;
		memcpy(&w, block + 4 * i, 4);
		if (!(w & bit(hash, i)))
			return false;
	}
	return true;
}

/* A union of which the first member is chosen. */
static void first_of(struct thrift_out *t, int field)
{
	thrift_put_struct(t, field);
	thrift_put_struct(t, 1);
	thrift_end(t);
	thrift_end(t);
}

void bloom_print(struct buf *out, const uint64_t *hashes, uint32_t n)
{
	struct thrift_out t;
	uint32_t size = bloom_size(n);
	thrift_begin(&t, out);
	thrift_put_i32(&t, 1, (int32_t)size);
	for (int field = 2; field <= 4; field++)
		first_of(&t, field);
	thrift_end(&t);
	buf_reserve(out, size);
	unsigned char *bits = (unsigned char *)out->p + out->n;
	memset(bits, 0, size);
	out->n += size;
	for (uint32_t i = 0; i < n; i++)
		bloom_add(bits, size, hashes[i]);
}
