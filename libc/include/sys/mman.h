/* sys/mman.h - pages of memory. */
#pragma once

#include "kernel/abi/mman.h"
#include "kernel/abi/types.h"

/* Hints of Linux that change nothing here. */
#define MAP_NORESERVE		0
#define MAP_STACK		0
#define MAP_POPULATE		0
#define MCL_CURRENT		1
#define MCL_FUTURE		2
#define POSIX_MADV_NORMAL	0
#define POSIX_MADV_RANDOM	1
#define POSIX_MADV_SEQUENTIAL	2
#define POSIX_MADV_WILLNEED	3
#define POSIX_MADV_DONTNEED	4

/* No page ever leaves memory, so that these have nothing to do. */
int mlock(const void *address, size_t bytes);
int mlockall(int flags);
int munlock(const void *address, size_t bytes);
int munlockall(void);
int madvise(void *address, size_t bytes, int advice);
/* A byte for each page: 1, if an access needs no page fault. */
int mincore(void *address, size_t bytes, unsigned char *present);
/* POSIX_MADV_DONTNEED loses nothing. Gives the error. */
int posix_madvise(void *address, size_t bytes, int advice);
void *mmap(void *address, size_t bytes, int prot, int flags, int fd,
	off_t offset);
int mprotect(void *address, size_t bytes, int prot);
int msync(void *address, size_t bytes, int flags);
int munmap(void *address, size_t bytes);

/* Shared memory by name, "/name": a file in /ipc/shm, for ftruncate() and
 * mmap(). The memory lives until the name and the last user have gone. */
int shm_open(const char *name, int oflag, mode_t mode);
int shm_unlink(const char *name);

#ifdef _LARGEFILE64_SOURCE	/* off_t has 64 bits always */
#define mmap64	mmap
#endif
