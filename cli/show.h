/* show: one captured page with its whole life: where it was captured, what each stage found and decided, its copies, its place in
 * the shards, its text. */
#pragma once

int cmd_show(int argc, char **argv);
