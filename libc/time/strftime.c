/*
 * strftime.c - dates as text, in English.
 *
 * Between % and the letter may stand a flag, 0 or +, and the smallest width of
 * the field. Both fill a field with zeros; + also gives a year a sign when the
 * year, or the width, has more than the usual digits. %F is %+4Y-%m-%d.
 */
#include <stdbool.h>
#include <string.h>

#include "libc/time/zone.h"

#define WIDTH_MOST	1000000		/* more has no room anywhere */

static const char weekdays[7][10] = {
	"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
	"Saturday",
};

static const char months[12][10] = {
	"January", "February", "March", "April", "May", "June", "July",
	"August", "September", "October", "November", "December",
};

struct out {
	char *text;
	size_t used, size;
	bool full;
};

static void put(struct out *out, const char *s, size_t n)
{
	if (out->full || n >= out->size - out->used) {
		out->full = true;
		return;
	}
	memcpy(out->text + out->used, s, n);
	out->used += n;
}

/* A number with at least width digits, filled with pad. */
static void put_number(struct out *out, long long number, int width, char pad)
{
	char digits[24];
	char *p = digits + sizeof(digits);
	unsigned long long rest = number < 0 ? -number : number;

	do {
		*--p = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	while (digits + sizeof(digits) - p < width)
		*--p = pad;
	if (number < 0)
		*--p = '-';
	put(out, p, digits + sizeof(digits) - p);
}

/* +hhmm, or the name; nothing when this is not known. */
static void put_zone(struct out *out, char c, const struct tm *date)
{
	long offset;
	const char *name = __zone_of(date, &offset);
	long minutes = (offset < 0 ? -offset : offset) / 60;

	if (!name)
		return;
	if (c == 'Z') {
		put(out, name, strlen(name));
		return;
	}
	put(out, offset < 0 ? "-" : "+", 1);
	put_number(out, minutes / 60 * 100 + minutes % 60, 4, '0');
}

/* A name out of a table, or "?" for a date that never was. */
static void put_name(struct out *out, const char (*names)[10], int i,
	int count, size_t longest)
{
	const char *name = i >= 0 && i < count ? names[i] : "?";

	put(out, name, strnlen(name, longest));
}

static int weeks_in(int year)
{
	/* The weekday of 31 December, Sunday 0: a year has 53 weeks when it
	   ends on a Thursday, or the year before ends on a Wednesday. */
	int last = (year + year / 4 - year / 100 + year / 400) % 7;
	int before = year - 1;

	before = (before + before / 4 - before / 100 + before / 400) % 7;
	return last == 4 || before == 3 ? 53 : 52;
}

/* ISO 8601: weeks begin on Monday, the first has the year's first Thursday. */
static int iso_week(const struct tm *date, int *year)
{
	int week = (date->tm_yday + 10 - (date->tm_wday + 6) % 7) / 7;

	*year = date->tm_year + 1900;
	if (week < 1)
		return weeks_in(--*year);
	if (week > weeks_in(*year)) {
		++*year;
		return 1;
	}
	return week;
}

/* What stands between % and the letter. */
struct field {
	char flag;		/* '0', '+', or '\0' */
	size_t width;		/* 0: the usual width */
};

static void put_dates(struct out *out, char c, const struct tm *date);

/* Insert so many of a character at a place in the text. */
static void insert(struct out *out, size_t at, char c, size_t count)
{
	if (out->full || count >= out->size - out->used) {
		out->full = true;
		return;
	}
	memmove(out->text + at + count, out->text + at, out->used - at);
	memset(out->text + at, c, count);
	out->used += count;
}

static bool has_sign(const struct out *out, size_t at)
{
	return at < out->used && (out->text[at] == '-' || out->text[at] == '+');
}

static void put_field(struct out *out, char c, struct field field,
	const struct tm *date)
{
	size_t start = out->used, usual = c == 'C' ? 2 : 4;
	bool is_number = strchr("CdgGHIjmMsSuUVwWyY", c);

	put_dates(out, c, date);
	if (out->full)
		return;
	if (field.flag == '+' && strchr("CGY", c) && !has_sign(out, start) &&
	    (out->used - start > usual || field.width > usual))
		insert(out, start, '+', 1);
	if (out->used - start < field.width)
		insert(out, start + has_sign(out, start),
			is_number || field.flag ? '0' : ' ',
			field.width - (out->used - start));
}

static void put_format(struct out *out, const char *format,
	const struct tm *date);

/* The year has what the width leaves. */
static void put_iso_date(struct out *out, struct field field,
	const struct tm *date)
{
	if (!field.flag && !field.width)
		field.flag = '+';
	field.width = field.width > 6 + 4 ? field.width - 6 : 4;
	put_field(out, 'Y', field, date);
	put_format(out, "-%m-%d", date);
}

static const char *parse_field(const char *format, struct field *field)
{
	*field = (struct field){ 0 };
	if (*format == '0' || *format == '+')
		field->flag = *format++;
	for (; *format >= '0' && *format <= '9'; format++)
		if (field->width < WIDTH_MOST)
			field->width = field->width * 10 + *format - '0';
	if (*format == 'E' || *format == 'O')
		format++;		/* other ways of the locale: none */
	return format;
}

static void put_format(struct out *out, const char *format,
	const struct tm *date)
{
	struct field field;

	for (; *format; format++) {
		if (*format != '%') {
			put(out, format, 1);
			continue;
		}
		format = parse_field(format + 1, &field);
		if (*format == '\0')
			return;
		if (*format == 'F')
			put_iso_date(out, field, date);
		else
			put_field(out, *format, field, date);
	}
}

static void put_time(struct out *out, char c, const struct tm *date)
{
	int hour_12 = (date->tm_hour + 11) % 12 + 1;
	struct tm copy = *date;

	switch (c) {
	case 'H':
		return put_number(out, date->tm_hour, 2, '0');
	case 'I':
		return put_number(out, hour_12, 2, '0');
	case 'k':
		return put_number(out, date->tm_hour, 2, ' ');
	case 'l':
		return put_number(out, hour_12, 2, ' ');
	case 'M':
		return put_number(out, date->tm_min, 2, '0');
	case 'S':
		return put_number(out, date->tm_sec, 2, '0');
	case 'p':
		return put(out, date->tm_hour < 12 ? "AM" : "PM", 2);
	case 'P':
		return put(out, date->tm_hour < 12 ? "am" : "pm", 2);
	case 's':
		return put_number(out, mktime(&copy), 1, '0');
	case 'z':
	case 'Z':
		return put_zone(out, c, date);
	case 'R':
		return put_format(out, "%H:%M", date);
	case 'r':
		return put_format(out, "%I:%M:%S %p", date);
	case 'T':
	case 'X':
		return put_format(out, "%H:%M:%S", date);
	case 'n':
		return put(out, "\n", 1);
	case 't':
		return put(out, "\t", 1);
	default:
		return put(out, &c, 1);
	}
}

static void put_dates(struct out *out, char c, const struct tm *date)
{
	int year = date->tm_year + 1900, iso_year;
	int week = iso_week(date, &iso_year);

	switch (c) {
	case 'a':
		return put_name(out, weekdays, date->tm_wday, 7, 3);
	case 'A':
		return put_name(out, weekdays, date->tm_wday, 7, 9);
	case 'b':
	case 'h':
		return put_name(out, months, date->tm_mon, 12, 3);
	case 'B':
		return put_name(out, months, date->tm_mon, 12, 9);
	case 'C':
		return put_number(out, year / 100, 2, '0');
	case 'd':
		return put_number(out, date->tm_mday, 2, '0');
	case 'e':
		return put_number(out, date->tm_mday, 2, ' ');
	case 'g':
		return put_number(out, iso_year % 100, 2, '0');
	case 'G':
		return put_number(out, iso_year, 4, '0');
	case 'j':
		return put_number(out, date->tm_yday + 1, 3, '0');
	case 'm':
		return put_number(out, date->tm_mon + 1, 2, '0');
	case 'u':
		return put_number(out, (date->tm_wday + 6) % 7 + 1, 1, '0');
	case 'U':
		return put_number(out, (date->tm_yday + 7 - date->tm_wday) / 7,
			2, '0');
	case 'V':
		return put_number(out, week, 2, '0');
	case 'w':
		return put_number(out, date->tm_wday, 1, '0');
	case 'W':
		return put_number(out, (date->tm_yday + 7 -
			(date->tm_wday + 6) % 7) / 7, 2, '0');
	case 'y':
		return put_number(out, year % 100, 2, '0');
	case 'Y':
		return put_number(out, year, 1, '0');
	case 'c':
		return put_format(out, "%a %b %e %H:%M:%S %Y", date);
	case 'D':
	case 'x':
		return put_format(out, "%m/%d/%y", date);
	default:
		return put_time(out, c, date);
	}
}

size_t strftime(char *restrict text, size_t size, const char *restrict format,
	const struct tm *restrict date)
{
	struct out out = { text, 0, size, size == 0 };

	put_format(&out, format, date);
	if (out.full)
		return 0;
	text[out.used] = '\0';
	return out.used;
}

size_t strftime_l(char *restrict s, size_t size, const char *restrict format,
	const struct tm *restrict tm, locale_t locale)
{
	(void)locale;
	return strftime(s, size, format, tm);
}
