#include "filter/pii.h"

const char *const pii_names[PII_KINDS] = {"pii_email", "pii_ip", "pii_phone"};
static const char *const masks[PII_KINDS] = {"<email>", "<ip>", "<telefone>"};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool is_mail(char c)
{
	return (is_word(c) && (unsigned char)c < 0x80) || c == '.' || c == '_' || c == '-' || c == '+' || c == '%';
}

/* The address around the @ at `at`: *from..*to. */
static bool email(struct str s, size_t at, size_t done, size_t *from, size_t *to)
{
	size_t a = at, b = at + 1, dots = 0, last = 0;
	while (a > done && is_mail(s.p[a - 1]))
		a--;
	while (a < at && (s.p[a] == '.' || s.p[a] == '-'))
		a++;
	while (b < s.n && is_mail(s.p[b]) && s.p[b] != '_' && s.p[b] != '+' && s.p[b] != '%') {
		if (s.p[b] == '.') {
			dots++;
			last = b;
		}
		b++;
	}
	while (b > at + 1 && (s.p[b - 1] == '.' || s.p[b - 1] == '-'))
		b--;
	/* The last label is a top-level domain: two letters or more. */
	while (dots && last >= b) {
		dots--;
		for (last = b; last > at && s.p[last] != '.'; last--)
			;
	}
	if (a == at || !dots || b - last < 3)
		return false;
	for (size_t i = last + 1; i < b; i++)
		if (is_digit(s.p[i]))
			return false;
	*from = a;
	*to = b;
	return true;
}

/* Four numbers up to 255 with dots, not private, not part of something longer (a version, a date). */
static size_t ipv4(struct str s, size_t at)
{
	unsigned part[4];
	size_t i = at;
	for (int k = 0; k < 4; k++) {
		size_t digits = 0;
		part[k] = 0;
		while (i < s.n && is_digit(s.p[i]) && digits < 4)
			part[k] = part[k] * 10 + (unsigned)(s.p[i++] - '0'), digits++;
		if (!digits || digits > 3 || part[k] > 255 || (digits > 1 && s.p[i - digits] == '0'))
			return 0;
		if (k < 3 && (i >= s.n || s.p[i++] != '.'))
			return 0;
	}
	if (i < s.n && (is_word(s.p[i]) || (s.p[i] == '.' && i + 1 < s.n && is_digit(s.p[i + 1]))))
		return 0;
	bool private = part[0] == 10 || part[0] == 127 || part[0] == 0 || (part[0] == 192 && part[1] == 168) || (part[0] == 172 && part[1] >= 16 && part[1] < 32) ||
		       (part[0] == 169 && part[1] == 254) || part[0] >= 224;
	return private ? 0 : i - at;
}

/* Digits from `at`, single blanks, dots, hyphens or brackets between groups: the digits without separators, and where they end. */
static size_t digits_of(struct str s, size_t at, char out[20], size_t *groups)
{
	size_t n = 0, i = at, end = at;
	*groups = 0;
	bool in = false;
	while (i < s.n && n < 19) {
		char c = s.p[i];
		if (is_digit(c)) {
			*groups += !in;
			in = true;
			out[n++] = c;
			end = ++i;
		} else if ((c == ' ' || c == '.' || c == '-' || c == '(' || c == ')') && i + 1 < s.n) {
			in = false;
			i++;
			if (c == ')' && s.p[i] == ' ')
				i++;
			if (!is_digit(s.p[i]) && s.p[i] != '(')
				break;
		} else {
			break;
		}
	}
	out[n] = 0;
	return end;
}

/* Length of a phone number at `at`, or 0. Portuguese: nine digits from 2, 3 (geographic, business lines), 9 (mobile 91 92 93 96), as 9 or
 * 3+3+3, 2+3+2+2. Brazilian: (two-digit area) and 8 or 9 digits. Any country: + and 8 to 15 digits. */
static size_t phone(struct str s, size_t at)
{
	char d[20];
	size_t groups, end;
	bool plus = s.p[at] == '+', bracket = s.p[at] == '(';
	end = digits_of(s, at + plus + (size_t)(bracket && at + 1 < s.n), d, &groups);
	size_t n = strlen(d);
	if (end < s.n && (is_word(s.p[end]) || s.p[end] == '%' || s.p[end] == '/' || (s.p[end] == ',' && end + 1 < s.n && is_digit(s.p[end + 1]))))
		return 0;
	if (plus)
		return n >= 8 && n <= 15 ? end - at : 0;
	if (bracket)
		return (n == 10 || n == 11) && memchr(s.p + at, ')', 4) ? end - at : 0;
	if (n == 14 && strncmp(d, "00351", 5) == 0)
		return end - at;
	if (n != 9 || groups > 4)
		return 0;
	bool mobile = d[0] == '9' && (d[1] == '1' || d[1] == '2' || d[1] == '3' || d[1] == '6');
	bool fixed = d[0] == '2' && d[1] >= '1';
	return mobile || fixed ? end - at : 0;
}

static void put(struct str s, size_t *done, size_t from, size_t to, enum pii_kind k, struct buf *out, uint32_t counts[PII_KINDS])
{
	buf_add(out, s.p + *done, from - *done);
	buf_z(out, masks[k]);
	counts[k]++;
	*done = to;
}

bool pii_mask(struct str s, struct buf *out, uint32_t counts[PII_KINDS])
{
	size_t done = 0;
	buf_clear(out);
	for (size_t i = 0; i < s.n; i++) {
		size_t from, to, n;
		char c = s.p[i];
		if (c != '@' && c != '+' && c != '(' && !is_digit(c))
			continue;
		bool starts = i == 0 || (!is_word(s.p[i - 1]) && !(i > 1 && (s.p[i - 1] == '.' || s.p[i - 1] == ',' || s.p[i - 1] == '-' || s.p[i - 1] == '/') && is_digit(s.p[i - 2])));
		if (c == '@' && email(s, i, done, &from, &to)) {
			put(s, &done, from, to, PII_EMAIL, out, counts);
			i = to - 1;
		} else if (starts && is_digit(c) && (n = ipv4(s, i))) {
			put(s, &done, i, i + n, PII_IP, out, counts);
			i += n - 1;
		} else if (starts && c != '@' && (n = phone(s, i))) {
			put(s, &done, i, i + n, PII_PHONE, out, counts);
			i += n - 1;
		}
	}
	if (!done)
		return false;
	buf_add(out, s.p + done, s.n - done);
	return true;
}
