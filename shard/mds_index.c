#include "shard/mds_index.h"

#include "core/json.h"
#include "core/zin.h"
#include "core/zout.h"
#include "shard/mds.h"

#include <inttypes.h>
#include <stdio.h>
#include <xxhash.h>

void mds_index_kind(struct buf *b, const struct mds_kind *k)
{
	const char *width = k->wide ? "uint32" : "uint16";
	buf_printf(b, "\"column_encodings\": [\"str\", %s\"ndarray:%s\"], \"column_names\": [\"id\", %s\"tokens\"], \"column_sizes\": [null, %snull], ", k->packed ? "\"ndarray:uint32\", " : "", width,
		   k->packed ? "\"starts\", " : "", k->packed ? "null, " : "");
	buf_printf(b, "\"compression\": \"zstd:%d\", \"format\": \"mds\", \"hashes\": [\"xxh3_64\"]", k->level);
}

static void put_file(struct buf *b, const char *what, unsigned number, const char *ending, struct str bytes)
{
	buf_printf(b, ", \"%s\": {\"basename\": \"shard.%05u.mds%s\", \"bytes\": %zu, \"hashes\": {\"xxh3_64\": \"%016" PRIx64 "\"}}", what, number, ending, bytes.n, (uint64_t)XXH3_64bits(bytes.p, bytes.n));
}

void mds_index_add(struct buf *b, const struct mds_kind *k, unsigned number, uint32_t samples, struct str raw, struct str zip)
{
	buf_printf(b, "%s{", number ? ", " : "");
	mds_index_kind(b, k);
	put_file(b, "raw_data", number, "", raw);
	buf_printf(b, ", \"samples\": %" PRIu32 ", \"size_limit\": %d, \"version\": 2", samples, MDS_SHARD_BYTES);
	put_file(b, "zip_data", number, ".zstd", zip);
	buf_byte(b, '}');
}

int mds_index_write(const char *folder, struct str list, struct err *e)
{
	char path[4096];
	struct buf all;
	buf_init(&all, BUF_NO_MAX);
	buf_z(&all, "{\"shards\": [");
	buf_str(&all, list);
	buf_z(&all, "], \"version\": 2}\n");
	snprintf(path, sizeof(path), "%s/index.json", folder);
	int rc = zout_file(path, buf_view(&all), e);
	buf_free(&all);
	return rc;
}

/* ---- reading ---- */

static bool read_listed(struct json *j, struct arena *a, struct mds_listed *s)
{
	struct str key, encodings = {0}, names = {0}, compression = {0};
	uint64_t level = 3;
	json_skip(j, &s->whole);
	struct json one = json_of(s->whole);
	json_object(&one);
	while (json_key(&one, a, &key)) {
		if (str_eq(key, STR("samples")))
			json_u64(&one, &s->samples);
		else if (str_eq(key, STR("compression")))
			json_string(&one, a, &compression);
		else
			json_skip(&one, str_eq(key, STR("column_encodings")) ? &encodings : str_eq(key, STR("column_names")) ? &names : NULL);
	}
	str_u64(str_from(compression, str_chr(compression, ':') + 1), &level);
	s->kind = (struct mds_kind){str_find(encodings, STR("\"ndarray:uint16\"")) == encodings.n, str_find(names, STR("\"starts\"")) < names.n, level > 0 && level < 23 ? (int)level : 3};
	return !j->bad && json_done(&one) && s->samples && s->samples < UINT32_MAX && encodings.n;
}

int mds_index_each(const char *folder, int (*each)(void *, const struct mds_listed *, struct err *), void *self, struct err *e)
{
	struct arena *a = arena_new(0);
	struct mds_listed s = {0};
	struct str key;
	char path[4096], *text = NULL;
	size_t n = 0;
	snprintf(path, sizeof(path), "%s/index.json", folder);
	int rc = zin_slurp(path, (size_t)1 << 30, &text, &n, e);
	struct json j = json_of((struct str){text, n});
	if (!rc)
		json_object(&j);
	while (!rc && json_key(&j, a, &key)) {
		if (!str_eq(key, STR("shards"))) {
			json_skip(&j, NULL);
			continue;
		}
		json_array(&j);
		while (!rc && json_element(&j)) {
			j.bad |= !read_listed(&j, a, &s);
			if (j.bad)
				break;
			rc = each(self, &s, e);
			s = (struct mds_listed){.number = s.number + 1, .first = s.first + s.samples};
		}
	}
	if (!rc && !json_done(&j))
		rc = err_at(e, ERR_DATA, (struct where){path, (uint64_t)(j.at - text)}, "not an index of MDS shards");
	free(text);
	arena_free(a);
	return rc;
}
