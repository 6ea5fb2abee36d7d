#include "dedup/dedup.h"

const struct stage dedup_stage = {
	.name = "dedup",
	.summary = "texts in, first ones out",
};
