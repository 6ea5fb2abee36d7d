/* Whatever the bytes and whatever they declare, the text is valid UTF-8, the same when read again, and names a known encoding. */
#include "extract/charset.h"
#include "extract/label.h"
#include "core/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte says what HTTP declares. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const http[] = {"", "utf-8", "iso-8859-1", "windows-1251", "shift_jis", "gbk", "macintosh", "utf-16", "iso-2022-jp", "cp850", "x-user-defined", "windows-1250"};
	struct charset_result one, two;
	struct arena *a = arena_new(0);
	struct str declared = str_of(size ? http[data[0] % (sizeof(http) / sizeof(*http))] : "");
	struct str bytes = {(const char *)data + (size > 0), size - (size > 0)};
	charset_decode(bytes, declared, a, &one);
	charset_decode(bytes, declared, a, &two);
	if (utf8_valid(one.text) != one.text.n || !str_eq(one.text, two.text) || !str_eq(one.name, two.name) || !label_find(one.name))
		abort();
	/* What is UTF-8 already stays what it is. */
	charset_decode(one.text, declared, a, &two);
	if (str_eq(one.name, STR("utf-8")) && !str_starts(one.text, STR("\xEF\xBB\xBF")) && !memchr(one.text.p, 0, one.text.n) && !memchr(one.text.p, 0x1B, one.text.n) &&
	    !str_eq(one.text, two.text) && one.repaired == 0)
		abort();
	arena_free(a);
	return 0;
}
