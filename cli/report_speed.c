/* The part of the report that tells what the corpus cost. Not part of what is the same from run to run. */
#include "cli/report_part.h"

#include "cli/times.h"

#include <math.h>
#include <stdio.h>

static void tile_begin(struct buf *b)
{
	buf_z(b, "<div class=tile><b>");
}

static void tile_end(struct buf *b, const char *en, const char *pt)
{
	buf_z(b, "</b><span>");
	page_say(b, en, pt);
	buf_z(b, "</span></div>");
}

/* "3.4 s", "12 min", "5.2 h". */
static void put_time(struct buf *b, double s)
{
	bool hours = s >= 3 * 3600, minutes = !hours && s >= 180;
	double v = s / (hours ? 3600 : minutes ? 60 : 1);
	page_real(b, v, v < 100);
	buf_z(b, hours ? "\u00A0h" : minutes ? "\u00A0min" : "\u00A0s");
}

static void put_rate(struct buf *b, double v)
{
	if (v < 100)
		page_real(b, v, 1);
	else
		page_int(b, (int64_t)v);
}

int report_speed(struct report *r, struct err *e)
{
	struct times t;
	struct buf *b = r->b;
	(void)e;
	if (!r->past.n_inputs || !times_read(&t, corpus_folder(r->c)))
		return 0;
	page_section(b, "speed", "What it took", "O que custou");
	buf_z(b, "<p class=note>");
	page_int(b, (int64_t)t.calls);
	page_say(b, t.calls == 1 ? " call that came to its end, with up to " : " calls that came to their end, with up to ", t.calls == 1 ? " execução que chegou ao fim, com até " : " execuções que chegaram ao fim, com até ");
	page_int(b, (int64_t)t.threads);
	page_say(b, t.threads == 1 ? " thread; rates are per second of one core." : " threads; rates are per second of one core.",
		 t.threads == 1 ? " linha de execução; os ritmos são por segundo de um núcleo." : " linhas de execução; os ritmos são por segundo de um núcleo.");
	buf_z(b, "</p>\n<div class=tiles>");
	tile_begin(b);
	put_time(b, t.cpu);
	tile_end(b, "of processor time", "de processador");
	if (t.calls == 1) {
		tile_begin(b);
		put_time(b, t.seconds);
		tile_end(b, "by the clock", "de relógio");
	}
	tile_begin(b);
	put_rate(b, (double)r->past.input_bytes / 1e6 / t.cpu);
	tile_end(b, "MB of archive a second", "MB de arquivo por segundo");
	tile_begin(b);
	put_rate(b, r->captures / t.cpu);
	tile_end(b, "captured pages a second", "páginas capturadas por segundo");
	tile_begin(b);
	put_rate(b, r->tokens / t.cpu);
	tile_end(b, "tokens a second", "tokens por segundo");
	tile_begin(b);
	put_rate(b, (double)t.peak / 1e6);
	tile_end(b, "MB of memory at most", "MB de memória, no máximo");
	buf_z(b, "</div>\n");
	page_section_end(b);
	return 0;
}
