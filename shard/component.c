#include "shard/component.h"

#include "shard/base64.h"
#include "shard/charclass.h"

/* What any component may say; which of it is meant depends on its type. */
struct part {
	struct str type, pattern, content, prepend, behavior, scheme, delimiter, replacement, charsmap;
	uint64_t length;
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
	} texts[] = {{"type", &c->type}, {"content", &c->content}, {"prepend", &c->prepend}, {"behavior", &c->behavior}, {"prepend_scheme", &c->scheme}, {"delimiter", &c->delimiter}, {"replacement", &c->replacement}, {"precompiled_charsmap", &c->charsmap}};
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
	struct part c = {.use_regex = true, .add_prefix = true, .split = true, .accents = -1, .length = 5};
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
		} else if (str_eq(key, STR("length"))) {
			json_u64(j, &c.length);
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
	     {"Prepend", NORMALIZER_PREPEND}, {"Replace", NORMALIZER_REPLACE}, {"BertNormalizer", NORMALIZER_BERT}, {"ByteLevel", NORMALIZER_BYTES}, {"Nmt", NORMALIZER_NMT}, {"Precompiled", NORMALIZER_CHARSMAP}};

static struct charsmap *charsmap(struct build *b, struct str coded)
{
	char *bytes = arena_alloc(b->v->a, coded.n + 4);
	size_t n;
	struct charsmap *m = base64_read(coded, bytes, &n) ? charsmap_new((struct str){bytes, n}) : NULL;
	if (!m)
		build_refuse(b, "a precompiled_charsmap that begins with", str_head(coded, coded.n < 16 ? coded.n : 16));
	return m;
}

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
		if (t.kind == NORMALIZER_CHARSMAP)
			t.map = charsmap(b, c->charsmap);
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
	       {"WhitespaceSplit", PRETOK_WHITESPACE_SPLIT}, {"BertPreTokenizer", PRETOK_BERT}, {"CharDelimiterSplit", PRETOK_DELIMITER}, {"UnicodeScripts", PRETOK_SCRIPTS}, {"FixedLength", PRETOK_LENGTH}};

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
	t->length = c->length;
	if (t->kind == PRETOK_LENGTH && !t->length)
		build_refuse(b, "a length of 0 in pre-tokenizer", c->type);
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
	b->v->bytes = p->n && p->step[p->n - 1].kind == PRETOK_BYTES && !p->step[p->n - 1].map && b->v->model == VOCAB_BPE && !b->v->prefix.n && !b->v->suffix.n;
	if (p->n && !b->v->bytes)
		p->step[p->n - 1].map = true;
}

/* ---- post-processors ---- */

/* What one processor puts around a text. */
struct around {
	uint32_t before[VOCAB_AROUND], after[VOCAB_AROUND];
	unsigned n_before, n_after;
	bool behind; /* the text has been */
};

static void put_around(struct build *b, struct around *a, uint64_t id)
{
	unsigned *n = a->behind ? &a->n_after : &a->n_before;
	if (*n == VOCAB_AROUND || id >= VOCAB_ID_MAX)
		build_refuse(b, "so much in", STR("post_processor"));
	else
		(a->behind ? a->after : a->before)[(*n)++] = (uint32_t)id;
}

/* The ids of a token of the template: special_tokens has {"<s>":{"id":"<s>","ids":[1],"tokens":["<s>"]}, ...}. */
static void put_special(struct build *b, struct around *a, struct json specials, struct str name)
{
	struct str key, part;
	uint64_t id;
	bool found = false;
	for (json_object(&specials); json_key(&specials, b->v->a, &key);) {
		if (!str_eq(key, name) || found) {
			json_skip(&specials, NULL);
			continue;
		}
		found = true;
		for (json_object(&specials); json_key(&specials, b->v->a, &part);) {
			if (!str_eq(part, STR("ids"))) {
				json_skip(&specials, NULL);
				continue;
			}
			for (json_array(&specials); json_element(&specials) && json_u64(&specials, &id);)
				put_around(b, a, id);
			specials.first = false;
		}
		specials.first = false;
	}
	if (!found)
		build_refuse(b, "a template with a token that it does not say the ids of:", name);
}

/* [{"SpecialToken":{"id":"<s>","type_id":0}}, {"Sequence":{"id":"A","type_id":0}}]. */
static void read_template(struct build *b, struct json j, struct json specials, struct around *a)
{
	struct str kind, key, id = {0};
	for (json_array(&j); json_element(&j);) {
		json_object(&j);
		while (json_key(&j, b->v->a, &kind)) {
			for (json_object(&j); json_key(&j, b->v->a, &key);)
				if (!str_eq(key, STR("id")) || !json_string(&j, b->v->a, &id))
					json_skip(&j, NULL);
			j.first = false;
			if (!str_eq(kind, STR("Sequence")))
				put_special(b, a, specials, id);
			else if (a->behind || !str_eq(id, STR("A")))
				build_refuse(b, "a template with a second text:", id);
			else
				a->behind = true;
		}
		j.first = false;
	}
	if (!a->behind)
		build_refuse(b, "a template without the text, type", STR("TemplateProcessing"));
}

/* ["[SEP]", 102] */
static void read_named(struct build *b, struct json *j, struct around *a, bool behind)
{
	struct str name;
	uint64_t id = 0;
	a->behind = behind;
	if (json_array(j) && json_element(j) && json_string(j, b->v->a, &name) && json_element(j) && json_u64(j, &id) && !json_element(j))
		put_around(b, a, id);
	j->first = false;
}

/* Around what others have put there already. */
static void wrap(struct build *b, const struct around *a)
{
	struct vocab *v = b->v;
	uint32_t *before = ARENA_ARRAY(v->a, uint32_t, a->n_before + v->before.n + 1), *after = ARENA_ARRAY(v->a, uint32_t, a->n_after + v->after.n + 1);
	memcpy(before, a->before, a->n_before * sizeof(*before));
	if (v->before.n)
		memcpy(before + a->n_before, v->before.v, v->before.n * sizeof(*before));
	if (v->after.n)
		memcpy(after, v->after.v, v->after.n * sizeof(*after));
	memcpy(after + v->after.n, a->after, a->n_after * sizeof(*after));
	v->before = (struct vocab_around){before, v->before.n + a->n_before};
	v->after = (struct vocab_around){after, v->after.n + a->n_after};
}

void component_post(struct build *b, struct json *j)
{
	struct str key, type = {0}, single = {0}, specials = STR("{}");
	struct around a = {0};
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
		} else if (str_eq(key, STR("cls")) || str_eq(key, STR("sep"))) {
			read_named(b, j, &a, key.p[0] == 's');
		} else {
			json_skip(j, str_eq(key, STR("single")) ? &single : str_eq(key, STR("special_tokens")) ? &specials : NULL);
		}
	}
	j->first = false;
	if (str_eq(type, STR("TemplateProcessing"))) {
		a = (struct around){0};
		read_template(b, json_of(single), json_of(specials), &a);
	}
	static const char *const known[] = {"TemplateProcessing", "BertProcessing", "RobertaProcessing", "Sequence", "ByteLevel"};
	size_t i = 0;
	while (i < 5 && !str_eq(type, str_of(known[i])))
		i++;
	if (i == 5)
		build_refuse(b, "post-processor", type);
	else if (i < 3)
		wrap(b, &a);
}
