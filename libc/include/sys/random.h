/* sys/random.h - random bytes of the kernel. */
#pragma once

#include <sys/types.h>

#include "kernel/abi/random.h"

/* Random bytes; the number of bytes, fewer than asked for if a signal comes
 * after the first 256. -1: EFAULT, EINVAL (flags). Does not wait. */
ssize_t getrandom(void *buffer, size_t bytes, unsigned flags);
/* All of at most 256 bytes: 0; or -1: EFAULT, EIO (more bytes). <unistd.h>
 * declares this function as well. */
int getentropy(void *buffer, size_t bytes);
