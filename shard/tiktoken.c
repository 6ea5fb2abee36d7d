#include "shard/tiktoken.h"

#include "shard/base64.h"
#include "shard/charclass.h"

bool tiktoken_probe(struct str first)
{
	char bytes[256];
	size_t n;
	uint64_t rank;
	struct str line = str_cut(first, '\n', &first), token = str_cut(line, ' ', &line);
	return token.n < 256 && base64_read(token, bytes, &n) && str_u64(str_trim(line), &rank);
}

/* Which regular expression, by the number of tokens; special tokens that follow them. */
static const struct family {
	uint32_t tokens;
	enum scan scan;
	const char *special[8];
	uint32_t first; /* id of the first special token */
} families[] = {
	{50256, SCAN_GPT2, {"<|endoftext|>"}, 50256},
	{100256, SCAN_CL100K, {"<|endoftext|>", "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>"}, 100257},
	{128000, SCAN_CL100K, {"<|begin_of_text|>", "<|end_of_text|>"}, 128000},
	{151643, SCAN_QWEN2, {"<|endoftext|>", "<|im_start|>", "<|im_end|>"}, 151643},
	{199998, SCAN_O200K, {"<|endoftext|>"}, 199999},
	{0},
};

static void set_family(struct build *b)
{
	const struct family *f = families;
	while (f->tokens && f->tokens != b->n_model)
		f++;
	if (!f->tokens) {
		if (!b->rc)
			b->rc = err_at(b->e, ERR_DATA, (struct where){b->name, WHERE_NONE}, "a tiktoken file of %u tokens is not supported: it does not say how words are cut", b->n_model);
		return;
	}
	struct pretok *p = &b->v->pretok;
	p->step[p->n++] = (struct pretok_step){.kind = PRETOK_BYTES, .scan = f->scan, .behavior = PRETOK_ISOLATED};
	for (uint32_t i = 0; i < 8 && f->special[i]; i++) {
		struct added_token t = {.content = str_of(f->special[i]), .id = f->first + i, .special = true};
		build_added(b, &t);
	}
}

int tiktoken_read(struct build *b, struct str text)
{
	struct str rest = text;
	uint32_t cap = 0;
	charclass_prepare();
	while (rest.n && !b->rc) {
		struct str line = str_cut(rest, '\n', &rest), where = line, token = str_cut(line, ' ', &line);
		char *bytes = arena_alloc(b->v->a, token.n + 4);
		uint64_t rank;
		size_t n;
		if (!where.n)
			continue;
		if (!base64_read(token, bytes, &n) || !str_u64(str_trim(line), &rank) || rank >= VOCAB_ID_MAX) {
			b->rc = err_at(b->e, ERR_DATA, (struct where){b->name, (uint64_t)(where.p - text.p)}, "not 'base64 rank'");
			break;
		}
		build_token(b, (struct str){bytes, n}, rank);
		if (rank >= cap) {
			uint32_t more = 2 * (uint32_t)rank + 1024;
			b->rank = own_grow(b->rank, more * sizeof(*b->rank));
			memset(b->rank + cap, 0xFF, (more - cap) * sizeof(*b->rank));
			cap = more;
		}
		b->rank[rank] = (uint32_t)rank;
	}
	b->v->bytes = b->v->ignore_merges = true;
	b->v->kind = "tiktoken";
	if (!b->rc)
		set_family(b);
	return b->rc ? b->rc : build_finish(b);
}
