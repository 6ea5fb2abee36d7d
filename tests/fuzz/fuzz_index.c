/* What dedup reads besides signatures, from any blocks with valid checks (the first byte chooses): an index, what tasks leave for settling, cuts, and
 * the table of weights. Reading ends without a fault; an index names only what it has; a verdict is given on every document or on none; a text does
 * not grow by being cut; a table of weights is ascending and says what it was written with. */
#include "core/arena.h"
#include "core/own.h"
#include "core/str.h"
#include "dedup/cut.h"
#include "dedup/index.h"
#include "dedup/parts.h"
#include "dedup/scratch.h"
#include "dedup/sealed.h"
#include "dedup/signs.h"
#include "dedup/verdict.h"
#include "dedup/weights.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct sign_conf conf = {.shingle = 5, .bands = 2, .rows = 2, .grams = 1, .names = 1};
static struct scratch *scratch; /* made once, and goes at the end */
static char path_room[4096];

static const char *in_folder(const char *name)
{
	return scratch_path(scratch, name, path_room);
}

static void end(void)
{
	scratch_free(scratch);
}

static void start(void)
{
	const char *tmp = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : getenv("TMPDIR"); /* lasting files are slow on a disk */
	if (scratch_new(&scratch, tmp && *tmp ? tmp : "/tmp", NULL))
		abort();
	atexit(end);
}

/* Takes n bytes, or what there is. */
static struct str take(struct str *rest, size_t n)
{
	struct str s = {rest->p, n < rest->n ? n : rest->n};
	*rest = str_from(*rest, s.n);
	return s;
}

/* A file of blocks {kind, u16 size, bytes}, as many as the next byte says; its count is the byte behind that. head: a block before them. */
static int write_file(const char *name, const char *magic, struct str *rest, const void *head, size_t head_size)
{
	struct sealed_out *out;
	struct str two = take(rest, 2);
	unsigned blocks = two.n ? (unsigned char)two.p[0] % 8 : 0, count = two.n > 1 ? (unsigned char)two.p[1] : 0;
	int rc = sealed_create(&out, in_folder(name), magic, false, NULL);
	if (!rc && head_size)
		rc = sealed_put(out, 1, head, head_size, NULL);
	for (unsigned i = 0; !rc && i < blocks && rest->n > 3; i++) {
		struct str h = take(rest, 3), body = take(rest, (unsigned char)h.p[1] | (size_t)(unsigned char)h.p[2] << 8);
		rc = sealed_put(out, (unsigned char)h.p[0] % 8, body.p, body.n, NULL);
	}
	if (rc)
		return rc;
	return sealed_commit(out, count, NULL);
}

/* ---- an index ---- */

static void drain(struct sorter *s, int rc)
{
	uint64_t r[SORTER_WORDS];
	if (!rc && sorter_sort(s, NULL) == 0)
		while (sorter_next(s, r, NULL) > 0)
			;
	sorter_free(s);
}

static void read_index(void)
{
	struct index *x = NULL;
	struct place *places = NULL;
	struct arena *a = arena_new(4096);
	struct str id, file;
	if (index_open(&x, scratch_folder(scratch), &conf, NULL) == 0) {
		const char *sets = index_file(x, 0);
		struct sorter *texts = sorter_new(INDEX_TEXT_WORDS, 0, scratch_folder(scratch), "t"), *bands = sorter_new(2, 0, scratch_folder(scratch), "b");
		for (uint64_t i = 0; i < 300; i++)
			if (index_name(x, i, a, &id, &file, NULL) == 0 && i >= index_count(x))
				abort();
		if (place_new(&places, scratch_folder(scratch), &sets, 1, NULL) == 0 && index_places(x, places, 0, NULL) == 0 && place_ready(places, NULL) == 0) {
			const struct grams *g;
			for (uint64_t i = 0; i < index_count(x); i++)
				if (place_get(places, i, &g, NULL) == 0 && g->n > GRAMS_KEEP)
					abort();
		}
		place_free(places);
		drain(texts, index_join_texts(x, texts, NULL));
		drain(bands, index_join_bands(x, bands, 1, UINT64_MAX - 1, NULL));
	}
	index_free(x);
	arena_free(a);
}

static void fuzz_index(struct str rest)
{
	if (write_file("index", "PNINDX01", &rest, &conf, sizeof(conf)) == 0 && write_file("sets", "PNSIGN03", &rest, &conf, sizeof(conf)) == 0 &&
	    write_file("texts", SORTER_MAGIC, &rest, NULL, 0) == 0 && write_file("bands", SORTER_MAGIC, &rest, NULL, 0) == 0)
		read_index();
}

/* ---- what tasks leave ---- */

enum { DOCS = 12 };

static int write_signs(const char *path)
{
	struct sign_work *w = sign_start(&conf);
	struct signs_out *out = NULL;
	int rc = signs_create(&out, path, &conf, false, NULL);
	for (unsigned i = 0; !rc && i < DOCS; i++) {
		static const char *const texts[] = {"um texto de sete palavras que basta", "outro texto de sete palavras que basta", "e mais um que nada tem com eles"};
		struct sign s;
		sign_text(w, str_of(texts[i % 3]), &s);
		s.head.id = i;
		s.head.url = i / 2;
		rc = signs_put(out, &s, (struct str){0}, NULL);
	}
	sign_stop(w);
	return rc ? rc : signs_commit(out, NULL);
}

/* The files of a first step are made; any of them is then replaced by the input's. */
static void fuzz_settle(struct str rest)
{
	static const char *const names[] = {"ranked", "representatives", "members", "captures", "pairs.0-1"};
	char sign[4096], verdicts[4096];
	const char *folder = scratch_folder(scratch), *paths[] = {scratch_path(scratch, "0.sign", sign)};
	struct solve_conf c = {.sign = conf, .threshold = 0.5, .url = SOLVE_URL_COUNT, .memory = 1 << 20, .folder = folder};
	struct solve_report report;
	struct str which = take(&rest, 1);
	unsigned bits = which.n ? (unsigned char)which.p[0] : 0;
	scratch_path(scratch, "verdicts", verdicts);
	if (access(sign, F_OK) && write_signs(sign))
		abort();
	for (unsigned i = 0; i < 5; i++)
		if (i != 1)
			unlink(in_folder(names[i]));
	if (parts_rank(folder, paths, 1, &c, NULL) || parts_pairs(folder, paths, 1, &c, 0, 1, NULL))
		abort();
	for (unsigned i = 0; i < 5; i++)
		if (bits >> i & 1 && write_file(names[i], i ? SORTER_MAGIC : "PNRANK02", &rest, NULL, 0))
			return;
	if (bits >> 1 & 1) {
		unlink(in_folder(names[4]));
		if (parts_pairs(folder, paths, 1, &c, 0, 1, NULL))
			return;
	}
	if (parts_settle(folder, paths, 1, &c, 1, verdicts, &report, NULL))
		return;
	struct verdict_in *in = NULL;
	struct verdict v;
	if (verdict_open(&in, verdicts, NULL) || verdict_get(in, DOCS - 1, &v, NULL) || verdict_get(in, DOCS, &v, NULL) == 0)
		abort();
	verdict_in_free(in);
}

/* ---- cuts and weights ---- */

static void fuzz_cuts(struct str rest)
{
	static const struct str text = {"um dois três\nquatro cinco\n\nseis, sete - oito", 45};
	struct cut_in *in = NULL;
	struct arena *a = arena_new(4096);
	const struct cut *v;
	size_t n;
	uint32_t words;
	if (write_file("cuts", SORTER_MAGIC, &rest, NULL, 0) == 0 && cut_open(&in, in_folder("cuts"), NULL) == 0)
		for (uint64_t doc = 0; doc < 40; doc++)
			if (cut_get(in, doc * 7 % 40, &v, &n, NULL) == 0 && n && (cut_text(text, v, n, a, &words).n > text.n || words > 8))
				abort();
	cut_in_free(in);
	arena_free(a);
}

static void fuzz_weights(struct str rest)
{
	struct weights w;
	char *text = own_zalloc(rest.n + 1);
	memcpy(text, rest.p, rest.n);
	if (weights_parse(&w, text, NULL) == 0)
		for (unsigned i = 0; i < w.n; i++)
			if (!(w.weight[i] >= 0 && w.weight[i] <= 1000) || !w.size[i] || (i && w.size[i] <= w.size[i - 1]) || weights_of(&w, w.size[i]) != w.weight[i])
				abort();
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const parsers[])(struct str) = {fuzz_index, fuzz_settle, fuzz_cuts, fuzz_weights};
	if (!size)
		return 0;
	if (!scratch)
		start();
	parsers[data[0] % 4]((struct str){(const char *)data + 1, size - 1});
	return 0;
}
