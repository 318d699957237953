/*
 * getdate.c - a date by the templates of the file in DATEMSK.
 *
 * strptime() reads the text by one line of the file after the other. A field
 * that no line mentions keeps a mark, and gets the value of now, or of the next
 * such day.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NOT_GIVEN	INT_MIN

enum { NO_DATEMSK = 1, CANNOT_OPEN, NO_STATUS, NOT_A_FILE, CANNOT_READ,
	NO_MEMORY, NO_LINE_FITS, NO_SUCH_DATE };

int getdate_err;

static struct tm date;

static int fits(const char *text, const char *format)
{
	const char *end;

	date = (struct tm){
		NOT_GIVEN, NOT_GIVEN, NOT_GIVEN, NOT_GIVEN, NOT_GIVEN,
		NOT_GIVEN, NOT_GIVEN, NOT_GIVEN, -1, 0, NULL,
	};
	end = strptime(text, format, &date);
	return end && *end == '\0';
}

/* 0, or a number for getdate_err. */
static int find_line(const char *text)
{
	const char *path = getenv("DATEMSK");
	FILE *file = path ? fopen(path, "r") : NULL;
	int error = NO_LINE_FITS;
	char line[LINE_MAX];

	if (!file)
		return path ? CANNOT_OPEN : NO_DATEMSK;
	while (error == NO_LINE_FITS && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (fits(text, line))
			error = 0;
	}
	if (ferror(file))
		error = CANNOT_READ;
	fclose(file);
	return error;
}

static void give(int *field, int value)
{
	if (*field == NOT_GIVEN)
		*field = value;
}

/* An hour that has gone by today is one of tomorrow, a month of next year. */
static void complete(void)
{
	time_t seconds = time(NULL);
	struct tm now;
	int has_time = date.tm_hour != NOT_GIVEN;
	int has_day = date.tm_mday != NOT_GIVEN;
	int has_month = date.tm_mon != NOT_GIVEN;
	int has_week_day = date.tm_wday != NOT_GIVEN && !has_day;

	localtime_r(&seconds, &now);
	give(&date.tm_sec, has_time ? 0 : now.tm_sec);
	give(&date.tm_min, has_time ? 0 : now.tm_min);
	give(&date.tm_hour, now.tm_hour);
	if (date.tm_year == NOT_GIVEN)
		date.tm_year = now.tm_year +
			(has_month && date.tm_mon < now.tm_mon);
	give(&date.tm_mon, now.tm_mon + (has_day && !has_month &&
		date.tm_mday < now.tm_mday));
	if (has_week_day && !has_month)
		date.tm_mday = now.tm_mday +
			(date.tm_wday - now.tm_wday + 7) % 7;
	else
		give(&date.tm_mday, has_month ? 1 : now.tm_mday +
			(has_time && date.tm_hour < now.tm_hour));
}

struct tm *getdate(const char *text)
{
	int day;

	getdate_err = find_line(text);
	if (getdate_err)
		return NULL;
	day = date.tm_mday;
	complete();
	if (mktime(&date) == (time_t)-1 ||
	    (day != NOT_GIVEN && day != date.tm_mday)) {
		getdate_err = NO_SUCH_DATE;
		return NULL;
	}
	return &date;
}
