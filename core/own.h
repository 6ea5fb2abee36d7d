/* own: freeing at the end of a block.
 *
 *     _cleanup_(zin_freep) struct zin *in = NULL;
 *
 * calls zin_freep(&in) when `in` goes out of scope. OWN_FREEP(type, x) defines x##_freep from x##_free, which takes
 * NULL and returns NULL like every _free here. */
#pragma once
#include <stdlib.h>

#define _cleanup_(f) __attribute__((cleanup(f)))
#define OWN_FREEP(type, name)                                          \
	static inline __attribute__((unused)) void name##_freep(type **p) \
	{                                                              \
		*p = name##_free(*p);                                  \
	}

static inline void own_freep(void *p)
{
	free(*(void **)p);
}

/* malloc, realloc and strdup that end the process with a message when memory runs out. Sizes that come from input are
 * checked against a named ceiling before they get here. */
void *own_alloc(size_t n);
void *own_zalloc(size_t n);
void *own_grow(void *p, size_t n);
char *own_strdup(const char *s);
/* Frees n strings of own_strdup and the array that holds them. */
void own_free_strings(const char **v, size_t n);
