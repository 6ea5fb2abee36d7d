/* The parts of the report with which a person can judge the sieve: signals with their thresholds, and samples. */
#include "cli/report_part.h"

#include "cli/meaning.h"
#include "cli/passage.h"
#include "cli/sample.h"

#include <math.h>
#include <stdio.h>

enum { BINS = 30 };

/* ---- signals ---- */

struct signal_view {
	char column[80];
	const char *name; /* as rules call it */
	double least, most;
	bool parts; /* least and most part three kinds */
};

/* Most of the values and the thresholds are to be seen; a share is seen from 0 to 1 unless all happens near 0. */
static void view_bounds(const struct spread *x, const struct signal_view *v, double *low, double *high)
{
	double top = fmax(x->p[4], isnan(v->most) ? 0 : v->most <= 1 || v->most < x->max * 50 ? v->most : 0);
	top = fmax(top, isnan(v->least) ? 0 : v->least) * 1.25;
	*low = x->min < 0 ? x->min : 0;
	if (x->max <= 1 && top > 0.5)
		top = 1;
	double unit = pow(10, floor(log10(top > 0 ? top : 1)));
	*high = top > 0 ? ceil(top / unit * 4) / 4 * unit : 1;
}

/* With as many decimals as it has, up to four. */
static void put_number(struct buf *b, double v)
{
	int decimals = 0;
	for (double x = v; decimals < 4 && fabs(x - nearbyint(x)) > 1e-6; x *= 10)
		decimals++;
	page_real(b, v, decimals);
}

static void put_rule(struct buf *b, const struct signal_view *v)
{
	/* Two lines that part three kinds are not a least and a most. */
	if (v->parts) {
		buf_byte(b, ' ');
		put_number(b, v->least);
		buf_z(b, " \u00B7 ");
		put_number(b, v->most);
		return;
	}
	if (!isnan(v->least)) {
		buf_z(b, " \u2265\u00A0");
		put_number(b, v->least);
	}
	if (!isnan(v->most)) {
		buf_z(b, isnan(v->least) ? " \u2264\u00A0" : ", \u2264\u00A0");
		put_number(b, v->most);
	}
}

/* What the rule that asks for this signal leaves out. */
static void put_meaning(struct buf *b, const char *name)
{
	char reason[80];
	int n = snprintf(reason, sizeof(reason), "filter.%s", name);
	const char *en = meaning_of((struct str){reason, (size_t)n}, false), *pt = meaning_of((struct str){reason, (size_t)n}, true);
	if (!en || !en[0])
		return;
	buf_z(b, "<div class=why>");
	page_say(b, en, pt);
	buf_z(b, "</div>");
}

static int put_signal(struct report *r, const struct signal_view *v, struct err *e)
{
	double edges[BINS + 1], kept[BINS], out[BINS], low, high;
	struct spread x;
	int at = corpus_find(r->c, str_of(v->column));
	if (at < 0)
		return 0;
	int rc = spread_of(r->c, (unsigned)at, NULL, -1, 0, 1, &x, e);
	if (rc || !x.n)
		return rc;
	view_bounds(&x, v, &low, &high);
	for (int i = 0; i <= BINS; i++)
		edges[i] = low + (high - low) * i / BINS;
	rc = spread_bins(r->c, (unsigned)at, edges, BINS + 1, kept, out, e);
	if (rc)
		return rc;
	buf_z(r->b, "<figure><figcaption><b>");
	page_text(r->b, str_of(v->name));
	buf_z(r->b, "</b>");
	put_rule(r->b, v);
	put_meaning(r->b, v->name);
	buf_z(r->b, "</figcaption>");
	chart_histogram(r->b, kept, out, BINS, low, high, v->least, v->most);
	buf_z(r->b, "<div class=ends><span>");
	put_number(r->b, low);
	buf_z(r->b, "</span><span>");
	put_number(r->b, high);
	buf_z(r->b, x.max > high ? "+</span></div></figure>\n" : "</span></div></figure>\n");
	return 0;
}

/* Scores, then every quality signal that has a threshold; then those that are only measured. */
static int put_views(struct report *r, bool ruled, struct err *e)
{
	const struct past *p = &r->past;
	struct signal_view v = {.column = "language_score", .name = "language_score", .least = p->filter.language_score, .most = NAN};
	int rc = ruled ? put_signal(r, &v, e) : 0;
	v = (struct signal_view){.column = "variety_score", .name = "variety_score", .least = p->filter.low, .most = p->filter.high, .parts = true};
	if (!rc && ruled)
		rc = put_signal(r, &v, e);
	for (int i = 0; !rc && i < QUALITY_SIGNALS; i++) {
		bool has = !isnan(p->bounds[i].least) || !isnan(p->bounds[i].most);
		if (has != ruled)
			continue;
		v = (struct signal_view){.name = quality_names[i], .least = p->bounds[i].least, .most = p->bounds[i].most};
		snprintf(v.column, sizeof(v.column), "signals_%s", quality_names[i]);
		rc = put_signal(r, &v, e);
	}
	return rc;
}

int report_signals(struct report *r, struct err *e)
{
	struct buf *b = r->b;
	static const struct chart_series key[] = {{"cin", "kept", "guardadas", NULL}, {"c2", "left out, for any reason", "deixadas de fora, por qualquer razão", NULL}};
	page_section(b, "signals", "Scores and quality signals", "Pontuações e sinais de qualidade");
	page_note(b, "Across: the value; up: how many documents, as square roots, so that what is rare can be seen. Dashed lines are the thresholds; those of variety_score part Brazilian, undetermined and European.",
		  "Na horizontal, o valor; na vertical, quantos documentos, em raiz quadrada, para que se veja o que é raro. As linhas tracejadas são os limites; as de variety_score separam o brasileiro, o indeterminado e o europeu.");
	chart_key(b, key, 2);
	buf_z(b, "<div class=small>\n");
	int rc = put_views(r, true, e);
	buf_z(b, "</div>\n<details><summary>");
	page_say(b, "signals without a threshold", "sinais sem limite");
	buf_z(b, "</summary><div class=small>\n");
	if (!rc)
		rc = put_views(r, false, e);
	buf_z(b, "</div></details>\n");
	page_section_end(b);
	return rc;
}

/* ---- samples ---- */

static void put_passage(struct buf *b, const struct passage *p)
{
	const char *at = p->text.p, *end = at + p->text.n;
	buf_z(b, "<blockquote lang=pt>");
	if (p->cut_before)
		buf_z(b, "\u2026 ");
	for (unsigned i = 0; i < p->n; i++) {
		page_text(b, str_range(at, p->marks[i].p));
		buf_z(b, "<mark>");
		page_text(b, p->marks[i]);
		buf_z(b, "</mark>");
		at = p->marks[i].p + p->marks[i].n;
	}
	page_text(b, str_range(at, end));
	if (p->cut_after)
		buf_z(b, " \u2026");
	buf_z(b, "</blockquote>");
}

/* "top_2_gram 0.412 > 0.371" for the rule that decided. */
static void put_decision(struct report *r, const struct doc *d, struct str reason)
{
	struct buf *b = r->b;
	struct str rule;
	str_cut(reason, '.', &rule);
	struct quality_bound bound = past_bound(&r->past, rule);
	char name[64];
	snprintf(name, sizeof(name), "%.*s", (int)(rule.n < 63 ? rule.n : 63), rule.n ? rule.p : "");
	double v = (double)doc_signal_get(d, name);
	if (isnan(v))
		return;
	buf_z(b, " \u00B7 <b>");
	page_text(b, rule);
	buf_byte(b, ' ');
	page_real(b, v, v == floor(v) ? 0 : 3);
	if (v < bound.least) {
		buf_z(b, " &lt; ");
		put_number(b, bound.least);
	} else if (v > bound.most) {
		buf_z(b, " &gt; ");
		put_number(b, bound.most);
	}
	buf_z(b, "</b>");
}

static void put_meta(struct report *r, const struct sample *s, struct str reason)
{
	struct buf *b = r->b;
	const struct doc *d = &s->doc;
	char date[24];
	buf_z(b, "<div class=meta>");
	page_foreign(b, d->url);
	doc_date_print(d->date, date);
	buf_printf(b, " \u00B7 %.10s", date);
	if (d->http_status && d->http_status != 200)
		buf_printf(b, " \u00B7 HTTP %u", d->http_status);
	if (d->mime.n && !str_eq(d->mime, STR("text/html"))) {
		buf_z(b, " \u00B7 ");
		page_foreign(b, d->mime);
	}
	if (d->language.n && !str_eq(d->language, STR("por_Latn"))) {
		buf_z(b, " \u00B7 ");
		page_text(b, d->language);
		buf_byte(b, ' ');
		page_real(b, (double)d->language_score, 2);
	}
	if (d->variety.n) {
		buf_z(b, " \u00B7 ");
		page_text(b, d->variety);
		buf_byte(b, ' ');
		page_real(b, (double)d->variety_score, 2);
	}
	put_decision(r, d, reason);
	if (s->mate_url.n) {
		buf_z(b, "<br>");
		page_say(b, "stays: ", "fica: ");
		page_foreign(b, s->mate_url);
		buf_printf(b, " \u00B7 %.10s", s->mate_date.n ? s->mate_date.p : "");
	}
	buf_z(b, "</div>");
}

static void put_sample(struct report *r, const struct sample *s, struct str reason, const struct judge *j, struct judge_work *w)
{
	struct buf *b = r->b;
	struct passage p;
	buf_z(b, reason.n ? "<article class='sample no'><h4>" : "<article class='sample ok'><h4>");
	if (s->doc.title.n)
		page_foreign(b, str_head(s->doc.title, 200));
	else
		page_say(b, "(no title)", "(sem título)");
	buf_z(b, "</h4>");
	put_meta(r, s, reason);
	if (s->has_text) {
		passage_find(&p, s->doc.text, reason, j, w);
		put_passage(b, &p);
	}
	buf_z(b, "</article>\n");
}

static void put_set(struct report *r, const struct sample_set *s, const struct judge *j, struct judge_work *w, bool open)
{
	struct buf *b = r->b;
	buf_z(b, open ? "<details open><summary>" : "<details><summary>");
	if (s->reason.n) {
		buf_z(b, "<code>");
		page_text(b, s->reason);
		buf_z(b, "</code>");
	} else {
		page_say(b, "kept", "guardados");
	}
	buf_z(b, " \u00B7 ");
	page_int(b, s->n);
	page_say(b, " of ", " de ");
	page_int(b, (int64_t)s->captures);
	buf_z(b, "</summary>\n");
	for (unsigned i = 0; i < s->n; i++)
		put_sample(r, &s->samples[i], s->reason, j, w);
	buf_z(b, "</details>\n");
}

int report_samples(struct report *r, struct err *e)
{
	struct samples s;
	struct judge *j = NULL;
	struct buf *b = r->b;
	int rc = sample_pick(r->c, &s, e);
	if (rc)
		return rc;
	rc = judge_open(&j, &(struct judge_conf){NULL, NULL, (float)r->past.filter.low, (float)r->past.filter.high, 0.5f}, e);
	if (!rc) {
		struct judge_work *w = judge_start(j);
		bool texts = false;
		page_section(b, "samples", "Samples: judge for yourself", "Amostras: julgue por si");
		page_note(b, "Picked by chance, up to twenty of each. What is marked is what the decision hangs on: the clearest sentence for language and variety, the repetition, the lines that break the rule.",
			  "Escolhidas ao acaso, até vinte de cada. Está marcado aquilo de que a decisão depende: a frase mais clara quanto à língua e à variedade, a repetição, as linhas que quebram a regra.");
		for (unsigned i = 0; i < s.n; i++)
			for (unsigned k = 0; i && k < s.sets[i].n; k++)
				texts |= s.sets[i].samples[k].has_text;
		if (!texts && s.n > 1)
			page_note(b, "The texts of what was left out are not here: run with --keep-rejects keeps them.",
				  "Os textos do que ficou de fora não estão aqui: a opção --keep-rejects guarda-os.");
		for (unsigned i = 0; i < s.n; i++)
			put_set(r, &s.sets[i], j, w, i == 0);
		page_section_end(b);
		judge_stop(w);
	}
	judge_free(j);
	sample_free(&s);
	return rc;
}
