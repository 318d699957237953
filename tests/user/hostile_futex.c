/*
 * hostile_futex.c - a user sleeps at words of shared memory, gives the memory
 * back, and hopes that the kernel finds the same sleepers for the words of a
 * different user. The kernel finds a shared word by its source of pages: as
 * long as a task sleeps there, the source must stay. And what a killed sleeper
 * got returns to the word, though the sleeper's memory is gone.
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

/* ---- What a killed sleeper got ------------------------------------------- */

/* A page that two processes share. */
static struct lent {
	sem_t semaphore;
	pthread_mutex_t mutex;
} *lent;

static int go[2], gone[2];

static void *unmap_when_told(void *unused)
{
	char byte;

	if (read(go[0], &byte, 1) == 1 && munmap(lent, 4096) == 0)
		write(gone[1], "g", 1);
	return unused;
}

static int sleep_at_semaphore(void)
{
	pthread_t thread;

	require(pthread_create(&thread, NULL, unmap_when_told, NULL) == 0);
	return sem_wait(&lent->semaphore);
}

static int sleep_at_mutex(void)
{
	pthread_t thread;

	require(pthread_create(&thread, NULL, unmap_when_told, NULL) == 0);
	return pthread_mutex_lock(&lent->mutex);
}

static void prepare_page(void)
{
	pthread_mutexattr_t attr;

	lent = shared_page();
	require(lent != MAP_FAILED && pipe(go) == 0 && pipe(gone) == 0);
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_INHERIT);
	require(pthread_mutex_init(&lent->mutex, &attr) == 0);
	require(sem_init(&lent->semaphore, 1, 0) == 0);
}

/* A child that sleeps at a word, and has unmapped the page of the word. */
static pid_t start_without_page(int (*sleep_there)(void))
{
	pid_t child = start(sleep_there);
	char byte;

	until_asleep(child);
	require(write(go[1], "g", 1) == 1 && read(gone[0], &byte, 1) == 1);
	return child;
}

/* The child gets the unit, and is killed before it runs. */
static int post_and_kill(void)
{
	pid_t child;
	int value;

	prepare_page();
	child = start_without_page(sleep_at_semaphore);
	be_urgent(1);
	expect(sem_post(&lent->semaphore) == 0);
	kill(child, SIGKILL);
	expect(result_of(child) == -SIGKILL);
	expect(sem_getvalue(&lent->semaphore, &value) == 0 && value == 1);
	expect(sem_trywait(&lent->semaphore) == 0);
	return case_failed;
}

CASE(killed_sleeper_without_memory_keeps_a_unit)
{
	expect(run_in_child(post_and_kill) == 0);
}

static int unlock_and_kill(void)
{
	pid_t child;

	prepare_page();
	require(pthread_mutex_lock(&lent->mutex) == 0);
	child = start_without_page(sleep_at_mutex);
	be_urgent(1);
	expect(pthread_mutex_unlock(&lent->mutex) == 0);
	kill(child, SIGKILL);
	expect(result_of(child) == -SIGKILL);
	expect(pthread_mutex_trylock(&lent->mutex) == 0);
	return case_failed;
}

CASE(killed_sleeper_without_memory_keeps_a_lock)
{
	expect(run_in_child(unlock_and_kill) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
