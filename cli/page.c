#include "cli/page.h"

#include "cli/style.h"
#include "core/utf8.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

/* Control and direction characters, and what XML has no place for. */
static bool dropped(uint32_t c)
{
	return (c < 32 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
	       (c & 0xFFFE) == 0xFFFE || c == 0x200E || c == 0x200F;
}

void page_text(struct buf *b, struct str s)
{
	const char *at = s.p, *end = s.p + s.n;
	while (at < end) {
		uint32_t c = utf8_next(&at, end);
		if (c == '&')
			buf_z(b, "&amp;");
		else if (c == '<')
			buf_z(b, "&lt;");
		else if (c == '>')
			buf_z(b, "&gt;");
		else if (c == '"')
			buf_z(b, "&quot;");
		else if (c == '\'')
			buf_z(b, "&#39;");
		else if (!dropped(c))
			utf8_add(b, c);
	}
}

void page_name(struct buf *b, struct str s)
{
	size_t from = 0;
	for (size_t i = 0; i + 1 < s.n; i++)
		if (s.p[i] == '.' || s.p[i] == '_' || s.p[i] == '/') {
			page_text(b, str_head(str_from(s, from), i + 1 - from));
			buf_z(b, "<wbr>");
			from = i + 1;
		}
	page_text(b, str_from(s, from));
}

void page_foreign(struct buf *b, struct str s)
{
	buf_z(b, "<bdi>");
	page_text(b, s);
	buf_z(b, "</bdi>");
}

void page_say(struct buf *b, const char *en, const char *pt)
{
	buf_z(b, "<span class=en lang=en>");
	page_text(b, str_of(en));
	buf_z(b, "</span><span class=pt lang=pt-PT>");
	page_text(b, str_of(pt));
	buf_z(b, "</span>");
}

void page_say_svg(struct buf *b, const char *attributes, const char *en, const char *pt)
{
	buf_printf(b, "<text class=en %s>", attributes);
	page_text(b, str_of(en));
	buf_printf(b, "</text><text class=pt %s>", attributes);
	page_text(b, str_of(pt));
	buf_z(b, "</text>");
}

void page_int(struct buf *b, int64_t v)
{
	char digits[24];
	int n = snprintf(digits, sizeof(digits), "%" PRId64, v);
	for (int i = 0; i < n; i++) {
		/* Four digits stand as they are, as both languages have it. */
		if (n > 4 && i && digits[i - 1] != '-' && (n - i) % 3 == 0)
			buf_z(b, "\u202F");
		buf_byte(b, digits[i]);
	}
}

void page_real(struct buf *b, double v, int decimals)
{
	char en[64], pt[64];
	if (!isfinite(v)) {
		buf_z(b, "\u2013");
		return;
	}
	snprintf(en, sizeof(en), "%.*f", decimals, v);
	snprintf(pt, sizeof(pt), "%s", en);
	char *point = strchr(pt, '.');
	if (!point) {
		buf_z(b, en);
		return;
	}
	*point = ',';
	page_say(b, en, pt);
}

void page_share(struct buf *b, double part, double whole)
{
	double share = whole > 0 ? 100 * part / whole : (double)NAN;
	page_real(b, share, share > 0 && share < 0.1 ? 2 : 1);
	if (isfinite(share))
		buf_z(b, "\u00A0%");
}

void page_begin(struct buf *b, struct str title, bool pt)
{
	buf_z(b, "<!DOCTYPE html>\n<html lang=");
	buf_z(b, pt ? "pt-PT" : "en");
	buf_z(b, ">\n<head>\n<meta charset=utf-8>\n"
		 "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
		 "<meta name=viewport content=\"width=device-width,initial-scale=1\">\n<meta name=referrer content=no-referrer>\n<meta name=color-scheme content=\"light dark\">\n<title>");
	page_text(b, title);
	buf_z(b, " \u2013 Peneira</title>\n<style>");
	buf_z(b, style_css);
	buf_printf(b, "</style>\n</head>\n<body>\n<input class=lang type=radio name=l id=en aria-label=English%s><input class=lang type=radio name=l id=pt aria-label=Portugu\u00EAs%s>\n",
		   pt ? "" : " checked", pt ? " checked" : "");
}

void page_end(struct buf *b)
{
	buf_z(b, "</body>\n</html>\n");
}

void page_section(struct buf *b, const char *id, const char *en, const char *pt)
{
	buf_printf(b, "<section id=%s>\n<h2>", id);
	page_say(b, en, pt);
	buf_z(b, "</h2>\n");
}

void page_section_end(struct buf *b)
{
	buf_z(b, "</section>\n");
}

void page_note(struct buf *b, const char *en, const char *pt)
{
	buf_z(b, "<p class=note>");
	page_say(b, en, pt);
	buf_z(b, "</p>\n");
}

void page_heading(struct buf *b, const char *en, const char *pt)
{
	buf_z(b, "<h3>");
	page_say(b, en, pt);
	buf_z(b, "</h3>\n");
}

void page_th(struct buf *b, bool numbers, const char *en, const char *pt)
{
	buf_z(b, numbers ? "<th class=n scope=col>" : "<th scope=col>");
	page_say(b, en, pt);
	buf_z(b, "</th>");
}
