/* dump_features: the blocks of pages and their features, for training (tables/train_main_text.py).
 *
 * In, again and again: a line "ID<TAB>URL<TAB>CHARSET<TAB>BYTES" and that many bytes of a page. Out, for each: a line of JSON {"id",
 * "t": [text of each block], "f": hex of the rows}. */
#include "core/arena.h"
#include "core/json.h"
#include "extract/charset.h"
#include "extract/feature.h"

#include <stdio.h>

static void page(struct str id, struct str url, struct str charset, struct str bytes, struct arena *a)
{
	struct charset_result text;
	struct blocks b;
	struct feature_space s = {0};
	struct buf out;
	buf_init(&out, BUF_NO_MAX);
	block_init(&b, 64 << 20);
	charset_decode(bytes, charset, a, &text);
	block_read(&b, text.text, a);
	feature_rows(&s, &b, url);
	buf_z(&out, "{\"id\":");
	json_put_string(&out, id);
	buf_z(&out, ",\"t\":[");
	for (uint32_t i = 0; i < b.n; i++) {
		buf_z(&out, i ? "," : "");
		json_put_string(&out, (struct str){b.text.p + b.v[i].at, b.v[i].n});
	}
	buf_z(&out, "],\"f\":\"");
	for (size_t i = 0; i < b.n; i++)
		for (size_t k = 0; k < FEATURES; k++) {
			buf_byte(&out, "0123456789abcdef"[s.rows[i * FEATURES + k] >> 4]);
			buf_byte(&out, "0123456789abcdef"[s.rows[i * FEATURES + k] & 15]);
		}
	buf_z(&out, "\"}\n");
	fwrite(out.p, 1, out.n, stdout);
	feature_free(&s);
	block_free(&b);
	buf_free(&out);
}

int main(void)
{
	char *line = NULL;
	size_t cap = 0;
	struct arena *a = arena_new(0);
	for (ssize_t n; (n = getline(&line, &cap, stdin)) > 0;) {
		struct str rest = str_trim((struct str){line, (size_t)n}), id = str_cut(rest, '\t', &rest), url = str_cut(rest, '\t', &rest), charset = str_cut(rest, '\t', &rest);
		uint64_t bytes = 0;
		if (!str_u64(rest, &bytes) || bytes > 1u << 30)
			return 1;
		char *p = own_alloc(bytes + 1);
		if (fread(p, 1, bytes, stdin) != bytes)
			return 1;
		page(id, url, charset, (struct str){p, bytes}, a);
		free(p);
		arena_reset(a, 1 << 20);
	}
	free(line);
	arena_free(a);
	return 0;
}
