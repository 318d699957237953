/*
 * hostile_nested.c - deferred work of the kernel that is begun again in the
 * middle of the same work, on the same stack.
 *
 * A task tells many tasks of an event, with a chance to switch after each. Each
 * told task goes before the first task, makes a call that leaves deferred work,
 * and sleeps in this call. Then the first task goes on, and finds the new work.
 * An ordinary user gets this order of tasks by SCHED_IDLE; the case takes
 * priorities, so that no other program disturbs the order.
 *
 * linux: no
 */
#include <sys/epoll.h>

#include "tests/user/mailbox_case.h"

#define TASKS		240

static int add_to_new_set(int fd)
{
	struct epoll_event event = { .events = EPOLLIN };
	int set = epoll_create1(0);

	require(set >= 0);
	require(epoll_ctl(set, EPOLL_CTL_ADD, fd, &event) == 0);
	return set;
}

/* Sleep in poll(), and then in a call that tells a set in a set. */
static void be_told(int set, int fd)
{
	struct pollfd poller = { .fd = set, .events = POLLIN };
	struct message request = { .type = 1, .fd = -1 };
	int outer;

	be_urgent(2);
	outer = add_to_new_set(add_to_new_set(fd));
	require(outer >= 0 && poll(&poller, 1, -1) == 1);
	mailbox_call(fd, &request, NULL, NULL, 0, NULL);
	_exit(1);
}

static int nest(void)
{
	pid_t told[TASKS];
	int fds[2], set;

	require(pipe(fds) == 0);
	set = add_to_new_set(fds[0]);
	for (int i = 0; i < TASKS; i++) {
		int fd = private_box(1, BYTES);	/* the attacker could receive */

		told[i] = fork_or_fail();
		if (told[i] == 0)
			be_told(set, fd);
		until_asleep(told[i]);
	}
	be_urgent(1);
	require(write(fds[1], "x", 1) == 1);
	for (int i = 0; i < TASKS; i++)
		until_asleep(told[i]);
	for (int i = 0; i < TASKS; i++)
		expect(kill_and_wait(told[i]) == -SIGKILL);
	return case_failed;
}

CASE(deferred_work_nests_without_end)
{
	expect(run_in_child(nest) == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
