/* pii: personal data in text, masked with typed placeholders: e-mail addresses, public IPv4 addresses, phone numbers (Portuguese,
 * Brazilian, international with +). Masking what is masked changes nothing. */
#pragma once
#include "core/buf.h"

enum pii_kind { PII_EMAIL, PII_IP, PII_PHONE, PII_KINDS };
extern const char *const pii_names[PII_KINDS];

/* text with its personal data masked, into out (cleared first). counts[k] is added to. false: nothing was found, out is empty. */
bool pii_mask(struct str text, struct buf *out, uint32_t counts[PII_KINDS]);
