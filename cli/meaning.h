/* meaning: what a reason to leave something out means, in English (as its stage says) and in Portuguese. */
#pragma once
#include "core/str.h"

/* "" for a reason that this program does not know. Portuguese falls back to English for one that has not been translated. */
const char *meaning_of(struct str reason, bool portuguese);
/* Has it been? For the test that walks all reasons. */
bool meaning_translated(struct str reason);
