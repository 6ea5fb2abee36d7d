#include "shard/wordpiece.h"

#include "core/buf.h"
#include "core/utf8.h"

static bool unk(const struct vocab *v, struct bpe_ids *out)
{
	if (v->unk != VOCAB_NONE)
		bpe_put(out, v->unk);
	return v->unk != VOCAB_NONE;
}

bool wordpiece_word(const struct vocab *v, struct str w, struct bpe_ids *out)
{
	size_t from = out->n;
	struct buf part;
	bool known = true;
	if (v->model == VOCAB_WORDLEVEL) {
		uint32_t id = vocab_find(v, w);
		if (id == VOCAB_NONE)
			return unk(v, out);
		bpe_put(out, id);
		return true;
	}
	if (utf8_count(w) > v->word_chars)
		return unk(v, out);
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
			known = unk(v, out);
			break;
		}
		bpe_put(out, id);
		at += n;
	}
	buf_free(&part);
	return known;
}
