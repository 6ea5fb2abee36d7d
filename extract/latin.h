/* latin: single-byte encodings of Portuguese pages: reading them, and telling which one it is.
 *
 * Guessing looks at every byte above 0x7F and its neighbours: in the right encoding they are small letters inside words and marks between
 * words, in a wrong one capitals and symbols inside words. Weights: latin.c; what they reach: docs/internals/charset.md. */
#pragma once
#include "core/arena.h"

enum latin { LATIN_CP1252, LATIN_ISO8859_15, LATIN_MAC_ROMAN, LATIN_CP850, LATIN_CP860, LATIN_MAPS };

/* WHATWG's name, or IBM's for the code pages of DOS. */
struct str latin_name(enum latin m);
/* The one of that name; LATIN_CP1252 for any other. */
enum latin latin_of(struct str name);
/* The character that a byte is. */
uint32_t latin_char(enum latin m, unsigned char byte);
/* All of s in UTF-8. */
struct str latin_decode(struct str s, enum latin m, struct arena *a);

/* What bytes above 0x7F look like, whatever the encoding is. */
struct latin_shape {
	size_t high;      /* how many                                                                */
	size_t inside;    /* of them alone or in pairs, next to an ASCII letter: Latin script         */
	size_t runs;      /* of them in runs of four and more: another script, or several bytes a character */
	bool portuguese;  /* nearly all are windows-1252's for Portuguese letters, in the usual company */
};
struct latin_shape latin_shape(struct str s);
/* The likeliest encoding of a text in Latin script; a declared one has an advantage (LATIN_MAPS: none is declared). */
enum latin latin_guess(struct str s, enum latin declared);
