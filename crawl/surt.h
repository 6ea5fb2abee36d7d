/* surt: the sort-friendly form of a URL that indexes of archives are keyed by: "pt,publico)/ano/2004?x=1".
 *
 * As the surt library (IAURLCanonicalizer, GoogleURLCanonicalizer), which pywb uses, makes it: percent signs undone and done again, "." and
 * ".." resolved, "www." and default ports and users dropped, lower case, session ids dropped, arguments in order. Hosts that are not ASCII
 * stay as their escaped bytes (no IDNA), numbers as hosts stay as they are. */
#pragma once
#include "core/buf.h"

enum { SURT_MAX = 64 << 10 }; /* of a longer URL only so much is looked at */

/* Append the form of url to out. "-" for an empty one; without an authority ("dns:x", "urn:x") it is the URL itself. */
void surt_put(struct buf *out, struct str url);
/* "pt,publico" from "www.publico.pt"; lower case. */
void surt_put_host(struct buf *out, struct str host);
