/*
 * hostile_futex.c - a user sleeps at words of shared memory, gives the memory
 * back, and hopes that the kernel finds the same sleepers for the words of a
 * different user. The kernel finds a shared word by its source of pages: as
 * long as a task sleeps there, the source must stay.
 *
 * linux: no
 */
#include <pthread.h>
#include <semaphore.h>

#include "tests/user/hostile.h"

#define FUTEX_WAIT	0
#define FUTEX_TAKE	3
#define FUTEX_WAKE	1
#define PAGES		40
#define ROUNDS		6

#pragma weak futex
long futex(int *word, int operation, int value,
	   const struct timespec *deadline);

static int operation;

static void *sleep_at(void *word)
{
	futex(word, operation, 0, NULL);
	return NULL;
}

static void *shared_page(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

/* Leave sleepers without memory: most pages go, so that the kernel gets whole
 * pages of sources free and gives them to the next user. */
static void leave_sleepers(int ready)
{
	void *pages[PAGES];
	pthread_t thread;

	become_attacker();
	for (int i = 0; i < PAGES; i++) {
		pages[i] = shared_page();
		require(pages[i] != MAP_FAILED);
		require(pthread_create(&thread, NULL, sleep_at, pages[i]) == 0);
	}
	/* The threads are of one priority: after this each has its sleep. */
	for (int i = 0; i < 4 * PAGES; i++)
		sched_yield();
	for (int i = 0; i < PAGES; i++)
		if (i % 8)
			munmap(pages[i], 4096);
	write(ready, "", 1);
	for (;;)
		pause();
}

static pid_t start_attack(void)
{
	int fds[2];
	char byte;
	pid_t attacker;

	require(pipe(fds) == 0);
	attacker = fork_or_fail();
	if (attacker == 0)
		leave_sleepers(fds[1]);
	close(fds[1]);
	require(read(fds[0], &byte, 1) == 1);
	close(fds[0]);
	return attacker;
}

/* A semaphore of root's own processes. The post must reach the sleeper. */
static void post_and_wait(void)
{
	sem_t *semaphore = shared_page();
	pid_t child;

	require(semaphore != MAP_FAILED && sem_init(semaphore, 1, 0) == 0);
	child = fork_or_fail();
	if (child == 0)
		_exit(sem_wait(semaphore) != 0);
	until_asleep(child);
	expect(sem_post(semaphore) == 0 && result_of(child) == 0);
	munmap(semaphore, 4096);
}

static void attack_with(int how)
{
	pid_t attacker;

	operation = how;
	attacker = start_attack();
	for (int i = 0; i < ROUNDS; i++)
		post_and_wait();
	kill_and_wait(attacker);
}

CASE(sleepers_of_unmapped_memory_take_no_wake_of_others)
{
	attack_with(FUTEX_WAIT);
}

CASE(sleepers_of_unmapped_memory_take_no_unit_of_others)
{
	attack_with(FUTEX_TAKE);
}

/* The word's memory goes while the only thread sleeps there. */
static int sleep_without_memory(void)
{
	const struct timespec past = { 0, 1 };
	int *word = shared_page();
	pthread_t thread;

	expect(pthread_create(&thread, NULL, sleep_at, word) == 0);
	sched_yield();
	munmap(word, 4096);
	expect_error(futex(word, FUTEX_WAIT, 0, &past), EFAULT);
	return case_failed;
}

CASE(memory_that_goes_below_a_sleeper_stays_until_the_sleeper_ends)
{
	operation = FUTEX_WAIT;
	attack_beside_root(sleep_without_memory);
	operation = FUTEX_TAKE;
	attack_beside_root(sleep_without_memory);
}

/* ---- Words of others ----------------------------------------------------- */

/* A file that the attacker may only read. The value 0 of the word is what the
 * file holds. */
static int sleep_at_a_word_to_read(void)
{
	int fd = open("/ipc/shm/hostile_futex", O_RDONLY), *word;

	require(fd >= 0);
	word = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	require(word != MAP_FAILED);
	expect_error(futex(word, FUTEX_WAIT, 0, &(struct timespec){ 0, 0 }),
		     EFAULT);
	expect_error(futex(word, FUTEX_TAKE, 0, &(struct timespec){ 0, 0 }),
		     EFAULT);
	expect_error(futex(word, FUTEX_WAKE, 1, NULL), EFAULT);
	return case_failed;
}

CASE(reader_of_shared_memory_takes_units_of_its_writers)
{
	int fd = open("/ipc/shm/hostile_futex", O_RDWR | O_CREAT, 0644);

	require(fd >= 0 && ftruncate(fd, 4096) == 0);
	attack_beside_root(sleep_at_a_word_to_read);
	expect(unlink("/ipc/shm/hostile_futex") == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
