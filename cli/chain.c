#include "cli/chain.h"

#include "crawl/crawl.h"
#include "dedup/dedup.h"
#include "extract/extract.h"
#include "filter/filter.h"
#include "shard/shard.h"

const struct stage *const chain[CHAIN_N] = {
	[CHAIN_CRAWL] = &crawl_stage, [CHAIN_EXTRACT] = &extract_stage, [CHAIN_FILTER] = &filter_stage,
	[CHAIN_DEDUP] = &dedup_stage, [CHAIN_SHARD] = &shard_stage,
};
