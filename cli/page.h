/* page: writing HTML for the report: everything escaped, everything said in English and in Portuguese.
 *
 * Both languages are in the page; which one shows is a radio button at its top (CSS alone: the page has no script and its
 * Content-Security-Policy allows none, nor any load). Text from the web goes through page_text only, which also takes control and
 * direction characters out; no address from the web is ever a link. */
#pragma once
#include "core/buf.h"

/* The head, up to and including <main>. pt: Portuguese shows first. */
void page_begin(struct buf *b, struct str title, bool pt);
void page_end(struct buf *b);

void page_text(struct buf *b, struct str s);                 /* any bytes */
void page_name(struct buf *b, struct str s);                 /* a line may end behind its dots, underscores and slashes */
void page_foreign(struct buf *b, struct str s);              /* the same in <bdi>: of unknown direction */
void page_say(struct buf *b, const char *en, const char *pt); /* two spans */
void page_say_svg(struct buf *b, const char *attributes, const char *en, const char *pt); /* two <text> elements */
void page_int(struct buf *b, int64_t v);                     /* groups of three, narrow no-break spaces between */
void page_real(struct buf *b, double v, int decimals);       /* point or comma; NAN: a dash */
void page_share(struct buf *b, double part, double whole);   /* "12.3 %" */

void page_section(struct buf *b, const char *id, const char *en, const char *pt);
void page_section_end(struct buf *b);
void page_note(struct buf *b, const char *en, const char *pt); /* a paragraph below a heading */
void page_heading(struct buf *b, const char *en, const char *pt); /* within a section */
/* A column heading; numbers: right-aligned. */
void page_th(struct buf *b, bool numbers, const char *en, const char *pt);
