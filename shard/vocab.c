#include "shard/vocab.h"

#include "core/zin.h"
#include "shard/build.h"
#include "shard/charclass.h"
#include "shard/image.h"
#include "shard/sentencepiece.h"
#include "shard/tiktoken.h"
#include "shard/tokenizer_json.h"
#include "shard/unigram.h"

#include <xxhash.h>
#include <zstd.h>

/* The image of shard/tokenizer/default.json.zst; where the build cannot run what it made (for another processor), that file itself. */
extern const char vocab_builtin[], vocab_builtin_end[];

uint32_t vocab_hash_text(struct str s)
{
	return (uint32_t)(XXH3_64bits(s.p, s.n) >> 32) | 1;
}

uint32_t vocab_find(const struct vocab *v, struct str token)
{
	uint32_t h = vocab_hash_text(token);
	for (uint32_t i = h & v->text_mask; v->by_text[i].hash; i = (i + 1) & v->text_mask)
		if (v->by_text[i].hash == h && str_eq(vocab_token(v, v->by_text[i].id), token))
			return v->by_text[i].id;
	return VOCAB_NONE;
}

uint32_t vocab_id(const struct vocab *v, struct str name)
{
	const struct added *const sets[] = {&v->added, &v->added_normalized};
	for (int k = 0; k < 2; k++)
		for (uint32_t i = 0; i < sets[k]->n; i++)
			if (str_eq(sets[k]->v[i].content, name))
				return sets[k]->v[i].id;
	return vocab_find(v, name);
}

/* Before anything is read: a vocabulary without pieces. */
static struct vocab *vocab_new(size_t arena)
{
	struct vocab *v = own_zalloc(sizeof(*v));
	v->a = arena_new(arena);
	v->unk = v->bos = v->eos = VOCAB_NONE;
	charclass_prepare();
	return v;
}

/* After it: the vocabulary, or what was wrong. */
static int vocab_done(struct build *b, struct vocab **out)
{
	build_free(b);
	if (b->rc)
		vocab_free(b->v);
	else
		*out = b->v;
	return b->rc;
}

static int open_image(struct vocab **out, struct str bytes, struct err *e)
{
	struct vocab *v = vocab_new(0);
	struct build b = {.v = v, .name = "built-in tokenizer", .e = e, .image = true};
	struct str json;
	image_use(v, bytes, &json, &b.n_model);
	tokenizer_json_read(&b, json);
	return vocab_done(&b, out);
}

static int builtin(char **text, size_t *n, struct err *e)
{
	size_t size = (size_t)(vocab_builtin_end - vocab_builtin);
	unsigned long long full = ZSTD_getFrameContentSize(vocab_builtin, size);
	if (full > VOCAB_FILE_MAX)
		return err_at(e, ERR_DATA, (struct where){"built-in tokenizer", 0}, "is missing from this build");
	*text = own_alloc((size_t)full + 1);
	*n = ZSTD_decompress(*text, (size_t)full, vocab_builtin, size);
	return ZSTD_isError(*n) ? err_at(e, ERR_DATA, (struct where){"built-in tokenizer", 0}, "%s", ZSTD_getErrorName(*n)) : 0;
}

int vocab_read(struct vocab **out, struct str bytes, const char *name, struct err *e)
{
	struct vocab *v = vocab_new(1 << 20);
	struct build b = {.v = v, .name = name, .e = e};
	v->digest = XXH3_64bits(bytes.p, bytes.n);
	struct str kept = arena_str(v->a, bytes);
	if (sentencepiece_probe(kept))
		sentencepiece_read(&b, kept);
	else if (tiktoken_probe(kept))
		tiktoken_read(&b, kept);
	else
		tokenizer_json_read(&b, kept);
	return vocab_done(&b, out);
}

int vocab_open(struct vocab **out, const char *path, struct err *e)
{
	char *text = NULL;
	size_t n = 0;
	struct str image = {vocab_builtin, (size_t)(vocab_builtin_end - vocab_builtin)};
	if (!path && image_probe(image))
		return open_image(out, image, e);
	int rc = path ? zin_slurp(path, VOCAB_FILE_MAX, &text, &n, e) : builtin(&text, &n, e);
	if (!rc)
		rc = vocab_read(out, (struct str){text, n}, path ? path : "built-in tokenizer", e);
	free(text);
	return rc;
}

struct vocab *vocab_free(struct vocab *v)
{
	if (!v)
		return NULL;
	for (size_t i = 0; i < sizeof(v->owned) / sizeof(*v->owned); i++)
		free(v->owned[i]);
	normalizer_free(&v->norm);
	pretok_free(&v->pretok);
	unigram_pieces_free(v->pieces);
	added_free(&v->added);
	added_free(&v->added_normalized);
	arena_free(v->a);
	free(v);
	return NULL;
}
