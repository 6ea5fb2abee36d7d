#include "cli/chart.h"

#include "cli/page.h"

#include <math.h>
#include <stdio.h>

enum { HEIGHT = 200, SMALL_HEIGHT = 84, GAP_ABOVE = 3 };

static double column_sum(const struct chart *c, unsigned i)
{
	double sum = 0;
	for (unsigned s = 0; s < c->n_series; s++)
		sum += c->series[s].values[i];
	return sum;
}

/* The highest line, and how many steps there are below it. */
static double nice_top(double max, unsigned *steps)
{
	static const struct {
		double top;
		unsigned steps;
	} nice[] = {{1, 5}, {1.2, 4}, {1.5, 5}, {2, 4}, {2.5, 5}, {3, 3}, {4, 4}, {5, 5}, {6, 4}, {8, 4}, {10, 5}};
	if (!(max > 0)) {
		*steps = 1;
		return 1;
	}
	double unit = pow(10, floor(log10(max)));
	size_t i = 0;
	while (i < sizeof(nice) / sizeof(*nice) - 1 && nice[i].top * unit < max * (1 - 1e-9))
		i++;
	*steps = nice[i].steps;
	/* Counts have no halves. */
	while (*steps > 1 && fmod(nice[i].top * unit, *steps) != 0)
		--*steps;
	return nice[i].top * unit;
}

/* "1.2 M" beside an axis. */
static void put_axis_number(struct buf *b, double v)
{
	static const char *const unit[] = {"", "\u00A0k", "\u00A0M", "\u00A0G", "\u00A0T"};
	int u = 0;
	while (v >= 10000 && u < 4)
		v /= 1000, u++;
	page_real(b, v, v == floor(v) ? 0 : 1);
	buf_z(b, unit[u]);
}

void chart_key(struct buf *b, const struct chart_series *s, unsigned n)
{
	buf_z(b, "<ul class=key>");
	for (unsigned i = 0; i < n; i++) {
		buf_printf(b, "<li><i class=%s></i>", s[i].css);
		page_say(b, s[i].en, s[i].pt);
		buf_z(b, "</li>");
	}
	buf_z(b, "</ul>\n");
}

static void put_title(struct buf *b, const char *css, const char *en, const char *pt)
{
	buf_printf(b, "<div class=%s>", css);
	page_say(b, en, pt);
	buf_z(b, "</div>");
}

static void put_axis(struct buf *b, const struct chart *c, double top, unsigned steps)
{
	buf_printf(b, "<div class=y style=height:%dpx>", HEIGHT);
	for (unsigned i = 0; i <= steps; i++) {
		double v = top * (steps - i) / steps;
		buf_z(b, "<span>");
		if (c->shares)
			buf_printf(b, "%.0f\u00A0%%", 100 * v);
		else
			put_axis_number(b, v);
		buf_z(b, "</span>");
	}
	buf_z(b, "</div>");
}

static void put_column(struct buf *b, const struct chart *c, unsigned i, double top)
{
	double sum = column_sum(c, i), y = HEIGHT, whole = c->shares ? sum : top;
	double step = 100.0 / c->n, width = c->n > 60 ? step : step * 0.8;
	if (!(sum > 0))
		return;
	buf_z(b, "<g><title>");
	page_text(b, str_of(c->labels[i]));
	for (unsigned s = 0; s < c->n_series; s++)
		if (c->series[s].values[i] > 0) {
			buf_z(b, "\n");
			page_text(b, str_of(c->series[s].en));
			buf_z(b, " / ");
			page_text(b, str_of(c->series[s].pt));
			buf_z(b, ": ");
			page_int(b, (int64_t)c->series[s].values[i]);
		}
	buf_z(b, "</title>");
	for (unsigned s = 0; s < c->n_series; s++) {
		double h = whole > 0 ? HEIGHT * c->series[s].values[i] / whole : 0;
		if (!(h > 0))
			continue;
		/* What stands on another leaves a line of the page between, where there is room for one. */
		double gap = y < HEIGHT && h > GAP_ABOVE;
		y -= h;
		buf_printf(b, "<rect class=%s x=%.3f%% y=%.2f width=%.3f%% height=%.2f />", c->series[s].css, step * i + (step - width) / 2, y, width, h - gap);
	}
	buf_z(b, "</g>");
}

static void put_labels(struct buf *b, const struct chart *c)
{
	buf_z(b, "<div class=x>");
	for (unsigned i = 0; i < c->n; i++) {
		size_t n = strlen(c->labels[i]);
		bool round = n && (c->labels[i][n - 1] == '0' || c->labels[i][n - 1] == '5');
		/* On a phone there is room for a few: round years, or every other bin. */
		bool always = c->n <= 6 || (c->every_5 ? round : i % 2 == 0);
		buf_z(b, always ? "<span>" : "<span class=roomy>");
		if (always || c->n <= 14)
			page_text(b, str_of(c->labels[i]));
		buf_z(b, "</span>");
	}
	buf_z(b, "</div>");
	put_title(b, "xt", c->label_en, c->label_pt);
	buf_z(b, "</div>\n");
}

static void put_table(struct buf *b, const struct chart *c)
{
	buf_z(b, "<details><summary>");
	page_say(b, "the numbers", "os números");
	buf_z(b, "</summary><div class=scroll><table><thead><tr>");
	page_th(b, false, c->label_en, c->label_pt);
	for (unsigned s = 0; s < c->n_series; s++)
		page_th(b, true, c->series[s].en, c->series[s].pt);
	buf_z(b, "</tr></thead><tbody>");
	for (unsigned i = 0; i < c->n; i++) {
		if (!(column_sum(c, i) > 0))
			continue;
		buf_z(b, "<tr><td>");
		page_text(b, str_of(c->labels[i]));
		for (unsigned s = 0; s < c->n_series; s++) {
			buf_z(b, "<td class=n>");
			page_int(b, (int64_t)c->series[s].values[i]);
		}
	}
	buf_z(b, "</tbody></table></div></details>\n");
}

void chart_columns(struct buf *b, const struct chart *c)
{
	double max = 0;
	unsigned steps = 4;
	for (unsigned i = 0; i < c->n; i++)
		max = fmax(max, column_sum(c, i));
	double top = c->shares ? 1 : nice_top(max, &steps);
	if (c->n_series > 1)
		chart_key(b, c->series, c->n_series);
	buf_z(b, "<div class=chart>");
	put_title(b, "yt", c->unit_en, c->unit_pt);
	put_axis(b, c, top, steps);
	buf_printf(b, "<svg height=%d role=img>", HEIGHT);
	for (unsigned i = 0; i <= steps; i++)
		buf_printf(b, "<line class=grid x1=0 x2=100%% y1=%.1f y2=%.1f />", (double)HEIGHT * i / steps, (double)HEIGHT * i / steps);
	for (unsigned i = 0; i < c->n; i++)
		put_column(b, c, i, top);
	buf_z(b, "</svg>");
	put_labels(b, c);
	put_table(b, c);
}

static void put_limit(struct buf *b, double v, double low, double high)
{
	if (isnan(v) || v < low || v > high)
		return;
	double x = 100 * (v - low) / (high - low);
	buf_printf(b, "<line class=limit x1=%.2f%% x2=%.2f%% y1=0 y2=%d />", x, x, SMALL_HEIGHT);
}

void chart_histogram(struct buf *b, const double *kept, const double *out, unsigned bins, double low, double high, double least, double most)
{
	double max = 0, step = 100.0 / bins;
	for (unsigned i = 0; i < bins; i++)
		max = fmax(max, kept[i] + out[i]);
	buf_printf(b, "<svg height=%d role=img>", SMALL_HEIGHT);
	for (unsigned i = 0; max > 0 && i < bins; i++) {
		/* Square roots: what is rare must be seen beside what is common. */
		double all = SMALL_HEIGHT * sqrt((kept[i] + out[i]) / max), part = kept[i] + out[i] > 0 ? all * kept[i] / (kept[i] + out[i]) : 0;
		if (part > 0)
			buf_printf(b, "<rect class=cin x=%.2f%% y=%.2f width=%.2f%% height=%.2f />", step * i, SMALL_HEIGHT - part, step * 0.88, part);
		if (all - part > 0)
			buf_printf(b, "<rect class=c2 x=%.2f%% y=%.2f width=%.2f%% height=%.2f />", step * i, SMALL_HEIGHT - all, step * 0.88,
				   all - part - (part > 0 && all - part > GAP_ABOVE));
	}
	buf_printf(b, "<line class=grid x1=0 x2=100%% y1=%d y2=%d />", SMALL_HEIGHT, SMALL_HEIGHT);
	put_limit(b, least, low, high);
	put_limit(b, most, low, high);
	buf_z(b, "</svg>");
}

void chart_bar(struct buf *b, const struct chart_part *parts, unsigned n, double whole)
{
	buf_z(b, "<div class=bar>");
	for (unsigned i = 0; i < n; i++)
		if (parts[i].value > 0 && whole > 0)
			buf_printf(b, "<i class=%s style=width:%.3f%%></i>", parts[i].css, 100 * parts[i].value / whole);
	buf_z(b, "</div>");
}
