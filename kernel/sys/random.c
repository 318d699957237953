/* random.c - the system call getrandom(2). */
#include "kernel/abi/random.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/dev/random.h"
#include "kernel/sys/syscalls.h"

long sys_getrandom(uaddr_t to, size_t bytes, unsigned flags)
{
	if (flags & ~(GRND_NONBLOCK | GRND_RANDOM))
		return -EINVAL;
	if (!user_range_is_valid(to, bytes))
		return -EFAULT;
	return random_to_user(to, bytes);
}
