/* scale: numbers as bytes, for features. */
#pragma once
#include <stdint.h>

/* 0 to 7 as they are, then eight steps an octave: 239 at most. */
static inline uint8_t scale_log(uint32_t x)
{
	if (x < 8)
		return (uint8_t)x;
	unsigned e = 31u - (unsigned)__builtin_clz(x);
	return (uint8_t)(8 * (e - 3) + (x >> (e - 3) & 7) + 8);
}

static inline uint8_t scale_cut(uint32_t x)
{
	return (uint8_t)(x < 255 ? x : 255);
}

/* 255ths. The division is one of floats, rounded alike everywhere (IEEE 754), and nothing is added to it. */
static inline uint8_t scale_ratio(uint32_t a, uint32_t b)
{
	return b == 0 ? 0 : a >= b ? 255 : (uint8_t)(255.0f * ((float)a / (float)b));
}
