/*
 * limits.c - the system calls of limits: getrlimit and setrlimit.
 *
 * A process inherits the limits of the parent and may lower them. brk(2) obeys
 * RLIMIT_DATA, and execve(2) makes a stack of RLIMIT_STACK bytes. Limits that
 * the kernel does not enforce (time, all memory) cannot be changed: a program
 * that set such a limit would rely on the limit. The limits of a user are
 * in kernel/mm/account.h.
 */
#include "kernel/abi/errno.h"
#include "kernel/sys/syscalls.h"
#include "kernel/task/process.h"

#define EXISTS		0x2df	/* bits: RLIMIT_CPU to RLIMIT_AS */
#define CAN_CHANGE	(1u << RLIMIT_NOFILE | 1u << RLIMIT_NPROC | \
			 1u << RLIMIT_FSIZE | 1u << RLIMIT_CORE | \
			 1u << RLIMIT_DATA | 1u << RLIMIT_STACK)

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

/* Root may raise a lowered limit, but not beyond the first process' limit. */
static bool may_change(int resource, const struct rlimit *from,
		       const struct rlimit *to)
{
	const struct rlimit *most = &process_init->limits[resource];

	if (from->rlim_cur == to->rlim_cur && from->rlim_max == to->rlim_max)
		return true;
	if (!(CAN_CHANGE & 1u << resource))
		return false;
	if (to->rlim_max <= from->rlim_max)
		return true;
	return user_is_root(process_current()) &&
	       to->rlim_max <= most->rlim_max;
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
