#include "shard/shard.h"

const struct stage shard_stage = {
	.name = "shard",
	.summary = "texts in, training shards out",
};
