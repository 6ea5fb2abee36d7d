#include "cli/takedown.h"

#include "cli/command.h"
#include "cli/common.h"
#include "shard/shard.h"

#include <inttypes.h>
#include <stdio.h>

bool takedown_asked(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--remove") == 0 || strncmp(argv[i], "--remove=", 9) == 0)
			return true;
	return false;
}

int takedown(int argc, char **argv)
{
	struct common_conf common;
	struct shard_conf conf;
	struct opt_set sets[] = {{"common", common_opts, &common}, {"shard", shard_stage.opts, &conf}};
	struct err e = {0};
	uint64_t documents = 0, tokens = 0;
	int n_args = 0, status = common_parse(argv[0], sets, 2, argc, argv, &n_args);
	if (status >= 0)
		return status;
	int rc = n_args ? err_at(&e, ERR_USAGE, (struct where){NULL, WHERE_NONE}, "--remove reads the shards of -o DIR and no documents: '%s'", argv[1]) : shard_remove(&conf, &documents, &tokens, &e);
	if (!common.quiet)
		fprintf(stderr, "peneira shard: %" PRIu64 " documents removed, %" PRIu64 " tokens\n", documents, tokens);
	opt_free(sets, 2);
	return rc ? common_fail(&e) : EXIT_DONE;
}
