/*
 * rwlock.c - locks for many readers or one writer: which calls get the lock,
 * which calls wait, for how long; between threads and processes. Any POSIX
 * system.
 */
#define _GNU_SOURCE
#include <limits.h>

#include "tests/user/thread_case.h"

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static volatile int inside;

static struct timespec soon(void)
{
	return in_ms(CLOCK_REALTIME, 10);
}

/* The result of pthread_rwlock_tryrdlock() in a second thread. */
static void *try_read(void *unused)
{
	long error = pthread_rwlock_tryrdlock(&lock);

	(void)unused;
	if (!error)
		pthread_rwlock_unlock(&lock);
	return (void *)error;
}

static void *try_write(void *unused)
{
	long error = pthread_rwlock_trywrlock(&lock);

	(void)unused;
	if (!error)
		pthread_rwlock_unlock(&lock);
	return (void *)error;
}

static int others_get(int reading, int writing)
{
	return join(create(try_read, NULL)) == reading &&
	       join(create(try_write, NULL)) == writing;
}

CASE(free_lock_lets_all_in)
{
	expect(others_get(0, 0));
}

CASE(reader_lets_readers_in_and_no_writer)
{
	expect(pthread_rwlock_rdlock(&lock) == 0);
	expect(others_get(0, EBUSY));
	expect(pthread_rwlock_unlock(&lock) == 0);
	expect(others_get(0, 0));
}

CASE(writer_lets_nobody_in)
{
	expect(pthread_rwlock_wrlock(&lock) == 0);
	expect(others_get(EBUSY, EBUSY));
	expect(pthread_rwlock_unlock(&lock) == 0);
	expect(others_get(0, 0));
}

CASE(reader_may_come_twice_and_leaves_twice)
{
	expect(pthread_rwlock_rdlock(&lock) == 0);
	expect(pthread_rwlock_rdlock(&lock) == 0);
	expect(pthread_rwlock_unlock(&lock) == 0);
	expect(others_get(0, EBUSY));
	expect(pthread_rwlock_unlock(&lock) == 0);
	expect(others_get(0, 0));
}

CASE(second_lock_of_the_writer_is_edeadlk)
{
	struct timespec end = in_ms(CLOCK_REALTIME, 1000);

	expect(pthread_rwlock_wrlock(&lock) == 0);
	expect(pthread_rwlock_wrlock(&lock) == EDEADLK);
	expect(pthread_rwlock_rdlock(&lock) == EDEADLK);
	expect(pthread_rwlock_timedwrlock(&lock, &end) == EDEADLK);
	expect(pthread_rwlock_timedrdlock(&lock, &end) == EDEADLK);
	expect(pthread_rwlock_trywrlock(&lock) == EBUSY);
	expect(pthread_rwlock_tryrdlock(&lock) == EBUSY);
}

static void *timed_read(void *end)
{
	return (void *)(long)pthread_rwlock_timedrdlock(&lock, end);
}

static void *timed_write(void *end)
{
	return (void *)(long)pthread_rwlock_timedwrlock(&lock, end);
}

CASE(timed_reader_gives_up_at_a_writer)
{
	struct timespec end = soon();

	expect(pthread_rwlock_wrlock(&lock) == 0);
	expect(join(create(timed_read, &end)) == ETIMEDOUT);
	expect(pthread_rwlock_unlock(&lock) == 0);
	expect(others_get(0, 0));
}

CASE(timed_writer_gives_up_at_a_reader)
{
	struct timespec end = soon();

	expect(pthread_rwlock_rdlock(&lock) == 0);
	expect(join(create(timed_write, &end)) == ETIMEDOUT);
	expect(others_get(0, EBUSY));
	expect(pthread_rwlock_unlock(&lock) == 0);
	expect(others_get(0, 0));
}

CASE(timed_writer_gives_up_at_a_writer)
{
	struct timespec end = soon();

	expect(pthread_rwlock_wrlock(&lock) == 0);
	expect(join(create(timed_write, &end)) == ETIMEDOUT);
}

CASE(past_deadline_still_takes_a_free_lock)
{
	struct timespec past = { 1, 0 };

	expect(pthread_rwlock_timedrdlock(&lock, &past) == 0);
	expect(pthread_rwlock_unlock(&lock) == 0);
	expect(pthread_rwlock_timedwrlock(&lock, &past) == 0);
	expect(join(create(timed_read, &past)) == ETIMEDOUT);
	expect(pthread_rwlock_unlock(&lock) == 0);
}

CASE(bad_deadline_is_einval_when_there_is_a_wait)
{
	struct timespec bad = { 1, 1000000000 };

	expect(pthread_rwlock_wrlock(&lock) == 0);
	expect(join(create(timed_read, &bad)) == EINVAL);
	expect(join(create(timed_write, &bad)) == EINVAL);
	bad.tv_nsec = -1;
	expect(join(create(timed_write, &bad)) == EINVAL);
}

CASE(unlock_ends_a_timed_wait)
{
	struct timespec end = in_ms(CLOCK_REALTIME, 20000);
	pthread_t reader;

	expect(pthread_rwlock_wrlock(&lock) == 0);
	reader = create(timed_read, &end);
	case_pause();
	expect(pthread_rwlock_unlock(&lock) == 0);
	expect(join(reader) == 0);
	expect(pthread_rwlock_trywrlock(&lock) == EBUSY);
}

static void *read_often(void *unused)
{
	for (int i = 0; i < 100; i++) {
		pthread_rwlock_rdlock(&lock);
		expect(inside == 0);
		if (i % 16 == 0)
			sched_yield();
		pthread_rwlock_unlock(&lock);
	}
	return unused;
}

static void *write_often(void *unused)
{
	for (int i = 0; i < 100; i++) {
		pthread_rwlock_wrlock(&lock);
		expect(++inside == 1);
		if (i % 8 == 0)
			sched_yield();
		inside--;
		pthread_rwlock_unlock(&lock);
	}
	return unused;
}

CASE(readers_never_see_a_writer_at_work)
{
	pthread_t threads[6];

	for (int i = 0; i < 6; i++)
		threads[i] = create(i < 4 ? read_often : write_often, NULL);
	for (int i = 0; i < 6; i++)
		join(threads[i]);
	expect(others_get(0, 0));
}

CASE(shared_lock_works_between_processes)
{
	pthread_rwlock_t *far = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_rwlockattr_t attr;
	pid_t child;
	int shared;

	require(far != MAP_FAILED);
	expect(pthread_rwlockattr_init(&attr) == 0);
	expect(pthread_rwlockattr_getpshared(&attr, &shared) == 0 &&
	       shared == PTHREAD_PROCESS_PRIVATE);
	expect(pthread_rwlockattr_setpshared(&attr, 77) == EINVAL);
	expect(pthread_rwlockattr_setpshared(&attr, PTHREAD_PROCESS_SHARED) ==
	       0);
	expect(pthread_rwlockattr_getpshared(&attr, &shared) == 0 &&
	       shared == PTHREAD_PROCESS_SHARED);
	expect(pthread_rwlock_init(far, &attr) == 0);
	expect(pthread_rwlock_wrlock(far) == 0);
	child = fork_or_fail();
	if (child == 0)
		_exit(pthread_rwlock_tryrdlock(far) != EBUSY ||
		      pthread_rwlock_rdlock(far) != 0);
	until_asleep(child);
	expect(pthread_rwlock_unlock(far) == 0);
	expect(result_of(child) == 0);
}

/* A reader holds the lock and a writer waits: the result of a second reader,
 * asked until this result comes. */
static int second_reader_gets(int kind, int wanted)
{
	struct timespec end = in_ms(CLOCK_REALTIME, 60000);
	pthread_rwlockattr_t attr;
	pthread_t writer;
	int got = -1, result = -1;

	pthread_rwlockattr_init(&attr);
	expect(pthread_rwlockattr_setkind_np(&attr, kind) == 0);
	expect(pthread_rwlockattr_getkind_np(&attr, &got) == 0 && got == kind);
	expect(pthread_rwlock_init(&lock, &attr) == 0);
	expect(pthread_rwlock_rdlock(&lock) == 0);
	writer = create(timed_write, &end);
	for (int i = 0; i < 20 || (result != wanted && i < 2000); i++) {
		case_pause();
		result = (int)join(create(try_read, NULL));
	}
	expect(pthread_rwlock_unlock(&lock) == 0);
	expect(join(writer) == 0);
	return result == wanted;
}

CASE(kind_says_who_stands_behind_a_waiting_writer)
{
	pthread_rwlockattr_t attr;

	expect(second_reader_gets(PTHREAD_RWLOCK_PREFER_READER_NP, 0));
	expect(second_reader_gets(PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP,
				  EBUSY));
	pthread_rwlockattr_init(&attr);
	expect(pthread_rwlockattr_setkind_np(&attr, 77) == EINVAL);
}

CASE(destroyed_lock_can_be_made_again)
{
	expect(pthread_rwlock_destroy(&lock) == 0);
	expect(pthread_rwlock_init(&lock, NULL) == 0);
	expect(others_get(0, 0));
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
