/*
 * aio.h - reads and writes that go on while the program does.
 *
 * A thread of libc takes the reads for a descriptor in the order of the calls,
 * and another one the writes. The first request of a queue is under way and
 * cannot be cancelled; a request behind it can.
 */
#pragma once

#include "kernel/abi/types.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/pthread_types.h>
#include <time.h>

#define AIO_CANCELED	0
#define AIO_NOTCANCELED	1	/* a request is under way */
#define AIO_ALLDONE	2

#define LIO_READ	0	/* aio_lio_opcode */
#define LIO_WRITE	1
#define LIO_NOP		2
#define LIO_WAIT	0	/* the mode of lio_listio() */
#define LIO_NOWAIT	1

struct aiocb {
	int aio_fildes;
	off_t aio_offset;		/* not used with a pipe or socket */
	volatile void *aio_buf;
	size_t aio_nbytes;
	int aio_reqprio;		/* 0 or more; not used */
	struct sigevent aio_sigevent;	/* what happens at the end */
	int aio_lio_opcode;
	int __error;			/* EINPROGRESS, then of aio_error() */
	ssize_t __result;
	struct aiocb *__next;		/* in the queue of the descriptor */
	struct __aio_batch *__batch;	/* of lio_listio(), or NULL */
};

/* 0, or -1 with EAGAIN (too many threads). An error of the request itself
 * (EBADF, EINVAL) is the result of aio_error(). */
int aio_read(struct aiocb *request);
int aio_write(struct aiocb *request);
/* The same for fsync() (O_SYNC) or fdatasync() (O_DSYNC), after the older
 * writes for this descriptor. EBADF, EINVAL. */
int aio_fsync(int kind, struct aiocb *request);
/* EINPROGRESS, 0, or the errno of the request. */
int aio_error(const struct aiocb *request);
/* What read(), write() or fsync() returned: once, at the end. */
ssize_t aio_return(struct aiocb *request);
/* Cancel this request for fd, or with NULL each request. AIO_CANCELED: the
 * error of each is ECANCELED; AIO_NOTCANCELED: a request is under way;
 * AIO_ALLDONE. EBADF, EINVAL. */
int aio_cancel(int fd, struct aiocb *request);
/* Wait until a request has ended. EAGAIN (the timeout), EINTR. */
int aio_suspend(const struct aiocb *const requests[], int count,
	const struct timespec *timeout);
/* Start all; with LIO_WAIT, wait for all. */
int lio_listio(int mode, struct aiocb *__restrict const requests[],
	int count, struct sigevent *__restrict event);

#ifdef _LARGEFILE64_SOURCE	/* off_t has 64 bits always */
#define aiocb64	aiocb
#endif
