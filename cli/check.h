/* check: is a file or a corpus whole? */
#pragma once
int cmd_check(int argc, char **argv);
