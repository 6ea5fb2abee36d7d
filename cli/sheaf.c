#include "cli/sheaf.h"

#include "core/jsonl.h"
#include "core/zout.h"

#include <stdio.h>
#include <sys/stat.h>
#include <xxhash.h>

static const char magic[8] = {'P', 'N', 'S', 'H', 'E', 'A', 'F', '1'};
#define WIDE (UINT32_C(1) << 31)
#define END_MARK UINT32_MAX

/* ---- writing ---- */

struct writer {
	const struct sheaf_conf *conf;
	struct zout *out;
	XXH3_state_t *hash;
	uint64_t documents;
};

static int put(struct writer *w, const void *p, size_t n, struct err *e)
{
	XXH3_64bits_update(w->hash, p, n);
	return zout_write(w->out, p, n, e);
}

static int write_close(void *shared, bool done, struct tally *t, struct err *e)
{
	struct writer *w = shared;
	(void)t;
	uint32_t mark[2] = {END_MARK, 0};
	uint64_t sums[2] = {w->documents, XXH3_64bits_digest(w->hash)};
	int rc = done ? zout_write(w->out, mark, sizeof(mark), e) : 0;
	if (done && !rc)
		rc = zout_write(w->out, sums, sizeof(sums), e);
	if (done && !rc)
		rc = zout_commit(w->out, e);
	else
		zout_free(w->out);
	XXH3_freeState(w->hash);
	free(w);
	return rc;
}

static int write_open(void **shared, const void *conf, struct err *e)
{
	struct writer *w = own_zalloc(sizeof(*w));
	w->conf = conf;
	w->hash = XXH3_createState();
	XXH3_64bits_reset(w->hash);
	int rc = zout_open(&w->out, w->conf->path, 0, e);
	if (!rc)
		rc = put(w, magic, sizeof(magic), e);
	if (rc)
		write_close(w, false, NULL, NULL);
	else
		*shared = w;
	return rc;
}

static void put_tokens(struct buf *b, const struct doc *d, bool wide)
{
	size_t n = d->token_count;
	buf_reserve(b, n * 4);
	if (wide) {
		buf_add(b, d->tokens, n * sizeof(uint32_t));
		return;
	}
	for (size_t i = 0; i < n; i++) {
		uint16_t v = (uint16_t)d->tokens[i];
		memcpy(b->p + b->n, &v, sizeof(v));
		b->n += sizeof(v);
	}
}

/* What no shard and no rule of a mix looks at. */
static void strip(struct doc *d, const struct sheaf_conf *c)
{
	/* What has no id is told apart by its text. */
	if (c->text || !d->id.n)
		return;
	d->text = d->title = d->description = d->author = d->canonical = d->published = d->charset = d->mime = d->lang_declared = d->extra = (struct str){0};
	if (!c->signals)
		d->n_signals = 0;
}

static void put_doc(struct buf *b, struct doc d, const struct sheaf_conf *c)
{
	uint32_t any = 0, head[2] = {0, d.token_count};
	size_t at = b->n;
	for (uint32_t i = 0; i < d.token_count; i++)
		any |= d.tokens[i];
	if (any > UINT16_MAX)
		head[1] |= WIDE;
	strip(&d, c);
	buf_add(b, head, sizeof(head));
	jsonl_print(&d, b);
	head[0] = (uint32_t)(b->n - at - sizeof(head));
	memcpy(b->p + at, head, sizeof(head));
	put_tokens(b, &d, any > UINT16_MAX);
}

static int write_map(const void *shared, void *worker, struct batch *b, struct err *e)
{
	const struct writer *w = shared;
	struct buf all;
	struct str *out = ARENA_NEW(b->arena, struct str);
	(void)worker;
	(void)e;
	buf_init(&all, BUF_NO_MAX);
	BATCH_EACH(b, d)
		put_doc(&all, *d, w->conf);
	*out = arena_str(b->arena, buf_view(&all));
	b->out = out;
	buf_free(&all);
	return 0;
}

static int write_fold(void *shared, struct batch *b, struct err *e)
{
	struct writer *w = shared;
	const struct str *out = b->out;
	BATCH_EACH(b, d)
		w->documents++;
	return put(w, out->p, out->n, e);
}

const struct stage sheaf_write_stage = {.name = "sheaf", .open = write_open, .map = write_map, .fold = write_fold, .close = write_close};

/* ---- reading ---- */

struct reader {
	const char *const *paths;
	size_t n, next;
	FILE *in;
	uint64_t left; /* bytes of the file behind what was read */
	XXH3_state_t *hash;
	uint64_t documents;
};

static int damaged(const struct reader *r, struct err *e)
{
	if (ferror(r->in))
		return err_sys(e, r->paths[r->next - 1], "cannot read");
	return err_at(e, ERR_DATA, (struct where){r->paths[r->next - 1], (uint64_t)ftello(r->in)}, "damaged tokens; the file has to be made again");
}

static int take(struct reader *r, void *out, size_t n, struct err *e)
{
	if (n > r->left || (n && fread(out, n, 1, r->in) != 1))
		return damaged(r, e);
	r->left -= n;
	XXH3_64bits_update(r->hash, out, n);
	return 0;
}

static int begin(struct reader *r, struct err *e)
{
	char head[sizeof(magic)];
	r->in = fopen(r->paths[r->next++], "rbe");
	if (!r->in)
		return err_sys(e, r->paths[r->next - 1], "cannot open");
	XXH3_64bits_reset(r->hash);
	r->documents = 0;
	struct stat st;
	if (fstat(fileno(r->in), &st))
		return err_sys(e, r->paths[r->next - 1], "cannot look at");
	r->left = (uint64_t)st.st_size;
	int rc = take(r, head, sizeof(magic), e);
	return !rc && memcmp(head, magic, sizeof(magic)) != 0 ? damaged(r, e) : rc;
}

static int end(struct reader *r, struct err *e)
{
	uint64_t want[2], have[2] = {r->documents, XXH3_64bits_digest(r->hash)};
	if (fread(want, sizeof(want), 1, r->in) != 1 || memcmp(want, have, sizeof(want)) != 0 || getc(r->in) != EOF)
		return damaged(r, e);
	fclose(r->in);
	r->in = NULL;
	return 0;
}

static uint32_t *tokens_of(struct arena *a, const char *p, uint32_t n, bool wide)
{
	uint32_t *t = ARENA_ARRAY(a, uint32_t, n + 1);
	if (wide) {
		memcpy(t, p, n * sizeof(*t));
		return t;
	}
	for (uint32_t i = 0; i < n; i++) {
		uint16_t v;
		memcpy(&v, p + i * sizeof(v), sizeof(v));
		t[i] = v;
	}
	return t;
}

/* 1: the end mark. */
static int next(struct reader *r, struct batch *b, struct doc *d, struct err *e)
{
	uint32_t head[2];
	if (fread(head, sizeof(head), 1, r->in) != 1)
		return damaged(r, e);
	r->left -= r->left < sizeof(head) ? r->left : sizeof(head);
	if (head[0] == END_MARK && !head[1])
		return 1;
	bool wide = head[1] & WIDE;
	uint32_t n = head[1] & ~WIDE;
	size_t bytes = (size_t)head[0] + (size_t)n * (wide ? 4 : 2);
	/* No memory for more than there is. */
	if (head[0] > SHEAF_LINE_MAX || n > SHEAF_TOKENS_MAX || bytes > r->left)
		return damaged(r, e);
	XXH3_64bits_update(r->hash, head, sizeof(head));
	char *p = arena_alloc(b->arena, bytes + 1);
	int rc = take(r, p, bytes, e);
	if (rc)
		return rc;
	d->raw = (struct str){p, head[0]};
	d->tokens = tokens_of(b->arena, p + head[0], n, wide);
	d->token_count = n;
	b->bytes += bytes;
	b->stored += bytes + sizeof(head);
	r->documents++;
	return 0;
}

static int source_pull(void *self, struct batch *b, struct err *e)
{
	struct reader *r = self;
	for (struct doc *d; (d = batch_add(b));) {
		int rc = r->in ? next(r, b, d, e) : 1;
		if (rc)
			batch_take_back(b);
		if (rc > 0 && r->in)
			rc = end(r, e);
		else if (rc > 0 && r->next == r->n)
			return b->n > 0;
		else if (rc > 0)
			rc = begin(r, e);
		if (rc)
			return rc;
	}
	return 1;
}

static int source_open(void **self, const char *const *paths, size_t n, const void *conf, struct err *e)
{
	struct reader *r = own_zalloc(sizeof(*r));
	(void)conf;
	(void)e;
	*r = (struct reader){.paths = paths, .n = n, .hash = XXH3_createState()};
	*self = r;
	return 0;
}

static void source_close(void *self)
{
	struct reader *r = self;
	if (r->in)
		fclose(r->in);
	XXH3_freeState(r->hash);
	free(r);
}

const struct source sheaf_source = {.name = "sheaf", .open = source_open, .pull = source_pull, .close = source_close};

static int read_map(const void *shared, void *worker, struct batch *b, struct err *e)
{
	(void)shared;
	(void)worker;
	BATCH_EACH(b, d) {
		const uint32_t *tokens = d->tokens;
		uint32_t n = d->token_count;
		int rc = jsonl_parse(d, d->raw, b->arena, false, e);
		if (rc)
			return rc;
		d->tokens = tokens;
		d->token_count = n;
	}
	return 0;
}

const struct stage sheaf_read_stage = {.name = "sheaf", .map = read_map};
