/* filter: the stage. What comes in, what goes out and why something is left out: filter/README.md. */
#pragma once
#include "core/stage.h"
#include "filter/quality.h"

extern const struct stage filter_stage;

struct filter_conf {
	const char *language_model, *variety_model;
	double language_score, low, high;
	unsigned keep, preset, mask_style;
	bool repair, mask;
	struct quality_bound bounds[QUALITY_SIGNALS]; /* NAN = the preset's */
};
