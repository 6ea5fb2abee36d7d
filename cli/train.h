/* train: the models alone, from labelled text. */
#pragma once
int cmd_train(int argc, char **argv);
