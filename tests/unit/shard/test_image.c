/* The built-in tokenizer, opened from its image, beside its own file: test_image shard/tokenizer/default.json.zst. */
#include "core/zin.h"
#include "shard/encode.h"
#include "shard/image.h"
#include "tests/tap.h"

/* Words, spaces, letters that are rare, and bytes of no word, from a generator. */
static struct str make_text(uint32_t seed, char *out, size_t room)
{
	static const char *const parts[] = {"casa", " ", "  ", "ção", "não", "\n", "ŵ", "😀", ".", ", ", "123", "autocarro", "\t", "é", "<s>", "日本", "x", "Ã"};
	size_t n = 0;
	for (int i = 0; i < 60; i++) {
		seed = seed * 1664525 + 1013904223;
		const char *p = parts[(seed >> 16) % (sizeof(parts) / sizeof(*parts))];
		size_t k = strlen(p);
		if (n + k > room)
			break;
		memcpy(out + n, p, k);
		n += k;
	}
	return (struct str){out, n};
}

static bool same_tables(const struct vocab *a, const struct vocab *b)
{
	bool same = a->size == b->size && a->digest == b->digest && a->unk == b->unk && a->bos == b->bos && a->eos == b->eos && a->byte_fallback == b->byte_fallback && a->fuse_unk == b->fuse_unk && a->all_bytes == b->all_bytes && a->added.n == b->added.n;
	for (uint32_t id = 0; same && id < a->size; id++)
		same = str_eq(vocab_token(a, id), vocab_token(b, id)) && vocab_find(a, vocab_token(a, id)) == vocab_find(b, vocab_token(a, id));
	for (uint32_t i = 0; same && i < a->added.n; i++)
		same = a->added.v[i].id == b->added.v[i].id && str_eq(a->added.v[i].content, b->added.v[i].content);
	return same && memcmp(a->joins, b->joins, VOCAB_JOINS * sizeof(*a->joins)) == 0;
}

static bool same_ids(const struct vocab *a, const struct vocab *b)
{
	struct encode *x = encode_start(a), *y = encode_start(b);
	struct bpe_ids i = {0}, k = {0};
	bool same = true;
	char text[1024];
	for (uint32_t seed = 1; seed < 3000 && same; seed++) {
		struct str s = make_text(seed, text, sizeof(text));
		i.n = k.n = 0;
		same = encode_text(x, s, seed & 1, &i, NULL) == 0 && encode_text(y, s, seed & 1, &k, NULL) == 0 && i.n == k.n && memcmp(i.v, k.v, i.n * sizeof(*i.v)) == 0;
	}
	encode_stop(x);
	encode_stop(y);
	free(i.v);
	free(k.v);
	return same;
}

int main(int argc, char **argv)
{
	struct vocab *a = NULL, *b = NULL;
	struct err e = {0};
	struct buf image;
	char *json = NULL;
	size_t n = 0;
	buf_init(&image, BUF_NO_MAX);
	tap(vocab_open(&a, NULL, &e) == 0, "the built-in one opens %s", e.msg);
	tap(argc == 2 && zin_slurp(argv[1], VOCAB_FILE_MAX, &json, &n, &e) == 0 && vocab_read(&b, (struct str){json, n}, argv[1], &e) == 0, "so does its file %s", e.msg);
	if (a && b) {
		tap(same_tables(a, b), "the same tokens");
		tap(same_ids(a, b), "the same ids");
		tap(image_write(b, (struct str){json, n}, &image, &e) == 0 && image_probe(buf_view(&image)), "an image is made of it %s", e.msg);
		tap(!image_probe((struct str){json, n}), "the file is none");
		tap(a->owned[0] == NULL && b->owned[0] != NULL, "only the image is used where it lies");
	}
	vocab_free(a);
	vocab_free(b);
	buf_free(&image);
	free(json);
	return tap_done();
}
