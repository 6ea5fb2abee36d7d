/* text: the last touch on extracted text: NFC. */
#pragma once
#include "core/arena.h"

/* NFC of valid UTF-8 (Unicode 15 through ICU); s itself when nothing in it can change, which a scan tells. */
struct str text_nfc(struct str s, struct arena *a);
