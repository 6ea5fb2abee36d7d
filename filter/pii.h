/* pii: personal data in text, found and masked.
 *
 * E-mail addresses, public IPv4 and IPv6 addresses, phone numbers (Portuguese, Brazilian, international), and numbers of Portuguese and
 * Brazilian documents and accounts with their check digits (ident.h). What a number is called right before it ("NIF", "Tel.", "ISBN",
 * "versão") counts: with its name a number needs less form, with another name it is left alone. Dates, laws, ISBNs, prices, scores and
 * versions stay. Masking what is masked changes nothing, but where numbers run
 * into each other without a blank. tests/unit/filter/test_pii.c measures precision and recall. */
#pragma once
#include "core/buf.h"

enum pii_kind {
	PII_EMAIL, PII_IP, PII_PHONE, PII_NIF, PII_NISS, PII_CITIZEN, PII_PASSPORT, PII_IBAN, PII_CARD, PII_CPF, PII_CNPJ, PII_KINDS
};
extern const char *const pii_names[PII_KINDS + 1]; /* of the signals: pii_email ..., ended by NULL */

/* PII_TAGS: <email>, <telefone> ...; PII_SAMPLES: an address or number of the same kind that belongs to nobody. */
enum pii_style { PII_TAGS, PII_SAMPLES };

/* text with its personal data masked, into out (cleared first). counts[k] is added to. false: nothing was found, out is empty. */
bool pii_mask(struct str text, enum pii_style style, struct buf *out, uint32_t counts[PII_KINDS]);
