#include "core/own.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static void *must(void *p)
{
	if (!p) {
		static const char msg[] = "peneira: out of memory\n";
		fwrite(msg, 1, sizeof(msg) - 1, stderr);
		_Exit(1);
	}
	return p;
}

void *own_alloc(size_t n)
{
	return must(malloc(n ? n : 1));
}

void *own_zalloc(size_t n)
{
	return must(calloc(1, n ? n : 1));
}

void *own_grow(void *p, size_t n)
{
	return must(realloc(p, n ? n : 1));
}

char *own_strdup(const char *s)
{
	return must(strdup(s));
}

void own_free_strings(const char **v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free((void *)(uintptr_t)v[i]);
	free(v);
}
