/* mojibake: UTF-8 that was taken for windows-1252 or Latin-1 and encoded once more ("Ã§Ã£o" for "ção"), undone. */
#pragma once
#include "core/arena.h"

/* s itself when there is none of it; else a copy in the arena. *undone: characters restored. Up to three encodings too many. */
struct str mojibake_undo(struct str s, struct arena *a, uint32_t *undone);
