/* html: the tokens of a page, pulled one by one (WHATWG HTML, section 13.2.5).
 *
 *     struct html h;
 *     struct html_token t;
 *     for (html_start(&h, page); html_next(&h, &t);)
 *             switch (t.kind) ...
 *
 * Everything is a slice of the page as written: names in their own case, references not decoded, line ends as they are (entity.h decodes).
 * What the standard leaves to the tree is done here: after a start tag whose content is not markup (script, style, title, ...) comes one
 * text token with all of it, however long, and then the end tag. Two ways of a browser are left: noscript is read as raw text, and
 * noframes as markup, for that is where old pages keep their text. A tag that the page ends in is not a token.
 *
 * Linear in the page, whatever is in it; no memory of its own. */
#pragma once
#include "extract/tag.h"

enum html_kind { HTML_END, HTML_TEXT, HTML_START, HTML_CLOSE, HTML_COMMENT, HTML_DOCTYPE };

/* What a text is made of. */
enum html_mode {
	HTML_DATA,      /* text with references                                */
	HTML_RCDATA,    /* the same, but no markup in it: title, textarea       */
	HTML_RAWTEXT,   /* as it stands: style, xmp, iframe, noembed, noscript */
	HTML_SCRIPT,    /* as it stands, and <!-- <script> may be in it        */
	HTML_PLAINTEXT, /* as it stands, to the end of the page                */
	HTML_CDATA,     /* as it stands: <![CDATA[ in svg and math             */
};

/* Attributes that are found on the way; html_attribute walks all of them. */
enum html_attr {
	HTML_ID, HTML_CLASS, HTML_HREF, HTML_CONTENT, HTML_NAME, HTML_PROPERTY, HTML_ROLE, HTML_REL, HTML_LANG, HTML_STYLE, HTML_SRC, HTML_TYPE,
	HTML_ALT, HTML_TITLE, HTML_CHARSET, HTML_HTTP_EQUIV, HTML_ITEMPROP, HTML_DATETIME, HTML_HIDDEN, HTML_ARIA_HIDDEN,
	HTML_ATTRS
};

struct html_token {
	uint8_t kind, mode;    /* enum html_kind; of texts: enum html_mode */
	uint8_t tag;           /* enum tag, of HTML_START and HTML_CLOSE; of a text in another mode than HTML_DATA: of its element */
	bool self_closing;     /* <br/> */
	uint32_t has;          /* of HTML_START: 1 << enum html_attr */
	struct str text;       /* the text, the comment's, the doctype's behind its keyword */
	struct str name;       /* of a tag, as written */
	struct str attributes; /* what stands between a tag's name and its ">" */
	struct str attr[HTML_ATTRS]; /* set where `has` says so; the first of two with the same name counts */
};

struct html {
	const char *p, *end;
	uint8_t mode, tag; /* of the text that comes next */
	bool all;          /* comments and doctypes are tokens too */
	bool foreign;      /* inside svg or math: <![CDATA[ is text */
	bool plain;        /* start tags do not change the mode: as the standard's tokenizer alone, without its tree */
	uint8_t ends[TAGS]; /* what html_skip has learned of each element */
};

void html_start(struct html *h, struct str page);
/* false at the end of the page (t->kind is HTML_END then). */
bool html_next(struct html *h, struct html_token *t);
/* Called right after the start tag `t`: step over its content and its end tag. Counts the same element inside, unless that would lead to
 * the end of the page. Without an end tag nothing is stepped over: false. */
bool html_skip(struct html *h, const struct html_token *t);

/* The value of an attribute, empty when it is not there. */
static inline struct str html_get(const struct html_token *t, enum html_attr a)
{
	return t->has >> a & 1 ? t->attr[a] : (struct str){0};
}

/* The next attribute of t.attributes: false when there is none left. A name that stands twice is given twice. */
bool html_attribute(struct str *rest, struct str *name, struct str *value);
