/*
 * tests.c - the tests of lab 10: priority inheritance.
 */
#include "docs/labs/inheritance/worker.h"

CASE(lock_is_for_one_thread)
{
	begin();
	for (int i = 0; i < 3; i++)
		start_worker(i, 5, "AxaAxa*");
	settle();
	expect(!not_alone);
	expect(strlen(log_text) == 3);
}

CASE(waiter_sleeps_until_the_unlock)
{
	begin();
	start_worker(0, 5, "A.a");
	settle();
	mark(1);
	start_worker(1, 10, "mA*a");
	settle();
	require(log_is(""));
	mark(3);
	go(0);
	settle();
	expect(log_is("b") && has_ended(0) && has_ended(1));
}

CASE(owner_has_the_priority_of_its_waiter)
{
	begin();
	start_worker(0, 5, "A.a");
	settle();
	start_worker(1, 10, "A");
	settle();
	expect(priority_of(0) == 10);
	start_worker(2, 20, "A");
	settle();
	expect(priority_of(0) == 20);
}

/* Thread a is low and owns the lock, b is high and waits, c is in the middle
 * and needs no lock. */
CASE(middle_does_not_run_before_high)
{
	begin();
	start_worker(0, 5, "A.*a");
	settle();
	start_worker(1, 20, "A*a");
	settle();
	start_worker(2, 10, "*");
	go(0);
	settle();
	expect(log_is("abc"));
}

CASE(unlock_gives_the_priority_back)
{
	begin();
	start_worker(0, 5, "A.a.");
	settle();
	start_worker(1, 20, "A.");
	settle();
	require(priority_of(0) == 20);
	go(0);
	settle();
	expect(priority_of(0) == 5);
	expect(priority_of(1) == 20);
}

CASE(highest_waiter_gets_the_lock)
{
	begin();
	start_worker(0, 5, "A.a");
	settle();
	start_worker(1, 10, "A*a");
	settle();
	start_worker(2, 20, "A*a");
	settle();
	start_worker(3, 15, "A*a");
	settle();
	go(0);
	settle();
	expect(log_is("cdb"));
}

CASE(equals_get_the_lock_in_order)
{
	begin();
	start_worker(0, 5, "A.a");
	settle();
	for (int i = 1; i < 4; i++) {
		start_worker(i, 10, "A*a");
		settle();
	}
	go(0);
	settle();
	expect(log_is("bcd"));
}

/* c waits for b, and b for a. */
CASE(priority_goes_along_the_chain)
{
	begin();
	start_worker(0, 5, "A.*a");
	settle();
	start_worker(1, 10, "BA*ab");
	settle();
	start_worker(2, 20, "B*b");
	settle();
	expect(priority_of(1) == 20);
	expect(priority_of(0) == 20);
	start_worker(3, 15, "*");
	go(0);
	settle();
	expect(log_is("abcd"));
}

LAB_MAIN
