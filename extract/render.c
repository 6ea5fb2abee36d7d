#include "extract/render.h"

enum { CELL_MAX = 200, ROW_MAX = 1000 }; /* characters; more is a layout, not a table */

static uint32_t around(const struct blocks *b, uint32_t node, uint8_t tag)
{
	for (unsigned i = 0; i < 4 && node; i++, node = b->nodes[node].parent)
		if (b->nodes[node].tag == tag)
			return node;
	return 0;
}

/* The row that a block is a cell of: a short one, alone in its cell, in a row that is not a page layout. 0 = none. */
static uint32_t row_of(const struct blocks *b, const struct block *k)
{
	uint32_t cell = around(b, k->node, TAG_TD);
	cell = cell ? cell : around(b, k->node, TAG_TH);
	if (!cell || k->chars > CELL_MAX || b->nodes[cell].blocks != 1)
		return 0;
	uint32_t row = around(b, k->node, TAG_TR);
	return row && b->nodes[row].chars <= ROW_MAX && b->nodes[row].blocks > 1 ? row : 0;
}

void render_text(const struct blocks *b, struct buf *out)
{
	uint32_t row = 0;
	bool first = true;
	for (uint32_t i = 0; i < b->n; i++) {
		const struct block *k = &b->v[i];
		if (!k->keep)
			continue;
		uint32_t mine = row_of(b, k);
		if (!first)
			buf_z(out, mine && mine == row ? " | " : "\n");
		buf_add(out, b->text.p + k->at, k->n);
		row = mine;
		first = false;
	}
}

/* Lines of s, each behind `lead`; a line end inside a block is a hard break. */
static void put_lines(struct buf *out, struct str s, struct str lead, struct str brk)
{
	for (bool first = true; s.p; first = false) {
		struct str line = str_cut(s, '\n', &s);
		if (!first) {
			buf_str(out, brk);
			buf_byte(out, '\n');
		}
		buf_str(out, lead);
		buf_str(out, line);
	}
}

static void put_row(struct buf *out, const struct blocks *b, uint32_t *i, uint32_t row)
{
	unsigned cells = 0;
	for (; *i < b->n && (!b->v[*i].keep || row_of(b, &b->v[*i]) == row); ++*i) {
		const struct block *k = &b->v[*i];
		if (!k->keep)
			continue;
		buf_z(out, cells++ ? " | " : "| ");
		for (uint32_t c = 0; c < k->n; c++)
			buf_byte(out, b->text.p[k->at + c] == '\n' ? ' ' : b->text.p[k->at + c]);
	}
	buf_z(out, " |");
	--*i;
}

static void put_block(struct buf *out, const struct block *k, struct str s)
{
	static const char marks[] = "###### ";
	unsigned level = k->level ? k->level : 1;
	char lead[2 * 8 + 3];
	switch (k->kind) {
	case BLOCK_H:
		buf_z(out, marks + 6 - (level < 6 ? level : 6));
		put_lines(out, s, (struct str){0}, (struct str){0});
		break;
	case BLOCK_LI:
		level = level < 8 ? level : 8;
		memset(lead, ' ', sizeof(lead));
		memcpy(lead + 2 * (level - 1), "- ", 3);
		buf_z(out, lead);
		memcpy(lead + 2 * (level - 1), "  ", 3);
		buf_str(out, str_cut(s, '\n', &s));
		if (s.p) {
			buf_z(out, "  \n");
			put_lines(out, s, str_of(lead), STR("  "));
		}
		break;
	case BLOCK_QUOTE:
		put_lines(out, s, STR("> "), STR("  "));
		break;
	case BLOCK_PRE:
		buf_z(out, "```\n");
		buf_str(out, s);
		buf_z(out, "\n```");
		break;
	default:
		put_lines(out, s, (struct str){0}, STR("  "));
		break;
	}
}

void render_markdown(const struct blocks *b, struct buf *out)
{
	uint8_t last = BLOCK_OTHER;
	uint32_t table = 0;
	bool first = true;
	for (uint32_t i = 0; i < b->n; i++) {
		const struct block *k = &b->v[i];
		if (!k->keep)
			continue;
		uint32_t row = row_of(b, k), mine = row ? around(b, row, TAG_TABLE) : 0;
		if (!first)
			buf_z(out, (mine && mine == table) || (k->kind == BLOCK_LI && last == BLOCK_LI) ? "\n" : "\n\n");
		if (row) {
			size_t from = out->n;
			put_row(out, b, &i, row);
			if (mine != table || !mine) {
				/* A table begins with its head. */
				size_t cells = 0;
				for (size_t c = from; c + 1 < out->n; c++)
					cells += out->p[c] == '|' && out->p[c + 1] == ' ';
				buf_z(out, "\n|");
				for (size_t c = 0; c < cells; c++)
					buf_z(out, "---|");
			}
		} else {
			put_block(out, k, (struct str){b->text.p + k->at, k->n});
		}
		table = mine;
		last = row ? BLOCK_TD : k->kind;
		first = false;
	}
}
