/*
 * thread_schedule.c - the policy and the priority with which a thread begins:
 * inherited, or by its attributes. Any POSIX system whose root may use the
 * real-time policies.
 */
#include <sched.h>

#include "tests/user/thread_case.h"

static pthread_attr_t attr;

static int is_root(void)
{
	return getuid() == 0;
}

/* What the thread sees: 100 times the policy, and the priority. */
static void *look(void *unused)
{
	struct sched_param param;
	int policy;

	(void)unused;
	require(pthread_getschedparam(pthread_self(), &policy, &param) == 0);
	return (void *)(long)(policy * 100 + param.sched_priority);
}

static long start_and_look(void)
{
	pthread_t thread;
	void *seen;

	require(pthread_create(&thread, &attr, look, NULL) == 0);
	require(pthread_join(thread, &seen) == 0);
	return (long)seen;
}

static int set(int inherits, int policy, int priority)
{
	const struct sched_param param = { .sched_priority = priority };
	int error;

	pthread_attr_init(&attr);
	error = pthread_attr_setinheritsched(&attr, inherits);
	if (!error)
		error = pthread_attr_setschedpolicy(&attr, policy);
	if (!error)
		error = pthread_attr_setschedparam(&attr, &param);
	return error;
}

static void be_urgent_thread(int policy, int priority)
{
	const struct sched_param param = { .sched_priority = priority };

	require(pthread_setschedparam(pthread_self(), policy, &param) == 0);
}

CASE(attribute_of_scheduling_is_forgotten)
{
	struct sched_param param;
	int value = -1;

	expect(set(PTHREAD_EXPLICIT_SCHED, SCHED_RR, 9) == 0);
	expect(pthread_attr_getinheritsched(&attr, &value) == 0 &&
	       value == PTHREAD_EXPLICIT_SCHED);
	expect(pthread_attr_getschedpolicy(&attr, &value) == 0 &&
	       value == SCHED_RR);
	expect(pthread_attr_getschedparam(&attr, &param) == 0 &&
	       param.sched_priority == 9);
}

CASE(attribute_takes_a_priority_of_another_policy)
{
	expect(set(PTHREAD_EXPLICIT_SCHED, SCHED_OTHER, 5) == EINVAL);
	expect(set(PTHREAD_EXPLICIT_SCHED, SCHED_FIFO, 0) == EINVAL);
	expect(set(PTHREAD_EXPLICIT_SCHED, SCHED_FIFO, 1000) == EINVAL);
	expect(set(PTHREAD_EXPLICIT_SCHED, SCHED_FIFO, -1) == EINVAL);
	expect(set(PTHREAD_EXPLICIT_SCHED, 77, 0) == EINVAL);
}

CASE(explicit_thread_inherits)
{
	if (!is_root())
		return;
	expect(set(PTHREAD_EXPLICIT_SCHED, SCHED_FIFO, 7) == 0);
	expect(start_and_look() == SCHED_FIFO * 100 + 7);
	expect(set(PTHREAD_EXPLICIT_SCHED, SCHED_RR, 9) == 0);
	expect(start_and_look() == SCHED_RR * 100 + 9);
	expect((long)look(NULL) == SCHED_OTHER * 100);
}

CASE(explicit_thread_of_an_urgent_thread_is_urgent)
{
	if (!is_root())
		return;
	be_urgent_thread(SCHED_FIFO, 4);
	expect(set(PTHREAD_EXPLICIT_SCHED, SCHED_OTHER, 0) == 0);
	expect(start_and_look() == SCHED_OTHER * 100);
}

CASE(inheriting_thread_has_the_policy_of_its_attributes)
{
	expect(set(PTHREAD_INHERIT_SCHED, SCHED_FIFO, 7) == 0);
	expect(start_and_look() == SCHED_OTHER * 100);
	if (!is_root())
		return;
	be_urgent_thread(SCHED_RR, 3);
	expect(start_and_look() == SCHED_RR * 100 + 3);
	pthread_attr_init(&attr);
	expect(start_and_look() == SCHED_RR * 100 + 3);
}

/* The policy was set, and its priority was not. */
CASE(thread_begins_with_a_priority_that_is_none)
{
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
	require(pthread_attr_setschedpolicy(&attr, SCHED_FIFO) == 0);
	expect(pthread_create(&thread, &attr, look, NULL) == EINVAL);
	pthread_attr_setinheritsched(&attr, PTHREAD_INHERIT_SCHED);
	expect(start_and_look() == SCHED_OTHER * 100);
}

static int begin_as_a_user(void)
{
	pthread_t thread;

	require(!is_root() || setuid(1000) == 0);
	require(set(PTHREAD_EXPLICIT_SCHED, SCHED_FIFO, 7) == 0);
	if (pthread_create(&thread, &attr, look, NULL) != EPERM)
		return 1;
	require(set(PTHREAD_EXPLICIT_SCHED, SCHED_OTHER, 0) == 0);
	return start_and_look() != SCHED_OTHER * 100;
}

CASE(user_begins_a_thread_in_real_time)
{
	expect(run_in_child(begin_as_a_user) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
