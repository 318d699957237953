/* zone.h - what date.c, zone.c and strftime.c share. */
#pragma once

#include <time.h>

/* The name in the dates of gmtime(). */
extern const char __utc[];

/* Days from 1970-01-01 to the first of month (0..11) of year. */
long long __days_before(long long year, int month);

/* The name of the zone of a date, and the seconds that it is before UTC. NULL:
 * tm_isdst says that this is not known. */
const char *__zone_of(const struct tm *date, long *offset);
