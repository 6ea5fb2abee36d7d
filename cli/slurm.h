/* slurm: a run on a cluster: the same program with the same options, each unit of work in a task of a job array.
 *
 *     map      job array; task K of N does the units i with i mod N = K, and exits at once when they are done
 *     reduce   one task, afterany on the array: looks whether every unit is done, then decides about copies and writes the corpus
 *
 * What a task needs lies in DIR/work/slurm as plain files: options.toml and the two scripts, which an administrator can read and edit and
 * submit by hand. A task that was killed, lost its node or ran out of time leaves no mark; the same `peneira run --slurm` then submits only
 * what is missing. Only a shared file system is assumed. */
#pragma once
#include "cli/run.h"

struct slurm_conf {
	bool slurm;
	const char *task; /* "map:K/N" or "reduce": this call is a task */
	const char *partition, *account, *time;
	uint64_t tasks, cpus;
	struct opt_list options; /* further lines for sbatch */
};
extern const struct opt slurm_opts[];

/* Write the scripts and submit what is missing; says on stderr what was submitted. 0, ERR_USAGE, ERR_IO. */
int slurm_submit(struct run *r, const struct slurm_conf *c, struct err *e);
/* "map:K/N": true and *k, *n. */
bool slurm_is_map(const char *task, uint64_t *k, uint64_t *n);
/* Jobs of DIR that Slurm still knows as waiting or running, as "12,13"; empty when there are none, or no Slurm. */
void slurm_active(const char *dir, struct buf *out);

/* One row of squeue for jobs of DIR. */
struct slurm_row {
	uint64_t job;
	int64_t task; /* -1: no array */
	char state[8]; /* PD, R, CG ... */
};
/* malloc'ed; n rows. */
struct slurm_row *slurm_queue(const char *dir, size_t *n);
