/*
 * mailbox_direct.c - messages straight to a process: order, selection, and
 * processes that go away. Parley's own.
 */
#include <mailbox.h>

#include "tests/user/mailbox_case.h"
#include "tests/user/thread_case.h"

static int tell(pid_t to, uint32_t type, int flags)
{
	struct message message = { .type = type, .bytes = 4, .fd = -1 };

	return message_send(to, &message, "abc", flags, NULL);
}

static ssize_t hear(pid_t from, uint32_t type, int flags)
{
	head = (struct message){ .type = type };
	return message_receive(from, &head, body, BYTES, flags, NULL);
}

static pid_t parent;

static int tell_parent_1(void)
{
	return tell(parent, 1, 0) == 0 ? 7 : 1;
}

static int tell_parent_sync(void)
{
	return tell(parent, 2, MAILBOX_SYNC) == 0 ? 7 : 1;
}

static int hear_from_parent(void)
{
	return hear(parent, 0, 0) == 4 && head.sender == parent &&
	       head.receiver == getpid() ? (int)head.type : 100;
}

static int hear_from_parent_in_vain(void)
{
	return hear(parent, 0, 0) == -1 ? errno : 100;
}

static int wait_for_a_signal(void)
{
	pause();
	return 1;
}

static void be_parent(void)
{
	parent = getpid();
}

CASE(process_can_tell_itself)
{
	expect(tell(getpid(), 3, 0) == 0);
	expect(hear(getpid(), 0, 0) == 4 && head.type == 3);
	expect(head.sender == getpid() && strcmp(body, "abc") == 0);
}

CASE(messages_of_one_sender_stay_in_order)
{
	for (int i = 1; i <= 50; i++)
		require(tell(getpid(), i, 0) == 0);
	for (uint32_t i = 1; i <= 50; i++)
		require(hear(0, 0, MAILBOX_NONBLOCK) == 4 && head.type == i);
	expect_error(hear(0, 0, MAILBOX_NONBLOCK), EAGAIN);
}

CASE(selection_by_sender_leaves_the_others_messages)
{
	pid_t a, b;

	be_parent();
	a = start(tell_parent_1);
	expect(result_of(a) == 7);
	b = start(tell_parent_1);
	result_of(b);
	expect(hear(b, 0, MAILBOX_NONBLOCK) == 4 && head.sender == b);
	expect(hear(0, 0, MAILBOX_NONBLOCK) == 4 && head.sender == a);
}

CASE(selection_by_type_works_for_direct_messages)
{
	tell(getpid(), 1, 0);
	tell(getpid(), 2, 0);
	expect(hear(0, 2, 0) == 4 && head.type == 2);
	expect_error(hear(0, 2, MAILBOX_NONBLOCK), EAGAIN);
	expect(hear(0, 1, 0) == 4 && head.type == 1);
}

CASE(receiver_waits_for_the_sender_it_names)
{
	pid_t child;

	be_parent();
	child = start_asleep(hear_from_parent);
	expect(tell(child, 9, 0) == 0 && result_of(child) == 9);
}

CASE(synchronous_message_waits_until_it_is_heard)
{
	pid_t child;

	be_parent();
	child = start_asleep(tell_parent_sync);
	expect(is_asleep(child));
	expect(hear(child, 0, 0) == 4 && result_of(child) == 7);
}

CASE(nonblocking_synchronous_message_needs_a_receiver_that_waits)
{
	int flags = MAILBOX_SYNC | MAILBOX_NONBLOCK;
	pid_t child;

	be_parent();
	child = start_asleep(wait_for_a_signal);
	expect_error(tell(child, 1, flags), EAGAIN);
	kill_and_wait(child);
	child = start_asleep(hear_from_parent);
	expect(tell(child, 5, flags) == 0 && result_of(child) == 5);
}

CASE(message_to_a_zombie_is_esrch)
{
	pid_t child = fork_or_fail();

	if (child == 0)
		_exit(0);
	until_zombie(child);
	expect_error(tell(child, 1, 0), ESRCH);
	result_of(child);
	expect_error(tell(child, 1, 0), ESRCH);
}

CASE(receive_from_one_that_is_not_there_is_esrch)
{
	expect_error(hear(8000, 0, 0), ESRCH);
	expect_error(hear(8000, 0, MAILBOX_NONBLOCK), ESRCH);
	expect_error(hear(-5, 0, 0), ESRCH);
}

CASE(last_words_of_the_dead_are_heard)
{
	pid_t child;

	be_parent();
	child = start(tell_parent_1);
	result_of(child);
	expect(hear(child, 0, 0) == 4 && head.sender == child);
	expect_error(hear(child, 0, 0), ESRCH);
}

CASE(receiver_is_told_when_the_sender_it_names_dies)
{
	pid_t sender, receiver;

	sender = start_asleep(wait_for_a_signal);
	parent = sender;
	receiver = start_asleep(hear_from_parent_in_vain);
	kill_and_wait(sender);
	expect(result_of(receiver) == ESRCH);
}

CASE(senders_are_told_when_the_process_dies)
{
	pid_t victim, sender[3];

	victim = start_asleep(wait_for_a_signal);
	parent = victim;
	for (int i = 0; i < 3; i++) {
		sender[i] = fork_or_fail();
		if (sender[i] == 0)
			_exit(tell(victim, 1, MAILBOX_SYNC) == -1 ? errno : 1);
		until_asleep(sender[i]);
	}
	kill_and_wait(victim);
	for (int i = 0; i < 3; i++)
		expect(result_of(sender[i]) == ESRCH);
}

CASE(inbox_is_not_inherited)
{
	pid_t child;

	tell(getpid(), 1, 0);
	child = fork_or_fail();
	if (child == 0)
		_exit(hear(0, 0, MAILBOX_NONBLOCK) == -1 ? errno : 1);
	expect(result_of(child) == EAGAIN);
	expect(hear(0, 0, 0) == 4);
}

static int exec_and_hear(void)
{
	set_handler(SIGUSR1, catch_it, 0);
	pause();
	execl(case_program, case_program, "--hear", NULL);
	return 1;
}

CASE(inbox_outlives_exec)
{
	pid_t child = start_asleep(exec_and_hear);

	expect(tell(child, 9, 0) == 0 && kill(child, SIGUSR1) == 0);
	expect(result_of(child) == 9);
}

CASE(descriptor_in_a_message_that_is_never_heard_is_closed)
{
	struct message message = { .flags = MESSAGE_HAS_FD };
	pid_t child = start_asleep(wait_for_a_signal);
	int fds[2];

	require(pipe(fds) == 0);
	signal(SIGPIPE, SIG_IGN);
	message.fd = fds[0];
	expect(message_send(child, &message, NULL, 0, NULL) == 0);
	close(fds[0]);
	expect(write(fds[1], "x", 1) == 1);
	kill_and_wait(child);
	expect_error(write(fds[1], "x", 1), EPIPE);
}

CASE(deadline_ends_a_direct_receive_and_send)
{
	struct message message = { .fd = -1 };
	struct timespec when = soon();

	expect_error(message_receive(0, NULL, body, BYTES, 0, &when),
		     ETIMEDOUT);
	when = soon();
	expect_error(message_send(getpid(), &message, NULL, MAILBOX_SYNC,
				  &when), ETIMEDOUT);
	expect_error(hear(0, 0, MAILBOX_NONBLOCK), EAGAIN);
}

static void *hear_in_thread(void *from)
{
	struct message message = { .type = (uint32_t)(long)from };
	char bytes[BYTES];

	return (void *)message_receive(0, &message, bytes, BYTES, 0, NULL);
}

CASE(threads_share_the_inbox_of_their_process)
{
	pthread_t one = create(hear_in_thread, (void *)1);
	pthread_t two = create(hear_in_thread, (void *)2);

	case_pause();
	expect(tell(getpid(), 2, 0) == 0 && join(two) == 4);
	expect(tell(getpid(), 1, 0) == 0 && join(one) == 4);
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--hear") == 0)
		return hear(0, 0, MAILBOX_NONBLOCK) == 4 ? (int)head.type : 1;
	return run_cases(argc, argv);
}
