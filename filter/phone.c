#include "filter/phone.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* What stands behind text[end] lets a number end there. */
static bool ends(struct str s, size_t end)
{
	if (end >= s.n)
		return true;
	unsigned char c = (unsigned char)s.p[end];
	if (is_digit((char)c) || c == '%' || c == '_' || ((c | 32) >= 'a' && (c | 32) <= 'z') || (c >= 0xC3 && c <= 0xDF))
		return false;
	return !((c == ',' || c == ':' || c == '.') && end + 1 < s.n && is_digit(s.p[end + 1]));
}

static bool shape(const struct ident_run *r, uint32_t from, uint32_t groups, const char *want)
{
	for (uint32_t i = 0; i < groups; i++)
		if (!want[i] || r->length[from + i] != (uint32_t)(want[i] - '0'))
			return false;
	return !want[groups];
}

static uint32_t digits_of(const struct ident_run *r, uint32_t from, uint32_t groups)
{
	uint32_t n = 0;
	for (uint32_t i = 0; i < groups; i++)
		n += r->length[from + i];
	return n;
}

static uint32_t offset_of(const struct ident_run *r, uint32_t group)
{
	return digits_of(r, 0, group);
}

static bool all_zero(const char *d, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (d[i] != '0')
			return false;
	return true;
}

/* Nine digits of a mobile or a fixed line. */
static bool line_number(const char *d)
{
	bool mobile = d[0] == '9' && (d[1] == '1' || d[1] == '2' || d[1] == '3' || d[1] == '6');
	bool fixed = (d[0] == '2' && d[1] != '0') || (d[0] == '3' && d[1] == '0');
	return (mobile || fixed) && !all_zero(d + 3, 6);
}

static bool service(const char *d, uint32_t n)
{
	return n >= 9 && (memcmp(d, "800", 3) == 0 || memcmp(d, "808", 3) == 0 || memcmp(d, "707", 3) == 0 || memcmp(d, "760", 3) == 0 || memcmp(d, "761", 3) == 0 || memcmp(d, "762", 3) == 0 ||
			  memcmp(d, "0800", 4) == 0 || memcmp(d, "0300", 4) == 0 || memcmp(d, "0900", 4) == 0);
}

/* Groups of a Portuguese number that begins at group `from`; 0 when it is none. */
static uint32_t portuguese(const struct ident_run *r, uint32_t from, bool named)
{
	static const char *const shapes[] = {"9", "333", "234", "2322", "27", "36", "3222", "243", "2223", "54", "324"};
	const char *d = r->digit + offset_of(r, from);
	for (uint32_t k = 1; k <= 4 && from + k <= r->groups; k++) {
		if (digits_of(r, from, k) != 9 || !line_number(d))
			continue;
		bool dots = false, known = false, slash = false;
		for (uint32_t i = 1; i < k; i++) {
			dots |= r->separator[from + i] == '.';
			slash |= r->separator[from + i] == '/';
		}
		for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++)
			known |= shape(r, from, k, shapes[i]);
		bool rare = shape(r, from, k, "54") || shape(r, from, k, "324") || shape(r, from, k, "243");
		if (!known || slash || (!named && (rare || (k == 1 && d[0] != '9'))) || (!named && dots && shape(r, from, k, "333")))
			continue;
		return k;
	}
	return 0;
}

static bool year(const char *d)
{
	return memcmp(d, "19", 2) == 0 || memcmp(d, "20", 2) == 0;
}

/* A date, or the two years of a season. */
static bool date(const struct ident_run *r)
{
	const char *d = r->digit;
	if (r->groups == 2 && r->length[0] == 4 && (r->length[1] == 4 || r->length[1] == 2))
		return year(d);
	if (r->groups != 3)
		return false;
	bool last = r->length[0] <= 2 && r->length[1] <= 2 && r->length[2] == 4, first = r->length[0] == 4 && r->length[1] <= 2 && r->length[2] <= 2;
	const char *y = last ? d + r->length[0] + r->length[1] : d;
	return (last || first) && year(y);
}

/* (11) 98765-4321, (011) 3456-7890; 11 98765-4321. */
static uint32_t brazilian(const struct ident_run *r, bool named)
{
	uint32_t area = r->length[0] - (r->length[0] == 3 && r->digit[0] == '0');
	const char *d = r->digit + r->length[0] - area, *rest = r->digit + r->length[0];
	if (r->groups < 2 || area != 2 || d[0] == '0' || d[1] == '0')
		return 0;
	bool hyphen = r->groups >= 3 && r->length[2] == 4 && (r->separator[2] == '-' || r->separator[2] == ' ' || r->separator[2] == '.');
	if (r->bracket) {
		if (hyphen && (r->length[1] == 5 || r->length[1] == 4) && !(r->length[1] == 4 && year(rest) && year(rest + 4)))
			return 3;
		return r->length[1] == 8 || r->length[1] == 9 ? 2 : 0;
	}
	return hyphen && r->length[1] == 5 && rest[0] == '9' && (r->separator[2] == '-' || named) ? 3 : 0;
}

/* (01) 234 56 78, (053) 27 12 34: Portugal before 1999. */
static uint32_t old(const struct ident_run *r, bool named)
{
	uint32_t n = 0, k = 1;
	if (!r->bracket || r->digit[0] != '0' || r->length[0] < 2 || r->length[0] > 4)
		return 0;
	for (; k < r->groups && n < 7; k++)
		n += r->length[k];
	return n >= 5 && n <= 7 && (named || k >= 3) ? k : 0;
}

/* Country codes of ITU-T E.164 by their first two digits: how many digits the code has. */
static uint32_t country_code(const char *d)
{
	static const char three[] = "21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 69 80 85 87 88 96 97 99 ";
	static const char two[] = "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 ";
	if (d[0] == '1' || d[0] == '7')
		return 1;
	for (const char *t = three; *t; t += 3)
		if (t[0] == d[0] && t[1] == d[1])
			return 3;
	for (const char *t = two; *t; t += 3)
		if (t[0] == d[0] && t[1] == d[1])
			return 2;
	return 0;
}

static size_t international(struct str s, size_t at, bool named)
{
	struct ident_run r;
	size_t i = at + 1 + (at + 1 < s.n && s.p[at + 1] == ' ');
	if (i < s.n && s.p[i] == '(')
		i++;
	if (i >= s.n || !is_digit(s.p[i]))
		return 0;
	ident_read(s, i, &r);
	for (uint32_t k = r.groups; k > 0; k--) {
		uint32_t n = digits_of(&r, 0, k), code = country_code(r.digit);
		bool thousands = k > 1;
		for (uint32_t g = 1; g < k; g++)
			thousands &= r.length[g] == 3 && (r.separator[g] == '.' || (r.separator[g] == ' ' && code != 3));
		thousands &= !(memcmp(r.digit, "351", 3) == 0 && n == 12 && r.length[0] == 3);
		bool fits = code == 1 ? n == 11 : n >= 9 && n <= 15;
		if (memcmp(r.digit, "351", 3) == 0)
			fits = n == 12 || (n >= 9 && n <= 13 && named);
		if (fits && code && !thousands && ends(s, r.end[k - 1]) && !ident_is_amount(s, r.end[k - 1]))
			return r.end[k - 1];
	}
	return 0;
}

/* Is what follows group k of the run no part of the number? Another number may. */
static bool stands_alone(struct str s, const struct ident_run *r, uint32_t k, bool named)
{
	if (k == r->groups)
		return ends(s, r->end[k - 1]) && (named || !ident_is_amount(s, r->end[k - 1]));
	char c = r->separator[k];
	bool post_code = c == '-' && r->groups >= k + 2 && r->length[k] == 4 && r->length[k + 1] == 3;
	return post_code || c == '/' || c == '(' || (c == ' ' && (named || portuguese(r, k, named))) || (c == '-' && portuguese(r, k, named));
}

/* 0xx11 3456-7890, (0xx11) 3456-7890: where xx stands for the company that carries the call. */
static size_t by_company(struct str s, size_t at)
{
	struct ident_run r;
	size_t zero = at + (s.p[at] == '(');
	if (!str_starts_ci(str_from(s, zero), STR("0xx")) || zero + 3 >= s.n || !is_digit(s.p[zero + 3]))
		return 0;
	ident_read(s, zero + 3, &r);
	r.bracket = true;
	uint32_t k = r.groups ? brazilian(&r, true) : 0;
	return k && ends(s, r.end[k - 1]) ? r.end[k - 1] : 0;
}

size_t phone_at(struct str s, size_t at, enum ident_label label, bool handed)
{
	struct ident_run r;
	bool named = label == IDENT_PHONE, line = named || label == IDENT_LINE;
	uint32_t k;
	if (label != IDENT_NONE && !line && !handed && label != IDENT_CARD && label != IDENT_IP)
		return 0;
	if (s.p[at] == '+')
		return international(s, at, named);
	if (s.p[at] == '(' && at + 1 < s.n && s.p[at + 1] == '+')
		return international(s, at + 1, named);
	size_t carried = by_company(s, at);
	if (carried)
		return carried;
	ident_read(s, at, &r);
	if (!r.groups || r.n < 6 || service(r.digit, r.n))
		return 0;
	/* 0044 20 7946 0958: the country's code and the two zeros are one group. */
	bool abroad = r.groups >= 3 && r.length[0] >= 3 && r.length[0] <= 5 && r.separator[1] != '.';
	if (memcmp(r.digit, "00", 2) == 0 && r.n >= 11 && r.n <= 17 && country_code(r.digit + 2) && ends(s, r.end[r.groups - 1]) && (named || abroad || memcmp(r.digit, "00351", 5) == 0))
		return r.end[r.groups - 1];
	if (r.length[0] == 3 && memcmp(r.digit, "351", 3) == 0 && (k = portuguese(&r, 1, true)) && stands_alone(s, &r, k + 1, true))
		return r.end[k];
	if ((k = portuguese(&r, 0, line)) && !r.bracket && stands_alone(s, &r, k, named))
		return r.end[k - 1];
	if (((k = brazilian(&r, named)) || (k = old(&r, named))) && stands_alone(s, &r, k, named))
		return r.end[k - 1];
	bool post_code = r.groups >= 2 && r.length[0] == 4 && r.length[1] == 3 && r.separator[1] == '-';
	if (!named || date(&r) || r.n > 15 || r.n == IDENT_DIGITS || (handed && post_code))
		return 0;
	/* Groups of two digits or more, as many as make a number. */
	for (k = r.groups; k > 0; k--)
		if (digits_of(&r, 0, k) <= 13 && digits_of(&r, 0, k) >= 6 && ends(s, r.end[k - 1]) && !ident_is_amount(s, r.end[k - 1]))
			return r.end[k - 1];
	return 0;
}
