/*
 * semaphore_places.c - which semaphore an address means when memory comes and
 * goes.
 *
 * The kernel notes the addresses of the words that a process used last. A note
 * must end with the mapping of its address.
 */
#include <semaphore.h>
#include <sys/mman.h>

#include "tests/user/helpers.h"

#define PAGE		4096
#define MANY		40	/* more than the kernel notes */

static sem_t *share_at(void *address)
{
	void *memory = mmap(address, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED |
			    MAP_ANONYMOUS | (address ? MAP_FIXED : 0), -1, 0);

	require(memory != MAP_FAILED);
	for (int i = 0; i < 2 * MANY; i++)
		require(sem_init((sem_t *)memory + i, 1, 0) == 0);
	return memory;
}

static pid_t sleeper_on(sem_t *semaphore)
{
	pid_t pid = fork_or_fail();

	if (pid == 0)
		_exit(sem_wait(semaphore) != 0);
	until_asleep(pid);
	return pid;
}

/* So that the kernel knows the place. */
static void use(sem_t *semaphore)
{
	pid_t pid = sleeper_on(semaphore);

	expect(sem_post(semaphore) == 0 && result_of(pid) == 0);
}

CASE(new_memory_at_an_old_address_is_another_semaphore)
{
	sem_t *semaphore = share_at(NULL);
	pid_t old, new;

	use(semaphore);
	old = sleeper_on(semaphore);
	munmap(semaphore, PAGE);
	share_at(semaphore);
	new = sleeper_on(semaphore);
	expect(sem_post(semaphore) == 0);
	expect(result_of(new) == 0);
	expect(kill_and_wait(old) == -SIGKILL);
}

CASE(memory_mapped_over_it_is_another_semaphore)
{
	sem_t *semaphore = share_at(NULL);
	pid_t old, new;

	use(semaphore);
	old = sleeper_on(semaphore);
	share_at(semaphore);
	new = sleeper_on(semaphore);
	expect(sem_post(semaphore) == 0);
	expect(result_of(new) == 0);
	expect(kill_and_wait(old) == -SIGKILL);
}

CASE(post_to_memory_that_has_gone_is_sigsegv)
{
	sem_t *semaphore = share_at(NULL);
	pid_t pid;

	use(semaphore);
	pid = sleeper_on(semaphore);
	if (fork_or_fail() == 0) {
		munmap(semaphore, PAGE);
		sem_post(semaphore);
		_exit(0);
	}
	expect(result_of(-1) == -SIGSEGV);
	expect(sem_post(semaphore) == 0 && result_of(pid) == 0);
}

static void answer_all(sem_t *there, sem_t *back)
{
	for (int i = 0; i < 3 * MANY; i++) {
		if (sem_wait(&there[i % MANY]) != 0)
			_exit(1);
		sem_post(&back[i % MANY]);
	}
	_exit(0);
}

CASE(many_semaphores_are_not_mixed_up)
{
	sem_t *there = share_at(NULL), *back = there + MANY;
	pid_t pid = fork_or_fail();

	if (pid == 0)
		answer_all(there, back);
	for (int i = 0; i < 3 * MANY; i++) {
		until_asleep(pid);
		expect(sem_post(&there[i % MANY]) == 0);
		expect(sem_wait(&back[i % MANY]) == 0);
	}
	expect(result_of(pid) == 0);
	for (int i = 0; i < 2 * MANY; i++)
		expect_error(sem_trywait(&there[i]), EAGAIN);
}

static void use_many(void)
{
	sem_t *semaphore = share_at(NULL);

	for (int i = 0; i < MANY; i++)
		use(&semaphore[i]);
	munmap(semaphore, PAGE);
}

CASE(nothing_is_kept_of_memory_that_has_gone)
{
	static struct leak_counters before, after;

	use_many();
	leak_take(&after);	/* bring their own pages in */
	leak_take(&before);
	leak_take(&before);
	use_many();
	leak_take(&after);
	expect(leak_is_none(&before, &after));
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
