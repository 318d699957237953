/* sys/mman.h - pages of memory. */
#pragma once

#include "kernel/abi/mman.h"
#include "kernel/abi/types.h"

void *mmap(void *address, size_t bytes, int prot, int flags, int fd,
	off_t offset);
int mprotect(void *address, size_t bytes, int prot);
int msync(void *address, size_t bytes, int flags);
int munmap(void *address, size_t bytes);

/* Shared memory by name, "/name": a file in /ipc/shm. Size it with ftruncate(),
 * map it with mmap(); it lives until unlinked and no longer used. */
int shm_open(const char *name, int oflag, mode_t mode);
int shm_unlink(const char *name);
