/*
 * trap_time.c - the tutorial's traps of time, slices and the two guards.
 */
#include "tests/kernel/ktest.h"

#include "kernel/task/mutex.h"
#include "kernel/task/semaphore.h"

static volatile uint32_t count;
static volatile bool stop;

/* Count as fast as possible until told to stop. */
static void spin(void *at)
{
	volatile uint32_t *mine = at;

	unlock_stuff();
	while (!stop)
		(*mine)++;
	lock_stuff();
	count++;
}

static void stop_spinners(uint32_t tasks)
{
	stop = true;
	KOK(ktest_wait_count(&count, tasks));
}

/* After a switch in front of the end-of-interrupt command the timer is mute,
 * and the first switch by time is the last. */
KTEST(trap_11_timer_is_silent_after_the_first_preemption)
{
	volatile uint32_t turns[2] = { 0, 0 };
	struct task *a, *b;

	stop = false;
	count = 0;
	a = ktest_start(spin, (void *)&turns[0], PRIORITY_NORMAL - 1);
	b = ktest_start(spin, (void *)&turns[1], PRIORITY_NORMAL - 1);
	ktest_sleep_ms(150);
	KOK(a->switches_preempted >= 2 && b->switches_preempted >= 2);
	stop_spinners(2);
}

KTEST(trap_16_elapsed_time_is_subtracted_the_wrong_way)
{
	struct task *task = arch_cpu()->current;
	uint64_t before, ns;

	before = task_total_cycles(task);
	ktest_spin_ms(5);
	ns = arch_cycles_to_ns(task_total_cycles(task) - before);
	KOK(ns >= 4900000 && ns < 5 * NSEC_PER_SEC);
}

KTEST(trap_19_second_task_arrives_and_the_lone_one_keeps_the_processor)
{
	volatile uint32_t turns[2] = { 0, 0 };
	uint32_t before;

	stop = false;
	count = 0;
	ktest_start(spin, (void *)&turns[0], PRIORITY_NORMAL - 1);
	ktest_sleep_ms(30);
	KOK(turns[0] > 0);
	ktest_start(spin, (void *)&turns[1], PRIORITY_NORMAL - 1);
	before = turns[0];
	ktest_sleep_ms(100);
	KOK(turns[0] > before);
	KOK(turns[1] > 0);
	stop_spinners(2);
}

/* Both tasks became ready while a better task ran, which then left: no later
 * unblock could start a slice. */
KTEST(trap_19_no_slice_when_the_better_task_leaves)
{
	volatile uint32_t turns[2] = { 0, 0 };

	stop = false;
	count = 0;
	ktest_start(spin, (void *)&turns[0], PRIORITY_NORMAL - 1);
	ktest_start(spin, (void *)&turns[1], PRIORITY_NORMAL - 1);
	ktest_sleep_ms(100);
	KOK(turns[0] > 0);
	KOK(turns[1] > 0);
	stop_spinners(2);
}

/* The same, and the slice timer expires while the better one runs. */
KTEST(trap_19_no_slice_after_a_long_time_of_a_better_task)
{
	volatile uint32_t turns[2] = { 0, 0 };

	stop = false;
	count = 0;
	ktest_start(spin, (void *)&turns[0], PRIORITY_NORMAL - 1);
	ktest_start(spin, (void *)&turns[1], PRIORITY_NORMAL - 1);
	ktest_sleep_ms(15);
	ktest_spin_ms(60);
	turns[0] = turns[1] = 0;
	ktest_sleep_ms(100);
	KOK(turns[0] > 0);
	KOK(turns[1] > 0);
	stop_spinners(2);
}

static void leave_note(void *unused)
{
	(void)unused;
	count++;
}

/* The tutorial says both; here the lock postpones, always. */
KTEST(trap_20_switch_happens_in_spite_of_the_lock)
{
	count = 0;
	lock_stuff();
	ktest_start(leave_note, NULL, PRIORITY_NORMAL + 1);
	KIS(count, 0);
	unlock_stuff();
	KIS(count, 0);		/* depth 1 is still a lock */
	unlock_stuff();
	KIS(count, 1);
	lock_stuff();
}

static void sleep_2_ms(void *unused)
{
	(void)unused;
	ktest_sleep_ms(2);
	count++;
}

KTEST(trap_20_interrupt_switches_in_spite_of_the_lock)
{
	uint64_t end;

	count = 0;
	ktest_start(sleep_2_ms, NULL, PRIORITY_NORMAL + 1);
	unlock_stuff();			/* the task begins to sleep */
	lock_stuff();
	end = arch_now_ns() + 20000000;
	while (arch_now_ns() < end)
		;
	KIS(count, 0);
	KOK(arch_cpu()->pending & PENDING(PENDING_TIMER));
	unlock_stuff();
	KIS(count, 1);
	lock_stuff();
}

static struct mutex mutex;
static struct semaphore semaphore;

static void release_as_a_stranger(void *unused)
{
	(void)unused;
	KIS(release_mutex(&mutex), -EPERM);
	KIS(acquire_mutex(&mutex, arch_now_ns() + 1000000), -ETIMEDOUT);
	count++;
}

KTEST(trap_22_anybody_can_release_and_nobody_can_give_up)
{
	count = 0;
	mutex_init(&mutex, NULL);
	KIS(release_mutex(&mutex), -EPERM);
	KIS(acquire_mutex(&mutex, FOREVER), 0);
	KIS(acquire_mutex(&mutex, FOREVER), -EDEADLK);
	ktest_start(release_as_a_stranger, NULL, PRIORITY_NORMAL);
	ktest_wait_count(&count, 1);
	KIS(release_mutex(&mutex), 0);
	KIS(release_mutex(&mutex), -EPERM);
}

static void acquire_and_count(void *unused)
{
	(void)unused;
	if (acquire_semaphore(&semaphore, arch_now_ns() + 30000000) == 0)
		count++;
}

/* Each release lets one task in, extra releases are kept, none is lost. */
KTEST(trap_22_extra_release_lets_in_an_extra_task)
{
	unsigned i;

	count = 0;
	semaphore_init(&semaphore, 0);
	for (i = 0; i < 5; i++)
		ktest_start(acquire_and_count, NULL, PRIORITY_NORMAL);
	ktest_sleep_ms(2);
	release_semaphore(&semaphore);
	release_semaphore(&semaphore);
	ktest_sleep_ms(2);
	KIS(count, 2);
	ktest_sleep_ms(60);
	KIS(count, 2);
	release_semaphore(&semaphore);
	KIS(semaphore.units, 1);
}

/* The loops below call no function, at which the compiler would have to expect
 * a change anyhow; so they measure their time in cycles. */
#define CYCLES_ENOUGH	3000000000ull

static uint32_t plain;		/* not volatile: the guards must do */

static void change_plain(struct timer *timer)
{
	(void)timer;
	plain++;
}

/* Without a memory clobber the compiler reads `plain` once, in front. */
KTEST(trap_23_compiler_moves_memory_across_interrupt_guard)
{
	struct timer timer;
	uint64_t end = arch_cycles() + CYCLES_ENOUGH;
	uint32_t flags, seen = 0;

	plain = 0;
	timer_init(&timer, change_plain);
	timer_start(&timer, arch_now_ns() + 2000000);
	unlock_stuff();
	while (seen == 0 && arch_cycles() < end) {
		flags = arch_irq_save();
		seen = plain;
		arch_irq_restore(flags);
	}
	lock_stuff();
	KIS(seen, 1);
	timer_stop(&timer);
}

KTEST(trap_23_compiler_moves_memory_across_postponing_guard)
{
	struct timer timer;
	uint64_t end = arch_cycles() + CYCLES_ENOUGH;
	uint32_t seen = 0;

	plain = 0;
	timer_init(&timer, change_plain);
	timer_start(&timer, arch_now_ns() + 2000000);
	while (seen == 0 && arch_cycles() < end) {
		unlock_stuff();
		lock_stuff();
		seen = plain;
	}
	KIS(seen, 1);
	timer_stop(&timer);
}
