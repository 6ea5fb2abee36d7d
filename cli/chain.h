/* chain: the stages, in the order of the fall. The only list of them. */
#pragma once
#include "core/stage.h"

enum { CHAIN_CRAWL, CHAIN_EXTRACT, CHAIN_FILTER, CHAIN_DEDUP, CHAIN_SHARD, CHAIN_N };
extern const struct stage *const chain[CHAIN_N];
