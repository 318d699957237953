/*
 * timer.c - timers of the whole kernel: on time beside the tick, and never so
 * many at once that the tasks wait. Time is the count of instructions.
 */
#include "tests/kernel/ktest.h"

#include "kernel/task/timer.h"

#define TOGETHER	1000
#define STRETCH_MOST	(20000 * TIMES_MOST)	/* instructions */

static volatile uint32_t count;
static volatile bool stop;

static void spin(void *unused)
{
	(void)unused;
	unlock_stuff();
	while (!stop)
		continue;
	lock_stuff();
	count++;
}

/* Two busy tasks of one priority make the machine tick, every 5 ms. A deadline
 * between two ticks has an interrupt of its own. */
KTEST(deadline_waits_for_the_next_tick)
{
	uint64_t due_ns;
	unsigned i;

	stop = false;
	count = 0;
	ktest_start(spin, NULL, PRIORITY_NORMAL - 1);
	ktest_start(spin, NULL, PRIORITY_NORMAL - 1);
	for (i = 0; i < 40; i++) {
		due_ns = arch_now_ns() + 200000 + i % 37 * 333000;
		KIS(nano_sleep_until(due_ns), 0);
		KOK(arch_now_ns() >= due_ns);
		KOK(arch_now_ns() < due_ns + 100000);
	}
	stop = true;
	KOK(ktest_wait_count(&count, 2));
}

static void count_one(struct timer *timer)
{
	(void)timer;
	count++;
}

/* The longest time between two instructions of a task, with switches allowed,
 * until all timers have expired. */
static uint64_t longest_stretch(void)
{
	uint64_t last = arch_cycles(), now, longest = 0;

	unlock_stuff();
	while (count < TOGETHER) {
		now = arch_cycles();
		longest = MAX(longest, now - last);
		last = now;
	}
	lock_stuff();
	return longest;
}

KTEST(timers_of_one_deadline_hold_all_tasks_up)
{
	static struct timer timers[TOGETHER];
	uint64_t due_ns = arch_now_ns() + 2000000;
	unsigned i;

	count = 0;
	for (i = 0; i < TOGETHER; i++) {
		timer_init(&timers[i], count_one);
		timer_start(&timers[i], due_ns);
	}
	KOK(longest_stretch() < STRETCH_MOST);
	KIS(count, TOGETHER);
}
