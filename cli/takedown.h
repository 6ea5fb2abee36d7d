/* takedown: `peneira shard --remove URLS -o DIR`: documents out of shards that are finished. */
#pragma once
#include <stdbool.h>

bool takedown_asked(int argc, char **argv);
int takedown(int argc, char **argv);
