/* stream: the decoded bytes of an archive file, with the stored offset of each member, across damage.
 *
 * Plain files, gzip in any layout of members, zstd frames (with a dictionary in a leading skippable frame, as .warc.zst has it), and
 * what libarchive's filters know (xz, bzip2, lz4) are told by their first bytes. A damaged member ends in STREAM_DAMAGED: what was
 * decoded before the fault can still be read, then stream_resume goes on at the next member that starts like one. */
#pragma once
#include "core/arena.h"
#include "core/err.h"
#include "core/own.h"
#include "core/str.h"

struct stream;
enum { STREAM_DAMAGED = 1 };
enum {
	STREAM_AHEAD_MAX = 256 << 20, /* more than this is never asked for at once         */
	STREAM_WINDOW_LOG = 27,       /* zstd frames that want a larger window are damage  */
	STREAM_DICT_MAX = 64 << 20,
	STREAM_BACK_MAX = 64 << 10,   /* at least this much of what was skipped can be gone back over, within its member */
};

/* range: only members that begin at `begin` <= offset < `end`. */
int stream_open(struct stream **out, const char *path, uint64_t begin, uint64_t end, struct err *e);
struct stream *stream_free(struct stream *s);
OWN_FREEP(struct stream, stream)

/* At least min decoded bytes ahead; fewer at the end of the file (0) or before damage (STREAM_DAMAGED, *e says what and where).
 * Valid until the next call. */
int stream_ahead(struct stream *s, size_t min, struct str *out, struct err *e);
/* Can the next bytes be read to where they are wanted, past the window? So it is in a plain file that is no pipe. stream_read: the next n of
 * them; *got < n at the end. 0, < 0. */
bool stream_direct(const struct stream *s);
int stream_read(struct stream *s, char *to, size_t n, size_t *got, struct err *e);
void stream_skip(struct stream *s, size_t n); /* n <= what stream_ahead gave */
/* Go back over up to n of the bytes skipped last; returns how many. */
size_t stream_back(struct stream *s, size_t n);
/* In a plain file that can be read again: to this stored offset, which is behind. 0, or < 0: it can't be done. */
int stream_rewind(struct stream *s, uint64_t at);
/* Is the next byte (when there is one) the first of its member? */
bool stream_at_member(const struct stream *s);
/* From now on decode gzip members of ordinary size into `a` (NULL: into the stream's own memory again; what is ahead then moves there, so
 * call it before `a` is reset). stream_keep: what the window holds stays where it is as long as the arena; false: it is in the stream's own
 * memory. Members that nobody keeps are overwritten by the next. */
void stream_target(struct stream *s, struct arena *a);
bool stream_keep(struct stream *s);
/* Stored offset of the member that holds the next byte; in a plain file, of that byte. */
uint64_t stream_at(const struct stream *s);
/* Decoded bytes left in the member that holds the next byte, as far as it was decoded; SIZE_MAX when its end is not yet seen. */
size_t stream_left(const struct stream *s);
/* After damage: forget the rest of the member and go to the next one. *skipped: stored bytes passed over. 0, or < 0. */
int stream_resume(struct stream *s, uint64_t *skipped, struct err *e);
/* "plain", "gzip", "zstd", ... */
const char *stream_kind(const struct stream *s);
bool stream_has_members(const struct stream *s);
/* Stored bytes taken so far: for progress. */
uint64_t stream_taken(const struct stream *s);
const char *stream_name(const struct stream *s);
/* Show this name instead of the path; it must live as long as the stream. */
void stream_show(struct stream *s, const char *name);
