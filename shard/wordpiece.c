#include "shard/wordpiece.h"

#include "core/buf.h"
#include "core/utf8.h"

void wordpiece_word(const struct vocab *v, struct str w, struct bpe_ids *out)
{
	size_t from = out->n;
	struct buf part;
	if (utf8_count(w) > v->word_chars) {
		if (v->unk != VOCAB_NONE)
			bpe_put(out, v->unk);
		return;
	}
	buf_init(&part, BUF_NO_MAX);
	for (size_t at = 0; at < w.n;) {
		uint32_t id = VOCAB_NONE;
		size_t n = w.n - at;
		buf_clear(&part);
		if (at)
			buf_str(&part, v->prefix);
		size_t head = part.n;
		buf_add(&part, w.p + at, n);
		for (; n; n--) {
			if (n < w.n - at && (w.p[at + n] & 0xC0) == 0x80)
				continue;
			id = vocab_find(v, (struct str){part.p, head + n});
			if (id != VOCAB_NONE)
				break;
		}
		if (id == VOCAB_NONE) {
			out->n = from;
			if (v->unk != VOCAB_NONE)
				bpe_put(out, v->unk);
			break;
		}
		bpe_put(out, id);
		at += n;
	}
	buf_free(&part);
}
