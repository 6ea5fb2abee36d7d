/* run: the whole pipeline, in phases that meet in files under DIR/work, so that a run can be killed at any moment and gone on with,
 * and so that a cluster can run each part of a phase as a task.
 *
 *     map     per unit (an archive file, or a part of one): crawl, extract, filter, sign
 *                                              ->  work/map/UNIT.jsonl.zst  UNIT.sign  UNIT.json (done mark)
 *     dedup   over all signature files: bands, pairs, clusters             ->  work/map/verdicts  work/decided     (decide.h)
 *     reduce  per lot of units: verdicts, tokens                           ->  work/lots/LOT.*  LOT.json           (reduce.h)
 *     shards  over all lots in order                                       ->  work/shards  work/shards.json       (assemble.h)
 *             and all of it to its place                                   ->  docs/ meta/ rejects/ shards/ manifest.json
 *
 * A part is done when its mark exists, and the mark is written last. What a part writes never depends on threads. */
#pragma once
#include "cli/chain.h"
#include "cli/common.h"
#include "cli/lot.h"
#include "cli/plan.h"
#include "core/opt.h"

struct run_conf {
	uint64_t slice, lot; /* stored bytes of a unit of work, and of a lot (0: see lot.h) */
	unsigned log;
	double log_every;
	const char *metrics;
	bool keep_rejects, dry_run, print_config, remove_work, no_report;
};
extern const struct opt run_opts[];

enum { RUN_STAGES = 3, RUN_SETS = RUN_STAGES + CHAIN_N };

struct run {
	struct common_conf common;
	struct run_conf conf;
	void *confs[CHAIN_N]; /* filled by the stages' option tables */
	struct opt_set sets[RUN_SETS]; /* common, run, slurm, then the stages */
	struct plan plan;
	struct lot *lots;
	size_t n_lots;
	const char *dir;
	double began;
	struct progress *progress;
	struct tally *tally; /* over the whole chain */
	uint64_t stored;
};

/* DIR/NAME... into out (4096 bytes); returns out. */
const char *run_path(const struct run *r, char *out, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Is this unit's mark there? */
bool map_done(const struct run *r, const struct unit *u);
/* Do the units i with i mod n = k that are not done yet. 0 or an error; ERR_STOP. */
int map_units(struct run *r, uint64_t k, uint64_t n, struct err *e);
/* Units are made without waiting for the disk; one sync at the end makes them last. Should the machine have gone down in between (the boot id in
 * work/unsettled is another than now), what was made is looked through, and what is not whole loses its mark. 0, ERR_IO. */
int map_unsettled(const struct run *r, struct err *e);
int map_settle(const struct run *r, struct err *e);
/* The counts of all units, afresh, into r->tally; ERR_DATA naming the first that is not done. */
int map_collect(struct run *r, struct err *e);
/* Something that phases leave for each other could not be used (*why): take the mark away from what it belongs to, so that it is done again; where
 * that is not told, and `search`, look for units that are not whole. true: marks were taken away. */
bool map_forget(const struct run *r, const struct err *why, bool search);
int cmd_run(int argc, char **argv);
