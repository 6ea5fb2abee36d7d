#include "crawl/archive.h"

#include "crawl/crawl.h"
#include "crawl/entries.h"
#include "crawl/revisit.h"
#include "crawl/sha1.h"

#include <inttypes.h>
#include <stdio.h>

struct archive {
	const struct crawl_conf *conf;
	char **names; /* own copies: documents point at them */
	size_t n, next;
	struct entries **files; /* by path; those read stay open: documents point at the names of their entries */
	struct record_reader *in;
	const char *name; /* of what `in` reads */
	struct revisit *seen; /* NULL: revisits are not resolved */
	uint64_t taken, skipped;
};

static bool archive_probe(struct str first)
{
	struct str s = str_starts(first, STR("\xEF\xBB\xBF")) ? str_from(first, 3) : first;
	return str_starts(s, STR("WARC/")) || str_starts(s, STR("filedesc:"));
}

static void archive_close(void *self)
{
	struct archive *a = self;
	record_free(a->in);
	revisit_free(a->seen);
	for (size_t i = 0; i < a->n; i++) {
		entries_free(a->files[i]);
		free(a->names[i]);
	}
	free(a->files);
	free(a->names);
	free(a);
}

static int archive_open(void **self, const char *const *paths, size_t n, const void *conf, struct err *e)
{
	(void)e;
	struct archive *a = own_zalloc(sizeof(*a));
	a->conf = conf;
	a->n = n;
	/* Only over whole files: what comes out must not depend on how a run cuts them. */
	if (a->conf && a->conf->resolve && !a->conf->begin && !a->conf->end)
		a->seen = revisit_new();
	a->names = own_zalloc((n ? n : 1) * sizeof(*a->names));
	a->files = own_zalloc((n ? n : 1) * sizeof(*a->files));
	for (size_t i = 0; i < n; i++)
		a->names[i] = own_strdup(paths[i]);
	*self = a;
	return 0;
}

static struct str base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return str_of(slash ? slash + 1 : path);
}

/* "IAH-2004.arc.gz" -> "IAH-2004" */
static struct str collection(const char *path)
{
	struct str s = base_name(path);
	static const char *const endings[] = {".gz", ".zst", ".xz", ".bz2", ".lz4", ".arc", ".warc"};
	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++)
		if (str_ends(s, str_of(endings[i])))
			s.n -= strlen(endings[i]);
	return s;
}

static void set_id(struct doc *d, const struct record *rec, struct arena *a)
{
	if (rec->id.n) {
		/* What was written for an ARC record is again what it was. */
		bool own = rec->source_file.n && str_starts(rec->id, STR("<urn:sha1:")) && str_ends(rec->id, STR(">"));
		d->id = arena_str(a, own ? (struct str){rec->id.p + 1, rec->id.n - 2} : rec->id);
		return;
	}
	struct str base = base_name(rec->at.file), key = arena_printf(a, "%.*s:%" PRIu64, STR_ARG(base), rec->at.offset);
	char hex[41];
	sha1_hex(key, hex);
	d->id = arena_printf(a, "urn:sha1:%s", hex);
}

/* A file that `peneira crawl` wrote says where its captures came from. */
static void set_origin(struct doc *d, const struct record *rec, const char *name, struct arena *a)
{
	uint64_t offset;
	d->at = (struct where){name, rec->at.offset};
	if (rec->source_file.n && str_u64(rec->source_offset, &offset))
		d->at = (struct where){arena_str(a, rec->source_file).p, offset};
}

static void complain(struct archive *s, struct batch *b, const struct err *e)
{
	char text[1200];
	uint64_t skipped = record_skipped(s->in);
	tally_note(b->tally, "crawl.damaged", 1);
	tally_note(b->tally, "crawl.skipped_bytes", skipped - s->skipped);
	s->skipped = skipped;
	tally_say(b->tally, err_text(e, text, sizeof(text)));
}

static bool is_capture(const struct record *rec)
{
	if (str_starts_ci(rec->uri, STR("dns:")) || str_starts_ci(rec->mime, STR("text/dns")))
		return false;
	return rec->type == RECORD_RESPONSE || rec->type == RECORD_RESOURCE || rec->type == RECORD_REVISIT;
}

static void count_other(const struct record *rec, struct batch *b)
{
	char name[64];
	bool dns = rec->type == RECORD_RESPONSE || rec->type == RECORD_RESOURCE;
	snprintf(name, sizeof(name), "crawl.records.%s", dns ? "dns" : record_names[rec->type]);
	tally_note(b->tally, name, 1);
}

/* The largest block that can hold a body of --max-size: an eighth is more than chunks add. */
static uint64_t block_max(const struct crawl_conf *c)
{
	uint64_t max = c && c->max_size ? c->max_size + c->max_size / 8 + ARCHIVE_BLOCK_HEAD : ARCHIVE_BLOCK_MAX;
	return max < ARCHIVE_BLOCK_MAX ? max : ARCHIVE_BLOCK_MAX;
}

/* Is the record found the one that the revisit repeats? Then its block goes to the document. */
static bool take_original(const struct archive *s, struct record_reader *in, const struct record *rec, struct batch *b, struct doc *d)
{
	struct record original;
	struct str block;
	if (record_next(in, &original, NULL) != RECORD_FOUND || original.type != RECORD_RESPONSE)
		return false;
	bool by_url = rec->refers_uri.n && str_eq(original.uri, rec->refers_uri) && doc_date_parse(original.date) == doc_date_parse(rec->refers_date);
	bool by_digest = rec->payload_digest.n && str_eq(original.payload_digest, rec->payload_digest);
	bool other = rec->payload_digest.n && original.payload_digest.n && !by_digest;
	if ((!by_url && !by_digest) || other || original.length > block_max(s->conf) ||
	    record_block(in, &original, ARCHIVE_BLOCK_MAX, b->arena, &block, NULL))
		return false;
	d->raw = block;
	return true;
}

/* A revisit becomes the capture that it repeats, when that was in the input before it. */
static bool resolve(struct archive *s, const struct record *rec, struct batch *b, struct doc *d)
{
	uint32_t file;
	uint64_t offset;
	struct record_reader *in;
	if (!s->seen || !revisit_find(s->seen, rec, &file, &offset) || strcmp(s->names[file], "-") == 0)
		return false;
	if (record_open(&in, s->names[file], offset, offset + 1, NULL))
		return false;
	bool done = take_original(s, in, rec, b, d);
	record_free(in);
	if (done) {
		tally_note(b->tally, "crawl.revisit_resolved", 1);
		b->bytes += d->raw.n;
	}
	return done;
}

static int add_capture(struct archive *s, const struct record *rec, struct batch *b, struct err *e)
{
	struct doc *d = batch_add(b);
	struct archive_note *note = ARENA_NEW(b->arena, struct archive_note);
	const char *name = s->name;
	set_id(d, rec, b->arena);
	set_origin(d, rec, name, b->arena);
	d->url = arena_str(b->arena, rec->uri);
	d->date = doc_date_parse(rec->date);
	d->payload_digest = arena_str(b->arena, rec->payload_digest);
	d->dump = arena_str(b->arena, s->conf && s->conf->dump ? str_of(s->conf->dump) : collection(d->at.file));
	*note = (struct archive_note){.type = rec->type, .arc = rec->arc, .content_type = arena_str(b->arena, rec->arc ? rec->mime : rec->content_type)};
	d->record = note;
	struct record block_of = *rec;
	int rc = record_block(s->in, &block_of, rec->length > block_max(s->conf) ? ARCHIVE_BLOCK_HEAD : ARCHIVE_BLOCK_MAX, b->arena, &d->raw, e);
	note->cut = block_of.cut;
	if (block_of.wrong_length)
		tally_note(b->tally, "crawl.wrong_length", 1);
	if (rc == RECORD_DAMAGE) {
		/* The document itself is counted by crawl's reason; here only the bytes and the message. */
		char text[1200];
		tally_say(b->tally, err_text(e, text, sizeof(text)));
		note->damaged = true;
		rc = 0;
	}
	b->bytes += d->raw.n;
	if (!rc && s->seen && rec->type == RECORD_REVISIT)
		note->resolved = resolve(s, rec, b, d);
	else if (!rc && s->seen && rec->type == RECORD_RESPONSE && !note->damaged && s->name == s->names[s->next - 1])
		revisit_note(s->seen, rec, (uint32_t)(s->next - 1));
	return rc;
}

/* 1 go on, 0 the end of this file. */
static int step(struct archive *s, struct batch *b, struct err *e)
{
	struct record rec;
	struct err soft = {0};
	int rc = record_next(s->in, &rec, &soft);
	if (rc < 0)
		return err_at(e, soft.code, (struct where){soft.file, soft.at.offset}, "%s", soft.msg);
	if (rc == RECORD_DAMAGE) {
		complain(s, b, &soft);
		return 1;
	}
	if (rc == RECORD_END)
		return 0;
	if (rec.recovered)
		tally_note(b->tally, "crawl.recovered", 1);
	if (rec.fault) {
		char text[1200];
		err_at(&soft, ERR_DATA, rec.at, "%s", rec.fault);
		tally_note(b->tally, "crawl.damaged", 1);
		tally_say(b->tally, err_text(&soft, text, sizeof(text)));
		soft = (struct err){0};
	}
	if (!is_capture(&rec)) {
		count_other(&rec, b);
		return 1;
	}
	rc = add_capture(s, &rec, b, &soft);
	return rc < 0 ? err_at(e, soft.code, (struct where){soft.file, soft.at.offset}, "%s", soft.msg) : 1;
}

/* The next archive of the paths, and of the containers among them. 1; 0: no more; < 0. */
static int open_next(struct archive *s, struct batch *b, struct err *e)
{
	for (;;) {
		struct entries **es = s->next ? &s->files[s->next - 1] : NULL;
		struct err soft = {0};
		int rc = es && *es ? entries_next(*es, &s->in, &s->name, &soft) : 0;
		if (rc == 1) {
			if (!entries_is_container(*es)) {
				s->name = s->names[s->next - 1];
				*es = entries_free(*es);
			}
			return 1;
		}
		if (rc < 0)
			return err_at(e, soft.code, (struct where){soft.file, soft.at.offset}, "%s", soft.msg);
		if (rc == RECORD_DAMAGE) {
			char text[1200];
			tally_note(b->tally, "crawl.container.damaged", 1);
			tally_say(b->tally, err_text(&soft, text, sizeof(text)));
			continue;
		}
		if (es && *es && entries_others(*es))
			tally_note(b->tally, "crawl.entries_other", entries_others(*es));
		if (s->next == s->n)
			return 0;
		const struct crawl_conf *c = s->conf;
		rc = entries_open(&s->files[s->next], s->names[s->next], c ? c->begin : 0, c ? c->end : 0, NULL, e);
		if (rc)
			return rc;
		s->next++;
	}
}

static int archive_pull(void *self, struct batch *b, struct err *e)
{
	struct archive *s = self;
	for (;;) {
		if (!s->in) {
			int rc = open_next(s, b, e);
			if (rc <= 0)
				return rc ? rc : b->n > 0;
			s->taken = s->conf ? s->conf->begin : 0;
			s->skipped = 0;
		}
		int rc = 1;
		record_target(s->in, b->arena);
		for (int steps = 0; rc > 0 && b->n < BATCH_DOCS && b->bytes < BATCH_BYTES && steps < 4 * BATCH_DOCS; steps++)
			rc = step(s, b, e);
		record_target(s->in, NULL);
		if (rc < 0)
			return rc;
		b->stored += record_taken(s->in) - s->taken;
		s->taken = record_taken(s->in);
		if (rc > 0)
			return 1;
		if (record_skipped(s->in) > s->skipped)
			tally_note(b->tally, "crawl.skipped_bytes", record_skipped(s->in) - s->skipped);
		s->in = record_free(s->in);
		/* A batch never spans files: what is in it depends on one file alone. */
		if (b->n)
			return 1;
	}
}

const struct source archive_source = {
	.name = "archive",
	.probe = archive_probe,
	.open = archive_open,
	.pull = archive_pull,
	.close = archive_close,
};
