/* chart: the drawings of the report. Shapes are SVG with positions in percent, so that they fill any width; words are HTML around
 * them, so that they keep their size on a phone. Each has a table of its numbers that opens on demand. */
#pragma once
#include "core/buf.h"

enum { CHART_SERIES_MAX = 6 };

struct chart_series {
	const char *css; /* class of its colour */
	const char *en, *pt;
	const double *values; /* n of them */
};

struct chart {
	const char *const *labels; /* n of them, below the columns; escaped here */
	unsigned n;
	const struct chart_series *series;
	unsigned n_series;
	const char *label_en, *label_pt; /* what the columns are: "year" */
	const char *unit_en, *unit_pt;	 /* what their height is: "documents" */
	bool shares;  /* each column fills the height */
	bool every_5; /* show only labels that end in 0 or 5 when there are many */
};

/* Stacked columns, a legend, a table to open. */
void chart_columns(struct buf *b, const struct chart *c);
/* The legend alone. */
void chart_key(struct buf *b, const struct chart_series *s, unsigned n);
/* Bins from low to high: two stacked counts, and limits as dashed lines (NAN: none). */
void chart_histogram(struct buf *b, const double *kept, const double *out, unsigned bins, double low, double high, double least, double most);
/* A bar of a table cell: parts of a whole, with their colours. */
struct chart_part {
	const char *css;
	double value;
};
void chart_bar(struct buf *b, const struct chart_part *parts, unsigned n, double whole);
