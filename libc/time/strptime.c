/*
 * strptime.c - read a date: the inverse of strftime.c.
 *
 * A conversion reads a number or a name, in upper or lower case. White space in
 * the format stands for any white space in the text, also none.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>
#include <time.h>

static const char *const days[] = {
	"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
	"Saturday",
};
static const char *const months[] = {
	"January", "February", "March", "April", "May", "June", "July",
	"August", "September", "October", "November", "December",
};

/* What the fields of a struct tm do not hold. */
struct reading {
	const char *text;		/* NULL: it does not fit */
	struct tm *date;
	int is_afternoon;		/* %p, or -1 */
	int century;			/* %C, or -1 */
	int year_of_century;		/* %y, or -1 */
};

static void skip_blanks(struct reading *reading)
{
	while (isspace((unsigned char)*reading->text))
		reading->text++;
}

/* A number of at most so many digits, from low to high. */
static int number(struct reading *reading, int digits, int low, int high)
{
	const char *at;
	int value = 0;

	skip_blanks(reading);
	for (at = reading->text; isdigit((unsigned char)*at) && digits > 0;
	     digits--)
		value = value * 10 + *at++ - '0';
	if (at == reading->text || value < low || value > high)
		at = NULL;
	reading->text = at;
	return value;
}

/* The place of a name, whole or its first three letters. */
static int name(struct reading *reading, const char *const *names, int count)
{
	size_t whole;

	for (int i = 0; i < count; i++) {
		whole = strlen(names[i]);
		if (strncasecmp(reading->text, names[i], whole) == 0)
			reading->text += whole;
		else if (strncasecmp(reading->text, names[i], 3) == 0)
			reading->text += 3;
		else
			continue;
		return i;
	}
	reading->text = NULL;
	return 0;
}

static void half_of_day(struct reading *reading)
{
	reading->is_afternoon = strncasecmp(reading->text, "PM", 2) == 0;
	if (reading->is_afternoon || strncasecmp(reading->text, "AM", 2) == 0)
		reading->text += 2;
	else
		reading->text = NULL;
}

static void seconds_since_1970(struct reading *reading)
{
	time_t time = 0;

	if (!isdigit((unsigned char)*reading->text)) {
		reading->text = NULL;
		return;
	}
	while (isdigit((unsigned char)*reading->text))
		time = time * 10 + *reading->text++ - '0';
	gmtime_r(&time, reading->date);
}

static int two_digits(struct reading *reading)
{
	const char *at = reading->text;

	if (!isdigit((unsigned char)at[0]) || !isdigit((unsigned char)at[1])) {
		reading->text = NULL;
		return 0;
	}
	reading->text += 2;
	return (at[0] - '0') * 10 + at[1] - '0';
}

/* The difference to UTC: Z, or a sign and hh, hhmm or hh:mm. */
static void zone(struct reading *reading)
{
	int sign, minutes;

	skip_blanks(reading);
	sign = *reading->text++;
	reading->date->tm_gmtoff = 0;
	if (sign == 'Z')
		return;
	if (sign != '+' && sign != '-') {
		reading->text = NULL;
		return;
	}
	minutes = 60 * two_digits(reading);
	if (!reading->text)
		return;
	if (*reading->text == ':' || isdigit((unsigned char)*reading->text)) {
		reading->text += *reading->text == ':';
		minutes += two_digits(reading);
	}
	reading->date->tm_gmtoff = (sign == '-' ? -60L : 60L) * minutes;
}

/* The name of a time zone has no field. */
static void skip_name(struct reading *reading)
{
	skip_blanks(reading);
	while (*reading->text && !isspace((unsigned char)*reading->text))
		reading->text++;
}

static void read_by(struct reading *reading, const char *format);

/* The conversions that stand for several others, or NULL. */
static const char *longer(char conversion)
{
	switch (conversion) {
	case 'c':
		return "%a %b %e %H:%M:%S %Y";
	case 'D':
	case 'x':
		return "%m/%d/%y";
	case 'F':
		return "%Y-%m-%d";
	case 'r':
		return "%I:%M:%S %p";
	case 'R':
		return "%H:%M";
	case 'T':
	case 'X':
		return "%H:%M:%S";
	}
	return NULL;
}

static void convert_date(struct reading *reading, char conversion)
{
	struct tm *date = reading->date;

	switch (conversion) {
	case 'a':
	case 'A':
		date->tm_wday = name(reading, days, 7);
		break;
	case 'b':
	case 'B':
	case 'h':
		date->tm_mon = name(reading, months, 12);
		break;
	case 'C':
		reading->century = number(reading, 2, 0, 99);
		break;
	case 'd':
	case 'e':
		date->tm_mday = number(reading, 2, 1, 31);
		break;
	case 'j':
		date->tm_yday = number(reading, 3, 1, 366) - 1;
		break;
	case 'm':
		date->tm_mon = number(reading, 2, 1, 12) - 1;
		break;
	case 'u':
		date->tm_wday = number(reading, 1, 1, 7) % 7;
		break;
	case 'U':
	case 'W':
		number(reading, 2, 0, 53);	/* no field of struct tm */
		break;
	case 'w':
		date->tm_wday = number(reading, 1, 0, 6);
		break;
	case 'y':
		reading->year_of_century = number(reading, 2, 0, 99);
		break;
	case 'Y':
		date->tm_year = number(reading, 4, 0, 9999) - 1900;
		break;
	default:
		reading->text = NULL;
	}
}

static void convert(struct reading *reading, char conversion)
{
	struct tm *date = reading->date;

	if (longer(conversion)) {
		read_by(reading, longer(conversion));
		return;
	}
	switch (conversion) {
	case 'H':
	case 'k':
		date->tm_hour = number(reading, 2, 0, 23);
		break;
	case 'I':
	case 'l':
		date->tm_hour = number(reading, 2, 1, 12) % 12;
		break;
	case 'M':
		date->tm_min = number(reading, 2, 0, 59);
		break;
	case 'n':
	case 't':
		skip_blanks(reading);
		break;
	case 'p':
		half_of_day(reading);
		break;
	case 's':
		seconds_since_1970(reading);
		break;
	case 'S':
		date->tm_sec = number(reading, 2, 0, 60);
		break;
	case 'z':
		zone(reading);
		break;
	case 'Z':
		skip_name(reading);
		break;
	default:
		convert_date(reading, conversion);
	}
}

static void read_by(struct reading *reading, const char *format)
{
	for (; *format && reading->text; format++) {
		if (isspace((unsigned char)*format)) {
			skip_blanks(reading);
		} else if (*format == '%' && format[1] && format[1] != '%') {
			format++;
			if (*format == 'E' || *format == 'O')
				format++;
			convert(reading, *format);
		} else {
			format += *format == '%' && format[1] == '%';
			reading->text = *reading->text == *format
				? reading->text + 1 : NULL;
		}
	}
}

/* %y alone: 69 to 99 are of the last century. */
static void set_year(struct reading *reading)
{
	int century = reading->century, year = reading->year_of_century;

	if (century < 0 && year < 0)
		return;
	if (century < 0)
		century = year < 69 ? 20 : 19;
	reading->date->tm_year = century * 100 + (year < 0 ? 0 : year) - 1900;
}

char *strptime(const char *restrict text, const char *restrict format,
	struct tm *restrict date)
{
	struct reading reading = { text, date, -1, -1, -1 };

	read_by(&reading, format);
	if (!reading.text)
		return NULL;
	set_year(&reading);
	if (reading.is_afternoon >= 0)
		date->tm_hour = date->tm_hour % 12 + 12 * reading.is_afternoon;
	return (char *)reading.text;
}
