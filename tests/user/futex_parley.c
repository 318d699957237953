/*
 * futex_parley.c - the futexes that the kernel makes for words of memory, and
 * the calls below libc's semaphores.
 */
#include <semaphore.h>

#include "kernel/abi/futex.h"
#include "tests/user/raw.h"
#include "tests/user/thread_case.h"

#define THREADS		40
/* Words so far apart have the same bucket: kernel/ipc/futex.c. */
#define APART		(4096 * 4)
#define WAITED		0x80000000u

static uint32_t word;

static long post(void *at)
{
	return raw_call(RAW_sem_post, (uintptr_t)at);
}

CASE(post_without_a_sleeper_adds_a_unit)
{
	expect(post(&word) == 0 && word == 1);
	word |= WAITED;			/* no longer true */
	expect(post(&word) == 0 && word == 2);
}

CASE(post_beyond_the_largest_value_is_eoverflow)
{
	word = SEM_VALUE_MAX;
	expect(post(&word) == -EOVERFLOW && word == SEM_VALUE_MAX);
	expect(post(nowhere) == -EFAULT);
}

static long futex(void *at, int operation)
{
	return raw_call(RAW_futex, (uintptr_t)at, operation, 0, 0);
}

CASE(unlock_at_a_bad_address_succeeds)
{
	expect(futex(nowhere, FUTEX_UNLOCK) == -EFAULT);
	expect(futex(nowhere, FUTEX_LOCK) == -EFAULT);
}

/* The owner has not repaired the data: the bits of sleepers go, and the rules
 * are neither set nor lost. */
CASE(lock_that_is_given_up_keeps_bits)
{
	word = gettid() | FUTEX_WAITED | FUTEX_OWNER_DIED;
	expect(futex(&word, FUTEX_UNLOCK) == 0 && word == FUTEX_NO_OWNER);
	word = gettid() | FUTEX_OWNER_DIED | FUTEX_RULES;
	expect(futex(&word, FUTEX_UNLOCK) == 0);
	expect(word == (FUTEX_NO_OWNER | FUTEX_RULES));
	expect(futex(&word, FUTEX_LOCK) == -ENOTRECOVERABLE);
}

static int lock_for_ever(void)
{
	return futex(&word, FUTEX_LOCK | FUTEX_INHERIT) == 0;
}

/* A task of the kernel, and a number that no task has. */
CASE(owner_from_user_memory_borrows_whatever_it_is)
{
	static const uint32_t owners[] = { 2, 3, 8000, FUTEX_OWNER_MASK - 1 };
	pid_t child;

	for (size_t i = 0; i < sizeof(owners) / sizeof(owners[0]); i++) {
		word = owners[i];
		child = start(lock_for_ever);
		until_asleep(child);
		expect(kill_and_wait(child) == -SIGKILL);
	}
}

static void *wait_for_unit(void *semaphore)
{
	return (void *)(long)sem_wait(semaphore);
}

/* A post gives the unit to the sleeper: the woken thread needs no word. */
CASE(poster_unmaps_the_semaphore_before_the_woken_thread_runs)
{
	sem_t *semaphore = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pthread_t thread;

	require(semaphore != MAP_FAILED);
	thread = create(wait_for_unit, semaphore);
	while (*(volatile uint32_t *)semaphore != WAITED)
		case_pause();
	expect(sem_post(semaphore) == 0);
	expect(munmap(semaphore, 4096) == 0);
	expect(join(thread) == 0);
}

/* More words of one bucket than the bucket has room for. */
CASE(many_words_that_meet_in_a_bucket_have_sleepers)
{
	char *memory = mmap(NULL, THREADS * APART, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pthread_t threads[THREADS];

	require(memory != MAP_FAILED);
	for (int i = 0; i < THREADS; i++) {
		require(sem_init((sem_t *)(memory + i * APART), 0, 0) == 0);
		threads[i] = create(wait_for_unit, memory + i * APART);
	}
	for (int i = 0; i < THREADS; i++)
		while (*(volatile uint32_t *)(memory + i * APART) != WAITED)
			case_pause();
	for (int i = THREADS; i-- > 0;) {
		expect(sem_post((sem_t *)(memory + i * APART)) == 0);
		expect(join(threads[i]) == 0);
	}
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
