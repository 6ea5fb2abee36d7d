/* crawl: the stage. What comes in, what goes out and why something is left out: crawl/README.md. */
#pragma once
#include "core/stage.h"

extern const struct stage crawl_stage;
