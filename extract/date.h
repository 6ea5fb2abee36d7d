/* date: dates as pages write them, to ISO 8601.
 *
 * "2004-03-12T10:30:00+0100", "12/03/2004", "Fri, 12 Mar 2004 10:30:00 GMT", "12 de Março de 2004", "20040312". Numbers that may be read
 * both ways are day first. Years 1980 to 2099; what is no date gives nothing. */
#pragma once
#include "core/arena.h"

/* "2004-03-12" or, with a time of day, "2004-03-12T10:30:00" with what it says of a zone ("Z", "+01:00"); empty when s is no date. */
struct str date_iso(struct str s, struct arena *a);
