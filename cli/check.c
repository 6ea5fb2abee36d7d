#include "cli/check.h"

#include "cli/command.h"
#include "cli/common.h"
#include "cli/sniff.h"
#include "cli/whole.h"
#include "core/json.h"
#include "core/seal.h"
#include "crawl/archive.h"
#include "crawl/decode.h"
#include "crawl/entries.h"
#include "crawl/http.h"
#include "crawl/sha1.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

struct check_conf {
	bool json, inputs;
};

static const struct opt check_opts[] = {
	{OPT_FLAG, 0, "json", NULL, "print one JSON object a file", offsetof(struct check_conf, json)},
	{OPT_FLAG, 0, "inputs", NULL, "of a folder: also whether the archives are what the run read", offsetof(struct check_conf, inputs)},
	{0},
};

/* Payloads are digested many at a time (sha1_many), as long as they lie in memory. */
enum { PAYLOADS = 128, PAYLOAD_BYTES = 4 << 20 };

/* Blocks above LARGE are never whole in memory, nor are bodies above DECODED; of a body no more than BOMB times its stored bytes is decoded. */
enum { LARGE = 1 << 20, DECODED = 8 << 20, BOMB = 64 };

/* What reading an archive through shows. */
struct tour {
	char format[24];
	const char *compression;
	uint64_t records[RECORD_TYPES], recovered[RECORD_TYPES], total;
	uint64_t response_bytes, responses, decoded_bytes, damaged, skipped, lied, cut;
	struct str payloads[PAYLOADS]; /* decoded, not yet digested */
	size_t n_payloads;
	struct sha1 digests; /* over the lines "SHA-1 in hex of each decoded payload" */
	char digest[17];
};

static void add_digest(struct tour *t, const unsigned char digest[20])
{
	char line[41];
	sha1_print(digest, line);
	line[40] = '\n';
	sha1_add(&t->digests, line, 41);
}

static void tour_digest(struct tour *t)
{
	unsigned char out[PAYLOADS][20];
	sha1_many(t->payloads, t->n_payloads, out);
	for (size_t i = 0; i < t->n_payloads; i++)
		add_digest(t, out[i]);
	t->n_payloads = 0;
}

/* A response that passes by in pieces. */
struct passing {
	struct buf head; /* what the block begins with, until there is enough of it to hold its head */
	bool parsed;
	struct decode *body; /* NULL: no response begins here */
	uint64_t stored, bytes;
	struct sha1 digest;
};

static void add_bytes(void *self, struct str s)
{
	struct passing *p = self;
	sha1_add(&p->digest, s.p, s.n);
	p->bytes += s.n;
}

static void parse(struct passing *p)
{
	_cleanup_(arena_freep) struct arena *a = arena_new(0);
	struct http h;
	uint64_t max = p->stored * BOMB > HTTP_BODY_MAX ? p->stored * BOMB : HTTP_BODY_MAX;
	p->parsed = true;
	if (!http_parse(&h, buf_view(&p->head), a))
		return;
	p->body = decode_new(&h, max, add_bytes, p);
	decode_add(p->body, h.body);
}

static void pass(void *self, struct str s)
{
	struct passing *p = self;
	if (p->parsed) {
		if (p->body)
			decode_add(p->body, s);
		return;
	}
	buf_str(&p->head, s);
	if (p->head.n >= ARCHIVE_BLOCK_HEAD)
		parse(p);
}

static void pass_end(struct tour *t, struct passing *p, bool damaged)
{
	unsigned char digest[20];
	bool lied, cut;
	if (!p->parsed)
		parse(p);
	if (p->body) {
		decode_end(p->body, &lied, &cut);
		sha1_end(&p->digest, digest);
		if (!damaged) {
			tour_digest(t);
			add_digest(t, digest);
			t->responses++;
			t->decoded_bytes += p->bytes;
			t->lied += lied;
			t->cut += cut;
		}
	}
	buf_free(&p->head);
}

static struct passing pass_new(uint64_t stored)
{
	struct passing p = {.stored = stored};
	buf_init(&p.head, BUF_NO_MAX);
	sha1_start(&p.digest);
	return p;
}

static void tour_response(struct tour *t, struct str block, struct arena *a)
{
	struct http h;
	struct http_body body;
	if (!http_parse(&h, block, a))
		return;
	http_decode(&h, DECODED, a, &body);
	if (body.cut && body.bytes.n >= DECODED) {
		struct passing p = pass_new(block.n);
		pass(&p, block);
		pass_end(t, &p, false);
		return;
	}
	t->lied += body.lied;
	t->cut += body.cut;
	t->payloads[t->n_payloads++] = body.bytes;
	t->responses++;
	t->decoded_bytes += body.bytes.n;
}

/* The block of a response: in memory, or, when it is large, in pieces. As record_block. */
static int tour_block(struct tour *t, struct record_reader *r, struct record *rec, struct arena *a, struct err *e)
{
	struct str block;
	int rc;
	if (rec->length > LARGE) {
		struct passing p = pass_new(rec->length);
		rc = record_pass(r, rec, pass, &p, e);
		pass_end(t, &p, rc != 0);
	} else {
		rc = record_block(r, rec, LARGE, a, &block, e);
		if (!rc)
			tour_response(t, block, a);
	}
	t->response_bytes += rc ? 0 : rec->length;
	return rc;
}

static void complain(const struct check_conf *c, struct tour *t, const struct err *e)
{
	char text[1200];
	if (!c->json && t->damaged < TALLY_SAID)
		fprintf(stderr, "peneira: %s\n", err_text(e, text, sizeof(text)));
	t->damaged++;
}

static int tour_records(const struct check_conf *c, struct record_reader *r, struct arena *a, struct tour *t, struct err *e)
{
	record_target(r, a);
	for (;;) {
		struct record rec;
		struct err soft = {0};
		if (t->n_payloads == PAYLOADS || arena_used(a) > PAYLOAD_BYTES) {
			tour_digest(t);
			record_target(r, NULL);
			arena_reset(a, 16 << 20);
			record_target(r, a);
		}
		int rc = record_next(r, &rec, &soft);
		if (rc == RECORD_END)
			return 0;
		if (rc == RECORD_DAMAGE) {
			complain(c, t, &soft);
			continue;
		}
		if (rc < 0)
			return err_at(e, soft.code, (struct where){soft.file, soft.at.offset}, "%s", soft.msg);
		(rec.recovered ? t->recovered : t->records)[rec.type]++;
		if (rec.fault) {
			err_at(&soft, ERR_DATA, rec.at, "%s", rec.fault);
			complain(c, t, &soft);
			soft = (struct err){0};
		}
		if (!t->total++)
			snprintf(t->format, sizeof(t->format), "%s", rec.version);
		if (rec.type != RECORD_RESPONSE || rec.recovered)
			continue;
		rc = tour_block(t, r, &rec, a, &soft);
		if (rc < 0)
			return err_at(e, soft.code, (struct where){soft.file, soft.at.offset}, "%s", soft.msg);
		if (rec.wrong_length)
			err_at(&soft, ERR_DATA, rec.at, "the block is shorter than its length says");
		if (rc == RECORD_DAMAGE || rec.wrong_length)
			complain(c, t, &soft);
	}
}

static int tour_entry(const struct check_conf *c, struct record_reader *r, struct tour *t, struct err *e)
{
	_cleanup_(arena_freep) struct arena *a = arena_new(PAYLOAD_BYTES + (2 << 20));
	t->compression = record_kind(r);
	int rc = tour_records(c, r, a, t, e);
	tour_digest(t);
	t->skipped += record_skipped(r);
	record_free(r);
	return rc;
}

static int tour_archive(const struct check_conf *c, const char *path, struct tour *t, struct err *e)
{
	_cleanup_(entries_freep) struct entries *es = NULL;
	unsigned char digest[20];
	sha1_start(&t->digests);
	int rc = entries_open(&es, path, 0, 0, NULL, e);
	while (!rc) {
		struct record_reader *r;
		struct err soft = {0};
		const char *name;
		rc = entries_next(es, &r, &name, &soft);
		if (rc == 0)
			break;
		if (rc < 0)
			return err_at(e, soft.code, (struct where){soft.file, soft.at.offset}, "%s", soft.msg);
		if (rc == RECORD_DAMAGE)
			complain(c, t, &soft);
		rc = rc == 1 ? tour_entry(c, r, t, e) : 0;
	}
	if (es && entries_is_container(es))
		t->compression = "container";
	sha1_end(&t->digests, digest);
	char hex[41];
	sha1_print(digest, hex);
	snprintf(t->digest, sizeof(t->digest), "%.16s", hex);
	return rc;
}

static void print_name(const char *key, const char *value, bool last)
{
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	json_put_string(&b, str_of(value));
	printf("\"%s\":%.*s%s", key, (int)b.n, b.p, last ? "" : ",");
	buf_free(&b);
}

static void print_counts(const char *name, const uint64_t n[RECORD_TYPES])
{
	bool any = false;
	printf("\"%s\":{", name);
	for (int i = 0; i < RECORD_TYPES; i++)
		if (n[i]) {
			printf("%s\"%s\":%" PRIu64, any ? "," : "", record_names[i], n[i]);
			any = true;
		}
	putchar('}');
}

static void print_tour(const struct check_conf *c, const char *path, const struct tour *t)
{
	bool whole = t->damaged == 0 && t->skipped == 0 && t->total;
	if (c->json) {
		putchar('{');
		print_name("file", path, false);
		print_name("format", t->format[0] ? t->format : "unknown", false);
		print_name("compression", t->compression, false);
		print_counts("records", t->records);
		putchar(',');
		print_counts("recovered", t->recovered);
		printf(",\"response_block_bytes\":%" PRIu64 ",\"decoded_responses\":%" PRIu64 ",\"decoded_bytes\":%" PRIu64 ",\"decoded_digest\":\"%s\",", t->response_bytes,
		       t->responses, t->decoded_bytes, t->digest);
		printf("\"damaged\":%" PRIu64 ",\"skipped_bytes\":%" PRIu64 ",\"lying_codings\":%" PRIu64 ",\"cut_bodies\":%" PRIu64 ",\"whole\":%s}\n", t->damaged, t->skipped, t->lied, t->cut, whole ? "true" : "false");
		return;
	}
	printf("%s: %s, %s, %" PRIu64 " records", path, t->format[0] ? t->format : "no records", t->compression, t->total);
	for (int i = 0; i < RECORD_TYPES; i++)
		if (t->records[i] + t->recovered[i])
			printf(", %s %" PRIu64, record_names[i], t->records[i] + t->recovered[i]);
	printf("%s\n", whole ? ": whole" : "");
	if (!whole)
		printf("%s: NOT whole: damaged %" PRIu64 ", %" PRIu64 " bytes passed over\n", path, t->damaged, t->skipped);
}

/* Documents: are the end mark and what was read the same? */
static int check_documents(const struct check_conf *c, const char *path, bool *whole, struct err *e)
{
	struct seal_found f;
	struct err soft = {0};
	int rc = seal_check(path, &f, &soft);
	if (rc == ERR_IO)
		return err_at(e, soft.code, (struct where){soft.file, soft.at.offset}, "%s", soft.msg);
	*whole = f.whole;
	if (c->json) {
		putchar('{');
		print_name("file", path, false);
		print_name("format", "documents", false);
		printf("\"documents\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"digest\":\"%016" PRIx64 "\",\"whole\":%s}\n", f.have.documents, f.have.bytes, f.have.digest,
		       f.whole ? "true" : "false");
	} else {
		printf("%s: documents %" PRIu64 ", bytes %" PRIu64 ", xxh3 %016" PRIx64 ": %s%s\n", path, f.have.documents, f.have.bytes, f.have.digest,
		       f.whole ? "whole" : "NOT whole", f.whole ? "" : rc ? "" : " (no end mark, or another one)");
		if (rc)
			common_fail(&soft);
	}
	free(f.history);
	return 0;
}

static int check_file(const struct common_conf *common, const struct check_conf *c, const char *path, int *status, struct err *e)
{
	struct buf head;
	struct stat st;
	bool whole = false;
	if (strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		int bad = whole_folder(path, c->json, common->quiet, c->inputs, &whole, e);
		if (!bad && !whole)
			*status = EXIT_DAMAGE;
		return bad;
	}
	buf_init(&head, BUF_NO_MAX);
	int rc = sniff(path, &head, e);
	struct str first = str_trim(buf_view(&head));
	bool documents = !rc && first.n && first.p[0] == '{';
	buf_free(&head);
	if (rc)
		return rc;
	if (documents) {
		rc = check_documents(c, path, &whole, e);
		if (!rc && !whole)
			*status = EXIT_DAMAGE;
		return rc;
	}
	struct tour t = {0};
	rc = tour_archive(c, path, &t, e);
	if (rc)
		return rc;
	print_tour(c, path, &t);
	if (t.damaged > common->max_bad || !t.total)
		*status = EXIT_DAMAGE;
	return 0;
}

int cmd_check(int argc, char **argv)
{
	struct common_conf common;
	struct check_conf conf;
	struct opt_set sets[] = {{"common", common_opts, &common}, {"check", check_opts, &conf}};
	struct err e = {0};
	const char **paths = NULL;
	size_t n = 0;
	int n_args = 0, status = common_parse(argv[0], sets, 2, argc, argv, &n_args);
	if (status >= 0)
		return status;
	status = EXIT_DONE;
	int rc = common_paths(argv + 1, n_args, &paths, &n, &e);
	for (size_t i = 0; !rc && i < n; i++)
		rc = check_file(&common, &conf, paths[i], &status, &e);
	free(paths);
	if (rc)
		return common_fail(&e);
	return common_close_stdout() ? status : EXIT_FAILED;
}
