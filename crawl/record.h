/* record: the heads of WARC and ARC records over a stream, and their blocks.
 *
 * WARC 0.17 to 1.1 (ISO 28500:2017): "WARC/x.y", named fields (any case, folded, LF-only accepted), an empty line, Content-Length bytes.
 * ARC 1 and 2 (archive.org/web/researcher/ArcFileFormat.php): one line "URL IP date type length" (v2: ten fields), length bytes.
 * Damage ends a record, not the file: record_next goes on at the next thing that starts like a record, and counts what it passed over.
 * Where that is the next gzip member or zstd frame there is no doubt about it. Where it is the next line in running text that looks like
 * a head, it may also be text inside a page: such a record, and those that follow it without a member in between, are `recovered`. */
#pragma once
#include "core/arena.h"
#include "crawl/stream.h"

enum {
	RECORD_HEAD_MAX = 256 << 10, /* a head above this is damage */
	RECORD_LOOK_BACK = 64 << 10, /* a block whose length says too much is cut where the next head starts, if that is within its last bytes */
};

enum record_type {
	RECORD_UNKNOWN, RECORD_WARCINFO, RECORD_RESPONSE, RECORD_RESOURCE, RECORD_REQUEST, RECORD_METADATA, RECORD_REVISIT,
	RECORD_CONVERSION, RECORD_CONTINUATION, RECORD_TYPES
};
extern const char *const record_names[RECORD_TYPES];

struct record {
	enum record_type type;
	bool arc;
	char version[24]; /* "WARC/1.0", "ARC v1" */
	struct where at;
	uint64_t length;    /* of the block; record_block corrects it */
	bool recovered;     /* found by searching in running text behind damage */
	bool cut;           /* record_block: the block is larger than was asked for */
	bool wrong_length;  /* record_block: the next record starts before the length is over; the block ends there */
	const char *fault;  /* the head is incomplete: how, and what was made of it. Count it as damage */
	/* Slices of head memory, valid until the next record_next. */
	struct str uri, id, date, content_type, payload_digest, refers_uri, refers_date, source_file, source_offset, mime, truncated;
};

struct record_reader;
enum { RECORD_END = 0, RECORD_FOUND = 1, RECORD_DAMAGE = 2 };

int record_open(struct record_reader **out, const char *path, uint64_t begin, uint64_t end, struct err *e);
struct record_reader *record_free(struct record_reader *r);

/* RECORD_FOUND: *rec filled; RECORD_END; RECORD_DAMAGE: something was passed over, *e says what and where (then call again); < 0. */
int record_next(struct record_reader *r, struct record *rec, struct err *e);
/* The block of the record just found: up to max bytes into the arena (more are skipped, rec->cut set). 0; RECORD_DAMAGE when it ends too
 * soon (what there is is in *out); < 0. May be called once, or not at all. */
int record_block(struct record_reader *r, struct record *rec, uint64_t max, struct arena *a, struct str *out, struct err *e);
/* The same for blocks too large to hold: all of it, in pieces, to the sink, which may not read on. RECORD_DAMAGE: the sink has had what there is. */
typedef void record_sink(void *self, struct str piece);
int record_pass(struct record_reader *r, struct record *rec, record_sink *sink, void *self, struct err *e);
/* Decode into this arena from now on, so that record_block with the same arena copies nothing where that can be; NULL before it is reset. */
void record_target(struct record_reader *r, struct arena *a);
/* What the (decoded) file begins with, up to n bytes; before the first record_next. */
void record_first(struct record_reader *r, size_t n, struct str *out);
/* Show this name instead of the path in messages and in record.at; it must live as long as the reader. */
void record_show(struct record_reader *r, const char *name);
/* Stored bytes taken, and bytes passed over because they were damage. */
uint64_t record_taken(const struct record_reader *r);
uint64_t record_skipped(const struct record_reader *r);
const char *record_kind(const struct record_reader *r);
