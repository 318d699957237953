/*
 * sched_policy.c - policies and priorities: which values there are, who may set
 * them, who inherits them; the nice values of processes and of users.
 *
 * The cases of ordinary users are for root alone, who becomes such a user.
 */
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>

#include "tests/user/helpers.h"

#define NOBODY	65534

static int is_root(void)
{
	return getuid() == 0;
}

static int set(pid_t pid, int policy, int priority)
{
	const struct sched_param param = { .sched_priority = priority };

	return sched_setscheduler(pid, policy, &param);
}

static int priority_of(pid_t pid)
{
	struct sched_param param = { .sched_priority = -1 };

	return sched_getparam(pid, &param) == 0 ? param.sched_priority : -1;
}

CASE(priority_outside_its_policy_is_taken)
{
	int least = sched_get_priority_min(SCHED_FIFO);
	int most = sched_get_priority_max(SCHED_FIFO);

	expect(most - least >= 31);
	expect_error(set(0, SCHED_FIFO, least - 1), EINVAL);
	expect_error(set(0, SCHED_RR, most + 1), EINVAL);
	expect_error(set(0, SCHED_OTHER, 1), EINVAL);
	expect_error(set(0, 77, 0), EINVAL);
	expect_error(set(-1, SCHED_OTHER, 0), EINVAL);
	expect_error(set(999999, SCHED_OTHER, 0), ESRCH);
	expect_error(sched_getscheduler(999999), ESRCH);
	expect(sched_getscheduler(0) == SCHED_OTHER && priority_of(0) == 0);
}

CASE(policy_is_not_what_was_set)
{
	struct sched_param param = { .sched_priority = 7 };
	struct timespec slice;

	if (!is_root())
		return;
	expect(set(0, SCHED_FIFO, 3) >= 0);
	expect(sched_getscheduler(getpid()) == SCHED_FIFO);
	expect(priority_of(0) == 3);
	expect(sched_setparam(0, &param) == 0 && priority_of(0) == 7);
	expect(set(0, SCHED_RR, 9) >= 0 && sched_getscheduler(0) == SCHED_RR);
	expect(sched_rr_get_interval(0, &slice) == 0);
	expect(slice.tv_sec > 0 || slice.tv_nsec > 0);
	expect_error(sched_setparam(999999, &param), ESRCH);
	param.sched_priority = 1000;
	expect_error(sched_setparam(0, &param), EINVAL);
	expect(priority_of(0) == 9);
	expect(set(0, SCHED_OTHER, 0) >= 0 && priority_of(0) == 0);
}

static int tell_policy(void)
{
	return sched_getscheduler(0) * 10 + priority_of(0);
}

CASE(child_does_not_inherit_its_policy)
{
	if (!is_root())
		return;
	require(set(0, SCHED_RR, 5) >= 0);
	expect(run_in_child(tell_policy) == SCHED_RR * 10 + 5);
}

static void *tell_own(void *unused)
{
	struct sched_param param;
	int policy;

	(void)unused;
	expect(pthread_getschedparam(pthread_self(), &policy, &param) == 0);
	return (void *)(long)(policy * 10 + param.sched_priority);
}

CASE(thread_changes_the_policy_of_its_process)
{
	struct sched_param param = { .sched_priority = 4 };
	pthread_t thread;
	void *result;
	int policy;

	if (!is_root())
		return;
	expect(pthread_setschedparam(pthread_self(), SCHED_FIFO, &param) == 0);
	require(pthread_create(&thread, NULL, tell_own, NULL) == 0);
	expect(pthread_join(thread, &result) == 0);
	expect((long)result == SCHED_FIFO * 10 + 4);
	expect(pthread_setschedprio(pthread_self(), 6) == 0);
	expect(pthread_getschedparam(pthread_self(), &policy, &param) == 0);
	expect(policy == SCHED_FIFO && param.sched_priority == 6);
	param.sched_priority = 99;
	expect(pthread_setschedparam(pthread_self(), SCHED_FIFO, &param)
	       == EINVAL);
}

/* ---- Ordinary users ------------------------------------------------------ */

/* Root's processes, and init, are the victims. */
static int be_nobody(void)
{
	const struct sched_param none = { .sched_priority = 0 };
	const pid_t victim = getppid();

	require(setuid(NOBODY) == 0);
	expect_error(set(0, SCHED_FIFO, 1), EPERM);
	expect_error(set(0, SCHED_RR, 1), EPERM);
	expect_error(set(victim, SCHED_OTHER, 0), EPERM);
	expect_error(sched_setparam(1, &none), EPERM);
	expect(sched_getscheduler(victim) == SCHED_OTHER);
	expect(set(0, SCHED_OTHER, 0) >= 0);
	expect(sched_setparam(0, &none) == 0);
	expect_error(setpriority(PRIO_PROCESS, victim, 10), EPERM);
	expect_error(setpriority(PRIO_USER, 0x7fff, 10), ESRCH);
	expect_error(getpriority(PRIO_USER, 0x7fff), ESRCH);
	expect(setpriority(PRIO_PROCESS, 0, 5) == 0);
	expect_error(setpriority(PRIO_PROCESS, 0, 3), EACCES);
	expect(setpriority(PRIO_USER, NOBODY, 6) == 0);
	expect(getpriority(PRIO_USER, 0) == 6);
	return case_failed;
}

CASE(ordinary_user_gets_a_better_policy)
{
	if (is_root())
		expect(run_in_child(be_nobody) == 0);
	expect(sched_getscheduler(0) == SCHED_OTHER);
}

/* RLIMIT_RTPRIO and RLIMIT_NICE are rights of ordinary users. */
static int use_the_rights(void)
{
	const struct rlimit priority = { 5, 5 }, nice = { 25, 25 };
	struct rlimit more = { 6, 6 };

	require(setrlimit(RLIMIT_RTPRIO, &priority) == 0);
	require(setrlimit(RLIMIT_NICE, &nice) == 0);
	require(setuid(NOBODY) == 0);
	expect_error(set(0, SCHED_FIFO, 6), EPERM);
	expect(set(0, SCHED_FIFO, 5) >= 0 && priority_of(0) == 5);
	expect(set(0, SCHED_RR, 1) >= 0 && set(0, SCHED_OTHER, 0) >= 0);
	expect_error(setrlimit(RLIMIT_RTPRIO, &more), EPERM);
	expect_error(setpriority(PRIO_PROCESS, 0, -6), EACCES);
	expect(setpriority(PRIO_PROCESS, 0, -5) == 0);
	expect(setpriority(PRIO_PROCESS, 0, 5) == 0);
	expect(setpriority(PRIO_PROCESS, 0, -4) == 0);
	more.rlim_cur = 0;
	more.rlim_max = 5;
	expect(setrlimit(RLIMIT_RTPRIO, &more) == 0);
	expect_error(set(0, SCHED_FIFO, 1), EPERM);
	return case_failed;
}

CASE(right_by_a_limit_is_refused)
{
	if (is_root())
		expect(run_in_child(use_the_rights) == 0);
}

static int sleep_as_nobody(void)
{
	require(setuid(NOBODY) == 0);
	return sleep_for_ever();
}

/* PRIO_USER means the processes of this effective user. */
CASE(nice_value_of_a_user_reaches_another_user)
{
	pid_t child, own;

	if (!is_root())
		return;
	child = start(sleep_as_nobody);
	own = start(sleep_for_ever);
	until_asleep(child);
	expect(setpriority(PRIO_USER, NOBODY, 9) == 0);
	expect(getpriority(PRIO_PROCESS, child) == 9);
	expect(getpriority(PRIO_PROCESS, own) == 0);
	expect(getpriority(PRIO_USER, NOBODY) == 9);
	kill_and_wait(child);
	kill_and_wait(own);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
