/* ident: numbers in text, what they are called, and whether their check digits hold.
 *
 * NIF: weights 9..2, 11 - sum mod 11. NISS: primes from 29 down, 9 - sum mod 10. Cartão de Cidadão: the twelve characters doubled in
 * turn, sum mod 10 (Portaria 203/2007). IBAN: ISO 13616, mod 97; the Portuguese NIB that came before it: mod 97. Cards: ISO/IEC 7812,
 * Luhn. Passport: the machine readable line of ICAO 9303, weights 7 3 1. CPF, CNPJ: two digits mod 11 (Receita Federal). */
#pragma once
#include "core/str.h"

enum { IDENT_DIGITS = 24, IDENT_GROUPS = 12 };

/* Digits in groups with single separators between them, as written at one place of a text. */
struct ident_run {
	char digit[IDENT_DIGITS + 1];
	uint32_t n, groups;		  /* digits, groups                                      */
	uint32_t length[IDENT_GROUPS];    /* digits of each group                                */
	char separator[IDENT_GROUPS];     /* before each group: 0 for the first; ' ' . - / ( )   */
	size_t end[IDENT_GROUPS];	  /* where each group ends in the text                   */
	bool bracket;			  /* the first group stands in brackets                  */
};
/* The run that begins at text[at], a digit or '(' before one. 0 groups: there is none. */
void ident_read(struct str text, size_t at, struct ident_run *r);

/* IDENT_LINE: somebody who is called, as "Reservas"; it says less than the name of a telephone. */
enum ident_label { IDENT_NONE, IDENT_PHONE, IDENT_LINE, IDENT_NIF, IDENT_NISS, IDENT_CITIZEN, IDENT_PASSPORT, IDENT_ACCOUNT, IDENT_CARD, IDENT_CPF, IDENT_CNPJ, IDENT_IP, IDENT_OTHER };
/* What the words at the end of `before` call the number that follows. Masks (<telefone>) are no words, but hand their name on to what hangs on
 * them: "telefones <telefone> e 288-3514"; *handed is true then. */
enum ident_label ident_label_before(struct str before, bool *handed);
/* Is what follows text[at] a unit that makes the number before it an amount ("euros", "habitantes", "km")? */
bool ident_is_amount(struct str text, size_t at);

/* Check digits, over digits alone (n is given where it varies). */
bool ident_nif(const char *d);
bool ident_niss(const char *d);
bool ident_cpf(const char *d);
bool ident_cnpj(const char *d);
bool ident_nib(const char *d);
bool ident_card(const char *d, uint32_t n);
/* Twelve characters: nine digits, two letters or digits, a digit. */
bool ident_citizen(const char *c);
/* A country's IBAN without blanks, of the length of that country. */
bool ident_iban(const char *c, uint32_t n);
/* Length of the IBANs of a country; 0 when it has none. */
uint32_t ident_iban_length(const char *country);
/* The second line of a passport's machine readable zone, 44 characters. */
bool ident_passport_line(const char *c);
