/* threads.c - the threads of ISO C, by those of POSIX. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <threads.h>

static int result_of(int error)
{
	switch (error) {
	case 0:
		return thrd_success;
	case EBUSY:
		return thrd_busy;
	case ETIMEDOUT:
		return thrd_timedout;
	case ENOMEM:
	case EAGAIN:		/* of pthread_create(): no task is left */
		return thrd_nomem;
	default:
		return thrd_error;
	}
}

/* ---- Threads ------------------------------------------------------------- */

struct beginning {
	thrd_start_t start;
	void *argument;
};

/* The result of a thread is an int here, and a pointer in POSIX. */
static void *begin(void *argument)
{
	struct beginning beginning = *(struct beginning *)argument;

	free(argument);
	return (void *)(long)beginning.start(beginning.argument);
}

int thrd_create(thrd_t *thread, thrd_start_t start, void *argument)
{
	struct beginning *beginning = malloc(sizeof(*beginning));
	int error;

	if (!beginning)
		return thrd_nomem;
	*beginning = (struct beginning){ start, argument };
	error = pthread_create(thread, NULL, begin, beginning);
	if (error)
		free(beginning);
	return result_of(error);
}

thrd_t thrd_current(void)
{
	return pthread_self();
}

int thrd_detach(thrd_t thread)
{
	return result_of(pthread_detach(thread));
}

int thrd_equal(thrd_t a, thrd_t b)
{
	return pthread_equal(a, b);
}

void thrd_exit(int result)
{
	pthread_exit((void *)(long)result);
}

int thrd_join(thrd_t thread, int *result)
{
	void *end;
	int error = pthread_join(thread, &end);

	if (!error && result)
		*result = (int)(long)end;
	return result_of(error);
}

int thrd_sleep(const struct timespec *duration, struct timespec *rest)
{
	int error = clock_nanosleep(CLOCK_REALTIME, 0, duration, rest);

	if (error == EINTR)
		return -1;
	return error ? -2 : 0;
}

void thrd_yield(void)
{
	sched_yield();
}

void call_once(once_flag *flag, void (*function)(void))
{
	pthread_once(flag, function);
}

/* ---- Mutexes ------------------------------------------------------------- */

int mtx_init(mtx_t *mutex, int type)
{
	pthread_mutexattr_t attr;

	if (type & ~(mtx_recursive | mtx_timed))
		return thrd_error;
	pthread_mutexattr_init(&attr);
	if (type & mtx_recursive)
		pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
	return result_of(pthread_mutex_init(mutex, &attr));
}

void mtx_destroy(mtx_t *mutex)
{
	pthread_mutex_destroy(mutex);
}

int mtx_lock(mtx_t *mutex)
{
	return result_of(pthread_mutex_lock(mutex));
}

int mtx_timedlock(mtx_t *restrict mutex,
	const struct timespec *restrict deadline)
{
	return result_of(pthread_mutex_timedlock(mutex, deadline));
}

int mtx_trylock(mtx_t *mutex)
{
	return result_of(pthread_mutex_trylock(mutex));
}

int mtx_unlock(mtx_t *mutex)
{
	return result_of(pthread_mutex_unlock(mutex));
}

/* ---- Condition variables ------------------------------------------------- */

int cnd_init(cnd_t *condition)
{
	return result_of(pthread_cond_init(condition, NULL));
}

void cnd_destroy(cnd_t *condition)
{
	pthread_cond_destroy(condition);
}

int cnd_signal(cnd_t *condition)
{
	return result_of(pthread_cond_signal(condition));
}

int cnd_broadcast(cnd_t *condition)
{
	return result_of(pthread_cond_broadcast(condition));
}

int cnd_wait(cnd_t *condition, mtx_t *mutex)
{
	return result_of(pthread_cond_wait(condition, mutex));
}

int cnd_timedwait(cnd_t *restrict condition, mtx_t *restrict mutex,
	const struct timespec *restrict deadline)
{
	return result_of(pthread_cond_timedwait(condition, mutex, deadline));
}

/* ---- Values of each thread ----------------------------------------------- */

int tss_create(tss_t *key, tss_dtor_t destructor)
{
	return pthread_key_create(key, destructor) == 0 ? thrd_success
							: thrd_error;
}

void tss_delete(tss_t key)
{
	pthread_key_delete(key);
}

void *tss_get(tss_t key)
{
	return pthread_getspecific(key);
}

int tss_set(tss_t key, void *value)
{
	return result_of(pthread_setspecific(key, value));
}
