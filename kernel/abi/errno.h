/* errno.h - the error numbers of errno.def as constants. */
#pragma once

enum {
#define ERROR(name, number, text) name = number,
#include "kernel/abi/errno.def"
#undef ERROR
};

/* POSIX asks that each name can be tested with #ifdef. */
#define EPERM EPERM
#define ENOENT ENOENT
#define EINTR EINTR
#define EAGAIN EAGAIN
#define EWOULDBLOCK EAGAIN
#define EOPNOTSUPP ENOTSUP
