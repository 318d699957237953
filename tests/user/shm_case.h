/*
 * shm_case.h - helpers that the cases of shared memory share: mappings, and
 * accesses that may end in a signal.
 */
#pragma once

#include <sched.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

#define PAGE	4096

HELPER const char name_wanted[] = "/shm-test";

HELPER void *map(size_t bytes, int prot, int flags, int fd)
{
	return mmap(NULL, bytes, prot, flags, fd, 0);
}

/* Shared anonymous memory, or the end of the case. */
HELPER volatile int *shared(size_t bytes)
{
	void *p = map(bytes, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1);

	require(p != MAP_FAILED);
	return p;
}

HELPER int open_shm(size_t bytes)
{
	int fd;

	shm_unlink(name_wanted);
	fd = shm_open(name_wanted, O_RDWR | O_CREAT | O_EXCL, 0600);
	require(fd >= 0);
	require(ftruncate(fd, bytes) == 0);
	return fd;
}

HELPER volatile char *map_shm(int fd, size_t bytes)
{
	void *p = map(bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd);

	require(p != MAP_FAILED);
	return p;
}

/* ---- A touch that may end in a signal ------------------------------------ */

static volatile char *touched;

HELPER int touch_read(void)
{
	return *touched;
}

HELPER int touch_write(void)
{
	*touched = 1;
	return 0;
}

HELPER int read_dies(volatile void *at)
{
	touched = at;
	return -run_in_child(touch_read);
}

HELPER int write_dies(volatile void *at)
{
	touched = at;
	return -run_in_child(touch_write);
}
