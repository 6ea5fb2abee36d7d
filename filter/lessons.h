/* lessons: labelled texts to learn from, cut as the sieve will meet them.
 *
 * Lines: {"text", "label": "pt-PT"|"pt-BR", "domain", "source"} for the variety, {"text", "lang", "source"} for the language.
 * Everything is deterministic: the same files and seed give the same rows. Texts live in its arena. */
#pragma once
#include "core/arena.h"
#include "core/err.h"

#include <stdbool.h>

enum { LESSONS_NAMES = 512, LESSONS_LINE_MAX = 16 << 20, LESSONS_SOURCE_CAP = 1800 };

struct lessons_text {
	struct str s;
	int label; /* variety: +1 pt-PT, -1 pt-BR; language: the class */
	uint16_t domain, source, group; /* group: lessons_group; language: a number below 10 shared by all crops of a text */
	uint32_t words;
};

struct lessons_names {
	struct str v[LESSONS_NAMES];
	unsigned n;
};

struct lessons {
	struct arena *a;
	struct lessons_text *v;
	size_t n, cap, read; /* read: texts before they were cut */
	struct lessons_names domains, sources;
	uint64_t rng, digest; /* digest: XXH3 of all lines read */
};

struct lessons *lessons_new(uint64_t seed);
struct lessons *lessons_free(struct lessons *c);
OWN_FREEP(struct lessons, lessons)

/* Read labelled lines; those without a label of the task are left out. 0, or an error of a file. */
int lessons_read(struct lessons *c, const char *const *paths, size_t n, bool language, struct err *e);
/* Variety: long documents in pieces of many lengths; sentences alone, cropped and joined; spelling and accents varied (reform.h); then at
 * most LESSONS_SOURCE_CAP rows of a source and label, drawn evenly (of the shared tasks FRMT and DSL-TL, all). */
void lessons_cut(struct lessons *c);
/* Language: as many texts of each source and language as are useful, Portuguese in sentences, and crops of a few words of the languages
 * nearest to it, which is where a gate must be sharp. */
void lessons_crop(struct lessons *c);
/* Number the groups that the log-count ratio is averaged over: a source when it holds both varieties, else its domain. Returns how many. */
unsigned lessons_group(struct lessons *c);
