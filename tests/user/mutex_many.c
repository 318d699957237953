/*
 * mutex_many.c - locks for readers and writers, barriers, spin locks. Any POSIX
 * system.
 */
#include "tests/user/thread_case.h"

static volatile int number;

/* ---- Readers and writers ------------------------------------------------- */

static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

static void *try_to_read(void *unused)
{
	int error = pthread_rwlock_tryrdlock(&rwlock);

	(void)unused;
	if (!error)
		pthread_rwlock_unlock(&rwlock);
	return (void *)(long)error;
}

static void *try_to_write(void *unused)
{
	int error = pthread_rwlock_trywrlock(&rwlock);

	(void)unused;
	if (!error)
		pthread_rwlock_unlock(&rwlock);
	return (void *)(long)error;
}

CASE(readers_share_and_keep_writers_out)
{
	expect(pthread_rwlock_rdlock(&rwlock) == 0);
	expect(pthread_rwlock_rdlock(&rwlock) == 0);
	expect(join(create(try_to_read, NULL)) == 0);
	expect(join(create(try_to_write, NULL)) == EBUSY);
	expect(pthread_rwlock_unlock(&rwlock) == 0);
	expect(join(create(try_to_write, NULL)) == EBUSY);
	expect(pthread_rwlock_unlock(&rwlock) == 0);
	expect(join(create(try_to_write, NULL)) == 0);
}

CASE(a_writer_is_alone)
{
	expect(pthread_rwlock_wrlock(&rwlock) == 0);
	expect(join(create(try_to_read, NULL)) == EBUSY);
	expect(join(create(try_to_write, NULL)) == EBUSY);
	expect(pthread_rwlock_wrlock(&rwlock) == EDEADLK);
	expect(pthread_rwlock_rdlock(&rwlock) == EDEADLK);
	expect(pthread_rwlock_unlock(&rwlock) == 0);
	expect(join(create(try_to_read, NULL)) == 0);
	expect(pthread_rwlock_destroy(&rwlock) == 0);
}

static volatile int pair[2];

static void *write_pair(void *unused)
{
	(void)unused;
	for (int i = 0; i < 300; i++) {
		pthread_rwlock_wrlock(&rwlock);
		pair[0]++;
		sched_yield();
		pair[1]++;
		pthread_rwlock_unlock(&rwlock);
	}
	return NULL;
}

static void *read_pair(void *unused)
{
	long wrong = 0;

	(void)unused;
	for (int i = 0; i < 300; i++) {
		pthread_rwlock_rdlock(&rwlock);
		wrong += pair[0] != pair[1];
		pthread_rwlock_unlock(&rwlock);
	}
	return (void *)wrong;
}

CASE(readers_see_nothing_half_done)
{
	pthread_t writers[3], readers[3];

	for (int i = 0; i < 3; i++) {
		writers[i] = create(write_pair, NULL);
		readers[i] = create(read_pair, NULL);
	}
	for (int i = 0; i < 3; i++) {
		join(writers[i]);
		expect(join(readers[i]) == 0);
	}
	expect(pair[0] == 900 && pair[1] == 900);
}

/* ---- Barriers and spin locks --------------------------------------------- */

static pthread_barrier_t barrier;

static void *meet(void *unused)
{
	long serial = 0;

	(void)unused;
	for (int i = 1; i <= 50; i++) {
		int result;

		__sync_fetch_and_add(&number, 1);
		result = pthread_barrier_wait(&barrier);
		serial += result == PTHREAD_BARRIER_SERIAL_THREAD;
		if (number < 5 * i)
			return (void *)-1000;
		pthread_barrier_wait(&barrier);
	}
	return (void *)serial;
}

CASE(nobody_passes_a_barrier_before_all_are_there)
{
	pthread_t threads[5];
	long serial = 0;

	expect(pthread_barrier_init(&barrier, NULL, 0) == EINVAL);
	expect(pthread_barrier_init(&barrier, NULL, 5) == 0);
	for (int i = 0; i < 5; i++)
		threads[i] = create(meet, NULL);
	for (int i = 0; i < 5; i++)
		serial += join(threads[i]);
	expect(serial == 50 && number == 250);
	expect(pthread_barrier_destroy(&barrier) == 0);
}

CASE(a_barrier_works_between_processes)
{
	struct shared *shared = share();
	pid_t children[3];

	for (int i = 0; i < 3; i++) {
		children[i] = fork_or_fail();
		if (children[i])
			continue;
		__sync_fetch_and_add(&shared->number, 1);
		pthread_barrier_wait(&shared->barrier);
		_exit(shared->number != 3);
	}
	pthread_barrier_wait(&shared->barrier);
	expect(shared->number == 3);
	for (int i = 0; i < 3; i++)
		expect(result_of(children[i]) == 0);
}

static pthread_spinlock_t spin;

static void *spin_and_add(void *unused)
{
	(void)unused;
	for (int i = 0; i < 2000; i++) {
		pthread_spin_lock(&spin);
		number = number + 1;
		pthread_spin_unlock(&spin);
	}
	return NULL;
}

CASE(a_spin_lock_excludes)
{
	pthread_t threads[4];

	expect(pthread_spin_init(&spin, 0) == 0);
	expect(pthread_spin_trylock(&spin) == 0);
	expect(pthread_spin_trylock(&spin) == EBUSY);
	expect(pthread_spin_unlock(&spin) == 0);
	for (int i = 0; i < 4; i++)
		threads[i] = create(spin_and_add, NULL);
	for (int i = 0; i < 4; i++)
		join(threads[i]);
	expect(number == 8000);
	expect(pthread_spin_destroy(&spin) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
