/* hosts: the table `hosts` of SQL: captures, documents, tokens, characters, first and last date of each host.
 *
 * What a view with GROUP BY would say, counted in one pass over the columns instead of row by row through SQLite: a third of the time. */
#pragma once
#include "cli/corpus.h"

struct sqlite3;

/* The module "hosts": CREATE VIRTUAL TABLE hosts USING hosts. c must outlive db. false: SQLite refused. */
bool hosts_register(struct sqlite3 *db, struct corpus *c);
/* Does the corpus have the columns that this takes? */
bool hosts_can(const struct corpus *c);
