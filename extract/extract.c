#include "extract/extract.h"

const struct stage extract_stage = {
	.name = "extract",
	.summary = "bytes of HTML in, main text out",
};
