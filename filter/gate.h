/* gate: a second look at whether a text is Portuguese.
 *
 * One logistic layer over what the language model's classes say of a text's words and of its names, how far Portuguese is ahead, and how much
 * there was to judge by. The classes are learned one against the rest, on the text without its names; how their answers, and names, are to
 * be weighed against each other is learned on texts that no class has seen (train_language.c). Its weights are in the model's notes. */
#pragma once
#include "filter/linear.h"

enum { GATE_CLASSES = 12, GATE_INPUTS = 2 * GATE_CLASSES + 5 };

struct gate {
	float w[GATE_INPUTS];
	bool on; /* the model has such a layer */
};

/* What is said of a text: scores of the classes from `words` distinct words, and from `names` distinct names. */
void gate_inputs(const float of_words[GATE_CLASSES], uint32_t words, const float of_names[GATE_CLASSES], uint32_t names, float in[GATE_INPUTS]);
/* The probability of Portuguese. */
float gate_portuguese(const struct gate *g, const float in[GATE_INPUTS]);
/* Off when the model has none. */
void gate_load(struct gate *g, const struct linear *m);
/* The weights as members of a JSON object, each with a comma before it; returns the length, below `room`. */
size_t gate_print(const struct gate *g, char *to, size_t room);
/* Learn from n rows of inputs; ours: is it Portuguese; cost: what an error on it weighs. */
void gate_fit(struct gate *g, float (*in)[GATE_INPUTS], const bool *ours, const float *cost, size_t n);
