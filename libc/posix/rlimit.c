/* rlimit.c - the limits of a process, which are fixed. */
#include <errno.h>
#include <limits.h>
#include <sys/resource.h>

#define STACK_MOST (8ul << 20)

int getrlimit(int resource, struct rlimit *limit)
{
	rlim_t most = RLIM_INFINITY;

	switch (resource) {
	case RLIMIT_CPU:
	case RLIMIT_FSIZE:
	case RLIMIT_DATA:
	case RLIMIT_AS:
		break;
	case RLIMIT_STACK:
		most = STACK_MOST;
		break;
	case RLIMIT_CORE:
		most = 0;
		break;
	case RLIMIT_NPROC:
		most = CHILD_MAX;
		break;
	case RLIMIT_NOFILE:
		most = OPEN_MAX;
		break;
	default:
		errno = EINVAL;
		return -1;
	}
	limit->rlim_cur = limit->rlim_max = most;
	return 0;
}

int setrlimit(int resource, const struct rlimit *limit)
{
	struct rlimit fixed;

	if (getrlimit(resource, &fixed) < 0)
		return -1;
	if (limit->rlim_cur > limit->rlim_max) {
		errno = EINVAL;
		return -1;
	}
	if (limit->rlim_cur != fixed.rlim_cur ||
	    limit->rlim_max < fixed.rlim_max) {
		errno = EPERM;
		return -1;
	}
	return 0;
}
