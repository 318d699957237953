/* threads_c11.c - the threads of ISO C. Any system with <threads.h>. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <threads.h>

#include "tests/user/helpers.h"

static mtx_t mutex;
static cnd_t changed;
static tss_t key;

static struct timespec after_ms(long ms)
{
	struct timespec time;

	timespec_get(&time, TIME_UTC);
	time.tv_nsec += ms * 1000000;
	time.tv_sec += time.tv_nsec / 1000000000;
	time.tv_nsec %= 1000000000;
	return time;
}

static thrd_t create(thrd_start_t start, void *argument)
{
	thrd_t thread;

	require(thrd_create(&thread, start, argument) == thrd_success);
	return thread;
}

static int join(thrd_t thread)
{
	int result = 0;

	require(thrd_join(thread, &result) == thrd_success);
	return result;
}

static int return_it(void *argument)
{
	return (int)(long)argument;
}

static int exit_with_it(void *argument)
{
	thrd_exit((int)(long)argument);
}

CASE(a_negative_result_arrives_by_return_and_by_exit)
{
	expect(join(create(return_it, (void *)-7)) == -7);
	expect(join(create(exit_with_it, (void *)-8)) == -8);
	expect(thrd_join(create(return_it, NULL), NULL) == thrd_success);
}

static int compare_with(void *other)
{
	return thrd_equal(thrd_current(), *(thrd_t *)other);
}

CASE(threads_differ_from_each_other)
{
	thrd_t self = thrd_current();

	expect(thrd_equal(self, self));
	expect(join(create(compare_with, &self)) == 0);
}

static int add(void *number)
{
	for (int i = 0; i < 1000; i++) {
		mtx_lock(&mutex);
		++*(int *)number;
		mtx_unlock(&mutex);
		if (i % 100 == 0)
			thrd_yield();
	}
	return 0;
}

CASE(a_mutex_loses_no_update)
{
	thrd_t threads[4];
	int number = 0;

	require(mtx_init(&mutex, mtx_plain) == thrd_success);
	for (int i = 0; i < 4; i++)
		threads[i] = create(add, &number);
	for (int i = 0; i < 4; i++)
		join(threads[i]);
	expect(number == 4000);
	mtx_destroy(&mutex);
}

static int try_it(void *unused)
{
	struct timespec deadline = after_ms(10);

	(void)unused;
	expect(mtx_trylock(&mutex) == thrd_busy);
	expect(mtx_timedlock(&mutex, &deadline) == thrd_timedout);
	return 0;
}

CASE(a_held_mutex_is_busy_and_a_deadline_ends_the_wait)
{
	require(mtx_init(&mutex, mtx_timed) == thrd_success);
	expect(mtx_trylock(&mutex) == thrd_success);
	join(create(try_it, NULL));
	expect(mtx_unlock(&mutex) == thrd_success);
	mtx_destroy(&mutex);
}

CASE(a_recursive_mutex_is_taken_twice)
{
	require(mtx_init(&mutex, mtx_timed | mtx_recursive) == thrd_success);
	expect(mtx_lock(&mutex) == thrd_success);
	expect(mtx_trylock(&mutex) == thrd_success);
	expect(mtx_unlock(&mutex) == thrd_success);
	join(create(try_it, NULL));
	expect(mtx_unlock(&mutex) == thrd_success);
	mtx_destroy(&mutex);
}

static int set_and_signal(void *flag)
{
	mtx_lock(&mutex);
	*(int *)flag = 1;
	cnd_broadcast(&changed);
	mtx_unlock(&mutex);
	return 0;
}

CASE(a_condition_wakes_and_its_deadline_ends_the_wait)
{
	struct timespec deadline = after_ms(10);
	int flag = 0;
	thrd_t thread;

	require(mtx_init(&mutex, mtx_plain) == thrd_success);
	require(cnd_init(&changed) == thrd_success);
	mtx_lock(&mutex);
	expect(cnd_timedwait(&changed, &mutex, &deadline) == thrd_timedout);
	thread = create(set_and_signal, &flag);
	while (!flag)
		expect(cnd_wait(&changed, &mutex) == thrd_success);
	mtx_unlock(&mutex);
	join(thread);
	expect(cnd_signal(&changed) == thrd_success);
	cnd_destroy(&changed);
	mtx_destroy(&mutex);
}

static int times;

static void count(void)
{
	times++;
}

static int call_it(void *flag)
{
	call_once(flag, count);
	return times;
}

CASE(call_once_calls_once)
{
	static once_flag flag = ONCE_FLAG_INIT;
	thrd_t threads[4];

	for (int i = 0; i < 4; i++)
		threads[i] = create(call_it, &flag);
	for (int i = 0; i < 4; i++)
		expect(join(threads[i]) == 1);
	expect(times == 1);
}

static int destroyed;

static void destroy(void *value)
{
	destroyed += (int)(long)value;
}

static int set_own(void *value)
{
	expect(tss_get(key) == NULL);
	expect(tss_set(key, value) == thrd_success);
	expect(tss_get(key) == value);
	return 0;
}

CASE(a_key_has_a_value_for_each_thread_and_a_destructor)
{
	require(tss_create(&key, destroy) == thrd_success);
	expect(tss_set(key, (void *)100) == thrd_success);
	join(create(set_own, (void *)3));
	join(create(set_own, (void *)4));
	expect(destroyed == 7);
	expect(tss_get(key) == (void *)100);
	tss_delete(key);
}

static thread_local int own = 5;

static int change_own(void *unused)
{
	(void)unused;
	return own++;
}

CASE(thread_local_is_each_threads_own)
{
	expect(join(create(change_own, NULL)) == 5);
	expect(join(create(change_own, NULL)) == 5);
	expect(own == 5);
}

static int sleep_long(void *rest)
{
	return thrd_sleep(&(struct timespec){ .tv_sec = 60 }, rest);
}

static void handle(int signal)
{
	(void)signal;
}

CASE(a_sleep_ends_by_time_or_by_signal)
{
	struct timespec rest = { 0 };
	thrd_t thread;

	expect(thrd_sleep(&(struct timespec){ .tv_nsec = 1000 }, NULL) == 0);
	expect(thrd_sleep(&(struct timespec){ .tv_nsec = 2000000000 },
			  NULL) < -1);
	signal(SIGUSR1, handle);
	thread = create(sleep_long, &rest);
	while (pthread_kill(thread, SIGUSR1) == 0 && rest.tv_sec == 0)
		thrd_sleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	expect(join(thread) == -1);
	expect(rest.tv_sec >= 50 && rest.tv_sec < 60);
}

CASE(a_detached_thread_needs_no_join)
{
	expect(thrd_detach(create(return_it, NULL)) == thrd_success);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
