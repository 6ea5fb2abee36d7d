#include "core/meta.h"

#include "core/parquet_out.h"
#include "core/utf8.h"

#include <stdio.h>

enum { HOST_MAX = 255 }; /* RFC 1035: longer ones are no hosts */

/* Columns that are no field of the document. */
enum extra { HOST, YEAR, KEPT, STAGE, REASON, CHARACTERS, WORDS, EXTRAS };

static const struct parquet_column extra_columns[EXTRAS] = {
	[HOST] = {"host", PARQUET_STR, true},
	[YEAR] = {"year", PARQUET_I32, true},
	[KEPT] = {"kept", PARQUET_BOOL, false},
	[STAGE] = {"stage", PARQUET_STR, true},
	[REASON] = {"reason", PARQUET_STR, true},
	[CHARACTERS] = {"characters", PARQUET_I64, true},
	[WORDS] = {"words", PARQUET_I64, true},
};

struct meta {
	struct parquet_out *w;
	struct parquet_column columns[DOC_STORED + EXTRAS + PARQUET_COLUMNS_MAX];
	unsigned n;
	unsigned field_at[DOC_STORED], extra_at[EXTRAS], signals_at; /* places in columns */
	const char **signals;
	unsigned n_signals;
	unsigned *guess; /* column of the i-th signal of the last document: the next one has most likely the same */
	unsigned n_guess;
	char **names;
};

/* ---- the columns ---- */

static bool left_out(int f)
{
	return f == DOC_TEXT || f == DOC_SIGNALS || f == DOC_DROP || f == DOC_CHARACTERS || f == DOC_WORDS;
}

static enum parquet_kind kind_of(enum doc_type t)
{
	switch (t) {
	case DOC_T_DATE:
		return PARQUET_TIME;
	case DOC_T_U32:
	case DOC_T_U64:
		return PARQUET_I64;
	case DOC_T_F32:
		return PARQUET_F32;
	default:
		return PARQUET_STR;
	}
}

static void add_extra(struct meta *m, enum extra x)
{
	m->extra_at[x] = m->n;
	m->columns[m->n++] = extra_columns[x];
}

/* Two stages may say the same signal: readers refuse a file that has a column twice. */
static bool has_signal(const struct meta *m, const char *name)
{
	for (unsigned i = 0; i < m->n_signals; i++)
		if (strcmp(m->signals[i], name) == 0)
			return true;
	return false;
}

static void plan_columns(struct meta *m, const char *const *signals)
{
	for (int f = 0; f < DOC_STORED; f++) {
		if (left_out(f))
			continue;
		m->field_at[f] = m->n;
		m->columns[m->n++] = (struct parquet_column){doc_fields[f].key, kind_of(doc_fields[f].type), true, f == DOC_ID || f == DOC_URL};
		if (f == DOC_URL)
			add_extra(m, HOST);
		else if (f == DOC_DATE)
			add_extra(m, YEAR);
	}
	for (enum extra x = KEPT; x < EXTRAS; x++)
		add_extra(m, x);
	m->signals_at = m->n;
	m->signals = own_zalloc(PARQUET_COLUMNS_MAX * sizeof(*m->signals));
	for (; signals && *signals && m->n_signals < PARQUET_COLUMNS_MAX; signals++)
		if (!has_signal(m, *signals))
			m->signals[m->n_signals++] = *signals;
	m->names = own_zalloc(m->n_signals * sizeof(*m->names));
	for (unsigned i = 0; i < m->n_signals; i++) {
		size_t n = strlen(m->signals[i]) + sizeof("signals_");
		m->names[i] = own_alloc(n);
		snprintf(m->names[i], n, "signals_%s", m->signals[i]);
		m->columns[m->n++] = (struct parquet_column){m->names[i], PARQUET_F32, true};
	}
}

int meta_open(struct meta **out, const char *path, const char *const *signals, struct err *e)
{
	struct meta *m = own_zalloc(sizeof(*m));
	plan_columns(m, signals);
	int rc = parquet_out_open(&m->w, path, m->columns, m->n, e);
	if (rc)
		meta_free(m);
	else
		*out = m;
	return rc;
}

/* ---- one row ---- */

struct str meta_host(struct str url, char *room)
{
	struct str none = {0};
	size_t at = str_find(url, STR("://"));
	if (at == url.n)
		return none;
	struct str s = str_from(url, at + 3);
	size_t n = 0;
	while (n < s.n && s.p[n] != '/' && s.p[n] != '?' && s.p[n] != '#' && s.p[n] != '\\')
		n++;
	s.n = n;
	while ((at = str_chr(s, '@')) < s.n)
		s = str_from(s, at + 1);
	/* A port follows the last colon, but not the colons of an address in brackets. */
	if (s.n && s.p[0] == '[')
		s.n = str_chr(s, ']') < s.n ? str_chr(s, ']') + 1 : s.n;
	else
		s.n = str_chr(s, ':');
	while (s.n && s.p[s.n - 1] == '.')
		s.n--;
	if (!s.n || s.n > HOST_MAX)
		return none;
	for (size_t i = 0; i < s.n; i++)
		room[i] = (char)str_lower1((unsigned char)s.p[i]);
	return (struct str){room, s.n};
}

uint64_t meta_words(struct str text)
{
	uint64_t n = text.n && (unsigned char)text.p[0] > ' ';
	for (size_t i = 1; i < text.n; i++)
		n += (unsigned)((unsigned char)text.p[i] > ' ') & (unsigned)((unsigned char)text.p[i - 1] <= ' ');
	return n;
}

static void put_str(struct meta *m, unsigned c, struct str s)
{
	if (s.n)
		parquet_out_str(m->w, c, s);
}

static void put_field(struct meta *m, const struct doc *d, int f)
{
	const char *at = (const char *)d + doc_fields[f].at;
	unsigned c = m->field_at[f];
	switch (doc_fields[f].type) {
	case DOC_T_STR:
		put_str(m, c, *(const struct str *)at);
		break;
	case DOC_T_PATH:
		put_str(m, c, str_of(d->at.file));
		break;
	case DOC_T_DATE:
		if (d->date > INT64_MIN / 1000 && d->date < INT64_MAX / 1000)
			parquet_out_int(m->w, c, d->date * 1000);
		break;
	case DOC_T_U32:
		if (*(const uint32_t *)at)
			parquet_out_int(m->w, c, *(const uint32_t *)at);
		break;
	case DOC_T_U64:
		if (f == DOC_FILE_OFFSET ? d->at.file != NULL : d->minhash_cluster_size != 0)
			parquet_out_int(m->w, c, (int64_t)*(const uint64_t *)at);
		break;
	default:
		parquet_out_real(m->w, c, *(const float *)at);
	}
}

static void put_drop(struct meta *m, const struct why *drop)
{
	struct str reason = str_of(drop->name), rest;
	put_str(m, m->extra_at[REASON], reason);
	put_str(m, m->extra_at[STAGE], str_cut(reason, '.', &rest));
}

static void put_extras(struct meta *m, const struct doc *d)
{
	char room[HOST_MAX + 1], date[24];
	put_str(m, m->extra_at[HOST], meta_host(d->url, room));
	if (doc_date_print(d->date, date)[0])
		parquet_out_int(m->w, m->extra_at[YEAR], (date[0] - '0') * 1000 + (date[1] - '0') * 100 + (date[2] - '0') * 10 + date[3] - '0');
	parquet_out_int(m->w, m->extra_at[KEPT], !d->drop);
	if (d->drop)
		put_drop(m, d->drop);
	/* The text of what was left out is often gone: then its lengths were noted. Where no text was found they are not known. */
	if (d->characters && !d->text.n) {
		parquet_out_int(m->w, m->extra_at[CHARACTERS], d->characters);
		parquet_out_int(m->w, m->extra_at[WORDS], d->words);
	} else if (d->text.n || !d->drop) {
		parquet_out_int(m->w, m->extra_at[CHARACTERS], (int64_t)utf8_count(d->text));
		parquet_out_int(m->w, m->extra_at[WORDS], (int64_t)meta_words(d->text));
	}
}

static bool is_signal(const struct meta *m, unsigned i, const char *name)
{
	return i < m->n_signals && (m->signals[i] == name || strcmp(m->signals[i], name) == 0);
}

/* Documents carry their signals in the same order almost always: look first where the i-th was last time. */
static unsigned find_signal(struct meta *m, uint32_t i, const char *name)
{
	if (i >= m->n_guess) {
		unsigned n = 2 * i + 32;
		m->guess = own_grow(m->guess, n * sizeof(*m->guess));
		while (m->n_guess < n)
			m->guess[m->n_guess++] = 0;
	}
	if (is_signal(m, m->guess[i], name))
		return m->guess[i];
	for (unsigned k = 0; k < m->n_signals; k++)
		if (is_signal(m, k, name))
			return m->guess[i] = k;
	return m->n_signals;
}

int meta_put(struct meta *m, const struct doc *d, struct err *e)
{
	for (int f = 0; f < DOC_STORED; f++)
		if (!left_out(f))
			put_field(m, d, f);
	put_extras(m, d);
	for (uint32_t i = 0; i < d->n_signals; i++) {
		unsigned k = find_signal(m, i, d->signals[i].name);
		if (k < m->n_signals)
			parquet_out_real(m->w, m->signals_at + k, d->signals[i].value);
	}
	return parquet_out_row(m->w, e);
}

int meta_commit(struct meta *m, struct err *e)
{
	int rc = parquet_out_commit(m->w, e);
	m->w = NULL;
	meta_free(m);
	return rc;
}

struct meta *meta_free(struct meta *m)
{
	if (!m)
		return NULL;
	parquet_out_free(m->w);
	for (unsigned i = 0; i < m->n_signals; i++)
		free(m->names[i]);
	free(m->names);
	free(m->signals);
	free(m->guess);
	free(m);
	return NULL;
}
