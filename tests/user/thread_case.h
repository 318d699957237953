/* thread_case.h - what cases about threads have in common. */
#pragma once

#include <pthread.h>
#include <sys/mman.h>

#include "tests/user/helpers.h"

HELPER pthread_t create(void *(*function)(void *), void *argument)
{
	pthread_t thread;

	require(pthread_create(&thread, NULL, function, argument) == 0);
	return thread;
}

HELPER long join(pthread_t thread)
{
	void *result = NULL;

	require(pthread_join(thread, &result) == 0);
	return (long)result;
}

HELPER void init_mutex(pthread_mutex_t *made, int type, int shared)
{
	pthread_mutexattr_t attr;

	require(pthread_mutexattr_init(&attr) == 0);
	require(pthread_mutexattr_settype(&attr, type) == 0);
	require(pthread_mutexattr_setpshared(&attr, shared) == 0);
	require(pthread_mutex_init(made, &attr) == 0);
	pthread_mutexattr_destroy(&attr);
}

HELPER struct timespec in_ms(clockid_t clock, int ms)
{
	struct timespec time;

	clock_gettime(clock, &time);
	time.tv_nsec += ms % 1000 * 1000000L;
	time.tv_sec += ms / 1000 + time.tv_nsec / 1000000000;
	time.tv_nsec %= 1000000000;
	return time;
}

struct shared {
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	pthread_barrier_t barrier;
	int number;
};

HELPER struct shared *share(void)
{
	struct shared *shared = mmap(NULL, sizeof(*shared),
		PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_barrierattr_t barrier_attr;
	pthread_condattr_t attr;

	require(shared != MAP_FAILED);
	init_mutex(&shared->mutex, PTHREAD_MUTEX_ERRORCHECK,
		   PTHREAD_PROCESS_SHARED);
	pthread_condattr_init(&attr);
	require(pthread_condattr_setpshared(&attr, PTHREAD_PROCESS_SHARED)
		== 0);
	require(pthread_cond_init(&shared->cond, &attr) == 0);
	pthread_barrierattr_init(&barrier_attr);
	pthread_barrierattr_setpshared(&barrier_attr, PTHREAD_PROCESS_SHARED);
	require(pthread_barrier_init(&shared->barrier, &barrier_attr, 4) == 0);
	return shared;
}
