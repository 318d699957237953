/* time.c - the system calls of clocks, of sleep, and of used processor time. */
#include "kernel/abi/time.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/abi/system.h"
#include "kernel/lib/string.h"
#include "kernel/sys/syscalls.h"
#include "kernel/sys/timespec.h"
#include "kernel/task/id.h"
#include "kernel/task/late_page.h"
#include "kernel/task/process.h"

struct timespec timespec_from_ns(uint64_t ns)
{
	struct timespec time;

	memset(&time, 0, sizeof(time));
	time.tv_sec = ns / NSEC_PER_SEC;
	time.tv_nsec = ns % NSEC_PER_SEC;
	return time;
}

int timespec_fetch(uaddr_t from, uint64_t *ns)
{
	struct timespec time;

	if (copy_from_user(&time, from, sizeof(time)) != 0)
		return -EFAULT;
	if (time.tv_nsec < 0 || time.tv_nsec >= (long)NSEC_PER_SEC ||
	    time.tv_sec < 0)
		return -EINVAL;
	if ((uint64_t)time.tv_sec > FOREVER / NSEC_PER_SEC - 1)
		*ns = FOREVER;	/* some 580 years: never */
	else
		*ns = time.tv_sec * NSEC_PER_SEC + time.tv_nsec;
	return 0;
}

static uint64_t boot_time_ns(void)
{
	return (uint64_t)arch_boot_time() * NSEC_PER_SEC;
}

static uint64_t task_used_ns(const struct task *task)
{
	return task_user_ns(task) + task_kernel_ns(task);
}

/* A clock below 0 is that of a thread of the running process. */
static int read_clock_of_thread(pid_t id, uint64_t *ns)
{
	const struct task *task = id_task(id);

	if (!task || task->process != process_current())
		return -EINVAL;
	*ns = task_used_ns(task);
	return 0;
}

static int read_clock(clockid_t clock, uint64_t *ns)
{
	const struct process *process = process_current();

	switch (clock) {
	case CLOCK_REALTIME:
		*ns = boot_time_ns() + arch_now_ns();
		return 0;
	case CLOCK_MONOTONIC:
		*ns = arch_now_ns();
		return 0;
	case CLOCK_PROCESS_CPUTIME_ID:
		*ns = process_used_ns(process);
		return 0;
	case CLOCK_THREAD_CPUTIME_ID:
		*ns = task_used_ns(cpu.current);
		return 0;
	}
	return clock < 0 && clock != INT32_MIN
		? read_clock_of_thread(CLOCK_OF_THREAD(clock), ns) : -EINVAL;
}

long sys_clock_gettime(clockid_t clock, uaddr_t to)
{
	struct timespec time;
	uint64_t ns;

	if (read_clock(clock, &ns) != 0)
		return -EINVAL;
	time = timespec_from_ns(ns);
	return copy_to_user(to, &time, sizeof(time));
}

uint64_t time_after_ns(uint64_t ns)
{
	return time_add_ns(arch_now_ns(), ns);
}

uint64_t time_restarted_deadline(int call)
{
	struct task *task = task_current();
	bool is_restarted = task->restarted_call == call;

	task->restarted_call = 0;
	return is_restarted ? task->wait.last_deadline_ns : 0;
}

int time_deadline(clockid_t clock, uint64_t ns, uint64_t *deadline_ns)
{
	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
		return -EINVAL;
	if (clock == CLOCK_REALTIME && ns != FOREVER)
		ns = ns < boot_time_ns() ? 0 : ns - boot_time_ns();
	*deadline_ns = ns;
	return 0;
}

long sys_clock_nanosleep(clockid_t clock, int flags, uaddr_t request_at,
			 uaddr_t remain_at)
{
	uint64_t kept_ns = time_restarted_deadline(CALL_clock_nanosleep);
	struct timespec remain;
	uint64_t ns, now;
	long result;

	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
		return -EINVAL;
	if (flags & ~TIMER_ABSTIME)
		return -EINVAL;
	result = timespec_fetch(request_at, &ns);
	if (result)
		return result;
	if (flags & TIMER_ABSTIME)
		time_deadline(clock, ns, &ns);
	else
		ns = kept_ns ? kept_ns : time_after_ns(ns);
	result = nano_sleep_until(ns);
	if (result != -EINTR || flags & TIMER_ABSTIME || !remain_at)
		return result;
	now = arch_now_ns();
	remain = timespec_from_ns(ns > now ? ns - now : 0);
	if (late_page_copy_to_user(remain_at, &remain, sizeof(remain)) != 0)
		return -EFAULT;
	return result;
}

/* ---- Usage -------------------------------------------------------------- */

static struct timeval timeval_from_ns(uint64_t ns)
{
	struct timespec time = timespec_from_ns(ns);
	struct timeval result;

	memset(&result, 0, sizeof(result));
	result.tv_sec = time.tv_sec;
	result.tv_usec = time.tv_nsec / 1000;
	return result;
}

long sys_getrusage(int who, uaddr_t to)
{
	const struct process *process = process_current();
	struct rusage usage;

	memset(&usage, 0, sizeof(usage));
	switch (who) {
	case RUSAGE_SELF:
		usage.ru_utime = timeval_from_ns(process_user_ns(process));
		usage.ru_stime = timeval_from_ns(process_kernel_ns(process));
		usage.ru_maxrss = process->space->pages * (PAGE_SIZE / 1024);
		usage.ru_nvcsw = task_current()->switches_waiting;
		usage.ru_nivcsw = task_current()->switches_preempted;
		break;
	case RUSAGE_CHILDREN:
		usage.ru_utime = timeval_from_ns(process->children_user_ns);
		usage.ru_stime = timeval_from_ns(process->children_kernel_ns);
		break;
	default:
		return -EINVAL;
	}
	return copy_to_user(to, &usage, sizeof(usage));
}
