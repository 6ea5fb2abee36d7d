/* filter: the stage. What comes in, what goes out and why something is left out: filter/README.md. */
#pragma once
#include "core/stage.h"

extern const struct stage filter_stage;
