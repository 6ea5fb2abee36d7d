/* forest: the answer of every tree is that of walking down it. */
#include "core/own.h"
#include "extract/forest.h"
#include "tests/tap.h"

static uint32_t state = 12345;

static uint32_t draw(uint32_t n)
{
	state = state * 1664525u + 1013904223u;
	return (state >> 8) % n;
}

/* A tree of random shape as nodes to walk, and the same as tests and masks. */
struct node {
	int left, right, leaf;
	uint8_t feature, above;
};

struct plain {
	struct node v[15];
	int n;
};

static unsigned grow(struct plain *p, struct forest_tree *t, int *tests, int *leaves, int at, int want, unsigned features)
{
	if (want == 1) {
		p->v[at].leaf = *leaves;
		return 1u << (*leaves)++;
	}
	int mine = (*tests)++, left = 1 + (int)draw((uint32_t)want - 1);
	struct node *k = &p->v[at];
	k->leaf = -1;
	k->feature = (uint8_t)draw(features);
	k->above = (uint8_t)draw(255);
	k->left = p->n++;
	k->right = p->n++;
	unsigned a = grow(p, t, tests, leaves, k->left, left, features), b = grow(p, t, tests, leaves, k->right, want - left, features);
	t->feature[mine] = k->feature;
	t->above[mine] = k->above;
	t->left[mine] = (uint8_t)~a;
	return a | b;
}

static int16_t walk(const struct plain *p, const struct forest_tree *t, const uint16_t *used, const uint8_t *row)
{
	const struct node *k = p->v;
	while (k->leaf < 0)
		k = &p->v[row[used[k->feature]] > k->above ? k->right : k->left];
	return t->value[k->leaf];
}

int main(void)
{
	enum { TREES = 40, ROWS = 53, STRIDE = 77, USED = 30 };
	static struct plain plain[TREES];
	static struct forest_tree trees[TREES];
	static uint16_t used[USED];
	static uint8_t rows[ROWS * STRIDE];
	static int16_t scores[ROWS], twin[ROWS];
	for (int i = 0; i < USED; i++)
		used[i] = (uint16_t)(2 * i + 3);
	for (int i = 0; i < TREES; i++) {
		int tests = 0, leaves = 0;
		memset(trees[i].above, 255, sizeof(trees[i].above));
		memset(trees[i].left, 255, sizeof(trees[i].left));
		plain[i].n = 1;
		grow(&plain[i], &trees[i], &tests, &leaves, 0, 1 + (int)draw(FOREST_LEAVES), USED);
		for (int k = 0; k < FOREST_LEAVES; k++)
			trees[i].value[k] = (int16_t)((int)draw(1200) - 600);
	}
	for (size_t i = 0; i < sizeof(rows); i++)
		rows[i] = (uint8_t)draw(256);
	struct forest f = {trees, used, TREES, USED, 17};
	for (size_t n = 0; n <= ROWS; n += n < 20 ? 1 : 11) {
		int wrong = 0;
		forest_score(&f, rows, STRIDE, n, scores);
		forest_plain(&f, rows, STRIDE, n, twin);
		for (size_t r = 0; r < n; r++) {
			int sum = f.start;
			for (int i = 0; i < TREES; i++)
				sum += walk(&plain[i], &trees[i], used, rows + r * STRIDE);
			wrong += scores[r] != sum || twin[r] != sum;
		}
		tap(!wrong, "%zu rows as walked", n);
	}
	bool rises = forest_likelihood(-32768) == 0 && forest_likelihood(32767) == 255;
	for (int s = -32768; s < 32767; s++)
		rises &= forest_likelihood((int16_t)s) <= forest_likelihood((int16_t)(s + 1));
	tap(rises, "the likelihood rises from 0 to 255");
	return tap_done();
}
