/*
 * hidden.c - the tests of lab 4 that students do not see.
 */
#include <limits.h>
#include <sched.h>
#include <semaphore.h>
#include <sys/resource.h>

#include "docs/labs/lab.h"
#include "kernel/abi/futex.h"
#include "tests/user/thread_case.h"

static struct {
	sem_t sem;
	pthread_mutex_t mutex;
	volatile int count;
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

/* A woken task of low priority does not run at once. */
static int take_later(void)
{
	setpriority(PRIO_PROCESS, 0, 10);
	return sem_wait(&table->sem) != 0;
}

static int take_unit(void)
{
	return sem_wait(&table->sem) != 0;
}

static int lock_later(void)
{
	setpriority(PRIO_PROCESS, 0, 10);
	return pthread_mutex_lock(&table->mutex);
}

static int lock_once(void)
{
	if (pthread_mutex_lock(&table->mutex) != 0)
		return 1;
	table->count++;
	return pthread_mutex_unlock(&table->mutex);
}

/* Without the call, pthread_mutex_lock() would ask again for ever. */
static void require_lock(void)
{
	static unsigned word;

	require(futex(&word, FUTEX_LOCK, 0, NULL) == 0);
}

CASE(unit_of_a_killed_task_goes_to_the_next)
{
	pid_t first, second;

	lay_table();
	first = start_asleep(take_later);
	second = start_asleep(take_unit);
	expect(sem_post(&table->sem) == 0);
	kill(first, SIGKILL);
	expect(result_of(first) == -SIGKILL);
	expect(result_of(second) == 0);
}

CASE(unit_of_the_last_killed_task_is_counted)
{
	pid_t pid;
	int units = -1;

	lay_table();
	pid = start_asleep(take_later);
	expect(sem_post(&table->sem) == 0);
	expect(kill_and_wait(pid) == -SIGKILL);
	expect(sem_getvalue(&table->sem, &units) == 0 && units == 1);
	expect(sem_trywait(&table->sem) == 0);
}

CASE(lock_of_a_killed_task_is_passed_on)
{
	pid_t first, second;

	lay_table();
	require_lock();
	require(pthread_mutex_lock(&table->mutex) == 0);
	first = start_asleep(lock_later);
	second = start_asleep(lock_once);
	pthread_mutex_unlock(&table->mutex);
	require(pthread_mutex_trylock(&table->mutex) == 0);
	case_pause();			/* the first looks in vain */
	until_asleep(first);
	pthread_mutex_unlock(&table->mutex);
	expect(pthread_mutex_trylock(&table->mutex) == EBUSY);
	expect(kill_and_wait(first) == -SIGKILL);
	expect(result_of(second) == 0);
	expect(pthread_mutex_trylock(&table->mutex) == 0);
}

CASE(wake_of_a_killed_task_is_passed_on)
{
	pid_t first, second;

	lay_table();
	require_lock();
	require(pthread_mutex_lock(&table->mutex) == 0);
	first = start_asleep(lock_later);
	second = start_asleep(lock_once);
	pthread_mutex_unlock(&table->mutex);
	expect(kill_and_wait(first) == -SIGKILL);
	expect(result_of(second) == 0);
}

CASE(signal_ends_the_wait)
{
	pid_t pid;
	int units = -1;

	lay_table();
	pid = fork_or_fail();
	if (pid == 0) {
		set_handler(SIGUSR1, catch_it, 0);
		_exit(sem_wait(&table->sem) == 0 ? 0 : errno);
	}
	until_asleep(pid);
	kill(pid, SIGUSR1);
	expect(result_of(pid) == EINTR);
	expect(sem_post(&table->sem) == 0);
	expect(sem_getvalue(&table->sem, &units) == 0 && units == 1);
}

CASE(wrong_words_are_refused)
{
	static unsigned words[2] = { 0x10001, 0x10001 };
	const char *between = (const char *)words + 2;

	expect_error(futex(between, FUTEX_TAKE, 0, NULL), EINVAL);
	words[0] = SEM_VALUE_MAX;
	expect_error(futex(words, FUTEX_POST, 0, NULL), EOVERFLOW);
	expect(words[0] == SEM_VALUE_MAX && words[1] == 0x10001);
}

static volatile unsigned *shared_word(void *at)
{
	volatile unsigned *word = mmap(at, 4096, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS | (at ? MAP_FIXED : 0), -1, 0);

	require(word != MAP_FAILED);
	return word;
}

static void *take_for_a_moment(void *word)
{
	struct timespec soon = in_ms(CLOCK_MONOTONIC, 100);

	return (void *)(long)(futex(word, FUTEX_TAKE, 0, &soon) == 0);
}

static void *take_at(void *word)
{
	return (void *)(long)(futex(word, FUTEX_TAKE, 0, NULL) == 0);
}

static pthread_t until_bit(void *(*take)(void *), volatile unsigned *word)
{
	pthread_t thread = create(take, (void *)word);

	while (*word != FUTEX_WAITED)
		sched_yield();
	return thread;
}

CASE(sleeper_leaves_new_memory_alone)
{
	volatile unsigned *word = shared_word(NULL);
	pthread_t first = until_bit(take_for_a_moment, word), second;

	shared_word((void *)word);
	second = until_bit(take_at, word);
	expect(join(first) == 0);
	expect_number(*word, (long)FUTEX_WAITED);
	expect(futex((void *)word, FUTEX_POST, 0, NULL) == 0);
	expect(join(second) == 1);
}

/* ---- Under every schedule ------------------------------------------------ */

static int post_one(void)
{
	return sem_post(&table->sem);
}

/* The post and the unlock may come between the look of libc at the word and
 * the call of the kernel. */
static int take_meets_a_post(void)
{
	pid_t poster, locker;

	lay_table();
	poster = start(post_one);
	locker = start(lock_once);
	if (lock_once() != 0 || sem_wait(&table->sem) != 0)
		return 1;
	return result_of(poster) || result_of(locker) || table->count != 2;
}

LAB_MAIN_WITH_SEARCH(take_meets_a_post_under_every_schedule, "2",
		     take_meets_a_post)
