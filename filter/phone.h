/* phone: telephone numbers as they are written in Portugal, in Brazil and with a country code.
 *
 * Portugal: nine digits from 2, 30 and 91 92 93 96, in the usual groups; before 1999 an area (01), (053) and five to seven digits. Brazil:
 * (area) and eight or nine digits. Elsewhere: + and a known country code, 8 to 15 digits (ITU-T E.164). With a name before it ("Tel.") any
 * number of 6 to 15 digits that is not a date. Service numbers (800, 808, 707, 760, 0800) belong to nobody and stay. */
#pragma once
#include "filter/ident.h"

/* Where the phone number that begins at text[at] ends; 0 when there is none. `at` is a digit, '+' or '('. label: what it is called;
 * handed: by the number before it (ident_label_before). */
size_t phone_at(struct str text, size_t at, enum ident_label label, bool handed);
