/* answer: how the commands that look at a corpus say what they found: as a table, CSV or JSON, to stdout or -o FILE. */
#pragma once
#include "cli/common.h"
#include "cli/table.h"

struct answer_conf {
	bool json, csv;
};
extern const struct opt answer_opts[];

enum table_format answer_format(const struct answer_conf *c);
/* Write what was put together and close; the exit status. */
int answer_end(const struct common_conf *common, const struct buf *b);
