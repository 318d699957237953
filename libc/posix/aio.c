/*
 * aio.c - reads and writes in the background: a queue of requests for each
 * descriptor and direction, and a thread for each queue.
 *
 * The thread takes the requests in the order of the calls. It makes the
 * blocking call, stores the result, and then the error: aio_error() reads this
 * word alone. The first request of a queue is under way; aio_cancel() takes
 * out those behind it. The thread ends with its queue.
 *
 * A task in aio_suspend() waits for a semaphore of its own, so that a signal
 * can end the wait; the end of each request posts all these semaphores.
 *
 * The lock is held with all signals blocked: a handler may call aio_suspend().
 */
#include "libc/posix/aio.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "libc/signal/event_thread.h"

#define AIO_FSYNC	3	/* one more value of aio_lio_opcode */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct queue *queues;
static struct waiter *waiters;

/* The requests for a descriptor: all reads, or all other requests. */
struct queue {
	struct queue *next;
	int fd;
	bool reads;
	struct aiocb *first;		/* under way; the next one by __next */
};

void __aio_after_fork(void);

/* The child inherits no request: it has no thread for its parent's queues. */
void __aio_after_fork(void)
{
	lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
	queues = NULL;
	waiters = NULL;
}

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
	while (*at && *at != waiter)
		at = &(*at)->next;
	if (*at)			/* not in a child of fork() */
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

/* Take a request out of its queue, the lock is held. The program may free the
 * request as soon as the error is there. */
static void take_out(struct aiocb **at, ssize_t result, int error)
{
	struct aiocb *request = *at;

	*at = request->__next;
	request->__result = result;
	__atomic_store_n(&request->__error, error, __ATOMIC_RELEASE);
	for (struct waiter *waiter = waiters; waiter; waiter = waiter->next)
		sem_post(&waiter->ended);
}

/* The end of the request at `at`, with the lock held; back without the lock. */
static void finish(struct aiocb **at, ssize_t result, int error,
	const sigset_t *old)
{
	const struct sigevent event = (*at)->aio_sigevent;
	struct __aio_batch *batch = (*at)->__batch;

	take_out(at, result, error);
	leave(old);
	notify(&event);
	__aio_end_of_batch(batch);
}

/* ---- A request ---------------------------------------------------------- */

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
		if (fcntl(request->aio_fildes, F_GETFL) & O_APPEND)
			return write(request->aio_fildes, buffer,
				     request->aio_nbytes);
		done = pwrite(request->aio_fildes, buffer, request->aio_nbytes,
			      request->aio_offset);
		return done < 0 && errno == ESPIPE
			? write(request->aio_fildes, buffer,
				request->aio_nbytes) : done;
	}
	return fsync(request->aio_fildes);
}

static void *run(void *context)
{
	struct queue *queue = context;
	struct queue **at = &queues;
	ssize_t result;
	sigset_t old;
	int error;

	enter(&old);
	while (queue->first) {
		leave(&old);
		result = do_request(queue->first);
		error = result < 0 ? errno : 0;
		enter(&old);
		finish(&queue->first, result, error, &old);
		enter(&old);
	}
	while (*at != queue)
		at = &(*at)->next;
	*at = queue->next;
	leave(&old);
	free(queue);
	return NULL;
}

static struct queue *find_queue(int fd, bool reads)
{
	struct queue *queue = queues;

	while (queue && (queue->fd != fd || queue->reads != reads))
		queue = queue->next;
	return queue;
}

static struct queue *new_queue(const struct queue *fields)
{
	struct queue *queue = malloc(sizeof(*queue));
	pthread_attr_t attr;
	pthread_t thread;
	int error;

	if (!queue)
		return NULL;
	*queue = *fields;
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	error = pthread_create(&thread, &attr, run, queue);
	pthread_attr_destroy(&attr);
	if (error) {
		free(queue);
		return NULL;
	}
	return queues = queue;
}

/* Put the request at the end of a queue, the lock is held. */
static bool enqueue(struct aiocb *request, bool reads)
{
	struct queue *queue = find_queue(request->aio_fildes, reads);
	struct aiocb **end;

	if (!queue)
		return new_queue(&(struct queue){ queues, request->aio_fildes,
						  reads, request });
	for (end = &queue->first; *end; end = &(*end)->__next)
		;
	*end = request;
	return true;
}

static int refuse(struct aiocb *request, int error)
{
	request->__error = errno = error;
	request->__result = -1;
	return -1;
}

int __aio_start(struct aiocb *request, int operation,
	struct __aio_batch *batch)
{
	sigset_t old;
	bool started;

	if (request->aio_reqprio < 0)
		return refuse(request, EINVAL);
	request->aio_lio_opcode = operation;
	request->__batch = batch;
	request->__error = EINPROGRESS;
	request->__next = NULL;
	enter(&old);			/* the thread blocks signals, too */
	started = enqueue(request, operation == LIO_READ);
	if (started && batch)
		batch->left++;
	leave(&old);
	return started ? 0 : refuse(request, EAGAIN);
}

int aio_read(struct aiocb *request)
{
	return __aio_start(request, LIO_READ, NULL);
}

int aio_write(struct aiocb *request)
{
	return __aio_start(request, LIO_WRITE, NULL);
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

/* A request behind the first one of the queue: this one, or any. */
static struct aiocb **find_waiting(struct queue *queue, struct aiocb *request)
{
	struct aiocb **at = &queue->first->__next;

	while (*at && request && *at != request)
		at = &(*at)->__next;
	return *at ? at : NULL;
}

/* Add what becomes of the requests of a queue to the answer. */
static int cancel_in(int fd, bool reads, struct aiocb *request, int answer)
{
	struct queue *queue;
	struct aiocb **at;
	sigset_t old;

	enter(&old);
	while ((queue = find_queue(fd, reads)) && queue->first &&
	       (at = find_waiting(queue, request))) {
		finish(at, -1, ECANCELED, &old);
		if (answer == AIO_ALLDONE)
			answer = AIO_CANCELED;
		enter(&old);
	}
	if (queue && queue->first && (!request || queue->first == request))
		answer = AIO_NOTCANCELED;
	leave(&old);
	return answer;
}

int aio_cancel(int fd, struct aiocb *request)
{
	int answer = AIO_ALLDONE;

	if (fcntl(fd, F_GETFD) < 0)
		return -1;
	if (request && request->aio_fildes != fd) {
		errno = EINVAL;
		return -1;
	}
	answer = cancel_in(fd, true, request, answer);
	return cancel_in(fd, false, request, answer);
}
