/* scale: numbers as bytes, for features. */
#pragma once
#include <stdint.h>

/* 0 to 7 as they are, then eight steps an octave: 239 at most. */
static inline uint8_t scale_log(uint32_t x)
{
	unsigned e = 28u - (unsigned)__builtin_clz(x | 8); /* without a branch: small and large numbers come in no order */
	return (uint8_t)(8 * e + (x >> e & 7) + (x < 8 ? 0 : 8));
}

static inline uint8_t scale_cut(uint32_t x)
{
	return (uint8_t)(x < 255 ? x : 255);
}

/* 255ths. The division is one of floats, rounded alike everywhere (IEEE 754), and nothing is added to it. */
static inline uint8_t scale_ratio(uint32_t a, uint32_t b)
{
	uint32_t part = a < b ? a : b;
	return (uint8_t)(255.0f * ((float)part / (float)(b ? b : 1)));
}
