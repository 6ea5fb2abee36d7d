#include "filter/filter.h"

const struct stage filter_stage = {
	.name = "filter",
	.summary = "text in, verdicts out",
};
