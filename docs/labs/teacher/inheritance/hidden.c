/*
 * hidden.c - the tests of lab 10 that students do not see.
 */
#include "docs/labs/inheritance/worker.h"

CASE(other_lock_keeps_the_priority)
{
	begin();
	start_worker(0, 5, "AB.b.a.");
	settle();
	start_worker(1, 15, "A.");
	start_worker(2, 25, "B.");
	settle();
	require(priority_of(0) == 25);
	go(0);
	settle();
	expect(priority_of(0) == 15);
	go(0);
	settle();
	expect(priority_of(0) == 5);
}

CASE(waiter_that_gives_up_takes_its_priority_along)
{
	begin();
	start_worker(0, 5, "A.a");
	settle();
	start_worker(1, 20, "T");
	settle();
	require(priority_of(0) == 20);
	require(pthread_join(worker[1].thread, NULL) == 0);
	expect(worker[1].failure == ETIMEDOUT);
	expect(priority_of(0) == 5);
	start_worker(2, 10, "A*a");
	go(0);
	settle();
	expect(log_is("c"));
}

CASE(chain_falls_back_as_well)
{
	begin();
	start_worker(0, 5, "B.");
	settle();
	start_worker(1, 10, "AB");
	settle();
	start_worker(2, 20, "T");
	settle();
	require(priority_of(0) == 20 && priority_of(1) == 20);
	require(pthread_join(worker[2].thread, NULL) == 0);
	expect(priority_of(1) == 10);
	expect(priority_of(0) == 10);
}

/* c waits behind b, until d waits for a lock of c. */
CASE(raised_waiter_goes_first)
{
	begin();
	start_worker(0, 5, "A.a");
	settle();
	start_worker(1, 15, "A*a");
	settle();
	start_worker(2, 10, "BA*ab");
	settle();
	start_worker(3, 20, "B*b");
	settle();
	go(0);
	settle();
	expect(log_is("cdb"));
}

CASE(lower_waiter_changes_nothing)
{
	begin();
	start_worker(0, 15, "A.a");
	settle();
	start_worker(1, 5, "A*a");
	settle();
	expect(priority_of(0) == 15);
	go(0);
	settle();
	expect(log_is("b"));
}

CASE(new_owner_has_the_priority_of_the_waiters)
{
	begin();
	start_worker(0, 5, "A.a");
	settle();
	start_worker(1, 10, "A.a");
	settle();
	go(0);
	settle();
	start_worker(2, 20, "A*a");
	settle();
	expect(priority_of(1) == 20);
	expect(priority_of(2) == 20);
}

CASE(owner_is_checked)
{
	begin();
	start_worker(0, 5, "AA.");
	settle();
	expect(worker[0].failure == EDEADLK);
	start_worker(1, 5, "a");
	settle();
	expect(worker[1].failure == EPERM);
	expect(locks[0].owner == &worker[0].me);
}

LAB_MAIN
