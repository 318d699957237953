/*
 * mutex_turns.c - the promises of Parley for mutexes beyond POSIX: a woken
 * waiter that finds the mutex taken gets the mutex at the next unlock. Readers
 * and writers of a lock take turns.
 *
 * linux: no
 */
#include <sys/resource.h>

#include "tests/user/thread_case.h"

#define LOOPS	100

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static volatile int turns;

static void *take_one_turn(void *unused)
{
	pthread_mutex_lock(&mutex);
	turns++;
	pthread_mutex_unlock(&mutex);
	return unused;
}

CASE(owner_in_a_loop_keeps_a_waiter_out)
{
	pthread_t waiter;
	int loops;

	pthread_mutex_lock(&mutex);
	waiter = create(take_one_turn, NULL);
	case_pause();
	for (loops = 0; loops < LOOPS && turns == 0; loops++) {
		pthread_mutex_unlock(&mutex);
		pthread_mutex_lock(&mutex);
		sched_yield();		/* the waiter looks */
	}
	expect(loops < LOOPS);
	pthread_mutex_unlock(&mutex);
	join(waiter);
}

#define RIVALS	3

static volatile int shares[RIVALS], is_over;

static void *lock_in_a_loop(void *share)
{
	while (!is_over) {
		pthread_mutex_lock(&mutex);
		++*(volatile int *)share;
		pthread_mutex_unlock(&mutex);
	}
	return NULL;
}

/* All want the mutex all the time. */
CASE(a_rival_never_gets_the_mutex)
{
	pthread_t rivals[RIVALS];
	int i, least = 0;

	for (i = 0; i < RIVALS; i++)
		rivals[i] = create(lock_in_a_loop, (void *)&shares[i]);
	for (i = 0; i < 1000 && least < 3; i++) {
		case_pause();
		least = shares[0];
		for (int j = 1; j < RIVALS; j++)
			least = shares[j] < least ? shares[j] : least;
	}
	expect(least >= 3);
	is_over = 1;
	for (i = 0; i < RIVALS; i++)
		join(rivals[i]);
}

/* ---- Waiters that die ---------------------------------------------------- */

static struct shared *shared;

/* A waiter of low priority: when it is woken it does not run at once. */
static int wait_later(void)
{
	setpriority(PRIO_PROCESS, 0, 10);
	pthread_mutex_lock(&shared->mutex);
	shared->number++;
	pthread_mutex_unlock(&shared->mutex);
	return 0;
}

/* The first unlock wakes the waiter, a few more hand the mutex over. */
CASE(killed_waiter_takes_the_mutex_along)
{
	pid_t pid;

	shared = share();
	for (int unlocks = 1; unlocks < 4; unlocks++) {
		pthread_mutex_lock(&shared->mutex);
		pid = start(wait_later);
		until_asleep(pid);
		for (int i = 1; i < unlocks; i++) {
			pthread_mutex_unlock(&shared->mutex);
			case_pause();
			if (pthread_mutex_trylock(&shared->mutex) != 0)
				break;
		}
		pthread_mutex_unlock(&shared->mutex);
		kill(pid, SIGKILL);
		result_of(pid);
		expect(pthread_mutex_lock(&shared->mutex) == 0);
		pthread_mutex_unlock(&shared->mutex);
	}
}

/* The mutex is handed over to a waiter of low priority. Before it runs, a task
 * of high priority comes: both slept for ever. */
static int lock_and_unlock(void)
{
	pthread_mutex_lock(&shared->mutex);
	pthread_mutex_unlock(&shared->mutex);
	return 0;
}

static int lock_with_low_priority(void)
{
	be_urgent(5);
	return lock_and_unlock();
}

CASE(urgent_task_stops_the_new_owner)
{
	pid_t low, high;

	shared = share();
	be_urgent(20);
	pthread_mutex_lock(&shared->mutex);
	low = start(lock_with_low_priority);
	until_asleep(low);
	pthread_mutex_unlock(&shared->mutex);
	expect(pthread_mutex_trylock(&shared->mutex) == 0);
	case_pause();			/* the waiter is passed by */
	until_asleep(low);
	pthread_mutex_unlock(&shared->mutex);
	high = start(lock_and_unlock);
	expect(result_of(high) == 0);
	expect(result_of(low) == 0);
}

CASE(waiters_lock_out_of_order)
{
	pid_t pids[RIVALS];

	shared = share();
	pthread_mutex_lock(&shared->mutex);
	for (int i = 0; i < RIVALS; i++) {
		pids[i] = fork_or_fail();
		if (pids[i] == 0) {
			pthread_mutex_lock(&shared->mutex);
			expect(shared->number++ == i);
			pthread_mutex_unlock(&shared->mutex);
			_exit(case_failed);
		}
		until_asleep(pids[i]);
	}
	pthread_mutex_unlock(&shared->mutex);
	for (int i = 0; i < RIVALS; i++)
		expect(result_of(pids[i]) == 0);
}

/* A timed lock of an own mutex waits for itself, and frees nothing. */
CASE(timeout_of_the_owner_frees_the_mutex)
{
	struct timespec soon = in_ms(CLOCK_REALTIME, 10);

	pthread_mutex_lock(&mutex);
	expect(pthread_mutex_timedlock(&mutex, &soon) == ETIMEDOUT);
	expect(pthread_mutex_trylock(&mutex) == EBUSY);
	pthread_mutex_unlock(&mutex);
	expect(pthread_mutex_trylock(&mutex) == 0);
}

/* ---- Locks for readers and writers --------------------------------------- */

static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static volatile int is_inside;

static void *write_once(void *unused)
{
	pthread_rwlock_wrlock(&rwlock);
	is_inside++;
	pthread_rwlock_unlock(&rwlock);
	return unused;
}

static void *read_once(void *unused)
{
	pthread_rwlock_rdlock(&rwlock);
	is_inside++;
	pthread_rwlock_unlock(&rwlock);
	return unused;
}

static void *try_to_read(void *unused)
{
	(void)unused;
	return (void *)(long)pthread_rwlock_tryrdlock(&rwlock);
}

CASE(new_reader_overtakes_a_waiting_writer)
{
	pthread_t writer;

	pthread_rwlock_rdlock(&rwlock);
	writer = create(write_once, NULL);
	case_pause();
	expect(join(create(try_to_read, NULL)) == EBUSY);
	expect(is_inside == 0);
	pthread_rwlock_unlock(&rwlock);
	join(writer);
	expect(join(create(try_to_read, NULL)) == 0);
}

CASE(reader_waits_for_a_writer_that_waits_for_the_reader)
{
	pthread_t writer;

	pthread_rwlock_rdlock(&rwlock);
	writer = create(write_once, NULL);
	case_pause();
	expect(pthread_rwlock_rdlock(&rwlock) == 0);
	pthread_rwlock_unlock(&rwlock);
	pthread_rwlock_unlock(&rwlock);
	join(writer);
}

CASE(writer_in_a_loop_keeps_readers_out)
{
	pthread_t readers[RIVALS];
	int loops;

	pthread_rwlock_wrlock(&rwlock);
	for (int i = 0; i < RIVALS; i++)
		readers[i] = create(read_once, NULL);
	case_pause();
	for (loops = 0; loops < LOOPS && is_inside < RIVALS; loops++) {
		pthread_rwlock_unlock(&rwlock);
		pthread_rwlock_wrlock(&rwlock);
	}
	expect(loops < LOOPS);
	pthread_rwlock_unlock(&rwlock);
	for (int i = 0; i < RIVALS; i++)
		join(readers[i]);
}

static void *write_in_time(void *unused)
{
	struct timespec soon = in_ms(CLOCK_REALTIME, 20);

	(void)unused;
	return (void *)(long)pthread_rwlock_timedwrlock(&rwlock, &soon);
}

CASE(writer_that_gave_up_still_holds_readers_up)
{
	pthread_t writer, reader;

	pthread_rwlock_rdlock(&rwlock);
	writer = create(write_in_time, NULL);
	case_pause();
	reader = create(read_once, NULL);
	expect(join(writer) == ETIMEDOUT);
	join(reader);
	expect(is_inside == 1);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
