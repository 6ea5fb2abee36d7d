/* card: a dataset card (README.md for Hugging Face) or a datasheet of a finished corpus, from its manifest and its meta. */
#pragma once

int cmd_card(int argc, char **argv);
