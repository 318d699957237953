/* sys/uio.h - reads and writes of several pieces at once. */
#pragma once

#include "kernel/abi/uio.h"

/* At most IOV_MAX pieces. */
ssize_t readv(int fd, const struct iovec *pieces, int count);
ssize_t writev(int fd, const struct iovec *pieces, int count);
