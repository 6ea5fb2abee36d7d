/* diff: what two corpora differ in: options, counts, documents gained and lost with reasons. */
#pragma once

int cmd_diff(int argc, char **argv);
