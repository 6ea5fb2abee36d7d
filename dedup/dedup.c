#include "dedup/dedup.h"

#include "dedup/conf.h"
#include "dedup/index.h"
#include "dedup/mark.h"
#include "dedup/parts.h"
#include "dedup/scratch.h"
#include "dedup/signs.h"
#include "dedup/solve.h"

#include <math.h>
#include <stdio.h>
#include <xxhash.h>

static const struct dedup_conf defaults = {.verify = NAN, .memory = (uint64_t)2 << 30};

/* ---- signing: what both forms of the stage share ---- */

struct worker {
	struct sign_work *sign;
	struct mark *mark;
};

static struct worker *worker_start(const struct sign_conf *c)
{
	struct worker *w = own_zalloc(sizeof(*w));
	w->sign = sign_start(c);
	return w;
}

static void stop(void *worker)
{
	struct worker *w = worker;
	sign_stop(w->sign);
	mark_free(w->mark);
	free(w);
}

static struct str host_of(struct str url)
{
	size_t scheme = str_find(url, STR("://"));
	struct str host = scheme < url.n ? str_from(url, scheme + 3) : url;
	for (size_t i = 0; i < host.n; i++)
		if (strchr("/:?#", host.p[i]))
			host.n = i;
	return str_starts_ci(host, STR("www.")) ? str_from(host, 4) : host;
}

/* Place of the host in the list: a name stands for itself and what is below it. */
static uint32_t preferred(const char *list, struct str host)
{
	struct str rest = str_of(list);
	for (uint32_t n = 0; rest.n; n++) {
		struct str name = str_trim(str_cut(rest, ',', &rest));
		if (name.n && name.p[0] == '.')
			name = str_from(name, 1);
		if (!name.n || host.n < name.n || !str_eq_ci(str_from(host, host.n - name.n), name))
			continue;
		if (host.n == name.n || host.p[host.n - name.n - 1] == '.')
			return n;
	}
	return SIGN_NOT_PREFERRED;
}

static void sign_doc(struct sign_work *w, const struct dedup_conf *c, const struct doc *d, struct sign *out)
{
	struct str host = host_of(d->url);
	sign_text(w, d->text, out);
	out->head.date = d->date;
	out->head.id = d->id.n ? XXH3_64bits(d->id.p, d->id.n) : XXH3_64bits(d->text.p, d->text.n);
	out->head.url = sign_url(d->url);
	out->head.digest = d->payload_digest.n ? XXH3_64bits(d->payload_digest.p, d->payload_digest.n) : 0;
	out->head.prefer = preferred(c->prefer_hosts, host);
	out->head.host = host.n ? XXH3_64bits(host.p, host.n) : 0;
	out->head.quality = c->survivor_signal ? doc_signal_get(d, c->survivor_signal) : NAN;
}

struct signed_doc {
	struct sign sign;
	struct str names;
};

/* Signatures of a batch into its arena. absent: documents that were left out before get a place, too. */
static void sign_batch(struct worker *w, const struct dedup_conf *c, const struct sign_conf *sc, struct batch *b, bool absent)
{
	static const struct span none;
	struct signed_doc *v = ARENA_ARRAY(b->arena, struct signed_doc, b->n + 1), *at = v;
	for (unsigned i = 0; i < b->n; i++) {
		const struct doc *d = &b->docs[i];
		*at = (struct signed_doc){.sign.head.absent = 1};
		if (d->drop && !absent)
			continue;
		if (!d->drop) {
			sign_doc(w->sign, c, d, &at->sign);
			size_t keys = at->sign.head.shingles ? sc->bands * sizeof(uint64_t) : 0;
			at->sign.keys = memcpy(arena_alloc(b->arena, keys + 1), at->sign.keys, keys);
			at->sign.grams = memcpy(arena_alloc(b->arena, at->sign.head.grams + 1), at->sign.grams, at->sign.head.grams);
			at->sign.spans = memcpy(ARENA_ARRAY(b->arena, struct span, at->sign.head.spans + 1), at->sign.spans ? at->sign.spans : &none, at->sign.head.spans * sizeof(struct span));
			if (sc->names)
				at->names = arena_printf(b->arena, "%.*s%c%s%c", STR_ARG(d->id), 0, d->at.file ? d->at.file : "", 0);
		}
		at++;
	}
	b->out = v;
	at->sign.head.absent = 2; /* the end */
}

static int put_batch(struct signs_out *out, const struct batch *b, struct err *e)
{
	int rc = 0;
	for (const struct signed_doc *v = b->out; !rc && v->sign.head.absent != 2; v++)
		rc = signs_put(out, &v->sign, v->names, e);
	return rc;
}

/* ---- deciding: what both forms share, too ---- */

/* A file beside the verdicts, for a stage that cuts; NULL: it does not. */
static const char *cuts_path(const struct dedup_conf *c, const char *verdicts, char out[4200])
{
	if (!c->repeated_lines && !c->repeated_host_lines && !c->repeated_words)
		return NULL;
	snprintf(out, 4200, "%s.cuts", verdicts);
	return out;
}

struct dedup_report {
	struct solve_report solve;
	struct cut_report cut;
};

struct decision {
	const struct dedup_conf *conf;
	struct sign_conf sign;
	double threshold;
	struct index *against;
	const char *folder; /* for scratch files */
	int lasting;
};

/* About the share that sorting may take: batches and code take the rest. */
static size_t sorting_memory(const struct dedup_conf *c)
{
	return (size_t)(c->memory - c->memory / 4);
}

static struct solve_conf solve_conf_of(const struct decision *d)
{
	const struct dedup_conf *c = d->conf;
	return (struct solve_conf){.sign = d->sign, .threshold = d->threshold, .keep = c->survivor, .url = c->same_url, .memory = sorting_memory(c),
				   .threads = (unsigned)c->threads, .folder = d->folder, .index = d->against};
}

/* What is decided when the verdicts are known. */
static int decide_rest(const struct decision *d, const char *const *signs, size_t n, const char *verdicts, struct cut_report *cuts, struct err *e)
{
	const struct dedup_conf *c = d->conf;
	char path[4200];
	struct cut_conf cut = {.lines = (uint32_t)c->repeated_lines, .host_lines = (uint32_t)c->repeated_host_lines, .passage = (uint32_t)c->repeated_words, .memory = sorting_memory(c), .folder = d->folder};
	int rc = cuts_path(c, verdicts, path) ? cut_decide(signs, n, verdicts, &cut, path, d->lasting, cuts, e) : 0;
	if (!rc && c->index)
		rc = index_write(c->index, d->against, signs, n, verdicts, sorting_memory(c), d->folder, e);
	return rc;
}

static int decide(const struct decision *d, const char *const *signs, size_t n, const char *verdicts, struct dedup_report *report, struct err *e)
{
	struct solve_conf solve = solve_conf_of(d);
	int rc = solve_files(signs, n, &solve, verdicts, d->lasting, &report->solve, e);
	return rc ? rc : decide_rest(d, signs, n, verdicts, &report->cut, e);
}

static void note_report(const struct dedup_report *r, struct tally *t)
{
	tally_note(t, "dedup.pairs", r->solve.pairs);
	tally_note(t, "dedup.compared", r->solve.compared);
	tally_note(t, "dedup.alike", r->solve.alike);
	tally_note(t, "dedup.cut_lines", r->cut.lines);
	tally_note(t, "dedup.cut_host_lines", r->cut.host_lines);
	tally_note(t, "dedup.cut_passages", r->cut.passages);
}

/* ---- the stage alone ---- */

struct dedup {
	const struct dedup_conf *conf;
	struct sign_conf sign;
	double threshold;
	struct scratch *scratch;
	struct signs_out *signs;
	struct index *against;
	uint64_t sign_bytes;
	struct dedup_report report;
	struct audit_report audit;
};

static void say_audit(const struct audit_report *r, struct tally *t)
{
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	for (unsigned i = 0; i < AUDIT_LINES; i++) {
		buf_clear(&b);
		audit_line(r, i, &b);
		buf_byte(&b, 0);
		tally_say(t, b.p);
	}
	buf_free(&b);
	tally_note(t, "dedup.audit_pairs", r->alike);
	tally_note(t, "dedup.audit_missed", r->missed);
	tally_note(t, "dedup.audit_left_out", r->left_out);
	tally_note(t, "dedup.audit_unlike", r->unlike);
}

static int dedup_close(void *shared, bool done, struct tally *t, struct err *e)
{
	struct dedup *d = shared;
	(void)e;
	if (done && t) {
		note_report(&d->report, t);
		tally_note(t, "dedup.sign_bytes", d->sign_bytes);
		tally_note(t, "dedup.scratch_bytes", d->report.solve.scratch);
		if (d->conf->audit)
			say_audit(&d->audit, t);
	}
	signs_out_free(d->signs);
	scratch_free(d->scratch);
	index_free(d->against);
	free(d);
	return 0;
}

static int dedup_start_files(struct dedup *d, struct err *e)
{
	const struct dedup_conf *c = d->conf;
	const char *tmp = getenv("TMPDIR");
	char path[4096];
	int rc = conf_sign(c, &d->sign, &d->threshold, e);
	const char *below = c->tmp ? c->tmp : tmp && *tmp ? tmp : "/tmp";
	if (!rc)
		scratch_clear(below, 0);
	rc = rc ? rc : scratch_new(&d->scratch, below, e);
	if (!rc && c->against)
		rc = index_open(&d->against, c->against, &d->sign, e);
	return rc ? rc : signs_create(&d->signs, scratch_path(d->scratch, "signatures", path), &d->sign, false, e);
}

static int dedup_begin(void **shared, const void *conf, struct err *e)
{
	struct dedup *d = own_zalloc(sizeof(*d));
	d->conf = conf;
	int rc = dedup_start_files(d, e);
	if (rc)
		dedup_close(d, false, NULL, NULL);
	else
		*shared = d;
	return rc;
}

static void *dedup_start(const void *shared)
{
	return worker_start(&((const struct dedup *)shared)->sign);
}

static int dedup_map(const void *shared, void *worker, struct batch *b, struct err *e)
{
	const struct dedup *d = shared;
	(void)e;
	sign_batch(worker, d->conf, &d->sign, b, true);
	return 0;
}

static int dedup_fold(void *shared, struct batch *b, struct err *e)
{
	return put_batch(((struct dedup *)shared)->signs, b, e);
}

static int dedup_turn(void *shared, struct err *e)
{
	struct dedup *d = shared;
	char signs[4096], verdicts[4096];
	const char *file = scratch_path(d->scratch, "signatures", signs);
	struct decision decision = {d->conf, d->sign, d->threshold, d->against, scratch_folder(d->scratch), 0};
	d->sign_bytes = signs_bytes(d->signs);
	int rc = signs_commit(d->signs, e);
	d->signs = NULL;
	rc = rc ? rc : decide(&decision, &file, 1, scratch_path(d->scratch, "verdicts.file", verdicts), &d->report, e);
	if (!rc && d->conf->audit)
		rc = audit_files(&file, 1, verdicts, (unsigned)d->conf->audit, d->threshold > 0 ? d->threshold : CONF_AUDIT_THRESHOLD, &d->audit, e);
	return rc;
}

static const char *dedup_folder(const void *shared)
{
	return scratch_folder(((const struct dedup *)shared)->scratch);
}

static int dedup_again(const void *shared, void *worker, struct batch *b, struct err *e)
{
	const struct dedup *d = shared;
	struct worker *w = worker;
	char path[4096], cuts[4200];
	scratch_path(d->scratch, "verdicts.file", path);
	int rc = w->mark ? 0 : mark_open(&w->mark, path, cuts_path(d->conf, path, cuts), d->conf->weights, d->against, e);
	for (unsigned i = 0; !rc && i < b->n; i++)
		if (!b->docs[i].drop)
			rc = mark_document(w->mark, b->docs[i].ordinal, &b->docs[i], b->arena, e);
	return rc;
}

#define DEDUP_WRITES (DOC_BIT(DOC_CLUSTER_ID) | DOC_BIT(DOC_CLUSTER_SIZE))

const struct stage dedup_stage = {
	.name = "dedup",
	.summary = "texts in, first ones out",
	.reads = DOC_BIT(DOC_TEXT) | DOC_BIT(DOC_ID) | DOC_BIT(DOC_DATE),
	.writes = DEDUP_WRITES,
	.drops = mark_why,
	.signals = mark_signals,
	.opts = conf_opts,
	.conf_size = sizeof(struct dedup_conf),
	.open = dedup_begin,
	.start = dedup_start,
	.map = dedup_map,
	.fold = dedup_fold,
	.turn = dedup_turn,
	.folder = dedup_folder,
	.again = dedup_again,
	.stop = stop,
	.close = dedup_close,
};

/* ---- in parts ---- */

struct sign_file {
	const struct dedup_conf *conf;
	struct sign_conf sign;
	struct signs_out *out;
};

static int file_open(void **shared, const void *conf, struct err *e)
{
	const struct dedup_sign_conf *c = conf;
	struct sign_file *f = own_zalloc(sizeof(*f));
	double threshold;
	f->conf = c->conf ? c->conf : &defaults;
	int rc = conf_sign(f->conf, &f->sign, &threshold, e);
	rc = rc ? rc : signs_create(&f->out, c->path, &f->sign, true, e);
	if (rc)
		free(f);
	else
		*shared = f;
	return rc;
}

static void *file_start(const void *shared)
{
	return worker_start(&((const struct sign_file *)shared)->sign);
}

static int file_map(const void *shared, void *worker, struct batch *b, struct err *e)
{
	const struct sign_file *f = shared;
	(void)e;
	sign_batch(worker, f->conf, &f->sign, b, false);
	return 0;
}

static int file_fold(void *shared, struct batch *b, struct err *e)
{
	return put_batch(((struct sign_file *)shared)->out, b, e);
}

static int file_close(void *shared, bool done, struct tally *t, struct err *e)
{
	struct sign_file *f = shared;
	(void)t;
	int rc = done ? signs_commit(f->out, e) : 0;
	if (!done)
		signs_out_free(f->out);
	free(f);
	return rc;
}

const struct stage dedup_sign_stage = {
	.name = "sign", .summary = "signatures of documents into a file", .open = file_open, .start = file_start, .map = file_map, .fold = file_fold, .stop = stop, .close = file_close};

/* ---- deciding, in one step or in several: from a conf to what the steps need ---- */

struct site {
	struct decision d;
	struct scratch *scratch;
};

static void site_close(struct site *s)
{
	index_free(s->d.against);
	scratch_free(s->scratch);
}

/* Scratch files go below folder, unless --tmp says where. alone: nobody else can be at work there. */
static int site_open(struct site *s, const char *folder, int alone, const struct dedup_conf *c, struct err *e)
{
	*s = (struct site){.d = {.conf = c, .lasting = 1}};
	int rc = conf_sign(c, &s->d.sign, &s->d.threshold, e);
	if (!rc && c->audit)
		rc = err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "--audit is for `peneira dedup`: with documents, or with the folder of a run");
	if (!rc)
		scratch_clear(c->tmp ? c->tmp : folder, alone && !c->tmp);
	rc = rc ? rc : scratch_new(&s->scratch, c->tmp ? c->tmp : folder, e);
	if (!rc && c->against)
		rc = index_open(&s->d.against, c->against, &s->d.sign, e);
	if (rc)
		site_close(s);
	else
		s->d.folder = scratch_folder(s->scratch);
	return rc;
}

int dedup_solve(const char *verdicts, const char *const *signs, size_t n, const struct dedup_conf *c, struct err *e)
{
	struct site s;
	struct dedup_report report = {0};
	char folder[4096];
	/* Beside the verdicts, there is nobody else: whoever runs this holds the lock of the run. */
	int rc = site_open(&s, scratch_beside(verdicts, folder), 1, c, e);
	if (rc)
		return rc;
	rc = decide(&s.d, signs, n, verdicts, &report, e);
	site_close(&s);
	return rc;
}

int dedup_rank(const char *folder, const char *const *signs, size_t n, const struct dedup_conf *c, struct err *e)
{
	struct site s;
	int rc = site_open(&s, folder, 0, c, e);
	if (rc)
		return rc;
	struct solve_conf solve = solve_conf_of(&s.d);
	rc = parts_rank(folder, signs, n, &solve, e);
	site_close(&s);
	return rc;
}

int dedup_pairs(const char *folder, const char *const *signs, size_t n, const struct dedup_conf *c, uint64_t k, uint64_t of, struct err *e)
{
	struct site s;
	int rc = site_open(&s, folder, 0, c, e);
	if (rc)
		return rc;
	struct solve_conf solve = solve_conf_of(&s.d);
	rc = parts_pairs(folder, signs, n, &solve, k, of, e);
	site_close(&s);
	return rc;
}

int dedup_settle(const char *folder, const char *const *signs, size_t n, const struct dedup_conf *c, uint64_t of, const char *verdicts, struct err *e)
{
	struct site s;
	struct dedup_report report = {0};
	int rc = site_open(&s, folder, 0, c, e);
	if (rc)
		return rc;
	struct solve_conf solve = solve_conf_of(&s.d);
	rc = parts_settle(folder, signs, n, &solve, of, verdicts, &report.solve, e);
	rc = rc ? rc : decide_rest(&s.d, signs, n, verdicts, &report.cut, e);
	site_close(&s);
	return rc;
}

int dedup_audit(const char *verdicts, const char *const *signs, size_t n, const struct dedup_conf *c, struct audit_report *out, struct err *e)
{
	struct sign_conf sign;
	double threshold;
	int rc = conf_sign(c, &sign, &threshold, e);
	return rc ? rc : audit_files(signs, n, verdicts, (unsigned)c->audit, threshold > 0 ? threshold : CONF_AUDIT_THRESHOLD, out, e);
}

int dedup_open(struct dedup_verdicts *out, const char *verdicts, size_t first, size_t n, const struct dedup_conf *c, struct err *e)
{
	struct sign_conf sign;
	double threshold;
	char cuts[4200];
	*out = (struct dedup_verdicts){0};
	int rc = conf_sign(c, &sign, &threshold, e);
	if (!rc && c->against)
		rc = index_open(&out->against, c->against, &sign, e);
	rc = rc ? rc : mark_open(&out->mark, verdicts, cuts_path(c, verdicts, cuts), c->weights, out->against, e);
	return rc ? rc : mark_range(out->mark, first, n, &out->next, &out->end, e);
}

void dedup_unload(struct dedup_verdicts *v)
{
	mark_free(v->mark);
	index_free(v->against);
	*v = (struct dedup_verdicts){0};
}

static int verdicts_begin(void **shared, const void *conf, struct err *e)
{
	(void)e;
	*shared = (void *)(uintptr_t)conf;
	return 0;
}

static int verdicts_fold(void *shared, struct batch *b, struct err *e)
{
	struct dedup_verdicts *v = shared;
	BATCH_EACH(b, d) {
		if (v->next == v->end)
			return err_at(e, ERR_DATA, d->at, "more documents than signatures: the work folder does not fit together");
		int rc = mark_document(v->mark, v->next++, d, b->arena, e);
		if (rc)
			return rc;
	}
	return 0;
}

static int verdicts_end(void *shared, bool done, struct tally *t, struct err *e)
{
	const struct dedup_verdicts *v = shared;
	if (done && t && mark_cut_words(v->mark)) {
		tally_note(t, "dedup.cut_documents", mark_cut_documents(v->mark));
		tally_note(t, "dedup.cut_words", mark_cut_words(v->mark));
	}
	if (done && v->next != v->end)
		return err_at(e, ERR_DATA, (struct where){NULL, WHERE_NONE}, "%llu signatures have no document: the work folder does not fit together", (unsigned long long)(v->end - v->next));
	return 0;
}

const struct stage dedup_mark_stage = {
	.name = "dedup", .summary = "verdicts on documents", .reads = DOC_BIT(DOC_TEXT), .writes = DEDUP_WRITES, .drops = mark_why, .open = verdicts_begin, .fold = verdicts_fold, .close = verdicts_end};
