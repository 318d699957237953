/*
 * mutex.c - mutexes of all kinds, between threads and between processes. Any
 * POSIX system.
 */
#include "tests/user/thread_case.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static volatile int number;

static void *try_it(void *m)
{
	return (void *)(long)pthread_mutex_trylock(m);
}

static void *unlock_it(void *m)
{
	return (void *)(long)pthread_mutex_unlock(m);
}

CASE(trylock_of_a_held_mutex_is_ebusy)
{
	expect(pthread_mutex_trylock(&mutex) == 0);
	expect(pthread_mutex_trylock(&mutex) == EBUSY);
	expect(join(create(try_it, &mutex)) == EBUSY);
	expect(pthread_mutex_unlock(&mutex) == 0);
	expect(join(create(try_it, &mutex)) == 0);
}

CASE(destroy_of_a_held_mutex_is_ebusy)
{
	pthread_mutex_lock(&mutex);
	expect(pthread_mutex_destroy(&mutex) == EBUSY);
	pthread_mutex_unlock(&mutex);
	expect(pthread_mutex_destroy(&mutex) == 0);
}

CASE(a_recursive_mutex_counts)
{
	pthread_mutex_t m;

	init_mutex(&m, PTHREAD_MUTEX_RECURSIVE, 0);
	for (int i = 0; i < 10; i++)
		expect(pthread_mutex_lock(&m) == 0);
	expect(pthread_mutex_trylock(&m) == 0);
	for (int i = 0; i < 11; i++) {
		expect(join(create(try_it, &m)) == EBUSY);
		expect(pthread_mutex_unlock(&m) == 0);
	}
	expect(join(create(try_it, &m)) == 0);
}

CASE(only_the_holder_unlocks_a_recursive_mutex)
{
	pthread_mutex_t m;

	init_mutex(&m, PTHREAD_MUTEX_RECURSIVE, 0);
	expect(pthread_mutex_unlock(&m) == EPERM);
	pthread_mutex_lock(&m);
	expect(join(create(unlock_it, &m)) == EPERM);
	expect(pthread_mutex_unlock(&m) == 0);
}

CASE(an_errorcheck_mutex_says_what_is_wrong)
{
	struct timespec soon = in_ms(CLOCK_REALTIME, 10000);
	pthread_mutex_t m;

	init_mutex(&m, PTHREAD_MUTEX_ERRORCHECK, 0);
	expect(pthread_mutex_unlock(&m) == EPERM);
	expect(pthread_mutex_lock(&m) == 0);
	expect(pthread_mutex_lock(&m) == EDEADLK);
	expect(pthread_mutex_timedlock(&m, &soon) == EDEADLK);
	expect(pthread_mutex_trylock(&m) == EBUSY);
	expect(join(create(unlock_it, &m)) == EPERM);
	expect(pthread_mutex_unlock(&m) == 0);
	expect(pthread_mutex_unlock(&m) == EPERM);
}

CASE(unknown_attributes_are_einval)
{
	pthread_mutexattr_t attr;
	int type = -1;

	pthread_mutexattr_init(&attr);
	expect(pthread_mutexattr_settype(&attr, 1234) == EINVAL);
	expect(pthread_mutexattr_setpshared(&attr, 1234) == EINVAL);
	expect(pthread_mutexattr_gettype(&attr, &type) == 0);
	expect(type == PTHREAD_MUTEX_DEFAULT);
}

CASE(timedlock_ends_with_etimedout)
{
	struct timespec past = { 1, 0 }, bad = { 1, 1000000000 }, soon;

	pthread_mutex_lock(&mutex);
	expect(pthread_mutex_timedlock(&mutex, &past) == ETIMEDOUT);
	expect(pthread_mutex_timedlock(&mutex, &bad) == EINVAL);
	soon = in_ms(CLOCK_REALTIME, 20);
	expect(pthread_mutex_timedlock(&mutex, &soon) == ETIMEDOUT);
	pthread_mutex_unlock(&mutex);
	expect(pthread_mutex_timedlock(&mutex, &past) == 0);
}

static void *lock_and_add(void *unused)
{
	(void)unused;
	for (int i = 0; i < 300; i++) {
		pthread_mutex_lock(&mutex);
		int seen = number;

		if (i % 10 == 0)
			sched_yield();
		number = seen + 1;
		pthread_mutex_unlock(&mutex);
	}
	return NULL;
}

CASE(waiters_get_their_turn)
{
	pthread_t threads[10];

	pthread_mutex_lock(&mutex);
	for (int i = 0; i < 10; i++)
		threads[i] = create(lock_and_add, NULL);
	case_pause();
	pthread_mutex_unlock(&mutex);
	for (int i = 0; i < 10; i++)
		join(threads[i]);
	expect(number == 3000);
}

static void *lock_once(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&mutex);
	number++;
	pthread_mutex_unlock(&mutex);
	return NULL;
}

CASE(a_handler_does_not_end_the_wait_for_a_mutex)
{
	pthread_t thread;

	set_handler(SIGUSR1, catch_it, 0);
	pthread_mutex_lock(&mutex);
	thread = create(lock_once, NULL);
	for (int i = 1; i <= 10; i++) {
		pthread_kill(thread, SIGUSR1);
		while (caught < i)
			case_pause();
	}
	expect(number == 0);
	pthread_mutex_unlock(&mutex);
	join(thread);
	expect(number == 1);
}

CASE(a_mutex_works_between_processes)
{
	struct shared *shared = share();
	pid_t children[5];

	for (int c = 0; c < 5; c++) {
		children[c] = fork_or_fail();
		if (children[c])
			continue;
		for (int i = 0; i < 1000; i++) {
			if (pthread_mutex_lock(&shared->mutex))
				_exit(1);
			shared->number++;
			if (pthread_mutex_unlock(&shared->mutex))
				_exit(1);
		}
		_exit(0);
	}
	for (int c = 0; c < 5; c++)
		expect(result_of(children[c]) == 0);
	expect(shared->number == 5000);
}

CASE(a_child_does_not_hold_what_its_parent_holds)
{
	struct shared *shared = share();
	pid_t child;

	expect(pthread_mutex_lock(&shared->mutex) == 0);
	child = fork_or_fail();
	if (child == 0) {
		if (pthread_mutex_trylock(&shared->mutex) != EBUSY)
			_exit(1);
		_exit(pthread_mutex_unlock(&shared->mutex) != EPERM);
	}
	expect(result_of(child) == 0);
	expect(pthread_mutex_unlock(&shared->mutex) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
