/*
 * timer.c - the cost of one timer interrupt.
 *
 * A program alone on the processor needs no tick. So a second program, of the
 * lowest priority, makes the kernel tick now and then. This program measures an
 * empty operation again and again; a cost above 0 was a tick.
 */
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"

#define TICKS		15
#define TRIES_MAX	20000000

static volatile int *turns;	/* grows while the second program runs */

static void be_ready_for_ever(void)
{
	setpriority(PRIO_PROCESS, 0, 19);
	for (;;)
		++*turns;
}

/* The first few costs that are not 0. If the second program has run meanwhile,
 * the cost is a turn of this program, and no tick. */
static int find_ticks(uint64_t *ticks)
{
	uint64_t empty = sample(do_nothing, NULL), cost;
	int found = 0, i, before;

	for (i = 0; i < TRIES_MAX && found < TICKS; i++) {
		before = *turns;
		cost = sample(do_nothing, NULL) - empty;
		if (cost && *turns == before)
			ticks[found++] = cost;
	}
	return found;
}

/* The first tick beside a new program is cheaper than all others. */
static void skip_first_tick(void)
{
	volatile int i;

	for (i = 0; i < 1500000; i++)
		continue;
}

static void tick_row(const char *name)
{
	uint64_t ticks[TICKS] = { 0 };
	pid_t pid;
	int found;

	turns = mmap(NULL, sizeof(*turns), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid = fork();
	if (pid == 0)
		be_ready_for_ever();
	skip_first_tick();
	found = find_ticks(ticks);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	qsort(ticks, found, sizeof(ticks[0]), compare_samples);
	report(name, ticks[found / 2]);
}

static const struct row rows[] = {
	{ "tick", tick_row },
};

int main(int argc, char **argv)
{
	return run_rows_alone(rows, LENGTH(rows), argc, argv);
}
