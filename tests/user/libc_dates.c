/*
 * libc_dates.c - dates as text, and clocks by their older calls. Any POSIX
 * system.
 */
#include <sys/time.h>
#include <time.h>

#include "tests/user/helpers.h"

CASE(date_in_text_is_another_date)
{
	const struct tm date = {
		.tm_sec = 9, .tm_min = 8, .tm_hour = 7, .tm_mday = 6,
		.tm_mon = 4, .tm_year = 103, .tm_wday = 2,
	};
	char text[26];

	expect(strcmp(asctime(&date), "Tue May  6 07:08:09 2003\n") == 0);
	expect(asctime_r(&date, text) == text);
	expect(strcmp(text, "Tue May  6 07:08:09 2003\n") == 0);
}

CASE(time_in_text_is_of_another_zone)
{
	const time_t moment = 86399;
	char text[26];

	expect(setenv("TZ", "UTC0", 1) == 0);
	tzset();
	expect(strcmp(ctime(&moment), "Thu Jan  1 23:59:59 1970\n") == 0);
	expect(setenv("TZ", "EST5", 1) == 0);
	tzset();
	expect(strcmp(ctime(&moment), "Thu Jan  1 18:59:59 1970\n") == 0);
	expect(ctime_r(&moment, text) == text);
	expect(strcmp(text, "Thu Jan  1 18:59:59 1970\n") == 0);
}

CASE(ctime_keeps_the_zone_of_an_earlier_call)
{
	const time_t moment = 0;

	expect(setenv("TZ", "UTC0", 1) == 0);
	expect(strcmp(ctime(&moment), "Thu Jan  1 00:00:00 1970\n") == 0);
	expect(setenv("TZ", "CET-1", 1) == 0);
	expect(strcmp(ctime(&moment), "Thu Jan  1 01:00:00 1970\n") == 0);
}

CASE(difference_of_times_has_no_sign)
{
	expect(difftime(5, 3) == 2.0 && difftime(3, 5) == -2.0);
	expect(difftime(2000000000, -2000000000) == 4000000000.0);
}

CASE(time_of_day_runs_backwards)
{
	struct timeval first, second;
	time_t now;

	expect(gettimeofday(&first, NULL) == 0);
	now = time(NULL);
	expect(gettimeofday(&second, NULL) == 0);
	expect(first.tv_usec >= 0 && first.tv_usec < 1000000);
	expect(second.tv_sec > first.tv_sec ||
	       (second.tv_sec == first.tv_sec &&
		second.tv_usec >= first.tv_usec));
	/* The second of time() may be that of the clock's last tick. */
	expect(now >= first.tv_sec - 1 && now <= second.tv_sec);
}

CASE(resolution_of_a_clock_is_none)
{
	struct timespec step = { 0, 0 };

	expect(clock_getres(CLOCK_REALTIME, &step) == 0);
	expect(step.tv_sec == 0 && step.tv_nsec > 0);
	expect(clock_getres(CLOCK_MONOTONIC, &step) == 0);
	expect(step.tv_sec == 0 && step.tv_nsec > 0);
	expect(clock_getres(CLOCK_MONOTONIC, NULL) == 0);
	expect_error(clock_getres(12345, &step), EINVAL);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
