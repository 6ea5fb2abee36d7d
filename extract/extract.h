/* extract: the stage. What comes in, what goes out and why something is left out: extract/README.md. */
#pragma once
#include "core/stage.h"

extern const struct stage extract_stage;

enum extract_format { EXTRACT_TEXT, EXTRACT_MARKDOWN };

struct extract_conf {
	uint64_t max_text;
	bool all_text, comments;
	unsigned format; /* enum extract_format */
};
