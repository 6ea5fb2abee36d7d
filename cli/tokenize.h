/* tokenize: texts to token ids. */
#pragma once
int cmd_tokenize(int argc, char **argv);
