#include "shard/component.h"

#include "shard/charclass.h"

/* What any component may say; which of it is meant depends on its type. */
struct part {
	struct str type, pattern, content, prepend, behavior, scheme, delimiter, replacement;
	bool is_regex, invert, use_regex, add_prefix, individual, split, left, right, clean, chinese, lower;
	int accents; /* -1 = not said */
};

static bool flag(struct json *j)
{
	bool v = false;
	json_bool(j, &v);
	return v;
}

static void read_pattern(struct build *b, struct json *j, struct part *c)
{
	struct str key;
	if (json_peek(j) == JSON_STRING) { /* Punctuation and CharDelimiterSplit of some versions */
		json_string(j, b->v->a, &c->pattern);
		return;
	}
	json_object(j);
	while (json_key(j, b->v->a, &key)) {
		c->is_regex = str_eq(key, STR("Regex"));
		json_string(j, b->v->a, &c->pattern);
	}
	j->first = false;
}

static bool read_text(struct build *b, struct json *j, struct part *c, struct str key)
{
	const struct {
		const char *key;
		struct str *to;
	} texts[] = {{"type", &c->type}, {"content", &c->content}, {"prepend", &c->prepend}, {"behavior", &c->behavior}, {"prepend_scheme", &c->scheme}, {"delimiter", &c->delimiter}, {"replacement", &c->replacement}};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (str_eq(key, str_of(texts[i].key)))
			return json_string(j, b->v->a, texts[i].to) || true;
	return false;
}

static bool read_flag(struct json *j, struct part *c, struct str key)
{
	const struct {
		const char *key;
		bool *to;
	} flags[] = {{"invert", &c->invert}, {"use_regex", &c->use_regex}, {"add_prefix_space", &c->add_prefix}, {"individual_digits", &c->individual}, {"split", &c->split}, {"strip_left", &c->left},
		     {"strip_right", &c->right}, {"clean_text", &c->clean}, {"handle_chinese_chars", &c->chinese}, {"lowercase", &c->lower}};
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		if (str_eq(key, str_of(flags[i].key))) {
			*flags[i].to = flag(j);
			return true;
		}
	return false;
}

static void each(struct build *b, struct json *j, const char *list, void (*add)(struct build *, const struct part *))
{
	struct str key;
	struct part c = {.use_regex = true, .add_prefix = true, .split = true, .accents = -1};
	if (json_peek(j) == JSON_NULL) {
		json_null(j);
		return;
	}
	json_object(j);
	while (json_key(j, b->v->a, &key)) {
		if (str_eq(key, str_of(list)) && json_array(j)) {
			while (json_element(j))
				each(b, j, list, add);
			j->first = false;
		} else if (str_eq(key, STR("pattern"))) {
			read_pattern(b, j, &c);
		} else if (str_eq(key, STR("strip_accents"))) {
			c.accents = json_peek(j) == JSON_NULL ? json_null(j), -1 : flag(j);
		} else if (!read_text(b, j, &c, key) && !read_flag(j, &c, key)) {
			json_skip(j, NULL);
			if (!str_eq(key, STR("trim_offsets")) && !str_eq(key, STR("str_rep")))
				build_refuse(b, "a component with", key);
		}
	}
	j->first = false;
	if (!str_eq(c.type, STR("Sequence")) && !b->rc)
		add(b, &c);
}

static struct split *compile(struct build *b, struct str regex)
{
	struct split *s = NULL;
	struct err e = {0};
	if (split_open(&s, regex, &e))
		b->rc = err_at(b->e, ERR_DATA, (struct where){b->name, WHERE_NONE}, "%s", e.msg);
	return s;
}

/* ---- normalizers ---- */

static const struct {
	const char *type;
	enum normalizer_kind kind;
} norms[] = {{"NFC", NORMALIZER_NFC}, {"NFD", NORMALIZER_NFD}, {"NFKC", NORMALIZER_NFKC}, {"NFKD", NORMALIZER_NFKD}, {"Lowercase", NORMALIZER_LOWERCASE}, {"StripAccents", NORMALIZER_STRIP_ACCENTS}, {"Strip", NORMALIZER_STRIP},
	     {"Prepend", NORMALIZER_PREPEND}, {"Replace", NORMALIZER_REPLACE}, {"BertNormalizer", NORMALIZER_BERT}, {"ByteLevel", NORMALIZER_BYTES}};

static void add_norm(struct build *b, const struct part *c)
{
	struct normalizer *n = &b->v->norm;
	for (size_t i = 0; i < sizeof(norms) / sizeof(*norms); i++) {
		if (!str_eq(c->type, str_of(norms[i].type)))
			continue;
		if (n->n == NORMALIZER_STEPS)
			break;
		struct normalizer_step t = {.kind = norms[i].kind, .left = c->left, .right = c->right, .clean = c->clean, .chinese = c->chinese, .lower = c->lower};
		t.accents = c->accents < 0 ? c->lower : c->accents;
		t.from = c->pattern;
		t.to = t.kind == NORMALIZER_PREPEND ? c->prepend : c->content;
		if (t.kind == NORMALIZER_REPLACE && c->is_regex)
			t.regex = compile(b, c->pattern);
		n->step[n->n++] = t;
		return;
	}
	build_refuse(b, "normalizer", c->type);
}

void component_normalizer(struct build *b, struct json *j)
{
	charclass_prepare();
	each(b, j, "normalizers", add_norm);
}

/* ---- pre-tokenizers ---- */

static const struct {
	const char *type;
	enum pretok_kind kind;
} pretoks[] = {{"Split", PRETOK_SPLIT}, {"ByteLevel", PRETOK_BYTES}, {"Metaspace", PRETOK_METASPACE}, {"Digits", PRETOK_DIGITS}, {"Punctuation", PRETOK_PUNCTUATION}, {"Whitespace", PRETOK_WHITESPACE},
	       {"WhitespaceSplit", PRETOK_WHITESPACE_SPLIT}, {"BertPreTokenizer", PRETOK_BERT}, {"CharDelimiterSplit", PRETOK_DELIMITER}};

static bool behavior(struct str s, enum pretok_behavior *out)
{
	static const char *const names[] = {"Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"};
	for (unsigned i = 0; i < 5; i++)
		if (str_eq(s, str_of(names[i]))) {
			*out = (enum pretok_behavior)i;
			return true;
		}
	return false;
}

static void fill_pretok(struct build *b, const struct part *c, struct pretok_step *t)
{
	t->invert = c->invert;
	t->individual = c->individual;
	t->split = c->split;
	t->add_prefix = c->add_prefix;
	t->behavior = PRETOK_ISOLATED;
	if (c->behavior.n && !behavior(c->behavior, &t->behavior))
		build_refuse(b, "behavior", c->behavior);
	if (t->kind == PRETOK_BYTES && c->use_regex)
		t->scan = SCAN_GPT2;
	if (t->kind == PRETOK_DELIMITER)
		t->text = c->delimiter;
	if (t->kind == PRETOK_METASPACE) {
		t->text = c->replacement;
		t->prepend = !c->scheme.n ? (c->add_prefix ? PRETOK_ALWAYS : PRETOK_NEVER) : str_eq(c->scheme, STR("always")) ? PRETOK_ALWAYS : str_eq(c->scheme, STR("first")) ? PRETOK_FIRST : PRETOK_NEVER;
	}
	if (t->kind == PRETOK_SPLIT && !c->is_regex)
		t->text = c->pattern;
	if (t->kind == PRETOK_SPLIT && c->is_regex) {
		/* A scanner matches every character of the text; so does its regular expression. */
		t->scan = scan_known(c->pattern);
		if (!t->scan)
			t->regex = compile(b, c->pattern);
	}
}

static void add_pretok(struct build *b, const struct part *c)
{
	struct pretok *p = &b->v->pretok;
	for (size_t i = 0; i < sizeof(pretoks) / sizeof(*pretoks); i++) {
		if (!str_eq(c->type, str_of(pretoks[i].type)))
			continue;
		if (p->n == PRETOK_STEPS)
			break;
		struct pretok_step *t = &p->step[p->n++];
		*t = (struct pretok_step){.kind = pretoks[i].kind};
		fill_pretok(b, c, t);
		return;
	}
	build_refuse(b, "pre-tokenizer", c->type);
}

void component_pretok(struct build *b, struct json *j)
{
	struct pretok *p = &b->v->pretok;
	bool mapped = false;
	charclass_prepare();
	each(b, j, "pretokenizers", add_pretok);
	for (unsigned i = 0; i < b->v->norm.n; i++)
		mapped |= b->v->norm.step[i].kind == NORMALIZER_BYTES;
	/* Real bytes only when ByteLevel comes last, once: what follows it sees printable characters. */
	for (unsigned i = 0; i < p->n; i++) {
		p->step[i].map = mapped || i + 1 < p->n;
		mapped |= p->step[i].kind == PRETOK_BYTES && p->step[i].map;
	}
	b->v->bytes = p->n && p->step[p->n - 1].kind == PRETOK_BYTES && !p->step[p->n - 1].map && b->v->model == VOCAB_BPE;
	if (p->n && !b->v->bytes)
		p->step[p->n - 1].map = true;
}

/* ---- post-processors ---- */

static void put_around(struct build *b, struct vocab_around *a, uint32_t id)
{
	uint32_t *v = ARENA_ARRAY(b->v->a, uint32_t, a->n + 1);
	if (a->n)
		memcpy(v, a->v, a->n * sizeof(*v));
	v[a->n++] = id;
	a->v = v;
}

/* {"SpecialToken":{"id":"<s>","type_id":0}} or {"Sequence":{"id":"A","type_id":0}}; *behind: the text has been. */
static void read_single(struct build *b, struct json *j, bool *behind)
{
	struct str kind, key, id = {0};
	json_object(j);
	while (json_key(j, b->v->a, &kind)) {
		json_object(j);
		while (json_key(j, b->v->a, &key))
			if (str_eq(key, STR("id")))
				json_string(j, b->v->a, &id);
			else
				json_skip(j, NULL);
		j->first = false;
		if (str_eq(kind, STR("Sequence"))) {
			*behind = true;
			continue;
		}
		uint32_t found = build_find(b, id);
		if (found == VOCAB_NONE)
			build_refuse(b, "a template with a token that the vocabulary lacks:", id);
		else
			put_around(b, *behind ? &b->v->after : &b->v->before, found);
	}
	j->first = false;
}

/* ["[SEP]", 102] */
static void read_named(struct build *b, struct json *j, struct vocab_around *a)
{
	struct str name;
	uint64_t id = 0;
	if (json_array(j) && json_element(j) && json_string(j, b->v->a, &name) && json_element(j) && json_u64(j, &id) && !json_element(j))
		put_around(b, a, (uint32_t)id);
	j->first = false;
}

void component_post(struct build *b, struct json *j)
{
	struct str key, type = {0};
	bool behind = false;
	if (json_peek(j) == JSON_NULL)
		return;
	json_object(j);
	while (json_key(j, b->v->a, &key)) {
		if (str_eq(key, STR("type"))) {
			json_string(j, b->v->a, &type);
		} else if (str_eq(key, STR("processors")) && json_array(j)) {
			while (json_element(j))
				component_post(b, j);
			j->first = false;
		} else if (str_eq(key, STR("single")) && json_peek(j) == JSON_ARRAY) {
			json_array(j);
			while (json_element(j))
				read_single(b, j, &behind);
			j->first = false;
		} else if (str_eq(key, STR("cls"))) {
			read_named(b, j, &b->v->before);
		} else if (str_eq(key, STR("sep"))) {
			read_named(b, j, &b->v->after);
		} else {
			json_skip(j, NULL);
		}
	}
	j->first = false;
	static const char *const known[] = {"Sequence", "TemplateProcessing", "ByteLevel", "BertProcessing", "RobertaProcessing"};
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (str_eq(type, str_of(known[i])))
			return;
	build_refuse(b, "post-processor", type);
}
