/*
 * hostile_long_crowd.c - calls that meet many tasks, locks or messages: their
 * results are right, and the calls let other tasks run in between.
 *
 * tests/tools/latency looks at the longest stretch without a chance to switch,
 * as for hostile_long_call.c.
 *
 * linux: no
 */
#include <limits.h>
#include <mailbox.h>
#include <mqueue.h>
#include <sys/msg.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

#define READERS		100
#define PIPE_CROWD	240
#define MEMBERS		150
#define LOCKS		(USER_LOCKS_MAX / 2)
#define LOCK_WAITERS	56

static char path[64];

/* ---- Many tasks ---------------------------------------------------------- */

CASE(end_of_file_wakes_only_some_readers)
{
	pid_t readers[PIPE_CROWD];
	int fds[2];
	char byte;

	require(pipe(fds) == 0);
	for (int i = 0; i < PIPE_CROWD; i++) {
		readers[i] = fork_or_fail();
		if (readers[i] == 0) {
			close(fds[1]);
			_exit(read(fds[0], &byte, 1));
		}
	}
	until_asleep(readers[PIPE_CROWD - 1]);
	close(fds[1]);
	for (int i = 0; i < PIPE_CROWD; i++)
		expect(result_of(readers[i]) == 0);
}

CASE(end_of_readers_wakes_only_some_writers)
{
	static char bytes[PIPE_BUF];
	pid_t writers[PIPE_CROWD];
	int fds[2];

	require(pipe(fds) == 0 && fcntl(fds[1], F_SETFL, O_NONBLOCK) == 0);
	while (write(fds[1], bytes, sizeof(bytes)) > 0)
		;
	require(fcntl(fds[1], F_SETFL, 0) == 0);
	signal(SIGPIPE, SIG_IGN);
	for (int i = 0; i < PIPE_CROWD; i++) {
		writers[i] = fork_or_fail();
		if (writers[i] == 0) {
			close(fds[0]);
			_exit(write(fds[1], bytes, 1) != -1 || errno != EPIPE);
		}
	}
	until_asleep(writers[PIPE_CROWD - 1]);
	close(fds[0]);
	for (int i = 0; i < PIPE_CROWD; i++)
		expect(result_of(writers[i]) == 0);
	signal(SIGPIPE, SIG_DFL);
	close(fds[1]);
}

/* Half of the processes receive, and half send into a full socket. */
CASE(shutdown_wakes_only_some_tasks_at_the_socket)
{
	static char bytes[4096];
	pid_t readers[READERS], writers[READERS];
	int fds[2];

	require(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
	while (send(fds[0], bytes, sizeof(bytes), MSG_DONTWAIT) > 0)
		;
	for (int i = 0; i < READERS; i++) {
		readers[i] = fork_or_fail();
		if (readers[i] == 0)
			_exit(recv(fds[0], bytes, 1, 0));
		writers[i] = fork_or_fail();
		if (writers[i] == 0)
			_exit(send(fds[0], bytes, 1, MSG_NOSIGNAL) != -1 ||
			      errno != EPIPE);
	}
	until_asleep(writers[READERS - 1]);
	expect(shutdown(fds[0], SHUT_RDWR) == 0);
	for (int i = 0; i < READERS; i++) {
		expect(result_of(readers[i]) == 0);
		expect(result_of(writers[i]) == 0);
	}
	close(fds[0]);
	close(fds[1]);
}

/* The group has more members than one part of the call. */
CASE(signal_to_a_large_group_misses_a_member)
{
	pid_t members[MEMBERS], leader;

	leader = start(pause);
	require(setpgid(leader, leader) == 0);
	for (int i = 0; i < MEMBERS; i++) {
		members[i] = start(pause);
		require(setpgid(members[i], leader) == 0);
	}
	expect(kill(-leader, 0) == 0);
	expect(kill(-leader, SIGTERM) == 0);
	expect(result_of(leader) == -SIGTERM);
	for (int i = 0; i < MEMBERS; i++)
		expect(result_of(members[i]) == -SIGTERM);
}

/* ---- Many receivers that cannot take the message ------------------------- */

#define NOWHERE_CROWD	200

static int queue;
static mqd_t mqueue;

static int receive_mail_nowhere(void)
{
	return mailbox_receive(queue, NULL, nowhere, 64, 0, NULL) == -1 &&
	       errno == EFAULT ? 0 : 1;
}

static int receive_posix_nowhere(void)
{
	return mq_receive(mqueue, nowhere, 8192, NULL) == -1 &&
	       errno == EFAULT ? 0 : 1;
}

static int receive_sysv_nowhere(void)
{
	return msgrcv(queue, nowhere, 64, 0, 0) == -1 &&
	       errno == EFAULT ? 0 : 1;
}

static void with_crowd(int (*receive)(void), int (*send)(void))
{
	pid_t crowd[NOWHERE_CROWD];

	for (int i = 0; i < NOWHERE_CROWD; i++)
		crowd[i] = start(receive);
	until_asleep(crowd[NOWHERE_CROWD - 1]);
	expect(send() == 0);
	for (int i = 0; i < NOWHERE_CROWD; i++)
		expect(result_of(crowd[i]) == 0);
}

static int send_mail(void)
{
	struct message message = { .type = 1, .bytes = 4, .fd = -1 };

	return mailbox_send(queue, &message, "abc", 0, NULL);
}

static int send_posix(void)
{
	static char bytes[8192];

	return mq_send(mqueue, bytes, sizeof(bytes), 0);
}

static int send_sysv(void)
{
	const struct { long type; char text[4]; } message = { 1, "abc" };

	return msgsnd(queue, &message, 4, 0);
}

/* The message comes to no receiver, and is stored. */
CASE(send_passes_receivers_with_bad_addresses_in_one_piece)
{
	struct mailbox_attr attr = { 4, 64, 0 };
	struct mq_attr posix = { .mq_maxmsg = 4, .mq_msgsize = 8192 };
	static char text[8192];

	queue = mailbox_open(NULL, O_CREAT | O_RDWR, 0600, &attr);
	require(queue >= 0);
	with_crowd(receive_mail_nowhere, send_mail);
	expect(mailbox_receive(queue, NULL, text, 64, 0, NULL) == 4);
	close(queue);
	mqueue = mq_open("/crowd", O_CREAT | O_RDWR, 0600, &posix);
	require(mqueue != (mqd_t)-1);
	with_crowd(receive_posix_nowhere, send_posix);
	expect(mq_receive(mqueue, text, 8192, NULL) == 8192);
	mq_close(mqueue);
	mq_unlink("/crowd");
	queue = msgget(IPC_PRIVATE, 0600);
	require(queue >= 0);
	with_crowd(receive_sysv_nowhere, send_sysv);
	expect(msgrcv(queue, text, 64, 0, 0) == 4);
	msgctl(queue, IPC_RMID, NULL);
}

/* ---- Many locks ---------------------------------------------------------- */

static int locked;

static int open_locked(void)
{
	snprintf(path, sizeof(path), "/tmp/locked-%d", (int)getpid());
	return open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
}

static int lock_bytes(off_t at, off_t bytes, int command)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET,
			      .l_start = at, .l_len = bytes };

	return fcntl(locked, command, &lock);
}

static int lock_byte(off_t at, int command)
{
	return lock_bytes(at, 1, command);
}

/* The lock that comes last, so each look at the locks goes through all. */
static int wait_for_last_lock(void)
{
	return lock_byte(2 * LOCKS, F_SETLKW) == 0 ? 0 : 60;
}

CASE(end_of_many_locks_wakes_all_calls_for_each)
{
	pid_t children[LOCK_WAITERS];

	locked = open_locked();
	require(locked >= 0);
	for (int i = 1; i <= LOCKS; i++)
		require(lock_byte(2 * i, F_SETLK) == 0);
	for (int i = 0; i < LOCK_WAITERS; i++) {
		children[i] = start(wait_for_last_lock);
		until_asleep(children[i]);
	}
	expect(lock_byte(1, F_SETLK) == 0);	/* in the way of no call */
	close(locked);
	for (int i = 0; i < LOCK_WAITERS; i++)
		expect(result_of(children[i]) == 0);
	unlink(path);
}

/* Each child has a lock, and waits for the locks of all children behind. */
static pid_t start_lock_chain(int place)
{
	pid_t child = fork_or_fail();

	if (child == 0) {
		require(lock_byte(2 * place, F_SETLK) == 0);
		_exit(lock_bytes(2 * place + 1, 0, F_SETLKW) == 0 ? 0 : 1);
	}
	until_asleep(child);
	return child;
}

CASE(search_for_a_deadlock_follows_each_call_to_each_lock)
{
	pid_t children[LOCK_WAITERS];

	locked = open_locked();
	require(locked >= 0);
	require(lock_byte(2 * LOCK_WAITERS, F_SETLK) == 0);
	for (int i = LOCK_WAITERS; i-- > 0;)
		children[i] = start_lock_chain(i);
	expect_error(lock_byte(0, F_SETLKW), EDEADLK);
	close(locked);
	for (int i = LOCK_WAITERS; i-- > 0;)
		expect(result_of(children[i]) == 0);
	unlink(path);
}

/* ---- Many messages ------------------------------------------------------- */

#define MANY	5000

static int box_with_messages(void)
{
	struct mailbox_attr attr = { MAILBOX_UNBOUNDED, 64, 0 };
	struct message head = { .type = 1, .bytes = 64, .fd = -1 };
	int box = mailbox_open(NULL, O_CREAT | O_RDWR, 0600, &attr);
	char body[64] = "";

	require(box >= 0);
	for (int i = 0; i < MANY; i++)
		require(mailbox_send(box, &head, body, 0, NULL) == 0);
	return box;
}

CASE(box_with_many_messages_ends_in_one_piece)
{
	expect(close(box_with_messages()) == 0);
	if (fork_or_fail() == 0) {
		box_with_messages();	/* ends with the process */
		_exit(0);
	}
	expect(wait(NULL) > 0);
}

/* Nothing is for the receiver, by any selection; then for itself alone. */
static int receive_past_others(int box)
{
	struct message wanted[3] = { { .type = 1 }, { .sender = getppid() },
				     { .type = 1, .sender = getppid() } };
	struct message head = { .type = 1, .receiver = getpid(), .fd = -1 };

	expect_error(mailbox_receive(box, NULL, path, 64, MAILBOX_NONBLOCK,
				     NULL), EAGAIN);
	for (int i = 0; i < 3; i++)
		expect_error(mailbox_receive(box, &wanted[i], path, 64,
					     MAILBOX_NONBLOCK, NULL), EAGAIN);
	expect(mailbox_send(box, &head, NULL, 0, NULL) == 0);
	head.type = 0;
	expect(mailbox_receive(box, &head, path, 64, MAILBOX_NONBLOCK,
			       NULL) == 0);
	expect(head.receiver == getpid() && head.sender == getpid());
	return case_failed;
}

CASE(receiver_passes_many_messages_for_others)
{
	struct mailbox_attr attr = { MAILBOX_UNBOUNDED, 64, 0 };
	struct message head = { .type = 1, .receiver = getpid(), .fd = -1 };
	int box = mailbox_open(NULL, O_CREAT | O_RDWR, 0600, &attr);
	pid_t child;

	require(box >= 0);
	for (int i = 0; i < MANY; i++)
		require(mailbox_send(box, &head, NULL, 0, NULL) == 0);
	child = fork_or_fail();
	if (child == 0)
		_exit(receive_past_others(box));
	expect(result_of(child) == 0);
	head = (struct message){ .type = 2, .fd = -1 };
	require(mailbox_send(box, &head, NULL, 0, NULL) == 0);
	head.type = 0;
	for (int i = 0; i < MANY; i++)
		expect(mailbox_receive(box, NULL, path, 64, 0, NULL) == 0);
	expect(mailbox_receive(box, &head, path, 64, 0, NULL) == 0);
	expect(head.type == 2);
	close(box);
}

/* A box in flight closes: the kernel follows all descriptors in messages. */
CASE(search_for_lost_descriptors_is_one_piece)
{
	struct mailbox_attr attr = { MAILBOX_UNBOUNDED, 0, 0 };
	struct message head = { .type = 1, .flags = MESSAGE_HAS_FD };
	int box = mailbox_open(NULL, O_CREAT | O_RDWR, 0600, &attr);
	int inner = mailbox_open(NULL, O_CREAT | O_RDWR, 0600, &attr);

	require(box >= 0 && inner >= 0);
	head.fd = inner;
	for (int i = 0; i < MANY; i++)
		require(mailbox_send(box, &head, NULL, 0, NULL) == 0);
	head.fd = box;
	require(mailbox_send(inner, &head, NULL, 0, NULL) == 0);
	close(inner);			/* is found by way of the box */
	close(box);			/* is lost */
}

CASE(queue_with_many_messages_ends_in_one_piece)
{
	struct mq_attr attr = { .mq_maxmsg = MANY, .mq_msgsize = 64 };
	mqd_t queue = mq_open("/many", O_CREAT | O_RDWR, 0600, &attr);

	require(queue >= 0);
	for (int i = 0; i < MANY; i++)
		require(mq_send(queue, path, 64, i % 32) == 0);
	expect(mq_close(queue) == 0);
	expect(mq_unlink("/many") == 0);
}

CASE(inbox_with_many_messages_ends_in_one_piece)
{
	struct message head = { .type = 1, .bytes = 1, .fd = -1 };
	pid_t receiver = fork_or_fail();
	pid_t senders[10];

	if (receiver == 0)
		for (;;)
			pause();
	for (int i = 0; i < 10; i++) {
		senders[i] = fork_or_fail();
		if (senders[i] == 0) {
			while (!message_send(receiver, &head, "x",
					     MAILBOX_NONBLOCK, NULL))
				;
			_exit(errno == EAGAIN ? 0 : 1);
		}
	}
	for (int i = 0; i < 10; i++)
		expect(result_of(senders[i]) == 0);
	kill_and_wait(receiver);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
