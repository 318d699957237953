/* sys/time.h - times in microseconds. */
#pragma once

#include "kernel/abi/time.h"

#include <sys/select.h>

struct timezone {
	int tz_minuteswest;
	int tz_dsttime;
};

#define timerisset(t)	((t)->tv_sec || (t)->tv_usec)
#define timerclear(t)	((t)->tv_sec = (t)->tv_usec = 0)
#define timercmp(a, b, order) \
	((a)->tv_sec == (b)->tv_sec ? (a)->tv_usec order (b)->tv_usec \
				    : (a)->tv_sec order (b)->tv_sec)
#define timeradd(a, b, sum) do { \
	(sum)->tv_sec = (a)->tv_sec + (b)->tv_sec; \
	(sum)->tv_usec = (a)->tv_usec + (b)->tv_usec; \
	if ((sum)->tv_usec >= 1000000) { \
		(sum)->tv_sec++; \
		(sum)->tv_usec -= 1000000; \
	} \
} while (0)
#define timersub(a, b, difference) do { \
	(difference)->tv_sec = (a)->tv_sec - (b)->tv_sec; \
	(difference)->tv_usec = (a)->tv_usec - (b)->tv_usec; \
	if ((difference)->tv_usec < 0) { \
		(difference)->tv_sec--; \
		(difference)->tv_usec += 1000000; \
	} \
} while (0)

int getitimer(int which, struct itimerval *value);
/* There is one timer of each kind, also after exec. The expiry sends a signal.
 * EINVAL: no such kind, or a value out of range. */
int setitimer(int which, const struct itimerval *__restrict value,
	struct itimerval *__restrict old);
int gettimeofday(struct timeval *__restrict now, void *__restrict zone);
int utimes(const char *path, const struct timeval times[2]);
