#include "shard/hub.h"

#include "core/buf.h"
#include "core/folder.h"
#include "core/parquet_out.h"
#include "core/zout.h"

#include <inttypes.h>
#include <stdio.h>

static const int fields[] = {DOC_ID, DOC_TEXT, DOC_URL, DOC_DATE, DOC_DUMP, DOC_TITLE, DOC_AUTHOR, DOC_PUBLISHED, DOC_LANGUAGE, DOC_LANGUAGE_SCORE, DOC_VARIETY, DOC_VARIETY_SCORE, DOC_COUNTRY, DOC_PAGE_TYPE,
			     DOC_CLUSTER_ID, DOC_CLUSTER_SIZE, DOC_TOKEN_COUNT, DOC_FILE_PATH, DOC_FILE_OFFSET};
enum { FIELDS = sizeof(fields) / sizeof(*fields) };

struct hub {
	char *folder, *split;
	struct parquet_column columns[FIELDS];
	struct parquet_out *out;
	unsigned files;
	uint64_t bytes;
};

static enum parquet_kind kind_of(enum doc_type t)
{
	return t == DOC_T_DATE ? PARQUET_TIME : t == DOC_T_U32 || t == DOC_T_U64 ? PARQUET_I64 : t == DOC_T_F32 ? PARQUET_F32 : PARQUET_STR;
}

static int begin(struct hub *h, struct err *e)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/data/%s-%05u.parquet", h->folder, h->split, h->files++);
	h->bytes = 0;
	return parquet_out_open(&h->out, path, h->columns, FIELDS, e);
}

int hub_open(struct hub **out, const char *folder, const char *split, struct err *e)
{
	struct hub *h = own_zalloc(sizeof(*h));
	char path[4096];
	h->folder = own_strdup(folder);
	h->split = own_strdup(split);
	for (int i = 0; i < FIELDS; i++)
		h->columns[i] = (struct parquet_column){doc_fields[fields[i]].key, kind_of(doc_fields[fields[i]].type), true};
	snprintf(path, sizeof(path), "%s/data", folder);
	int rc = folder_make(path, e);
	if (!rc)
		rc = begin(h, e);
	if (rc) {
		hub_free(h);
		return rc;
	}
	*out = h;
	return 0;
}

struct hub *hub_free(struct hub *h)
{
	if (!h)
		return NULL;
	parquet_out_free(h->out);
	free(h->folder);
	free(h->split);
	free(h);
	return NULL;
}

static void put_field(struct hub *h, unsigned c, const struct doc *d)
{
	const struct doc_field_info *f = &doc_fields[fields[c]];
	const char *at = (const char *)d + f->at;
	struct str s;
	switch (f->type) {
	case DOC_T_DATE:
		if (*(const int64_t *)(const void *)at != DATE_NONE)
			parquet_out_int(h->out, c, *(const int64_t *)(const void *)at * 1000);
		break;
	case DOC_T_U32:
		parquet_out_int(h->out, c, *(const uint32_t *)(const void *)at);
		break;
	case DOC_T_U64:
		parquet_out_int(h->out, c, (int64_t) * (const uint64_t *)(const void *)at);
		break;
	case DOC_T_F32:
		parquet_out_real(h->out, c, *(const float *)(const void *)at);
		break;
	case DOC_T_PATH:
		if (d->at.file)
			parquet_out_str(h->out, c, str_of(d->at.file));
		break;
	default:
		s = *(const struct str *)(const void *)at;
		if (fields[c] == DOC_TEXT)
			parquet_out_text(h->out, c, s);
		else if (s.p)
			parquet_out_str(h->out, c, s);
	}
}

int hub_put(struct hub *h, const struct doc *d, struct err *e)
{
	int rc = 0;
	if (h->bytes > HUB_FILE_BYTES) {
		rc = parquet_out_commit(h->out, e);
		h->out = NULL;
		if (!rc)
			rc = begin(h, e);
	}
	if (rc)
		return rc;
	for (unsigned c = 0; c < FIELDS; c++)
		put_field(h, c, d);
	h->bytes += d->text.n;
	return parquet_out_row(h->out, e);
}

int hub_commit(struct hub *h, struct err *e)
{
	int rc = parquet_out_commit(h->out, e);
	h->out = NULL;
	hub_free(h);
	return rc;
}

int hub_card(const char *folder, uint64_t documents, uint64_t tokens, const char *tokenizer, struct err *e)
{
	struct buf b;
	char path[4096];
	const char *size = documents < 1000 ? "n<1K" : documents < 10000 ? "1K<n<10K" : documents < 100000 ? "10K<n<100K" : documents < 1000000 ? "100K<n<1M" : documents < 10000000 ? "1M<n<10M" : "n>10M";
	buf_init(&b, BUF_NO_MAX);
	buf_printf(&b, "---\nlanguage:\n- pt\ntask_categories:\n- text-generation\nsize_categories:\n- %s\nconfigs:\n- config_name: default\n  data_files:\n", size);
	buf_z(&b, "  - split: train\n    path: data/train-*.parquet\n  - split: validation\n    path: data/validation-*.parquet\n---\n\n# Portuguese web text\n\n");
	buf_printf(&b, "%" PRIu64 " documents, %" PRIu64 " tokens (%s), made by Peneira %s from web archives.\n\n| column | what |\n|---|---|\n", documents, tokens, tokenizer, PENEIRA_VERSION);
	for (int i = 0; i < FIELDS; i++)
		buf_printf(&b, "| `%s` | %s |\n", doc_fields[fields[i]].key, doc_fields[fields[i]].meaning ? doc_fields[fields[i]].meaning : "");
	buf_z(&b, "\nThe texts are those of the pages that the `url` of each names, at the `date` when they were captured; their rights are their authors'.\n");
	snprintf(path, sizeof(path), "%s/README.md", folder);
	int rc = zout_file(path, buf_view(&b), e);
	buf_free(&b);
	return rc;
}
