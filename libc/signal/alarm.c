/*
 * alarm.c - alarm() and the interval timer: one timer that sends SIGALRM.
 *
 * The kernel's timers are those of timer_create(). This one is made when it is
 * first asked for; a child of fork() has no timers, so it makes one of its own.
 * Unlike POSIX has it, exec ends it.
 */
#include <errno.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static timer_t timer;
static pid_t owner;		/* the process that made it */

static int have_timer(void)
{
	struct sigevent event = {
		.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM,
	};

	if (owner == getpid())
		return 0;
	if (timer_create(CLOCK_MONOTONIC, &event, &timer) < 0)
		return -1;
	owner = getpid();
	return 0;
}

static struct timespec to_timespec(struct timeval time)
{
	return (struct timespec){ time.tv_sec, time.tv_usec * 1000 };
}

/* Rounded up: what is left is never 0 while the timer runs. */
static struct timeval to_timeval(struct timespec time)
{
	struct timeval result = { time.tv_sec, (time.tv_nsec + 999) / 1000 };

	if (result.tv_usec == 1000000)
		result = (struct timeval){ time.tv_sec + 1, 0 };
	return result;
}

static int is_valid(struct timeval time)
{
	return time.tv_sec >= 0 && time.tv_usec >= 0 && time.tv_usec < 1000000;
}

int setitimer(int which, const struct itimerval *restrict value,
	struct itimerval *restrict old)
{
	struct itimerspec new_spec, old_spec;

	if (which != ITIMER_REAL || !is_valid(value->it_value) ||
	    !is_valid(value->it_interval)) {
		errno = EINVAL;
		return -1;
	}
	new_spec.it_value = to_timespec(value->it_value);
	new_spec.it_interval = to_timespec(value->it_interval);
	if (have_timer() < 0 ||
	    timer_settime(timer, 0, &new_spec, &old_spec) < 0)
		return -1;
	if (old) {
		old->it_value = to_timeval(old_spec.it_value);
		old->it_interval = to_timeval(old_spec.it_interval);
	}
	return 0;
}

int getitimer(int which, struct itimerval *value)
{
	struct itimerspec spec;

	if (which != ITIMER_REAL) {
		errno = EINVAL;
		return -1;
	}
	if (have_timer() < 0 || timer_gettime(timer, &spec) < 0)
		return -1;
	value->it_value = to_timeval(spec.it_value);
	value->it_interval = to_timeval(spec.it_interval);
	return 0;
}

/* The seconds that an earlier alarm had left, rounded up. */
unsigned alarm(unsigned seconds)
{
	struct itimerval value = { .it_value.tv_sec = seconds }, old;

	if (setitimer(ITIMER_REAL, &value, &old) < 0)
		return 0;
	return old.it_value.tv_sec + (old.it_value.tv_usec > 0);
}
