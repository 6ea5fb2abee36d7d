/* keyring: the values of some columns as numbers: equal combinations have the same number, from 0 in order of appearance.
 *
 * Row groups are gone through in order. Strings are looked at once a dictionary entry, not once a row. Real numbers are exact, or counted by
 * a step; null is a value of its own. */
#pragma once
#include "cli/corpus.h"

enum { KEYRING_COLUMNS = 4 };

struct keyring;

/* step: of real numbers; 0 = exact. Timestamps are whole seconds, as SQL shows them. */
struct keyring *keyring_new(struct corpus *c, const unsigned *columns, unsigned n, double step);
struct keyring *keyring_free(struct keyring *k);
/* The number of each row of this group, valid until the next call. */
int keyring_rows(struct keyring *k, unsigned group, const uint32_t **numbers, struct err *e);
/* How many numbers there are so far: 1 for no columns. */
size_t keyring_count(const struct keyring *k);

struct keyring_value {
	bool null;
	enum parquet_kind kind;
	int64_t whole; /* BOOL I32 I64; TIME: seconds */
	double real;
	struct str text; /* valid as long as the keyring */
};
/* The value of column `which` in combination `number`. */
struct keyring_value keyring_value(const struct keyring *k, uint32_t number, unsigned which);
