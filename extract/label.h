/* label: the names that pages give to encodings (WHATWG Encoding, 4.2: "iso-8859-1" is windows-1252, "utf_8" is utf-8). */
#pragma once
#include "core/str.h"

enum label_kind {
	LABEL_UTF,
	LABEL_WESTERN, /* windows-1252 and what it is mistaken for */
	LABEL_LATIN,   /* other single bytes with Latin letters    */
	LABEL_OTHER,   /* other scripts                            */
};

struct encoding {
	const char *name, *icu; /* the standard's, in lower case; ICU's */
	enum label_kind kind;
};

/* NULL when no encoding has that label. White space around it and case do not matter. */
const struct encoding *label_find(struct str label);
