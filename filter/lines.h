/* lines: what is not text between the lines of a page: notices about cookies, menus that survived extraction, lines that a site repeats on
 * its pages, lines in another language. They are taken out and counted, and the text is put together again.
 *
 * How often a site repeats a line is counted in a pass of its own (--count-lines) in a sketch of fixed size: two counters of 16 bits for
 * each pair of host and line, the smaller of which is right or too high. Adding is commutative, so the file is the same for any number of
 * threads, and files of several runs add up. */
#pragma once
#include "core/buf.h"
#include "core/err.h"
#include "filter/lexicon.h"
#include "filter/repeat.h"

enum lines_kind { LINES_COOKIE, LINES_MENU, LINES_REPEATED, LINES_FOREIGN, LINES_KINDS };
extern const char *const lines_names[LINES_KINDS + 1]; /* of the signals, ended by NULL */
enum { LINES_COUNTERS = 1 << 23 };

struct lines_sketch;
struct lines_sketch *lines_sketch_new(void);
struct lines_sketch *lines_sketch_free(struct lines_sketch *s);
/* Count the lines of one document, each once; from any thread. seen: the caller's table. */
void lines_sketch_add(struct lines_sketch *s, struct str host, struct str text, struct repeat *seen);
/* Add a file's counters to s. ERR_IO, ERR_DATA. */
int lines_sketch_read(struct lines_sketch *s, const char *path, struct err *e);
int lines_sketch_write(const struct lines_sketch *s, const char *path, struct err *e);

struct lines_rules {
	bool cookies, menus;
	const struct lines_sketch *sketch; /* NULL: nothing is known of other pages */
	struct str host;
	uint32_t most; /* pages with the same line that are one too many */
};
/* The text without such lines into out (cleared first); counts are added to. false: there are none, out is empty. */
bool lines_clean(struct str text, const struct lines_rules *r, struct buf *out, uint32_t counts[LINES_KINDS]);
/* The same for lines of another language in a Portuguese text, whose words are w. Pointless below LINES_FOREIGN_LEAST foreign words. */
enum { LINES_FOREIGN_LEAST = 3 };
bool lines_foreign(struct str text, const struct words *w, const struct lexicon *l, struct buf *out, uint32_t counts[LINES_KINDS]);
