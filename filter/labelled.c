#include "filter/labelled.h"

#include "core/json.h"
#include "core/utf8.h"

struct labelled labelled_line(struct str line, struct arena *a)
{
	struct labelled out = {0};
	struct json in = json_of(line);
	struct str key;
	if (!json_object(&in))
		return out;
	while (json_key(&in, a, &key)) {
		bool is_text = str_eq(key, STR("text")), is_label = str_eq(key, STR("label"));
		if ((is_text || is_label) && json_peek(&in) == JSON_STRING)
			json_string(&in, a, is_text ? &out.text : &out.label);
		else
			json_skip(&in, NULL);
	}
	if (utf8_valid(out.text) != out.text.n)
		out.text = (struct str){0};
	return out;
}
