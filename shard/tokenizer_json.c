#include "shard/tokenizer_json.h"

#include "core/json.h"
#include "shard/component.h"

#include <stdio.h>
#include <stdlib.h>

static bool truth(struct json *j)
{
	bool b = false;
	if (json_peek(j) == JSON_NULL)
		json_null(j);
	else
		json_bool(j, &b);
	return b;
}

static void text_or_null(struct build *b, struct json *j, struct str *s)
{
	if (json_peek(j) == JSON_NULL)
		json_null(j);
	else
		json_string(j, b->v->a, s);
}

/* A setting that is only supported when it is off. */
static void off(struct build *b, struct json *j, const char *what)
{
	struct str s = {0};
	json_skip(j, &s);
	if (!str_eq(s, STR("null")) && !str_eq(s, STR("\"\"")) && !str_eq(s, STR("0")) && !str_eq(s, STR("0.0")) && !str_eq(s, STR("false")))
		build_refuse(b, what, s);
}

/* ---- the model ---- */

/* As serde_json reads a number, who is off by a last digit at times: so many digits as fit into 64 bits, then one power of ten. */
static bool real(struct str s, double *out)
{
	bool negative = s.n && s.p[0] == '-', fraction = false;
	uint64_t digits = 0, e = 0;
	int64_t power = 0;
	size_t i = negative;
	for (; i < s.n && (s.p[i] == '.' || (s.p[i] >= '0' && s.p[i] <= '9')); i++) {
		uint64_t d = (uint64_t)(s.p[i] - '0');
		if (s.p[i] == '.')
			fraction = true;
		else if (digits > (UINT64_MAX - d) / 10)
			power += !fraction;
		else
			digits = digits * 10 + d, power -= fraction;
	}
	if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
		bool minus = ++i < s.n && s.p[i] == '-';
		if (!str_u64(str_from(s, i + (minus || (i < s.n && s.p[i] == '+'))), &e) || e > 1000)
			return false;
		power += minus ? -(int64_t)e : (int64_t)e;
	}
	double v = (double)digits;
	for (; power < -308; power += 308)
		v /= 1e308;
	if (power > 308)
		return false;
	char ten[16];
	snprintf(ten, sizeof(ten), "1e%d", (int)(power < 0 ? -power : power));
	v = power < 0 ? v / strtod(ten, NULL) : v * strtod(ten, NULL);
	*out = negative ? -v : v;
	return true;
}

/* [["piece", -3.5], ...]: a piece's id is its place. */
static void read_pieces(struct build *b, struct json *j)
{
	struct str s, number;
	json_array(j);
	for (uint32_t id = 0; json_element(j); id++) {
		double score = 0;
		if (!json_array(j) || !json_element(j) || !json_string(j, b->v->a, &s) || !json_element(j) || !json_skip(j, &number) || !real(number, &score) || json_element(j))
			j->bad = true;
		j->first = false;
		build_piece(b, s, id, score);
	}
	j->first = false;
}

static void read_vocab(struct build *b, struct json *j)
{
	struct str s;
	uint64_t id;
	if (json_peek(j) == JSON_ARRAY) {
		read_pieces(b, j);
		return;
	}
	json_object(j);
	while (json_key(j, b->v->a, &s) && json_u64(j, &id))
		build_token(b, s, id);
	j->first = false;
}

static void read_merges(struct build *b, struct json *j)
{
	struct str s, left, right;
	json_array(j);
	while (json_element(j)) {
		if (json_peek(j) == JSON_ARRAY) {
			json_array(j);
			if (!json_element(j) || !json_string(j, b->v->a, &left) || !json_element(j) || !json_string(j, b->v->a, &right) || json_element(j))
				j->bad = true;
			j->first = false;
		} else if (json_string(j, b->v->a, &s)) {
			left = str_cut(s, ' ', &right);
		}
		if (!j->bad)
			build_merge(b, left, right);
	}
	j->first = false;
}

/* Files of the first years do not say which model they have. */
static void set_model(struct build *b, struct str type, uint64_t unk_id)
{
	static const char *const names[] = {[VOCAB_BPE] = "BPE", [VOCAB_WORDPIECE] = "WordPiece", [VOCAB_WORDLEVEL] = "WordLevel", [VOCAB_UNIGRAM] = "Unigram"};
	unsigned i = 0;
	while (type.n && i < 4 && !str_eq(type, str_of(names[i])))
		i++;
	if (i == 4)
		build_refuse(b, "model type", type);
	b->v->model = !type.n && b->score ? VOCAB_UNIGRAM : i < 4 ? (enum vocab_model)i : VOCAB_BPE;
	if ((b->v->model == VOCAB_UNIGRAM) != (b->score != NULL))
		build_refuse(b, "a vocabulary of this form in a model of type", type);
	if (b->v->model != VOCAB_UNIGRAM)
		return;
	if (unk_id != VOCAB_NONE && unk_id >= b->v->size)
		build_refuse(b, "an unk_id above the vocabulary, in model", type);
	b->v->unk = (uint32_t)unk_id;
}

static void read_model(struct build *b, struct json *j)
{
	struct vocab *v = b->v;
	struct str key, type = {0};
	uint64_t most = 100, unk_id = VOCAB_NONE;
	json_object(j);
	while (json_key(j, v->a, &key)) {
		if (str_eq(key, STR("type")))
			json_string(j, v->a, &type);
		else if (str_eq(key, STR("vocab")))
			read_vocab(b, j);
		else if (str_eq(key, STR("merges")))
			read_merges(b, j);
		else if (str_eq(key, STR("byte_fallback")))
			v->byte_fallback = truth(j);
		else if (str_eq(key, STR("fuse_unk")))
			v->fuse_unk = truth(j);
		else if (str_eq(key, STR("ignore_merges")))
			v->ignore_merges = truth(j);
		else if (str_eq(key, STR("unk_id")) && json_peek(j) == JSON_NUMBER)
			json_u64(j, &unk_id);
		else if (str_eq(key, STR("unk_token")))
			text_or_null(b, j, &b->unk);
		else if (str_eq(key, STR("max_input_chars_per_word")))
			json_u64(j, &most);
		else if (str_eq(key, STR("continuing_subword_prefix")))
			text_or_null(b, j, &v->prefix);
		else if (str_eq(key, STR("dropout")))
			off(b, j, "dropout");
		else if (str_eq(key, STR("end_of_word_suffix")))
			text_or_null(b, j, &v->suffix);
		else
			json_skip(j, NULL);
	}
	j->first = false;
	v->word_chars = most < UINT32_MAX ? (uint32_t)most : UINT32_MAX;
	set_model(b, type, unk_id);
}

/* ---- added tokens ---- */

static void read_added(struct build *b, struct json *j)
{
	struct str key;
	if (json_peek(j) == JSON_NULL) {
		json_null(j);
		return;
	}
	json_array(j);
	while (json_element(j)) {
		struct added_token t = {0};
		bool said = false;
		json_object(j);
		while (json_key(j, b->v->a, &key)) {
			if (str_eq(key, STR("content")))
				json_string(j, b->v->a, &t.content);
			else if (str_eq(key, STR("special")))
				t.special = truth(j);
			else if (str_eq(key, STR("single_word")))
				t.single_word = truth(j);
			else if (str_eq(key, STR("lstrip")))
				t.lstrip = truth(j);
			else if (str_eq(key, STR("rstrip")))
				t.rstrip = truth(j);
			else if (str_eq(key, STR("normalized")) && (said = true))
				t.normalized = truth(j);
			else
				json_skip(j, NULL);
		}
		j->first = false;
		t.normalized = said ? t.normalized : !t.special;
		build_added(b, &t);
	}
	j->first = false;
}

/* ---- the file ---- */

int tokenizer_json_read(struct build *b, struct str text)
{
	struct json j = json_of(text), normalizer = {0}, pretok = {0}, post = {0};
	struct str key, raw;
	json_object(&j);
	while (json_key(&j, b->v->a, &key)) {
		bool parts = str_eq(key, STR("normalizer")) || str_eq(key, STR("pre_tokenizer")) || str_eq(key, STR("post_processor"));
		if (str_eq(key, STR("model")) && json_peek(&j) == JSON_OBJECT)
			read_model(b, &j);
		else if (str_eq(key, STR("added_tokens")))
			read_added(b, &j);
		else if (str_eq(key, STR("truncation")))
			off(b, &j, "truncation");
		else if (str_eq(key, STR("padding")))
			off(b, &j, "padding");
		else if (json_skip(&j, &raw) && parts)
			*(key.p[0] == 'n' ? &normalizer : key.p[1] == 'r' ? &pretok : &post) = json_of(raw);
	}
	if (!json_done(&j) && !b->rc)
		b->rc = err_at(b->e, ERR_DATA, (struct where){b->name, (uint64_t)(j.at - text.p)}, "not a tokenizer.json");
	if (!b->rc && normalizer.at)
		component_normalizer(b, &normalizer);
	if (!b->rc && pretok.at)
		component_pretok(b, &pretok);
	if (!b->rc)
		build_finish(b);
	if (!b->rc && post.at)
		component_post(b, &post);
	if (b->v->before.n)
		b->v->bos = b->v->before.v[0];
	if (b->v->after.n)
		b->v->eos = b->v->after.v[b->v->after.n - 1];
	b->v->kind = "tokenizer.json";
	return b->rc;
}
