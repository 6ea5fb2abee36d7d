/* base64: RFC 4648 section 4. */
#pragma once
#include "core/str.h"

/* out: 3 bytes of room for every 4 of s. false when s is not base64. */
bool base64_read(struct str s, char *out, size_t *n);
