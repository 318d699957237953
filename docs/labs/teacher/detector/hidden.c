/*
 * hidden.c - the tests of lab 9 that students do not see.
 */
#include "docs/labs/detector/graph.h"
#include "docs/labs/detector/locker.h"

#define LOCKERS		3

static struct locker locker[LOCKERS];

/* The end of a long way of enders goes on, so all others can. Both orders: the
 * help comes from the last task of the list, and from the first. */
CASE(help_comes_from_afar)
{
	expect(shows("", GRAPH({ WAITS, "b" }, { WAITS, "ac" }, { WAITS, "bd" },
			       { WAITS, "ce" }, { RUNS, "" })));
	expect(shows("", GRAPH({ RUNS, "" }, { WAITS, "ca" }, { WAITS, "bd" },
			       { WAITS, "ce" }, { WAITS, "d" })));
}

CASE(signal_is_a_way_out)
{
	expect(shows("", GRAPH({ WAITS, "b" }, { PAUSES, "" })));
	expect(shows("", GRAPH({ WAITS, "b" }, { WATCHES, "a" })));
}

/* Either circle is right, and task a is in a single line. */
CASE(knot_is_shown_once)
{
	const char *shown;

	start_graph(GRAPH({ WAITS, "bc" }, { WAITS, "a" }, { WAITS, "a" }));
	shown = shown_circles();
	expect(strcmp(shown, "ab") == 0 || strcmp(shown, "ac") == 0);
	end_graph();
}

/* Two tasks lead into the circle, before and behind it in the list. */
CASE(ways_into_a_circle_are_not_in_the_line)
{
	expect(shows("bd", GRAPH({ WAITS, "c" }, { WAITS, "d" }, { WAITS, "d" },
				 { WAITS, "b" }, { WAITS, "a" })));
}

CASE(circle_of_three_locks_is_refused)
{
	start_lockers(locker, 3);
	for (int i = 0; i < 3; i++)
		require(tell(&locker[i], F_WRLCK, i) == 0);
	require(tell(&locker[0], F_WRLCK, 1) == SLEEPS_ON);
	require(tell(&locker[1], F_WRLCK, 2) == SLEEPS_ON);
	expect(tell(&locker[2], F_WRLCK, 0) == EDEADLK);
	end_lockers(locker, 3);
}

/* A write lock needs the end of both read locks; this owner waits for the
 * caller. */
static void wait_for_owner(int owner)
{
	start_lockers(locker, 3);
	require(tell(&locker[0], F_RDLCK, 0) == 0);
	require(tell(&locker[1], F_RDLCK, 0) == 0);
	require(tell(&locker[2], F_WRLCK, 1) == 0);
	require(tell(&locker[owner], F_WRLCK, 1) == SLEEPS_ON);
	expect(tell(&locker[2], F_WRLCK, 0) == EDEADLK);
	end_lockers(locker, 3);
}

CASE(circle_through_each_owner_is_refused)
{
	wait_for_owner(0);
	wait_for_owner(1);
}

LAB_MAIN
