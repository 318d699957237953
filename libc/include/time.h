/* time.h - dates and clocks. TZ=CET-1CEST,M3.5.0,M10.5.0/3 sets a time zone. */
#pragma once

#include <sys/locale_t.h>

#include "kernel/abi/time.h"

#define CLOCKS_PER_SEC	1000000

struct tm {
	int tm_sec;	/* 0 to 60 */
	int tm_min;
	int tm_hour;
	int tm_mday;	/* 1 to 31 */
	int tm_mon;	/* 0 to 11 */
	int tm_year;	/* since 1900 */
	int tm_wday;	/* 0 is Sunday */
	int tm_yday;	/* 0 to 365 */
	int tm_isdst;	/* summer time: 1; not known: below 0 */
	long tm_gmtoff;	/* seconds ahead of UTC: east is positive (BSD) */
	const char *tm_zone;	/* its name (BSD) */
};

#define TIME_UTC 1

struct sigevent;

char *asctime(const struct tm *date);
char *asctime_r(const struct tm *__restrict date, char *__restrict text);
clock_t clock(void);
/* CLOCK_PROCESS_CPUTIME_ID for the calling process; others: EPERM, ESRCH. */
int clock_getcpuclockid(pid_t pid, clockid_t *clock);
int clock_getres(clockid_t clock, struct timespec *resolution);
int clock_gettime(clockid_t clock, struct timespec *now);
/* The clock is that of the machine: EPERM, or EINVAL. */
int clock_settime(clockid_t clock, const struct timespec *now);
int clock_nanosleep(clockid_t clock, int flags,
	const struct timespec *request, struct timespec *remain);
char *ctime(const time_t *time);
char *ctime_r(const time_t *time, char *text);
double difftime(time_t later, time_t earlier);
struct tm *gmtime(const time_t *time);
struct tm *gmtime_r(const time_t *__restrict time, struct tm *__restrict date);
struct tm *localtime(const time_t *time);
struct tm *localtime_r(const time_t *__restrict time,
	struct tm *__restrict date);
time_t mktime(struct tm *date);
int nanosleep(const struct timespec *request, struct timespec *remain);
size_t strftime(char *__restrict text, size_t size,
	const char *__restrict format, const struct tm *__restrict date);
/* Read a date by the format; the fields that the format does not name stay.
 * Where the reading ended, or NULL. */
char *strptime(const char *__restrict text, const char *__restrict format,
	struct tm *__restrict date);
time_t time(time_t *now);
time_t timegm(struct tm *date);
int timer_create(clockid_t clock, struct sigevent *__restrict event,
	timer_t *__restrict timer);
int timer_delete(timer_t timer);
int timer_getoverrun(timer_t timer);
int timer_gettime(timer_t timer, struct itimerspec *value);
int timer_settime(timer_t timer, int flags,
	const struct itimerspec *__restrict value,
	struct itimerspec *__restrict old);
int timespec_get(struct timespec *now, int base);
extern int daylight;
extern long timezone;
extern char *tzname[2];
void tzset(void);

/* The locale changes nothing: see <locale.h>. */
size_t strftime_l(char *__restrict s, size_t size,
	const char *__restrict format, const struct tm *__restrict tm,
	locale_t locale);

struct sigevent;

/*
 * The date in a text, by the first line of the file in the variable DATEMSK
 * that fits; fields that the line does not have are those of today, or the next
 * day, month or year. NULL and getdate_err: 1 no DATEMSK, 2 the file cannot be
 * opened, 5 reading failed, 7 no line fits, 8 there is no such date.
 */
extern int getdate_err;
struct tm *getdate(const char *text);
