#include "shard/spnorm.h"

#include "core/own.h"
#include "core/utf8.h"

static const struct str bar = {"\u2581", 3};

struct spnorm *spnorm_free(struct spnorm *r)
{
	if (!r)
		return NULL;
	charsmap_free(r->map);
	added_free(&r->symbols);
	free(r);
	return NULL;
}

/* What the beginning of s becomes; returns its length. */
static size_t one(const struct spnorm *r, struct str s, struct str *gives)
{
	const struct added_token *t = added_at(&r->symbols, s);
	const char *next = s.p;
	size_t n = 0;
	if (t) {
		*gives = t->content;
		return t->content.n;
	}
	if (r->map)
		n = charsmap_longest(r->map, s, gives);
	if (n)
		return n;
	utf8_next(&next, s.p + s.n);
	*gives = str_range(s.p, next);
	return gives->n;
}

static void space(const struct spnorm *r, struct buf *out)
{
	if (r->escape)
		buf_str(out, bar);
	else
		buf_byte(out, ' ');
}

static struct str without_spaces(struct str s)
{
	while (s.n && s.p[0] == ' ')
		s = str_from(s, 1);
	return s;
}

void spnorm_text(const struct spnorm *r, struct str text, struct buf *out)
{
	struct str gives, end = r->escape ? bar : STR(" ");
	bool after_space = r->extra_spaces;
	size_t n;
	while (r->extra_spaces && text.n && (n = one(r, text, &gives)) && str_eq(gives, STR(" ")))
		text = str_from(text, n);
	if (!text.n)
		return;
	if (r->prefix && !r->suffix)
		space(r, out);
	for (; text.n; text = str_from(text, n)) {
		n = one(r, text, &gives);
		if (after_space)
			gives = without_spaces(gives);
		for (size_t i = 0; i < gives.n; i++)
			if (gives.p[i] == ' ')
				space(r, out);
			else
				buf_byte(out, gives.p[i]);
		if (gives.n)
			after_space = r->extra_spaces && gives.p[gives.n - 1] == ' ';
	}
	while (r->extra_spaces && str_ends(buf_view(out), end))
		out->n -= end.n;
	if (r->prefix && r->suffix)
		space(r, out);
}
