/*
 * futex_parley.c - the futexes that the kernel makes for words of memory, and
 * the calls below libc's semaphores.
 */
#include <semaphore.h>

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
