/*
 * mailbox.c - mailboxes: limits, the four combinations, selection, deadlines,
 * death. Parley's own.
 */
#include <mailbox.h>

#include "tests/user/mailbox_case.h"

/* ---- Bodies and heads --------------------------------------------------- */

CASE(message_arrives_with_type_sender_and_length)
{
	new_box(4);
	expect(put(7, "hello", 0) == 0 && held() == 1);
	expect(take(0, 0, 0) == 6 && strcmp(body, "hello") == 0);
	expect(head.type == 7 && head.sender == getpid() && head.bytes == 6);
	expect(held() == 0);
}

CASE(sender_is_never_forged)
{
	struct message forged = {
		.type = 1, .sender = 1, .bytes = 0, .fd = -1,
	};

	new_box(4);
	expect(mailbox_send(box, &forged, "", 0, NULL) == 0);
	expect(take(0, 0, 0) == 0 && head.sender == getpid());
}

CASE(long_body_stays_in_the_box)
{
	char small[3];

	new_box(4);
	expect(put(1, "too long", 0) == 0);
	expect_error(mailbox_receive(box, NULL, small, 3, 0, NULL), EMSGSIZE);
	expect(held() == 1 && takes(0, "too long"));
}

CASE(body_beyond_message_bytes_is_refused)
{
	struct message message = { .bytes = BYTES + 1, .fd = -1 };
	static char large[BYTES + 1];

	new_box(4);
	expect_error(mailbox_send(box, &message, large, 0, NULL), EMSGSIZE);
	expect(held() == 0);
}

CASE(bad_address_eats_no_message)
{
	new_box(4);
	expect(put(1, "kept", 0) == 0);
	expect_error(mailbox_receive(box, NULL, nowhere, BYTES, 0, NULL),
		     EFAULT);
	expect_error(mailbox_receive(box, nowhere, body, BYTES, 0, NULL),
		     EFAULT);
	expect(held() == 1 && takes(0, "kept"));
}

CASE(bad_address_sends_nothing)
{
	struct message message = { .bytes = 5, .fd = -1 };

	new_box(4);
	expect_error(mailbox_send(box, &message, nowhere, 0, NULL), EFAULT);
	expect_error(mailbox_send(box, nowhere, "", 0, NULL), EFAULT);
	expect(held() == 0);
}

CASE(other_descriptors_are_not_boxes)
{
	int fds[2];

	require(pipe(fds) == 0);
	box = fds[0];
	expect(put(1, "x", 0) == -1);
	box = 77;
	expect_error(put(1, "x", 0), EBADF);
}

/* ---- Capacity and synchrony --------------------------------------------- */

CASE(full_box_is_eagain_and_loses_nothing)
{
	new_box(2);
	expect(put(1, "a", MAILBOX_NONBLOCK) == 0);
	expect(put(1, "b", MAILBOX_NONBLOCK) == 0);
	expect_error(put(1, "c", MAILBOX_NONBLOCK), EAGAIN);
	expect(takes(0, "a") && takes(0, "b") && held() == 0);
}

CASE(empty_box_is_eagain)
{
	new_box(2);
	expect_error(take(0, 0, MAILBOX_NONBLOCK), EAGAIN);
}

CASE(unbounded_box_takes_a_thousand)
{
	new_box(MAILBOX_UNBOUNDED);
	for (int i = 0; i < 1000; i++)
		require(put(i + 1, "m", MAILBOX_NONBLOCK) == 0);
	expect(held() == 1000);
	for (uint32_t i = 0; i < 1000; i++)
		require(take(0, 0, MAILBOX_NONBLOCK) == 2 &&
			head.type == i + 1);
}

CASE(rendezvous_without_receiver_is_eagain)
{
	new_box(0);
	expect_error(put(1, "x", MAILBOX_NONBLOCK), EAGAIN);
	expect_error(take(0, 0, MAILBOX_NONBLOCK), EAGAIN);
}

CASE(rendezvous_sender_waits_for_its_receiver)
{
	pid_t child;

	new_box(0);
	child = start(send_one);
	until_asleep(child);
	expect(take(0, 0, 0) == 15);
	expect(result_of(child) == 7);
}

CASE(rendezvous_receiver_waits_for_its_sender)
{
	pid_t child;

	new_box(0);
	child = start(receive_one);
	until_asleep(child);
	expect(put(1, "here", MAILBOX_NONBLOCK) == 0);
	expect(result_of(child) == 7);
}

CASE(synchronous_send_returns_only_once_it_was_received)
{
	pid_t child;

	new_box(8);
	child = start(send_one_sync);
	until_asleep(child);
	expect(held() == 1 && takes(0, "sync"));
	expect(result_of(child) == 7);
}

CASE(killed_synchronous_sender_withdraws_its_message)
{
	pid_t child;

	new_box(8);
	child = start(send_one_sync);
	until_asleep(child);
	kill_and_wait(child);
	expect(held() == 0);
}

CASE(sender_waits_for_room_and_is_woken_by_a_receive)
{
	pid_t child;

	new_box(1);
	expect(put(1, "first", 0) == 0);
	child = start(send_one);
	until_asleep(child);
	expect(takes(0, "first"));
	expect(result_of(child) == 7 && takes(0, "from the child"));
}

/* ---- Selection ---------------------------------------------------------- */

CASE(selection_by_type_leaves_the_others_in_order)
{
	new_box(8);
	put(1, "a", 0), put(2, "b", 0), put(1, "c", 0), put(3, "d", 0);
	expect(takes(2, "b"));
	expect_error(take(9, 0, MAILBOX_NONBLOCK), EAGAIN);
	expect(takes(0, "a") && takes(0, "c") && takes(0, "d"));
}

CASE(selection_by_sender_leaves_the_others)
{
	pid_t child;

	new_box(8);
	put(1, "mine", 0);
	child = start(send_one);
	expect(result_of(child) == 7);
	expect(take(0, child, MAILBOX_NONBLOCK) == 15);
	expect(head.sender == child && takes(0, "mine"));
}

static int receive_type_5(void)
{
	return take(5, 0, 0) >= 0 && head.type == 5 ? 7 : 1;
}

CASE(sleeper_for_another_type_is_left_alone)
{
	pid_t child;

	new_box(8);
	child = start(receive_type_5);
	until_asleep(child);
	put(4, "not his", 0);
	expect(is_asleep(child) && takes(0, "not his"));
	put(5, "his", 0);
	expect(result_of(child) == 7 && held() == 0);
}

CASE(message_of_a_killed_receiver_goes_to_the_next)
{
	pid_t first, second;

	new_box(8);
	first = start(receive_one);
	until_asleep(first);
	second = start(receive_one);
	until_asleep(second);
	kill_and_wait(first);
	put(1, "left", 0);
	expect(result_of(second) == 7 && held() == 0);
}

/* ---- Ends of waiting ---------------------------------------------------- */

CASE(receive_ends_at_its_deadline)
{
	struct timespec when = soon();

	new_box(2);
	expect_error(mailbox_receive(box, NULL, body, BYTES, 0, &when),
		     ETIMEDOUT);
}

CASE(send_that_times_out_has_sent_nothing)
{
	struct message message = { .bytes = 0, .fd = -1 };
	struct timespec when = soon();

	new_box(1);
	put(1, "a", 0);
	expect_error(mailbox_send(box, &message, "", 0, &when), ETIMEDOUT);
	expect(held() == 1 && takes(0, "a"));
}

CASE(synchronous_send_that_times_out_withdraws)
{
	struct message message = { .bytes = 0, .fd = -1 };
	struct timespec when = soon();

	new_box(4);
	expect_error(mailbox_send(box, &message, "", MAILBOX_SYNC, &when),
		     ETIMEDOUT);
	expect(held() == 0);
}

static int receive_interrupted(void)
{
	set_handler(SIGUSR1, catch_it, 0);
	return take(0, 0, 0) == -1 && errno == EINTR ? 7 : 1;
}

CASE(signal_ends_a_receive_with_eintr)
{
	pid_t child;

	new_box(4);
	child = start(receive_interrupted);
	until_asleep(child);
	kill(child, SIGUSR1);
	expect(result_of(child) == 7);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
