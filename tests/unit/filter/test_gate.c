/* gate: what it learns from rows that tell, what it is asked, and its way through a model's notes. */
#include "filter/gate.h"
#include "tests/tap.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 400 };

static float noise(void)
{
	static uint32_t state = 7;
	state = state * 1664525u + 1013904223u;
	return (float)(state >> 8) / (1 << 24) - 0.5f;
}

/* Portuguese is ahead in its own texts, but for texts of few words, where one name decides. */
static bool row(unsigned i, float in[GATE_INPUTS])
{
	float words[GATE_CLASSES], names[GATE_CLASSES] = {0};
	bool ours = i & 1;
	for (unsigned c = 0; c < GATE_CLASSES; c++)
		words[c] = noise() - 1;
	words[0] += ours ? 1 : -0.2f;
	names[1] = ours ? 0 : 1;
	gate_inputs(words, 1 + i % 60, names, 1, in);
	return ours;
}

static void learns(void)
{
	static float in[ROWS][GATE_INPUTS];
	static bool ours[ROWS];
	static float cost[ROWS];
	struct gate g = {0}, again = {0}, dear = {0};
	for (unsigned i = 0; i < ROWS; i++) {
		ours[i] = row(i, in[i]);
		cost[i] = 1;
	}
	gate_fit(&g, in, ours, cost, ROWS);
	gate_fit(&again, in, ours, cost, ROWS);
	tap(memcmp(g.w, again.w, sizeof(g.w)) == 0, "the same rows give the same weights");
	unsigned right = 0;
	for (unsigned i = 0; i < ROWS; i++) {
		float x[GATE_INPUTS];
		bool is = row(i, x);
		right += is == (gate_portuguese(&g, x) >= 0.5f);
	}
	tap(right > ROWS * 98 / 100, "%u of %u rows not seen are told", right, ROWS);
	tap(g.w[GATE_CLASSES + 1] < 0, "a name of the neighbour speaks against it");
	float before = 0, after = 0;
	for (unsigned i = 0; i < ROWS; i++)
		cost[i] = ours[i] ? 1 : 20;
	gate_fit(&dear, in, ours, cost, ROWS);
	for (unsigned i = 0; i < ROWS; i++) {
		before += gate_portuguese(&g, in[i]);
		after += gate_portuguese(&dear, in[i]);
	}
	tap(after < before, "dear errors make it careful: %.2f, %.2f", (double)before, (double)after);
}

static void asks(void)
{
	float words[GATE_CLASSES] = {0.5f, 0.25f, -1}, none[GATE_CLASSES] = {0}, a[GATE_INPUTS], b[GATE_INPUTS];
	gate_inputs(words, 40, none, 0, a);
	gate_inputs(words, 4000, none, 0, b);
	tap(memcmp(a, b, sizeof(a)) == 0, "beyond forty words length says no more");
	tap(a[2 * GATE_CLASSES] == 0.25f && a[GATE_INPUTS - 1] == 1, "how far Portuguese is ahead of the next");
	gate_inputs(words, 0, none, 0, a);
	bool finite = true;
	for (unsigned i = 0; i < GATE_INPUTS; i++)
		finite &= isfinite(a[i]);
	tap(finite, "no words: numbers all the same");
}

static void notes(void)
{
	struct gate g = {.on = true}, back;
	char text[2048] = "{\"task\":\"language\"";
	for (unsigned i = 0; i < GATE_INPUTS; i++)
		g.w[i] = (float)i / 8 - 1;
	size_t n = strlen(text);
	n += gate_print(&g, text + n, sizeof(text) - n);
	text[n++] = '}';
	struct linear m = {.notes = {text, n}};
	gate_load(&back, &m);
	tap(back.on && memcmp(g.w, back.w, sizeof(g.w)) == 0, "through the notes of a model and back");
	m.notes = STR("{\"task\":\"language\",\"gate_0\":1}");
	gate_load(&back, &m);
	tap(!back.on, "a part of a gate is none");
}

int main(void)
{
	learns();
	asks();
	notes();
	return tap_done();
}
