/*
 * limits.c - the system calls of limits: getrlimit and setrlimit.
 *
 * A process inherits the limits of the parent and may lower them. brk(2) obeys
 * RLIMIT_DATA, and execve(2) makes a stack of RLIMIT_STACK bytes. Limits that
 * the kernel does not enforce (time, all memory) cannot be changed: a program
 * that set such a limit would rely on the limit. RLIMIT_NICE and RLIMIT_RTPRIO
 * are rights: how far an ordinary user may go beyond the usual. Both begin with
 * 0, and root alone can give more. The limits of a user are in
 * kernel/mm/account.h.
 */
#include "kernel/abi/errno.h"
#include "kernel/abi/sched.h"
#include "kernel/sys/syscalls.h"
#include "kernel/task/process.h"

#define CAN_CHANGE	(1u << RLIMIT_NOFILE | 1u << RLIMIT_NPROC | \
			 1u << RLIMIT_FSIZE | 1u << RLIMIT_CORE | \
			 1u << RLIMIT_DATA | 1u << RLIMIT_STACK | \
			 1u << RLIMIT_NICE | 1u << RLIMIT_RTPRIO)
#define EXISTS		(CAN_CHANGE | 1u << RLIMIT_CPU | \
			 1u << RLIMIT_RSS | 1u << RLIMIT_MEMLOCK | \
			 1u << RLIMIT_AS)

static struct rlimit *find(int resource)
{
	if ((unsigned)resource >= RLIMITS || !(EXISTS & 1u << resource))
		return NULL;
	return &process_current()->limits[resource];
}

long sys_getrlimit(int resource, uaddr_t to)
{
	const struct rlimit *limit = find(resource);

	return limit ? copy_to_user(to, limit, sizeof(*limit)) : -EINVAL;
}

/* The most that root can give. Of a right, the first process has nothing. */
static rlim_t most_of(int resource)
{
	switch (resource) {
	case RLIMIT_NICE:
		return NICE_HIGHEST + 1 - NICE_LOWEST;
	case RLIMIT_RTPRIO:
		return SCHED_PRIORITY_MOST;
	default:
		return process_init->limits[resource].rlim_max;
	}
}

static bool may_change(int resource, const struct rlimit *from,
		       const struct rlimit *to)
{
	if (from->rlim_cur == to->rlim_cur && from->rlim_max == to->rlim_max)
		return true;
	if (!(CAN_CHANGE & 1u << resource))
		return false;
	if (to->rlim_max <= from->rlim_max)
		return true;
	return user_is_root(process_current()) &&
	       to->rlim_max <= most_of(resource);
}

long sys_setrlimit(int resource, uaddr_t from)
{
	struct rlimit *limit = find(resource), wanted;

	if (!limit)
		return -EINVAL;
	if (copy_from_user(&wanted, from, sizeof(wanted)) != 0)
		return -EFAULT;
	if (wanted.rlim_cur > wanted.rlim_max)
		return -EINVAL;
	if (!may_change(resource, limit, &wanted))
		return -EPERM;
	*limit = wanted;
	return 0;
}
