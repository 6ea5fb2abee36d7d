#include "cli/table.h"

#include "core/arena.h"
#include "core/json.h"
#include "core/utf8.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

enum kind { NONE, TEXT, INT, YEAR, REAL, SHARE };
enum { WIDTH_MAX = 100 }; /* characters of a text cell; longer ones end in "..." */

struct cell {
	enum kind kind;
	struct str s;
	int64_t i;
	double r;
};

struct table {
	struct str *names;
	unsigned n;
	struct cell *cells;
	size_t used, cap;
	struct arena *a;
	bool grouped;
};

struct table *table_new(const char *const *names, unsigned n)
{
	struct table *t = own_zalloc(sizeof(*t));
	t->a = arena_new(0);
	t->n = n;
	t->names = ARENA_ARRAY(t->a, struct str, n + 1);
	for (unsigned i = 0; i < n; i++)
		t->names[i] = arena_str(t->a, str_of(names[i]));
	return t;
}

struct table *table_free(struct table *t)
{
	if (!t)
		return NULL;
	arena_free(t->a);
	free(t->cells);
	free(t);
	return NULL;
}

static void add(struct table *t, struct cell c)
{
	if (t->used == t->cap) {
		t->cap = t->cap ? 2 * t->cap : 256;
		t->cells = own_grow(t->cells, t->cap * sizeof(*t->cells));
	}
	t->cells[t->used++] = c;
}

void table_str(struct table *t, struct str s)
{
	add(t, (struct cell){.kind = TEXT, .s = arena_str(t->a, s)});
}

void table_int(struct table *t, int64_t v)
{
	add(t, (struct cell){.kind = INT, .i = v});
}

void table_key(struct table *t, int64_t v)
{
	add(t, (struct cell){.kind = YEAR, .i = v});
}

void table_real(struct table *t, double v)
{
	add(t, (struct cell){.kind = isfinite(v) ? REAL : NONE, .r = v});
}

void table_share(struct table *t, double part, double whole)
{
	add(t, (struct cell){.kind = whole > 0 ? SHARE : NONE, .r = part / whole});
}

void table_null(struct table *t)
{
	add(t, (struct cell){0});
}

void table_grouped(struct table *t, bool yes)
{
	t->grouped = yes;
}

size_t table_rows(const struct table *t)
{
	return t->n ? t->used / t->n : 0;
}

/* ---- for people ---- */

static void put_int(struct buf *b, int64_t v, bool grouped)
{
	char digits[24];
	int n = snprintf(digits, sizeof(digits), "%" PRId64, v);
	for (int i = 0; i < n; i++) {
		if (grouped && i && digits[i - 1] != '-' && (n - i) % 3 == 0)
			buf_byte(b, ' ');
		buf_byte(b, digits[i]);
	}
}

/* One line, no control characters, at most WIDTH_MAX characters. */
static void put_visible(struct buf *b, struct str s)
{
	const char *at = s.p, *end = s.p + s.n;
	for (int n = 0; at < end; n++) {
		if (n == WIDTH_MAX) {
			buf_z(b, "...");
			return;
		}
		uint32_t c = utf8_next(&at, end);
		utf8_add(b, c < 32 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ? ' ' : c);
	}
}

static void render(const struct table *t, const struct cell *c, struct buf *b)
{
	buf_clear(b);
	switch (c->kind) {
	case NONE:
		buf_byte(b, '-');
		break;
	case YEAR:
		put_int(b, c->i, false);
		break;
	case TEXT:
		put_visible(b, c->s);
		break;
	case INT:
		put_int(b, c->i, t->grouped);
		break;
	case REAL:
		buf_printf(b, "%.6g", c->r);
		break;
	case SHARE:
		buf_printf(b, "%.1f %%", 100 * c->r);
		break;
	}
}

static void pad(struct buf *out, size_t n)
{
	while (n--)
		buf_byte(out, ' ');
}

/* Text to the left, all else to the right; no blanks at the end of a line. */
static void put_cell(struct buf *out, struct str s, size_t width, bool left, bool first, bool last)
{
	size_t have = utf8_count(s), blanks = width > have ? width - have : 0;
	if (!first)
		buf_add(out, "  ", 2);
	if (!left)
		pad(out, blanks);
	buf_str(out, s);
	if (left && !last)
		pad(out, blanks);
}

static void trim_end(struct buf *out)
{
	while (out->n && out->p[out->n - 1] == ' ')
		out->n--;
	buf_byte(out, '\n');
}

static void print_text(const struct table *t, struct buf *out)
{
	struct buf b;
	size_t *width = own_zalloc((t->n + 1) * sizeof(*width)), rows = table_rows(t);
	bool *left = own_zalloc(t->n + 1);
	buf_init(&b, BUF_NO_MAX);
	for (unsigned i = 0; i < t->n; i++) {
		bool numbers = false;
		width[i] = utf8_count(t->names[i]);
		for (size_t r = 0; r < rows; r++) {
			const struct cell *c = &t->cells[r * t->n + i];
			render(t, c, &b);
			size_t w = utf8_count(buf_view(&b));
			width[i] = w > width[i] ? w : width[i];
			left[i] |= c->kind == TEXT;
			numbers |= c->kind != TEXT && c->kind != NONE;
		}
		left[i] |= !numbers;
	}
	for (unsigned i = 0; i < t->n; i++)
		put_cell(out, t->names[i], width[i], left[i], i == 0, i + 1 == t->n);
	trim_end(out);
	for (size_t r = 0; r < rows; r++) {
		for (unsigned i = 0; i < t->n; i++) {
			render(t, &t->cells[r * t->n + i], &b);
			put_cell(out, buf_view(&b), width[i], left[i], i == 0, i + 1 == t->n);
		}
		trim_end(out);
	}
	buf_free(&b);
	free(left);
	free(width);
}

/* ---- for programs ---- */

static void put_csv(struct buf *out, struct str s)
{
	bool quote = false;
	for (size_t i = 0; i < s.n; i++)
		quote |= s.p[i] == ',' || s.p[i] == '"' || s.p[i] == '\n' || s.p[i] == '\r';
	if (!quote) {
		buf_str(out, s);
		return;
	}
	buf_byte(out, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_byte(out, '"');
		buf_byte(out, s.p[i]);
	}
	buf_byte(out, '"');
}

static void csv_cell(struct buf *out, const struct cell *c)
{
	if (c->kind == TEXT)
		put_csv(out, c->s);
	else if (c->kind == INT || c->kind == YEAR)
		buf_printf(out, "%" PRId64, c->i);
	else if (c->kind != NONE)
		buf_real(out, 6, c->r);
}

static void print_csv(const struct table *t, struct buf *out)
{
	for (unsigned i = 0; i < t->n; i++) {
		if (i)
			buf_byte(out, ',');
		put_csv(out, t->names[i]);
	}
	buf_byte(out, '\n');
	for (size_t r = 0; r < table_rows(t); r++) {
		for (unsigned i = 0; i < t->n; i++) {
			if (i)
				buf_byte(out, ',');
			csv_cell(out, &t->cells[r * t->n + i]);
		}
		buf_byte(out, '\n');
	}
}

static void json_cell(struct buf *out, const struct cell *c)
{
	if (c->kind == TEXT)
		json_put_string(out, c->s);
	else if (c->kind == INT || c->kind == YEAR)
		buf_printf(out, "%" PRId64, c->i);
	else if (c->kind == NONE)
		buf_z(out, "null");
	else
		buf_real(out, 6, c->r);
}

static void json_row(const struct table *t, size_t r, struct buf *out)
{
	for (unsigned i = 0; i < t->n; i++) {
		buf_byte(out, i ? ',' : '{');
		json_put_string(out, t->names[i]);
		buf_byte(out, ':');
		json_cell(out, &t->cells[r * t->n + i]);
	}
	buf_byte(out, '}');
}

void table_json(const struct table *t, struct buf *out)
{
	buf_byte(out, '[');
	for (size_t r = 0; r < table_rows(t); r++) {
		buf_z(out, r ? ",\n" : "\n");
		json_row(t, r, out);
	}
	buf_z(out, "]");
}

void table_print(const struct table *t, enum table_format format, struct buf *out)
{
	if (format == TABLE_TEXT)
		print_text(t, out);
	else if (format == TABLE_CSV)
		print_csv(t, out);
	else
		for (size_t r = 0; r < table_rows(t); r++) {
			json_row(t, r, out);
			buf_byte(out, '\n');
		}
}
