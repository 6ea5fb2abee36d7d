/* test_pii TABLE...: what is masked, and what must stay: precision and recall on the tables of tests/data/pii (made by the scripts there),
 * of all and of each kind. pii.tsv is what the rules were mended on; held.tsv and later.tsv were written later, in other forms and contexts, and run
 * once before anything was mended by them (docs/measurements.md). */
#include "filter/pii.h"
#include "tests/tap.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const cases[][2] = {
	{"escreva para ana.silva@exemplo.pt.", "escreva para <email>."},
	{"o servidor 193.136.2.10 e o 192.168.1.1", "o servidor <ip> e o 192.168.1.1"},
	{"ligue 912 345 678 ou +351 21 234 56 78", "ligue <telefone> ou <telefone>"},
	{"Tel. 912 345 678 213 456 789", "Tel. <telefone> <telefone>"},
	{"912345678/213456789", "<telefone>/<telefone>"},
	{"nos telefones (81) 3366-1234 e 288-3514, 1200-123 Recife", "nos telefones <telefone> e <telefone>, 1200-123 Recife"},
	{"NIF 123456789, 912 345 678", "NIF <nif>, <telefone>"},
	{"NIF 123456789 e 501964843", "NIF <nif> e <nif>"},
	{"Tel. 213 456 789 - 4000-123 Porto", "Tel. <telefone> - 4000-123 Porto"},
	{"CC 12345678, válido até 12/08/2019", "CC <cc>, válido até 12/08/2019"},
	{"(0xx11) 3456-7890 ou 0xx11 3456-7890", "<telefone> ou <telefone>"},
	{"Lei n.º 12/2004, de 12 de março, ISBN 978-972-0-04567-1", "Lei n.º 12/2004, de 12 de março, ISBN 978-972-0-04567-1"},
	{"telemóvel:\xC2\xA0" "912\xC2\xA0" "345\xC2\xA0" "678", "telemóvel:\xC2\xA0<telefone>"},
	{"", ""},
	{"9", "9"},
	{"@", "@"},
	{"PT", "PT"},
	{"NIF 123456789", "NIF <nif>"},
	{"NIF 123456788", "NIF 123456788"},
};

static struct str masked(struct str text, enum pii_style style, struct buf *out, uint32_t counts[PII_KINDS])
{
	return pii_mask(text, style, out, counts) ? buf_view(out) : text;
}

static void by_hand(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf out;
		uint32_t counts[PII_KINDS] = {0};
		buf_init(&out, BUF_NO_MAX);
		struct str got = masked(str_of(cases[i][0]), PII_TAGS, &out, counts);
		if (!tap(str_eq(got, str_of(cases[i][1])), "%s", cases[i][0]))
			printf("# %.*s\n", (int)got.n, got.p);
		buf_free(&out);
	}
}

struct score {
	unsigned right, missed, wrong, yes, no;
};

/* The text without its marks, and the text with what is between them replaced. */
static void take_marks(struct str line, const char *mask, struct buf *plain, struct buf *want)
{
	buf_clear(plain);
	buf_clear(want);
	for (bool in = false; line.n;) {
		bool open = str_starts(line, STR("«")), close = str_starts(line, STR("»"));
		if (open || close) {
			if (open)
				buf_z(want, mask);
			in = open;
			line = str_from(line, 2);
			continue;
		}
		buf_byte(plain, line.p[0]);
		if (!in)
			buf_byte(want, line.p[0]);
		line = str_from(line, 1);
	}
}

static void one(struct str kind, struct str line, struct score *all)
{
	static const char *const tags[] = {"<email>", "<ip>", "<telefone>", "<nif>", "<niss>", "<cc>", "<passaporte>", "<iban>", "<cartao>", "<cpf>", "<cnpj>"};
	struct buf plain, want, out, again;
	uint32_t counts[PII_KINDS] = {0}, more[PII_KINDS] = {0}, hits = 0;
	int k = 0;
	while (pii_names[k] && !str_eq(kind, str_of(pii_names[k] + 4)))
		k++;
	buf_init(&plain, BUF_NO_MAX);
	buf_init(&want, BUF_NO_MAX);
	buf_init(&out, BUF_NO_MAX);
	buf_init(&again, BUF_NO_MAX);
	take_marks(line, k < PII_KINDS ? tags[k] : "", &plain, &want);
	struct str got = masked(buf_view(&plain), PII_TAGS, &out, counts);
	for (int i = 0; i < PII_KINDS; i++)
		hits += counts[i];
	bool right = str_eq(got, buf_view(&want));
	struct score *s = &all[k];
	s->yes += k < PII_KINDS;
	s->no += k == PII_KINDS;
	s->right += right && k < PII_KINDS;
	s->missed += !right && k < PII_KINDS;
	s->wrong += !right && hits;
	if (!right)
		printf("# %.*s: %.*s\n#   gives %.*s\n", (int)kind.n, kind.p, (int)line.n, line.p, (int)got.n, got.p);
	if (!str_eq(masked(got, PII_TAGS, &again, more), got))
		tap(0, "masking twice changes nothing: %.*s", (int)got.n, got.p);
	buf_clear(&out);
	struct str sample = masked(buf_view(&plain), PII_SAMPLES, &out, counts);
	if (!str_eq(masked(sample, PII_SAMPLES, &again, more), sample))
		tap(0, "samples are masked by themselves: %.*s", (int)sample.n, sample.p);
	buf_free(&plain);
	buf_free(&want);
	buf_free(&out);
	buf_free(&again);
}

static void table(const char *path)
{
	struct score s = {0}, of[PII_KINDS + 1] = {0};
	char line[1024];
	FILE *f = fopen(path, "r");
	if (!tap(f, "%s opens", path))
		return;
	while (fgets(line, sizeof(line), f)) {
		struct str text, kind = str_cut(str_trim(str_of(line)), '\t', &text);
		one(kind, text, of);
	}
	fclose(f);
	for (int k = 0; k <= PII_KINDS; k++) {
		s = (struct score){s.right + of[k].right, s.missed + of[k].missed, s.wrong + of[k].wrong, s.yes + of[k].yes, s.no + of[k].no};
		if (k < PII_KINDS)
			printf("# %-13s %3u of %3u masked, %u wrongly\n", pii_names[k], of[k].right, of[k].yes, of[k].wrong);
	}
	double precision = (double)s.right / (s.right + s.wrong), recall = (double)s.right / s.yes;
	printf("# %u positives, %u near misses: precision %.4f, recall %.4f\n", s.yes, s.no, precision, recall);
	tap(s.yes >= 300 && s.no >= 300, "at least 300 of each");
	tap(precision >= .99, "precision");
	tap(recall >= .97, "recall");
}

int main(int argc, char **argv)
{
	by_hand();
	for (int i = 1; i < argc; i++)
		table(argv[i]);
	return tap_done();
}
