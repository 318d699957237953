/*
 * hostile_tasks.c - a user takes tasks and ids. Root and different users still
 * start programs, and all comes back.
 */
#include <limits.h>
#include <mqueue.h>
#include <pthread.h>

#include "tests/user/greedy.h"

#define THREADS_EACH	100

static void *wait_for_ever(void *unused)
{
	(void)unused;
	sleep_until_killed();
	return NULL;
}

/* Exit status 1: a thread was refused. */
static int start_threads(void)
{
	pthread_attr_t attr;
	pthread_t thread;
	int error = 0;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, PTHREAD_STACK_MIN);
	for (int i = 0; i < THREADS_EACH && !error; i++)
		error = pthread_create(&thread, &attr, wait_for_ever, NULL);
	expect(!error || error == EAGAIN);
	raise(SIGSTOP);
	sleep_until_killed();
	return 0;
}

static void take_threads(void)
{
	pid_t pid;

	for (int i = 0; i < 8; i++) {
		pid = fork();
		if (pid == 0)
			start_threads();
		if (pid < 0)
			break;
		wait_for_stop(pid);
	}
	expect_error(fork(), EAGAIN);
}

CASE(threads_of_a_user_leave_root_its_tasks)
{
	pid_t pid = attack_as(ATTACKER, take_threads);

	expect(used_by(ATTACKER, "tasks") <= USER_TASKS_MAX);
	expect(used_by(ATTACKER, "tasks") > USER_TASKS_MAX / 2);
	expect(root_can_work());
	kill_and_wait(pid);
}

static void take_processes(void)
{
	pid_t pid;

	while ((pid = fork()) > 0)
		;
	if (pid == 0)
		sleep_until_killed();
	expect(errno == EAGAIN);
}

static int nothing(void)
{
	return 0;
}

static void fork_once(void)
{
	expect(run_in_child(nothing) == 0);
}

CASE(users_with_equal_low_bits_have_limits_of_their_own)
{
	pid_t one = attack_as(ATTACKER, take_processes);
	pid_t two = attack_as(ATTACKER + 64, fork_once);

	expect(used_by(ATTACKER, "processes") == CHILD_MAX);
	expect(root_can_work());
	kill_and_wait(one);
	kill_and_wait(two);
}

static int ask_for_notice(mqd_t queue)
{
	struct sigevent event = { .sigev_notify = SIGEV_NONE };

	return mq_notify(queue, &event);
}

/* A queue travels in a message after the end of the process that asked for its
 * notice, as often as the user may send descriptors. */
static void take_ids(void)
{
	struct mailbox_attr box_attr = { MAILBOX_UNBOUNDED, 8, 0 };
	struct message head = { .flags = MESSAGE_HAS_FD };
	struct mq_attr attr = { .mq_maxmsg = 1, .mq_msgsize = 8 };
	int box = mailbox_open(NULL, O_RDWR | O_CREAT, 0600, &box_attr);
	mqd_t queue;
	pid_t pid;

	require(box >= 0);
	for (int i = 0; i < USER_IDS_MAX + 50; i++) {
		queue = mq_open("/hostile", O_RDWR | O_CREAT, 0600, &attr);
		require(queue != (mqd_t)-1 && mq_unlink("/hostile") == 0);
		pid = fork_or_fail();
		if (pid == 0)
			_exit(ask_for_notice(queue) != 0);
		require(result_of(pid) == 0);
		head.fd = queue;
		if (mailbox_send(box, &head, "", 0, NULL) != 0)
			break;		/* a user has so many in messages */
		mq_close(queue);
	}
}

CASE(notice_does_not_keep_the_id_of_a_dead_process)
{
	pid_t pid = attack_as(ATTACKER, take_ids);

	expect(used_by(ATTACKER, "ids") < 10);
	expect(root_can_work());
	kill_and_wait(pid);
	expect(used_by(ATTACKER, "memory") == -1);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
