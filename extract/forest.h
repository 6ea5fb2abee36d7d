/* forest: a sum of small decision trees over rows of bytes.
 *
 * A tree has at most eight leaves, numbered from left to right, and each of its tests "feature > threshold" strikes out the leaves it rules
 * out: the lowest leaf that is left is the answer (QuickScorer, Lucchese et al., SIGIR 2015). With bytes for features and for sets of
 * leaves, sixteen rows are judged by the same few vector instructions, without a branch. Whole numbers only: the same everywhere. */
#pragma once
#include "core/str.h"

enum { FOREST_LEAVES = 8, FOREST_LANES = 16, FOREST_STRIDE_MAX = 1024 };

struct forest_tree {
	uint8_t feature[FOREST_LEAVES - 1]; /* place in forest.features */
	uint8_t above[FOREST_LEAVES - 1];   /* the test: more than this; 255 = never */
	uint8_t left[FOREST_LEAVES - 1];    /* leaves that stay when the test holds */
	int16_t value[FOREST_LEAVES];       /* in 1/FOREST_ONE */
};

enum { FOREST_ONE = 1024 };

struct forest {
	const struct forest_tree *trees;
	const uint16_t *features; /* which bytes of a row are looked at */
	uint16_t n_trees, n_features;
	int16_t start;
};

/* Scores (log odds in 1/FOREST_ONE) of n rows, `stride` bytes apart. */
void forest_score(const struct forest *f, const uint8_t *rows, size_t stride, size_t n, int16_t *scores);
/* The same without AVX2, for the test that compares them. */
void forest_plain(const struct forest *f, const uint8_t *rows, size_t stride, size_t n, int16_t *scores);
/* A score as a likelihood in 255ths. */
uint8_t forest_likelihood(int16_t score);
