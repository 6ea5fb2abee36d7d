/* again: one capture read once more from its archive file, through crawl, extract and filter, to see what each made of it. */
#pragma once
#include "cli/past.h"
#include "core/doc.h"

struct again_step {
	bool reached;
	struct str response; /* head and body as captured */
	struct str charset, text, drop;
	struct str http_charset, page_charset; /* what HTTP and the page itself declare; may be empty */
};

struct again {
	struct arena *a;
	struct again_step before, after; /* of the filter */
};

/* file and offset: of the record, as stored. 0; 1: no record begins there. */
int again_read(struct again *out, const char *file, uint64_t offset, const struct past *past, struct err *e);
void again_free(struct again *x);
