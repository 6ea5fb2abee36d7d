/* doc: the document, and the table of its fields.
 *
 * A plain struct: stages read and write its fields directly; the margin says who writes each. Strings are slices into the
 * batch's arena; nobody frees a document. A document that is left out stays in its batch with its reason in `drop`, so
 * that counts always add up: in = kept + sum(reasons).
 *
 * doc_fields[] names every field that is stored: it drives the JSON reader and writer, `peneira flow`, `peneira stats
 * --by` and peneira-doc(5). Adding a field = one line in struct doc, one in enum doc_field, one in doc.c. */
#pragma once
#include "core/arena.h"
#include "core/err.h"
#include "core/str.h"

#include <math.h>

/* A reason to leave a document out. Each stage has an array of them, ended by {0}; doc.drop points into it. */
struct why {
	const char *name;    /* "filter.language": stage, dot, rule */
	const char *meaning; /* one line for flow, reports and manuals */
};

/* A quality signal: one number a stage says of a document, whether it is kept or not. */
struct signal {
	const char *name;
	float value;
};

#define DATE_NONE INT64_MIN

struct doc {
	/* Set by the source. */
	struct where at;           /* file and offset of the record as stored; file_path, file_offset           */
	struct str id;             /* WARC-Record-ID with its <>, or urn:sha1:... of file name and offset (ARC)  */
	struct str url;            /* as captured                                                               */
	struct str dump;           /* collection: --dump, or the archive file's name without its endings        */
	struct str payload_digest; /* "sha1:BASE32" as the record says                                          */
	int64_t date;              /* capture time, seconds since 1970 UTC; DATE_NONE = unknown                 */
	struct str raw;            /* the record's block (archives) or the line (JSONL), not yet decoded; memory only */
	const void *record;        /* what the archive source notes for crawl; memory only                      */
	/* Set by crawl. */
	uint32_t http_status; /* 0 = the record holds no HTTP head */
	struct str mime;      /* lower case, without parameters    */
	struct str http_charset; /* charset parameter of Content-Type, as written; memory only */
	struct str http_language; /* Content-Language; memory only */
	struct str html;      /* body with transfer and content codings removed, any charset; memory only */
	/* Set by extract. */
	struct str text; /* main text: UTF-8, NFC, LF, paragraphs as lines */
	struct str title, author, description, canonical;
	struct str published;     /* ISO 8601 date of publication as the page says; empty = not said */
	struct str lang_declared; /* what the page says of itself: "pt-PT"                          */
	struct str charset;       /* the encoding that was decoded, WHATWG name in lower case       */
	struct str page_type;     /* article forum listing product index other                      */
	uint32_t characters, words; /* of a text that is no longer here; 0 = not known, or `text` tells */
	/* Set by filter. */
	struct str language;  /* ISO 639-3 and script: por_Latn     */
	float language_score; /* NAN = not judged                   */
	struct str variety;   /* pt-PT, pt-BR, pt                   */
	float variety_score;  /* calibrated probability of pt-PT    */
	struct str country;   /* of the host, from its top-level domain, upper case; empty = not told */
	/* Set by dedup. */
	uint64_t minhash_cluster_id; /* below 2^53 */
	uint32_t minhash_cluster_size; /* 0 = not clustered */
	/* Set by shard. */
	uint32_t token_count; /* 0 = not tokenized */
	const uint32_t *tokens; /* memory only */
	/* Anyone. */
	struct signal *signals; /* in the order added; doc_signal adds */
	uint32_t n_signals, cap_signals;
	uint64_t ordinal;       /* place among the documents of the source, from 0; memory only */
	struct str extra;       /* fields of the input that are not in doc_fields: `,"key":value` each, handed on */
	const struct why *drop; /* first reason to leave it out; NULL = kept */
};

enum doc_field {
	DOC_ID, DOC_TEXT, DOC_URL, DOC_DATE, DOC_DUMP, DOC_TITLE, DOC_LANGUAGE, DOC_LANGUAGE_SCORE, DOC_VARIETY,
	DOC_VARIETY_SCORE, DOC_CLUSTER_ID, DOC_CLUSTER_SIZE, DOC_TOKEN_COUNT, DOC_FILE_PATH, DOC_FILE_OFFSET, DOC_CHARSET,
	DOC_HTTP_STATUS, DOC_MIME, DOC_PAYLOAD_DIGEST, DOC_AUTHOR, DOC_PUBLISHED, DOC_DESCRIPTION, DOC_CANONICAL,
	DOC_LANG_DECLARED, DOC_PAGE_TYPE, DOC_COUNTRY, DOC_CHARACTERS, DOC_WORDS,
	DOC_SIGNALS, DOC_DROP, /* stored */
	DOC_RAW, DOC_HTML,                                                    /* memory only */
	DOC_FIELDS
};
enum { DOC_STORED = DOC_RAW };
#define DOC_BIT(field) (1ull << (field))

enum doc_type { DOC_T_STR, DOC_T_DATE, DOC_T_U32, DOC_T_U64, DOC_T_F32, DOC_T_PATH, DOC_T_SIGNALS, DOC_T_WHY };

struct doc_field_info {
	const char *key; /* the JSON key and the name everywhere else */
	enum doc_type type;
	size_t at; /* offset in struct doc */
	const char *writer, *meaning;
};
extern const struct doc_field_info doc_fields[DOC_FIELDS];

/* An empty document: numbers unset, strings empty. */
void doc_init(struct doc *d);
/* Leave it out, unless an earlier reason already does. why points into a stage's drops[]. */
static inline void doc_drop(struct doc *d, const struct why *why)
{
	if (!d->drop)
		d->drop = why;
}
/* Add a signal, or set it when it is there already. name must outlive the document (a literal, or in its arena). */
void doc_signal(struct doc *d, struct arena *a, const char *name, float value);
/* NAN when the document has none of that name. */
float doc_signal_get(const struct doc *d, const char *name);

/* "2004-03-01T12:00:00Z" into out (21 bytes with NUL); "" for DATE_NONE. Years 0000 to 9999. */
const char *doc_date_print(int64_t date, char out[24]);
/* ISO 8601 UTC (fraction ignored, offset applied, date alone accepted) or 14 digits (4, 6, 8, 10, 12 too). */
int64_t doc_date_parse(struct str s);
