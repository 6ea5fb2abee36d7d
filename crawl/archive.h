/* archive: the source of captures: ARC and WARC files, plain or compressed, told by content. Its conf is struct crawl_conf.
 *
 * Responses, resources and revisits become documents (crawl_stage decodes them); other records are counted as notes
 * ("crawl.records.request"). Damage is counted ("crawl.damaged", "crawl.skipped_bytes"), the first messages are kept, reading goes on. */
#pragma once
#include "core/source.h"
#include "crawl/record.h"

enum {
	ARCHIVE_BLOCK_MAX = 64 << 20,  /* a block larger than this, or than --max-size allows for, is not kept ... */
	ARCHIVE_BLOCK_HEAD = 64 << 10, /* ... but this much of it, for its HTTP head */
};

extern const struct source archive_source;

/* What doc.record points at. */
struct archive_note {
	enum record_type type;
	bool arc, cut, damaged;
	bool resolved;           /* a revisit that was given the block of the capture it repeats */
	struct str content_type; /* of the WARC record, or the mime of the ARC line */
};
