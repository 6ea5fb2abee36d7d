#include "extract/facts.h"

#include "core/json.h"
#include "core/utf8.h"
#include "extract/date.h"
#include "extract/entity.h"
#include "extract/text.h"

/* Ranks that are named twice. */
enum { TITLE = 1, OG_TITLE = 4, DESCRIPTION = 4, OG_DESCRIPTION = 3 };

/* ---- putting a fact down ---- */

static struct str one_line(struct facts *f, struct str s)
{
	struct buf b;
	buf_init(&b, BUF_NO_MAX);
	entity_line(&b, 0, str_head(s, 4 * FACTS_MAX));
	struct str line = str_trim(str_head(buf_view(&b), FACTS_MAX));
	line = str_head(line, utf8_valid(line));
	line = text_nfc(arena_str(f->a, line), f->a);
	buf_free(&b);
	return line;
}

static bool is_url(struct str s)
{
	return str_starts_ci(s, STR("http://")) || str_starts_ci(s, STR("https://")) || str_starts(s, STR("//"));
}

/* "pt_PT" as "pt-PT"; only what can be a language tag. */
static struct str language(struct facts *f, struct str s)
{
	s = str_head(s, str_chr(s, ','));
	char *tag = arena_alloc(f->a, s.n + 1);
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i] == '_' ? '-' : s.p[i];
		bool fits = (unsigned char)((c | 0x20) - 'a') < 26 || (unsigned char)(c - '0') < 10 || c == '-';
		if (!fits || s.n > 35)
			return (struct str){0};
		tag[i] = c;
	}
	return s.n >= 2 ? (struct str){tag, s.n} : (struct str){0};
}

/* Where the first one said is kept too. */
static struct str *first(struct facts *f, enum facts_kind k, uint8_t rank)
{
	if (k == FACTS_TITLE && (rank == TITLE || rank == OG_TITLE) && !f->first_title.n)
		return &f->first_title;
	if (k == FACTS_DESCRIPTION && (rank == DESCRIPTION || rank == OG_DESCRIPTION) && !f->first_description.n)
		return &f->first_description;
	return NULL;
}

static void put(struct facts *f, enum facts_kind k, uint8_t rank, struct str raw)
{
	struct str *also = first(f, k, rank);
	if ((rank <= f->rank[k] && !also) || !raw.n)
		return;
	struct str s = one_line(f, raw);
	if (also)
		*also = s;
	if (rank <= f->rank[k])
		return;
	if (k == FACTS_PUBLISHED)
		s = date_iso(s, f->a);
	else if (k == FACTS_LANG)
		s = language(f, s);
	else if (k == FACTS_AUTHOR && is_url(s))
		s = (struct str){0}; /* article:author is often a profile */
	if (!s.n)
		return;
	f->of[k] = s;
	f->rank[k] = rank;
}

/* ---- meta, link, html, time ---- */

static const struct {
	const char *name;
	uint8_t kind, rank;
} metas[] = {
	{"og:title", FACTS_TITLE, OG_TITLE}, {"twitter:title", FACTS_TITLE, 2}, {"dc.title", FACTS_TITLE, 2}, {"dcterms.title", FACTS_TITLE, 2}, {"citation_title", FACTS_TITLE, 3},
	{"author", FACTS_AUTHOR, 3}, {"article:author", FACTS_AUTHOR, 2}, {"dc.creator", FACTS_AUTHOR, 2}, {"dcterms.creator", FACTS_AUTHOR, 2}, {"parsely-author", FACTS_AUTHOR, 3},
	{"sailthru.author", FACTS_AUTHOR, 3}, {"citation_author", FACTS_AUTHOR, 3}, {"autor", FACTS_AUTHOR, 2},
	{"article:published_time", FACTS_PUBLISHED, 5}, {"datepublished", FACTS_PUBLISHED, 4}, {"og:published_time", FACTS_PUBLISHED, 4}, {"parsely-pub-date", FACTS_PUBLISHED, 4},
	{"sailthru.date", FACTS_PUBLISHED, 4}, {"citation_publication_date", FACTS_PUBLISHED, 3}, {"citation_date", FACTS_PUBLISHED, 3}, {"dc.date.issued", FACTS_PUBLISHED, 3},
	{"dcterms.issued", FACTS_PUBLISHED, 3}, {"dc.date.created", FACTS_PUBLISHED, 3}, {"dcterms.created", FACTS_PUBLISHED, 3}, {"dc.date", FACTS_PUBLISHED, 3},
	{"dcterms.date", FACTS_PUBLISHED, 3}, {"pubdate", FACTS_PUBLISHED, 3}, {"publish-date", FACTS_PUBLISHED, 3}, {"publishdate", FACTS_PUBLISHED, 3},
	{"publication_date", FACTS_PUBLISHED, 3}, {"date", FACTS_PUBLISHED, 2}, {"creation_date", FACTS_PUBLISHED, 2},
	{"content-language", FACTS_LANG, 3}, {"dc.language", FACTS_LANG, 2}, {"dcterms.language", FACTS_LANG, 2}, {"language", FACTS_LANG, 2}, {"inlanguage", FACTS_LANG, 2},
	{"og:locale", FACTS_LANG, 1}, {"og:url", FACTS_CANONICAL, 1},
	{"description", FACTS_DESCRIPTION, DESCRIPTION}, {"og:description", FACTS_DESCRIPTION, OG_DESCRIPTION}, {"dc.description", FACTS_DESCRIPTION, 2}, {"dcterms.abstract", FACTS_DESCRIPTION, 2},
	{"twitter:description", FACTS_DESCRIPTION, 1}, {"og:site_name", FACTS_SITE, 2}, {"application-name", FACTS_SITE, 1},
};

static void meta(struct facts *f, const struct html_token *t)
{
	static const uint8_t from[] = {HTML_PROPERTY, HTML_NAME, HTML_ITEMPROP, HTML_HTTP_EQUIV};
	if (!(t->has >> HTML_CONTENT & 1))
		return;
	for (size_t i = 0; i < sizeof(from); i++) {
		struct str name = str_trim(html_get(t, from[i]));
		for (size_t k = 0; name.n && k < sizeof(metas) / sizeof(*metas); k++)
			if (str_eq_ci(name, str_of(metas[k].name)))
				put(f, metas[k].kind, metas[k].rank, t->attr[HTML_CONTENT]);
	}
}

static bool has_word(struct str list, struct str word)
{
	while (list.n) {
		size_t n = 0;
		while (n < list.n && (unsigned char)list.p[n] > ' ')
			n++;
		if (str_eq_ci(str_head(list, n), word))
			return true;
		list = str_from(list, n + 1);
	}
	return false;
}

void facts_start(struct facts *f, struct arena *a)
{
	*f = (struct facts){.a = a};
}

void facts_tag(struct facts *f, const struct html_token *t)
{
	switch (t->tag) {
	case TAG_META:
		meta(f, t);
		break;
	case TAG_LINK:
		if (has_word(html_get(t, HTML_REL), STR("canonical")))
			put(f, FACTS_CANONICAL, 2, html_get(t, HTML_HREF));
		break;
	case TAG_HTML:
		put(f, FACTS_LANG, 4, html_get(t, HTML_LANG));
		break;
	case TAG_TIME:
		put(f, FACTS_PUBLISHED, has_word(html_get(t, HTML_ITEMPROP), STR("datePublished")) ? 4 : 1, html_get(t, HTML_DATETIME));
		break;
	case TAG_SCRIPT:
		f->script = str_eq_ci(str_trim(html_get(t, HTML_TYPE)), STR("application/ld+json"));
		break;
	case TAG_A:
		f->links += t->has >> HTML_HREF & 1;
		break;
	case TAG_FRAME:
		f->frames++;
		break;
	case TAG_IFRAME:
		f->iframes++;
		break;
	default:
		break;
	}
}

/* ---- JSON-LD ---- */

/* What one object says; it counts only if its @type, which may come last, is that of a page's own subject. */
struct ld {
	struct str headline, author, published, description, lang;
	bool article;
};

enum { LD_DEPTH = 6 };

static bool is_article(struct str type)
{
	return str_ends(type, STR("Article")) || str_ends(type, STR("Posting")) || str_ends(type, STR("Report")) || str_eq(type, STR("Recipe")) || str_eq(type, STR("WebPage")) ||
	       str_eq(type, STR("Review")) || str_eq(type, STR("CreativeWork"));
}

/* A string, or the "name" of an object, or the first of an array of them. */
static struct str name(struct facts *f, struct json *j, int depth)
{
	struct str s = {0}, key, skipped, found;
	if (depth > LD_DEPTH) {
		json_skip(j, &skipped);
	} else if (json_peek(j) == JSON_STRING) {
		json_string(j, f->a, &s);
	} else if (json_peek(j) == JSON_ARRAY && json_array(j)) {
		while (json_element(j)) {
			found = name(f, j, depth + 1);
			s = s.n ? s : found;
		}
	} else if (json_peek(j) == JSON_OBJECT && json_object(j)) {
		while (json_key(j, f->a, &key)) {
			if (str_eq(key, STR("name")))
				s = name(f, j, depth + 1);
			else
				json_skip(j, &skipped);
		}
	} else {
		json_skip(j, &skipped);
	}
	return s;
}

static void linked(struct facts *f, struct json *j, int depth);

static void type(struct facts *f, struct json *j, struct ld *ld)
{
	struct str s;
	if (json_peek(j) == JSON_STRING) {
		if (json_string(j, f->a, &s))
			ld->article |= is_article(s);
	} else if (json_peek(j) == JSON_ARRAY && json_array(j)) {
		while (json_element(j))
			type(f, j, ld);
	} else {
		json_skip(j, &s);
	}
}

static void object(struct facts *f, struct json *j, int depth)
{
	struct ld ld = {0};
	struct str key, skipped;
	json_object(j);
	while (json_key(j, f->a, &key)) {
		if (str_eq(key, STR("@type")))
			type(f, j, &ld);
		else if (str_eq(key, STR("headline")))
			ld.headline = name(f, j, 0);
		else if (str_eq(key, STR("author")))
			ld.author = name(f, j, 0);
		else if (str_eq(key, STR("datePublished")))
			ld.published = name(f, j, 0);
		else if (str_eq(key, STR("description")))
			ld.description = name(f, j, 0);
		else if (str_eq(key, STR("inLanguage")))
			ld.lang = name(f, j, 0);
		else if (str_eq(key, STR("@graph")) || str_eq(key, STR("mainEntity")))
			linked(f, j, depth + 1);
		else
			json_skip(j, &skipped);
	}
	if (!ld.article)
		return;
	put(f, FACTS_TITLE, 3, ld.headline);
	put(f, FACTS_AUTHOR, 4, ld.author);
	put(f, FACTS_PUBLISHED, 4, ld.published);
	put(f, FACTS_DESCRIPTION, 2, ld.description);
	put(f, FACTS_LANG, 1, ld.lang);
}

static void linked(struct facts *f, struct json *j, int depth)
{
	struct str skipped;
	if (depth <= LD_DEPTH && json_peek(j) == JSON_OBJECT)
		object(f, j, depth);
	else if (depth <= LD_DEPTH && json_peek(j) == JSON_ARRAY && json_array(j))
		while (json_element(j))
			linked(f, j, depth + 1);
	else
		json_skip(j, &skipped);
}

/* Without what hides it from old browsers, and with the raw line ends in strings that strict JSON forbids made spaces. */
static struct str bare(struct facts *f, struct str s)
{
	size_t from = 0, to = s.n;
	while (from < s.n && s.p[from] != '{' && s.p[from] != '[' && from < 64)
		from++;
	while (to > from && s.p[to - 1] != '}' && s.p[to - 1] != ']')
		to--;
	struct str copy = arena_str(f->a, (struct str){s.p + from, to - from});
	char *p = (char *)(uintptr_t)copy.p;
	for (size_t i = 0; i < copy.n; i++)
		p[i] = (unsigned char)p[i] < ' ' ? ' ' : p[i];
	return copy;
}

void facts_text(struct facts *f, const struct html_token *t)
{
	if (t->tag == TAG_TITLE) {
		put(f, FACTS_TITLE, TITLE, t->text);
	} else if (t->tag == TAG_SCRIPT && f->script && t->text.n <= FACTS_JSON_MAX) {
		struct json j = json_of(bare(f, t->text));
		linked(f, &j, 0);
	}
	f->script = false;
}
