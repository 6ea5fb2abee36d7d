/* meta, parquet_out: rows as they should be. With a folder as argument a file of many rows is left there for other readers. */
#include "core/meta.h"
#include "core/parquet_in.h"
#include "tests/tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void hosts(void)
{
	static const struct {
		const char *url, *host;
	} cases[] = {
		{"http://www.Publico.PT/a?b", "www.publico.pt"}, {"https://user:pw@x.pt:8080/", "x.pt"}, {"http://x.pt", "x.pt"}, {"http://x.pt?q=@y", "x.pt"},
		{"http://[::1]:80/", "[::1]"}, {"http://x.pt./", "x.pt"}, {"mailto:a@b", ""}, {"", ""}, {"http:///x", ""}, {"dns:x.pt", ""},
	};
	char room[256];
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct str h = meta_host(str_of(cases[i].url), room);
		tap(str_eq(h, str_of(cases[i].host)), "host of '%s' (got '%.*s')", cases[i].url, STR_ARG(h));
	}
	tap(meta_words(STR("  um dois\n tr\xC3\xAAs ")) == 3 && meta_words(STR("")) == 0 && meta_words(STR("x")) == 1, "words");
}

static const struct why spam = {"filter.language", "not Portuguese"};

/* Row i of the file that other readers check: every value is a function of i. */
static void row(struct doc *d, struct arena *a, uint32_t i)
{
	doc_init(d);
	d->id = arena_printf(a, "urn:uuid:%08x", i * 2654435761u);
	d->url = arena_printf(a, "http://WWW.s%u.pt/p/%u", i % 97, i);
	d->date = 820454400 + (int64_t)i * 7919;
	d->at = (struct where){i % 5 ? "a.arc.gz" : "b.warc.gz", (uint64_t)i * 1000};
	d->http_status = i % 3 ? 200 : 404;
	d->title = i % 4 ? arena_printf(a, "T\xC3\xADtulo %u", i) : (struct str){0};
	d->language = STR("por_Latn");
	d->language_score = (float)(i % 1000) / 1000;
	d->variety = i % 10 < 6 ? STR("pt-PT") : i % 10 < 9 ? STR("pt-BR") : STR("pt");
	d->variety_score = i % 7 ? (float)i / 1e6f : NAN;
	d->minhash_cluster_id = i / 2;
	d->minhash_cluster_size = i % 2;
	d->token_count = i % 3 ? i : 0;
	d->text = i % 3 ? STR("A casa \xC3\xA9 azul.") : (struct str){0};
	d->drop = i % 3 ? NULL : &spam;
	doc_signal(d, a, "one", (float)i / 3);
	if (i % 2)
		doc_signal(d, a, "two", -0.0f);
	doc_signal(d, a, "unknown", 1);
}

static int write_rows(const char *path, uint32_t n, struct err *e)
{
	static const char *const signals[] = {"one", "two", "never", "two", NULL};
	struct arena *a = arena_new(0);
	struct meta *m;
	int rc = meta_open(&m, path, signals, e);
	for (uint32_t i = 0; !rc && i < n; i++) {
		struct doc d;
		arena_reset(a, 1 << 20);
		row(&d, a, i);
		rc = meta_put(m, &d, e);
	}
	arena_free(a);
	return rc ? rc : meta_commit(m, e);
}

/* Look-ups by id: never past a row that is there, seldom into a row group that has it not. */
static void look_up(const char *path, uint32_t n)
{
	_cleanup_(parquet_in_freep) struct parquet_in *in = NULL;
	char id[32];
	int lost = 0, taken = 0;
	if (parquet_in_open(&in, path, NULL)) {
		tap(false, "the file opens");
		return;
	}
	unsigned column = (unsigned)parquet_in_find(in, STR("id"));
	for (uint32_t i = 0; i < n; i++) {
		snprintf(id, sizeof(id), "urn:uuid:%08x", i * 2654435761u);
		lost += !parquet_in_may(in, i / PARQUET_GROUP_ROWS, column, str_of(id));
		snprintf(id, sizeof(id), "urn:none:%08x", i);
		taken += parquet_in_may(in, 0, column, str_of(id));
	}
	tap(lost == 0 && taken < (int)n / 20, "Bloom filters lose nothing (%d) and seldom take what is not there (%d of %u)", lost, taken, n);
	tap(parquet_in_may(in, 0, (unsigned)parquet_in_find(in, STR("title")), STR("none")), "without a filter everything may be there");
}

int main(int argc, char **argv)
{
	struct err e = {0};
	if (argc > 2)
		return write_rows(argv[1], (uint32_t)strtoul(argv[2], NULL, 10), &e) != 0;
	hosts();
	char dir[] = "/tmp/peneira-meta-XXXXXX", path[64], bad[80];
	tap(mkdtemp(dir) != NULL, "a folder");
	snprintf(path, sizeof(path), "%s/m.parquet", dir);
	snprintf(bad, sizeof(bad), "%s/none/m.parquet", dir);
	tap(write_rows(path, 1000, &e) == 0 && access(path, R_OK) == 0, "a file of 1000 rows");
	look_up(path, 1000);
	tap(write_rows(path, 0, &e) == 0, "a file without rows");
	tap(write_rows(bad, 1, &e) == ERR_IO, "no folder: an error");
	unlink(path);
	rmdir(dir);
	return tap_done();
}
