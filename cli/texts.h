/* texts: what the models-alone commands share: texts in as JSON lines {id, text} or plain lines, one answer a text out, in order. */
#pragma once
#include "cli/common.h"

/* args: files, none = stdin. For each text, answer() adds a line to out; id is JSON as it stood (the line's number for plain lines).
 * Runs on common->threads threads; start gives each its work (may be NULL). */
int texts_answer(const struct common_conf *common, char **args, int n_args, const void *shared, void *(*start)(const void *shared),
		 void (*answer)(const void *shared, void *work, struct str id, struct str text, struct buf *out), void (*stop)(void *work), struct err *e);
