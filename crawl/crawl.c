#include "crawl/crawl.h"

const struct stage crawl_stage = {
	.name = "crawl",
	.summary = "archives in, captured pages out",
};
