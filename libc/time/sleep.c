/* sleep.c - waiting for time to pass. */
#include <errno.h>
#include <time.h>
#include <unistd.h>

#include "libc/syscall.h"

/* This one gives the error instead of setting errno: so POSIX says. */
int clock_nanosleep(clockid_t clock, int flags,
	const struct timespec *request, struct timespec *remain)
{
	int saved = errno, error = 0;

	if (__sys_clock_nanosleep(clock, flags, request, remain) < 0) {
		error = errno;
		errno = saved;
	}
	return error;
}

int nanosleep(const struct timespec *request, struct timespec *remain)
{
	return __sys_clock_nanosleep(CLOCK_MONOTONIC, 0, request, remain);
}

/* Gives the seconds left if a signal ended the sleep, rounded up. */
unsigned int sleep(unsigned int seconds)
{
	struct timespec time = { .tv_sec = seconds };

	if (nanosleep(&time, &time) == 0)
		return 0;
	return (unsigned int)time.tv_sec + (time.tv_nsec > 0);
}

int usleep(useconds_t us)
{
	struct timespec time = {
		.tv_sec = us / 1000000,
		.tv_nsec = us % 1000000 * 1000,
	};

	return nanosleep(&time, NULL);
}
