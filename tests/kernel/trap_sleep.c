/*
 * trap_sleep.c - the tutorial's traps of sleeping, waking and idling.
 *
 * Brendan's Multi-tasking Tutorial is good, and its published code has traps.
 * Each of the 23 known traps is a test with the number of the trap, so no
 * change of the kernel brings the trap back. kernel/task/README.md tells which
 * rule avoids which trap.
 */
#include "tests/kernel/ktest.h"

#include "kernel/task/semaphore.h"

static uint32_t woken;

static void sleep_briefly(void *ms)
{
	ktest_sleep_ms((uintptr_t)ms);
	woken++;
}

/* The switch away from idle was postponed, and no code had queued the task. */
KTEST(trap_01_sleeper_expires_while_idle)
{
	uint64_t idle_cycles = arch_cpu()->idle->total_cycles;

	woken = 0;
	ktest_start(sleep_briefly, (void *)2, PRIORITY_NORMAL);
	ktest_sleep_ms(20);
	KOK(arch_cpu()->idle->total_cycles > idle_cycles);
	KIS(woken, 1);
}

static struct semaphore semaphore;
static struct task *timer_found;	/* the task that a timer interrupted */

static void release_from_timer(struct timer *timer)
{
	(void)timer;
	timer_found = arch_cpu()->current;
	release_semaphore(&semaphore);
}

KTEST(trap_02_hand_off_lost_when_no_task_is_ready)
{
	struct timer timer;

	semaphore_init(&semaphore, 0);
	timer_init(&timer, release_from_timer);
	timer_start(&timer, arch_now_ns() + 2000000);
	KIS(acquire_semaphore(&semaphore, arch_now_ns() + 2 * NSEC_PER_SEC), 0);
	KOK(timer_found == arch_cpu()->idle);
	KIS(semaphore.units, 0);
}

static void count_wakes(void *unused)
{
	(void)unused;
	block_task(TASK_BLOCKED);
	woken++;
}

/* The tutorial queued the cleaner again for each task that ended. */
KTEST(trap_03_task_woken_twice_is_queued_twice)
{
	struct task *task;

	woken = 0;
	task = ktest_start(count_wakes, NULL, PRIORITY_NORMAL);
	ktest_sleep_ms(2);
	KIS(task->state, TASK_BLOCKED);
	unblock_task(task);
	unblock_task(task);
	KIS(task->state, TASK_READY);
	ktest_sleep_ms(2);
	KIS(woken, 1);
}

static void do_nothing(void *unused)
{
	(void)unused;
}

KTEST(trap_03_three_tasks_end_before_they_are_freed)
{
	uint32_t before = task_count;

	/* One after the next, with no task in between. */
	ktest_start(do_nothing, NULL, PRIORITY_HIGHEST);
	ktest_start(do_nothing, NULL, PRIORITY_HIGHEST);
	ktest_start(do_nothing, NULL, PRIORITY_HIGHEST);
	KIS(task_count, before + 3);
	ktest_sleep_ms(2);
	KIS(task_count, before);
}

static void count_one(void *unused)
{
	(void)unused;
	woken++;
}

/* The sleep returned through the wrong unlock: no task switch ever again. */
KTEST(trap_04_sleep_until_the_past_leaks_the_postpone_depth)
{
	woken = 0;
	KIS(nano_sleep_until(0), 0);
	KIS(nano_sleep_until(arch_now_ns() - 1), 0);
	KIS(arch_cpu()->postpone_depth, 1);
	ktest_start(count_one, NULL, PRIORITY_NORMAL + 1);
	KIS(woken, 0);
	unlock_stuff();
	lock_stuff();
	KIS(woken, 1);
}

KTEST(trap_05_idle_is_taken_from_a_list_and_dropped)
{
	uint64_t cycles;
	unsigned i;

	for (i = 0; i < 50; i++) {
		cycles = arch_cpu()->idle->total_cycles;
		KOK(!list_is_linked(&arch_cpu()->idle->ready));
		KIS(nano_sleep_until(arch_now_ns() + 100000), 0);
		if (!KOK(arch_cpu()->idle->total_cycles > cycles))
			return;
	}
}

/* The expired task kept its old `next`: the task behind woke too. */
KTEST(trap_06_long_sleeper_wakes_with_a_short_one)
{
	woken = 0;
	ktest_start(sleep_briefly, (void *)2, PRIORITY_NORMAL);
	ktest_start(sleep_briefly, (void *)150, PRIORITY_NORMAL);
	ktest_start(sleep_briefly, (void *)3, PRIORITY_NORMAL);
	ktest_start(sleep_briefly, (void *)150, PRIORITY_NORMAL);
	ktest_sleep_ms(30);
	KIS(woken, 2);
	ktest_wait_count(&woken, 4);
	KIS(woken, 4);
}

static void note_current(struct timer *timer)
{
	(void)timer;
	timer_found = arch_cpu()->current;
}

KTEST(trap_07_no_current_task_while_all_sleep)
{
	struct timer timer;

	timer_found = NULL;
	timer_init(&timer, note_current);
	timer_start(&timer, arch_now_ns() + 1000000);
	ktest_sleep_ms(5);
	KOK(timer_found == arch_cpu()->idle);
	KIS(arch_cpu()->current->state, TASK_RUNNING);
	KIS(arch_cpu()->idle->state, TASK_READY);
}

/*
 * With STI and HLT apart the interrupt falls between them, and the machine
 * sleeps with the wake-up already past. Deadlines from 0 to 4 us let the
 * interrupt come at every instruction on the way into idle and out (at each
 * instruction in turn when QEMU counts instructions).
 */
KTEST(trap_21_interrupt_between_the_last_look_and_the_halt)
{
	uint64_t deadline;
	unsigned ns;

	for (ns = 0; ns < 4000; ns++) {
		deadline = arch_now_ns() + ns;
		nano_sleep_until(deadline);
		if (!KOK(arch_now_ns() >= deadline) ||
		    !KOK(arch_now_ns() - deadline < 5 * NSEC_PER_SEC))
			return;
	}
}
