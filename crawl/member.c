#include "crawl/member.h"

#include <zlib.h>

static bool is_gzip(const unsigned char *p)
{
	return p[0] == 0x1F && p[1] == 0x8B && p[2] == 8 && !(p[3] & 0xE0);
}

/* A frame, or a skippable one. */
static bool is_zstd(const unsigned char *p)
{
	return (p[0] == 0x28 && p[1] == 0xB5 && p[2] == 0x2F && p[3] == 0xFD) || ((p[0] & 0xF0) == 0x50 && p[1] == 0x2A && p[2] == 0x4D && p[3] == 0x18);
}

enum member_kind member_kind(struct str s, const char **name)
{
	static const struct {
		const char *name, *magic;
	} others[] = {{"xz", "\xFD""7zXZ"}, {"bzip2", "BZh"}, {"lz4", "\x04\x22\x4D\x18"}};
	const unsigned char *p = (const unsigned char *)s.p;
	*name = "gzip";
	if (s.n >= 3 && p[0] == 0x1F && p[1] == 0x8B)
		return MEMBER_GZIP;
	*name = "zstd";
	if (s.n >= 4 && is_zstd(p))
		return MEMBER_ZSTD;
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		*name = others[i].name;
		if (str_starts(s, str_of(others[i].magic)))
			return MEMBER_OTHER;
	}
	*name = "plain";
	return MEMBER_PLAIN;
}

bool member_is_container(struct str s)
{
	return str_starts(s, STR("PK\x03\x04")) || (s.n >= 263 && memcmp(s.p + 257, "ustar", 5) == 0);
}

bool member_starts(struct str s, enum member_kind kind)
{
	const unsigned char *p = (const unsigned char *)s.p;
	return s.n >= 4 && (kind == MEMBER_GZIP ? is_gzip(p) : is_zstd(p));
}

size_t member_try(struct str in, char *out, size_t cap)
{
	if (!member_starts(in, MEMBER_GZIP))
		return SIZE_MAX;
	z_stream z = {.next_in = (Bytef *)(uintptr_t)in.p, .avail_in = (uInt)(in.n < 1 << 30 ? in.n : 1 << 30), .next_out = (Bytef *)out, .avail_out = (uInt)cap};
	if (inflateInit2(&z, 15 + 16) != Z_OK)
		return SIZE_MAX;
	int r = inflate(&z, Z_NO_FLUSH);
	inflateEnd(&z);
	return r == Z_OK || r == Z_STREAM_END || r == Z_BUF_ERROR ? cap - z.avail_out : SIZE_MAX;
}
