/* Tokens lie in the page, in order, without overlap, and are the same when read again; every attribute of html.c's own walk is one that
 * html_attribute gives too; references decode to valid UTF-8; skipping goes forward. */
#include "extract/entity.h"
#include "extract/html.h"
#include "core/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_attributes(const struct html_token *t)
{
	struct str rest = t->attributes, name, value;
	uint32_t seen = 0;
	while (html_attribute(&rest, &name, &value)) {
		if (!name.n || name.p < t->attributes.p || name.p + name.n > t->attributes.p + t->attributes.n)
			abort();
		for (unsigned i = 0; i < HTML_ATTRS; i++)
			if (t->has >> i & 1 && t->attr[i].p == value.p && t->attr[i].n == value.n)
				seen |= 1u << i;
	}
	if (seen != t->has)
		abort();
}

static uint64_t walk(struct str page, bool skip, bool plain)
{
	struct html h;
	struct html_token t;
	uint64_t sum = 0;
	const char *at = page.p;
	html_start(&h, page);
	h.all = true;
	h.plain = plain;
	while (html_next(&h, &t)) {
		struct str part = t.kind == HTML_START || t.kind == HTML_CLOSE ? t.name : t.text;
		if (part.p < at || part.p + part.n > h.p || h.p > page.p + page.n)
			abort();
		at = part.p + part.n;
		sum = sum * 31 + t.kind * 7u + t.tag + part.n;
		if (t.kind == HTML_START)
			check_attributes(&t);
		if (t.kind == HTML_START && skip && (t.tag == TAG_SVG || t.tag == TAG_SELECT || t.tag == TAG_DIV)) {
			const char *before = h.p;
			if (html_skip(&h, &t) && t.tag != TAG_SVG ? h.p <= before : h.p < before)
				abort();
		}
	}
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str page = {(const char *)data, size};
	struct buf text;
	for (int i = 0; i < 4; i++)
		if (walk(page, i & 1, i & 2) != walk(page, i & 1, i & 2))
			abort();
	if (utf8_valid(page) == page.n) {
		buf_init(&text, BUF_NO_MAX);
		entity_add(&text, page);
		entity_decode(&text, page, size & 1);
		if (utf8_valid(buf_view(&text)) != text.n)
			abort();
		buf_free(&text);
	}
	return 0;
}
