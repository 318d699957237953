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

/* ---- exec ---------------------------------------------------------------- */

static void exec_self(const char *what)
{
	execl(case_program, case_program, what, NULL);
	_exit(99);
}

/* The part of main() after an exec of this program. */
static int after_exec(const char *what)
{
	struct itimerval left;

	if (strcmp(what, "left") == 0)
		return alarm(0) == 100 ? 7 : 1;
	if (getitimer(ITIMER_PROF, &left) < 0)
		return 2;
	return left.it_value.tv_sec == 0 ? 3 : 7;
}

CASE(alarm_survives_exec)
{
	pid_t child = fork_or_fail();

	if (child == 0) {
		alarm(100);
		exec_self("exec-left");
	}
	expect(result_of(child) == 7);
}

CASE(profiling_timer_survives_exec)
{
	const struct itimerval later = { .it_value.tv_sec = 100 };
	pid_t child = fork_or_fail();

	if (child == 0) {
		setitimer(ITIMER_PROF, &later, NULL);
		exec_self("exec-prof");
	}
	expect(result_of(child) == 7);
}

CASE(ualarm_repeats)
{
	set_handler(SIGALRM, catch_it, 0);
	expect(ualarm(2000, 2000) == 0);
	while (caught < 3)
		pause();
	expect(ualarm(0, 0) <= 2000);
}

/* ---- Time used ----------------------------------------------------------- */

static volatile unsigned work;

CASE(virtual_timer_counts_what_is_used)
{
	const struct itimerval soon = { .it_value.tv_usec = 20000 };
	struct itimerval left;

	set_handler(SIGVTALRM, catch_it, 0);
	expect(setitimer(ITIMER_VIRTUAL, &soon, NULL) == 0);
	while (!caught)
		work++;
	expect(caught_signal == SIGVTALRM);
	expect(getitimer(ITIMER_VIRTUAL, &left) == 0);
	expect(left.it_value.tv_sec == 0 && left.it_value.tv_usec == 0);
}

CASE(profiling_timer_counts_calls_too)
{
	const struct itimerval often = {
		.it_value.tv_usec = 10000, .it_interval.tv_usec = 10000,
	};

	set_handler(SIGPROF, catch_it, 0);
	expect(setitimer(ITIMER_PROF, &often, NULL) == 0);
	while (caught < 3)
		getppid();
	expect(caught_signal == SIGPROF);
}

/* A tenth of a second passes, without use of the processor. */
CASE(time_asleep_is_not_used)
{
	const struct timespec while_asleep = { 0, 100000000 };
	const struct itimerval value = { .it_value.tv_usec = 80000 };

	set_handler(SIGVTALRM, catch_it, 0);
	set_handler(SIGPROF, catch_it, 0);
	expect(setitimer(ITIMER_VIRTUAL, &value, NULL) == 0);
	expect(setitimer(ITIMER_PROF, &value, NULL) == 0);
	expect(nanosleep(&while_asleep, NULL) == 0);
	expect(caught == 0);
}

CASE(what_is_left_gets_less_with_use)
{
	const struct itimerval value = { .it_value.tv_sec = 100 };
	struct itimerval left, old;

	expect(setitimer(ITIMER_VIRTUAL, &value, NULL) == 0);
	do {
		work++;
		expect(getitimer(ITIMER_VIRTUAL, &left) == 0);
	} while (left.it_value.tv_sec == 100 && !case_failed);
	expect(left.it_value.tv_sec == 99);
	expect(setitimer(ITIMER_VIRTUAL, &value, &old) == 0);
	expect(old.it_value.tv_sec == 99);
}

CASE_DIES(profiling_timer_without_a_handler_is_fatal, SIGPROF)
{
	const struct itimerval soon = { .it_value.tv_usec = 1000 };

	setitimer(ITIMER_PROF, &soon, NULL);
	for (;;)
		work++;
}

static int has_no_timer(void)
{
	struct itimerval left;

	if (getitimer(ITIMER_VIRTUAL, &left) < 0 || left.it_value.tv_sec)
		return 1;
	return 7;
}

CASE(child_of_a_fork_has_no_virtual_timer)
{
	const struct itimerval value = { .it_value.tv_sec = 100 };

	expect(setitimer(ITIMER_VIRTUAL, &value, NULL) == 0);
	expect(run_in_child(has_no_timer) == 7);
}

CASE(bad_values_are_einval)
{
	struct itimerval bad = { .it_value.tv_usec = 1000000 };

	expect_error(setitimer(ITIMER_REAL, &bad, NULL), EINVAL);
	bad.it_value.tv_usec = 0;
	expect_error(setitimer(77, &bad, NULL), EINVAL);
	expect_error(getitimer(-1, &bad), EINVAL);
}

int main(int argc, char **argv)
{
	if (argc == 2 && strncmp(argv[1], "exec-", 5) == 0)
		return after_exec(argv[1] + 5);
	return run_cases(argc, argv);
}
