#include "dedup/dedup.h"

#include "dedup/audit.h"
#include "dedup/cut.h"
#include "dedup/index.h"
#include "dedup/mark.h"
#include "dedup/scratch.h"
#include "dedup/signs.h"
#include "dedup/solve.h"

#include <stdio.h>
#include <xxhash.h>

/* ---- options ---- */

static const char *const presets[] = {"default", "fineweb2", "amalia", "datatrove", NULL};
static const char *const survivors[] = {"longest", "oldest", "newest", "best", NULL};
static const char *const urls[] = {"all", "newest", "oldest", "longest", "count", NULL};
#define AUDIT_THRESHOLD 0.8 /* where there is none */
#define AT(field) offsetof(struct dedup_conf, field)
static const struct opt dedup_opts[] = {
	{OPT_CHOICE, 0, "dedup-preset", "NAME", "bands x rows, n-grams: 18x6, 5, compared; 14x8, 5; 40x15, 4; 14x8, 5 as datatrove has it", AT(preset), .choices = presets},
	{OPT_UINT, 0, "bands", "N", "bands of a signature; 0 = the preset's", AT(bands), .hi = SIGN_BANDS_MAX},
	{OPT_UINT, 0, "rows", "N", "rows of a band; 0 = the preset's", AT(rows), .hi = 1024},
	{OPT_UINT, 0, "ngram", "N", "words of an n-gram; 0 = the preset's", AT(ngram), .hi = SIGN_SHINGLE_MAX},
	{OPT_REAL, 0, "verify", "J", "compare candidates: least Jaccard similarity of a copy; 0 = take candidates as copies; default: the preset's", AT(verify), .def = NAN, .hi = 1},
	{OPT_CHOICE, 0, "survivor", "POLICY", "which of a group stays; among equals the longest, the oldest, the least id", AT(survivor), .choices = survivors},
	{OPT_TEXT, 0, "survivor-signal", "NAME", "quality signal whose highest value stays, with --survivor best", AT(survivor_signal)},
	{OPT_TEXT, 0, "prefer-hosts", "LIST", "hosts or domains, by commas, whose documents stay before all others, the first before the second", AT(prefer_hosts)},
	{OPT_CHOICE, 0, "same-url", "POLICY", "captures of one URL: keep all, only one, or all with their count as signal url_captures", AT(same_url), .choices = urls},
	{OPT_UINT, 0, "repeated-lines", "N", "take lines that N documents have out of all but the oldest; 0 = never", AT(repeated_lines), .hi = 1e9},
	{OPT_UINT, 0, "repeated-host-lines", "N", "the same among the documents of one host", AT(repeated_host_lines), .hi = 1e9},
	{OPT_UINT, 0, "repeated-words", "N", "take passages of N words or more out of all documents that have them but the oldest; 0 = never, least 20", AT(repeated_words), .hi = 10000},
	{OPT_TEXT, 0, "against", "DIR", "leave out copies of the documents of this index (or of several, by commas)", AT(against)},
	{OPT_TEXT, 0, "index", "DIR", "write an index of what stays, with what --against has", AT(index)},
	{OPT_UINT, 0, "audit", "N", "compare N documents with all others by brute force, and say how good recall and precision are", AT(audit), .hi = AUDIT_MAX},
	{OPT_SIZE, 0, "memory", "SIZE", "memory to stay within", AT(memory), .def = 2147483648.0, .lo = 67108864},
	{OPT_TEXT, 0, "tmp", "DIR", "folder for scratch files", AT(tmp)},
	{0},
};

static int sign_conf_of(const struct dedup_conf *c, struct sign_conf *s, double *threshold, struct err *e)
{
	static const struct {
		struct sign_conf sign;
		double threshold;
	} of[] = {
		{{SIGN_OWN, 5, 18, 6, 0, 0, 0}, 0.8},
		{{SIGN_OWN, 5, 14, 8, 0, 0, 0}, 0},
		{{SIGN_OWN, 4, 40, 15, 0, 0, 0}, 0},
		{{SIGN_DATATROVE, 5, 14, 8, 0, 0, 0}, 0},
	};
	*s = of[c->preset].sign;
	*threshold = isnan(c->verify) ? of[c->preset].threshold : c->verify;
	if (c->bands)
		s->bands = (uint32_t)c->bands;
	if (c->rows)
		s->rows = (uint32_t)c->rows;
	if (c->ngram)
		s->shingle = (uint32_t)c->ngram;
	s->grams = *threshold > 0 || c->audit;
	s->names = c->index != NULL;
	s->lines = c->repeated_lines || c->repeated_host_lines;
	s->passage = (uint32_t)c->repeated_words;
	if (c->survivor == SOLVE_BEST && !c->survivor_signal)
		return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "--survivor best needs the name of a signal: --survivor-signal NAME");
	if (c->repeated_lines == 1 || c->repeated_host_lines == 1)
		return err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "a line that one document has is not repeated: --repeated-lines and --repeated-host-lines begin at 2");
	if (c->survivor_signal)
		s->policy = XXH3_64bits(c->survivor_signal, strlen(c->survivor_signal));
	if (c->prefer_hosts)
		s->policy = XXH3_64bits_withSeed(c->prefer_hosts, strlen(c->prefer_hosts), s->policy);
	return sign_check(s, e);
}

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

struct decision {
	const struct dedup_conf *conf;
	struct sign_conf sign;
	double threshold;
	struct index *against;
	const char *folder; /* for scratch files */
	int lasting;
};

static int decide(const struct decision *d, const char *const *signs, size_t n, const char *verdicts, struct solve_report *report, struct err *e)
{
	const struct dedup_conf *c = d->conf;
	char path[4200];
	const char *cuts = cuts_path(c, verdicts, path);
	/* About the share that sorting may take: batches and code take the rest. */
	size_t memory = (size_t)(c->memory - c->memory / 4);
	struct solve_conf solve = {.sign = d->sign, .threshold = d->threshold, .keep = c->survivor, .url = c->same_url, .memory = memory, .folder = d->folder, .index = d->against};
	struct cut_conf cut = {.lines = (uint32_t)c->repeated_lines, .host_lines = (uint32_t)c->repeated_host_lines, .passage = (uint32_t)c->repeated_words, .memory = memory, .folder = d->folder};
	int rc = solve_files(signs, n, &solve, verdicts, d->lasting, report, e);
	if (!rc && cuts)
		rc = cut_decide(signs, n, verdicts, &cut, cuts, d->lasting, e);
	if (!rc && c->index)
		rc = index_write(c->index, d->against, signs, n, verdicts, memory, d->folder, e);
	return rc;
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
	struct solve_report report;
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
		tally_note(t, "dedup.pairs", d->report.pairs);
		tally_note(t, "dedup.compared", d->report.compared);
		tally_note(t, "dedup.alike", d->report.alike);
		tally_note(t, "dedup.sign_bytes", d->sign_bytes);
		tally_note(t, "dedup.scratch_bytes", d->report.scratch);
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
	int rc = sign_conf_of(c, &d->sign, &d->threshold, e);
	rc = rc ? rc : scratch_new(&d->scratch, c->tmp ? c->tmp : tmp && *tmp ? tmp : "/tmp", e);
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
		rc = audit_files(&file, 1, verdicts, (unsigned)d->conf->audit, d->threshold > 0 ? d->threshold : AUDIT_THRESHOLD, &d->audit, e);
	return rc;
}

static int dedup_again(const void *shared, void *worker, struct batch *b, struct err *e)
{
	const struct dedup *d = shared;
	struct worker *w = worker;
	char path[4096], cuts[4200];
	scratch_path(d->scratch, "verdicts.file", path);
	int rc = w->mark ? 0 : mark_open(&w->mark, path, cuts_path(d->conf, path, cuts), d->against, e);
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
	.opts = dedup_opts,
	.conf_size = sizeof(struct dedup_conf),
	.open = dedup_begin,
	.start = dedup_start,
	.map = dedup_map,
	.fold = dedup_fold,
	.turn = dedup_turn,
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
	int rc = sign_conf_of(f->conf, &f->sign, &threshold, e);
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

int dedup_solve(const char *verdicts, const char *const *signs, size_t n, const struct dedup_conf *c, struct err *e)
{
	struct decision d = {.conf = c, .lasting = 1};
	struct solve_report report;
	struct scratch *scratch = NULL;
	char folder[4096];
	int rc = sign_conf_of(c, &d.sign, &d.threshold, e);
	if (!rc && c->audit)
		rc = err_at(e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "--audit is for `peneira dedup` alone");
	/* Beside the verdicts, there is nobody else: whoever runs this holds the lock of the run. */
	if (!rc && !c->tmp)
		scratch_clear(scratch_beside(verdicts, folder));
	rc = rc ? rc : scratch_new(&scratch, c->tmp ? c->tmp : folder, e);
	if (!rc && c->against)
		rc = index_open(&d.against, c->against, &d.sign, e);
	if (!rc) {
		d.folder = scratch_folder(scratch);
		rc = decide(&d, signs, n, verdicts, &report, e);
	}
	index_free(d.against);
	scratch_free(scratch);
	return rc;
}

int dedup_open(struct dedup_verdicts *out, const char *verdicts, size_t first, size_t n, const struct dedup_conf *c, struct err *e)
{
	struct sign_conf sign;
	double threshold;
	char cuts[4200];
	*out = (struct dedup_verdicts){0};
	int rc = sign_conf_of(c, &sign, &threshold, e);
	if (!rc && c->against)
		rc = index_open(&out->against, c->against, &sign, e);
	rc = rc ? rc : mark_open(&out->mark, verdicts, cuts_path(c, verdicts, cuts), out->against, e);
	return rc ? rc : mark_range(out->mark, first, n, &out->next, &out->end, e);
}

int dedup_load(struct dedup_verdicts *out, const char *const *signs, size_t n, const struct dedup_conf *c, struct err *e)
{
	char folder[4096], path[4200];
	*out = (struct dedup_verdicts){0};
	snprintf(path, sizeof(path), "%s/verdicts", n ? scratch_beside(signs[0], folder) : ".");
	int rc = dedup_solve(path, signs, n, c, e);
	return rc ? rc : dedup_open(out, path, 0, n, c, e);
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
	(void)t;
	if (done && v->next != v->end)
		return err_at(e, ERR_DATA, (struct where){NULL, WHERE_NONE}, "%llu signatures have no document: the work folder does not fit together", (unsigned long long)(v->end - v->next));
	return 0;
}

const struct stage dedup_mark_stage = {
	.name = "dedup", .summary = "verdicts on documents", .reads = DOC_BIT(DOC_TEXT), .writes = DEDUP_WRITES, .drops = mark_why, .open = verdicts_begin, .fold = verdicts_fold, .close = verdicts_end};
