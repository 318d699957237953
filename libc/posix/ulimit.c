/* ulimit.c - the limit of the size of files, as System V asked for it. */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <ulimit.h>

#define BLOCK	512

long ulimit(int command, ...)
{
	struct rlimit limit;
	va_list arguments;

	if (getrlimit(RLIMIT_FSIZE, &limit) < 0)
		return -1;
	if (command == UL_SETFSIZE) {
		va_start(arguments, command);
		limit.rlim_cur = limit.rlim_max =
			(rlim_t)va_arg(arguments, long) * BLOCK;
		va_end(arguments);
		if (setrlimit(RLIMIT_FSIZE, &limit) < 0)
			return -1;
	} else if (command != UL_GETFSIZE) {
		errno = EINVAL;
		return -1;
	}
	return limit.rlim_cur / BLOCK > LONG_MAX ? LONG_MAX
		: (long)(limit.rlim_cur / BLOCK);
}
