/* sys/mman.h - pages of memory. */
#pragma once

#include "kernel/abi/mman.h"
#include "kernel/abi/types.h"

void *mmap(void *address, size_t bytes, int prot, int flags, int fd,
	off_t offset);
int mprotect(void *address, size_t bytes, int prot);
int munmap(void *address, size_t bytes);
