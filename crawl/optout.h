/* optout: what a response says against being used: "noai" for robots (X-Robots-Tag, meta), and the reservation of text and data mining
 * (W3C TDM Reservation Protocol: header and meta tdm-reservation, value 1). Nobody said either before 2021: older captures are not searched. */
#pragma once
#include "crawl/http.h"

enum { OPTOUT_HEAD = 16 << 10, OPTOUT_YEAR = 2021 }; /* bytes of a page searched for meta elements */

enum optout { OPTOUT_NONE = 0, OPTOUT_NOAI = 1, OPTOUT_TDM = 2 };

/* Which of them: a sum of enum optout. date: of the capture; DATE_NONE is searched. */
unsigned optout_of(const struct http *h, struct str html, int64_t date);
