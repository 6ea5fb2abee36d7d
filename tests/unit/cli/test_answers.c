/* What the commands that look at a corpus stand on: meanings, 32-bit reals, SQL that is rewritten, tables, passages. */
#include "cli/ask.h"
#include "cli/chain.h"
#include "cli/meaning.h"
#include "cli/page.h"
#include "cli/passage.h"
#include "tests/tap.h"

static void meanings(void)
{
	/* A new reason needs its line in cli/meaning.c: the report is read in both languages. */
	int waiting = 0;
	for (int i = 0; i < CHAIN_N; i++)
		for (const struct why *w = chain[i]->drops; w && w->name; w++) {
			bool told = meaning_translated(str_of(w->name));
			waiting += !told;
			if (!told)
				printf("# not yet in Portuguese: %s\n", w->name);
		}
	tap(waiting == 0, "every reason is told in Portuguese (%d are not)", waiting);
	tap(strcmp(meaning_of(STR("filter.words"), true), meaning_of(STR("filter.words"), false)) != 0, "in words of its own");
	tap(strcmp(meaning_of(STR("no.reason"), true), "") == 0, "an unknown reason has no meaning");
}

static void reals(void)
{
	static const double values[] = {0.9, 0.37, 0.1, 1, 0, -0.5, 123.456, 1e-5, 5.59641e-05, 0.000123456, 100000, 16777216, 0.999999};
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
		tap(corpus_real((float)values[i]) == values[i], "%.9g stays what was written (%.17g)", values[i], corpus_real((float)values[i]));
	int wrong = 0;
	uint32_t bits = 1;
	for (int i = 0; i < 200000; i++) {
		float f;
		bits = bits * 1664525 + 1013904223;
		memcpy(&f, &bits, 4);
		wrong += f == f && (float)corpus_real(f) != f;
	}
	tap(wrong == 0, "and every real is told from its neighbours");
}

static void rewriting(void)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"SELECT signals.words FROM captures", "SELECT signals_words FROM captures"},
		{"SELECT 'signals.words', \"signals.words\"", "SELECT 'signals.words', \"signals.words\""},
		{"mysignals.words, x.signals.words", "mysignals.words, x.signals_words"},
		{"-- signals.a\nsignals.b", "-- signals.a\nsignals_b"},
		{"/* signals.a */ signals.b", "/* signals.a */ signals_b"},
		{"signals. words", "signals. words"},
		{"'it''s signals.a'", "'it''s signals.a'"},
		{"'open signals.a", "'open signals.a"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *out = ask_signals(cases[i].in);
		tap(strcmp(out, cases[i].out) == 0, "signals.NAME, case %zu", i);
		free(out);
	}
}

static void tables(void)
{
	static const char *const names[] = {"name", "n"};
	struct table *t = table_new(names, 2);
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	table_str(t, STR("a,\"b\"\nc"));
	table_int(t, -1234567);
	table_str(t, STR("\xC3\xA7\x1B[31m"));
	table_null(t);
	table_print(t, TABLE_CSV, &b);
	tap(str_eq(buf_view(&b), STR("name,n\n\"a,\"\"b\"\"\nc\",-1234567\n\xC3\xA7\x1B[31m,\n")), "CSV quotes what it must");
	buf_clear(&b);
	table_print(t, TABLE_JSON, &b);
	tap(str_eq(buf_view(&b), STR("{\"name\":\"a,\\\"b\\\"\\nc\",\"n\":-1234567}\n{\"name\":\"\xC3\xA7\\u001b[31m\",\"n\":null}\n")), "JSON too");
	buf_clear(&b);
	table_grouped(t, true);
	table_print(t, TABLE_TEXT, &b);
	tap(str_eq(buf_view(&b), STR("name              n\na,\"b\" c  -1 234 567\n\xC3\xA7 [31m            -\n")), "text is aligned, on one line, without control characters");
	buf_free(&b);
	table_free(t);
}

static void pages(void)
{
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	page_text(&b, STR("<a href='x'>&\"\x00\x1B\xE2\x80\xAE\xFFz"));
	tap(str_eq(buf_view(&b), STR("&lt;a href=&#39;x&#39;&gt;&amp;&quot;\xEF\xBF\xBDz")), "text of a page is text (got %.*s)", STR_ARG(buf_view(&b)));
	buf_clear(&b);
	page_int(&b, -1234567);
	tap(str_eq(buf_view(&b), STR("-1\u202F234\u202F567")), "numbers in groups of three");
	buf_free(&b);
}

static bool marked(const struct passage *p, struct str what)
{
	for (unsigned i = 0; i < p->n; i++)
		if (str_eq(p->marks[i], what))
			return true;
	return false;
}

static void passages(void)
{
	const struct judge_conf conf = {.low = 0.2f, .high = 0.8f, .prior = 0.5f};
	struct judge *j = NULL;
	struct passage p;
	if (judge_open(&j, &conf, NULL)) {
		tap(false, "the models open");
		return;
	}
	struct judge_work *w = judge_start(j);
	struct str menu = STR("Lar doce lar\nO gato dorme na varanda.\nLar doce lar\nO c\xC3\xA3o ladra.\nLar doce lar");
	passage_find(&p, menu, STR("filter.dup_line_frac"), j, w);
	tap(p.n == 3 && marked(&p, STR("Lar doce lar")), "repeated lines are marked (%u)", p.n);
	passage_find(&p, STR("um dois um dois um dois e tr\xC3\xAAs"), STR("filter.top_2_gram"), j, w);
	tap(p.n == 3 && marked(&p, STR("um dois")), "the word pair that fills the text (%u)", p.n);
	passage_find(&p, STR("Acaba bem.\nsem ponto\nAcaba bem.\noutra sem"), STR("filter.line_punct"), j, w);
	tap(p.n == 2 && marked(&p, STR("sem ponto")) && marked(&p, STR("outra sem")), "lines without punctuation (%u)", p.n);
	passage_find(&p, STR("Dois e dois fazem quatro em todo o lado. Voc\xC3\xAA pegou o \xC3\xB4nibus no trem da manh\xC3\xA3 e a gente ficou esperando voc\xC3\xAA."), STR("filter.variety"), j, w);
	tap(p.n == 1 && str_starts(p.marks[0], STR("Voc")), "the sentence that says which variety");
	passage_find(&p, (struct str){0}, STR("filter.words"), j, w);
	tap(p.n == 0 && p.text.n == 0, "no text, no passage");
	judge_stop(w);
	judge_free(j);
}

int main(void)
{
	meanings();
	reals();
	rewriting();
	tables();
	pages();
	passages();
	return tap_done();
}
