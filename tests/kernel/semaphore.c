/* semaphore.c - units of the kernel's semaphores: none lost, none made up. */
#include "kernel/task/semaphore.h"

#include "tests/kernel/ktest.h"

static struct semaphore semaphore;
static volatile uint32_t count;
static char order[40];

static uint64_t in_ms(uint32_t ms)
{
	return arch_now_ns() + ms * 1000000ull;
}

static void acquire_and_note(void *letter)
{
	if (acquire_semaphore(&semaphore, FOREVER) == 0)
		order[count++] = (uintptr_t)letter;
}

static void begin(uint32_t units)
{
	unsigned i;

	semaphore_init(&semaphore, units);
	count = 0;
	for (i = 0; i < sizeof(order); i++)
		order[i] = '\0';
}

/* Let a waiter called `letter` stand in the queue. */
static void start_waiter(char letter, int priority)
{
	ktest_start(acquire_and_note, (void *)(uintptr_t)letter, priority);
	ktest_sleep_ms(1);
}

static bool order_is(const char *wanted)
{
	unsigned i;

	for (i = 0; wanted[i] && order[i] == wanted[i]; i++)
		;
	return wanted[i] == order[i];
}

KTEST(semaphore_waits_although_units_are_left)
{
	begin(2);
	KIS(acquire_semaphore(&semaphore, 0), 0);
	KIS(acquire_semaphore(&semaphore, 0), 0);
	KIS(acquire_semaphore(&semaphore, 0), -ETIMEDOUT);
	KIS(semaphore.units, 0);
}

KTEST(semaphore_waiters_are_served_out_of_order)
{
	unsigned i;

	begin(0);
	start_waiter('b', PRIORITY_NORMAL);
	start_waiter('c', PRIORITY_NORMAL);
	start_waiter('a', PRIORITY_NORMAL + 1);
	start_waiter('d', PRIORITY_NORMAL);
	for (i = 0; i < 4; i++) {
		KIS(release_semaphore(&semaphore), 0);
		KOK(ktest_wait_count(&count, i + 1));
	}
	KOK(order_is("abcd"));
}

KTEST(semaphore_waiter_that_was_raised_keeps_its_old_place)
{
	struct task *last;

	begin(0);
	start_waiter('b', PRIORITY_NORMAL);
	last = ktest_start(acquire_and_note, (void *)'a', PRIORITY_NORMAL);
	ktest_sleep_ms(1);
	task_set_policy(last, POLICY_URGENT, PRIORITY_NORMAL + 1);
	start_waiter('c', PRIORITY_NORMAL);
	release_semaphore(&semaphore);
	release_semaphore(&semaphore);
	release_semaphore(&semaphore);
	KOK(ktest_wait_count(&count, 3));
	KOK(order_is("abc"));
}

/* The unit belongs to the waiter from the release on, not from its next run
   on. */
KTEST(semaphore_newcomer_takes_the_waiters_unit)
{
	begin(0);
	start_waiter('w', PRIORITY_NORMAL);
	release_semaphore(&semaphore);
	KIS(acquire_semaphore(&semaphore, 0), -ETIMEDOUT);
	KOK(ktest_wait_count(&count, 1));
}

/* The newcomer stands behind a turn that is owed, and no task will wake the
   newcomer. */
KTEST(semaphore_newcomer_sleeps_beside_a_free_unit)
{
	begin(0);
	start_waiter('w', PRIORITY_NORMAL);
	release_semaphore(&semaphore);
	release_semaphore(&semaphore);
	KIS(acquire_semaphore(&semaphore, in_ms(1000)), 0);
	KOK(ktest_wait_count(&count, 1));
	KIS(semaphore.units, 0);
}

KTEST(semaphore_deadline_loses_a_unit)
{
	begin(0);
	KIS(acquire_semaphore(&semaphore, in_ms(2)), -ETIMEDOUT);
	KOK(wait_queue_is_idle(&semaphore.queue));
	release_semaphore(&semaphore);
	KIS(semaphore.units, 1);
	KIS(acquire_semaphore(&semaphore, 0), 0);
}

static void release_at(struct timer *timer)
{
	(void)timer;
	release_semaphore(&semaphore);
}

/* Event and deadline in the same moment: the event wins, whichever of the two
 * timers expires first. */
KTEST(semaphore_deadline_beats_the_unit_that_is_there)
{
	struct timer timer;
	uint64_t when;
	int early, result;

	begin(0);
	for (early = 0; early < 2; early++) {
		timer_init(&timer, release_at);
		when = in_ms(3);
		timer_start(&timer, when - early);
		result = acquire_semaphore(&semaphore, when);
		KIS(semaphore.units, result == 0 ? 0 : 1);
		if (early)
			KIS(result, 0);
		if (result)
			KIS(acquire_semaphore(&semaphore, 0), 0);
	}
}

KTEST(semaphore_overflows)
{
	begin(SEMAPHORE_UNITS_MOST - 1);
	KIS(release_semaphore(&semaphore), 0);
	KIS(release_semaphore(&semaphore), -EOVERFLOW);
	KIS(semaphore.units, SEMAPHORE_UNITS_MOST);
}

static volatile uint32_t inside, inside_most, passes;

static void enter_many_times(void *unused)
{
	unsigned i;

	(void)unused;
	for (i = 0; i < 100; i++) {
		KIS(acquire_semaphore(&semaphore, FOREVER), 0);
		inside++;
		inside_most = MAX(inside_most, inside);
		passes++;
		if (i % 3 == 0)
			yield_task();
		else if (i % 7 == 0)
			nano_sleep_until(arch_now_ns() + 1000);
		inside--;
		KIS(release_semaphore(&semaphore), 0);
	}
	count++;
}

KTEST(semaphore_of_two_lets_a_third_in)
{
	unsigned i;

	begin(2);
	inside = inside_most = passes = 0;
	for (i = 0; i < 6; i++)
		ktest_start(enter_many_times, NULL, PRIORITY_NORMAL - i % 2);
	KOK(ktest_wait_count(&count, 6));
	KIS(inside_most, 2);
	KIS(passes, 600);
	KIS(semaphore.units, 2);
}
