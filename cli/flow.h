/* flow: the table of the stages, from the stages themselves. */
#pragma once

int cmd_flow(int argc, char **argv);
