/*
 * eventfd.c - the system calls for descriptors of events: a counter, a
 * timer, the end of a process.
 */
#include "kernel/abi/eventfd.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/time.h"
#include "kernel/ipc/eventfd.h"
#include "kernel/ipc/pidfd.h"
#include "kernel/ipc/timerfd.h"
#include "kernel/lib/string.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/syscalls.h"
#include "kernel/sys/timespec.h"
#include "kernel/task/process.h"

long sys_eventfd(unsigned value, int flags)
{
	if (flags & ~(EFD_SEMAPHORE | EFD_NONBLOCK | EFD_CLOEXEC))
		return -EINVAL;
	return descriptor_open(eventfd_create(value, flags & EFD_SEMAPHORE),
			       O_RDWR | (flags & EFD_NONBLOCK),
			       flags & EFD_CLOEXEC);
}

long sys_pidfd_open(pid_t pid, unsigned flags)
{
	struct process *process = process_find(pid);

	if (flags & ~O_NONBLOCK || pid <= 0)
		return -EINVAL;
	if (!process)
		return -ESRCH;
	/* The end of a child is the parent's business, whoever the child is. */
	if (process->parent != process_current() &&
	    !user_may_signal(process_current(), process, 0))
		return -EPERM;
	return descriptor_open(pidfd_create(process), O_RDONLY | flags, true);
}

/* ---- Timers ------------------------------------------------------------- */

long sys_timerfd_create(clockid_t clock, int flags)
{
	if ((clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC) ||
	    flags & ~(TFD_NONBLOCK | TFD_CLOEXEC))
		return -EINVAL;
	return descriptor_open(timerfd_create(clock),
			       O_RDONLY | (flags & TFD_NONBLOCK),
			       flags & TFD_CLOEXEC);
}

/* The time left and the interval; a timer that is about to expire has 1 ns. */
static int write_setting(const struct open_file *file, uaddr_t to)
{
	uint64_t deadline_ns, interval_ns, now = arch_now_ns();
	struct itimerspec setting;

	memset(&setting, 0, sizeof(setting));
	timerfd_get(file, &deadline_ns, &interval_ns);
	setting.it_interval = timespec_from_ns(interval_ns);
	if (deadline_ns != FOREVER)
		setting.it_value = timespec_from_ns(deadline_ns > now
						    ? deadline_ns - now : 1);
	return copy_to_user(to, &setting, sizeof(setting));
}

long sys_timerfd_settime(int fd, int flags, uaddr_t new_at, uaddr_t old_at)
{
	struct open_file *file = descriptor_file(fd);
	uint64_t interval_ns, first_ns, deadline_ns = FOREVER;
	int clock = file ? timerfd_clock(file) : -EBADF;
	int error = clock < 0 ? clock : timespec_fetch(new_at, &interval_ns);

	if (!error)
		error = timespec_fetch(new_at + offsetof(struct itimerspec,
							 it_value), &first_ns);
	if (error)
		return error;
	if (flags & ~TFD_TIMER_ABSTIME)
		return -EINVAL;
	if (old_at && write_setting(file, old_at) != 0)
		return -EFAULT;
	if (first_ns && flags & TFD_TIMER_ABSTIME)
		time_deadline(clock, first_ns, &deadline_ns);
	else if (first_ns)
		deadline_ns = time_after_ns(first_ns);
	timerfd_set(file, deadline_ns, interval_ns);
	return 0;
}

long sys_timerfd_gettime(int fd, uaddr_t to)
{
	struct open_file *file = descriptor_file(fd);
	int clock = file ? timerfd_clock(file) : -EBADF;

	return clock < 0 ? clock : write_setting(file, to);
}
