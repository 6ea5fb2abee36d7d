/* slurm: a run on a cluster: the same program with the same options, each unit of work in a task of a job array.
 *
 *     map      job array: task K of N does the units i with i mod N = K
 *     rank     one task: which document may stay before which other, over all signatures
 *     pairs    job array: task K of N looks for copies among its share of the band keys
 *     settle   one task: the verdicts on all documents
 *     reduce   job array: task K of N does the lots i with i mod N = K
 *     shards   one task: shards from all lots, and everything to its place
 *
 * Each begins afterany on the one before it, looks whether that left what it needs, and exits at once when its own part is done.
 *
 * What a task needs lies in DIR/work/slurm as plain files: options.toml and the six scripts, which an administrator can read and edit and
 * submit by hand. A task that was killed, lost its node or ran out of time leaves no mark; the same `peneira run --slurm` then submits only
 * what is missing. Only a shared file system is assumed. */
#pragma once
#include "cli/run.h"

/* Is it a job array? */
bool slurm_is_array(unsigned phase);

struct slurm_conf {
	bool slurm;
	const char *task; /* "map:K/N", "rank", "pairs:K/N", "settle:0/N", "reduce:K/N", "shards": this call is a task */
	const char *partition, *account, *time;
	uint64_t tasks, cpus, cpus_single;
	struct opt_list options; /* further lines for sbatch */
};
extern const struct opt slurm_opts[];

/* Write the scripts and submit what is missing; says on stderr what was submitted. 0, ERR_USAGE, ERR_IO. */
int slurm_submit(struct run *r, const struct slurm_conf *c, struct err *e);
enum slurm_phase { SLURM_MAP, SLURM_RANK, SLURM_PAIRS, SLURM_SETTLE, SLURM_REDUCE, SLURM_SHARDS, SLURM_PHASES };
extern const char *const slurm_phases[SLURM_PHASES]; /* their names: of scripts and logs, too */
/* Which part of which phase? Array phases: "map:K/N", K below N; settle: how many pairs has; others by name alone (*k = 0, *n = 1). false: it is none. */
bool slurm_part(const char *task, enum slurm_phase *phase, uint64_t *k, uint64_t *n);
/* Jobs of DIR that Slurm still knows as waiting or running, as "12,13"; empty when there are none, or no Slurm. */
void slurm_active(const char *dir, struct buf *out);

/* One row of squeue for jobs of DIR. */
struct slurm_row {
	uint64_t job;
	int64_t task; /* -1: no array */
	enum slurm_phase phase;
	char state[8]; /* PD, R, CG ... */
};
/* malloc'ed; n rows. */
struct slurm_row *slurm_queue(const char *dir, size_t *n);
