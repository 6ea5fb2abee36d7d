#include "shard/image.h"

#include "core/json.h"
#include "shard/joins.h"

enum { ALIGN = 64 };
enum { AT, TEXT, SLOTS, PAIRS, JOINS, FIRSTS, JSON, PARTS };

struct image_head {
	char magic[8];
	uint32_t size, n_model, text_mask, pair_mask;
	uint64_t digest;
	uint64_t from[PARTS], bytes[PARTS];
};

static const char magic[8] = "PNRVOC1";

bool image_probe(struct str s)
{
	return s.n > sizeof(struct image_head) && memcmp(s.p, magic, sizeof(magic)) == 0;
}

/* ---- writing ---- */

static void put_member(struct buf *b, bool *any, struct str key, struct str value)
{
	buf_byte(b, *any ? ',' : '{');
	json_put_string(b, key);
	buf_byte(b, ':');
	buf_str(b, value);
	*any = true;
}

/* The object without the members `vocab` and `merges`, in whose place stand empty ones. */
static void strip_model(struct str model, struct arena *a, struct buf *out)
{
	struct json j = json_of(model);
	struct str key, value;
	bool any = false;
	json_object(&j);
	while (json_key(&j, a, &key) && json_skip(&j, &value))
		put_member(out, &any, key, str_eq(key, STR("vocab")) ? STR("{}") : str_eq(key, STR("merges")) ? STR("[]") : value);
	buf_byte(out, '}');
}

static void strip(struct str json, struct buf *out)
{
	struct arena *a = arena_new(0);
	struct json j = json_of(json);
	struct str key, value;
	struct buf model;
	bool any = false;
	buf_init(&model, BUF_NO_MAX);
	json_object(&j);
	while (json_key(&j, a, &key) && json_skip(&j, &value)) {
		if (str_eq(key, STR("model"))) {
			strip_model(value, a, &model);
			value = buf_view(&model);
		}
		put_member(out, &any, key, value);
	}
	buf_byte(out, '}');
	buf_free(&model);
	arena_free(a);
}

/* Tokens that the model itself has: those that are found by their text. */
static uint32_t count_model(const struct vocab *v)
{
	uint32_t n = 0;
	for (uint32_t i = 0; i <= v->text_mask; i++)
		n += v->by_text[i].hash != 0;
	return n;
}

int image_write(const struct vocab *v, struct str json, struct buf *out, struct err *e)
{
	struct image_head h = {.size = v->size, .n_model = count_model(v), .text_mask = v->text_mask, .pair_mask = v->pair_mask, .digest = v->digest};
	struct buf rest;
	if (v->model != VOCAB_BPE || v->bytes)
		return err_at(e, ERR_DATA, (struct where){NULL, WHERE_NONE}, "an image is of BPE that is not byte-level");
	memcpy(h.magic, magic, sizeof(magic));
	buf_init(&rest, BUF_NO_MAX);
	strip(json, &rest);
	const struct str parts[PARTS] = {
		[AT] = {(const char *)v->at, ((size_t)v->size + 1) * sizeof(*v->at)}, [TEXT] = {v->text, v->at[v->size]}, [SLOTS] = {(const char *)v->by_text, ((size_t)v->text_mask + 1) * sizeof(*v->by_text)},
		[PAIRS] = {(const char *)v->by_pair, ((size_t)v->pair_mask + 1) * sizeof(*v->by_pair)}, [JOINS] = {(const char *)v->joins, VOCAB_JOINS * sizeof(*v->joins)},
		[FIRSTS] = {(const char *)v->firsts, JOINS_LOW * JOINS_LOW * sizeof(*v->firsts)}, [JSON] = buf_view(&rest)};
	buf_add(out, &h, sizeof(h));
	for (int i = 0; i < PARTS; i++) {
		while (out->n % ALIGN)
			buf_byte(out, 0);
		h.from[i] = out->n;
		h.bytes[i] = parts[i].n;
		buf_str(out, parts[i]);
	}
	memcpy(out->p, &h, sizeof(h));
	buf_free(&rest);
	return 0;
}

/* ---- using ---- */

void image_use(struct vocab *v, struct str s, struct str *json, uint32_t *n_model)
{
	struct image_head h;
	memcpy(&h, s.p, sizeof(h));
	v->size = h.size;
	v->text_mask = h.text_mask;
	v->pair_mask = h.pair_mask;
	v->digest = h.digest;
	v->at = (const void *)(s.p + h.from[AT]);
	v->text = s.p + h.from[TEXT];
	v->by_text = (const void *)(s.p + h.from[SLOTS]);
	v->by_pair = (const void *)(s.p + h.from[PAIRS]);
	v->joins = (const void *)(s.p + h.from[JOINS]);
	v->firsts = (const void *)(s.p + h.from[FIRSTS]);
	*json = (struct str){s.p + h.from[JSON], h.bytes[JSON]};
	*n_model = h.n_model;
}
