/*
 * lio_listio.c - several reads and writes in the background: start them, and
 * wait for them.
 */
#include "libc/posix/aio.h"

#include <errno.h>
#include <stdlib.h>

#include "libc/pthread/cancel.h"

/* Has a request ended, or with `all` each of them? */
static bool have_ended(const struct aiocb *const requests[], int count,
	bool all)
{
	for (int i = 0; i < count; i++)
		if (requests[i] &&
		    (aio_error(requests[i]) != EINPROGRESS) != all)
			return !all;
	return all;
}

/* The wait has ended, or the thread is cancelled. */
static void end_wait(void *waiter)
{
	__aio_end_wait(waiter);
}

/* 0, EAGAIN (the deadline) or EINTR. */
static int wait_until_ended(const struct aiocb *const requests[], int count,
	bool all, const struct timespec *deadline)
{
	struct waiter waiter;
	int error = 0;

	__point();
	__aio_begin_wait(&waiter);
	pthread_cleanup_push(end_wait, &waiter);
	while (!error && !have_ended(requests, count, all))
		if ((deadline ? sem_timedwait(&waiter.ended, deadline)
			      : sem_wait(&waiter.ended)) < 0)
			error = errno == ETIMEDOUT ? EAGAIN : errno;
	pthread_cleanup_pop(1);
	return error;
}

int aio_suspend(const struct aiocb *const requests[], int count,
	const struct timespec *timeout)
{
	struct timespec deadline;
	int error;

	if (timeout) {
		clock_gettime(CLOCK_REALTIME, &deadline);
		deadline.tv_sec += timeout->tv_sec;
		deadline.tv_nsec += timeout->tv_nsec;
		if (deadline.tv_nsec >= 1000000000) {
			deadline.tv_sec++;
			deadline.tv_nsec -= 1000000000;
		}
	}
	error = wait_until_ended(requests, count, false,
				 timeout ? &deadline : NULL);
	if (!error)
		return 0;
	errno = error;
	return -1;
}

static int start_of_batch(struct aiocb *request, struct __aio_batch *batch)
{
	int operation = request->aio_lio_opcode;

	if (operation == LIO_READ || operation == LIO_WRITE)
		return __aio_start(request, operation, batch);
	request->__error = operation == LIO_NOP ? 0 : EINVAL;
	request->__result = operation == LIO_NOP ? 0 : -1;
	return operation == LIO_NOP ? 0 : -1;
}

/* Did a request of the list fail? All have ended. */
static bool has_failed(struct aiocb *restrict const requests[], int count)
{
	for (int i = 0; i < count; i++)
		if (requests[i] && aio_error(requests[i]) != 0)
			return true;
	return false;
}

int lio_listio(int mode, struct aiocb *restrict const requests[], int count,
	struct sigevent *restrict event)
{
	struct __aio_batch *batch = NULL;
	bool failed = false;
	int error = 0;

	if ((mode != LIO_WAIT && mode != LIO_NOWAIT) || count < 0) {
		errno = EINVAL;
		return -1;
	}
	if (mode == LIO_NOWAIT && event) {
		batch = malloc(sizeof(*batch));
		if (!batch) {
			errno = EAGAIN;
			return -1;
		}
		*batch = (struct __aio_batch){ 1, *event };
	}
	for (int i = 0; i < count; i++)
		if (requests[i] && start_of_batch(requests[i], batch) < 0)
			failed = true;
	__aio_end_of_batch(batch);
	if (mode == LIO_WAIT)
		error = wait_until_ended((const struct aiocb *const *)requests,
					 count, true, NULL);
	if (!error && (failed ||
		       (mode == LIO_WAIT && has_failed(requests, count))))
		error = EIO;
	if (!error)
		return 0;
	errno = error;
	return -1;
}
