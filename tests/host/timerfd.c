/*
 * timerfd.c - kernel/ipc/timerfd.c and timer.c: each expiry is counted once,
 * and no timer works while nobody reads.
 *
 * flags: -iquote tests/host/machine -Itests/host/stub
 * link: tests/host/stub/kernel.c tests/host/stub/memory.c
 *
 * The test moves the clock. A read or a poll is a call of the operation.
 */
#include "tests/host/stub/host.h"

#include "kernel/ipc/timerfd.c"
#include "kernel/task/timer.c"

static struct open_file file;
static unsigned wakes, runs;

void arch_timer_arm(uint64_t deadline_ns)
{
	(void)deadline_ns;
}

void wait_wake(struct wait_queue *queue)
{
	(void)queue;
	wakes++;
}

/* The time passes, and each interrupt of a timer comes. */
static void pass_to(uint64_t ns)
{
	uint64_t next;

	runs = wakes = 0;
	while ((next = timer_next_ns()) <= ns) {
		host_now_ns = MAX(host_now_ns, next);
		timer_run();
		if (++runs == 1000000)
			break;
	}
	host_now_ns = ns;
}

/* The expiries that a read gives; 0: the read would wait. */
static uint64_t expiries(void)
{
	uint64_t *value = (uint64_t *)host_user_bytes(host_user);
	ssize_t done = timerfd_read(&file, host_user, sizeof(*value));

	return done == sizeof(*value) ? *value : 0;
}

static void create(uint64_t first_ns, uint64_t interval_ns)
{
	file.object = timerfd_create(CLOCK_MONOTONIC);
	host_now_ns = 1000;
	timerfd_set(&file, first_ns, interval_ns);
}

static void destroy(void)
{
	object_put(file.object);
}

static void try_unread(void)
{
	create(1001, 1);
	pass_to(1000000000);
	ok(runs == 1 && wakes == 1, "timer_works_while_nobody_reads");
	ok(timerfd_poll(&file) == POLLIN, "unread_expiries_are_not_polled");
	ok(expiries() == 1000000000 - 1000, "expiries_are_lost_or_doubled");
	pass_to(1000000001);
	ok(wakes == 1, "timer_stays_stopped_after_a_read");
	destroy();
}

static void try_late_interrupt(void)
{
	create(1100, 100);
	host_now_ns = 1250;		/* two have expired */
	timer_run();
	ok(expiries() == 2, "late_interrupt_loses_an_expiry");
	ok(timer_next_ns() == 1300, "late_interrupt_moves_all_that_follow");
	pass_to(1299);
	ok(expiries() == 0, "expiry_comes_too_early");
	pass_to(1300);
	ok(expiries() == 1, "expiry_does_not_come_at_its_time");
	destroy();
}

static void try_once(void)
{
	create(1100, 0);
	pass_to(5000);
	ok(expiries() == 1 && timer_next_ns() == FOREVER,
	   "timer_without_interval_repeats");
	pass_to(9000);
	ok(expiries() == 0, "timer_without_interval_expires_again");
	destroy();
}

static void try_end_of_time(void)
{
	create(1001, FOREVER);
	pass_to(1000000);
	ok(expiries() == 1, "interval_of_all_time_does_not_expire_once");
	ok(timer_next_ns() == FOREVER, "sum_wraps_at_the_end_of_time");
	destroy();
	create(1001, FOREVER - 2000);
	pass_to(1000000);
	ok(expiries() == 1 && timer_next_ns() == FOREVER - 999,
	   "last_expiry_before_the_end_of_time_is_lost");
	destroy();
}

static void try_bad_address(void)
{
	create(1100, 100);
	pass_to(1200);
	ok(timerfd_read(&file, 4096, 8) == -EFAULT, "bad_address_is_no_error");
	ok(expiries() == 2, "bad_address_takes_the_expiries");
	destroy();
}

int main(void)
{
	host_init(64);
	try_unread();
	try_late_interrupt();
	try_once();
	try_end_of_time();
	try_bad_address();
	return tap_done();
}
