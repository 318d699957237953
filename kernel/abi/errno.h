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
#define ESRCH ESRCH
#define EINTR EINTR
#define EIO EIO
#define ENXIO ENXIO
#define E2BIG E2BIG
#define ENOEXEC ENOEXEC
#define EBADF EBADF
#define ECHILD ECHILD
#define EAGAIN EAGAIN
#define ENOMEM ENOMEM
#define EACCES EACCES
#define EFAULT EFAULT
#define EBUSY EBUSY
#define EEXIST EEXIST
#define EXDEV EXDEV
#define ENODEV ENODEV
#define ENOTDIR ENOTDIR
#define EISDIR EISDIR
#define EINVAL EINVAL
#define ENFILE ENFILE
#define EMFILE EMFILE
#define ENOTTY ENOTTY
#define ETXTBSY ETXTBSY
#define EFBIG EFBIG
#define ENOSPC ENOSPC
#define ESPIPE ESPIPE
#define EROFS EROFS
#define EMLINK EMLINK
#define EPIPE EPIPE
#define EDOM EDOM
#define ERANGE ERANGE
#define EDEADLK EDEADLK
#define ENAMETOOLONG ENAMETOOLONG
#define ENOSYS ENOSYS
#define ENOTEMPTY ENOTEMPTY
#define ELOOP ELOOP
#define EIDRM EIDRM
#define EOVERFLOW EOVERFLOW
#define EILSEQ EILSEQ
#define EMSGSIZE EMSGSIZE
#define ENOTSUP ENOTSUP
#define ETIMEDOUT ETIMEDOUT
#define EALREADY EALREADY
#define EINPROGRESS EINPROGRESS
#define ECANCELED ECANCELED
#define EOWNERDEAD EOWNERDEAD

#define EWOULDBLOCK EAGAIN
#define EOPNOTSUPP ENOTSUP
