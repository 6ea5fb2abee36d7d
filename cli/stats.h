/* stats: counts and spreads of a corpus, by any column. */
#pragma once

int cmd_stats(int argc, char **argv);
