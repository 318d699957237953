/* alarm.c - alarm() and ualarm(): the interval timer of real time. */
#include <sys/time.h>
#include <unistd.h>

/* The seconds that an earlier alarm had left, rounded up. */
unsigned alarm(unsigned seconds)
{
	struct itimerval value = { .it_value.tv_sec = seconds }, old;

	if (setitimer(ITIMER_REAL, &value, &old) < 0)
		return 0;
	return old.it_value.tv_sec + (old.it_value.tv_usec > 0);
}

/* The same in microseconds, and again and again. */
useconds_t ualarm(useconds_t us, useconds_t interval_us)
{
	struct itimerval value = {
		.it_value = { us / 1000000, us % 1000000 },
		.it_interval = { interval_us / 1000000, interval_us % 1000000 },
	}, old;

	if (setitimer(ITIMER_REAL, &value, &old) < 0)
		return (useconds_t)-1;
	return old.it_value.tv_sec * 1000000 + old.it_value.tv_usec;
}
