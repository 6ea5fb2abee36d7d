/* hub: a data set as the Hugging Face Hub takes it: data/SPLIT-NNNNN.parquet (text and what is known of each document) and README.md, the card.
 *
 * Documents as text, in the order of the input: who trains from it tokenizes by themselves. load_dataset("parquet") and the viewer of the Hub
 * read it as it is. */
#pragma once
#include "core/doc.h"
#include "core/own.h"

struct hub;
enum { HUB_FILE_BYTES = 512 << 20 }; /* of text, after which a new file begins */

/* folder exists. */
int hub_open(struct hub **out, const char *folder, const char *split, struct err *e);
int hub_put(struct hub *h, const struct doc *d, struct err *e);
int hub_commit(struct hub *h, struct err *e); /* frees h in any case */
struct hub *hub_free(struct hub *h);
/* The card, once both splits are there. */
int hub_card(const char *folder, uint64_t documents, uint64_t tokens, const char *tokenizer, struct err *e);

