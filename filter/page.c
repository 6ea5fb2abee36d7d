#include "filter/page.h"

const char *const page_names[PAGE_SIGNALS + 1] = {"placeholder", "adult", "toxic", "places", "links", NULL};
const double page_most[PAGE_SIGNALS] = {.02, .03, .03, .25, .15};

enum { TITLE_WEIGHT = 2 };

static bool is_link(struct str s)
{
	char c = s.p[0];
	return ((c == 'h' || c == 'H') && str_starts_ci(s, STR("http"))) || ((c == 'w' || c == 'W') && str_starts_ci(s, STR("www.")));
}

uint32_t page_title(const struct lexicon *l, struct words *scratch, struct str title)
{
	uint32_t found[LEX_KINDS];
	if (!title.n)
		return 0;
	words_split(scratch, title);
	lexicon_count(l, scratch, 0, scratch->n, found);
	return found[LEX_PLACEHOLDER];
}

void page_measure(const struct words *w, const uint32_t found[LEX_KINDS], struct str text, uint32_t title_hits, double out[PAGE_SIGNALS])
{
	uint32_t real = 0, links = 0;
	for (uint32_t i = 0; i < w->n; i++) {
		real += !w->v[i].symbol;
		links += w->v[i].n > 6 && is_link((struct str){text.p + w->v[i].at, w->v[i].n});
	}
	double n = real ? real : 1;
	out[PAGE_PLACEHOLDER] = (found[LEX_PLACEHOLDER] + TITLE_WEIGHT * title_hits) / n;
	out[PAGE_ADULT] = found[LEX_ADULT] / n;
	out[PAGE_TOXIC] = found[LEX_TOXIC] / n;
	out[PAGE_PLACES] = found[LEX_PLACE] / n;
	out[PAGE_LINKS] = links / n;
}
