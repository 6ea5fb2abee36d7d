/* status: what is done, running and failed in the folder of a run, on this machine or on a cluster. */
#pragma once

int cmd_status(int argc, char **argv);
