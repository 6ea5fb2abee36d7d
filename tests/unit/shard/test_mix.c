#include "shard/mix.h"
#include "tests/tap.h"

#include <stdio.h>
#include <unistd.h>

static int open_text(struct mix **m, const char *text, struct err *e)
{
	char path[64];
	snprintf(path, sizeof(path), "mix-%d", (int)getpid());
	FILE *f = fopen(path, "w");
	fputs(text, f);
	fclose(f);
	int rc = mix_open(m, path, e);
	unlink(path);
	return rc;
}

static const char rules[] =
	"# which text, how often\n[portugal]\nvariety = \"pt-PT\"   # the variety\nhost = \"gov.pt\"\nweight = 3\n\n[old]\nyears = \"1996-2003\"\nweight = 0\n[good]\nabove.quality = 0.5\nweight = 1.5\n"
	"[one]\nyears = 2010\ndump = \"replay\"\nweight = 2\n";

static const struct {
	const char *variety, *url, *date, *dump;
	float quality;
	unsigned low, high; /* copies for hashes near 0 and near 1 */
} cases[] = {
	{"pt-PT", "http://www.gov.pt/x", "2005", "", NAN, 3, 3},
	{"pt-PT", "http://GOV.PT:80/", "1999", "", NAN, 3, 3},
	{"pt-PT", "http://naogov.pt/", "2005", "", NAN, 1, 1},
	{"pt-BR", "http://www.gov.pt/", "2003", "", NAN, 0, 0},
	{"pt", "http://a.pt", "2004", "", 0.6f, 2, 1},
	{"pt", "http://a.pt", "2004", "", 0.5f, 1, 1},
	{"pt", "http://a.pt", "2010", "replay", NAN, 2, 2},
	{"pt", "http://a.pt", "2011", "replay", NAN, 1, 1},
	{"pt", "http://a.pt", "", "replay", NAN, 1, 1},
};

int main(void)
{
	struct mix *m;
	struct err e = {0};
	struct arena *a = arena_new(0);
	if (!tap(open_text(&m, rules, &e) == 0, "the rules are read%s", e.msg))
		return tap_done();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct doc d;
		doc_init(&d);
		d.variety = str_of(cases[i].variety);
		d.url = str_of(cases[i].url);
		d.dump = str_of(cases[i].dump);
		d.date = doc_date_parse(str_of(cases[i].date));
		if (!isnan(cases[i].quality))
			doc_signal(&d, a, "quality", cases[i].quality);
		unsigned low = mix_copies(m, &d, 0), high = mix_copies(m, &d, UINT64_MAX);
		tap(low == cases[i].low && high == cases[i].high, "case %zu: %u and %u copies", i, low, high);
	}
	mix_free(m);
	static const char *const bad[] = {"weight = 2\n", "[a]\ncolour = red\n", "[a\n", "[a]\nweight = -1\n", "[a]\nyears = \"x\"\n", "[a]\nabove.q = \"much\"\n"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		e = (struct err){0};
		tap(open_text(&m, bad[i], &e) == ERR_DATA, "%s", e.msg);
	}
	arena_free(a);
	return tap_done();
}
