/* member: what a compressed file is made of, told by bytes: gzip members (RFC 1952) and zstd frames (RFC 8878). */
#pragma once
#include "core/str.h"

enum member_kind { MEMBER_PLAIN, MEMBER_GZIP, MEMBER_ZSTD, MEMBER_OTHER };

/* What a file is by its first eight bytes; *name: "plain", "gzip", "zstd", "xz", "bzip2", "lz4". */
enum member_kind member_kind(struct str first, const char **name);
/* zip, or tar (POSIX.1-1988 and later), by the first 263 bytes. */
bool member_is_container(struct str first);
/* Do the first four bytes of a member or frame stand here? */
bool member_starts(struct str s, enum member_kind kind);
/* Decode the beginning of the gzip member that may start here, at most cap bytes: how many there were; SIZE_MAX when it is none, that is,
 * when the four bytes of a member's head stand here by chance. */
size_t member_try(struct str in, char *out, size_t cap);
