#include "crawl/cdx.h"

#include "core/json.h"
#include "crawl/surt.h"

#include <inttypes.h>

static bool is_timestamp(struct str s)
{
	if (s.n < 4 || s.n > 17)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

/* Values are strings in pywb's indexes; numbers are taken too. */
static struct str value(struct json *j, struct arena *a)
{
	struct str s = {0};
	if (json_peek(j) == JSON_STRING)
		json_string(j, a, &s);
	else
		json_skip(j, &s);
	return s;
}

bool cdx_parse(struct cdx *c, struct str line, struct arena *a)
{
	struct str rest, key, offset = {0}, length = {0};
	*c = (struct cdx){0};
	line = str_trim(line);
	if (line.n && line.p[0] != '{') {
		c->urlkey = str_cut(line, ' ', &rest);
		c->timestamp = str_cut(rest, ' ', &line);
		line = str_trim(line);
	}
	struct json j = json_of(line);
	if (!line.n || !json_object(&j))
		return false;
	while (json_key(&j, a, &key)) {
		struct str v = value(&j, a);
		struct str *to = str_eq(key, STR("url")) ? &c->url : str_eq(key, STR("mime")) ? &c->mime : str_eq(key, STR("status")) ? &c->status :
			str_eq(key, STR("digest")) ? &c->digest : str_eq(key, STR("filename")) ? &c->filename : str_eq(key, STR("offset")) ? &offset :
			str_eq(key, STR("length")) ? &length : str_eq(key, STR("urlkey")) ? &c->urlkey : str_eq(key, STR("timestamp")) ? &c->timestamp : NULL;
		if (to)
			*to = v;
	}
	c->has_place = str_u64(offset, &c->offset) && c->filename.n;
	str_u64(length, &c->length);
	return !j.bad && c->url.n && is_timestamp(c->timestamp);
}

static void put(struct buf *out, const char *name, struct str v, bool *first)
{
	if (!v.n)
		return;
	buf_printf(out, "%s\"%s\": ", *first ? "{" : ", ", name);
	json_put_string(out, v);
	*first = false;
}

void cdx_put(struct buf *out, const struct cdx *c)
{
	bool first = true;
	if (c->urlkey.n)
		buf_str(out, c->urlkey);
	else
		surt_put(out, c->url);
	buf_byte(out, ' ');
	buf_str(out, c->timestamp);
	buf_byte(out, ' ');
	put(out, "url", c->url, &first);
	put(out, "mime", c->mime, &first);
	put(out, "status", c->status, &first);
	put(out, "digest", c->digest, &first);
	if (c->has_place) {
		buf_printf(out, "%s\"length\": \"%" PRIu64 "\", \"offset\": \"%" PRIu64 "\"", first ? "{" : ", ", c->length, c->offset);
		first = false;
	}
	put(out, "filename", c->filename, &first);
	buf_z(out, first ? "{}" : "}");
}
