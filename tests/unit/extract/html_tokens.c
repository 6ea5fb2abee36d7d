/* html_tokens: what html.c makes of pages, as JSON: html5lib.py compares it with the html5lib project's cases.
 *
 * Reads lines "MODE TAG HEX" (the text mode to begin in, by number; the element it is of, "-" = none; the page), writes for each a line:
 * tokens in html5lib's form, texts decoded, the content of doctypes left out. Mode -1: the encoding that the page declares. */
#include "extract/charset.h"
#include "extract/entity.h"
#include "extract/html.h"

#include "core/json.h"

#include <stdio.h>

/* The standard's preprocessing and NULs, which html.c leaves in its slices. zero: NUL is replaced. */
static void cook(struct buf *out, struct str s, bool zero)
{
	buf_clear(out);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\r') {
			buf_byte(out, '\n');
			i += i + 1 < s.n && s.p[i + 1] == '\n';
		} else if (!s.p[i] && zero) {
			buf_z(out, "\xEF\xBF\xBD");
		} else {
			buf_byte(out, s.p[i]);
		}
	}
}

static void put(struct buf *line, struct str s)
{
	json_put_string(line, s);
}

static void lowered(struct buf *b)
{
	for (size_t i = 0; i < b->n; i++)
		b->p[i] = (char)str_lower1((unsigned char)b->p[i]);
}

static void put_attributes(struct buf *line, struct str rest)
{
	struct buf raw, text;
	struct str name, value;
	buf_init(&raw, BUF_NO_MAX);
	buf_init(&text, BUF_NO_MAX);
	buf_z(line, ",[");
	for (int i = 0; html_attribute(&rest, &name, &value); i++) {
		buf_z(line, i ? ",[" : "[");
		cook(&raw, name, true);
		lowered(&raw);
		put(line, buf_view(&raw));
		buf_byte(line, ',');
		cook(&raw, value, true);
		buf_clear(&text);
		entity_decode(&text, buf_view(&raw), true);
		put(line, buf_view(&text));
		buf_byte(line, ']');
	}
	buf_byte(line, ']');
	buf_free(&raw);
	buf_free(&text);
}

static void put_token(struct buf *line, const struct html_token *t)
{
	static const char *const kinds[] = {"", "Character", "StartTag", "EndTag", "Comment", "DOCTYPE"};
	struct buf raw, text;
	buf_init(&raw, BUF_NO_MAX);
	buf_init(&text, BUF_NO_MAX);
	buf_z(line, line->n > 1 ? ",[" : "[");
	put(line, str_of(kinds[t->kind]));
	bool tag = t->kind == HTML_START || t->kind == HTML_CLOSE;
	bool references = t->kind == HTML_TEXT && (t->mode == HTML_DATA || t->mode == HTML_RCDATA);
	cook(&raw, tag ? t->name : t->text, t->kind != HTML_TEXT || (t->mode != HTML_DATA && t->mode != HTML_CDATA));
	if (tag)
		lowered(&raw);
	if (references)
		entity_decode(&text, buf_view(&raw), false);
	else
		buf_str(&text, buf_view(&raw));
	if (t->kind != HTML_DOCTYPE) {
		buf_byte(line, ',');
		put(line, buf_view(&text));
	}
	if (t->kind == HTML_START) {
		put_attributes(line, t->attributes);
		buf_z(line, t->self_closing ? ",true" : "");
	}
	buf_byte(line, ']');
	buf_free(&raw);
	buf_free(&text);
}

static struct str unhex(char *z)
{
	size_t n = 0;
	for (unsigned v; sscanf(z + 2 * n, "%2x", &v) == 1; n++)
		z[n] = (char)v;
	return (struct str){z, n};
}

int main(void)
{
	static char line[1 << 20], hex[1 << 20], tag[32];
	struct buf out;
	buf_init(&out, BUF_NO_MAX);
	while (fgets(line, sizeof(line), stdin)) {
		int mode = 0;
		struct html h;
		struct html_token t;
		hex[0] = 0;
		if (sscanf(line, "%d %31s %1048575s", &mode, tag, hex) < 2)
			return 2;
		struct str page = unhex(hex);
		if (mode < 0) {
			struct str name = charset_declared(page);
			printf("%.*s\n", STR_ARG(name));
			continue;
		}
		html_start(&h, page);
		h.all = h.plain = true;
		h.mode = (uint8_t)mode;
		h.tag = (uint8_t)tag_find(str_of(tag));
		buf_clear(&out);
		buf_byte(&out, '[');
		while (html_next(&h, &t))
			put_token(&out, &t);
		buf_byte(&out, ']');
		printf("%.*s\n", (int)out.n, out.p);
	}
	buf_free(&out);
	return 0;
}
