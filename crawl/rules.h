/* rules: which URLs are wanted: patterns, sets of hosts, and named rule sets. */
#pragma once
#include "core/err.h"
#include "core/opt.h"

struct rules;

struct rules_conf {
	struct opt_list url, not_url; /* patterns: see rules_matches */
	const char *hosts, *block;    /* files of hosts, one a line; those below them count */
};

/* On error nothing is left open. ERR_IO, ERR_USAGE. */
int rules_open(struct rules **out, const struct rules_conf *conf, struct err *e);
struct rules *rules_free(struct rules *r);

bool rules_want(const struct rules *r, struct str url);
/* A pattern with "://" is held against the whole URL, one with ")" or "," before any "/" against the beginning of its sort-friendly form
 * ("pt,publico)/2004"), any other against the URL without scheme and "www.". A * stands for anything, also nothing; without one, all below
 * counts: "publico.pt" is the host, "publico.pt/2004" everything that begins like that. Case counts for nothing. */
bool rules_matches(struct str pattern, struct str url);
/* Brazilian addresses, as pipelines for European Portuguese leave them out (hosts under .br, paths with a segment br or pt-br), but told by
 * labels and whole segments: www.braga.pt and /brasoes/ stay. */
bool rules_is_brazil(struct str url);
