/* Lines and passages: what is taken out of a text, and what of a corpus. The truth about a corpus is found by brute force. */
#include "core/own.h"
#include "dedup/cut.h"
#include "dedup/scratch.h"
#include "dedup/verdict.h"
#include "tests/tap.h"

#include <string.h>

/* ---- a text less some words ---- */

static const struct {
	const char *name, *text, *left;
	struct cut cuts[3];
	size_t n;
	uint32_t words;
} texts[] = {
	{"a line", "um dois\ntrês quatro\ncinco", "um dois\ncinco", {{2, 4}}, 1, 2},
	{"the first line, with its marks", "— Um, dois! —\ntrês", "três", {{0, 2}}, 1, 2},
	{"the last line", "um\ndois", "um", {{1, 2}}, 1, 1},
	{"words inside a line", "um dois três quatro", "um quatro", {{1, 3}}, 1, 2},
	{"marks go with the word before them", "um (dois) três; quatro", "um ( quatro", {{1, 3}}, 1, 2},
	{"over the end of a line", "um dois\ntrês quatro", "um\nquatro", {{1, 3}}, 1, 2},
	{"two that overlap", "a b c d e f", "a f", {{1, 4}, {3, 5}}, 2, 4},
	{"two that touch, and one apart", "a b c d e f", "c e f", {{0, 1}, {1, 2}, {3, 4}}, 3, 3},
	{"lines without words stay", "um\n---\ndois", "um\n---", {{1, 2}}, 1, 1},
	{"all of it", "um\ndois", "", {{0, 2}}, 1, 2},
	{"beyond the end", "um dois", "um", {{1, 9}}, 1, 1},
	{"combining marks and digits are of the word", "açã\xcc\x83o 12 15 fim", "fim", {{0, 3}}, 1, 3},
};

static void some_texts(void)
{
	struct arena *a = arena_new(4096);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		uint32_t words;
		struct str left = cut_text(str_of(texts[i].text), texts[i].cuts, texts[i].n, a, &words);
		tap(str_eq(left, str_of(texts[i].left)) && words == texts[i].words, "%s (%u words, %zu bytes left)", texts[i].name, words, left.n);
	}
	arena_free(a);
}

/* ---- a corpus ---- */

enum { DOCS = 400, LINES_MAX = 9, PHRASES = 60, HOSTS = 5, ENOUGH = 4, HOST_ENOUGH = 2, PASSAGE = 24 };

struct made {
	unsigned n, line[LINES_MAX], host;
	int64_t date;
	uint64_t id;
	bool stays;
};
static struct made docs[DOCS];
static uint64_t state = 3;

static unsigned draw(unsigned below)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)((state >> 33) % below);
}

/* Few lines are frequent, most are not. */
static void make(void)
{
	for (unsigned d = 0; d < DOCS; d++) {
		docs[d] = (struct made){.n = 1 + draw(LINES_MAX), .host = draw(HOSTS), .date = draw(50), .id = draw(1u << 30), .stays = draw(10) > 0};
		for (unsigned i = 0; i < docs[d].n; i++)
			docs[d].line[i] = draw(3) ? 1000 + draw(4000) : draw(PHRASES) * draw(PHRASES) / PHRASES;
	}
}

static bool before(unsigned a, unsigned b)
{
	const struct made *x = &docs[a], *y = &docs[b];
	return x->date != y->date ? x->date < y->date : x->id != y->id ? x->id < y->id : a < b;
}

static bool has_line(unsigned d, unsigned line)
{
	for (unsigned i = 0; i < docs[d].n; i++)
		if (docs[d].line[i] == line)
			return true;
	return false;
}

/* Must line go from document d: do so many documents (of its host) have it, and one before d? */
static bool goes(unsigned d, unsigned line, bool host, unsigned enough)
{
	unsigned n = 0;
	bool earlier = false;
	for (unsigned k = 0; k < DOCS; k++)
		if (docs[k].stays && (!host || docs[k].host == docs[d].host) && has_line(k, line)) {
			n++;
			earlier |= before(k, d);
		}
	return n >= enough && earlier;
}

static int write_corpus(const char *signs, const char *verdicts, struct err *e)
{
	struct sign_conf conf = {.scheme = SIGN_OWN, .shingle = 5, .bands = 2, .rows = 2, .lines = 1};
	struct signs_out *out = NULL;
	struct verdict_out *v = NULL;
	uint64_t first[2] = {0, DOCS};
	int rc = signs_create(&out, signs, &conf, false, e);
	rc = rc ? rc : verdict_create(&v, verdicts, first, 1, 0, e);
	for (unsigned d = 0; !rc && d < DOCS; d++) {
		struct span spans[LINES_MAX];
		struct sign s = {.head = {.id = docs[d].id, .host = 77 + docs[d].host, .date = docs[d].date, .spans = docs[d].n}, .spans = spans};
		for (unsigned i = 0; i < docs[d].n; i++)
			spans[i] = (struct span){.hash = docs[d].line[i] * 0x9E3779B97F4A7C15u, .from = 2 * i, .to = (2 * i + 2) & INT32_MAX, .line = 1};
		struct verdict one = {.kind = docs[d].stays ? VERDICT_KEEP : VERDICT_NEAR};
		rc = signs_put(out, &s, (struct str){0}, e);
		rc = rc ? rc : verdict_put(v, &one, e);
	}
	rc = rc ? rc : signs_commit(out, e);
	return rc ? rc : verdict_commit(v, e);
}

static int compare(const char *cuts, bool all, bool host, uint64_t *wrong, uint64_t *right, struct err *e)
{
	struct cut_in *in;
	int rc = cut_open(&in, cuts, e);
	for (unsigned d = 0; !rc && d < DOCS; d++) {
		const struct cut *v;
		size_t n, k = 0;
		rc = cut_get(in, d, &v, &n, e);
		for (unsigned i = 0; !rc && i < docs[d].n; i++) {
			bool want = docs[d].stays && ((all && goes(d, docs[d].line[i], false, ENOUGH)) || (host && goes(d, docs[d].line[i], true, HOST_ENOUGH)));
			bool have = k < n && v[k].from == 2 * i && v[k].to == 2 * i + 2;
			k += have;
			*wrong += want != have;
			*right += want && have;
		}
		*wrong += k != n;
	}
	cut_in_free(in);
	return rc;
}

static void a_corpus(const char *folder, bool all, bool host)
{
	struct err e = {0};
	char signs[4096], verdicts[4096], cuts[4096], text[1200];
	struct cut_conf c = {.lines = all ? ENOUGH : 0, .host_lines = host ? HOST_ENOUGH : 0, .memory = 1 << 20, .folder = folder};
	struct cut_report report = {0};
	uint64_t wrong = 0, right = 0;
	snprintf(signs, sizeof(signs), "%s/signs", folder);
	snprintf(verdicts, sizeof(verdicts), "%s/verdicts", folder);
	snprintf(cuts, sizeof(cuts), "%s/cuts", folder);
	const char *file = signs;
	int rc = write_corpus(signs, verdicts, &e);
	rc = rc ? rc : cut_decide(&file, 1, verdicts, &c, cuts, 0, &report, &e);
	rc = rc ? rc : compare(cuts, all, host, &wrong, &right, &e);
	tap(!rc && !wrong && right > 100, "lines frequent%s%s: %llu go, %llu otherwise than by brute force%s", all ? " overall" : "", host ? " on a host" : "", (unsigned long long)right,
	    (unsigned long long)wrong, rc ? err_text(&e, text, sizeof(text)) : "");
	tap((report.lines > 0) == all && (report.host_lines > 0) == host && report.lines + report.host_lines >= right, "each kind has its own count: %llu, %llu", (unsigned long long)report.lines,
	    (unsigned long long)report.host_lines);
}

/* ---- passages: two texts with n words in common share a window that lies in them, wherever they stand; with fewer than a window none ---- */

static void passages(void)
{
	static uint64_t x[400], y[400];
	struct spans a = {0}, b = {0};
	unsigned missed = 0, false_ones = 0;
	for (unsigned round = 0; round < 300; round++) {
		unsigned n = PASSAGE + draw(40), at = draw(400 - n), to = draw(400 - n);
		bool enough = round % 2;
		if (!enough)
			n = PASSAGE - SPANS_WINDOW;
		for (unsigned i = 0; i < 400; i++) {
			x[i] = state = state * 6364136223846793005u + 1442695040888963407u;
			y[i] = x[i] ^ 0x123456;
		}
		memcpy(y + to, x + at, n * sizeof(*x));
		spans_clear(&a);
		spans_clear(&b);
		spans_passages(&a, x, 400, PASSAGE);
		spans_passages(&b, y, 400, PASSAGE);
		unsigned common = 0, inside = 0;
		for (size_t i = 0; i < a.n; i++)
			for (size_t k = 0; k < b.n; k++)
				if (a.v[i].hash == b.v[k].hash) {
					common++;
					inside += a.v[i].from >= at && a.v[i].to <= at + n && b.v[k].from >= to && b.v[k].to <= to + n;
				}
		missed += enough && !inside;
		false_ones += common != inside;
	}
	tap(!missed, "a common passage of %d words or more is always found: %u missed", PASSAGE, missed);
	tap(!false_ones, "nothing else is: %u times", false_ones);
	spans_free(&a);
	spans_free(&b);
}

int main(void)
{
	struct err e = {0};
	struct scratch *scratch;
	const char *tmp = getenv("TMPDIR");
	char text[1200];
	if (scratch_new(&scratch, tmp && *tmp ? tmp : "/tmp", &e))
		return printf("Bail out! %s\n", err_text(&e, text, sizeof(text))), 1;
	some_texts();
	make();
	a_corpus(scratch_folder(scratch), true, false);
	a_corpus(scratch_folder(scratch), false, true);
	a_corpus(scratch_folder(scratch), true, true);
	passages();
	scratch_free(scratch);
	return tap_done();
}
