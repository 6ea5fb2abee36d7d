/* cdx: lines of CDXJ indexes: "urlkey timestamp {json}", as pywb and Arquivo.pt write them, and the JSON objects of a CDX server. */
#pragma once
#include "core/arena.h"
#include "core/buf.h"

struct cdx {
	struct str urlkey, timestamp, url, mime, status, digest, filename; /* timestamp: 14 digits */
	uint64_t offset, length;
	bool has_place; /* offset and filename are there */
};

/* From a CDXJ line, or a JSON object with "urlkey" and "timestamp" in it. Strings are slices of line or in a. false: it is neither. */
bool cdx_parse(struct cdx *c, struct str line, struct arena *a);
/* Append as a CDXJ line, without a line end; urlkey is made from url when it is empty. */
void cdx_put(struct buf *out, const struct cdx *c);
