/*
 * sysv_queue.c - message queues of System V. Any POSIX system.
 *
 * limits.h of Linux has no name for the 8192 bytes of a message.
 */
#define _GNU_SOURCE
#include <limits.h>
#include <stdbool.h>
#include <sys/msg.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

#define LONGEST	8192

struct message {
	long type;
	char text[LONGEST];
};

static int queue;
static struct message message;

static void new_queue(void)
{
	queue = msgget(IPC_PRIVATE, 0600);
	require(queue >= 0);
}

static void remove_queue(void)
{
	expect(msgctl(queue, IPC_RMID, NULL) == 0);
}

static int send(long type, const char *text, int flags)
{
	message.type = type;
	strcpy(message.text, text);
	return msgsnd(queue, &message, strlen(text), flags);
}

/* Receive by type: is this the text? */
static bool receives(long type, int flags, const char *text)
{
	ssize_t bytes = msgrcv(queue, &message, LONGEST, type,
			       flags | IPC_NOWAIT);

	return bytes == (ssize_t)strlen(text) &&
	       memcmp(message.text, text, bytes) == 0;
}

static struct msqid_ds status_of(void)
{
	struct msqid_ds status;

	require(msgctl(queue, IPC_STAT, &status) == 0);
	return status;
}

/* In a child: the type of the message that comes, or minus the errno. */
static int receive_type(long type, size_t room, int flags)
{
	if (msgrcv(queue, &message, room, type, flags) < 0)
		return 100 + errno;
	return message.type;
}

static int receive_any(void)
{
	return receive_type(0, LONGEST, 0);
}

static int receive_two(void)
{
	return receive_type(2, LONGEST, 0);
}

static int receive_up_to_three(void)
{
	return receive_type(-3, LONGEST, 0);
}

static int receive_in_a_byte(void)
{
	return receive_type(0, 1, 0);
}

CASE(types_choose_the_message)
{
	new_queue();
	send(3, "c", 0);
	send(1, "a", 0);
	send(2, "b", 0);
	send(1, "A", 0);
	send(3, "C", 0);
	expect(receives(2, 0, "b"));
	expect(receives(-2, 0, "a"));
	expect(receives(0, 0, "c"));
	expect(receives(3, MSG_EXCEPT, "A"));
	expect_error(msgrcv(queue, &message, 9, 2, IPC_NOWAIT), ENOMSG);
	expect_error(msgrcv(queue, &message, 9, -2, IPC_NOWAIT), ENOMSG);
	expect_error(msgrcv(queue, &message, 9, 3, IPC_NOWAIT | MSG_EXCEPT),
		     ENOMSG);
	expect(receives(-INT_MAX, 0, "C"));
	remove_queue();
}

CASE(types_at_the_ends_of_long)
{
	new_queue();
	send(LONG_MAX, "last", 0);
	send(1, "first", 0);
	expect(receives(LONG_MIN, 0, "first"));
	expect(receives(LONG_MAX, 0, "last"));
	remove_queue();
}

CASE(messages_of_a_type_stay_in_order)
{
	char text[8];

	new_queue();
	for (int i = 0; i < 300; i++) {
		snprintf(text, sizeof(text), "%d", i);
		expect(send(1 + i * 7 % 5, text, 0) == 0);
	}
	for (int type = 1; type <= 5; type++)
		for (int i = 0; i < 300; i++) {
			snprintf(text, sizeof(text), "%d", i);
			if (1 + i * 7 % 5 == type)
				expect(receives(type, 0, text));
		}
	expect(status_of().msg_qnum == 0);
	remove_queue();
}

CASE(longest_message_arrives_whole)
{
	new_queue();
	message.type = 1;
	for (int i = 0; i < LONGEST; i++)
		message.text[i] = i * 31 + i / 256;
	expect(msgsnd(queue, &message, LONGEST, 0) == 0);
	expect_error(msgsnd(queue, &message, LONGEST + 1, 0), EINVAL);
	memset(&message, 0, sizeof(message));
	expect(msgrcv(queue, &message, LONGEST, 0, 0) == LONGEST);
	for (int i = 0; i < LONGEST; i++)
		require(message.text[i] == (char)(i * 31 + i / 256));
	expect(msgsnd(queue, &message, 0, 0) == 0);
	expect(msgrcv(queue, &message, 0, 0, 0) == 0);
	remove_queue();
}

CASE(too_little_room_leaves_the_message)
{
	new_queue();
	send(1, "hello", 0);
	expect_error(msgrcv(queue, &message, 4, 0, 0), E2BIG);
	expect(status_of().msg_qnum == 1 && status_of().msg_cbytes == 5);
	expect(msgrcv(queue, &message, 4, 0, MSG_NOERROR) == 4);
	expect(memcmp(message.text, "hell", 4) == 0);
	expect(status_of().msg_qnum == 0);
	remove_queue();
}

CASE(bad_arguments_change_nothing)
{
	new_queue();
	expect_error(send(0, "x", 0), EINVAL);
	expect_error(send(-1, "x", 0), EINVAL);
	expect_error(msgsnd(queue, &message, -1, 0), EINVAL);
	expect_error(msgrcv(queue, &message, -1, 0, IPC_NOWAIT), EINVAL);
	expect_error(msgsnd(queue, nowhere, 1, 0), EFAULT);
	expect_error(msgctl(queue, 77, NULL), EINVAL);
	expect_error(msgctl(queue, IPC_STAT, nowhere), EFAULT);
	expect(status_of().msg_qnum == 0);
	remove_queue();
	expect_error(send(1, "x", 0), EINVAL);
	expect_error(msgrcv(queue, &message, 1, 0, 0), EINVAL);
	expect_error(msgctl(queue, IPC_RMID, NULL), EINVAL);
}

CASE(sender_waits_for_room)
{
	struct msqid_ds status;
	pid_t pid;

	new_queue();
	status = status_of();
	status.msg_qbytes = 10;
	expect(msgctl(queue, IPC_SET, &status) == 0);
	expect(send(1, "12345678", 0) == 0);
	expect_error(send(1, "abc", IPC_NOWAIT), EAGAIN);
	pid = fork_or_fail();
	if (pid == 0)
		_exit(send(2, "abc", 0));
	until_asleep(pid);
	expect(receives(0, 0, "12345678"));
	expect(result_of(pid) == 0);
	expect(receives(0, 0, "abc"));
	remove_queue();
}

CASE(senders_after_the_first_find_the_room)
{
	struct msqid_ds status;
	pid_t pids[3];

	new_queue();
	status = status_of();
	status.msg_qbytes = 9;
	expect(msgctl(queue, IPC_SET, &status) == 0);
	expect(send(9, "123456789", 0) == 0);
	for (int i = 0; i < 3; i++) {
		pids[i] = fork_or_fail();
		if (pids[i] == 0)
			_exit(send(1 + i, "abc", 0));
		until_asleep(pids[i]);
	}
	expect(receives(9, 0, "123456789"));
	for (int i = 0; i < 3; i++)
		expect(result_of(pids[i]) == 0);
	expect(status_of().msg_qnum == 3);
	remove_queue();
}

/* The room lasts for each of the senders that wake. */
CASE(sender_of_one_byte_wakes_the_next)
{
	struct msqid_ds status;
	pid_t pids[2];

	new_queue();
	status = status_of();
	status.msg_qbytes = 3;
	expect(msgctl(queue, IPC_SET, &status) == 0);
	expect(send(9, "123", 0) == 0);
	for (int i = 0; i < 2; i++) {
		pids[i] = fork_or_fail();
		if (pids[i] == 0)
			_exit(send(1 + i, "a", 0));
		until_asleep(pids[i]);
	}
	expect(receives(9, 0, "123"));
	for (int i = 0; i < 2; i++)
		expect(result_of(pids[i]) == 0);
	remove_queue();
}

CASE(sender_sleeps_on_after_the_queue_has_grown)
{
	struct msqid_ds status;
	pid_t pid;

	new_queue();
	status = status_of();
	status.msg_qbytes = 3;
	expect(msgctl(queue, IPC_SET, &status) == 0);
	expect(send(9, "123", 0) == 0);
	pid = fork_or_fail();
	if (pid == 0)
		_exit(send(1, "a", 0));
	until_asleep(pid);
	status.msg_qbytes = 4;
	expect(msgctl(queue, IPC_SET, &status) == 0);
	expect(result_of(pid) == 0);
	remove_queue();
}

CASE(empty_message_to_a_sleeping_receiver_is_stored_too)
{
	pid_t pid;

	new_queue();
	pid = start_asleep(receive_any);
	expect(send(5, "", 0) == 0);
	expect(status_of().msg_qnum == 0);
	expect(result_of(pid) == 5);
	remove_queue();
}

CASE(receivers_wake_for_their_type_alone)
{
	pid_t two, low;

	new_queue();
	two = start_asleep(receive_two);
	low = start_asleep(receive_up_to_three);
	expect(send(7, "seven", 0) == 0);
	expect(status_of().msg_qnum == 1);
	expect(send(3, "three", 0) == 0);
	expect(result_of(low) == 3);
	expect(is_asleep(two));
	expect(send(2, "two", 0) == 0);
	expect(result_of(two) == 2);
	expect(receives(0, 0, "seven"));
	remove_queue();
}

CASE(receiver_without_room_does_not_take_the_message)
{
	pid_t small, other;

	new_queue();
	small = start_asleep(receive_in_a_byte);
	other = start_asleep(receive_any);
	expect(send(5, "long", 0) == 0);
	expect(result_of(small) == 100 + E2BIG);
	expect(result_of(other) == 5);
	remove_queue();
}

CASE(removal_ends_all_waits)
{
	pid_t receivers[3], sender;
	struct msqid_ds status;

	new_queue();
	for (int i = 0; i < 3; i++)
		receivers[i] = start_asleep(receive_two);
	status = status_of();
	status.msg_qbytes = 1;
	expect(msgctl(queue, IPC_SET, &status) == 0);
	expect(send(1, "x", 0) == 0);
	sender = fork_or_fail();
	if (sender == 0)
		_exit(send(1, "x", 0) < 0 ? 100 + errno : 0);
	until_asleep(sender);
	remove_queue();
	for (int i = 0; i < 3; i++)
		expect(result_of(receivers[i]) == 100 + EIDRM);
	expect(result_of(sender) == 100 + EIDRM);
}

CASE(signal_ends_the_wait)
{
	pid_t pid;

	new_queue();
	pid = fork_or_fail();
	if (pid == 0) {
		set_handler(SIGUSR1, catch_it, SA_RESTART);
		_exit(receive_any() == 100 + EINTR ? 0 : 1);
	}
	until_asleep(pid);
	kill(pid, SIGUSR1);
	expect(result_of(pid) == 0);
	remove_queue();
}

CASE(status_tells_of_the_last_calls)
{
	struct msqid_ds status;
	time_t now = time(NULL);
	pid_t pid;

	new_queue();
	status = status_of();
	expect(status.msg_stime == 0 && status.msg_rtime == 0);
	expect(status.msg_lspid == 0 && status.msg_lrpid == 0);
	expect(status.msg_ctime >= now - 1 && status.msg_ctime <= now + 60);
	expect(status.msg_perm.uid == geteuid());
	expect(status.msg_perm.cgid == getegid());
	expect((status.msg_perm.mode & 0777) == 0600);
	pid = start(receive_any);
	until_asleep(pid);
	send(1, "x", 0);
	expect(result_of(pid) == 1);
	status = status_of();
	expect(status.msg_lspid == getpid() && status.msg_lrpid == pid);
	expect(status.msg_stime >= now - 1 && status.msg_rtime >= now - 1);
	remove_queue();
}

CASE(key_finds_the_queue)
{
	key_t key;
	int other;

	close(open("sysv_queue-file", O_CREAT | O_RDWR, 0600));
	key = ftok("sysv_queue-file", 'q');
	expect(key != -1 && key != ftok("sysv_queue-file", 'r'));
	expect(ftok("no-such-file", 'q') == -1 && errno == ENOENT);
	expect_error(msgget(key, 0600), ENOENT);
	queue = msgget(key, IPC_CREAT | IPC_EXCL | 0600);
	require(queue >= 0);
	expect(msgget(key, 0) == queue);
	expect(msgget(key, IPC_CREAT | 0600) == queue);
	expect_error(msgget(key, IPC_CREAT | IPC_EXCL | 0600), EEXIST);
	other = msgget(IPC_PRIVATE, 0600);
	expect(other >= 0 && other != queue);
	expect(msgctl(other, IPC_RMID, NULL) == 0);
	remove_queue();
	expect_error(msgget(key, 0600), ENOENT);
	unlink("sysv_queue-file");
}

CASE(removed_identifier_is_not_the_next_queue)
{
	int old;

	new_queue();
	old = queue;
	remove_queue();
	new_queue();
	expect(queue != old);
	expect_error(msgctl(old, IPC_RMID, NULL), EINVAL);
	remove_queue();
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
