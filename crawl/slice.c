#include "crawl/slice.h"

#include "core/own.h"
#include "core/raw.h"

#include <zlib.h>

/* The first bytes of a member; empty when these are not the bytes of one. */
static struct str head_of(struct str stored, char out[SLICE_HEAD])
{
	z_stream z = {.next_in = (Bytef *)(uintptr_t)stored.p, .avail_in = (uInt)stored.n};
	if (inflateInit2(&z, 15 + 16) != Z_OK)
		return (struct str){0};
	z.next_out = (Bytef *)out;
	z.avail_out = SLICE_HEAD;
	int rc = inflate(&z, Z_SYNC_FLUSH);
	size_t n = SLICE_HEAD - z.avail_out;
	inflateEnd(&z);
	return rc == Z_OK || rc == Z_STREAM_END || rc == Z_BUF_ERROR ? (struct str){out, n} : (struct str){0};
}

static bool all_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

/* "URL IP date type length": the date has 14 digits, the length is a number. */
static bool is_arc_line(struct str line)
{
	struct str rest = line, word, last = {0};
	bool date = false;
	size_t words = 0;
	if (str_find(str_head(line, 16), STR(":")) >= 16)
		return false;
	while (rest.n) {
		word = str_cut(rest, ' ', &rest);
		date |= word.n == 14 && all_digits(word);
		last = word;
		words++;
	}
	return date && words >= 4 && all_digits(last);
}

static bool is_record(struct str head)
{
	struct str rest, line;
	if (str_starts(head, STR("WARC/")))
		return true;
	while (head.n && (head.p[0] == '\n' || head.p[0] == '\r'))
		head = str_from(head, 1);
	line = str_cut(head, '\n', &rest);
	return line.n < head.n && is_arc_line(str_trim(line));
}

/* The first member at `from` or later that begins like a record; UINT64_MAX when there is none near. */
static int find_cut(struct raw *r, uint64_t from, uint64_t *at, struct err *e)
{
	char out[SLICE_HEAD];
	struct str s;
	int rc = raw_seek(r, from, e);
	*at = UINT64_MAX;
	while (!rc && raw_offset(r) < from + SLICE_SEARCH_MAX) {
		rc = raw_ahead(r, 4 * SLICE_HEAD, &s, e);
		if (rc || s.n < 18)
			break;
		const char *hit = memchr(s.p, 0x1F, s.n);
		size_t step = hit ? (size_t)(hit - s.p) : s.n;
		/* Near the end of what is buffered: look again with more behind it. */
		if (hit && s.n - step < 2 * SLICE_HEAD && step) {
			rc = raw_skip(r, step, NULL, e);
			continue;
		}
		if (hit && s.n - step > 3 && (unsigned char)hit[1] == 0x8B && hit[2] == 8 && is_record(head_of(str_from(s, step), out))) {
			*at = raw_offset(r) + step;
			return 0;
		}
		rc = raw_skip(r, step + (hit != NULL), NULL, e);
	}
	return rc;
}

int slice_file(const char *path, uint64_t size, uint64_t **cuts, size_t *n, struct err *e)
{
	_cleanup_(raw_freep) struct raw *r = NULL;
	struct str s;
	int rc = raw_open(&r, path, e);
	*cuts = own_zalloc(sizeof(**cuts));
	*n = 1;
	if (!rc)
		rc = raw_ahead(r, 3, &s, e);
	if (rc || s.n < 3 || (unsigned char)s.p[0] != 0x1F || (unsigned char)s.p[1] != 0x8B)
		return rc;
	uint64_t whole = raw_size(r);
	for (uint64_t from = size; !rc && from + size / 2 < whole; from += size) {
		uint64_t at;
		rc = find_cut(r, from, &at, e);
		if (rc || at == UINT64_MAX)
			break; /* one member for the whole file, or damage without end: what is left is one part */
		if (at <= (*cuts)[*n - 1])
			continue;
		*cuts = own_grow(*cuts, (*n + 1) * sizeof(**cuts));
		(*cuts)[(*n)++] = at;
	}
	return rc;
}
