/*
 * libc_date.c - dates against this machine's calendar, for 4,000 years.
 *
 * flags: -Wno-format-y2k -Wno-format-nonliteral
 */
#include <errno.h>
#include <limits.h>
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
time_t our_timegm(struct tm *date);
#include "libc/time/date.c"
#include "libc/time/zone.c"
#include "libc/time/strftime.c"

int __threaded;

void __lock_take(unsigned *word)
{
	(void)word;
}

void __lock_give(unsigned *word)
{
	(void)word;
}
#undef gmtime_r
#undef strftime
#undef timegm
time_t timegm(struct tm *date);

static const char format[] = "%a %A %b %B %c %C %d %D %e %F %g %G %h %H %I %j "
	"%k %l %m %M %n %p %P %r %R %s %S %t %T %u %U %V %w %W %x %X %y %Y %z "
	"%Ey %Od %%";

static int differs(time_t time)
{
	char ours[400], theirs[400];
	struct tm a, b;
	size_t n, m;

	memset(&a, 0, sizeof(a));
	memset(&b, 0, sizeof(b));
	our_gmtime_r(&time, &a);
	gmtime_r(&time, &b);
	a.tm_zone = b.tm_zone;
	if (memcmp(&a, &b, sizeof(a)) != 0 || our_timegm(&a) != time)
		return 1;
	n = our_strftime(ours, sizeof(ours), format, &b);
	m = strftime(theirs, sizeof(theirs), format, &b);
	if (n == m && strcmp(ours, theirs) == 0)
		return 0;
	printf("# %s\n# %s\n", ours, theirs);
	return 1;
}

static int sums_differ(void)
{
	struct tm date = {
		.tm_year = rand() % 400, .tm_mon = rand() % 100 - 50,
		.tm_mday = rand() % 1000 - 500,
		.tm_hour = rand() % 1000 - 500, .tm_min = rand() % 1000 - 500,
		.tm_sec = rand() % 100000 - 50000,
	};
	struct tm again = date;
	time_t ours = our_timegm(&date), theirs = timegm(&again);

	return ours != theirs || date.tm_mday != again.tm_mday ||
		date.tm_wday != again.tm_wday;
}

/* The examples of POSIX, and the years that ISO 8601 needs a sign for. */
static void year_cases(void)
{
	static const struct {
		int year;
		const char *format, *text;
	} cases[] = {
		{ 1970, "%+4Y", "1970" }, { 270, "%+4Y", "0270" },
		{ 270, "%+5Y", "+0270" }, { 12345, "%+4Y", "+12345" },
		{ 12345, "%+5Y", "+12345" }, { 17, "%05Y", "00017" },
		{ 270, "%Y", "270" }, { 12345, "%Y", "12345" },
		{ 270, "%+2C", "02" }, { 270, "%+3C", "+02" },
		{ 12345, "%+2C", "+123" }, { 270, "%04C", "0002" },
		{ 1970, "%F", "1970-05-06" }, { 270, "%F", "0270-05-06" },
		{ 12345, "%F", "+12345-05-06" },
		{ 12345, "%+10F", "+12345-05-06" },
		{ 270, "%+11F", "+0270-05-06" },
		{ 270, "%010F", "0270-05-06" },
		{ 270, "%012F", "000270-05-06" },
		{ -5, "%05Y", "-0005" },
		{ 1970, "%05d|%3e|%4H", "00006|  6|0007" },
		{ 1970, "%12B|%05b", "         May|00May" },
		{ 1970, "%10D|%EY", "  05/06/70|1970" },
	};
	char text[64];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tm date = { .tm_year = cases[i].year - 1900,
				   .tm_mon = 4, .tm_mday = 6, .tm_hour = 7 };

		our_strftime(text, sizeof(text), cases[i].format, &date);
		ok(strcmp(text, cases[i].text) == 0, "year_%d_by_%s_is_%s",
			cases[i].year, cases[i].format, cases[i].text);
		if (strcmp(text, cases[i].text) != 0)
			printf("# not %s\n", text);
	}
	ok(our_strftime(text, 8, "%20Y", &(struct tm){ 0 }) == 0,
		"width_without_room_is_0");
	ok(our_strftime(text, 8, "%99999999999Y", &(struct tm){ 0 }) == 0,
		"width_beyond_int_is_0");
}

int main(void)
{
	const time_t from = -30610224000, to = 95617584000; /* 1000 to 5000 */
	int bad = 0, sums = 0;
	char text[8];
	struct tm date;
	time_t huge = LLONG_MAX;

	setenv("TZ", "UTC", 1);
	srand(1);
	for (time_t time = from; time < to; time += 86400 * 7 - 61)
		bad += differs(time);
	for (int i = 0; i < 20000; i++)
		sums += sums_differ();
	is(bad, 0, "dates_from_1000_to_5000");
	is(differs(0) + differs(-1) + differs(951782399) + differs(951782400),
		0, "around_1970_and_a_leap_day");
	is(sums, 0, "fields_out_of_range_are_added_up");
	errno = 0;
	ok(!our_gmtime_r(&huge, &date) && errno == EOVERFLOW,
		"year_beyond_int_is_EOVERFLOW");
	our_gmtime_r(&(time_t){ 0 }, &date);
	ok(our_strftime(text, 8, "%Y-%m-%d", &date) == 0 &&
		our_strftime(text, 8, "%Y%m", &date) == 6,
		"text_without_room_is_0");
	year_cases();
	return tap_done();
}
