#include "crawl/memento.h"

#include "core/doc.h"

#include <stdio.h>
#include <time.h>

int64_t memento_date(struct str s)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char text[40], month[4], iso[40];
	unsigned day, year, h, m, sec;
	snprintf(text, sizeof(text), "%.*s", (int)(s.n < 39 ? s.n : 39), s.p ? s.p : "");
	if (sscanf(text, "%*3s, %2u %3s %4u %2u:%2u:%2u", &day, month, &year, &h, &m, &sec) != 6)
		return DATE_NONE;
	const char *at = strstr(months, month);
	if (!at || (at - months) % 3)
		return DATE_NONE;
	snprintf(iso, sizeof(iso), "%04u-%02u-%02uT%02u:%02u:%02uZ", year, (unsigned)(at - months) / 3 + 1, day, h, m, sec);
	return doc_date_parse(str_of(iso));
}

enum memento memento_judge(const struct reply *r, int64_t date)
{
	if (!r->status)
		return str_starts(str_of(r->error), STR("more than")) ? MEMENTO_LARGE : MEMENTO_LATER;
	int64_t when = memento_date(client_header(r, STR("Memento-Datetime")));
	/* With a date it is a capture, whatever its status: archives hold captured errors too. */
	if (when != DATE_NONE)
		return when == date ? MEMENTO_IT : MEMENTO_OTHER;
	if (r->status == 429 || r->status >= 500)
		return MEMENTO_LATER;
	return MEMENTO_NONE;
}

double memento_pause(const struct reply *r, unsigned tries)
{
	double least = (double)(1u << (tries < 9 ? tries : 9));
	struct str after = client_header(r, STR("Retry-After"));
	uint64_t seconds;
	if (str_u64(after, &seconds))
		return (double)seconds > least ? (double)seconds : least;
	int64_t when = after.n ? memento_date(after) : DATE_NONE;
	double left = when == DATE_NONE ? 0 : (double)(when - (int64_t)time(NULL));
	return left > least ? left : least;
}

static bool seen(struct str fields, struct str name)
{
	while (fields.n) {
		struct str value, line = str_cut(fields, '\n', &fields);
		if (str_eq_ci(str_trim(str_cut(line, ':', &value)), name))
			return true;
	}
	return false;
}

void memento_response(const struct reply *r, struct buf *out)
{
	static const struct str orig = {"X-Archive-Orig-", 15};
	static const char *const plain[] = {"Content-Type", "Content-Encoding", "Content-Language", "X-Robots-Tag", "tdm-reservation"};
	struct str rest, line = str_trim(str_cut(buf_view(&r->head), '\n', &rest)), reason, value;
	struct buf fields;
	str_cut(line, ' ', &reason);
	str_cut(reason, ' ', &reason);
	buf_printf(out, "HTTP/1.1 %ld %.*s\r\n", r->status, STR_ARG(reason));
	buf_init(&fields, BUF_NO_MAX);
	while (rest.n) {
		line = str_trim(str_cut(rest, '\n', &rest));
		struct str name = str_trim(str_cut(line, ':', &value));
		if (!value.p || !str_starts_ci(name, orig))
			continue;
		name = str_from(name, orig.n);
		if (str_eq_ci(name, STR("Transfer-Encoding")) || str_eq_ci(name, STR("Content-Length")))
			continue;
		buf_printf(&fields, "%.*s: %.*s\r\n", STR_ARG(name), STR_ARG(str_trim(value)));
	}
	for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++) {
		value = client_header(r, str_of(plain[i]));
		if (value.n && !seen(buf_view(&fields), str_of(plain[i])))
			buf_printf(&fields, "%s: %.*s\r\n", plain[i], STR_ARG(value));
	}
	buf_str(out, buf_view(&fields));
	buf_printf(out, "Content-Length: %zu\r\n\r\n", r->body.n);
	buf_str(out, buf_view(&r->body));
	buf_free(&fields);
}
