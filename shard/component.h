/* component: the normalizer, pre_tokenizer and post_processor of a tokenizer.json.
 *
 * Each is one object {type, ...} or a Sequence of them. Every key of a component is either known or refused, so that a newer format cannot
 * change the ids unseen. */
#pragma once
#include "core/json.h"
#include "shard/build.h"

void component_normalizer(struct build *b, struct json *j);
void component_pretok(struct build *b, struct json *j);
/* After build_finish: which ids stand before and after a text. */
void component_post(struct build *b, struct json *j);
