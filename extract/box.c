#include "extract/box.h"

#include "extract/scale.h"

static void fill(struct box_tree *w, uint32_t i)
{
	const struct block_node *k = &w->b->nodes[i];
	uint8_t *f = w->boxes[i].f;
	f[B_CHARS] = scale_log(k->chars);
	f[B_LINK] = scale_ratio(k->link_chars, k->chars);
	f[B_BLOCKS] = scale_log(k->blocks);
	f[B_LONG] = scale_ratio(k->long_chars, k->chars);
	f[B_PAGE] = scale_ratio(k->chars, w->page_chars);
	f[B_DENSITY] = scale_log(k->chars / (k->tags + 1));
	f[B_P] = scale_ratio(k->p_chars, k->chars);
}

static uint32_t name_slot(struct box_tree *w, uint32_t hash)
{
	uint32_t at = (hash * 0x9E3779B1u) & w->mask;
	while (w->names[at].count && w->names[at].hash != hash)
		at = (at + 1) & w->mask;
	return at;
}

static void count_names(struct box_tree *w)
{
	const struct blocks *b = w->b;
	memset(w->names, 0, (w->mask + 1ull) * sizeof(*w->names));
	for (uint32_t i = 0; i < b->n_nodes; i++) {
		const struct block_node *k = &b->nodes[i];
		struct box_name *n = &w->names[w->boxes[i].name = name_slot(w, k->name)];
		n->hash = k->name;
		n->count++;
		n->chars += k->chars;
		n->link_chars += k->link_chars;
		n->long_chars += k->long_chars;
		n->blocks += k->blocks;
	}
}

/* Prose counts for the parent in full and for the grandparent by half (as in readability); a third of it for what holds it itself. */
static uint32_t find_top(const struct box_tree *w)
{
	const struct blocks *b = w->b;
	uint32_t top = 0;
	float *score = own_zalloc(b->n_nodes * sizeof(*score)), best = 0;
	for (uint32_t i = 0; i < b->n; i++) {
		const struct block *k = &b->v[i];
		const struct block_node *n = &b->nodes[k->node];
		bool p = n->tag == TAG_P || (n->tag >= TAG_H1 && n->tag <= TAG_H6) || n->tag == TAG_LI || n->tag == TAG_BLOCKQUOTE;
		bool prose = (k->chars - k->link_chars > 80 || (k->commas && k->words > 10 && 10 * k->link_chars < 3 * k->chars)) && 2 * k->link_chars < k->chars;
		if (!prose)
			continue;
		float c = (float)(k->chars < 1000 ? k->chars : 1000);
		score[n->parent] += c;
		score[b->nodes[n->parent].parent] += c / 2;
		if (!p)
			score[k->node] += c * 0.75f;
	}
	for (uint32_t i = 0; i < b->n_nodes; i++) {
		const struct block_node *n = &b->nodes[i];
		float s = n->chars ? score[i] * (1 - (float)n->link_chars / (float)n->chars) : 0;
		if (s > best) {
			best = s;
			top = i;
		}
	}
	free(score);
	return top;
}

static void read_nodes(struct box_tree *w)
{
	const struct blocks *b = w->b;
	count_names(w);
	w->top = find_top(w);
	for (uint32_t i = 0; i < b->n_nodes; i++)
		w->boxes[i].up = 255;
	for (uint32_t i = w->top;; i = b->nodes[i].parent) {
		w->boxes[i].up = 0;
		w->boxes[i].common = i;
		if (!i)
			break;
	}
	for (uint32_t i = 0; i < b->n_nodes; i++) {
		const struct block_node *k = &b->nodes[i];
		struct box *x = &w->boxes[i], *up = &w->boxes[k->parent];
		fill(w, i);
		x->outer = i == 0 ? 0 : b->nodes[k->parent].chars > k->chars ? k->parent : up->outer;
		if (x->up) {
			x->up = (uint8_t)(up->up + (up->up < 254));
			x->common = up->common;
		}
		bool line = k->tag == TAG_P || k->tag == TAG_TD || (k->tag >= TAG_H1 && k->tag <= TAG_H6) || k->tag == TAG_TBODY;
		x->item = i == 0 ? 0 : w->names[x->name].count >= 3 && !line ? i : up->item;
	}
}

/* How often the words of each block come in the page. */
static void count_repeats(struct box_tree *w, uint32_t *table, uint32_t *counts)
{
	const struct blocks *b = w->b;
	memset(counts, 0, (w->mask + 1ull) * sizeof(*counts));
	for (uint32_t i = 0; i < b->n; i++) {
		uint32_t at = (b->v[i].hash * 0x9E3779B1u) & w->mask;
		while (counts[at] && table[at] != b->v[i].hash)
			at = (at + 1) & w->mask;
		table[at] = b->v[i].hash;
		counts[at]++;
		w->repeats[i] = at;
	}
	for (uint32_t i = 0; i < b->n; i++)
		w->repeats[i] = counts[w->repeats[i]];
}

static void *piece(char **p, size_t n)
{
	void *at = *p;
	*p += (n + 15) & ~(size_t)15;
	return at;
}

void box_free(struct box_tree *t)
{
	free(t->p);
	*t = (struct box_tree){0};
}

void box_read(struct box_tree *t, const struct blocks *b)
{
	uint32_t most = b->n > b->n_nodes ? b->n : b->n_nodes, slots = 64;
	while (slots < 2 * most)
		slots *= 2;
	size_t need = b->n_nodes * sizeof(struct box) + slots * (sizeof(struct box_name) + 8) + b->n * 4ull + 128;
	if (need > t->cap) {
		free(t->p);
		t->p = own_alloc(t->cap = need);
	}
	char *p = t->p;
	t->b = b;
	t->mask = slots - 1;
	t->page_chars = b->nodes[0].chars;
	t->boxes = piece(&p, b->n_nodes * sizeof(struct box));
	t->names = piece(&p, slots * sizeof(struct box_name));
	t->repeats = piece(&p, b->n * 4ull);
	uint32_t *table = piece(&p, slots * 4ull), *counts = piece(&p, slots * 4ull);
	count_repeats(t, table, counts);
	read_nodes(t);
}
