/*
 * mailbox_inbox.c - messages straight to a process that did not ask for them:
 * permission, the limit of each sender, and poll(). Parley only.
 */
#include <mailbox.h>

#include "tests/user/mailbox_case.h"
#include "tests/user/thread_case.h"

static char large[INBOX_SENDER_BYTES_MAX + 1];

static int tell_bytes(pid_t to, size_t bytes, int flags)
{
	struct message message = { .type = 1, .bytes = bytes, .fd = -1 };

	return message_send(to, &message, large, flags, NULL);
}

static int tell(pid_t to, int flags)
{
	return tell_bytes(to, 0, flags);
}

static ssize_t hear(pid_t from, int flags)
{
	head = (struct message){ 0 };
	return message_receive(from, &head, large, sizeof(large), flags, NULL);
}

static pid_t parent;

/* ---- Who may send -------------------------------------------------------- */

static int tell_as_another_user(void)
{
	require(setuid(1000) == 0);
	return tell(parent, 0) == -1 ? errno : 0;
}

CASE(message_to_a_process_of_another_user_is_eperm)
{
	parent = getpid();
	expect(run_in_child(tell_as_another_user) == EPERM);
	expect_error(hear(0, MAILBOX_NONBLOCK), EAGAIN);
}

static int sleep_as_another_user(void)
{
	require(setuid(1000) == 0);
	return sleep_for_ever();
}

static int tell_the_same_user(void)
{
	require(setuid(1000) == 0);
	return tell(parent, 0) == 0 ? 7 : 1;
}

CASE(root_and_the_same_user_may_send)
{
	pid_t child = start_asleep(sleep_as_another_user);

	expect(tell(child, 0) == 0);
	parent = child;
	expect(run_in_child(tell_the_same_user) == 7);
	kill_and_wait(child);
}

/* Two messages: the second message finds no waiting receiver. */
static int answer_and_tell(void)
{
	require(setuid(1000) == 0);
	until_asleep(parent);
	if (tell(parent, 0) != 0)
		return 1;
	return tell(parent, 0) == -1 ? errno : 0;
}

static int ask(void)
{
	pid_t child;

	parent = getpid();
	child = start(answer_and_tell);
	return hear(child, 0) == 0 && result_of(child) == EPERM ? 7 : 1;
}

CASE(answer_to_a_process_that_waits_for_it_is_allowed)
{
	expect(run_in_child(ask) == 7);
}

CASE(init_takes_no_message)
{
	expect_error(tell(1, 0), EPERM);
	expect_error(tell(1, MAILBOX_NONBLOCK | MAILBOX_SYNC), EPERM);
}

/* ---- How much ------------------------------------------------------------ */

static int fill(pid_t to, size_t bytes)
{
	int count = 0;

	while (tell_bytes(to, bytes, MAILBOX_NONBLOCK) == 0)
		count++;
	expect(errno == EAGAIN);
	return count;
}

CASE(sender_has_at_most_64_KiB_in_an_inbox)
{
	pid_t me = getpid();
	int count = fill(me, 1000);

	expect(count * 1000 <= INBOX_SENDER_BYTES_MAX);
	expect((count + 10) * 1000 > INBOX_SENDER_BYTES_MAX * 8 / 10);
	expect(hear(0, 0) == 1000 && tell_bytes(me, 1000, MAILBOX_NONBLOCK) ==
	       0);
	expect_error(tell_bytes(me, 1000, MAILBOX_NONBLOCK), EAGAIN);
	while (hear(0, MAILBOX_NONBLOCK) >= 0)
		;
	expect(sysconf(_SC_INBOX_SENDER_BYTES_MAX) == INBOX_SENDER_BYTES_MAX);
}

CASE(messages_without_a_body_are_limited_too)
{
	expect(fill(getpid(), 0) < 5000);
	while (hear(0, MAILBOX_NONBLOCK) >= 0)
		;
}

static int tell_parent(void)
{
	return tell(parent, MAILBOX_NONBLOCK) == 0 ? 7 : 1;
}

CASE(full_share_of_one_sender_leaves_room_for_another)
{
	parent = getpid();
	fill(parent, 1000);
	expect(run_in_child(tell_parent) == 7);
	while (hear(0, MAILBOX_NONBLOCK) >= 0)
		;
}

CASE(longest_message_fits_and_a_longer_one_is_emsgsize)
{
	pid_t me = getpid();

	expect_error(tell_bytes(me, sizeof(large), MAILBOX_NONBLOCK),
		     EMSGSIZE);
	expect(tell_bytes(me, INBOX_SENDER_BYTES_MAX, MAILBOX_NONBLOCK) == 0);
	expect_error(tell(me, MAILBOX_NONBLOCK), EAGAIN);
	expect(hear(0, 0) == INBOX_SENDER_BYTES_MAX);
}

static int tell_parent_twice(void)
{
	for (int i = 0; i < 2; i++)
		if (tell_bytes(parent, 40000, 0) != 0)
			return errno;
	return 0;
}

CASE(sender_waits_for_room_in_the_inbox)
{
	pid_t child;

	parent = getpid();
	child = start_asleep(tell_parent_twice);
	expect(hear(child, 0) == 40000 && result_of(child) == 0);
	expect(hear(child, 0) == 40000);
}

CASE(sender_that_waits_for_room_is_told_of_the_end)
{
	pid_t child;

	parent = start_asleep(sleep_for_ever);
	child = start_asleep(tell_parent_twice);
	kill_and_wait(parent);
	expect(result_of(child) == ESRCH);
}

CASE(signal_and_deadline_end_the_wait_for_room)
{
	struct message message = { .bytes = 40000, .fd = -1 };
	struct timespec when = soon();
	pid_t child;

	parent = getpid();
	child = start_asleep(tell_parent_twice);
	kill_and_wait(child);
	expect(hear(0, 0) == 40000);
	expect_error(hear(0, MAILBOX_NONBLOCK), EAGAIN);
	expect(tell_bytes(parent, 40000, 0) == 0);
	expect_error(message_send(parent, &message, large, 0, &when),
		     ETIMEDOUT);
	expect(hear(0, 0) == 40000);
}

static void *tell_in_thread(void *unused)
{
	(void)unused;
	return (void *)(long)tell_bytes(parent, 30000, 0);
}

CASE(threads_of_a_sender_share_the_room_and_all_go_on)
{
	pthread_t thread[4];

	parent = getpid();
	for (int i = 0; i < 4; i++)
		thread[i] = create(tell_in_thread, NULL);
	for (int i = 0; i < 4; i++)
		expect(hear(0, 0) == 30000);
	for (int i = 0; i < 4; i++)
		expect(join(thread[i]) == 0);
}

/* ---- The descriptor ------------------------------------------------------ */

CASE(inbox_can_be_polled)
{
	int fd = message_inbox();

	require(fd >= 0);
	expect(!polls(fd, POLLIN | POLLOUT));
	expect(tell(getpid(), 0) == 0 && polls(fd, POLLIN) == POLLIN);
	expect(hear(0, 0) == 0 && !polls(fd, POLLIN));
}

static int tell_a_sleeping_parent(void)
{
	until_asleep(parent);
	return tell(parent, 0) == 0 ? 7 : 1;
}

CASE(message_ends_a_poll_of_the_inbox)
{
	struct pollfd one = { .fd = message_inbox(), .events = POLLIN };
	pid_t child;

	parent = getpid();
	child = start(tell_a_sleeping_parent);
	expect(poll(&one, 1, -1) == 1 && one.revents == POLLIN);
	expect(hear(0, 0) == 0 && result_of(child) == 7);
}

CASE(inbox_is_no_mailbox_and_no_stream)
{
	struct message message = { .fd = -1 };
	int fd = message_inbox();

	expect_error(mailbox_send(fd, &message, NULL, 0, NULL), EBADF);
	expect_error(mailbox_receive(fd, NULL, NULL, 0, 0, NULL), EBADF);
	expect_error(read(fd, large, 1), EINVAL);
	expect_error(write(fd, large, 1), EBADF);
}

static int ready[2];

/* The descriptor stays with the grandchild when the owner ends. */
static int leave_the_inbox(void)
{
	int fd = message_inbox();
	struct pollfd one = { .fd = fd, .events = POLLIN };
	pid_t pid = fork_or_fail();
	char answer;

	if (pid != 0) {
		close(ready[1]);
		until_asleep(pid);
		return fd >= 0 ? 7 : 1;
	}
	answer = poll(&one, 1, -1) == 1 ? one.revents : 0;
	write(ready[1], &answer, 1);
	_exit(0);
}

CASE(end_of_the_owner_ends_a_poll_of_the_inbox)
{
	char answer = 0;

	require(pipe(ready) == 0);
	expect(run_in_child(leave_the_inbox) == 7);
	expect(read(ready[0], &answer, 1) == 1 && answer == POLLHUP);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
