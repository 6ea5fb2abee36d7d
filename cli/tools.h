/* tools: what a run works with besides its archives: the models inside the program, and the files that options name. With another model, or another
 * list behind the same name, a run would give other documents, so that both are part of its configuration and of its manifest.
 *
 * Models are told by the SHA-256 of their file in the source, as sha256sum prints it; files by XXH3-64, folders by that of their files' names and
 * digests. The index of --against may grow: what depends on it is done again, and it is no part of the configuration. */
#pragma once
#include "cli/run.h"

/* Of [begin, end) of a file, or of a folder. */
int tools_of_file(const char *path, uint64_t begin, uint64_t end, uint64_t *digest, struct err *e);
/* Lines of TOML for work/config.toml. 0, ERR_IO. */
int tools_toml(const struct run *r, struct buf *out, struct err *e);
/* "models":{NAME:SHA-256,...},"files":[{"option","path","xxh3"},...] for the manifest. 0, ERR_IO. */
int tools_json(const struct run *r, struct buf *out, struct err *e);
/* Of all of it, and of the index of --against. 0, ERR_IO. */
int tools_digest(const struct run *r, uint64_t *digest, struct err *e);
