#include "extract/date.h"

struct date {
	int y, m, d, hour, minute, second;
	char zone[8];
};

static bool is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

static bool is_word(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26 || (unsigned char)c >= 0x80;
}

/* Of the first letters of a month's name in Portuguese, Spanish, English, French, German and Italian; 0 = none. */
static int month_of(struct str w)
{
	static const struct {
		char name[5];
		uint8_t month;
	} names[] = {{"jan", 1}, {"ene", 1}, {"gen", 1}, {"fev", 2}, {"feb", 2}, {"f\xC3\xA9v", 2}, {"mar", 3}, {"m\xC3\xA4r", 3}, {"abr", 4}, {"apr", 4}, {"avr", 4}, {"mai", 5}, {"may", 5},
		     {"mag", 5}, {"jun", 6}, {"juin", 6}, {"giu", 6}, {"jul", 7}, {"juil", 7}, {"lug", 7}, {"ago", 8}, {"aug", 8}, {"ao\xC3\xBB", 8}, {"set", 9}, {"sep", 9}, {"out", 10},
		     {"oct", 10}, {"okt", 10}, {"ott", 10}, {"nov", 11}, {"dez", 12}, {"dec", 12}, {"dic", 12}, {"d\xC3\xA9""c", 12}};
	if (w.n < 3)
		return 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (str_starts_ci(w, str_of(names[i].name)))
			return names[i].month;
	return 0;
}

static bool is_date(const struct date *t)
{
	static const unsigned char last[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	return t->y >= 1980 && t->y < 2100 && t->m >= 1 && t->m <= 12 && t->d >= 1 && t->d <= last[t->m - 1];
}

static int number(struct str *s, size_t digits)
{
	int v = 0;
	size_t n = 0;
	for (; n < digits && n < s->n && is_digit(s->p[n]); n++)
		v = 10 * v + (s->p[n] - '0');
	*s = str_from(*s, n);
	return n ? v : -1;
}

static bool over(struct str *s, char c)
{
	if (!s->n || s->p[0] != c)
		return false;
	*s = str_from(*s, 1);
	return true;
}

static size_t digits_at(struct str s)
{
	size_t n = 0;
	while (n < s.n && is_digit(s.p[n]))
		n++;
	return n;
}

/* "2004-03-12", "20040312", "12/03/2004". */
static bool by_numbers(struct str *s, struct date *t)
{
	size_t n = digits_at(*s);
	if (n == 8 || n == 14) {
		t->y = number(s, 4);
		t->m = number(s, 2);
		t->d = number(s, 2);
		return is_date(t);
	}
	int part[3];
	for (int i = 0; i < 3; i++) {
		if (i && !over(s, '-') && !over(s, '/') && !over(s, '.'))
			return false;
		part[i] = number(s, 4);
	}
	if (n == 4)
		*t = (struct date){.y = part[0], .m = part[1], .d = part[2]};
	else
		*t = (struct date){.y = part[2], .m = part[1] > 12 ? part[0] : part[1], .d = part[1] > 12 ? part[1] : part[0]};
	return n && is_date(t);
}

/* "12 de Março de 2004", "March 12th, 2004": a month by name, with a day and a year around it. */
static bool by_words(struct str *s, struct date *t)
{
	for (int words = 0; s->n && words < 10 && !(t->y && t->m && t->d); words++) {
		while (s->n && !is_digit(s->p[0]) && !is_word(s->p[0]))
			*s = str_from(*s, 1);
		size_t n = digits_at(*s);
		if (n) {
			int v = number(s, n < 9 ? n : 9);
			*(n == 4 ? &t->y : &t->d) = v;
			continue;
		}
		while (n < s->n && is_word(s->p[n]))
			n++;
		int m = month_of(str_head(*s, n));
		t->m = t->m ? t->m : m;
		*s = str_from(*s, n);
	}
	return is_date(t);
}

static void read_zone(struct str s, struct date *t)
{
	s = str_trim(s);
	if (over(&s, '.') || over(&s, ','))
		s = str_trim(str_from(s, digits_at(s)));
	if (str_starts(s, STR("Z")) || str_starts(s, STR("UTC")) || str_starts(s, STR("GMT"))) {
		memcpy(t->zone, "Z", 2);
		return;
	}
	if (!s.n || (s.p[0] != '+' && s.p[0] != '-'))
		return;
	char sign = s.p[0];
	s = str_from(s, 1);
	int hour = number(&s, 2), minute = (over(&s, ':'), number(&s, 2));
	minute = minute < 0 ? 0 : minute;
	if (hour < 0 || hour > 14 || minute > 59)
		return;
	const char zone[] = {sign, (char)('0' + hour / 10), (char)('0' + hour % 10), ':', (char)('0' + minute / 10), (char)('0' + minute % 10), 0};
	memcpy(t->zone, zone, sizeof(zone));
}

/* "T10:30:00", " 10:30", ", 10h30". */
static bool read_time(struct str s, struct date *t)
{
	for (int i = 0; s.n && !is_digit(s.p[0]); i++) {
		if (i == 8)
			return false;
		s = str_from(s, 1);
	}
	t->hour = number(&s, 2);
	if (!over(&s, ':') && !over(&s, 'h') && digits_at(s) != 4)
		return false;
	t->minute = number(&s, 2);
	t->second = over(&s, ':') || digits_at(s) == 2 ? number(&s, 2) : 0;
	if (t->hour < 0 || t->hour > 23 || t->minute < 0 || t->minute > 59 || t->second < 0 || t->second > 60)
		return false;
	read_zone(s, t);
	return true;
}

struct str date_iso(struct str s, struct arena *a)
{
	struct date t = {0};
	s = str_head(str_trim(s), 80);
	struct str rest = s;
	if (!by_numbers(&rest, &t)) {
		t = (struct date){0};
		rest = s;
		if (!by_words(&rest, &t))
			return (struct str){0};
	}
	if (read_time(rest, &t))
		return arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02d%s", t.y, t.m, t.d, t.hour, t.minute, t.second, t.zone);
	return arena_printf(a, "%04d-%02d-%02d", t.y, t.m, t.d);
}
