/*
 * tests.c - the tests of lab 4: semaphores and mutexes.
 *
 * lab.toml has the points of each case and what the trace must show.
 */
#include <sched.h>
#include <semaphore.h>

#include "docs/labs/lab.h"
#include "kernel/abi/futex.h"
#include "tests/user/thread_case.h"

static struct {
	sem_t sem;
	pthread_mutex_t mutex;
	volatile int order[8], count, total;
} *table;

long futex(const void *word, int operation, int value,
	   const struct timespec *deadline);

static void lay_table(void)
{
	table = mmap(NULL, sizeof(*table), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	require(table != MAP_FAILED);
	require(sem_init(&table->sem, 1, 0) == 0);
	init_mutex(&table->mutex, PTHREAD_MUTEX_NORMAL,
		   PTHREAD_PROCESS_SHARED);
}

static int value(void)
{
	int units;

	require(sem_getvalue(&table->sem, &units) == 0);
	return units;
}

static int take_unit(void)
{
	return sem_wait(&table->sem) == 0 ? 0 : errno;
}

/* Note the order of the units in the table. */
static int take_in_order(void)
{
	int number = table->total++;

	if (sem_wait(&table->sem) != 0)
		return 1;
	table->order[table->count++] = number;
	return 0;
}

static int lock_once(void)
{
	if (pthread_mutex_lock(&table->mutex) != 0)
		return 1;
	table->count++;
	return pthread_mutex_unlock(&table->mutex) != 0;
}

/* Without the call, pthread_mutex_lock() would ask again for ever. */
static void require_lock(void)
{
	static unsigned word;

	require(futex(&word, FUTEX_LOCK, 0, NULL) == 0);
}

/* ---- Semaphores ---------------------------------------------------------- */

CASE(wait_sleeps_until_a_post)
{
	pid_t pid;

	lay_table();
	pid = start_asleep(take_unit);
	mark(1);
	expect(sem_post(&table->sem) == 0);
	expect(result_of(pid) == 0);
	expect(value() == 0);
}

CASE(units_without_a_sleeper_are_counted)
{
	pid_t pid;

	lay_table();
	pid = start_asleep(take_unit);
	for (int i = 0; i < 3; i++)
		expect(sem_post(&table->sem) == 0);
	expect(result_of(pid) == 0);
	expect(value() == 2);
	expect(sem_trywait(&table->sem) == 0);
	expect(sem_trywait(&table->sem) == 0);
	expect_error(sem_trywait(&table->sem), EAGAIN);
}

CASE(newcomer_does_not_take_a_given_unit)
{
	pid_t pid;

	lay_table();
	pid = start_asleep(take_unit);
	expect(sem_post(&table->sem) == 0);
	expect_error(sem_trywait(&table->sem), EAGAIN);
	expect(result_of(pid) == 0);
}

CASE(units_come_in_the_order_of_arrival)
{
	pid_t pids[4];

	lay_table();
	for (int i = 0; i < 4; i++)
		pids[i] = start_asleep(take_in_order);
	for (int i = 0; i < 4; i++) {
		mark(i + 1);
		expect(sem_post(&table->sem) == 0);
		expect(result_of(pids[i]) == 0);
	}
	for (int i = 0; i < 4; i++)
		expect(table->order[i] == i);
}

CASE(deadline_ends_the_wait_for_a_unit)
{
	struct timespec soon = in_ms(CLOCK_REALTIME, 20);

	lay_table();
	expect_error(sem_timedwait(&table->sem, &soon), ETIMEDOUT);
	expect(sem_destroy(&table->sem) == 0);	/* no bit of a sleeper */
	expect(sem_post(&table->sem) == 0 && value() == 1);
	expect(sem_trywait(&table->sem) == 0 && value() == 0);
}

/* ---- Mutexes ------------------------------------------------------------- */

CASE(lock_sleeps_until_the_unlock)
{
	pid_t pid;

	lay_table();
	require_lock();
	require(pthread_mutex_lock(&table->mutex) == 0);
	pid = start_asleep(lock_once);
	expect(table->count == 0);
	mark(1);
	expect(pthread_mutex_unlock(&table->mutex) == 0);
	expect(result_of(pid) == 0);
	expect(table->count == 1);
}

CASE(all_sleepers_get_the_lock)
{
	pid_t pids[4];

	lay_table();
	require_lock();
	require(pthread_mutex_lock(&table->mutex) == 0);
	for (int i = 0; i < 4; i++)
		pids[i] = start_asleep(lock_once);
	expect(pthread_mutex_unlock(&table->mutex) == 0);
	for (int i = 0; i < 4; i++)
		expect(result_of(pids[i]) == 0);
	expect(table->count == 4);
}

CASE(owner_in_a_loop_lets_the_sleeper_in)
{
	pid_t pid;
	int loops;

	lay_table();
	require_lock();
	require(pthread_mutex_lock(&table->mutex) == 0);
	pid = start_asleep(lock_once);
	for (loops = 0; loops < 100 && table->count == 0; loops++) {
		pthread_mutex_unlock(&table->mutex);
		pthread_mutex_lock(&table->mutex);
		sched_yield();		/* the sleeper looks */
	}
	expect(loops < 100);
	pthread_mutex_unlock(&table->mutex);
	expect(result_of(pid) == 0);
}

CASE(deadline_ends_the_wait_for_a_lock)
{
	struct timespec soon = in_ms(CLOCK_REALTIME, 20);
	pid_t pid;

	lay_table();
	require_lock();
	require(pthread_mutex_lock(&table->mutex) == 0);
	pid = fork_or_fail();
	if (pid == 0)
		_exit(pthread_mutex_timedlock(&table->mutex, &soon));
	expect(result_of(pid) == ETIMEDOUT);
	expect_number(pthread_mutex_timedlock(&table->mutex, &soon),
		      ETIMEDOUT);
	expect(pthread_mutex_unlock(&table->mutex) == 0);
	expect(pthread_mutex_trylock(&table->mutex) == 0);
}

LAB_MAIN
