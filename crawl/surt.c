#include "crawl/surt.h"

#include "core/own.h"

#include <stdlib.h>

static int hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Undo %XX until nothing changes. Each undoing shortens, so going back two bytes is enough to see what it gave rise to. */
static size_t unescape(char *p, size_t n)
{
	size_t to = 0;
	for (size_t i = 0; i < n; i++) {
		p[to++] = p[i];
		while (to >= 3 && p[to - 3] == '%' && hex(p[to - 2]) >= 0 && hex(p[to - 1]) >= 0) {
			p[to - 3] = (char)(hex(p[to - 2]) * 16 + hex(p[to - 1]));
			to -= 2;
		}
	}
	return to;
}

static void escape(struct buf *out, struct str s)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c <= 0x20 || c >= 0x7F || c == '#' || c == '%') {
			buf_byte(out, '%');
			buf_byte(out, digits[c >> 4]);
			buf_byte(out, digits[c & 15]);
		} else {
			buf_byte(out, (char)str_lower1(c));
		}
	}
}

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "www." and "www2." */
static struct str without_www(struct str h)
{
	size_t i = 3;
	if (!str_starts_ci(h, STR("www")))
		return h;
	while (i < h.n && h.p[i] >= '0' && h.p[i] <= '9')
		i++;
	return i < h.n && h.p[i] == '.' ? str_from(h, i + 1) : h;
}

static void reversed(struct buf *out, struct str h)
{
	bool first = true;
	while (h.n) {
		size_t i = h.n;
		while (i && h.p[i - 1] != '.')
			i--;
		if (!first)
			buf_byte(out, ',');
		first = false;
		escape(out, str_from(h, i));
		h.n = i ? i - 1 : 0;
	}
}

void surt_put_host(struct buf *out, struct str host)
{
	char copy[1024];
	size_t n = host.n < sizeof(copy) ? host.n : sizeof(copy), to = 0;
	memcpy(copy, host.p ? host.p : "", n);
	n = unescape(copy, n);
	for (size_t i = 0; i < n; i++)
		if (copy[i] != '.' || (to && copy[to - 1] != '.'))
			copy[to++] = copy[i];
	while (to && copy[to - 1] == '.')
		to--;
	reversed(out, without_www((struct str){copy, to}));
}

/* ASP.NET without cookies: "/(S(24 letters))/x.aspx" and "/(24 letters)/x.aspx": the part in parentheses, in *from and *to. */
static bool session_in_path(struct str p, size_t *from, size_t *to)
{
	if (str_find_ci(p, STR(".aspx")) == p.n)
		return false;
	for (size_t i = p.n; i-- > 1;) {
		size_t at = i + 1, groups = 0;
		if (p.p[i] != '(' || p.p[i - 1] != '/')
			continue;
		for (;;) {
			bool lettered = at + 2 < p.n && is_alnum(p.p[at]) && p.p[at + 1] == '(';
			size_t k = lettered ? at + 2 : at, n = 0;
			while (k + n < p.n && is_alnum(p.p[k + n]) && n < 25)
				n++;
			if (n != 24 || (!lettered && groups))
				break;
			at = k + n + (lettered ? 1 : 0);
			groups++;
			if (at + 1 < p.n && p.p[at] == ')' && p.p[at + 1] == '/' && str_find_ci(str_from(p, at + 2), STR(".aspx")) > 0) {
				*from = i;
				*to = at + 2;
				return str_find_ci(str_from(p, at + 2), STR(".aspx")) < p.n - at - 2;
			}
			if (!lettered)
				break;
		}
	}
	return false;
}

/* Segments without "." and "//", ".." resolved, without the last slash. */
static void put_path(struct buf *out, struct str path)
{
	struct str keep[512];
	size_t n = 0, from, to;
	char *copy = own_alloc(path.n + 1);
	memcpy(copy, path.p ? path.p : "", path.n);
	struct str rest = {copy, unescape(copy, path.n)};
	if (session_in_path(rest, &from, &to)) {
		memmove(copy + from, copy + to, rest.n - to);
		rest.n -= to - from;
	}
	while (rest.p) {
		struct str s = str_cut(rest, '/', &rest);
		if (str_eq(s, STR("..")))
			n -= n > 0;
		else if (s.n && !str_eq(s, STR(".")) && n < sizeof(keep) / sizeof(*keep))
			keep[n++] = s;
	}
	for (size_t i = 0; i < n; i++) {
		buf_byte(out, '/');
		escape(out, keep[i]);
	}
	if (!n)
		buf_byte(out, '/');
	free(copy);
}

enum { SESSIONS = 5 };

/* How long the session id of the given kind is that begins at s, with its name; 0 = none does. */
static size_t session(struct str s, unsigned kind)
{
	static const char *const names[SESSIONS] = {"jsessionid=", "phpsessid=", "sid=", "aspsessionid", "cfid="};
	size_t n = strlen(names[kind]), end = n + 32;
	if (!str_starts_ci(s, str_of(names[kind])))
		return 0;
	if (kind < 3) {
		while (n < s.n && n < end && is_alnum(s.p[n]))
			n++;
		return n == end && (n == s.n || s.p[n] == '&') ? n : 0;
	}
	if (kind == 3)
		return s.n >= 45 && s.p[20] == '=' && (s.n == 45 || s.p[45] == '&') ? 45 : 0;
	size_t amp = str_chr(s, '&');
	struct str t = str_from(s, amp);
	end = str_chr(str_from(t, 1), '&') + 1;
	return amp > n && str_starts_ci(t, STR("&cftoken=")) && end > 9 ? amp + end : 0;
}

/* The last one of each kind is taken out, with the & behind it. */
static size_t without_sessions(char *p, size_t n)
{
	for (unsigned kind = 0; kind < SESSIONS; kind++)
		for (size_t i = n; i-- > 0;) {
			size_t gone = session((struct str){p + i, n - i}, kind);
			if (!gone)
				continue;
			gone += i + gone < n;
			memmove(p + i, p + i + gone, n - i - gone);
			n -= gone;
			break;
		}
	return n;
}

/* A name with "=" and a value sorts behind the name alone. */
static int by_argument(const void *a, const void *b)
{
	struct str x = *(const struct str *)a, y = *(const struct str *)b, xv, yv;
	struct str xn = str_cut(x, '=', &xv), yn = str_cut(y, '=', &yv);
	int c = str_cmp(xn, yn);
	if (c || !xv.p || !yv.p)
		return c ? c : (xv.p != NULL) - (yv.p != NULL);
	return str_cmp(xv, yv);
}

static void put_query(struct buf *out, struct str query)
{
	struct buf low;
	buf_init(&low, SURT_MAX * 4);
	char *copy = own_alloc(query.n + 1);
	memcpy(copy, query.p, query.n);
	struct str q = {copy, without_sessions(copy, unescape(copy, query.n))};
	escape(&low, q);
	struct str *args = own_alloc((low.n + 1) * sizeof(*args)), rest = buf_view(&low);
	size_t n = 0;
	while (rest.p && low.n)
		args[n++] = str_cut(rest, '&', &rest);
	qsort(args, n, sizeof(*args), by_argument);
	for (size_t i = 0; i < n; i++) {
		buf_byte(out, i ? '&' : '?');
		buf_str(out, args[i]);
	}
	free(args);
	free(copy);
	buf_free(&low);
}

static struct str default_port(struct str scheme)
{
	return str_eq_ci(scheme, STR("http")) ? STR("80") : str_eq_ci(scheme, STR("https")) ? STR("443") : (struct str){0};
}

void surt_put(struct buf *out, struct str url)
{
	url = str_trim(str_head(url, SURT_MAX));
	if (!url.n) {
		buf_byte(out, '-');
		return;
	}
	size_t colon = str_chr(url, ':');
	struct str scheme = STR("http"), s = url, after, query;
	bool has_scheme = colon < url.n && str_chr(str_head(url, colon), '.') == colon && str_chr(str_head(url, colon), '/') == colon;
	if (has_scheme && (!str_starts(str_from(url, colon), STR("://")) || str_starts_ci(url, STR("filedesc:")))) {
		buf_str(out, url);
		return;
	}
	if (has_scheme) {
		scheme = str_head(url, colon);
		s = str_from(url, colon + 3);
	}
	s = str_cut(s, '#', &after);
	s = str_cut(s, '?', &query);
	size_t slash = str_chr(s, '/');
	struct str host = str_head(s, slash), port;
	size_t user = host.n;
	while (user && host.p[user - 1] != '@')
		user--;
	host = str_cut(str_from(host, user), ':', &port);
	surt_put_host(out, host);
	if (port.n && !str_eq(port, default_port(scheme))) {
		buf_byte(out, ':');
		buf_str(out, port);
	}
	buf_byte(out, ')');
	put_path(out, str_from(s, slash));
	if (query.n)
		put_query(out, query);
}
