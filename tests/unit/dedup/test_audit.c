/* The audit against verdicts with known mistakes: it must count exactly those, and see the curve that the keys have. */
#include "core/own.h"
#include "dedup/audit.h"
#include "dedup/grams.h"
#include "dedup/scratch.h"
#include "dedup/signs.h"
#include "dedup/verdict.h"
#include "tests/tap.h"

#include <math.h>
#include <string.h>
#include <xxhash.h>

/* Pairs: an even document and the one behind it, of a similarity that goes from 0.5 to 1; nothing else is alike. */
enum { PAIRS = 1500, DOCS = 2 * PAIRS, WORDS = 200 };
static const struct sign_conf conf = {.scheme = SIGN_OWN, .shingle = 1, .bands = 18, .rows = 6, .grams = 1};

static double wanted(unsigned pair)
{
	return 0.5 + 0.499 * pair / PAIRS;
}

/* Of n words each, 2nJ / (1 + J) are in both. */
static void print_text(unsigned doc, struct buf *b)
{
	unsigned pair = doc / 2, both = (unsigned)lround(2 * WORDS * wanted(pair) / (1 + wanted(pair)));
	buf_clear(b);
	for (unsigned i = 0; i < WORDS; i++) {
		uint64_t v = (uint64_t)pair * WORDS * 2 + i + (doc % 2 && i >= both ? WORDS : 0);
		buf_byte(b, 'w');
		for (v += 26; v; v /= 26)
			buf_byte(b, (char)('a' + v % 26));
		buf_byte(b, ' ');
	}
}

/* What the verdicts say of a pair: 0: both stay; 1: the second is left out for the first; 2: it is left out for a document unlike it. */
static unsigned said(unsigned pair)
{
	if (wanted(pair) < 0.8)
		return pair % 100 == 7 ? 2 : 0;
	return pair % 10 == 3 ? 0 : 1;
}

static int write_corpus(const char *signs, const char *verdicts, uint64_t *distinct, struct err *e)
{
	struct sign_work *w = sign_start(&conf);
	struct signs_out *out = NULL;
	struct verdict_out *v = NULL;
	struct buf b;
	uint64_t first[2] = {0, DOCS};
	buf_init(&b, BUF_NO_MAX);
	int rc = signs_create(&out, signs, &conf, false, e);
	rc = rc ? rc : verdict_create(&v, verdicts, first, 1, 0, e);
	for (unsigned d = 0; !rc && d < DOCS; d++) {
		struct sign s;
		unsigned how = said(d / 2);
		print_text(d, &b);
		sign_text(w, buf_view(&b), &s);
		s.head.id = XXH3_64bits(&d, sizeof(d));
		*distinct += s.head.shingles == WORDS;
		struct verdict one = {.cluster = d + 1, .size = 1, .kind = VERDICT_KEEP};
		if (d % 2 && how)
			one = (struct verdict){.cluster = how == 1 ? d : 1, .size = 2, .kind = VERDICT_NEAR};
		rc = signs_put(out, &s, (struct str){0}, e);
		rc = rc ? rc : verdict_put(v, &one, e);
	}
	buf_free(&b);
	sign_stop(w);
	rc = rc ? rc : signs_commit(out, e);
	return rc ? rc : verdict_commit(v, e);
}

/* Near 0.8 a coded set may differ by one from the text: pairs there are not counted on. */
static bool near_threshold(unsigned pair)
{
	return fabs(wanted(pair) - 0.8) < 0.008;
}

static void judge(const struct audit_report *r, unsigned draws)
{
	unsigned alike = 0, missed = 0, left_out = 0, unlike = 0, edge = 0;
	for (unsigned p = 0; p < PAIRS; p++) {
		edge += near_threshold(p);
		alike += wanted(p) >= 0.8;
		missed += wanted(p) >= 0.8 && said(p) == 0;
		left_out += said(p) > 0;
		unlike += said(p) == 2;
	}
	tap(r->documents == DOCS && r->drawn == draws, "%u of %u drawn", draws, (unsigned)r->documents);
	double share = (double)draws / DOCS, pairs = share < 1 ? 1 - (1 - share) * (1 - share) : 1;
	double slack = share < 1 ? 0.25 : 0;
	tap(fabs((double)r->alike - alike * pairs) <= edge + slack * alike, "pairs of 0.8: %llu of %u", (unsigned long long)r->alike, alike);
	tap(fabs((double)r->missed - missed * pairs) <= edge + slack * missed && r->missed, "missed: %llu of %u", (unsigned long long)r->missed, missed);
	tap(fabs((double)r->left_out - left_out * share) <= slack * left_out, "left out: %llu of %u", (unsigned long long)r->left_out, left_out);
	tap(fabs((double)r->unlike - unlike * share) <= edge + 2 * slack * unlike + (share < 1 ? 3 : 0), "for one unlike it: %llu of %u", (unsigned long long)r->unlike, unlike);
	for (unsigned i = 0; i < AUDIT_STEPS; i++) {
		const struct audit_step *s = &r->step[i];
		double p = (double)s->together / (double)(s->pairs ? s->pairs : 1), sd = sqrt(s->theory * (1 - s->theory) / (double)(s->pairs ? s->pairs : 1));
		tap(s->pairs > 20 && fabs(p - s->theory) < 4 * sd + 0.005, "similarity from 0.%u: %.4f share a band, theory %.4f", 5 + i, p, s->theory);
	}
}

static void lines(const struct audit_report *r)
{
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	audit_line(r, AUDIT_LINES - 2, &b);
	buf_byte(&b, 0);
	char want[64];
	snprintf(want, sizeof(want), "%llu of %llu)", (unsigned long long)(r->alike - r->missed), (unsigned long long)r->alike);
	tap(strstr(b.p, "recall") && strstr(b.p, want), "%s", b.p);
	buf_free(&b);
	/* Wilson's interval at 95 % for 8 of 10, as published: 0.4902 to 0.9433. */
	struct audit_report ten = {.alike = 10, .missed = 2, .threshold = 0.8};
	buf_init(&b, BUF_NO_MAX);
	audit_line(&ten, AUDIT_LINES - 2, &b);
	buf_byte(&b, 0);
	tap(strstr(b.p, "0.8000 (0.4902 to 0.9433; 8 of 10)"), "%s", b.p);
	buf_free(&b);
}

int main(void)
{
	struct err e = {0};
	struct scratch *scratch;
	const char *tmp = getenv("TMPDIR");
	char text[1200], signs[4096], verdicts[4096];
	uint64_t distinct = 0;
	if (scratch_new(&scratch, tmp && *tmp ? tmp : "/tmp", &e))
		return printf("Bail out! %s\n", err_text(&e, text, sizeof(text))), 1;
	const char *file = scratch_path(scratch, "signs", signs);
	int rc = write_corpus(file, scratch_path(scratch, "verdicts", verdicts), &distinct, &e);
	tap(!rc && distinct == DOCS, "texts have the words they should have");
	static const unsigned draws[] = {DOCS, 1000};
	for (size_t i = 0; i < 2; i++) {
		struct audit_report r;
		rc = audit_files(&file, 1, verdicts, draws[i], 0.8, &r, &e);
		tap(rc == 0, "an audit of %u%s%s", draws[i], rc ? ": " : "", rc ? err_text(&e, text, sizeof(text)) : "");
		judge(&r, draws[i]);
		if (!i)
			lines(&r);
	}
	const char *two[] = {file, file};
	struct audit_report r;
	tap(audit_files(two, 2, verdicts, 10, 0.8, &r, &e) == ERR_DATA, "verdicts on other files: %s", e.msg);
	scratch_free(scratch);
	return tap_done();
}
