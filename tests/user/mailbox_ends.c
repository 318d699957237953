/*
 * mailbox_ends.c - waits that no task can end any more: a receiver that does
 * not exist, a box without the other side. Parley only. Long, as each call has
 * a case for each end.
 */
#include <mailbox.h>

#include "tests/user/mailbox_case.h"

#define NAME	"/ends"

static pid_t wanted;
static int reader, writer;

static int put_for(pid_t receiver, int flags)
{
	struct message message = { .type = 1, .receiver = receiver, .fd = -1 };

	return mailbox_send(box, &message, NULL, flags, NULL);
}

static int call_for(pid_t receiver)
{
	struct message message = { .type = 1, .receiver = receiver, .fd = -1 };

	return mailbox_call(box, &message, NULL, body, BYTES, NULL);
}

/* ---- The process that the message is for --------------------------------- */

static pid_t dead_process(void)
{
	pid_t pid = fork_or_fail();

	if (pid == 0)
		_exit(0);
	result_of(pid);
	return pid;
}

CASE(message_for_a_process_that_is_not_there_is_esrch)
{
	pid_t nobody = dead_process();

	new_box(4);
	expect_error(put_for(nobody, 0), ESRCH);
	expect_error(put_for(nobody, MAILBOX_NONBLOCK), ESRCH);
	expect_error(put_for(nobody, MAILBOX_SYNC), ESRCH);
	expect_error(call_for(nobody), ESRCH);
	expect(held() == 0);
}

CASE(message_for_a_zombie_is_esrch)
{
	pid_t child = fork_or_fail();

	if (child == 0)
		_exit(0);
	new_box(4);
	until_zombie(child);
	expect_error(put_for(child, 0), ESRCH);
	result_of(child);
}

CASE(message_for_a_process_that_dies_leaves_the_box)
{
	pid_t child;

	new_box(4);
	child = start_asleep(sleep_for_ever);
	expect(put_for(child, 0) == 0 && put(2, "x", 0) == 0 &&
	       put_for(child, 0) == 0 && held() == 3);
	kill_and_wait(child);
	expect(held() == 1 && takes(2, "x"));
}

CASE(descriptor_in_a_message_for_a_process_that_dies_is_closed)
{
	struct message message = { .flags = MESSAGE_HAS_FD };
	int fds[2];

	new_box(4);
	require(pipe(fds) == 0);
	signal(SIGPIPE, SIG_IGN);
	message.receiver = start_asleep(sleep_for_ever);
	message.fd = fds[0];
	expect(mailbox_send(box, &message, NULL, 0, NULL) == 0);
	close(fds[0]);
	kill_and_wait(message.receiver);
	expect_error(write(fds[1], "x", 1), EPIPE);
}

static int put_for_wanted_sync(void)
{
	return put_for(wanted, MAILBOX_SYNC) == -1 ? errno : 0;
}

static int call_for_wanted(void)
{
	return call_for(wanted) == -1 ? errno : 0;
}

CASE(sender_for_a_process_that_dies_is_told)
{
	pid_t sender, caller;

	new_box(4);
	wanted = start_asleep(sleep_for_ever);
	sender = start_asleep(put_for_wanted_sync);
	caller = start_asleep(call_for_wanted);
	kill_and_wait(wanted);
	expect(result_of(sender) == ESRCH && result_of(caller) == ESRCH);
	expect(held() == 0);
}

static int send_one_more(void)
{
	return put(7, "x", 0) == 0 ? 7 : 1;
}

CASE(room_of_a_message_for_a_process_that_dies_goes_to_the_next)
{
	pid_t child, sender;

	new_box(1);
	child = start_asleep(sleep_for_ever);
	expect(put_for(child, 0) == 0);
	sender = start_asleep(send_one_more);
	kill_and_wait(child);
	expect(result_of(sender) == 7 && takes(7, "x"));
}

static int receive_from_wanted(void)
{
	return take(0, wanted, 0) == -1 ? errno : 0;
}

CASE(receive_from_a_dead_sender_is_esrch_when_nothing_is_left)
{
	pid_t receiver;

	new_box(4);
	wanted = start(send_one);
	result_of(wanted);
	expect(take(0, wanted, 0) > 0);
	expect_error(take(0, wanted, 0), ESRCH);
	expect_error(take(0, wanted, MAILBOX_NONBLOCK), ESRCH);
	wanted = start_asleep(sleep_for_ever);
	receiver = start_asleep(receive_from_wanted);
	kill_and_wait(wanted);
	expect(result_of(receiver) == ESRCH);
}

/* ---- A box without the other side ---------------------------------------- */

/* A box with a descriptor for each side, and no descriptor for both. */
static void open_sides(long capacity)
{
	struct mailbox_attr attr = {
		.capacity = capacity, .message_bytes = BYTES,
	};

	reader = mailbox_open(NAME, O_CREAT | O_EXCL | O_RDONLY, 0600, &attr);
	writer = box = mailbox_open(NAME, O_WRONLY);
	require(reader >= 0 && writer >= 0);
}

static void new_sides(long capacity)
{
	open_sides(capacity);
	require(mailbox_unlink(NAME) == 0);
}

CASE(send_into_a_box_without_receivers_is_epipe)
{
	new_sides(4);
	expect(put(1, "x", 0) == 0);
	close(reader);
	expect_error(put(1, "x", 0), EPIPE);
	expect_error(put(1, "x", MAILBOX_NONBLOCK), EPIPE);
	expect_error(put(1, "x", MAILBOX_SYNC), EPIPE);
	expect_error(call("x"), EPIPE);
	expect(polls(writer, POLLOUT) == POLLERR);
}

CASE(receive_from_a_box_without_senders_is_epipe_when_empty)
{
	new_sides(4);
	expect(put(1, "x", 0) == 0);
	close(writer);
	box = reader;
	expect(polls(box, POLLIN) == POLLIN);
	expect(take(0, 0, 0) == 2);
	expect_error(take(0, 0, 0), EPIPE);
	expect_error(take(3, 0, MAILBOX_NONBLOCK), EPIPE);
	expect(polls(box, POLLIN) == POLLHUP);
}

/* Somebody may open the name. */
CASE(box_with_a_name_waits_for_the_other_side)
{
	struct timespec when = soon();

	open_sides(1);
	close(reader);
	expect(put(1, "x", 0) == 0);
	expect_error(put_until(1, "x", 0, &when), ETIMEDOUT);
	close(writer);
	box = mailbox_open(NAME, O_RDONLY);
	expect(take(0, 0, 0) == 2);
	expect_error(take_until(0, 0, 0, &when), ETIMEDOUT);
	expect(mailbox_unlink(NAME) == 0);
}

/* The children keep only the side that they use. */
static int put_when_full(void)
{
	close(reader);
	return put(1, "x", 0) == -1 ? errno : 0;
}

static int put_sync(void)
{
	close(reader);
	return put(1, "x", MAILBOX_SYNC) == -1 ? errno : 0;
}

static int call_in_vain(void)
{
	close(reader);
	return call("x") == -1 ? errno : 0;
}

static int poll_in_vain(void)
{
	struct pollfd one = { .fd = writer, .events = POLLOUT };

	close(reader);
	return poll(&one, 1, -1) == 1 ? one.revents : 0;
}

CASE(last_receiver_that_goes_ends_sends_and_calls)
{
	pid_t child[4];

	new_sides(2);
	child[0] = start_asleep(put_sync);
	child[1] = start_asleep(call_in_vain);
	child[2] = start_asleep(put_when_full);
	child[3] = start_asleep(poll_in_vain);
	close(reader);
	for (int i = 0; i < 3; i++)
		expect(result_of(child[i]) == EPIPE);
	expect(result_of(child[3]) == POLLERR && held() == 0);
}

static int take_in_vain(void)
{
	close(writer);
	box = reader;
	return take(0, 0, 0) == -1 ? errno : 0;
}

static int take_7_in_vain(void)
{
	close(writer);
	box = reader;
	return take(7, 0, 0) == -1 ? errno : 0;
}

CASE(last_sender_that_goes_ends_receives)
{
	pid_t child[4];

	new_sides(2);
	for (int i = 0; i < 4; i++)
		child[i] = start_asleep(i % 2 ? take_in_vain : take_7_in_vain);
	close(writer);
	for (int i = 0; i < 4; i++)
		expect(result_of(child[i]) == EPIPE);
}

static int hold_the_writer(void)
{
	close(reader);
	return sleep_for_ever();
}

CASE(last_sender_that_is_killed_ends_receives)
{
	pid_t holder, child;

	new_sides(2);
	holder = start_asleep(hold_the_writer);
	child = start_asleep(take_in_vain);
	close(writer);
	expect(is_asleep(child));
	kill_and_wait(holder);
	expect(result_of(child) == EPIPE);
}

CASE(receiver_in_a_message_is_still_a_receiver)
{
	struct message message = { .flags = MESSAGE_HAS_FD };
	int carrier;

	carrier = private_box(1, BYTES);
	new_sides(4);
	message.fd = reader;
	/* a box travels in an older box only */
	require(mailbox_send(carrier, &message, NULL, 0, NULL) == 0);
	close(reader);
	expect(put(1, "x", 0) == 0);
	close(carrier);
	expect_error(put(1, "x", 0), EPIPE);
}

CASE(box_that_loses_the_name_ends_waits)
{
	pid_t child;

	open_sides(4);
	child = start_asleep(take_in_vain);
	close(writer);
	expect(is_asleep(child));
	expect(mailbox_unlink(NAME) == 0 && result_of(child) == EPIPE);
	open_sides(4);
	child = start_asleep(put_sync);
	close(reader);
	expect(is_asleep(child));
	expect(unlink("/ipc/mailbox" NAME) == 0);
	expect(result_of(child) == EPIPE);
}

CASE(renamed_box_keeps_a_name)
{
	open_sides(4);
	close(reader);
	require(rename("/ipc/mailbox" NAME, "/ipc/mailbox/moved") == 0);
	expect(put(1, "x", 0) == 0);
	expect(mailbox_unlink("/moved") == 0);
	expect_error(put(1, "x", 0), EPIPE);
}

/* ---- poll and calls without waiting -------------------------------------- */

static int receive_type_7(void)
{
	return take(7, 0, 0) >= 0 ? 7 : 1;
}

CASE(poll_does_not_promise_a_receiver_of_one_type)
{
	pid_t child;

	new_box(0);
	child = start_asleep(receive_type_7);
	expect(!polls(box, POLLOUT));
	expect_error(put(3, "x", MAILBOX_NONBLOCK), EAGAIN);
	expect(put(7, "x", MAILBOX_NONBLOCK) == 0 && result_of(child) == 7);
}

static int receive_from_parent(void)
{
	return take(0, getppid(), 0) >= 0 ? 7 : 1;
}

CASE(poll_knows_the_receiver_of_this_sender)
{
	pid_t child;

	new_box(0);
	child = start_asleep(receive_from_parent);
	expect(polls(box, POLLOUT) == POLLOUT);
	expect(put(3, "x", MAILBOX_NONBLOCK) == 0 && result_of(child) == 7);
}

CASE(call_that_may_not_wait_for_room_is_eagain)
{
	new_box(1);
	set_nonblocking(box, 1);
	expect(put(1, "x", 0) == 0);
	expect_error(call("x"), EAGAIN);
	expect(held() == 1);
	new_box(0);
	set_nonblocking(box, 1);
	expect_error(call("x"), EAGAIN);
	expect(!polls(box, POLLIN));
}

CASE(call_that_found_room_waits_for_the_reply)
{
	struct message message = { .type = 1, .fd = -1 };
	struct timespec when = soon();
	pid_t child;

	new_box(0);
	child = start_asleep(serve_one);
	set_nonblocking(box, 1);
	expect(call("abc") == 4 && strcmp(body, "bbc") == 0);
	expect(result_of(child) == 7);
	new_box(1);
	set_nonblocking(box, 1);
	expect_error(mailbox_call(box, &message, "", body, BYTES, &when),
		     ETIMEDOUT);
	expect(held() == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
