/* parts: solving (solve.h) taken apart, so that tasks of a cluster can share it. They meet in files of one folder:
 *
 *     rank    one task                            -> ranked representatives members places captures
 *     pairs   any number of tasks, k of n         -> pairs.K-N    (compared: what is left is alike)
 *     settle  one task, when all of them are done -> verdicts
 *
 * `ranked` is written last of the first step and says what the files were made from, and how long `places` is, whose records are read one by one and
 * carry their own checks. Every other file is sealed (sealed.h) and appears under its name only when it is whole; a step that finds its output whole has nothing to do.
 * The verdicts are those of solve_files, whatever n is. The scratch files of a step go into c->folder, which must be its own. */
#pragma once
#include "dedup/solve.h"

int parts_rank(const char *folder, const char *const *signs, size_t n, const struct solve_conf *c, struct err *e);
int parts_pairs(const char *folder, const char *const *signs, size_t n, const struct solve_conf *c, uint64_t k, uint64_t of, struct err *e);
int parts_settle(const char *folder, const char *const *signs, size_t n, const struct solve_conf *c, uint64_t of, const char *verdicts, struct solve_report *report, struct err *e);
