/* mlock.c - pages that stay in memory: all mapped pages do, always. */
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <sys/mman.h>

int __quiet_msync(const void *address, size_t bytes, int flags);

int mlock(const void *address, size_t bytes)
{
	uintptr_t start = (uintptr_t)address / PAGE_SIZE * PAGE_SIZE;

	/* Nothing to write back: the call looks for unmapped pages. */
	return __quiet_msync((void *)start, (uintptr_t)address + bytes - start,
			     0);
}

int munlock(const void *address, size_t bytes)
{
	return mlock(address, bytes);
}

int mlockall(int flags)
{
	if (flags == 0 || flags & ~(MCL_CURRENT | MCL_FUTURE)) {
		errno = EINVAL;
		return -1;
	}
	return 0;
}

int munlockall(void)
{
	return 0;
}

int posix_madvise(void *address, size_t bytes, int advice)
{
	int before = errno, error;

	if (advice == POSIX_MADV_DONTNEED)
		advice = MADV_NORMAL;
	error = madvise(address, bytes, advice) < 0 ? errno : 0;
	errno = before;
	return error;
}
