/* filter: the stage. What comes in, what goes out and why something is left out: filter/README.md. */
#pragma once
#include "core/stage.h"
#include "filter/page.h"
#include "filter/quality.h"

extern const struct stage filter_stage;

struct filter_conf {
	const char *language_model, *variety_model, *quality_model, *perplexity_model, *adult_words, *toxic_words, *count_lines;
	double language_score, low, high, host_prior, portuguese_lines, quality_score, min_perplexity, max_perplexity;
	unsigned keep, preset, mask_style;
	uint64_t line_pages, contaminated_words;
	bool repair, mask, clean_cookies, clean_menus, clean_foreign, c4, page_rules, cut_contaminated, from_signals;
	struct opt_list blocklists, line_counts, benchmarks;
	double page_most[PAGE_SIGNALS];			/* NAN = as built in */
	struct quality_bound bounds[QUALITY_SIGNALS]; /* NAN = the preset's */
};
