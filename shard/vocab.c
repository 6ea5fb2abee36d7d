#include "shard/vocab.h"

#include "core/json.h"
#include "core/utf8.h"
#include "core/zin.h"

#include <xxhash.h>
#include <zstd.h>

/* shard/tokenizer/default.json.zst, built in by builtin.S. */
extern const char vocab_builtin[], vocab_builtin_end[];

struct pair_text {
	struct str left, right;
};

struct reading {
	struct vocab *v;
	const char *name;
	struct err *e;
	struct pair_text *merges;
	size_t n_merges;
	struct str *token; /* by id, as written */
	uint32_t cap;
	struct str unk;
	int rc;
};

static int fail(struct reading *r, const char *what, struct str which)
{
	if (!r->rc)
		r->rc = err_at(r->e, ERR_DATA, (struct where){r->name, WHERE_NONE}, "%s '%.*s' is not supported", what, STR_ARG(which));
	return r->rc;
}

/* ---- tables ---- */

static uint32_t hash_text(struct str s)
{
	uint64_t h = XXH3_64bits(s.p, s.n);
	return (uint32_t)(h >> 32) | 1;
}

uint32_t vocab_find(const struct vocab *v, struct str token)
{
	uint32_t h = hash_text(token);
	for (uint32_t i = h & v->text_mask; v->by_text[i].hash; i = (i + 1) & v->text_mask)
		if (v->by_text[i].hash == h && str_eq(v->token[v->by_text[i].id], token))
			return v->by_text[i].id;
	return VOCAB_NONE;
}

static uint32_t power_above(uint64_t n)
{
	uint32_t p = 1024;
	while (p < n)
		p *= 2;
	return p - 1;
}

static void index_tokens(struct vocab *v)
{
	v->text_mask = power_above(3ull * v->size);
	v->by_text = own_zalloc(((size_t)v->text_mask + 1) * sizeof(*v->by_text));
	for (uint32_t id = 0; id < v->size; id++) {
		if (!v->token[id].p || vocab_find(v, v->token[id]) != VOCAB_NONE)
			continue;
		uint32_t h = hash_text(v->token[id]), i = h & v->text_mask;
		while (v->by_text[i].hash)
			i = (i + 1) & v->text_mask;
		v->by_text[i] = (struct vocab_slot){h, id};
	}
}

static int index_merges(struct reading *r)
{
	struct vocab *v = r->v;
	char *both = own_alloc(1 << 16);
	v->pair_mask = power_above(2ull * r->n_merges + 2);
	v->by_pair = own_alloc(((size_t)v->pair_mask + 1) * sizeof(*v->by_pair));
	for (uint32_t i = 0; i <= v->pair_mask; i++)
		v->by_pair[i].pair = UINT64_MAX;
	for (size_t m = 0; m < r->n_merges && !r->rc; m++) {
		struct str a = r->merges[m].left, b = r->merges[m].right;
		uint32_t left = vocab_find(v, a), right = vocab_find(v, b), id = VOCAB_NONE;
		if (a.n + b.n < 1 << 16) {
			memcpy(both, a.p, a.n);
			memcpy(both + a.n, b.p, b.n);
			id = vocab_find(v, (struct str){both, a.n + b.n});
		}
		if (left == VOCAB_NONE || right == VOCAB_NONE || id == VOCAB_NONE) {
			fail(r, "a merge of tokens that the vocabulary lacks:", a);
			break;
		}
		if (vocab_merge_of(v, left, right))
			continue;
		uint64_t pair = (uint64_t)left << 32 | right;
		uint32_t i = (uint32_t)((pair * 0x9E3779B97F4A7C15u) >> 32) & v->pair_mask;
		while (v->by_pair[i].pair != UINT64_MAX)
			i = (i + 1) & v->pair_mask;
		v->by_pair[i] = (struct vocab_merge){pair, (uint32_t)m, id};
	}
	free(both);
	return r->rc;
}

/* ---- byte-level: GPT-2's map of bytes to printable characters (openai/gpt-2, encoder.py, bytes_to_unicode) ---- */

static int byte_of_char(uint32_t c)
{
	if ((c >= '!' && c <= '~') || (c >= 0xA1 && c <= 0xAC) || (c >= 0xAE && c <= 0xFF))
		return (int)c;
	if (c < 0x100 || c >= 0x100 + 68)
		return -1;
	c -= 0x100;
	return c < 33 ? (int)c : c < 67 ? (int)(c - 33 + 0x7F) : 0xAD;
}

static struct str real_bytes(struct arena *a, struct str s)
{
	char *out = arena_alloc(a, s.n + 1);
	size_t n = 0;
	for (const char *p = s.p, *end = s.p + s.n; p < end;) {
		int b = byte_of_char(utf8_next(&p, end));
		if (b < 0)
			return s; /* an added token, as it is */
		out[n++] = (char)b;
	}
	return (struct str){out, n};
}

/* ---- the file ---- */

static void put_token(struct reading *r, struct str s, uint64_t id)
{
	if (id >= 1 << 24) {
		fail(r, "a token id above 16 million, of", s);
		return;
	}
	if (id >= r->cap) {
		uint32_t cap = r->cap ? r->cap : 32768;
		while (cap <= id)
			cap *= 2;
		r->token = own_grow(r->token, cap * sizeof(*r->token));
		memset(r->token + r->cap, 0, (cap - r->cap) * sizeof(*r->token));
		r->cap = cap;
	}
	r->token[id] = s;
	if (id >= r->v->size)
		r->v->size = (uint32_t)id + 1;
}

static void read_merges(struct reading *r, struct json *j)
{
	size_t cap = 0;
	struct str s;
	json_array(j);
	while (json_element(j)) {
		if (r->n_merges == cap) {
			cap = cap ? 2 * cap : 65536;
			r->merges = own_grow(r->merges, cap * sizeof(*r->merges));
		}
		struct pair_text *m = &r->merges[r->n_merges++];
		if (json_peek(j) == JSON_ARRAY) {
			json_array(j);
			if (!json_element(j) || !json_string(j, r->v->a, &m->left) || !json_element(j) || !json_string(j, r->v->a, &m->right) || json_element(j))
				j->bad = true;
			j->first = false;
		} else if (json_string(j, r->v->a, &s)) {
			m->left = str_cut(s, ' ', &m->right);
		}
	}
}

static bool truth(struct json *j)
{
	bool b = false;
	if (json_peek(j) == JSON_NULL)
		json_null(j);
	else
		json_bool(j, &b);
	return b;
}

static void nothing(struct reading *r, struct json *j, const char *what)
{
	struct str s = {0};
	if (json_peek(j) == JSON_NULL) {
		json_null(j);
	} else {
		json_skip(j, &s);
		if (!str_eq(s, STR("\"\"")))
			fail(r, what, s);
	}
}

static void read_model(struct reading *r, struct json *j)
{
	struct str key, s;
	uint64_t id;
	json_object(j);
	while (json_key(j, r->v->a, &key)) {
		if (str_eq(key, STR("type"))) {
			if (json_string(j, r->v->a, &s) && !str_eq(s, STR("BPE")))
				fail(r, "model type", s);
		} else if (str_eq(key, STR("vocab"))) {
			if (json_peek(j) != JSON_OBJECT) {
				fail(r, "a vocab that is no object, model", STR("Unigram?"));
				json_skip(j, NULL);
				continue;
			}
			json_object(j);
			while (json_key(j, r->v->a, &s) && json_u64(j, &id))
				put_token(r, s, id);
			j->first = false;
		} else if (str_eq(key, STR("merges"))) {
			read_merges(r, j);
			j->first = false;
		} else if (str_eq(key, STR("byte_fallback"))) {
			r->v->byte_fallback = truth(j);
		} else if (str_eq(key, STR("fuse_unk"))) {
			r->v->fuse_unk = truth(j);
		} else if (str_eq(key, STR("ignore_merges"))) {
			r->v->ignore_merges = truth(j);
		} else if (str_eq(key, STR("unk_token"))) {
			if (json_peek(j) == JSON_NULL)
				json_null(j);
			else
				json_string(j, r->v->a, &r->unk);
		} else if (str_eq(key, STR("dropout"))) {
			nothing(r, j, "dropout");
		} else if (str_eq(key, STR("continuing_subword_prefix"))) {
			nothing(r, j, "continuing_subword_prefix");
		} else if (str_eq(key, STR("end_of_word_suffix"))) {
			nothing(r, j, "end_of_word_suffix");
		} else {
			json_skip(j, NULL);
		}
	}
	j->first = false;
}

static void read_added(struct reading *r, struct json *j)
{
	struct str key;
	json_array(j);
	while (json_element(j)) {
		struct vocab_added t = {0};
		uint64_t id = 0;
		bool odd = false;
		json_object(j);
		while (json_key(j, r->v->a, &key)) {
			if (str_eq(key, STR("id")))
				json_u64(j, &id);
			else if (str_eq(key, STR("content")))
				json_string(j, r->v->a, &t.content);
			else if (str_eq(key, STR("special")))
				t.special = truth(j);
			else if (str_eq(key, STR("single_word")) || str_eq(key, STR("lstrip")) || str_eq(key, STR("rstrip")))
				odd |= truth(j);
			else
				json_skip(j, NULL);
		}
		j->first = false;
		if (odd)
			fail(r, "an added token with single_word, lstrip or rstrip:", t.content);
		t.id = (uint32_t)id;
		put_token(r, t.content, id);
		r->v->added = own_grow(r->v->added, (r->v->n_added + 1) * sizeof(*r->v->added));
		r->v->added[r->v->n_added++] = t;
	}
	j->first = false;
}

/* One component {type, ...}: its type, and the rest for `part`. */
struct component {
	struct str type, pattern, content, prepend, behavior, scheme;
	bool is_regex, use_regex, add_prefix, invert;
};

static void read_pattern(struct reading *r, struct json *j, struct component *c)
{
	struct str key;
	json_object(j);
	while (json_key(j, r->v->a, &key)) {
		c->is_regex = str_eq(key, STR("Regex"));
		json_string(j, r->v->a, &c->pattern);
	}
	j->first = false;
}

static void each(struct reading *r, struct json *j, const char *list, void (*part)(struct reading *, const struct component *))
{
	struct str key;
	struct component c = {.use_regex = true, .add_prefix = true};
	if (json_peek(j) == JSON_NULL) {
		json_null(j);
		return;
	}
	json_object(j);
	while (json_key(j, r->v->a, &key)) {
		if (str_eq(key, STR("type")))
			json_string(j, r->v->a, &c.type);
		else if (str_eq(key, str_of(list)) && json_array(j)) {
			while (json_element(j))
				each(r, j, list, part);
			j->first = false;
		} else if (str_eq(key, STR("pattern")) && json_peek(j) == JSON_OBJECT)
			read_pattern(r, j, &c);
		else if (str_eq(key, STR("content")))
			json_string(j, r->v->a, &c.content);
		else if (str_eq(key, STR("prepend")))
			json_string(j, r->v->a, &c.prepend);
		else if (str_eq(key, STR("behavior")))
			json_string(j, r->v->a, &c.behavior);
		else if (str_eq(key, STR("use_regex")))
			c.use_regex = truth(j);
		else if (str_eq(key, STR("add_prefix_space")))
			c.add_prefix = truth(j);
		else if (str_eq(key, STR("invert")))
			c.invert = truth(j);
		else
			json_skip(j, NULL);
	}
	j->first = false;
	if (!str_eq(c.type, STR("Sequence")))
		part(r, &c);
}

static void normalizer(struct reading *r, const struct component *c)
{
	if (str_eq(c->type, STR("Prepend")) && str_eq(c->prepend, STR("\xE2\x96\x81")))
		r->v->prepend = true;
	else if (str_eq(c->type, STR("Replace")) && !c->is_regex && str_eq(c->pattern, STR(" ")) && str_eq(c->content, STR("\xE2\x96\x81")))
		r->v->replace_space = true;
	else if (str_eq(c->type, STR("NFC")))
		r->v->nfc = true;
	else
		fail(r, "normalizer", c->type);
}

static void pretok(struct reading *r, const struct component *c)
{
	static const struct {
		const char *regex;
		enum vocab_pretok is;
	} known[] = {
		{"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+", VOCAB_LLAMA3},
		{"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+", VOCAB_QWEN2},
		{"'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+", VOCAB_GPT2},
	};
	if (str_eq(c->type, STR("ByteLevel"))) {
		r->v->byte_level = true;
		if (c->add_prefix)
			fail(r, "ByteLevel with add_prefix_space in", c->type);
		if (c->use_regex)
			r->v->pretok = VOCAB_GPT2;
		return;
	}
	if (str_eq(c->type, STR("Split")) && c->is_regex && !c->invert && str_eq(c->behavior, STR("Isolated")))
		for (size_t i = 0; i < 3; i++)
			if (str_eq(c->pattern, str_of(known[i].regex))) {
				r->v->pretok = known[i].is;
				return;
			}
	fail(r, "pre-tokenizer", c->pattern.n ? c->pattern : c->type);
}

static void read_file(struct reading *r, struct str text)
{
	struct json j = json_of(text);
	struct str key;
	json_object(&j);
	while (json_key(&j, r->v->a, &key)) {
		if (str_eq(key, STR("model")))
			read_model(r, &j);
		else if (str_eq(key, STR("added_tokens")))
			read_added(r, &j);
		else if (str_eq(key, STR("normalizer")))
			each(r, &j, "normalizers", normalizer);
		else if (str_eq(key, STR("pre_tokenizer")))
			each(r, &j, "pretokenizers", pretok);
		else
			json_skip(&j, NULL);
	}
	if (!json_done(&j) && !r->rc)
		r->rc = err_at(r->e, ERR_DATA, (struct where){r->name, (uint64_t)(j.at - text.p)}, "not a tokenizer.json");
}

static void set_bytes(struct vocab *v)
{
	for (int b = 0; b < 256; b++) {
		char name[8];
		struct str s = {name, 1};
		name[0] = (char)b;
		if (!v->byte_level) {
			static const char hex[] = "0123456789ABCDEF";
			memcpy(name, (char[]){'<', '0', 'x', hex[b >> 4], hex[b & 15], '>'}, 6);
			s.n = 6;
		}
		v->byte[b] = vocab_find(v, s);
	}
}

static uint32_t added_id(const struct vocab *v, const char *const *names)
{
	for (; *names; names++) {
		uint32_t id = vocab_find(v, str_of(*names));
		if (id != VOCAB_NONE)
			return id;
	}
	return VOCAB_NONE;
}

/* Can no token hold U+2581 behind another character? Then nothing is ever merged across the start of a word. */
static bool splits(const struct vocab *v)
{
	for (uint32_t id = 0; id < v->size; id++) {
		struct str s = v->token[id];
		bool other = false;
		for (size_t i = 0; i < s.n;) {
			bool space = str_starts(str_from(s, i), STR("\xE2\x96\x81"));
			if (space && other)
				return false;
			other |= !space;
			i += space ? 3 : 1;
		}
	}
	return true;
}

static int finish(struct reading *r)
{
	struct vocab *v = r->v;
	static const char *const bos[] = {"<s>", "<|begin_of_text|>", "<bos>", NULL}, *const eos[] = {"</s>", "<|end_of_text|>", "<|endoftext|>", "<eos>", NULL};
	v->token = own_zalloc(((size_t)v->size + 1) * sizeof(*v->token));
	for (uint32_t id = 0; id < v->size; id++)
		v->token[id] = v->byte_level && r->token[id].p ? real_bytes(v->a, r->token[id]) : r->token[id];
	if (v->byte_level)
		for (size_t m = 0; m < r->n_merges; m++) {
			r->merges[m].left = real_bytes(v->a, r->merges[m].left);
			r->merges[m].right = real_bytes(v->a, r->merges[m].right);
		}
	index_tokens(v);
	index_merges(r);
	if (!v->byte_level && v->pretok != VOCAB_WHOLE)
		fail(r, "a Split without ByteLevel in", str_of(r->name));
	set_bytes(v);
	v->unk = r->unk.n ? vocab_find(v, r->unk) : VOCAB_NONE;
	v->bos = added_id(v, bos);
	v->eos = added_id(v, eos);
	v->splits_at_space = v->replace_space && splits(v);
	if (v->byte_level)
		for (int b = 0; b < 256; b++)
			if (v->byte[b] == VOCAB_NONE)
				fail(r, "a byte-level vocabulary without all bytes", STR(""));
	return r->rc;
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

int vocab_open(struct vocab **out, const char *path, struct err *e)
{
	char *text = NULL;
	size_t n = 0;
	int rc = path ? zin_slurp(path, VOCAB_FILE_MAX, &text, &n, e) : builtin(&text, &n, e);
	if (rc) {
		free(text);
		return rc;
	}
	struct vocab *v = own_zalloc(sizeof(*v));
	struct reading r = {.v = v, .name = path ? path : "built-in tokenizer", .e = e};
	v->a = arena_new(1 << 20);
	v->digest = XXH3_64bits(text, n);
	struct str kept = arena_str(v->a, (struct str){text, n});
	free(text);
	read_file(&r, kept);
	if (!r.rc)
		finish(&r);
	free(r.token);
	free(r.merges);
	if (r.rc) {
		vocab_free(v);
		return r.rc;
	}
	*out = v;
	return 0;
}

struct vocab *vocab_free(struct vocab *v)
{
	if (!v)
		return NULL;
	arena_free(v->a);
	free(v->token);
	free(v->added);
	free(v->by_text);
	free(v->by_pair);
	free(v);
	return NULL;
}
