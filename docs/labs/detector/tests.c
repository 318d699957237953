/*
 * tests.c - the tests of lab 9: the deadlock detector.
 */
#include "docs/labs/detector/graph.h"
#include "docs/labs/detector/locker.h"

#define LOCKERS		3

static struct locker locker[LOCKERS];

CASE(two_tasks_that_wait_for_each_other)
{
	expect(shows("ab", GRAPH({ WAITS, "b" }, { WAITS, "a" })));
}

CASE(circle_of_five_is_shown_in_order)
{
	expect(shows("abcde", GRAPH({ WAITS, "c" }, { WAITS, "e" },
				    { WAITS, "b" }, { WAITS, "a" },
				    { WAITS, "d" })));
}

CASE(task_that_waits_for_itself)
{
	expect(shows("a", GRAPH({ WAITS, "a" })));
}

CASE(two_circles_are_two_lines)
{
	expect(shows("ac bd", GRAPH({ WAITS, "c" }, { WAITS, "d" },
				    { WAITS, "a" }, { WAITS, "b" })));
}

CASE(chain_that_ends_is_no_deadlock)
{
	expect(shows("", GRAPH({ WAITS, "b" }, { WAITS, "c" },
			       { SLEEPS, "" })));
}

CASE(deadline_is_a_way_out)
{
	expect(shows("", GRAPH({ WAITS, "b" }, { POLLS, "a" })));
}

CASE(second_ender_is_a_way_out)
{
	expect(shows("", GRAPH({ WAITS, "b" }, { WAITS, "ac" },
			       { SLEEPS, "" })));
}

CASE(task_outside_waits_for_the_circle)
{
	expect(shows("bc", GRAPH({ WAITS, "b" }, { WAITS, "c" },
				 { WAITS, "b" })));
}

CASE(lock_that_closes_a_circle_is_refused)
{
	start_lockers(locker, 2);
	require(tell(&locker[0], F_WRLCK, 0) == 0);
	require(tell(&locker[1], F_WRLCK, 1) == 0);
	require(tell(&locker[0], F_WRLCK, 1) == SLEEPS_ON);
	mark(1);
	expect(tell(&locker[1], F_WRLCK, 0) == EDEADLK);
	expect(tell(&locker[1], F_UNLCK, 1) == 0);
	expect(answer_of(&locker[0]) == 0);
	end_lockers(locker, 2);
}

CASE(lock_without_a_circle_waits)
{
	start_lockers(locker, 3);
	require(tell(&locker[0], F_WRLCK, 0) == 0);
	require(tell(&locker[1], F_WRLCK, 1) == 0);
	expect(tell(&locker[0], F_WRLCK, 1) == SLEEPS_ON);
	expect(tell(&locker[2], F_WRLCK, 0) == SLEEPS_ON);
	expect(tell(&locker[1], F_UNLCK, 1) == 0);
	expect(answer_of(&locker[0]) == 0);
	end_lockers(locker, 3);
}

LAB_MAIN
