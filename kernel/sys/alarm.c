/*
 * alarm.c - the system calls of timers that send signals, and signalfd.
 *
 * alarm(), setitimer() and ualarm() are libc's, made of a timer that sends
 * SIGALRM.
 */
#include "kernel/task/alarm.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/signalfd.h"
#include "kernel/abi/time.h"
#include "kernel/ipc/signalfd.h"
#include "kernel/lib/string.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/syscalls.h"
#include "kernel/sys/timespec.h"
#include "kernel/task/process.h"

/* As timer_create(2) passes it; the rest is libc's. */
struct user_event {
	int notify;
	int signal;
	uaddr_t value;
};

long sys_timer_create(clockid_t clock, uaddr_t event_at)
{
	struct user_event event = { SIGEV_SIGNAL, SIGALRM, 0 };
	union sigval value;

	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
		return -EINVAL;
	if (event_at && copy_from_user(&event, event_at, sizeof(event)) != 0)
		return -EFAULT;
	if (event.notify == SIGEV_NONE)
		event.signal = 0;
	else if (event.notify != SIGEV_SIGNAL || event.signal <= 0 ||
		 event.signal >= NSIG)
		return -EINVAL;
	value.sival_ptr = (void *)event.value;
	return alarm_create(process_current(), clock, event.signal, value);
}

/* What itimerspec says: the time left, and the interval. */
static int write_value(int timer, uaddr_t to)
{
	uint64_t deadline_ns, interval_ns, now = arch_now_ns();
	struct itimerspec value;
	int error = alarm_get(process_current(), timer, &deadline_ns,
			      &interval_ns);

	if (error || !to)
		return error;
	memset(&value, 0, sizeof(value));
	value.it_interval = timespec_from_ns(interval_ns);
	if (deadline_ns != FOREVER)
		value.it_value = timespec_from_ns(deadline_ns > now
						  ? deadline_ns - now : 1);
	return copy_to_user(to, &value, sizeof(value));
}

long sys_timer_settime(int timer, int flags, uaddr_t value_at, uaddr_t old_at)
{
	uint64_t interval_ns, first_ns, deadline_ns = FOREVER;
	int error;

	if (flags & ~TIMER_ABSTIME)
		return -EINVAL;
	error = timespec_fetch(value_at, &interval_ns);
	if (!error)
		error = timespec_fetch(value_at +
				       offsetof(struct itimerspec, it_value),
				       &first_ns);
	if (!error)
		error = write_value(timer, old_at);
	if (error)
		return error;
	if (first_ns && flags & TIMER_ABSTIME)
		time_deadline(alarm_clock(process_current(), timer), first_ns,
			      &deadline_ns);
	else if (first_ns)
		deadline_ns = time_after_ns(first_ns);
	return alarm_set(process_current(), timer, deadline_ns, interval_ns);
}

long sys_timer_gettime(int timer, uaddr_t value_at)
{
	return write_value(timer, value_at);
}

long sys_timer_getoverrun(int timer)
{
	return alarm_overrun(process_current(), timer);
}

long sys_timer_delete(int timer)
{
	return alarm_delete(process_current(), timer);
}

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
	result = signalfd_create(mask, flags & SFD_NONBLOCK, &file);
	if (result)
		return result;
	result = descriptor_install(file, 0, flags & SFD_CLOEXEC);
	if (result < 0)
		file_put(file);
	return result;
}
