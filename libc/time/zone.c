/*
 * zone.c - local time, by the variable TZ as POSIX describes its value.
 *
 *	CET-1CEST,M3.5.0,M10.5.0/3
 *
 * That is: a name, and what must be added to local time for UTC; the same for
 * summer time, whose clock is one hour ahead without a number; and the days
 * when summer time begins and ends. M3.5.0 is in March (3) the last (5) Sunday
 * (0), J60 is the first of March of each year, and 59 is 59 days after New
 * Year. The clock changes at two o'clock, or at the time after a slash, on the
 * clock that counts until then. Without days, the rule of the United States
 * holds.
 *
 * There are no files of zones: every other value of TZ, and none, means UTC.
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "libc/internal.h"
#include "libc/time/zone.h"

#define DAY		86400
#define HOUR		3600
#define NAME_BYTES	16
#define USUAL_RULE	",M3.2.0,M11.1.0"

struct rule {
	enum { MONTH, NO_LEAP_DAY, DAY_OF_YEAR } kind;
	int month, week, day;
	long seconds;			/* of the day */
};

static struct zone {
	char name[2][NAME_BYTES];	/* of winter and of summer time */
	long offset[2];			/* seconds before UTC */
	bool has_summer;
	struct rule change[2];		/* from winter, from summer time */
} zone = { .name[0] = "UTC" };

static unsigned lock;
static char last[64] = "UTC0";		/* the value of TZ that zone is of */

int daylight;
long timezone;
char *tzname[2] = { zone.name[0], zone.name[0] };

/* ---- The value of TZ: each function gives the place behind, or NULL ------ */

static const char *parse_name(const char *p, char name[NAME_BYTES])
{
	bool is_quoted = *p == '<';
	size_t n = 0;

	for (p += is_quoted; is_quoted ? *p && *p != '>' : isalpha(*p); p++)
		if (n < NAME_BYTES - 1)
			name[n++] = *p;
	name[n] = '\0';
	if (n < 3 || (is_quoted && *p++ != '>'))
		return NULL;
	return p;
}

static const char *parse_number(const char *p, int most, int *number)
{
	if (!isdigit(*p))
		return NULL;
	for (*number = 0; isdigit(*p) && *number <= most; p++)
		*number = *number * 10 + *p - '0';
	return *number <= most ? p : NULL;
}

/* Hours, and perhaps minutes and seconds. */
static const char *parse_time(const char *p, long *seconds)
{
	int sign = *p == '-' ? -1 : 1, number;
	long unit = HOUR;

	*seconds = 0;
	p += *p == '-' || *p == '+';
	do {
		p = parse_number(p, unit == HOUR ? 167 : 59, &number);
		if (!p)
			return NULL;
		*seconds += sign * number * unit;
		unit /= 60;
	} while (unit && *p == ':' && p++);
	return p;
}

static const char *parse_rule(const char *p, struct rule *rule)
{
	*rule = (struct rule){ .seconds = 2 * HOUR };
	if (*p++ != ',')
		return NULL;
	if (*p == 'M') {
		p = parse_number(p + 1, 12, &rule->month);
		if (!p || *p++ != '.' || rule->month < 1)
			return NULL;
		p = parse_number(p, 5, &rule->week);
		if (!p || *p++ != '.' || rule->week < 1)
			return NULL;
		p = parse_number(p, 6, &rule->day);
	} else {
		rule->kind = *p == 'J' ? NO_LEAP_DAY : DAY_OF_YEAR;
		p = parse_number(p + (*p == 'J'), 365, &rule->day);
		if (rule->kind == NO_LEAP_DAY && rule->day < 1)
			return NULL;
	}
	if (p && *p == '/')
		p = parse_time(p + 1, &rule->seconds);
	return p;
}

static bool parse(const char *p, struct zone *z)
{
	*z = (struct zone){ .has_summer = false };
	p = parse_name(p, z->name[0]);
	if (p)
		p = parse_time(p, &z->offset[0]);
	if (!p)
		return false;
	z->offset[0] = -z->offset[0];
	if (!*p)
		return true;
	z->has_summer = true;
	z->offset[1] = -z->offset[0] - HOUR;
	p = parse_name(p, z->name[1]);
	if (p && *p && *p != ',')
		p = parse_time(p, &z->offset[1]);
	z->offset[1] = -z->offset[1];
	if (p && !*p)
		p = USUAL_RULE;
	if (p)
		p = parse_rule(p, &z->change[0]);
	if (p)
		p = parse_rule(p, &z->change[1]);
	return p && !*p;
}

static void load(void)
{
	const char *value = getenv("TZ");

	if (!value)
		value = "UTC0";
	if (strcmp(value, last) == 0)
		return;
	if (!parse(value, &zone))
		zone = (struct zone){ .name[0] = "UTC" };
	strncpy(last, value, sizeof(last) - 1);	/* cut: parsed each time */
	tzname[0] = zone.name[0];
	tzname[1] = zone.name[zone.has_summer];
	timezone = -zone.offset[0];
	daylight = zone.has_summer;
}

void tzset(void)
{
	__lock(&lock);
	load();
	__unlock(&lock);
}

static struct zone current(void)
{
	struct zone copy;

	__lock(&lock);
	load();
	copy = zone;
	__unlock(&lock);
	return copy;
}

/* ---- The clock ----------------------------------------------------------- */

/* When the clock changes in a year: seconds since 1970 on the clock itself. */
static time_t change_of(const struct rule *rule, long long year)
{
	long long days = __days_before(year, 0), next;
	bool is_leap = __days_before(year + 1, 0) - days == 366;

	if (rule->kind == DAY_OF_YEAR) {
		days += rule->day;
	} else if (rule->kind == NO_LEAP_DAY) {
		days += rule->day - 1 + (is_leap && rule->day >= 60);
	} else {
		days = __days_before(year, rule->month - 1);
		next = rule->month == 12 ? __days_before(year + 1, 0)
					 : __days_before(year, rule->month);
		days += (rule->day - (days % 7 + 11) % 7 + 7) % 7 +
			(rule->week - 1) * 7;
		if (days >= next)
			days -= 7;
	}
	return days * DAY + rule->seconds;
}

static bool is_summer(const struct zone *z, time_t time)
{
	time_t begin, end, there = time + z->offset[0];
	struct tm date;

	if (!z->has_summer || !gmtime_r(&there, &date))
		return false;
	begin = change_of(&z->change[0], date.tm_year + 1900LL) - z->offset[0];
	end = change_of(&z->change[1], date.tm_year + 1900LL) - z->offset[1];
	return begin < end ? time >= begin && time < end
			   : time >= begin || time < end;
}

static struct tm *local_date(const struct zone *z, time_t time,
	struct tm *date)
{
	bool summer = is_summer(z, time);
	time_t there;

	if (__builtin_add_overflow(time, z->offset[summer], &there)) {
		errno = EOVERFLOW;
		return NULL;
	}
	if (!gmtime_r(&there, date))
		return NULL;
	date->tm_isdst = summer;
	date->tm_gmtoff = z->offset[summer];
	date->tm_zone = tzname[summer];
	return date;
}

struct tm *localtime_r(const time_t *restrict time, struct tm *restrict date)
{
	const struct zone now = current();

	return local_date(&now, *time, date);
}

struct tm *localtime(const time_t *time)
{
	static struct tm date;

	return localtime_r(time, &date);
}

/* With tm_isdst below 0 the rules say which time it is; an hour that is there
 * twice is winter time. */
time_t mktime(struct tm *date)
{
	const struct zone now = current();
	struct tm copy = *date;
	time_t there = timegm(&copy), time = there - now.offset[0];

	if (now.has_summer &&
	    (date->tm_isdst > 0 ||
	     (date->tm_isdst < 0 && is_summer(&now, time) &&
	      is_summer(&now, there - now.offset[1]))))
		time = there - now.offset[1];
	return local_date(&now, time, date) ? time : -1;
}

const char *__zone_of(const struct tm *date, long *offset)
{
	bool summer = date->tm_isdst > 0;

	*offset = 0;
	if (date->tm_zone == __utc)	/* only compared: it may be any word */
		return __utc;
	if (date->tm_isdst < 0)
		return NULL;
	tzset();
	*offset = zone.has_summer ? zone.offset[summer] : zone.offset[0];
	return tzname[summer];
}
