/*
 * date.c - from seconds since 1970 to a date, and back.
 *
 * The calendar is easy when a year begins in March: the leap day is the last
 * of the year, and the days before a month follow a line, (153 * m + 2) / 5
 * with m = 0 for March. Years come in cycles of 400, of 146,097 days each.
 * UTC without leap seconds; zone.c has local time.
 */
#include <errno.h>
#include <limits.h>

#include "libc/time/zone.h"

#define DAY		86400
#define DAYS_400_YEARS	146097
#define MARCH_0000	719468	/* days from there to 1970-01-01 */

const char __utc[] = "UTC";

long long __days_before(long long year, int month)
{
	long long cycle, days;
	int m = (month + 10) % 12;	/* March is 0 */
	int of_cycle;

	year -= month < 2;		/* January and February end a year */
	cycle = (year >= 0 ? year : year - 399) / 400;
	of_cycle = (int)(year - cycle * 400);
	days = of_cycle * 365 + of_cycle / 4 - of_cycle / 100;
	return cycle * DAYS_400_YEARS + days + (153 * m + 2) / 5 - MARCH_0000;
}

static void split_time(struct tm *date, int seconds)
{
	date->tm_hour = seconds / 3600;
	date->tm_min = seconds / 60 % 60;
	date->tm_sec = seconds % 60;
}

struct tm *gmtime_r(const time_t *restrict time, struct tm *restrict date)
{
	long long days = *time / DAY, cycle, year;
	int rest = (int)(*time % DAY), of_cycle, of_year, years, m;

	if (rest < 0) {
		rest += DAY;
		days--;
	}
	split_time(date, rest);
	date->tm_wday = (int)((days % 7 + 7 + 4) % 7);	/* 1970: Thursday */

	days += MARCH_0000;
	cycle = (days >= 0 ? days : days - (DAYS_400_YEARS - 1)) /
		DAYS_400_YEARS;
	of_cycle = (int)(days - cycle * DAYS_400_YEARS);
	/* Take the leap days away, then a year has 365. */
	years = (of_cycle - of_cycle / 1460 + of_cycle / 36524 -
		of_cycle / 146096) / 365;
	of_year = of_cycle - (years * 365 + years / 4 - years / 100);
	m = (5 * of_year + 2) / 153;
	date->tm_mday = of_year - (153 * m + 2) / 5 + 1;
	date->tm_mon = (m + 2) % 12;
	year = cycle * 400 + years + (date->tm_mon < 2);
	if (year - 1900 > INT_MAX || year - 1900 < INT_MIN) {
		errno = EOVERFLOW;
		return NULL;
	}
	date->tm_year = (int)(year - 1900);
	date->tm_yday = (int)(*time / DAY - (*time % DAY < 0) -
		__days_before(year, 0));
	date->tm_isdst = 0;
	date->tm_gmtoff = 0;
	date->tm_zone = __utc;
	return date;
}

struct tm *gmtime(const time_t *time)
{
	static struct tm date;

	return gmtime_r(time, &date);
}

/* The fields may lie outside their ranges: they are added up, and then all are
   set anew. */
time_t timegm(struct tm *date)
{
	long long year = date->tm_year + 1900LL + date->tm_mon / 12;
	int month = date->tm_mon % 12;
	time_t time;

	if (month < 0) {
		month += 12;
		year--;
	}
	time = (__days_before(year, month) + date->tm_mday - 1) * DAY +
		date->tm_hour * 3600LL + date->tm_min * 60LL + date->tm_sec;
	return gmtime_r(&time, date) ? time : -1;
}
