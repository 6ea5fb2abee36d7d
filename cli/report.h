/* report: a corpus as one HTML page that needs nothing else: what passed and what did not, years, hosts, lengths, charsets, signals with
 * their thresholds, copies, archive files, and samples with the passage that decided, for a person to judge. */
#pragma once
#include "core/buf.h"
#include "core/err.h"

/* Portuguese first, or English; the page has both. The same bytes for any number of threads. */
int report_write(const char *dir, const char *path, bool portuguese, unsigned threads, struct err *e);
int cmd_report(int argc, char **argv);
