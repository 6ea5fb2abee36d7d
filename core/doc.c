#include "core/doc.h"

#include <stdio.h>

#define FIELD(member, key, type, writer, meaning) {key, type, offsetof(struct doc, member), writer, meaning}
const struct doc_field_info doc_fields[DOC_FIELDS] = {
	[DOC_ID] = FIELD(id, "id", DOC_T_STR, "crawl", "WARC-Record-ID, or urn:sha1: of file and offset for ARC"),
	[DOC_TEXT] = FIELD(text, "text", DOC_T_STR, "extract", "main text: UTF-8, NFC, paragraphs as lines"),
	[DOC_URL] = FIELD(url, "url", DOC_T_STR, "crawl", "address as captured"),
	[DOC_DATE] = FIELD(date, "date", DOC_T_DATE, "crawl", "capture time, ISO 8601 UTC"),
	[DOC_DUMP] = FIELD(dump, "dump", DOC_T_STR, "crawl", "collection"),
	[DOC_TITLE] = FIELD(title, "title", DOC_T_STR, "extract", "title of the page"),
	[DOC_LANGUAGE] = FIELD(language, "language", DOC_T_STR, "filter", "ISO 639-3 and script: por_Latn"),
	[DOC_LANGUAGE_SCORE] = FIELD(language_score, "language_score", DOC_T_F32, "filter", "probability of that language"),
	[DOC_VARIETY] = FIELD(variety, "variety", DOC_T_STR, "filter", "pt-PT, pt-BR, or pt where the text does not tell"),
	[DOC_VARIETY_SCORE] =
		FIELD(variety_score, "variety_score", DOC_T_F32, "filter", "calibrated probability of pt-PT"),
	[DOC_CLUSTER_ID] = FIELD(minhash_cluster_id, "minhash_cluster_id", DOC_T_U64, "dedup", "which copies belong together"),
	[DOC_CLUSTER_SIZE] =
		FIELD(minhash_cluster_size, "minhash_cluster_size", DOC_T_U32, "dedup", "how many copies there were"),
	[DOC_TOKEN_COUNT] = FIELD(token_count, "token_count", DOC_T_U32, "shard", "tokens of the text"),
	[DOC_FILE_PATH] = FIELD(at.file, "file_path", DOC_T_PATH, "crawl", "archive file it came from"),
	[DOC_FILE_OFFSET] = FIELD(at.offset, "file_offset", DOC_T_U64, "crawl", "byte offset of the record in it, as stored"),
	[DOC_CHARSET] = FIELD(charset, "charset", DOC_T_STR, "extract", "encoding that was decoded, WHATWG name"),
	[DOC_HTTP_STATUS] = FIELD(http_status, "http_status", DOC_T_U32, "crawl", "status of the HTTP response"),
	[DOC_MIME] = FIELD(mime, "mime", DOC_T_STR, "crawl", "media type, without parameters"),
	[DOC_PAYLOAD_DIGEST] = FIELD(payload_digest, "payload_digest", DOC_T_STR, "crawl", "digest that the record gives"),
	[DOC_AUTHOR] = FIELD(author, "author", DOC_T_STR, "extract", "author, as the page says"),
	[DOC_PUBLISHED] = FIELD(published, "published", DOC_T_STR, "extract", "date of publication, as the page says"),
	[DOC_DESCRIPTION] = FIELD(description, "description", DOC_T_STR, "extract", "summary that the page gives"),
	[DOC_CANONICAL] = FIELD(canonical, "canonical", DOC_T_STR, "extract", "canonical URL that the page gives"),
	[DOC_LANG_DECLARED] = FIELD(lang_declared, "lang_declared", DOC_T_STR, "extract", "language that the page declares"),
	[DOC_PAGE_TYPE] =
		FIELD(page_type, "page_type", DOC_T_STR, "extract", "article, forum, listing, product, index or other"),
	[DOC_COUNTRY] = FIELD(country, "country", DOC_T_STR, "filter", "country of the host, by its top-level domain"),
	[DOC_CHARACTERS] = FIELD(characters, "text_characters", DOC_T_U32, "run", "characters of a text that was not kept"),
	[DOC_WORDS] = FIELD(words, "text_words", DOC_T_U32, "run", "words of a text that was not kept"),
	[DOC_SIGNALS] = FIELD(signals, "signals", DOC_T_SIGNALS, "extract filter", "one number per quality signal"),
	[DOC_DROP] = FIELD(drop, "drop", DOC_T_WHY, "anyone", "reason it was left out (rejects only)"),
	[DOC_RAW] = FIELD(raw, "record", DOC_T_STR, "source", "the record as stored; not written"),
	[DOC_HTML] = FIELD(html, "html", DOC_T_STR, "crawl", "body of the response; not written"),
};

void doc_init(struct doc *d)
{
	*d = (struct doc){.date = DATE_NONE, .language_score = NAN, .variety_score = NAN};
}

void doc_signal(struct doc *d, struct arena *a, const char *name, float value)
{
	for (uint32_t i = 0; i < d->n_signals; i++)
		if (d->signals[i].name == name || strcmp(d->signals[i].name, name) == 0) {
			d->signals[i].value = value;
			return;
		}
	if (d->n_signals == d->cap_signals) {
		uint32_t cap = d->cap_signals ? 2 * d->cap_signals : 32;
		struct signal *more = ARENA_ARRAY(a, struct signal, cap);
		if (d->n_signals)
			memcpy(more, d->signals, d->n_signals * sizeof(*more));
		d->signals = more;
		d->cap_signals = cap;
	}
	d->signals[d->n_signals++] = (struct signal){name, value};
}

float doc_signal_get(const struct doc *d, const char *name)
{
	for (uint32_t i = 0; i < d->n_signals; i++)
		if (strcmp(d->signals[i].name, name) == 0)
			return d->signals[i].value;
	return NAN;
}

/* Days since 1970-01-01 of a proleptic Gregorian date (Howard Hinnant, chrono-compatible algorithms). */
static int64_t days_from_civil(int64_t y, unsigned m, unsigned d)
{
	y -= m <= 2;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	unsigned yoe = (unsigned)(y - era * 400);
	unsigned doy = (153 * (m + (m > 2 ? -3u : 9u)) + 2) / 5 + d - 1;
	unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return era * 146097 + (int64_t)doe - 719468;
}

static void put_digits(char *out, unsigned v, int n)
{
	while (n--) {
		out[n] = (char)('0' + v % 10);
		v /= 10;
	}
}

const char *doc_date_print(int64_t date, char out[24])
{
	/* 0000-01-01T00:00:00Z to 9999-12-31T23:59:59Z */
	if (date < -62167219200 || date > 253402300799) {
		out[0] = 0;
		return out;
	}
	int64_t days = date / 86400, left = date % 86400;
	if (left < 0)
		left += 86400, days--;
	int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
	unsigned doe = (unsigned)(z - era * 146097);
	unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
	unsigned m = mp < 10 ? mp + 3 : mp - 9;
	int64_t y = (int64_t)yoe + era * 400 + (m <= 2);
	memcpy(out, "0000-00-00T00:00:00Z", 21);
	put_digits(out, (unsigned)y, 4);
	put_digits(out + 5, m, 2);
	put_digits(out + 8, doy - (153 * mp + 2) / 5 + 1, 2);
	put_digits(out + 11, (unsigned)(left / 3600), 2);
	put_digits(out + 14, (unsigned)(left / 60 % 60), 2);
	put_digits(out + 17, (unsigned)(left % 60), 2);
	return out;
}

/* The next n digits of *s as a number; -1 when they are not there. */
static int take(struct str *s, int n)
{
	int v = 0;
	if (s->n < (size_t)n)
		return -1;
	for (int i = 0; i < n; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return -1;
		v = v * 10 + s->p[i] - '0';
	}
	*s = str_from(*s, (size_t)n);
	return v;
}

static bool over(struct str *s, char c)
{
	if (!s->n || s->p[0] != c)
		return false;
	*s = str_from(*s, 1);
	return true;
}

/* "+01:00", "-0300", "Z" or nothing: seconds east of UTC. */
static int64_t zone(struct str s)
{
	int sign = over(&s, '+') ? 1 : over(&s, '-') ? -1 : 0;
	if (!sign)
		return 0;
	int h = take(&s, 2);
	over(&s, ':');
	int m = take(&s, 2);
	return h < 0 ? 0 : sign * (h * 3600 + (m < 0 ? 0 : m) * 60);
}

int64_t doc_date_parse(struct str s)
{
	static const unsigned char last[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	s = str_trim(s);
	int y = take(&s, 4), part[5] = {1, 1, 0, 0, 0};
	if (y < 0)
		return DATE_NONE;
	static const char sep[] = "--T::";
	for (int i = 0; i < 5; i++) {
		struct str next = s;
		if (!over(&next, sep[i]) && sep[i] == 'T')
			over(&next, ' ');
		int v = take(&next, 2);
		if (v < 0)
			break;
		part[i] = v;
		s = next;
	}
	if (over(&s, '.'))
		while (take(&s, 1) >= 0)
			;
	if (part[0] < 1 || part[0] > 12 || part[1] < 1 || part[1] > last[part[0] - 1] || part[2] > 24 || part[3] > 59 ||
	    part[4] > 60)
		return DATE_NONE;
	int64_t days = days_from_civil(y, (unsigned)part[0], (unsigned)part[1]);
	return days * 86400 + part[2] * 3600 + part[3] * 60 + part[4] - zone(s);
}
