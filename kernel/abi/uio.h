/* uio.h - a part of the caller's memory, for readv(2) and recvmsg(2). */
#pragma once

#include "kernel/abi/types.h"

struct iovec {
	void *iov_base;
	size_t iov_len;
};
