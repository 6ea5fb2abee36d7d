/* JSON lines. One frame of zstd a batch: batches do not depend on threads, so neither do the bytes; compression runs in map. */
#include "core/jsonl.h"

#include "core/json.h"
#include "core/seal.h"
#include "core/zin.h"
#include "core/zout.h"

#include <assert.h>
#include <inttypes.h>
#include <xxhash.h>
#include <zstd.h>

/* ---- one document ---- */

static void *member(const struct doc *d, enum doc_field f)
{
	return (char *)(uintptr_t)d + doc_fields[f].at;
}

static void parse_signals(struct json *j, struct doc *d, struct arena *a)
{
	struct str name;
	json_object(j);
	while (json_key(j, a, &name)) {
		double v = NAN;
		if (json_peek(j) == JSON_NULL)
			json_null(j);
		else
			json_number(j, &v);
		doc_signal(d, a, arena_str(a, name).p, (float)v);
	}
}

static void parse_drop(struct json *j, struct doc *d, struct arena *a, bool drops)
{
	struct str name;
	if (!json_string(j, a, &name) || !drops)
		return;
	struct why *w = ARENA_NEW(a, struct why);
	w->name = arena_str(a, name).p;
	d->drop = w;
}

static void parse_number(struct json *j, struct doc *d, enum doc_field f)
{
	double v;
	uint64_t u;
	if (doc_fields[f].type == DOC_T_U64) {
		if (json_u64(j, &u))
			*(uint64_t *)member(d, f) = u;
	} else if (json_number(j, &v)) {
		if (doc_fields[f].type == DOC_T_F32)
			*(float *)member(d, f) = (float)v;
		else
			*(uint32_t *)member(d, f) = v >= 0 && v < 4294967296.0 ? (uint32_t)v : 0;
	}
}

static void parse_field(struct json *j, struct doc *d, enum doc_field f, struct arena *a, bool drops)
{
	struct str s;
	if (json_peek(j) == JSON_NULL) {
		json_null(j);
		return;
	}
	switch (doc_fields[f].type) {
	case DOC_T_STR:
		if (json_string(j, a, &s))
			*(struct str *)member(d, f) = s;
		break;
	case DOC_T_DATE:
		if (json_string(j, a, &s))
			d->date = doc_date_parse(s);
		break;
	case DOC_T_PATH:
		if (json_string(j, a, &s))
			d->at.file = arena_str(a, s).p;
		break;
	case DOC_T_SIGNALS:
		parse_signals(j, d, a);
		break;
	case DOC_T_WHY:
		parse_drop(j, d, a, drops);
		break;
	default:
		parse_number(j, d, f);
	}
}

static int field_of(struct str key)
{
	for (int f = 0; f < DOC_STORED; f++)
		if (str_eq(str_of(doc_fields[f].key), key))
			return f;
	return -1;
}

/* `,"key":value` behind what is there already. */
static void keep_extra(struct doc *d, struct arena *a, struct str key, struct str value)
{
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	buf_str(&b, d->extra);
	buf_byte(&b, ',');
	json_put_string(&b, key);
	buf_byte(&b, ':');
	buf_str(&b, value);
	d->extra = arena_str(a, buf_view(&b));
	buf_free(&b);
}

int jsonl_parse(struct doc *d, struct str line, struct arena *a, bool drops, struct err *e)
{
	struct json j = json_of(line);
	struct str key, value;
	if (json_peek(&j) != JSON_OBJECT)
		return err_at(e, ERR_DATA, (struct where){NULL, 0}, "not a JSON object");
	json_object(&j);
	while (json_key(&j, a, &key)) {
		int f = field_of(key);
		if (f >= 0)
			parse_field(&j, d, (enum doc_field)f, a, drops);
		else if (json_skip(&j, &value))
			keep_extra(d, a, key, value);
	}
	if (!json_done(&j))
		return err_at(e, ERR_DATA, (struct where){NULL, (uint64_t)(j.at - line.p)}, "not valid JSON at byte %td of the line", j.at - line.p);
	return 0;
}

static void print_signals(const struct doc *d, struct buf *out)
{
	buf_byte(out, '{');
	for (uint32_t i = 0; i < d->n_signals; i++) {
		if (i)
			buf_byte(out, ',');
		json_put_string(out, str_of(d->signals[i].name));
		buf_byte(out, ':');
		json_put_real(out, (double)d->signals[i].value);
	}
	buf_byte(out, '}');
}

/* Is the field set? */
static bool has(const struct doc *d, enum doc_field f)
{
	switch (doc_fields[f].type) {
	case DOC_T_STR:
		return f == DOC_TEXT || ((struct str *)member(d, f))->n;
	case DOC_T_DATE:
		return d->date != DATE_NONE;
	case DOC_T_U32:
		return *(uint32_t *)member(d, f) != 0;
	case DOC_T_U64:
		return f == DOC_FILE_OFFSET ? d->at.file != NULL : d->minhash_cluster_size != 0;
	case DOC_T_F32:
		return !isnan(*(float *)member(d, f));
	case DOC_T_PATH:
		return d->at.file != NULL;
	case DOC_T_SIGNALS:
		return d->n_signals != 0;
	default:
		return d->drop != NULL;
	}
}

static void print_field(const struct doc *d, enum doc_field f, struct buf *out)
{
	char date[24];
	switch (doc_fields[f].type) {
	case DOC_T_STR:
		json_put_string(out, *(struct str *)member(d, f));
		break;
	case DOC_T_DATE:
		json_put_string(out, str_of(doc_date_print(d->date, date)));
		break;
	case DOC_T_U32:
		buf_u64(out, *(uint32_t *)member(d, f));
		break;
	case DOC_T_U64:
		buf_u64(out, *(uint64_t *)member(d, f));
		break;
	case DOC_T_F32:
		json_put_real(out, (double)*(float *)member(d, f));
		break;
	case DOC_T_PATH:
		json_put_string(out, str_of(d->at.file));
		break;
	case DOC_T_SIGNALS:
		print_signals(d, out);
		break;
	case DOC_T_WHY:
		json_put_string(out, str_of(d->drop->name));
		break;
	}
}

void jsonl_print(const struct doc *d, struct buf *out)
{
	char open = '{';
	for (int f = 0; f < DOC_STORED; f++) {
		if (!has(d, (enum doc_field)f))
			continue;
		buf_byte(out, open);
		buf_byte(out, '"');
		buf_z(out, doc_fields[f].key);
		buf_add(out, "\":", 2);
		print_field(d, (enum doc_field)f, out);
		open = ',';
	}
	buf_str(out, d->extra);
	buf_add(out, "}\n", 2);
}

bool jsonl_probe(struct str first)
{
	first = str_trim(first);
	return first.n && first.p[0] == '{';
}

/* ---- the source ---- */

struct jsonl {
	const char *const *paths;
	char **names; /* own copies: documents point at them */
	size_t n, next;
	struct zin *in;
	uint64_t offset;
};

static void jsonl_close(void *self)
{
	struct jsonl *s = self;
	zin_free(s->in);
	for (size_t i = 0; i < s->n; i++)
		free(s->names[i]);
	free(s->names);
	free(s);
}

static int jsonl_open(void **self, const char *const *paths, size_t n, const void *conf, struct err *e)
{
	(void)conf;
	(void)e;
	struct jsonl *s = own_zalloc(sizeof(*s));
	s->n = n;
	s->names = own_zalloc((n ? n : 1) * sizeof(*s->names));
	for (size_t i = 0; i < n; i++)
		s->names[i] = own_strdup(paths[i]);
	*self = s;
	return 0;
}

/* The next line into a document; 1, 0 at the end of the file. */
static int add_line(struct jsonl *s, struct batch *b, struct err *e)
{
	struct str line;
	struct err soft = {0};
	uint64_t at = zin_offset(s->in);
	int rc = zin_line(s->in, JSONL_LINE_MAX, &line, &soft);
	if (rc == ERR_LIMIT) {
		struct doc *d = batch_add(b);
		assert(d); /* the caller asked for room first */
		d->at = (struct where){s->names[s->next - 1], at};
		d->raw = (struct str){0};
		return 1;
	}
	if (rc < 0)
		return err_at(e, soft.code, (struct where){s->names[s->next - 1], soft.at.offset}, "%s", soft.msg);
	if (rc == 0)
		return 0;
	if (str_trim(line).n == 0)
		return 1;
	struct doc *d = batch_add(b);
	assert(d);
	d->raw = arena_str(b->arena, line);
	d->at = (struct where){s->names[s->next - 1], at};
	b->bytes += line.n;
	return 1;
}

static int jsonl_pull(void *self, struct batch *b, struct err *e)
{
	struct jsonl *s = self;
	for (;;) {
		if (!s->in) {
			if (s->next == s->n)
				break;
			int rc = zin_open(&s->in, s->names[s->next++], e);
			if (rc)
				return rc;
			s->offset = 0;
		}
		int rc = 1;
		while (rc > 0 && b->n < BATCH_DOCS && b->bytes < BATCH_BYTES)
			rc = add_line(s, b, e);
		if (rc < 0)
			return rc;
		uint64_t at = zin_offset(s->in);
		b->stored += at - s->offset;
		s->offset = at;
		if (rc > 0)
			return 1;
		s->in = zin_free(s->in);
	}
	return b->n > 0;
}

const struct source jsonl_source = {
	.name = "jsonl",
	.probe = jsonl_probe,
	.open = jsonl_open,
	.pull = jsonl_pull,
	.close = jsonl_close,
};

/* ---- the reading stage ---- */

static const struct why jsonl_read_why[] = {
	{"input.damaged", "the line is no JSON object, or is longer than 64 MiB"},
	{0},
};

static int read_open(void **shared, const void *conf, struct err *e)
{
	(void)e;
	*shared = (void *)(uintptr_t)conf;
	return 0;
}

static int read_map(const void *shared, void *worker, struct batch *b, struct err *e)
{
	const struct jsonl_read_conf *conf = shared;
	(void)worker;
	(void)e;
	BATCH_EACH(b, d) {
		struct where line = d->at;
		uint64_t ordinal = d->ordinal;
		struct str raw = d->raw;
		d->at.file = NULL;
		if (raw.n && jsonl_parse(d, raw, b->arena, conf && conf->drops, NULL) == 0) {
			if (!d->at.file)
				d->at = (struct where){NULL, 0};
			continue;
		}
		doc_init(d);
		d->ordinal = ordinal;
		d->at = line;
		doc_drop(d, &jsonl_read_why[0]);
	}
	return 0;
}

static int read_close(void *shared, bool done, struct tally *t, struct err *e)
{
	(void)shared, (void)done, (void)t, (void)e;
	return 0;
}

const struct stage jsonl_read_stage = {
	.name = "input",
	.summary = "JSON lines to documents",
	.drops = jsonl_read_why,
	.open = read_open,
	.map = read_map,
	.close = read_close,
};

/* ---- the writing stage ---- */

struct writer {
	const struct jsonl_write_conf *conf;
	struct zout *kept, *rejects;
	struct seal kept_seal, rejects_seal;
	struct buf kept_frames, rejects_frames; /* tables of their indexes */
	XXH3_state_t *kept_hash, *rejects_hash;
};

/* A worker's output of one batch. */
struct chunk {
	struct buf text[2]; /* kept, rejects: the lines */
	struct buf frame[2];
	uint64_t docs[2];
	ZSTD_CCtx *zstd;
};

static int out_open(struct zout **out, XXH3_state_t **hash, const char *path, const struct jsonl_write_conf *c, struct err *e)
{
	if (!path)
		return 0;
	int rc = zout_open(out, path, c->level, e);
	if (rc)
		return rc;
	*hash = XXH3_createState();
	XXH3_64bits_reset(*hash);
	if (c->seal && c->history && zout_is_zstd(*out)) {
		struct buf h;
		buf_init(&h, SEAL_MAX);
		seal_history(&h, str_of(c->history));
		rc = zout_raw(*out, h.p, h.n, e);
		buf_free(&h);
	}
	return rc;
}

static int write_open(void **shared, const void *conf, struct err *e)
{
	const struct jsonl_write_conf *c = conf;
	struct writer *w = own_zalloc(sizeof(*w));
	w->conf = c;
	buf_init(&w->kept_frames, BUF_NO_MAX);
	buf_init(&w->rejects_frames, BUF_NO_MAX);
	int rc = out_open(&w->kept, &w->kept_hash, c->path, c, e);
	if (!rc)
		rc = out_open(&w->rejects, &w->rejects_hash, c->rejects, c, e);
	if (rc) {
		zout_free(w->kept);
		zout_free(w->rejects);
		XXH3_freeState(w->kept_hash);
		XXH3_freeState(w->rejects_hash);
		free(w);
		return rc;
	}
	*shared = w;
	return 0;
}

static void *write_start(const void *shared)
{
	const struct writer *w = shared;
	struct chunk *c = own_zalloc(sizeof(*c));
	for (int i = 0; i < 2; i++) {
		buf_init(&c->text[i], BUF_NO_MAX);
		buf_init(&c->frame[i], BUF_NO_MAX);
	}
	c->zstd = ZSTD_createCCtx();
	ZSTD_CCtx_setParameter(c->zstd, ZSTD_c_compressionLevel, w->conf->level ? w->conf->level : 3);
	ZSTD_CCtx_setParameter(c->zstd, ZSTD_c_checksumFlag, 1);
	return c;
}

static void compress(struct chunk *c, int i)
{
	buf_clear(&c->frame[i]);
	if (!c->text[i].n)
		return;
	buf_reserve(&c->frame[i], ZSTD_compressBound(c->text[i].n));
	c->frame[i].n = ZSTD_compress2(c->zstd, c->frame[i].p, c->frame[i].cap, c->text[i].p, c->text[i].n);
}

static int write_map(const void *shared, void *worker, struct batch *b, struct err *e)
{
	const struct writer *w = shared;
	struct chunk *c = worker;
	(void)e;
	for (int i = 0; i < 2; i++) {
		buf_clear(&c->text[i]);
		c->docs[i] = 0;
	}
	for (unsigned k = 0; k < b->n; k++) {
		const struct doc *d = &b->docs[k];
		int i = d->drop && !w->conf->all;
		if (i ? !w->rejects : !w->kept)
			continue;
		jsonl_print(d, &c->text[i]);
		c->docs[i]++;
	}
	if (w->kept && zout_is_zstd(w->kept))
		compress(c, 0);
	if (w->rejects && zout_is_zstd(w->rejects))
		compress(c, 1);
	b->out = c;
	return 0;
}

static int put(struct zout *z, const struct chunk *c, int i, struct seal *s, struct buf *frames, XXH3_state_t *hash, struct err *e)
{
	if (!z || !c->text[i].n)
		return 0;
	s->documents += c->docs[i];
	s->bytes += c->text[i].n;
	XXH3_64bits_update(hash, c->text[i].p, c->text[i].n);
	seal_frame(frames, c->frame[i].n, c->docs[i]);
	return zout_is_zstd(z) ? zout_raw(z, c->frame[i].p, c->frame[i].n, e) : zout_write(z, c->text[i].p, c->text[i].n, e);
}

static int write_fold(void *shared, struct batch *b, struct err *e)
{
	struct writer *w = shared;
	const struct chunk *c = b->out;
	int rc = put(w->kept, c, 0, &w->kept_seal, &w->kept_frames, w->kept_hash, e);
	return rc ? rc : put(w->rejects, c, 1, &w->rejects_seal, &w->rejects_frames, w->rejects_hash, e);
}

static void write_stop(void *worker)
{
	struct chunk *c = worker;
	for (int i = 0; i < 2; i++) {
		buf_free(&c->text[i]);
		buf_free(&c->frame[i]);
	}
	ZSTD_freeCCtx(c->zstd);
	free(c);
}

static int out_close(struct zout *z, struct seal *s, const struct buf *frames, XXH3_state_t *hash, bool seal, bool done, struct err *e)
{
	int rc = 0;
	if (z && done && seal && zout_is_zstd(z)) {
		struct buf b;
		buf_init(&b, BUF_NO_MAX);
		seal_index(&b, buf_view(frames));
		s->digest = XXH3_64bits_digest(hash);
		seal_end(&b, s);
		rc = zout_raw(z, b.p, b.n, e);
		buf_free(&b);
	}
	XXH3_freeState(hash);
	if (z && done && !rc)
		return zout_commit(z, e);
	zout_free(z);
	return rc;
}

static int write_close(void *shared, bool done, struct tally *t, struct err *e)
{
	struct writer *w = shared;
	(void)t;
	int rc = out_close(w->kept, &w->kept_seal, &w->kept_frames, w->kept_hash, w->conf->seal, done, e);
	int rc2 = out_close(w->rejects, &w->rejects_seal, &w->rejects_frames, w->rejects_hash, w->conf->seal, done && !rc, e);
	buf_free(&w->kept_frames);
	buf_free(&w->rejects_frames);
	free(w);
	return rc ? rc : rc2;
}

const struct stage jsonl_write_stage = {
	.name = "write",
	.summary = "documents to JSON lines",
	.open = write_open,
	.start = write_start,
	.map = write_map,
	.fold = write_fold,
	.stop = write_stop,
	.close = write_close,
};
