/*
 * alarm.c - the system calls of timers that send signals, and signalfd.
 *
 * alarm() and ualarm() are libc's, made of setitimer(2).
 */
#include "kernel/task/alarm.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/signalfd.h"
#include "kernel/abi/time.h"
#include "kernel/ipc/signalfd.h"
#include "kernel/lib/string.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/sigevent.h"
#include "kernel/sys/syscalls.h"
#include "kernel/sys/timespec.h"
#include "kernel/task/process.h"

long sys_timer_create(clockid_t clock, uaddr_t event_at)
{
	struct alarm_notice notice = { .signal = SIGALRM, .tells_id = true };
	struct sigevent_wish wish;
	int error;

	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC &&
	    clock != CLOCK_PROCESS_CPUTIME_ID &&
	    clock != CLOCK_THREAD_CPUTIME_ID)
		return -EINVAL;
	if (event_at) {
		error = sigevent_fetch(event_at, &wish);
		if (error)
			return error;
		notice = (struct alarm_notice){ .signal = wish.signal,
						.value = wish.value,
						.task = wish.task,
						.tells_end = wish.kind ==
							SIGEV_THREAD };
	}
	return alarm_create(process_current(), clock, &notice);
}

static struct alarm *own(int timer)
{
	return alarm_find(process_current(), timer);
}

/* Copy out an itimerspec: the time left, and the interval. */
static int write_value(const struct alarm *alarm, uaddr_t to)
{
	uint64_t left_ns, interval_ns;
	struct itimerspec value;

	memset(&value, 0, sizeof(value));
	alarm_get(alarm, &left_ns, &interval_ns);
	value.it_interval = timespec_from_ns(interval_ns);
	value.it_value = timespec_from_ns(left_ns);
	return copy_to_user(to, &value, sizeof(value));
}

/* The first expiration, by the alarm's clock. */
static uint64_t due_ns(const struct alarm *alarm, int flags, uint64_t ns)
{
	if (!ns)
		return FOREVER;
	if (!(flags & TIMER_ABSTIME))
		return time_add_ns(alarm_now_ns(alarm), ns);
	time_deadline(alarm_clock(alarm), ns, &ns);
	return ns;
}

long sys_timer_settime(int timer, int flags, uaddr_t value_at, uaddr_t old_at)
{
	struct alarm *alarm = own(timer);
	uint64_t interval_ns, first_ns;
	int error;

	if (!alarm || flags & ~TIMER_ABSTIME)
		return -EINVAL;
	error = timespec_fetch(value_at, &interval_ns);
	if (!error)
		error = timespec_fetch(value_at +
				       offsetof(struct itimerspec, it_value),
				       &first_ns);
	if (!error && old_at)
		error = write_value(alarm, old_at);
	if (error)
		return error;
	alarm_set(alarm, due_ns(alarm, flags, first_ns), interval_ns);
	return 0;
}

long sys_timer_gettime(int timer, uaddr_t value_at)
{
	const struct alarm *alarm = own(timer);

	return alarm ? write_value(alarm, value_at) : -EINVAL;
}

long sys_timer_getoverrun(int timer)
{
	const struct alarm *alarm = own(timer);

	return alarm ? alarm_overrun(alarm) : -EINVAL;
}

long sys_timer_delete(int timer)
{
	struct alarm *alarm = own(timer);

	if (!alarm)
		return -EINVAL;
	alarm_delete(alarm);
	return 0;
}

/* ---- Interval timers ---------------------------------------------------- */

/* Rounded up: the time left is never 0 while the timer runs. */
static struct timeval timeval_from_ns(uint64_t ns)
{
	const struct timespec time = timespec_from_ns(ns + 999);
	struct timeval result;

	memset(&result, 0, sizeof(result));
	result.tv_sec = time.tv_sec;
	result.tv_usec = time.tv_nsec / 1000;
	return result;
}

static int timeval_to_ns(const struct timeval *time, uint64_t *ns)
{
	if (time->tv_sec < 0 || time->tv_usec < 0 || time->tv_usec >= 1000000)
		return -EINVAL;
	if ((uint64_t)time->tv_sec > FOREVER / NSEC_PER_SEC - 1)
		*ns = FOREVER;
	else
		*ns = time->tv_sec * NSEC_PER_SEC + time->tv_usec * 1000ull;
	return 0;
}

long sys_getitimer(int which, uaddr_t value_at)
{
	uint64_t left_ns, interval_ns;
	struct itimerval value;
	struct alarm *alarm;

	if (which < ITIMER_REAL || which > ITIMER_PROF)
		return -EINVAL;
	alarm = alarm_interval(process_current(), which);
	if (!alarm)
		return -ENOMEM;
	memset(&value, 0, sizeof(value));
	alarm_get(alarm, &left_ns, &interval_ns);
	value.it_interval = timeval_from_ns(interval_ns);
	value.it_value = timeval_from_ns(left_ns);
	return copy_to_user(value_at, &value, sizeof(value));
}

long sys_setitimer(int which, uaddr_t value_at, uaddr_t old_at)
{
	uint64_t first_ns, interval_ns;
	struct itimerval value;
	struct alarm *alarm;
	long error = 0;

	if (which < ITIMER_REAL || which > ITIMER_PROF)
		return -EINVAL;
	if (copy_from_user(&value, value_at, sizeof(value)) != 0)
		return -EFAULT;
	if (timeval_to_ns(&value.it_value, &first_ns) != 0 ||
	    timeval_to_ns(&value.it_interval, &interval_ns) != 0)
		return -EINVAL;
	if (old_at)
		error = sys_getitimer(which, old_at);
	if (error)
		return error;
	alarm = alarm_interval(process_current(), which);
	if (!alarm)
		return -ENOMEM;
	alarm_set(alarm, due_ns(alarm, 0, first_ns), interval_ns);
	return 0;
}

/* ---- signalfd ----------------------------------------------------------- */

long sys_signalfd(int fd, uaddr_t mask_at, int flags)
{
	struct open_file *file;
	sigset_t mask;
	long result;

	if (flags & ~(SFD_NONBLOCK | SFD_CLOEXEC))
		return -EINVAL;
	if (copy_from_user(&mask, mask_at, sizeof(mask)) != 0)
		return -EFAULT;
	mask &= ~SIGNALS_UNSTOPPABLE;
	if (fd != -1) {
		file = descriptor_file(fd);
		result = file ? signalfd_set_mask(file, mask) : -EBADF;
		return result ? result : fd;
	}
	return descriptor_open(signalfd_create(mask),
			       O_RDONLY | (flags & SFD_NONBLOCK),
			       flags & SFD_CLOEXEC);
}
