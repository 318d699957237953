/* alarm.c - alarm() and the interval timer. Any POSIX system. */
#include <sys/time.h>

#include "tests/user/helpers.h"

CASE(alarm_sends_sigalrm)
{
	struct itimerval soon = { .it_value.tv_usec = 10000 };

	set_handler(SIGALRM, catch_it, 0);
	expect(setitimer(ITIMER_REAL, &soon, NULL) == 0);
	expect_error(pause(), EINTR);
	expect(caught_signal == SIGALRM);
}

CASE_DIES(alarm_without_a_handler_is_fatal, SIGALRM)
{
	struct itimerval soon = { .it_value.tv_usec = 10000 };

	setitimer(ITIMER_REAL, &soon, NULL);
	for (;;)
		pause();
}

CASE(alarm_tells_what_was_left_and_zero_cancels)
{
	expect(alarm(100) == 0);
	expect(alarm(50) == 100);
	expect(alarm(0) == 50);
	expect(alarm(0) == 0);
}

CASE(interval_repeats)
{
	struct itimerval often = {
		.it_value.tv_usec = 5000, .it_interval.tv_usec = 5000,
	};

	set_handler(SIGALRM, catch_it, 0);
	expect(setitimer(ITIMER_REAL, &often, NULL) == 0);
	while (caught < 3)
		pause();
	expect(getitimer(ITIMER_REAL, &often) == 0);
	expect(often.it_interval.tv_usec == 5000);
}

static int has_no_alarm(void)
{
	return alarm(0) == 0 ? 7 : 1;
}

CASE(child_of_a_fork_has_no_alarm)
{
	expect(alarm(100) == 0);
	expect(run_in_child(has_no_alarm) == 7);
	expect(alarm(0) == 100);
}

CASE(alarm_ends_a_blocked_read)
{
	struct itimerval soon = { .it_value.tv_usec = 10000 };
	char byte;
	int fds[2];

	require(pipe(fds) == 0);
	set_handler(SIGALRM, catch_it, 0);
	setitimer(ITIMER_REAL, &soon, NULL);
	expect_error(read(fds[0], &byte, 1), EINTR);
}

CASE(bad_values_are_einval)
{
	struct itimerval bad = { .it_value.tv_usec = 1000000 };

	expect_error(setitimer(ITIMER_REAL, &bad, NULL), EINVAL);
	bad.it_value.tv_usec = 0;
	expect_error(setitimer(77, &bad, NULL), EINVAL);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
