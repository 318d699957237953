/*
 * hostile_reuse.c - a process ends and leaves a timer, a notification or a
 * descriptor that names the process by its number. A process of root gets the
 * same number, and must not inherit the attacker's objects.
 *
 * linux: no
 */
#include <mqueue.h>
#include <poll.h>
#include <sys/stat.h>

#include "tests/user/hostile.h"

#pragma weak pidfd_open
int pidfd_open(pid_t pid, unsigned flags);

static const char queue_name[] = "/hostile_reuse";

static int leave_things(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL,
				  .sigev_signo = SIGUSR1 };
	mqd_t queue = mq_open(queue_name, O_RDWR);

	expect(queue >= 0 && mq_notify(queue, &event) == 0);
	return case_failed;
}

/* Fork until a child has the number; the child waits. */
static pid_t fork_with_number(pid_t wanted)
{
	for (int tries = 0; tries < 20000; tries++) {
		pid_t child = fork_or_fail();

		if (child == 0) {
			if (getpid() != wanted)
				_exit(0);
			pause();
			_exit(0);
		}
		if (child == wanted)
			return child;
		result_of(child);
	}
	return -1;
}

CASE(a_number_that_is_used_again_inherits_nothing)
{
	struct mq_attr attr = { .mq_maxmsg = 2, .mq_msgsize = 8 };
	struct pollfd end = { .events = POLLIN };
	pid_t attacker, heir;
	char bytes[8];
	mqd_t queue;

	umask(0);
	queue = mq_open(queue_name, O_RDWR | O_CREAT, 0666, &attr);
	require(queue >= 0);
	attacker = fork_or_fail();
	if (attacker == 0) {
		become_attacker();
		_exit(leave_things());
	}
	end.fd = pidfd_open(attacker, 0);
	require(end.fd >= 0);
	expect(result_of(attacker) == 0);
	heir = fork_with_number(attacker);
	require(heir == attacker);
	until_asleep(heir);

	/* The notification was for the process that has ended. */
	expect(mq_send(queue, "x", 1, 0) == 0);
	expect(is_asleep(heir));
	expect(mq_receive(queue, bytes, 8, NULL) == 1);
	/* The descriptor means the process that has ended. */
	expect(poll(&end, 1, 0) == 1 && end.revents & POLLIN);
	close(end.fd);
	kill_and_wait(heir);
	mq_close(queue);
	mq_unlink(queue_name);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
