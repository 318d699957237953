/* sys/uio.h - reads and writes of several parts of memory at once. */
#pragma once

#include <sys/types.h>

#include "kernel/abi/uio.h"

/* At most IOV_MAX parts. */
ssize_t readv(int fd, const struct iovec *parts, int count);
ssize_t writev(int fd, const struct iovec *parts, int count);
ssize_t preadv(int fd, const struct iovec *parts, int count, off_t offset);
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset);
