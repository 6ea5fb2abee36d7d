/* report_part: the parts of the report, one function each, in the order of the page. */
#pragma once
#include "cli/chart.h"
#include "cli/group.h"
#include "cli/page.h"
#include "cli/past.h"
#include "cli/spread.h"

struct report {
	const char *dir;
	bool portuguese;
	struct buf *b;
	struct corpus *c;
	struct past past;
	double captures, documents, characters, words, tokens;
};

/* Bounds of a numeric column over the whole corpus, from the footers alone; false when nothing is known. */
bool report_range(const struct report *r, const char *column, double *low, double *high);
/* Groups by columns (NULL-ended names) with sums; *none: a column is missing, and nothing was counted. */
int report_groups(struct report *r, const char *const *by, const char *const *sums, struct group_result *out, bool *none, struct err *e);
/* captures, documents, characters, words, tokens. */
int report_totals(struct report *r, struct err *e);
int report_hosts(struct report *r, double *n, struct err *e);

/* The answers that most people come for, in sentences. */
int report_short(struct report *r, struct err *e);
int report_funnel(struct report *r, struct err *e);
int report_years(struct report *r, struct err *e);
int report_host_table(struct report *r, struct err *e);
int report_lengths(struct report *r, struct err *e);
int report_charsets(struct report *r, struct err *e);
int report_signals(struct report *r, struct err *e);
int report_copies(struct report *r, struct err *e);
int report_files(struct report *r, struct err *e);
int report_speed(struct report *r, struct err *e);
int report_samples(struct report *r, struct err *e);
