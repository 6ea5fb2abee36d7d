#include "filter/ident.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static uint32_t number(char c)
{
	return (uint32_t)(c - '0');
}

/* ---- reading ---- */

/* A separator at i that a digit follows: its length, and which; NBSP and narrow NBSP are blanks. */
static size_t separator(struct str s, size_t i, char *which)
{
	size_t n = 1;
	char c = s.p[i];
	if (s.n - i > 2 && (unsigned char)c == 0xC2 && (unsigned char)s.p[i + 1] == 0xA0)
		c = ' ', n = 2;
	else if (s.n - i > 3 && memcmp(s.p + i, "\xE2\x80\xAF", 3) == 0)
		c = ' ', n = 3;
	else if (s.n - i > 3 && (memcmp(s.p + i, "–", 3) == 0 || memcmp(s.p + i, "‑", 3) == 0))
		c = '-', n = 3;
	*which = c;
	if (c == ')' && i + 1 < s.n && (s.p[i + 1] == ' ' || s.p[i + 1] == '-'))
		n = 2;
	else if (c == ' ' && i + n + 1 < s.n && (s.p[i + n] == '-' || s.p[i + n] == '(') && s.p[i + n + 1] != ' ')
		*which = s.p[i + n], n++;
	else if (c == ' ' && i + n + 2 < s.n && s.p[i + n] == '-' && s.p[i + n + 1] == ' ')
		*which = '-', n += 2;
	else if (c != ' ' && c != '.' && c != '-' && c != '/' && c != ')')
		return 0;
	return i + n < s.n && is_digit(s.p[i + n]) ? n : 0;
}

void ident_read(struct str s, size_t at, struct ident_run *r)
{
	*r = (struct ident_run){.bracket = s.p[at] == '('};
	size_t i = at + r->bracket, gap;
	char before = 0;
	while (r->groups < IDENT_GROUPS) {
		size_t begin = i;
		while (i < s.n && is_digit(s.p[i]) && r->n < IDENT_DIGITS)
			r->digit[r->n++] = s.p[i++];
		if (i == begin || (i < s.n && is_digit(s.p[i])))
			break;
		r->length[r->groups] = (uint32_t)(i - begin);
		r->separator[r->groups] = before;
		r->end[r->groups++] = i;
		if (i >= s.n || !(gap = separator(s, i, &before)))
			break;
		i += gap;
	}
	if (r->bracket && (r->groups < 2 || r->separator[1] != ')'))
		r->groups = 0;
}

/* ---- names ---- */

/* Found as whole words, ASCII lower case, accents dropped; a name ends where it ends here or goes on in letters when it ends in '*'. */
static const struct {
	const char *word;
	enum ident_label label;
} names[] = {
	{"tel", IDENT_PHONE}, {"telef*", IDENT_PHONE}, {"telem*", IDENT_PHONE}, {"telf", IDENT_PHONE}, {"tlf", IDENT_PHONE}, {"tlm", IDENT_PHONE},
	{"tlmv", IDENT_PHONE}, {"telm", IDENT_PHONE}, {"fax", IDENT_PHONE}, {"celular", IDENT_PHONE}, {"whatsapp", IDENT_PHONE}, {"contacto*", IDENT_PHONE},
	{"contato*", IDENT_PHONE}, {"ligue", IDENT_PHONE}, {"phone", IDENT_PHONE}, {"mobile", IDENT_PHONE}, {"fone", IDENT_PHONE},
	{"movel", IDENT_PHONE}, {"sms", IDENT_PHONE},
	{"marcacoes", IDENT_LINE}, {"reserva*", IDENT_LINE}, {"informacoes", IDENT_LINE}, {"inscricoes", IDENT_LINE}, {"bombeiros", IDENT_LINE}, {"psp", IDENT_LINE}, {"gnr", IDENT_LINE},
	{"taxi*", IDENT_LINE}, {"urgencia*", IDENT_LINE}, {"secretaria", IDENT_LINE}, {"farmacia", IDENT_LINE}, {"hotel", IDENT_LINE}, {"restaurante", IDENT_LINE}, {"assistencia", IDENT_LINE},
	{"nif", IDENT_NIF}, {"nipc", IDENT_NIF}, {"contrib*", IDENT_NIF}, {"fiscal", IDENT_NIF}, {"vat", IDENT_NIF}, {"matricul*", IDENT_NIF}, {"npc", IDENT_NIF}, {"unico", IDENT_NIF}, {"coletiva", IDENT_NIF}, {"colectiva", IDENT_NIF},
	{"niss", IDENT_NISS}, {"social", IDENT_NISS}, {"beneficiari*", IDENT_NISS},
	{"bi", IDENT_CITIZEN}, {"cc", IDENT_CITIZEN}, {"identidade", IDENT_CITIZEN}, {"cidadao", IDENT_CITIZEN},
	{"passaporte*", IDENT_PASSPORT}, {"passport", IDENT_PASSPORT},
	{"iban", IDENT_ACCOUNT}, {"nib", IDENT_ACCOUNT}, {"conta", IDENT_ACCOUNT},
	{"visa", IDENT_CARD}, {"mastercard", IDENT_CARD}, {"cartao", IDENT_CARD}, {"credito", IDENT_CARD},
	{"cpf", IDENT_CPF}, {"cnpj", IDENT_CNPJ}, {"ip", IDENT_IP}, {"ips", IDENT_IP}, {"endereco*", IDENT_IP}, {"servidor*", IDENT_IP}, {"dns", IDENT_IP},
	{"isbn", IDENT_OTHER}, {"issn", IDENT_OTHER}, {"ean", IDENT_OTHER}, {"sku", IDENT_OTHER}, {"versao", IDENT_OTHER}, {"version", IDENT_OTHER}, {"ref", IDENT_OTHER}, {"refer*", IDENT_OTHER}, {"artigo*", IDENT_OTHER},
	{"lei", IDENT_OTHER}, {"processo*", IDENT_OTHER}, {"proc", IDENT_OTHER}, {"encomenda*", IDENT_OTHER}, {"codigo*", IDENT_OTHER}, {"serie", IDENT_OTHER}, {"modelo", IDENT_OTHER},
	{"pedido*", IDENT_OTHER}, {"fatura*", IDENT_OTHER}, {"factura*", IDENT_OTHER}, {"alvara", IDENT_OTHER}, {"licenca", IDENT_OTHER}, {"registo", IDENT_OTHER}, {"firmware", IDENT_OTHER},
	{"build", IDENT_OTHER}, {"id", IDENT_OTHER}, {"erro", IDENT_OTHER}, {"seccao", IDENT_OTHER}, {"capitulo", IDENT_OTHER}, {"bilhete", IDENT_OTHER}, {"doi", IDENT_OTHER},
};

/* ASCII lower case of a character of Latin-1, accents dropped, into *out; its length in bytes. Others give a blank. */
static size_t plain(struct str s, size_t i, char *out)
{
	/* U+00C0 to U+00DF, and the same again in lower case. */
	static const char bare[33] = "aaaaaaaceeeeiiiidnooooo ouuuuy s";
	unsigned char c = (unsigned char)s.p[i];
	*out = (char)str_lower1(c);
	if (c < 0x80)
		return 1;
	*out = ' ';
	if (c == 0xC3 && i + 1 < s.n)
		*out = bare[(unsigned char)s.p[i + 1] & 31];
	return c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
}

static enum ident_label name_of(const char *w, size_t n)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (names[i].word[0] != w[0])
			continue;
		size_t k = strlen(names[i].word);
		bool open = names[i].word[k - 1] == '*';
		k -= open;
		if ((open ? n >= k : n == k) && memcmp(names[i].word, w, k) == 0)
			return names[i].label;
	}
	return IDENT_NONE;
}

/* The mask that ends at text[end], a '>'; what it stands for. */
static enum ident_label mask_before(struct str s, size_t end)
{
	size_t from = end;
	while (from > 0 && end - from < 12 && s.p[from - 1] >= 'a' && s.p[from - 1] <= 'z')
		from--;
	return from > 0 && from < end && s.p[from - 1] == '<' ? name_of(s.p + from, end - from) : IDENT_NONE;
}

/* Nothing but what stands between the items of a list. */
static bool is_joint(struct str s)
{
	static const char *const joints[] = {"", "e", "ou", "and", ",", "/", "-", "|", "–", "e/ou"};
	s = str_trim(s);
	for (size_t i = 0; i < sizeof(joints) / sizeof(*joints); i++)
		if (str_eq(s, str_of(joints[i])))
			return true;
	return false;
}

enum ident_label ident_label_before(struct str s, bool *handed)
{
	enum { WINDOW = 40 };
	enum ident_label found = IDENT_NONE;
	char word[WINDOW + 1];
	size_t n = 0, at = s.n, i = at > WINDOW ? at - WINDOW : 0;
	*handed = false;
	/* A digit, a mask or the end of a sentence between name and number cuts them apart. */
	for (size_t k = i; k < at; k++) {
		enum ident_label mask = s.p[k] == '>' ? mask_before(s, k) : IDENT_NONE;
		if (mask != IDENT_NONE && is_joint(str_from(s, k + 1))) {
			*handed = true;
			return mask;
		}
		if (mask != IDENT_NONE || is_digit(s.p[k]) || s.p[k] == ';' || (s.p[k] == '\n' && k + 1 < at && s.p[k + 1] == '\n'))
			i = k + 1;
	}
	while (i < at && i && ((unsigned char)s.p[i] & 0xC0) == 0x80)
		i++;
	bool whole = i == 0 || i + WINDOW > at; /* the first word may be cut off by the window */
	while (i <= at) {
		char c = ' ';
		size_t step = i < at ? plain(s, i, &c) : 1;
		if (c >= 'a' && c <= 'z' && n < WINDOW) {
			word[n++] = c;
		} else if (c != '.' || (n > 1 && i + 1 < at && s.p[i + 1] == ' ') || i + 1 >= at) {
			enum ident_label l = n && whole ? name_of(word, n) : IDENT_NONE;
			if (l != IDENT_NONE)
				found = l;
			n = 0;
			whole = true;
		}
		i += step;
	}
	return found;
}

bool ident_is_amount(struct str s, size_t at)
{
	static const char *const units[] = {"euro", "eur", "contos", "escudo", "dolar", "libra", "real", "reais", "habitante", "pessoa", "milh", "mil", "km", "quilo", "metro", "tonelada", "kg",
					    "m", "hectare", "votos", "eleitor", "visita", "utilizador", "bytes", "unidades", "anos", "toneladas", "ha", "m2", "barris", "accoes", "acoes", "usd", "kwanza"};
	char word[16];
	size_t n = 0, i = at;
	if (i < s.n && (s.p[i] == '%' || s.p[i] == '$'))
		return true;
	while (i < s.n && (s.p[i] == ' ' || (unsigned char)s.p[i] == 0xC2 || (unsigned char)s.p[i] == 0xA0))
		i++;
	if (s.n - i >= 3 && memcmp(s.p + i, "€", 3) == 0)
		return true;
	if (i < s.n && s.p[i] == '$')
		return true;
	if (i + 3 < s.n && memcmp(s.p + i, "de ", 3) == 0)
		i += 3;
	while (i < s.n && n < sizeof(word)) {
		char c;
		size_t step = plain(s, i, &c);
		if ((c < 'a' || c > 'z') && !is_digit(c))
			break;
		word[n++] = c;
		i += step;
	}
	for (size_t u = 0; u < sizeof(units) / sizeof(*units); u++)
		if (str_starts((struct str){word, n}, str_of(units[u])) && (strlen(units[u]) > 3 || n <= strlen(units[u]) + (strlen(units[u]) > 1)))
			return true;
	return false;
}

/* ---- check digits ---- */

bool ident_nif(const char *d)
{
	uint32_t sum = 0;
	for (uint32_t i = 0; i < 8; i++)
		sum += (9 - i) * number(d[i]);
	uint32_t check = 11 - sum % 11;
	return d[0] != '0' && (d[0] != '4' || d[1] == '5') && number(d[8]) == (check > 9 ? 0 : check);
}

bool ident_niss(const char *d)
{
	static const uint32_t primes[] = {29, 23, 19, 17, 13, 11, 7, 5, 3, 2};
	uint32_t sum = 0;
	for (uint32_t i = 0; i < 10; i++)
		sum += primes[i] * number(d[i]);
	return (d[0] == '1' || d[0] == '2') && number(d[10]) == 9 - sum % 10;
}

static bool mod11(const char *d, uint32_t n, uint32_t highest)
{
	uint32_t sum = 0, weight = highest;
	for (uint32_t i = 0; i < n; i++) {
		sum += weight * number(d[i]);
		weight = weight == 2 ? 9 : weight - 1;
	}
	return number(d[n]) == (sum % 11 < 2 ? 0 : 11 - sum % 11);
}

static bool all_same(const char *d, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++)
		if (d[i] != d[0])
			return false;
	return true;
}

bool ident_cpf(const char *d)
{
	uint32_t one = 0, two = 0;
	for (uint32_t i = 0; i < 9; i++)
		one += (10 - i) * number(d[i]);
	for (uint32_t i = 0; i < 10; i++)
		two += (11 - i) * number(d[i]);
	one = one * 10 % 11 % 10;
	two = two * 10 % 11 % 10;
	return !all_same(d, 11) && number(d[9]) == one && number(d[10]) == two;
}

bool ident_cnpj(const char *d)
{
	return !all_same(d, 14) && mod11(d, 12, 5) && mod11(d, 13, 6);
}

static uint32_t mod97(const char *d, uint32_t n, uint32_t from)
{
	for (uint32_t i = 0; i < n; i++) {
		if (is_digit(d[i]))
			from = (from * 10 + number(d[i])) % 97;
		else
			from = (from * 100 + (uint32_t)(str_lower1((unsigned char)d[i]) - 'a' + 10)) % 97;
	}
	return from;
}

bool ident_nib(const char *d)
{
	return !all_same(d, 19) && mod97(d, 21, 0) == 1;
}

bool ident_card(const char *d, uint32_t n)
{
	uint32_t sum = 0, two = number(d[0]) * 10 + number(d[1]), four = two * 100 + number(d[2]) * 10 + number(d[3]);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t v = number(d[n - 1 - i]) << (i & 1);
		sum += v > 9 ? v - 9 : v;
	}
	bool known = (d[0] == '4' && (n == 13 || n == 16 || n == 19)) || (n == 16 && ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720) || four == 6011 || two == 65)) ||
		     (n == 15 && (two == 34 || two == 37)) || (n == 14 && (two == 36 || two == 38));
	return known && sum % 10 == 0 && !all_same(d + 1, n - 1);
}

bool ident_citizen(const char *c)
{
	uint32_t sum = 0;
	for (uint32_t i = 0; i < 12; i++) {
		uint32_t v = is_digit(c[i]) ? number(c[i]) : (uint32_t)(c[i] - 'A' + 10);
		if (i % 2 == 0) {
			v *= 2;
			v -= v > 9 ? 9 : 0;
		}
		sum += v;
	}
	return sum % 10 == 0;
}

uint32_t ident_iban_length(const char *country)
{
	static const char table[] = "AD24 AE23 AT20 BE16 BG22 BR29 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GR27 HR21 HU28 IE22 IS26 IT27 LI21 LT20 LU20 LV21 MC27 MT31 NL18 NO15 PL28 "
				    "PT25 RO24 SE24 SI19 SK24 SM27 TR26";
	for (const char *t = table; *t; t += t[4] ? 5 : 4)
		if (t[0] == country[0] && t[1] == country[1])
			return 10 * number(t[2]) + number(t[3]);
	return 0;
}

bool ident_iban(const char *c, uint32_t n)
{
	return n > 4 && n == ident_iban_length(c) && mod97(c, 4, mod97(c + 4, n - 4, 0)) == 1;
}

bool ident_passport_line(const char *c)
{
	static const uint32_t weights[] = {7, 3, 1};
	static const struct {
		uint32_t from, n;
	} fields[] = {{0, 9}, {13, 6}, {21, 6}};
	for (int f = 0; f < 3; f++) {
		uint32_t sum = 0;
		for (uint32_t i = 0; i < fields[f].n; i++) {
			char x = c[fields[f].from + i];
			sum += weights[i % 3] * (x == '<' ? 0 : is_digit(x) ? number(x) : (uint32_t)(x - 'A' + 10));
		}
		char check = c[fields[f].from + fields[f].n];
		if (!is_digit(check) || number(check) != sum % 10)
			return false;
	}
	return true;
}
