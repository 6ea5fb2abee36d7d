/* filter_rules < TEXTS: each part of the filter alone and all together over texts separated by NUL, in CPU time; MB of text a second.
 * Language and variety are not in it. filter.py builds and runs it. */
#include "filter/lines.h"
#include "filter/page.h"
#include "filter/pii.h"
#include "filter/quality.h"
#include "filter/repair.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { REPAIR, LINES, QUALITY, PAGE, FOREIGN, PII, PARTS, ROUNDS = 3 };
static const char *const names[PARTS] = {"repair", "lines: menus, cookies", "words and quality rules", "kinds of pages", "lines: other languages", "personal data"};

struct bench {
	struct repair *repair;
	struct quality_work *quality;
	struct lexicon *lexicon;
	struct buf out;
	double seconds[PARTS], sum;
};

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void one(struct bench *b, struct str text)
{
	const struct lines_rules rules = {.cookies = true, .menus = true};
	double q[QUALITY_SIGNALS], page[PAGE_SIGNALS], t[PARTS + 1];
	uint32_t counts[PII_KINDS + LINES_KINDS] = {0};
	struct page_facts facts = {.text = text, .words = &b->quality->words};
	uint32_t *found = facts.found;
	t[REPAIR] = now();
	if (repair_text(b->repair, text, &b->out))
		b->sum++;
	t[LINES] = now();
	b->sum += lines_clean(text, &rules, &b->out, counts);
	t[QUALITY] = now();
	quality_measure(b->quality, text, q);
	t[PAGE] = now();
	lexicon_count(b->lexicon, &b->quality->words, 0, b->quality->words.n, found);
	page_measure(&facts, &b->quality->repeat, page);
	t[FOREIGN] = now();
	if (found[LEX_FOREIGN] >= LINES_FOREIGN_LEAST)
		b->sum += lines_foreign(text, &b->quality->words, b->lexicon, &b->out, counts);
	t[PII] = now();
	b->sum += pii_mask(text, PII_TAGS, &b->out, counts) + q[Q_WORDS] + page[PAGE_TOXIC];
	t[PARTS] = now();
	for (int i = 0; i < PARTS; i++)
		b->seconds[i] += t[i + 1] - t[i];
}

int main(void)
{
	struct bench b = {.repair = repair_start(), .quality = quality_start()};
	size_t cap = 1 << 20, n = 0, got;
	char *p = malloc(cap);
	double all = 0, mb;
	buf_init(&b.out, BUF_NO_MAX);
	if (lexicon_open(&b.lexicon, NULL, NULL, NULL))
		return 1;
	while ((got = fread(p + n, 1, cap - n, stdin)) > 0)
		if ((n += got) == cap)
			p = realloc(p, cap *= 2);
	for (int r = 0; r < ROUNDS; r++)
		for (struct str rest = {p, n}; rest.n;)
			one(&b, str_cut(rest, 0, &rest));
	mb = ROUNDS * (double)n / 1e6;
	for (int i = 0; i < PARTS; i++) {
		printf("%-28s %8.1f MB/s\n", names[i], mb / b.seconds[i]);
		all += b.seconds[i];
	}
	printf("%-28s %8.1f MB/s\n", "all of it", mb / all);
	fprintf(stderr, "check %g\n", b.sum);
	lexicon_free(b.lexicon);
	quality_stop(b.quality);
	repair_stop(b.repair);
	buf_free(&b.out);
	free(p);
	return 0;
}
