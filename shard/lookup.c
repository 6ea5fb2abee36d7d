#include "shard/lookup.h"

#include "core/json.h"
#include "core/raw.h"
#include "core/zin.h"
#include "shard/mds_sample.h"

#include <stdio.h>
#include <unistd.h>

const char *const lookup_splits[LOOKUP_SPLITS] = {"train", "validation"};
static const char *const formats[] = {"mds", "megatron", "flat"};
enum { MDS, MEGATRON, FLAT, FORMATS };

static bool there(const char *dir, const char *format, const char *split, char *path, size_t room)
{
	snprintf(path, room, "%s/%s/%s.documents.jsonl.zst", dir, format, split);
	return access(path, F_OK) == 0;
}

static bool find_index(const char *dir, const char *split, char *path, size_t room)
{
	int i = 0;
	while (i < FORMATS && !there(dir, formats[i], split, path, room))
		i++;
	return i < FORMATS;
}

bool lookup_any(const char *dir)
{
	char path[4096];
	return find_index(dir, lookup_splits[0], path, sizeof(path)) || find_index(dir, lookup_splits[1], path, sizeof(path));
}

static int no_index(const char *dir, const char *split, struct err *e)
{
	return err_at(e, ERR_USAGE, (struct where){dir, WHERE_NONE}, "no shards of the split '%s' with an index of their documents are here", split);
}

/* ---- places ---- */

int lookup_position(const char *dir, const char *split, uint64_t position, struct arena *a, struct place *out, struct err *e)
{
	_cleanup_(zin_freep) struct zin *in = NULL;
	_cleanup_(arena_freep) struct arena *scratch = arena_new(0);
	char path[4096];
	struct str line;
	struct place p;
	if (!find_index(dir, split, path, sizeof(path)))
		return no_index(dir, split, e);
	int rc = zin_open(&in, path, e);
	if (rc)
		return rc;
	while ((rc = zin_line(in, PLACES_LINE_MAX, &line, e)) > 0) {
		arena_reset(scratch, 1 << 16);
		if (!places_read(&p, line, scratch))
			return err_at(e, ERR_DATA, (struct where){path, zin_offset(in)}, "a line that is no document of a split");
		if (p.position > position)
			break;
		if (position - p.position >= p.tokens)
			continue;
		*out = p;
		out->id = p.id.p ? arena_str(a, p.id) : p.id;
		out->url = p.url.p ? arena_str(a, p.url) : p.url;
		return 0;
	}
	return rc < 0 ? rc : 1;
}

int lookup_each(const char *dir, struct str id, struct str url, int (*each)(void *, const char *, const struct place *, struct err *), void *self, struct err *e)
{
	_cleanup_(arena_freep) struct arena *a = arena_new(0);
	char path[4096];
	struct str line;
	struct place p;
	struct buf needle;
	int rc = 0;
	buf_init(&needle, BUF_NO_MAX);
	json_put_string(&needle, id.n ? id : url);
	for (int i = 0; i < LOOKUP_SPLITS && !rc; i++) {
		_cleanup_(zin_freep) struct zin *in = NULL;
		if (!find_index(dir, lookup_splits[i], path, sizeof(path)))
			continue;
		rc = zin_open(&in, path, e);
		while (!rc && (rc = zin_line(in, PLACES_LINE_MAX, &line, e)) > 0) {
			arena_reset(a, 1 << 16);
			rc = 0;
			if (str_find(line, buf_view(&needle)) < line.n && places_read(&p, line, a) && str_eq(id.n ? p.id : p.url, id.n ? id : url))
				rc = each(self, lookup_splits[i], &p, e);
		}
	}
	buf_free(&needle);
	return rc;
}

/* ---- files ---- */

static uint64_t get_le(const char *p, int n)
{
	uint64_t v = 0;
	for (int i = n; i--;)
		v = v << 8 | (unsigned char)p[i];
	return v;
}

static int read_at(struct raw *r, uint64_t at, size_t n, struct str *out, struct err *e)
{
	int rc = raw_seek(r, at, e);
	if (!rc)
		rc = raw_ahead(r, n, out, e);
	if (!rc && out->n < n)
		rc = err_at(e, ERR_DATA, (struct where){raw_name(r), at}, "the file ends too soon");
	return rc;
}

/* megatron/SPLIT.idx (megatron.h): the last sequence that begins at or before the position. */
static int find_sequence(const char *dir, const char *split, uint64_t position, struct lookup_files *f, struct err *e)
{
	_cleanup_(raw_freep) struct raw *r = NULL;
	char path[4096];
	struct str s;
	snprintf(path, sizeof(path), "%s/megatron/%s.idx", dir, split);
	int rc = raw_open(&r, path, e);
	if (!rc)
		rc = read_at(r, 0, 34, &s, e);
	if (rc)
		return rc;
	f->width = s.p[17] == 4 ? 4 : 2;
	uint64_t low = 0, high = get_le(s.p + 18, 8), pointers = 34 + 4 * high;
	while (high - low > 1 && high < (uint64_t)1 << 48) {
		uint64_t middle = low + (high - low) / 2;
		rc = read_at(r, pointers + 8 * middle, 8, &s, e);
		if (rc)
			return rc;
		if (get_le(s.p, 8) <= position * f->width)
			low = middle;
		else
			high = middle;
	}
	f->sequence = low;
	return 0;
}

/* flat/SPLIT.ds.metadata: "NAME|WIDTH\n...". */
static int find_width(const char *dir, const char *split, struct lookup_files *f, struct err *e)
{
	char path[4096], *text = NULL;
	size_t n = 0;
	snprintf(path, sizeof(path), "%s/flat/%s.ds.metadata", dir, split);
	int rc = zin_slurp(path, 1 << 20, &text, &n, e);
	struct str s = {text, n}, rest;
	size_t bar = str_chr(str_cut(s, '\n', &rest), '|');
	if (!rc)
		f->width = bar + 1 < n && text[bar + 1] == '4' ? 4 : 2;
	free(text);
	return rc;
}

static int find_sample(const char *dir, const char *split, const struct place *p, struct lookup_files *f, struct err *e)
{
	struct mds_sample s = {0};
	struct buf bytes;
	char folder[4096];
	snprintf(folder, sizeof(folder), "%s/mds/%s", dir, split);
	buf_init(&bytes, BUF_NO_MAX);
	int rc = mds_sample_read(folder, 0, &bytes, &s, e);
	uint64_t number = p->document;
	if (!rc && s.packed && s.n) {
		number = p->position / s.n;
		f->offset = p->position % s.n;
	}
	if (!rc && number) {
		free(s.tokens);
		s.tokens = NULL;
		rc = mds_sample_read(folder, number, &bytes, &s, e);
	}
	if (rc > 0)
		rc = err_at(e, ERR_DATA, (struct where){folder, WHERE_NONE}, "there are fewer samples than the documents' index says");
	f->shard = s.shard;
	f->sample = s.nth;
	free(s.tokens);
	buf_free(&bytes);
	return rc;
}

int lookup_files(const char *dir, const char *split, const struct place *p, struct lookup_files *out, struct err *e)
{
	char path[4096];
	*out = (struct lookup_files){.mds = there(dir, formats[MDS], split, path, sizeof(path)), .megatron = there(dir, formats[MEGATRON], split, path, sizeof(path)),
				     .flat = there(dir, formats[FLAT], split, path, sizeof(path))};
	int rc = out->mds ? find_sample(dir, split, p, out, e) : 0;
	if (!rc && out->flat)
		rc = find_width(dir, split, out, e);
	if (!rc && out->megatron)
		rc = find_sequence(dir, split, p->position, out, e);
	return rc;
}
