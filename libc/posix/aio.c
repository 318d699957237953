/*
 * aio.c - reads and writes in the background: a thread for each request.
 *
 * The thread makes the blocking call, stores the result, and then the error:
 * aio_error() reads this word alone. A task in aio_suspend() waits for a
 * semaphore of its own, so that a signal can end the wait; the end of each
 * request posts all these semaphores.
 *
 * The lock is held with all signals blocked: a handler may call aio_suspend().
 */
#include "libc/posix/aio.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "libc/signal/event_thread.h"

#define AIO_FSYNC	3	/* one more value of aio_lio_opcode */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct aiocb *under_way;		/* the newest first */
static struct waiter *waiters;

static void enter(sigset_t *old)
{
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, old);
	pthread_mutex_lock(&lock);
}

static void leave(const sigset_t *old)
{
	pthread_mutex_unlock(&lock);
	pthread_sigmask(SIG_SETMASK, old, NULL);
}

void __aio_begin_wait(struct waiter *waiter)
{
	sigset_t old;

	sem_init(&waiter->ended, 0, 0);
	enter(&old);
	waiter->next = waiters;
	waiters = waiter;
	leave(&old);
}

void __aio_end_wait(struct waiter *waiter)
{
	struct waiter **at = &waiters;
	sigset_t old;

	enter(&old);
	while (*at != waiter)
		at = &(*at)->next;
	*at = waiter->next;
	leave(&old);
	sem_destroy(&waiter->ended);
}

/* ---- The end of a request ----------------------------------------------- */

static void notify(const struct sigevent *event)
{
	if (event->sigev_notify == SIGEV_SIGNAL && event->sigev_signo)
		sigqueue(getpid(), event->sigev_signo, event->sigev_value);
	if (event->sigev_notify == SIGEV_THREAD)
		__start_event_thread(event);
}

void __aio_end_of_batch(struct __aio_batch *batch)
{
	sigset_t old;
	bool is_last;

	if (!batch)
		return;
	enter(&old);
	is_last = --batch->left == 0;
	leave(&old);
	if (!is_last)
		return;
	notify(&batch->event);
	free(batch);
}

/* The program may free the request as soon as the error is there. */
static void finish(struct aiocb *request, ssize_t result, int error)
{
	const struct sigevent event = request->aio_sigevent;
	struct __aio_batch *batch = request->__batch;
	struct aiocb **at = &under_way;
	sigset_t old;

	enter(&old);
	while (*at != request)
		at = &(*at)->__next;
	*at = request->__next;
	request->__result = result;
	__atomic_store_n(&request->__error, error, __ATOMIC_RELEASE);
	for (struct waiter *waiter = waiters; waiter; waiter = waiter->next)
		sem_post(&waiter->ended);
	leave(&old);
	notify(&event);
	__aio_end_of_batch(batch);
}

/* ---- A request ---------------------------------------------------------- */

/* Requests for this descriptor that are older than the request. */
static bool has_older(const struct aiocb *request)
{
	const struct aiocb *other = request;

	while ((other = other->__next))
		if (other->aio_fildes == request->aio_fildes)
			return true;
	return false;
}

static void wait_for_older(const struct aiocb *request)
{
	struct waiter waiter;
	sigset_t old;

	__aio_begin_wait(&waiter);
	enter(&old);
	while (has_older(request)) {
		leave(&old);
		sem_wait(&waiter.ended);
		enter(&old);
	}
	leave(&old);
	__aio_end_wait(&waiter);
}

static ssize_t do_request(const struct aiocb *request)
{
	void *buffer = (void *)request->aio_buf;
	ssize_t done;

	switch (request->aio_lio_opcode) {
	case LIO_READ:
		done = pread(request->aio_fildes, buffer, request->aio_nbytes,
			     request->aio_offset);
		return done < 0 && errno == ESPIPE
			? read(request->aio_fildes, buffer,
			       request->aio_nbytes) : done;
	case LIO_WRITE:
		/* O_APPEND: at the end, in the order of the calls. */
		if (fcntl(request->aio_fildes, F_GETFL) & O_APPEND) {
			wait_for_older(request);
			return write(request->aio_fildes, buffer,
				     request->aio_nbytes);
		}
		done = pwrite(request->aio_fildes, buffer, request->aio_nbytes,
			      request->aio_offset);
		return done < 0 && errno == ESPIPE
			? write(request->aio_fildes, buffer,
				request->aio_nbytes) : done;
	}
	wait_for_older(request);
	return fsync(request->aio_fildes);
}

static void *run(void *context)
{
	struct aiocb *request = context;
	ssize_t result = do_request(request);

	finish(request, result, result < 0 ? errno : 0);
	return NULL;
}

int __aio_start(struct aiocb *request, int operation,
	struct __aio_batch *batch)
{
	pthread_attr_t attr;
	pthread_t thread;
	sigset_t old;
	int error;

	request->aio_lio_opcode = operation;
	request->__batch = batch;
	request->__error = EINPROGRESS;
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	enter(&old);			/* the thread blocks signals, too */
	error = pthread_create(&thread, &attr, run, request);
	if (!error) {
		request->__next = under_way;
		under_way = request;
		if (batch)
			batch->left++;
	}
	leave(&old);
	pthread_attr_destroy(&attr);
	if (!error)
		return 0;
	request->__error = errno = EAGAIN;
	request->__result = -1;
	return -1;
}

int __aio_check(const struct aiocb *request, int wrong_mode)
{
	int flags = fcntl(request->aio_fildes, F_GETFL);

	if (flags < 0)
		return -1;
	if ((flags & O_ACCMODE) == wrong_mode) {
		errno = EBADF;
		return -1;
	}
	if (request->aio_nbytes > SSIZE_MAX) {
		errno = EINVAL;
		return -1;
	}
	return 0;
}

int aio_read(struct aiocb *request)
{
	return __aio_check(request, O_WRONLY)
		? -1 : __aio_start(request, LIO_READ, NULL);
}

int aio_write(struct aiocb *request)
{
	return __aio_check(request, O_RDONLY)
		? -1 : __aio_start(request, LIO_WRITE, NULL);
}

int aio_fsync(int kind, struct aiocb *request)
{
	if (kind != O_SYNC && kind != O_DSYNC) {
		errno = EINVAL;
		return -1;
	}
	if (fcntl(request->aio_fildes, F_GETFL) < 0)
		return -1;
	return __aio_start(request, AIO_FSYNC, NULL);
}

int aio_error(const struct aiocb *request)
{
	return __atomic_load_n(&request->__error, __ATOMIC_ACQUIRE);
}

ssize_t aio_return(struct aiocb *request)
{
	return request->__result;
}

int aio_cancel(int fd, struct aiocb *request)
{
	int answer = AIO_ALLDONE;
	sigset_t old;

	if (fcntl(fd, F_GETFD) < 0)
		return -1;
	enter(&old);
	for (struct aiocb *other = under_way; other; other = other->__next)
		if (request ? other == request : other->aio_fildes == fd)
			answer = AIO_NOTCANCELED;
	leave(&old);
	return answer;
}
