#include "crawl/http.h"

#include "crawl/coding.h"

static struct str lower(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);
	for (size_t i = 0; i < s.n; i++)
		p[i] = (char)str_lower1((unsigned char)s.p[i]);
	return (struct str){p, s.n};
}

static struct str unquote(struct str s)
{
	s = str_trim(s);
	while (s.n && (s.p[0] == '"' || s.p[0] == '\''))
		s = str_from(s, 1);
	while (s.n && (s.p[s.n - 1] == '"' || s.p[s.n - 1] == '\'' || s.p[s.n - 1] == ';'))
		s.n--;
	return str_trim(s);
}

static void content_type(struct http *h, struct str value, struct arena *a)
{
	struct str rest, type = str_trim(str_cut(value, ';', &rest));
	size_t comma = str_chr(type, ',');
	h->mime = lower(a, str_trim(str_head(type, comma)));
	size_t at = str_find_ci(value, STR("charset="));
	if (at < value.n) {
		struct str after, c = str_cut(str_from(value, at + 8), ';', &after);
		h->charset = unquote(str_cut(c, ',', &after));
	}
}

static void field(struct http *h, struct str name, struct str value, struct arena *a)
{
	uint64_t v;
	if (str_eq_ci(name, STR("Content-Type")) && value.n)
		content_type(h, value, a);
	else if (str_eq_ci(name, STR("Transfer-Encoding")))
		h->transfer_coding = value;
	else if (str_eq_ci(name, STR("Content-Encoding")))
		h->content_coding = value;
	else if (str_eq_ci(name, STR("Content-Language")))
		h->language = value;
	else if (str_eq_ci(name, STR("X-Robots-Tag")))
		h->robots = h->robots.n ? arena_printf(a, "%.*s,%.*s", STR_ARG(h->robots), STR_ARG(value)) : value; /* may be there several times */
	else if (str_eq_ci(name, STR("tdm-reservation")))
		h->tdm = value;
	else if (str_eq_ci(name, STR("Content-Length")) && str_u64(value, &v)) {
		h->has_length = true;
		h->length = v;
	}
}

static uint32_t status_of(struct str line)
{
	size_t sp = str_chr(line, ' ');
	struct str s = str_trim(str_from(line, sp));
	uint32_t v = 0;
	for (size_t i = 0; i < s.n && i < 3 && s.p[i] >= '0' && s.p[i] <= '9'; i++)
		v = v * 10 + (uint32_t)(s.p[i] - '0');
	return v;
}

bool http_parse(struct http *h, struct str block, struct arena *a)
{
	*h = (struct http){.body = block};
	if (!str_starts_ci(block, STR("HTTP/")))
		return false;
	struct str rest = block, line = str_cut(rest, '\n', &rest);
	h->status = status_of(str_trim(line));
	while (rest.n) {
		struct str value, name;
		/* Servers of the first years forgot the empty line: markup ends the head. */
		if (rest.p[0] == '<')
			break;
		line = str_cut(rest, '\n', &rest);
		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		if (!line.n)
			break;
		name = str_cut(line, ':', &value);
		if (value.p)
			field(h, str_trim(name), str_trim(value), a);
	}
	h->body = rest.p ? rest : (struct str){block.p + block.n, 0};
	return true;
}

/* Codings apply in the order listed (RFC 9110 section 8.4): undo from the last. */
static void undo(struct str list, size_t max, struct arena *a, struct http_body *out)
{
	for (int n = 0; list.n && n < HTTP_CODINGS_MAX; n++) {
		size_t comma = list.n;
		while (comma && list.p[comma - 1] != ',')
			comma--;
		struct str name = str_trim(str_from(list, comma)), plain;
		list.n = comma ? comma - 1 : 0;
		int rc = coding_undo(name, out->bytes, max, a, &plain);
		if (rc == CODING_NONE)
			continue;
		if (rc == CODING_NOT) {
			out->lied = true;
			return;
		}
		out->cut |= rc == CODING_CUT;
		out->bytes = plain;
	}
}

void http_decode(const struct http *h, size_t max, struct arena *a, struct http_body *out)
{
	max = max < HTTP_BODY_MAX ? max : HTTP_BODY_MAX;
	*out = (struct http_body){.bytes = h->body};
	undo(h->transfer_coding, max, a, out);
	undo(h->content_coding, max, a, out);
}
