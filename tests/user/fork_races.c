/*
 * fork_races.c - fork copies memory in parts, and a thread of the process
 * changes the memory between two parts.
 *
 * The test kernel switches tasks at random places between the parts. The parent
 * looks at its memory after each fork, the child at its own, and the kernel
 * counts the pages of both when they end.
 *
 * linux: no
 */
#include <pages.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>

#include "tests/user/helpers.h"
#include "tests/user/parley_test.h"

#define PAGE	4096
#define RW	(PROT_READ | PROT_WRITE)
#define STEADY	700			/* pages that no thread changes */
#define MOVING	600			/* pages that the thread changes */
#define FORKS	40

static unsigned char *steady, *moving;
static volatile unsigned *ticks;	/* a page that the thread counts in */
static volatile int is_over;
static unsigned state = 1;

static unsigned choose(unsigned limit)
{
	state = state * 1103515245 + 12345;
	return (state >> 16) % limit;
}

static unsigned char *map(void *at, size_t pages, int flags)
{
	unsigned char *area = mmap(at, pages * PAGE, RW,
				   flags | MAP_ANONYMOUS, -1, 0);

	require(area != MAP_FAILED);
	return area;
}

/* One change of the memory that fork copies. */
static void change(void)
{
	size_t first = choose(MOVING - 100), count = 1 + choose(100);
	unsigned char *at = moving + first * PAGE;
	long grant;

	switch (choose(6)) {
	case 0:
		munmap(at, count * PAGE);
		break;
	case 1:
		map(at, count, MAP_PRIVATE | MAP_FIXED);
		break;
	case 2:
		map(at, count, MAP_SHARED | MAP_FIXED);
		break;
	case 3:
		mprotect(at, count * PAGE, choose(2) ? PROT_READ : RW);
		break;
	case 4:
		map(at, count, MAP_PRIVATE | MAP_FIXED);
		for (size_t i = 0; i < count; i++)
			at[i * PAGE] = 1 + choose(200);
		break;
	case 5:
		map(at, 20, MAP_PRIVATE | MAP_FIXED);
		grant = page_grant(at, 20 * PAGE, PROT_READ);
		sched_yield();
		if (grant >= 0) {
			page_revoke(grant);
			close(grant);
		}
		break;
	}
}

static void *change_memory(void *unused)
{
	while (!is_over) {
		ticks[0]++;
		change();
		ticks[0]++;
		sched_yield();
	}
	return unused;
}

static int is_steady(void)
{
	for (int i = 0; i < STEADY; i++)
		if (steady[i * PAGE] != i % 251)
			return 0;
	return 1;
}

/* The child has its own memory: nothing moves, and new pages are empty. */
static void look_at_copy(void)
{
	unsigned before = ticks[0];

	require(is_steady());
	for (int i = 0; i < STEADY; i++)
		steady[i * PAGE]++;
	sched_yield();
	require(ticks[0] == before);
	map(moving, MOVING, MAP_PRIVATE | MAP_FIXED);
	for (int i = 0; i < MOVING; i++) {
		require(moving[i * PAGE] == 0);
		moving[i * PAGE] = 1;
	}
	_exit(0);
}

CASE(fork_beside_a_thread_copies_memory_of_two_times)
{
	pthread_t thread;
	pid_t child;

	steady = map(NULL, STEADY, MAP_PRIVATE);
	for (int i = 0; i < STEADY; i++)
		steady[i * PAGE] = i % 251;
	ticks = (volatile unsigned *)map(NULL, 1, MAP_PRIVATE);
	moving = map(NULL, MOVING, MAP_PRIVATE);
	require(pthread_create(&thread, NULL, change_memory, NULL) == 0);
	for (unsigned seed = 1; seed <= FORKS; seed++) {
		test_preempt_random(seed, 2);
		child = fork_or_fail();
		if (child == 0)
			look_at_copy();
		expect(result_of(child) == 0);
		expect(is_steady());
	}
	test_preempt_random(0, 0);
	is_over = 1;
	require(pthread_join(thread, NULL) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
