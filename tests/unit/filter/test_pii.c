/* What is masked, and what must stay. */
#include "filter/pii.h"
#include "tests/tap.h"

static const char *const cases[][2] = {
	{"escreva para ana.silva@exemplo.pt hoje", "escreva para <email> hoje"},
	{"o servidor 193.136.2.10 e o 192.168.1.1", "o servidor <ip> e o 192.168.1.1"},
	{"ligue 912 345 678 ou +351 21 234 56 78", "ligue <telefone> ou <telefone>"},
	{"Lei n.º 12/2004, de 12 de março, ISBN 978-972-0-04567-1", "Lei n.º 12/2004, de 12 de março, ISBN 978-972-0-04567-1"},
};

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf out;
		uint32_t counts[PII_KINDS] = {0};
		buf_init(&out, BUF_NO_MAX);
		bool found = pii_mask(str_of(cases[i][0]), &out, counts);
		struct str got = found ? buf_view(&out) : str_of(cases[i][0]);
		if (!tap(str_eq(got, str_of(cases[i][1])), "%s", cases[i][0]))
			printf("# %.*s\n", (int)got.n, got.p);
		buf_free(&out);
	}
	return tap_done();
}
