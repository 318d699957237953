/* fcntl.h - open files and their flags. */
#pragma once

#include "kernel/abi/fcntl.h"
#include "kernel/abi/stat.h"

#define POSIX_FADV_NORMAL	0
#define POSIX_FADV_RANDOM	1
#define POSIX_FADV_SEQUENTIAL	2
#define POSIX_FADV_WILLNEED	3
#define POSIX_FADV_DONTNEED	4
#define POSIX_FADV_NOREUSE	5

int creat(const char *path, mode_t mode);
int fcntl(int fd, int command, ...);
/* These give the error: 0, EBADF, EINVAL, ENOSPC, ESPIPE. */
int posix_fadvise(int fd, off_t offset, off_t bytes, int advice);
int posix_fallocate(int fd, off_t offset, off_t bytes);
int open(const char *path, int flags, ...);	/* O_CREAT: mode_t mode */
int openat(int fd, const char *path, int flags, ...);

#ifdef _LARGEFILE64_SOURCE	/* off_t has 64 bits always */
#define off64_t	off_t
#define O_LARGEFILE	0
#define open64	open
#define openat64	openat
#define creat64	creat
#endif
