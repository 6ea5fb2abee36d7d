/* facts: what a page says of itself: title, author, date of publication, language, canonical URL, description, name of the site.
 *
 * From <title>, <meta> (Open Graph, Dublin Core, and the names of the 1990s), <link>, <html lang>, <time> and JSON-LD; where several speak,
 * the one with the higher rank wins, the first among equals. Texts are of one line, NFC, at most FACTS_MAX bytes. Links and frames are
 * counted, so that framesets can be told from empty pages. */
#pragma once
#include "core/arena.h"
#include "extract/html.h"

enum { FACTS_MAX = 4096, FACTS_JSON_MAX = 1 << 20 };

enum facts_kind { FACTS_TITLE, FACTS_AUTHOR, FACTS_PUBLISHED, FACTS_LANG, FACTS_CANONICAL, FACTS_DESCRIPTION, FACTS_SITE, FACTS };

struct facts {
	struct str of[FACTS];      /* empty = not said; dates in ISO 8601 */
	uint8_t rank[FACTS];       /* of what is there; 0 = nothing */
	struct str first_title, first_description; /* the first of <title> and og:title, of description and og:description */
	uint32_t links, frames, iframes;
	uint8_t script;            /* the script that comes next is JSON-LD */
	struct arena *a;
};

void facts_start(struct facts *f, struct arena *a);
/* Every start tag; only some are looked at. */
void facts_tag(struct facts *f, const struct html_token *t);
/* Every text that is not markup (mode other than HTML_DATA). */
void facts_text(struct facts *f, const struct html_token *t);
