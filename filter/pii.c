#include "filter/pii.h"

#include "filter/phone.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

const char *const pii_names[PII_KINDS + 1] = {"pii_email", "pii_ip", "pii_phone", "pii_nif", "pii_niss", "pii_citizen", "pii_passport", "pii_iban", "pii_card", "pii_cpf", "pii_cnpj", NULL};
static const char *const masks[2][PII_KINDS] = {
	{"<email>", "<ip>", "<telefone>", "<nif>", "<niss>", "<cc>", "<passaporte>", "<iban>", "<cartao>", "<cpf>", "<cnpj>"},
	{"email@exemplo.pt", "192.0.2.1", "900 000 000", "999 999 990", "00000000000", "00000000 0 ZZ0", "AA000000", "PT50 0000 0000 0000 0000 0000 0", "0000 0000 0000 0000", "000.000.000-00",
	 "00.000.000/0000-00"},
};

struct hit {
	size_t from, to;
	enum pii_kind kind;
};

/* What is behind: text up to `done`, as tags have masked the end of it (TAIL bytes). */
struct past {
	size_t done, n;
	char tail[64];
};
enum { TAIL = 48 };

static void past_add(struct past *p, struct str s)
{
	if (s.n >= TAIL) {
		memcpy(p->tail, s.p + s.n - TAIL, TAIL);
		p->n = TAIL;
		return;
	}
	size_t keep = p->n + s.n > TAIL ? TAIL - s.n : p->n;
	memmove(p->tail, p->tail + p->n - keep, keep);
	memcpy(p->tail + keep, s.p, s.n);
	p->n = keep + s.n;
}

/* What text[at] is called, by the text before it as it reads when masked: masking again finds the same. */
static enum ident_label label_of(struct str s, size_t at, const struct past *past, bool *handed)
{
	if (at - past->done >= TAIL || !past->done)
		return ident_label_before(str_head(s, at), handed);
	struct past p = *past;
	past_add(&p, str_range(s.p + past->done, s.p + at));
	return ident_label_before((struct str){p.tail, p.n}, handed);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_letter(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z' && (unsigned char)c < 0x80;
}

static bool is_hex(char c)
{
	return is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f');
}

/* Does a letter or digit end right before text[at]? Letters beyond ASCII count, marks and blanks beyond it do not. */
static bool word_before(struct str s, size_t at)
{
	if (at == 0)
		return false;
	size_t i = at - 1;
	if ((unsigned char)s.p[i] < 0x80)
		return is_digit(s.p[i]) || is_letter(s.p[i]) || s.p[i] == '_';
	while (i > 0 && ((unsigned char)s.p[i] & 0xC0) == 0x80)
		i--;
	return (unsigned char)s.p[i] >= 0xC3 && (unsigned char)s.p[i] <= 0xDF;
}

/* A number may begin here: no word before it, and no other number with a mark between. */
static bool starts(struct str s, size_t at)
{
	if (word_before(s, at))
		return false;
	char c = at ? s.p[at - 1] : ' ';
	bool mark = c == '.' || c == ',' || c == '-' || c == ':';
	if (c == '[' && word_before(s, at - 1))
		return false; /* an index: a[912345678] */
	return c != '$' && c != '#' && c != '=' && !(mark && at > 1 && is_digit(s.p[at - 2]));
}

static bool ends(struct str s, size_t end)
{
	if (end >= s.n)
		return true;
	char c = s.p[end];
	if (is_digit(c) || is_letter(c) || c == '_' || c == '%' || ((unsigned char)c >= 0xC3 && (unsigned char)c <= 0xDF))
		return false;
	return !((c == '.' || c == ',' || c == '-' || c == '/' || c == ':') && end + 1 < s.n && is_digit(s.p[end + 1]));
}

/* ---- e-mail ---- */

static bool is_local(char c)
{
	return is_digit(c) || is_letter(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '%' || c == '\'';
}

static bool is_host(char c)
{
	return is_digit(c) || is_letter(c) || c == '.' || c == '-';
}

/* Ends of file names that follow an @ in style sheets and scripts (logo@2x.png). */
static bool is_file_end(struct str top)
{
	static const char *const ends_of[] = {"png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "html", "php", "zip", "pdf"};
	for (size_t i = 0; i < sizeof(ends_of) / sizeof(*ends_of); i++)
		if (str_eq_ci(top, str_of(ends_of[i])))
			return true;
	return false;
}

/* The domain from `at`; its end, or 0. Labels end in a letter or digit; the last is letters, two or more. */
static size_t domain(struct str s, size_t at)
{
	size_t end = at, good = 0, label = at;
	while (end < s.n && is_host(s.p[end]) && end - at < 255)
		end++;
	for (size_t i = at, dots = 0; i <= end; i++) {
		if (i < end && s.p[i] != '.')
			continue;
		size_t n = i;
		while (n > label && s.p[n - 1] == '-')
			n--;
		/* "foto@2x.graça": a name goes on in letters that no domain has. */
		bool letters = n - label >= 2 && !(i == end && i < s.n && (unsigned char)s.p[i] >= 0xC3 && (unsigned char)s.p[i] <= 0xDF);
		for (size_t k = label; k < n; k++)
			letters &= is_letter(s.p[k]);
		if (n == label || s.p[label] == '-')
			break;
		if (dots && letters && !(i < end && is_upper(s.p[label]) && !is_upper(s.p[at])))
			good = n;
		if (n != i)
			break;
		dots++;
		label = i + 1;
	}
	if (!good)
		return 0;
	size_t top = good;
	while (s.p[top - 1] != '.')
		top--;
	return is_file_end(str_range(s.p + top, s.p + good)) ? 0 : good;
}

static bool local_before(struct str s, size_t at, size_t done, size_t *from)
{
	size_t a = at;
	while (a > done && is_local(s.p[a - 1]) && at - a < 64)
		a--;
	while (a < at && (s.p[a] == '.' || s.p[a] == '-' || s.p[a] == '\'' || s.p[a] == '%'))
		a++;
	*from = a;
	return a < at && s.p[at - 1] != '.' && !(a > 0 && word_before(s, a) && a > done && (unsigned char)s.p[a - 1] >= 0x80);
}

static bool email(struct str s, size_t at, size_t done, struct hit *h)
{
	size_t end = domain(s, at + 1);
	if (!end || !local_before(s, at, done, &h->from))
		return false;
	h->to = end;
	h->kind = PII_EMAIL;
	return !str_eq(str_range(s.p + h->from, s.p + h->to), str_of(masks[1][PII_EMAIL]));
}

/* ana (at) exemplo.pt, ana [arroba] exemplo . pt: hidden from machines of 2003. */
static bool hidden_email(struct str s, size_t at, size_t done, struct hit *h)
{
	if (at + 1 >= s.n || str_lower1((unsigned char)s.p[at + 1]) != 'a')
		return false;
	static const char *const marks[] = {"(at)", "[at]", "(arroba)", "[arroba]", "{at}", "(a)"};
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		struct str m = str_of(marks[i]);
		if (!str_starts_ci(str_from(s, at), m))
			continue;
		size_t left = at, right = at + m.n;
		left -= left > done && s.p[left - 1] == ' ';
		right += right < s.n && s.p[right] == ' ';
		size_t end = domain(s, right);
		h->to = end;
		h->kind = PII_EMAIL;
		return end && local_before(s, left, done, &h->from);
	}
	return false;
}

/* ---- IP ---- */

/* RFC 6890: what is not reachable from everywhere belongs to nobody. */
static bool public4(const uint32_t p[4])
{
	return !(p[0] == 0 || p[0] == 10 || p[0] == 127 || p[0] >= 224 || (p[0] == 100 && p[1] >= 64 && p[1] < 128) || (p[0] == 169 && p[1] == 254) || (p[0] == 172 && p[1] >= 16 && p[1] < 32) ||
		 (p[0] == 192 && p[1] == 168) || (p[0] == 192 && p[1] == 0 && (p[2] == 0 || p[2] == 2)) || (p[0] == 198 && (p[1] == 18 || p[1] == 19)) || (p[0] == 198 && p[1] == 51 && p[2] == 100) ||
		 (p[0] == 203 && p[1] == 0 && p[2] == 113));
}

static size_t ipv4(struct str s, size_t at, const struct past *past)
{
	uint32_t part[4], most = 0;
	size_t i = at;
	for (int k = 0; k < 4; k++) {
		size_t begin = i;
		part[k] = 0;
		while (i < s.n && is_digit(s.p[i]) && i - begin < 4)
			part[k] = part[k] * 10 + (uint32_t)(s.p[i++] - '0');
		if (i == begin || i - begin > 3 || part[k] > 255 || (i - begin > 1 && s.p[begin] == '0') || (k < 3 && (i >= s.n || s.p[i++] != '.')))
			return 0;
		most = part[k] > most ? part[k] : most;
	}
	bool end = i >= s.n || !(is_digit(s.p[i]) || is_letter(s.p[i]) || (s.p[i] == '.' && i + 1 < s.n && is_digit(s.p[i + 1])));
	if (!end || !public4(part))
		return 0;
	/* Four small numbers are a section or a version, unless it is said what they are. */
	bool handed;
	enum ident_label l = label_of(s, at, past, &handed);
	return l == IDENT_OTHER || (l != IDENT_IP && most < 32) ? 0 : i;
}

/* Around the first colon of an address of 2000::/3, but for 2001:db8::/32 (RFC 4291, 3849). */
static bool ipv6(struct str s, size_t colon, size_t done, struct hit *h)
{
	size_t from = colon, to = colon;
	uint32_t groups = 0, twice = 0, run = 0;
	while (from > done && is_hex(s.p[from - 1]) && colon - from < 5)
		from--;
	if (colon - from != 4 || (s.p[from] != '2' && s.p[from] != '3') || word_before(s, from) || (from > 0 && s.p[from - 1] == ':'))
		return false;
	for (to = from; to < s.n && (is_hex(s.p[to]) || s.p[to] == ':') && to - from < 40; to++) {
		if (s.p[to] != ':') {
			groups += run == 0;
			if (++run > 4)
				return false;
			continue;
		}
		twice += to > from && s.p[to - 1] == ':';
		run = 0;
	}
	if (s.p[to - 1] == ':' && !(to - from > 1 && s.p[to - 2] == ':'))
		to--;
	if (groups > 8 || twice > 1 || (twice ? groups > 7 : groups != 8) || (to < s.n && (is_letter(s.p[to]) || is_digit(s.p[to]))))
		return false;
	*h = (struct hit){from, to, PII_IP};
	return !str_starts_ci(str_from(s, from), STR("2001:db8:")) && !str_starts_ci(str_from(s, from), STR("2001:0db8:"));
}

/* ---- documents and accounts ---- */

static uint32_t sum_of(const struct ident_run *r, uint32_t k)
{
	uint32_t n = 0;
	for (uint32_t i = 0; i < k; i++)
		n += r->length[i];
	return n;
}

/* The groups that make exactly n digits and end there; 0 when none do. */
static size_t exactly(struct str s, const struct ident_run *r, uint32_t n)
{
	for (uint32_t k = 1; k <= r->groups; k++)
		if (sum_of(r, k) == n)
			return (k < r->groups && (r->separator[k] == ' ' || r->separator[k] == '/')) || ends(s, r->end[k - 1]) ? r->end[k - 1] : 0;
	return 0;
}

static bool shaped(const struct ident_run *r, const char *lengths, const char *separators)
{
	uint32_t n = (uint32_t)strlen(lengths);
	if (r->groups < n)
		return false;
	for (uint32_t i = 0; i < n; i++)
		if (r->length[i] != (uint32_t)(lengths[i] - '0') || (i && r->separator[i] != separators[i - 1]))
			return false;
	return true;
}

/* Cards are written in one piece, or in fours (American Express: 4-6-5) with the same blank or hyphen between. */
static bool card_shape(const struct ident_run *r, uint32_t n)
{
	if (r->length[0] == n)
		return true;
	const char *want = n == 16 ? "4444" : n == 15 ? "465" : "99";
	char c = r->groups > 1 ? r->separator[1] : 0, same[4] = {c, c, c, 0};
	return (c == ' ' || c == '-') && shaped(r, want, same);
}

/* 12345678 9 ZZ4 */
static size_t citizen(struct str s, size_t at)
{
	char c[12];
	uint32_t n = 0;
	size_t i = at;
	while (i < s.n && n < 12) {
		char x = s.p[i];
		bool gap = (n == 8 || n == 9) && (x == ' ' || x == '-') && i + 1 < s.n && s.p[i + 1] != ' ';
		if (gap && s.p[i - 1] != ' ' && s.p[i - 1] != '-') {
			i++;
			continue;
		}
		if (n == 9 || n == 10 ? !is_digit(x) && !is_upper(x) : !is_digit(x))
			return 0;
		c[n++] = x;
		i++;
	}
	return n == 12 && (is_upper(c[9]) || is_upper(c[10])) && ends(s, i) && ident_citizen(c) ? i : 0;
}

/* The country's letters stand right before `at`. */
static size_t iban(struct str s, size_t at, size_t done, size_t *from)
{
	char c[36];
	if (at < done + 2 || !is_upper(s.p[at - 1]) || !is_upper(s.p[at - 2]) || word_before(s, at - 2))
		return 0;
	uint32_t want = ident_iban_length(s.p + at - 2), n = 2;
	c[0] = s.p[at - 2], c[1] = s.p[at - 1];
	size_t i = at;
	while (i < s.n && n < want) {
		if ((s.p[i] == ' ' || s.p[i] == '.' || s.p[i] == '-') && i + 1 < s.n && s.p[i + 1] != ' ' && s.p[i + 1] != s.p[i]) {
			i++;
			continue;
		}
		if (!is_digit(s.p[i]) && !is_upper(s.p[i]))
			break;
		c[n++] = s.p[i++];
	}
	*from = at - 2;
	return want && n == want && (i >= s.n || (!is_digit(s.p[i]) && !is_letter(s.p[i]))) && ident_iban(c, n) ? i : 0;
}

/* Passaporte n.º N123456: letters before the digits, and its name before them. */
static size_t passport(struct str s, size_t at, const struct past *past, size_t *from)
{
	size_t done = past->done;
	bool handed;
	size_t a = at, i = at;
	while (a > done && is_upper(s.p[a - 1]) && at - a < 3)
		a--;
	while (i < s.n && is_digit(s.p[i]))
		i++;
	*from = a;
	return at - a >= 1 && at - a <= 2 && !word_before(s, a) && i - at >= 6 && i - at <= 7 && ends(s, i) && label_of(s, a, past, &handed) == IDENT_PASSPORT ? i : 0;
}

/* A line of 44 characters with fill marks: look back from the first of them. */
static bool passport_line(struct str s, size_t at, size_t done, struct hit *h)
{
	size_t from = at, to = at;
	while (from > done && (is_digit(s.p[from - 1]) || is_upper(s.p[from - 1]) || s.p[from - 1] == '<') && at - from < 44)
		from--;
	while (to < s.n && (is_digit(s.p[to]) || is_upper(s.p[to]) || s.p[to] == '<') && to - from < 45)
		to++;
	*h = (struct hit){from, to, PII_PASSPORT};
	return to - from == 44 && ident_passport_line(s.p + from);
}

static bool document(struct str s, size_t at, const struct past *past, struct hit *h)
{
	struct ident_run r;
	bool handed;
	size_t end;
	h->from = at;
	if ((h->to = citizen(s, at))) {
		h->kind = PII_CITIZEN;
		return true;
	}
	ident_read(s, at, &r);
	if (r.n < 7)
		return false;
	enum ident_label l = label_of(s, at, past, &handed);
#define HIT(what) (h->to = end, h->kind = (what), true)
	if ((end = exactly(s, &r, 21)) && ident_nib(r.digit))
		return HIT(PII_IBAN);
	for (uint32_t n = 19; n >= 13; n--)
		if (l != IDENT_OTHER && card_shape(&r, n) && (end = exactly(s, &r, n)) && ident_card(r.digit, n))
			return HIT(PII_CARD);
	if ((end = exactly(s, &r, 14)) && (shaped(&r, "23342", "../-") || l == IDENT_CNPJ) && ident_cnpj(r.digit))
		return HIT(PII_CNPJ);
	if ((end = exactly(s, &r, 11)) && (shaped(&r, "3332", "..-") || l == IDENT_CPF) && ident_cpf(r.digit))
		return HIT(PII_CPF);
	if (l == IDENT_NISS && (end = exactly(s, &r, 11)) && ident_niss(r.digit))
		return HIT(PII_NISS);
	if (l == IDENT_NIF && (end = exactly(s, &r, 9)) && ident_nif(r.digit))
		return HIT(PII_NIF);
	if (l == IDENT_CITIZEN && strspn(r.digit, "0") < 7 && ((end = exactly(s, &r, 9)) || (end = exactly(s, &r, 8)) || (end = exactly(s, &r, 7))) && (r.groups == 1 || r.length[0] >= 7 || (r.length[0] < 3 && r.length[1] == 3)))
		return HIT(PII_CITIZEN);
#undef HIT
	return false;
}

/* PT123456789: a tax number as other states' registers write it. */
static size_t vat(struct str s, size_t at, size_t done, size_t *from)
{
	struct ident_run r;
	ident_read(s, at, &r);
	if (at < done + 2 || memcmp(s.p + at - 2, "PT", 2) != 0 || word_before(s, at - 2) || !r.groups || (r.length[0] != 9 && !shaped(&r, "333", "..") && !shaped(&r, "333", "  ")))
		return 0;
	*from = at - 2;
	return ident_nif(r.digit) ? exactly(s, &r, 9) : 0;
}

/* What begins at a digit. */
static bool number(struct str s, size_t at, const struct past *past, struct hit *h)
{
	size_t done = past->done;
	bool handed;
	h->kind = PII_IBAN;
	if (at > done && is_upper(s.p[at - 1])) {
		if ((h->to = iban(s, at, done, &h->from)))
			return true;
		h->kind = PII_PASSPORT;
		if ((h->to = passport(s, at, past, &h->from)))
			return true;
		h->kind = PII_NIF;
		return (h->to = vat(s, at, done, &h->from)) != 0;
	}
	if (!starts(s, at))
		return false;
	h->from = at;
	h->kind = PII_IP;
	if ((h->to = ipv4(s, at, past)))
		return true;
	if (document(s, at, past, h))
		return true;
	h->kind = PII_PHONE;
	if (str_starts(str_from(s, at), str_of(masks[PII_SAMPLES][PII_PHONE])) || str_starts(str_from(s, at), str_of(masks[PII_SAMPLES][PII_IP])))
		return false;
	enum ident_label l = label_of(s, at, past, &handed);
	return (h->to = phone_at(s, at, l, handed)) != 0;
}

/* Most numbers in a text are years and counts: fewer than six digits up to what ends a number, and not three dots. */
static bool enough(struct str s, size_t at)
{
	uint32_t digits = 0, dots = 0;
	size_t end = at + 28 < s.n ? at + 28 : s.n;
	if (at && is_upper(s.p[at - 1]))
		return true;
	if (s.p[at] == '0' && at + 1 < s.n && (s.p[at + 1] == 'x' || s.p[at + 1] == 'X'))
		return true; /* 0xx11 3456-7890 */
	for (size_t i = at; i < end && digits < 6 && dots < 3; i++) {
		unsigned char c = (unsigned char)s.p[i];
		digits += is_digit((char)c);
		dots += c == '.';
		if (!is_digit((char)c) && c != '.' && c != ' ' && c != '-' && c != '/' && c != '(' && c != ')' && c < 0x80)
			break;
	}
	return digits >= 6 || dots >= 3;
}

static bool find(struct str s, size_t at, const struct past *past, struct hit *h)
{
	size_t done = past->done;
	char c = s.p[at];
	bool handed;
	*h = (struct hit){.from = at};
	if (is_digit(c))
		return !(at > done && is_digit(s.p[at - 1])) && enough(s, at) && number(s, at, past, h);
	switch (c) {
	case '@':
		return email(s, at, done, h);
	case ':':
		return ipv6(s, at, done, h);
	case '<':
		return at > 0 && passport_line(s, at, done, h);
	case '[':
	case '{':
		return hidden_email(s, at, done, h);
	case '(':
		if (hidden_email(s, at, done, h))
			return true;
		*h = (struct hit){.from = at};
		/* fall through */
	default: /* '+' */
		h->kind = PII_PHONE;
		if (at + 1 >= s.n || !(is_digit(s.p[at + 1]) || s.p[at + 1] == '+' || c == '+') || word_before(s, at))
			return false;
		enum ident_label l = label_of(s, at, past, &handed);
		return (h->to = phone_at(s, at, l, handed)) != 0;
	}
}

/* The next byte from i on that something may begin or end at; s.n when there is none. */
static size_t next_trigger(struct str s, size_t i)
{
	static const char triggers[256] = {['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1, ['6'] = 1, ['7'] = 1, ['8'] = 1, ['9'] = 1,
					   ['@'] = 1, [':'] = 1, ['<'] = 1, ['['] = 1, ['{'] = 1, ['('] = 1, ['+'] = 1};
	for (;;) {
#ifdef __SSE2__
		/* 0 to <, ( to +, @, [ and {: some more than wanted. */
		while (s.n - i >= 16) {
			__m128i v = _mm_loadu_si128((const __m128i *)(s.p + i));
			__m128i digit = _mm_cmpeq_epi8(_mm_min_epu8(_mm_sub_epi8(v, _mm_set1_epi8('0')), _mm_set1_epi8(12)), _mm_sub_epi8(v, _mm_set1_epi8('0')));
			__m128i mark = _mm_cmpeq_epi8(_mm_and_si128(v, _mm_set1_epi8((char)0xFC)), _mm_set1_epi8('('));
			__m128i open = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('@')), _mm_cmpeq_epi8(_mm_and_si128(v, _mm_set1_epi8((char)0xDF)), _mm_set1_epi8('[')));
			int m = _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(digit, mark), open));
			if (m) {
				i += (size_t)__builtin_ctz((unsigned)m);
				break;
			}
			i += 16;
		}
#endif
		if (i >= s.n || triggers[(unsigned char)s.p[i]])
			return i;
		i++;
	}
}

bool pii_mask(struct str s, enum pii_style style, struct buf *out, uint32_t counts[PII_KINDS])
{
	struct past past = {0};
	struct hit h;
	buf_clear(out);
	for (size_t i = 0; (i = next_trigger(s, i)) < s.n; i++) {
		if (!find(s, i, &past, &h))
			continue;
		struct str between = str_range(s.p + past.done, s.p + h.from);
		buf_add(out, between.p, between.n);
		buf_z(out, masks[style][h.kind]);
		past_add(&past, between);
		past_add(&past, str_of(masks[PII_TAGS][h.kind]));
		counts[h.kind]++;
		past.done = h.to;
		i = h.to - 1;
	}
	if (!past.done)
		return false;
	buf_add(out, s.p + past.done, s.n - past.done);
	return true;
}
