/* dedup: the stage. What comes in, what goes out and why something is left out: dedup/README.md. */
#pragma once
#include "core/stage.h"

extern const struct stage dedup_stage;
