/* classify: language and variety of texts. */
#pragma once
int cmd_classify(int argc, char **argv);
