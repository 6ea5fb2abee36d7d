/* reduce: the verdicts onto the documents, tokens, and everything that is written, lot by lot (lot.h) into DIR/work/lots:
 *
 *     NAME.jsonl.zst  NAME.rejects.jsonl.zst  NAME.parquet  NAME.sheaf, and last NAME.json: the state that they were made from, and the counts
 *
 * A lot whose mark has the state of now is done: same options, tokenizer, units and verdicts. So a resumed run makes what is missing, and one
 * that archives were added to makes the lots in which something has changed. */
#pragma once
#include "cli/run.h"

/* Do the lots i with i mod n = k that are not done yet. *made (may be NULL): how many that were. 0, or an error; ERR_STOP. */
int reduce_lots(struct run *r, uint64_t k, uint64_t n, size_t *made, struct err *e);
/* Add up the counts of all lots; ERR_DATA when one is not done. */
int reduce_collect(struct run *r, struct err *e);
/* todo[i]: lot i is not done. *any: one is not. */
int reduce_missing(struct run *r, bool *todo, bool *any, struct err *e);
/* Has the lot a mark? (of this or an earlier state) */
bool reduce_marked(const struct run *r, const struct lot *l);
