/*
 * load.c - the load: how many tasks run or could run, on average.
 *
 * Most kernels count the tasks with a timer every five seconds. Here an idle
 * machine has no timer, and a switch pays nothing for the load. So the load of
 * a stretch of time is computed from two facts that cost little:
 *
 *	the time of the idle task	in the rest of the time a task ran
 *	the ready tasks, now and then	only where the turn of a task is over:
 *					else no task waits for the processor,
 *					and so a long time between two counts
 *					does not count
 *
 * A stretch of five seconds ends when a turn is over, or the idle task begins
 * or ends a halt, or a program asks.
 */
#include "kernel/task/load.h"

#include "arch/arch.h"
#include "kernel/task/sched.h"
#include "kernel/task/share.h"

#define STRETCH_NS	(5 * NSEC_PER_SEC)
#define STRETCHES_MOST	1000		/* then nothing is left of a load */
#define COUNTS_LEAST	4		/* of ready tasks, in a stretch */

/* What a stretch leaves of an average: LOAD_ONE * exp(-5 s / its minutes) */
static const uint32_t kept[LOADS] = { 1884, 2014, 2037 };

static uint32_t average[LOADS];		/* [P] */
static uint64_t stretch = FOREVER;	/* [const] cycles, from boot on */
static uint64_t since, idle_since;	/* [P] cycles: the stretch's begin */
static uint64_t waiting;		/* [P] cycles of its ready tasks */
static uint64_t counted;		/* [P] cycles: the last count */
uint32_t load_turns;

static uint32_t count_list(const struct list *list, uint32_t count)
{
	const struct list_node *node = list->head.next;

	while (node != &list->head && count < LOAD_TASKS_MOST)
		node = node->next, count++;
	return count;
}

static uint32_t count_ready(void)
{
	uint32_t count = share_count_ready(count_list);

	for (unsigned i = 0; i <= PRIORITIES; i++)
		count = count_list(&arch_cpu()->ready[i], count);
	return count;
}

uint32_t load_tasks(void)
{
	return count_ready() + (task_current() != arch_cpu()->idle);
}

/* Rounded towards the load, so that the average reaches the load. */
static void move_average(int i, uint32_t load)
{
	uint32_t up = load > average[i] ? LOAD_ONE - 1 : 0;

	average[i] = (average[i] * kept[i] + load * (LOAD_ONE - kept[i]) + up) /
		     LOAD_ONE;
}

/* The average of the stretch moves the other averages. */
static void end_stretch(uint64_t now)
{
	uint64_t idle = task_total_cycles(arch_cpu()->idle);
	uint64_t passed = now - since;
	uint64_t tasks = passed - (idle - idle_since) + waiting;
	uint32_t load = tasks / (passed / LOAD_ONE);
	uint32_t count = MIN((passed + stretch / 2) / stretch, STRETCHES_MOST);

	since = now;
	idle_since = idle;
	waiting = 0;
	while (count-- > 0)
		for (int i = 0; i < LOADS; i++)
			move_average(i, load);
}

void load_start(void)
{
	stretch = arch_ns_to_cycles(STRETCH_NS);
	since = arch_cycles();
}

void load_look(void)
{
	uint64_t now = arch_cycles();

	if (now - since >= stretch)
		end_stretch(now);
}

void load_count(void)
{
	uint64_t now = arch_cycles();

	waiting += (count_ready() - 1) *
		   MIN(now - counted, stretch / COUNTS_LEAST);
	counted = now;
	load_turns = LOAD_TURNS;
	load_look();
}

void load_averages(uint32_t to[LOADS])
{
	load_look();
	for (int i = 0; i < LOADS; i++)
		to[i] = average[i];
}
