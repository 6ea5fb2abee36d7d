/* conf: the options of the stage, and what they mean for signatures. */
#pragma once
#include "core/opt.h"
#include "dedup/dedup.h"

#define CONF_AUDIT_THRESHOLD 0.8 /* of an audit, where candidates are not compared */

extern const struct opt conf_opts[];
/* How signatures are made, and the least similarity of a copy (0: candidates are copies). ERR_USAGE. */
int conf_sign(const struct dedup_conf *c, struct sign_conf *s, double *threshold, struct err *e);
