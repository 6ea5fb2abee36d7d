#include "cli/line.h"

#include "core/json.h"
#include "core/raw.h"
#include "core/seal.h"

#include <stdio.h>
#include <zstd.h>

enum { FRAME_MAX = 512 << 20 }; /* bytes, unpacked */

struct spot {
	const char *meta;
	bool kept;
	uint64_t nth; /* of those in its file that were kept, or of those that were not */
};

static int find_spot(struct corpus *c, uint64_t row, struct spot *out, struct err *e)
{
	struct parquet_chunk k = {0};
	int kept = corpus_find(c, STR("kept")), rc = 0;
	uint64_t n[2] = {0};
	if (kept < 0 || corpus_column(c, (unsigned)kept)->kind != PARQUET_BOOL)
		return 1;
	for (unsigned g = 0; !rc && g < corpus_groups(c); row -= corpus_group_rows(c, g++)) {
		uint32_t rows = corpus_group_rows(c, g);
		if (out->meta != corpus_group_file(c, g))
			n[0] = n[1] = 0;
		out->meta = corpus_group_file(c, g);
		rc = corpus_chunk(c, g, (unsigned)kept, &k, e);
		for (uint32_t r = 0; !rc && r < rows && r <= row; r++) {
			out->kept = !parquet_in_null(&k, r) && k.ints[parquet_in_at(&k, r)];
			out->nth = n[out->kept]++;
		}
		if (row < rows)
			break;
	}
	parquet_in_release(&k);
	return rc;
}

/* DIR/meta/N.parquet to DIR/docs/N.jsonl.zst. */
static bool data_path(const struct corpus *c, const struct spot *s, char *out, size_t room)
{
	struct str name = str_of(s->meta), ending = STR(".parquet");
	const char *slash = strrchr(s->meta, '/');
	if (!corpus_folder(c) || !slash || !str_ends(name, ending))
		return false;
	struct str stem = {slash + 1, name.n - (size_t)(slash + 1 - s->meta) - ending.n};
	int n = snprintf(out, room, "%s/%s/%.*s.jsonl.zst", corpus_folder(c), s->kept ? "docs" : "rejects", STR_ARG(stem));
	return n > 0 && (size_t)n < room;
}

static int read_frame(const char *path, const struct seal_place *p, struct arena *a, struct str *out, struct err *e)
{
	_cleanup_(raw_freep) struct raw *r = NULL;
	struct str packed;
	int rc = raw_open(&r, path, e);
	if (!rc)
		rc = raw_seek(r, p->offset, e);
	if (!rc)
		rc = raw_ahead(r, p->stored, &packed, e);
	if (rc)
		return rc;
	unsigned long long size = packed.n < p->stored ? ZSTD_CONTENTSIZE_ERROR : ZSTD_getFrameContentSize(packed.p, p->stored);
	if (size > FRAME_MAX)
		return 1;
	char *text = arena_alloc(a, size + 1);
	if (ZSTD_decompress(text, size, packed.p, p->stored) != size)
		return 1;
	*out = (struct str){text, size};
	return 0;
}

int line_find(struct corpus *c, uint64_t row, struct str id, struct arena *a, struct str *out, struct err *e)
{
	struct spot s = {0};
	struct seal_place p;
	struct str text;
	struct buf want;
	char path[4096];
	int rc = find_spot(c, row, &s, e);
	if (!rc && !data_path(c, &s, path, sizeof(path)))
		return 1;
	if (!rc)
		rc = seal_find(path, s.nth, &p, NULL) ? 1 : read_frame(path, &p, a, &text, e);
	if (rc)
		return rc;
	for (uint64_t i = 0; i <= p.before && text.n; i++)
		*out = str_cut(text, '\n', &text);
	buf_init(&want, BUF_NO_MAX);
	json_put_string(&want, id);
	bool found = str_find(*out, buf_view(&want)) < out->n;
	buf_free(&want);
	return !found;
}
