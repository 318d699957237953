/*
 * libc_zone.c - local time by the variable TZ, against this machine's library.
 *
 * For each value of TZ: dates at random from 1971 to 2100, and all quarters of
 * an hour around the changes of the clock, there and back. mktime() with
 * tm_isdst below 0 is left out for the hours that are there twice or never.
 *
 * flags: -Wno-format-y2k -Wno-format-nonliteral
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/tap.h"

#define gmtime		our_gmtime
#define gmtime_r	our_gmtime_r
#define localtime	our_localtime
#define localtime_r	our_localtime_r
#define mktime		our_mktime
#define strftime	our_strftime
#define timegm		our_timegm
#define tzset		our_tzset
#define tzname		our_tzname
#define timezone	our_timezone
#define daylight	our_daylight
struct tm *our_gmtime_r(const time_t *time, struct tm *date);
struct tm *our_localtime_r(const time_t *time, struct tm *date);
time_t our_mktime(struct tm *date);
time_t our_timegm(struct tm *date);
void our_tzset(void);
#include "libc/time/date.c"
#include "libc/time/zone.c"
#include "libc/time/strftime.c"
#undef gmtime
#undef gmtime_r
#undef localtime
#undef localtime_r
#undef mktime
#undef strftime
#undef timegm
#undef tzset
#undef tzname
#undef timezone
#undef daylight

int __threaded;

void __lock_take(unsigned *word)
{
	(void)word;
}

void __lock_give(unsigned *word)
{
	(void)word;
}

static const char *const zones[] = {
	"UTC0", "CET-1CEST,M3.5.0,M10.5.0/3", "EST5EDT,M3.2.0,M11.1.0",
	"NZST-12NZDT,M9.5.0,M4.1.0/3", "IST-5:30",
	"<+0330>-3:30", "NST3:30NDT,M3.2.0,M11.1.0", "<-03>3",
	"AEST-10AEDT,M10.1.0,M4.1.0/3", "LHST-10:30LHDT-11,M10.1.0,M4.1.0",
	"IST-1GMT0,M10.5.0,M3.5.0/1", "AAA3BBB,J60/1,J300/23:30",
	"AAA-3BBB,59,300/0", "WGT3WGST,M3.5.0/-2,M10.5.0/-1",
	"EET-2EEST,M3.5.4/24,M10.5.5/1", "XXX+14:59:59YYY,M1.1.1,M12.5.6",
};

static int fields_differ(const struct tm *a, const struct tm *b)
{
	return a->tm_sec != b->tm_sec || a->tm_min != b->tm_min ||
	       a->tm_hour != b->tm_hour || a->tm_mday != b->tm_mday ||
	       a->tm_mon != b->tm_mon || a->tm_year != b->tm_year ||
	       a->tm_wday != b->tm_wday || a->tm_yday != b->tm_yday ||
	       a->tm_isdst != b->tm_isdst || a->tm_gmtoff != b->tm_gmtoff ||
	       strcmp(a->tm_zone, b->tm_zone) != 0;
}

/* Is the hour of this date there once? */
static int is_certain(time_t time)
{
	long offset = localtime(&time)->tm_gmtoff;
	time_t before = time - 3 * 3600, after = time + 3 * 3600;

	return localtime(&before)->tm_gmtoff == offset &&
	       localtime(&after)->tm_gmtoff == offset;
}

static int differs(time_t time)
{
	char ours[100], theirs[100];
	struct tm a, b, c;

	our_localtime_r(&time, &a);
	localtime_r(&time, &b);
	our_strftime(ours, sizeof(ours), "%F %T %Z %z %s", &a);
	strftime(theirs, sizeof(theirs), "%F %T %Z %z %s", &b);
	c = a;
	if (fields_differ(&a, &b) || strcmp(ours, theirs) != 0 ||
	    our_mktime(&c) != time || fields_differ(&a, &c)) {
		printf("# %s\n# %s\n", ours, theirs);
		return 1;
	}
	c.tm_isdst = -1;
	return is_certain(time) && our_mktime(&c) != time;
}

static int zone_differs(const char *value)
{
	int bad = 0, was = -1;
	struct tm date;

	setenv("TZ", value, 1);
	tzset();
	our_tzset();
	if (strcmp(our_tzname[0], tzname[0]) != 0 ||
	    strcmp(our_tzname[1], tzname[1]) != 0 ||
	    our_timezone != timezone || our_daylight != daylight)
		bad++;
	for (int i = 0; i < 20000; i++)
		bad += differs(31536000 + (time_t)rand() % 130 * 31536000 +
			       rand() % 31536000);
	for (time_t time = 946684800; time < 1100000000; time += 900) {
		localtime_r(&time, &date);
		if (was >= 0 && date.tm_isdst != was)
			for (int i = -12; i < 12; i++)
				bad += differs(time + i * 900) +
				       differs(time + i * 900 - 1);
		was = date.tm_isdst;
	}
	return bad;
}

static int is_utc(const char *value)
{
	time_t time = 1000000000;
	struct tm a, b;

	setenv("TZ", value, 1);
	our_localtime_r(&time, &a);
	our_gmtime_r(&time, &b);
	return a.tm_hour == b.tm_hour && a.tm_gmtoff == 0 && !a.tm_isdst;
}

/* Some systems have a file of this name, with other rules in older years. */
static int usual_rule_differs(void)
{
	int bad = 0;
	struct tm a, b;

	for (time_t time = 1700000000; time < 1800000000; time += 900) {
		setenv("TZ", "EST5EDT", 1);
		our_localtime_r(&time, &a);
		setenv("TZ", "EST5EDT4,M3.2.0/2,M11.1.0/2", 1);
		our_localtime_r(&time, &b);
		bad += fields_differ(&a, &b);
	}
	return bad;
}

int main(void)
{
	static const char *const bad[] = {
		"", ":CET-1", "CET", "AB1", "CET-1CEST,M13.1.0,M10.5.0",
		"CET-1CEST,M3.5.0", "CET-200", "CET-1CEST,J0,J5", "CET-1x",
		"<CET-1", "CET-1CEST,M3.6.0,M10.5.0", "CET-1:60",
	};
	int wrong = 0;
	struct tm date = { .tm_mday = 1, .tm_year = 100, .tm_isdst = -1 };
	char text[20];

	srand(1);
	for (size_t i = 0; i < sizeof(zones) / sizeof(*zones); i++)
		is(zone_differs(zones[i]), 0, "%s", zones[i]);
	is(usual_rule_differs(), 0, "without_days_the_usual_rule_holds");
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		wrong += !is_utc(bad[i]);
	is(wrong, 0, "every_other_value_is_utc");
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	ok(our_strftime(text, sizeof(text), "%z%Z", &date) == 0 &&
		text[0] == '\0', "unknown_summer_time_has_no_name");
	return tap_done();
}
