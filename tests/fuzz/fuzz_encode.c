/* What the built-in tokenizer makes of a text is the text again when it is written out: nothing lost, nothing added, but that U+2581 is a
 * space. And one worker that has seen much gives what a new one gives. */
#include "core/buf.h"
#include "core/utf8.h"
#include "shard/encode.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_out(const struct vocab *v, const struct bpe_ids *ids, struct buf *out)
{
	for (size_t i = 0; i < ids->n; i++) {
		struct str t = vocab_token(v, ids->v[i]);
		if (t.n == 6 && str_starts(t, STR("<0x"))) {
			char hex[3] = {t.p[3], t.p[4], 0};
			buf_byte(out, (char)strtol(hex, NULL, 16));
			continue;
		}
		while (t.n) {
			size_t at = str_find(t, STR("\u2581"));
			buf_add(out, t.p, at);
			if (at < t.n)
				buf_byte(out, ' ');
			t = str_from(t, at + 3);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct vocab *v;
	static struct encode *x;
	struct bpe_ids ids = {0};
	struct buf want, got;
	struct err e = {0};
	struct str text = {(const char *)data, size};
	if (!v) {
		if (vocab_open(&v, NULL, &e))
			abort();
		x = encode_start(v);
	}
	text.n = utf8_valid(text);
	buf_init(&want, BUF_NO_MAX);
	buf_init(&got, BUF_NO_MAX);
	if (encode_text(x, text, false, &ids, &e))
		abort();
	write_out(v, &ids, &got);
	if (text.n)
		buf_byte(&want, ' ');
	for (struct str s = text; s.n;) {
		size_t at = str_find(s, STR("\u2581"));
		buf_add(&want, s.p, at);
		if (at < s.n)
			buf_byte(&want, ' ');
		s = str_from(s, at + 3);
	}
	if (!str_eq(buf_view(&want), buf_view(&got)))
		abort();
	buf_free(&want);
	buf_free(&got);
	free(ids.v);
	return 0;
}
