/* sieve: one stage as a command: FILE... or stdin in, -o FILE or stdout out. */
#pragma once

int cmd_crawl(int argc, char **argv);
int cmd_extract(int argc, char **argv);
int cmd_filter(int argc, char **argv);
int cmd_dedup(int argc, char **argv);
int cmd_shard(int argc, char **argv);
