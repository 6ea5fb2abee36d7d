/* reform: the same text in the spelling of another time.
 *
 * Portuguese was respelled in 1911/1945 (Portugal) and 1943/1971 (Brazil), and in both by the agreement of 1990; a model trained on what happens
 * to be at hand learns "old spelling = Portugal". Training therefore sees each text in several spellings. Word by word, by rules and a table
 * of stems; what no rule knows stays as it is. Source: Acordo Ortográfico da Língua Portuguesa (1990), annex I; Formulário Ortográfico (1911). */
#pragma once
#include "core/buf.h"

#include <stdbool.h>

enum reform {
	REFORM_1890, /* before the first reforms: elle, anno, pharmacia */
	REFORM_1945, /* acção, óptimo, Janeiro in Portugal; freqüente, idéia, vôo in Brazil */
	REFORM_1990, /* since the agreement */
};

/* `text` in that spelling into *out (cleared first). portugal: which country's rules. */
void reform_text(struct str text, enum reform era, bool portugal, struct buf *out);
/* Without accents and cedillas, in place: what e-mail and many pages before 2000 look like. */
void reform_fold(struct buf *b);
