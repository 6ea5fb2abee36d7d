#include "core/parquet_foot.h"

#include "core/thrift.h"

struct foot {
	struct parquet_foot *f;
	struct arena *a;
	struct where at;
};

static int damaged(const struct foot *r, const char *what, struct err *e)
{
	return err_at(e, ERR_DATA, r->at, "not a readable Parquet file: %s", what);
}

/* A struct of which one field is itself a struct with a known number: LogicalType. */
static bool is_millis(struct thrift_in *t)
{
	bool millis = false;
	if (t->type != THRIFT_STRUCT || !thrift_struct(t))
		return false;
	while (thrift_field(t)) {
		if (t->field != 8 || t->type != THRIFT_STRUCT || !thrift_struct(t)) {
			thrift_skip(t);
			continue;
		}
		while (thrift_field(t)) {
			if (t->field != 2 || t->type != THRIFT_STRUCT || !thrift_struct(t)) {
				thrift_skip(t);
				continue;
			}
			while (thrift_field(t)) {
				millis = millis || t->field == 1;
				thrift_skip(t);
			}
		}
	}
	return millis;
}

struct element {
	int type, repetition, children, converted;
	bool millis;
	struct str name;
};

static void read_element(struct thrift_in *t, struct element *x)
{
	*x = (struct element){.type = -1, .converted = -1};
	if (!thrift_struct(t))
		return;
	while (thrift_field(t))
		switch (t->field) {
		case 1:
			x->type = (int)thrift_int(t);
			break;
		case 3:
			x->repetition = (int)thrift_int(t);
			break;
		case 4:
			x->name = thrift_bytes(t);
			break;
		case 5:
			x->children = (int)thrift_int(t);
			break;
		case 6:
			x->converted = (int)thrift_int(t);
			break;
		case 10:
			x->millis = is_millis(t);
			break;
		default:
			thrift_skip(t);
		}
}

static bool kind_of(const struct element *x, enum parquet_kind *kind)
{
	switch (x->type) {
	case PARQUET_T_BOOLEAN:
		*kind = PARQUET_BOOL;
		return true;
	case PARQUET_T_INT32:
		*kind = PARQUET_I32;
		return true;
	case PARQUET_T_INT64:
		*kind = x->converted == 9 || x->millis ? PARQUET_TIME : PARQUET_I64;
		return true;
	case PARQUET_T_FLOAT:
		*kind = PARQUET_F32;
		return true;
	case PARQUET_T_BYTES:
		*kind = PARQUET_STR;
		return true;
	default:
		return false;
	}
}

static int read_schema(struct foot *r, struct thrift_in *t, struct err *e)
{
	enum thrift_type type;
	struct element x;
	size_t n = thrift_list(t, &type);
	if (!n || n - 1 > PARQUET_COLUMNS_MAX || r->f->columns)
		return damaged(r, "no columns, or more than 1024", e);
	read_element(t, &x);
	r->f->n = (unsigned)n - 1;
	r->f->columns = arena_zalloc(r->a, n * sizeof(*r->f->columns));
	r->f->types = arena_zalloc(r->a, n * sizeof(*r->f->types));
	for (unsigned i = 0; i < r->f->n; i++) {
		read_element(t, &x);
		if (t->bad || x.children || x.repetition > 1 || x.repetition < 0 || !kind_of(&x, &r->f->columns[i].kind))
			return damaged(r, "a column is nested, repeated or of a type that is not read here", e);
		r->f->columns[i].name = arena_str(r->a, x.name).p;
		r->f->columns[i].optional = x.repetition == 1;
		r->f->types[i] = x.type;
	}
	return 0;
}

static void read_statistics(struct thrift_in *t, struct parquet_foot_chunk *k)
{
	int seen = 0;
	if (t->type != THRIFT_STRUCT || !thrift_struct(t))
		return;
	while (thrift_field(t)) {
		if (t->field == 3) {
			k->nulls = thrift_int(t);
		} else if (t->field == 5 || t->field == 6) {
			*(t->field == 5 ? &k->max : &k->min) = thrift_bytes(t);
			seen |= t->field == 5 ? 1 : 2;
		} else {
			thrift_skip(t);
		}
	}
	k->ranged = seen == 3;
}

static void read_chunk_meta(struct thrift_in *t, struct parquet_foot_chunk *k)
{
	if (t->type != THRIFT_STRUCT || !thrift_struct(t))
		return;
	while (thrift_field(t)) {
		int64_t *const number[] = {[5] = &k->values, [6] = &k->unpacked, [7] = &k->packed, [9] = &k->data_at, [11] = &k->dict_at};
		if (t->field == 1)
			k->type = (int)thrift_int(t);
		else if (t->field == 4)
			k->codec = (int)thrift_int(t);
		else if (t->field == 12)
			read_statistics(t, k);
		else if (t->field == 14)
			k->bloom_at = thrift_int(t);
		else if (t->field < 12 && number[t->field])
			*number[t->field] = thrift_int(t);
		else
			thrift_skip(t);
	}
}

static void read_column_chunk(struct thrift_in *t, struct parquet_foot_chunk *k)
{
	*k = (struct parquet_foot_chunk){.type = -1, .nulls = -1};
	if (!thrift_struct(t))
		return;
	while (thrift_field(t))
		if (t->field == 3)
			read_chunk_meta(t, k);
		else
			thrift_skip(t);
}

static int read_group(struct foot *r, struct thrift_in *t, struct parquet_foot_group *g, struct err *e)
{
	enum thrift_type type;
	if (!thrift_struct(t))
		return damaged(r, "a row group is no struct", e);
	while (thrift_field(t)) {
		if (t->field == 1 && !g->chunks) {
			if (thrift_list(t, &type) != r->f->n || !r->f->columns)
				return damaged(r, "a row group has not one chunk a column", e);
			g->chunks = arena_zalloc(r->a, (r->f->n + 1) * sizeof(*g->chunks));
			for (unsigned i = 0; i < r->f->n && !t->bad; i++)
				read_column_chunk(t, &g->chunks[i]);
		} else if (t->field == 3) {
			g->rows = thrift_int(t);
		} else {
			thrift_skip(t);
		}
	}
	if (!t->bad && (!g->chunks || g->rows < 0 || g->rows > PARQUET_FOOT_ROWS_MAX))
		return damaged(r, "a row group of more than 4 Mi rows, or without columns", e);
	return 0;
}

static int read_groups(struct foot *r, struct thrift_in *t, struct err *e)
{
	enum thrift_type type;
	size_t n = thrift_list(t, &type);
	int rc = 0;
	if (r->f->groups)
		return damaged(r, "two lists of row groups", e);
	r->f->groups = arena_zalloc(r->a, (n + 1) * sizeof(*r->f->groups));
	for (r->f->n_groups = 0; !rc && !t->bad && r->f->n_groups < n; r->f->n_groups++)
		rc = read_group(r, t, &r->f->groups[r->f->n_groups], e);
	return rc;
}

int parquet_foot_read(struct parquet_foot *out, struct str bytes, struct arena *a, struct where at, struct err *e)
{
	struct foot r = {out, a, at};
	struct thrift_in t = thrift_of(bytes);
	int rc = 0;
	*out = (struct parquet_foot){0};
	thrift_struct(&t);
	while (!rc && thrift_field(&t))
		if (t.field == 2)
			rc = read_schema(&r, &t, e);
		else if (t.field == 3)
			out->rows = thrift_int(&t);
		else if (t.field == 4)
			rc = read_groups(&r, &t, e);
		else
			thrift_skip(&t);
	if (rc)
		return rc;
	int64_t sum = 0;
	for (unsigned g = 0; g < out->n_groups; g++)
		sum += out->groups[g].rows;
	return t.bad || !out->columns || sum != out->rows ? damaged(&r, "the footer does not hold together", e) : 0;
}
