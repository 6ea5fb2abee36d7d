/* shard: the stage. What comes in, what goes out and why something is left out: shard/README.md. */
#pragma once
#include "core/stage.h"

extern const struct stage shard_stage;
