/* json: strict JSON (RFC 8259) without a tree: a cursor over values, and printing.
 *
 *     struct json j = json_of(line);
 *     if (json_object(&j)) while (json_key(&j, &key)) { if (str_eq(key, STR("id"))) json_string(&j, arena, &id); else json_skip(&j, &raw); }
 *     if (j.bad) ... j.at - line.p is the offset
 *
 * A failure sets `bad` and every later call fails: check once at the end. Depth is bounded (JSON_DEPTH_MAX). */
#pragma once
#include "core/arena.h"
#include "core/buf.h"

enum { JSON_DEPTH_MAX = 128 };

struct json {
	const char *at, *end;
	bool bad;
	bool first; /* no member or element of the current container was read yet */
};

enum json_kind { JSON_NONE, JSON_NULL, JSON_TRUE, JSON_FALSE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json json_of(struct str s);
enum json_kind json_peek(struct json *j);
/* Step into an object or array. */
bool json_object(struct json *j);
bool json_array(struct json *j);
/* The next key (escapes undone in `a`; without escapes a slice of the input), positioned at its value; false at the end of the
 * object, which is then left. */
bool json_key(struct json *j, struct arena *a, struct str *key);
/* Is there a next element? false leaves the array. */
bool json_element(struct json *j);
/* Values. A string without escapes is a slice of the input. Invalid UTF-8 and lone surrogates become U+FFFD. */
bool json_string(struct json *j, struct arena *a, struct str *out);
bool json_number(struct json *j, double *out);
bool json_u64(struct json *j, uint64_t *out);
bool json_bool(struct json *j, bool *out);
bool json_null(struct json *j);
/* Over any value; *raw is its text as written. */
bool json_skip(struct json *j, struct str *raw);
/* Only white space is left. */
bool json_done(struct json *j);

/* Printing. The string gets its quotes; control characters and invalid UTF-8 (as U+FFFD) are escaped. */
void json_put_string(struct buf *b, struct str s);
/* Shortest of 6 significant digits ("%.6g" without locale); NAN and infinities print null. */
void json_put_real(struct buf *b, double v);
