/* asctime.c - dates in the form of 1970: "Thu Jan  1 00:00:00 1970\n". */
#include <time.h>

#define ASCTIME_BYTES 26	/* as POSIX has it; a year of 4 digits */

char *asctime_r(const struct tm *restrict date, char *restrict text)
{
	if (strftime(text, ASCTIME_BYTES, "%a %b %e %H:%M:%S %Y\n", date) == 0)
		return NULL;
	return text;
}

char *asctime(const struct tm *date)
{
	static char text[ASCTIME_BYTES];

	return asctime_r(date, text);
}

char *ctime_r(const time_t *time, char *text)
{
	struct tm date;

	return localtime_r(time, &date) ? asctime_r(&date, text) : NULL;
}

char *ctime(const time_t *time)
{
	static char text[ASCTIME_BYTES];

	return ctime_r(time, text);
}
