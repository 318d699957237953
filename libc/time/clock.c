/* clock.c - the time now, in the units that programs like. */
#include <errno.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

time_t time(time_t *now)
{
	struct timespec t;

	if (clock_gettime(CLOCK_REALTIME, &t) < 0)
		return -1;
	if (now)
		*now = t.tv_sec;
	return t.tv_sec;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
	struct timespec t;

	(void)zone;
	if (clock_gettime(CLOCK_REALTIME, &t) < 0)
		return -1;
	now->tv_sec = t.tv_sec;
	now->tv_usec = (suseconds_t)((unsigned long)t.tv_nsec / 1000);
	return 0;
}

int timespec_get(struct timespec *now, int base)
{
	if (base != TIME_UTC || clock_gettime(CLOCK_REALTIME, now) < 0)
		return 0;
	return base;
}

int clock_getres(clockid_t clock, struct timespec *resolution)
{
	struct timespec now;

	if (clock_gettime(clock, &now) < 0)
		return -1;
	if (resolution) {
		resolution->tv_sec = 0;
		resolution->tv_nsec = 1;
	}
	return 0;
}

/* The machine's, and set at boot. */
int clock_settime(clockid_t clock, const struct timespec *now)
{
	errno = clock == CLOCK_REALTIME && now->tv_nsec >= 0 &&
		now->tv_nsec < 1000000000 ? EPERM : EINVAL;
	return -1;
}

int clock_getcpuclockid(pid_t pid, clockid_t *clock)
{
	if (pid != 0 && pid != getpid())
		return getpgid(pid) < 0 ? ESRCH : EPERM;
	*clock = CLOCK_PROCESS_CPUTIME_ID;
	return 0;
}

clock_t clock(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t) < 0)
		return -1;
	return (clock_t)t.tv_sec * CLOCKS_PER_SEC +
		(clock_t)((unsigned long)t.tv_nsec / 1000);
}

double difftime(time_t later, time_t earlier)
{
	return (double)(later - earlier);
}

/* times() counts in hundredths of a second. */
static clock_t ticks(const struct timeval *t)
{
	return (clock_t)t->tv_sec * 100 +
		(clock_t)((unsigned long)t->tv_usec / 10000);
}

clock_t times(struct tms *used)
{
	struct rusage self, children;
	struct timespec now;

	if (getrusage(RUSAGE_SELF, &self) < 0 ||
	    getrusage(RUSAGE_CHILDREN, &children) < 0 ||
	    clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		return -1;
	used->tms_utime = ticks(&self.ru_utime);
	used->tms_stime = ticks(&self.ru_stime);
	used->tms_cutime = ticks(&children.ru_utime);
	used->tms_cstime = ticks(&children.ru_stime);
	return (clock_t)now.tv_sec * 100 +
		(clock_t)((unsigned long)now.tv_nsec / 10000000);
}
