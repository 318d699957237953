/*
 * tests.c - the tests of lab 5: the mailbox. Each case makes a box of its own.
 *
 * lab.toml has the points of each case and what the trace must show.
 */
#include "docs/labs/lab.h"
#include "tests/user/mailbox_case.h"

/* ---- Messages ------------------------------------------------------------ */

CASE(message_passes_through_the_box)
{
	new_box(4);
	expect(put(5, "hello", 0) == 0 && held() == 1);
	expect(take(0, 0, MAILBOX_NONBLOCK) == 6);
	expect(strcmp(body, "hello") == 0 && head.type == 5);
	expect(head.sender == getpid() && head.id != 0 && head.bytes == 6);
	expect(held() == 0);
	expect_error(take(0, 0, MAILBOX_NONBLOCK), EAGAIN);
}

CASE(stored_messages_come_in_order)
{
	new_box(3);
	expect(put(1, "one", 0) == 0 && put(2, "two", 0) == 0);
	expect(put(1, "three", 0) == 0);
	expect_error(put(1, "four", MAILBOX_NONBLOCK), EAGAIN);
	expect(held() == 3);
	expect(takes(0, "one") && takes(0, "two") && takes(0, "three"));
	expect(put(1, "five", MAILBOX_NONBLOCK) == 0 && takes(0, "five"));
}

CASE(receiver_sleeps_until_a_message_comes)
{
	pid_t pid;

	new_box(4);
	pid = start_asleep(receive_type);
	mark(1);
	expect(put(9, "x", 0) == 0);
	expect(held() == 0);
	expect(result_of(pid) == 9);
}

CASE(sender_sleeps_until_there_is_room)
{
	pid_t pid;

	new_box(1);
	require(put(1, "first", 0) == 0);
	pid = start_asleep(send_one);
	mark(1);
	expect(takes(0, "first"));
	expect(result_of(pid) == 7);
	expect(takes(0, "from the child"));
}

CASE(each_message_wakes_one_receiver_in_order)
{
	pid_t pids[3];

	new_box(8);
	for (int i = 0; i < 3; i++)
		pids[i] = start_asleep(receive_type);
	for (int i = 0; i < 3; i++) {
		require(put(10 + i, "x", 0) == 0);
		case_pause();		/* a task woken in vain sleeps again */
	}
	for (int i = 0; i < 3; i++)
		expect(result_of(pids[i]) == 10 + i);
}

/* ---- Rendezvous ---------------------------------------------------------- */

CASE(sender_waits_for_the_receiver_at_a_rendezvous)
{
	pid_t pid;

	new_box(0);
	expect_error(put(1, "x", MAILBOX_NONBLOCK), EAGAIN);
	pid = start_asleep(send_one);
	mark(1);
	expect(takes(0, "from the child"));
	expect(result_of(pid) == 7);
	expect_error(take(0, 0, MAILBOX_NONBLOCK), EAGAIN);
}

CASE(sender_finds_a_receiver_that_waits)
{
	pid_t pid;

	new_box(0);
	pid = start_asleep(receive_type);
	expect(put(6, "x", MAILBOX_NONBLOCK) == 0);
	expect(result_of(pid) == 6);
	new_box(4);
	pid = start_asleep(receive_type);
	expect(put(8, "x", MAILBOX_SYNC) == 0);
	expect(result_of(pid) == 8);
}

CASE(deadline_withdraws_the_message)
{
	struct timespec when = soon();

	new_box(0);
	expect_error(put_until(1, "late", 0, &when), ETIMEDOUT);
	expect_error(take(0, 0, MAILBOX_NONBLOCK), EAGAIN);
	when = soon();
	expect_error(take_until(0, 0, 0, &when), ETIMEDOUT);
	expect_error(put(1, "x", MAILBOX_NONBLOCK), EAGAIN);
}

/* ---- Selection ----------------------------------------------------------- */

CASE(receiver_selects_by_type)
{
	new_box(4);
	require(put(1, "one", 0) == 0 && put(2, "two", 0) == 0);
	require(put(2, "more", 0) == 0);
	expect_error(take(3, 0, MAILBOX_NONBLOCK), EAGAIN);
	expect(takes(2, "two") && takes(0, "one") && takes(2, "more"));
}

CASE(receiver_selects_by_sender)
{
	new_box(4);
	require(result_of(start(send_one)) == 7);
	require(put(1, "mine", 0) == 0);
	expect(take(0, getpid(), MAILBOX_NONBLOCK) == 5);
	expect(strcmp(body, "mine") == 0);
	expect_error(take(1, getpid(), MAILBOX_NONBLOCK), EAGAIN);
	expect(takes(1, "from the child"));
}

static int receive_type_5(void)
{
	return take(5, 0, 0) >= 0 ? (int)head.type : 100;
}

CASE(message_passes_a_receiver_that_wants_another)
{
	pid_t five, any;

	new_box(4);
	five = start_asleep(receive_type_5);
	any = start_asleep(receive_type);
	require(put(6, "x", 0) == 0);
	expect(result_of(any) == 6 && is_asleep(five));
	require(put(7, "stays", 0) == 0 && held() == 1);
	require(put(5, "x", 0) == 0);
	expect(result_of(five) == 5 && held() == 1);
}

/* ---- Calls --------------------------------------------------------------- */

static int call_once(void)
{
	return call("abc") == 4 && strcmp(body, "bbc") == 0 ? 7 : 1;
}

CASE(call_gets_its_reply)
{
	pid_t pid;

	new_box(4);
	pid = start_asleep(call_once);
	mark(1);
	expect(serve_one() == 7);
	expect(result_of(pid) == 7);
	new_box(0);
	pid = start_asleep(serve_one);
	expect(call_once() == 7);
	expect(result_of(pid) == 7);
}

/* The client that called first gets its reply last. */
CASE(reply_finds_the_call_with_its_number)
{
	struct message heads[2];
	pid_t pids[2];

	new_box(4);
	for (int i = 0; i < 2; i++) {
		pids[i] = start_asleep(call_once);
		require(take(0, 0, 0) == 4);
		heads[i] = head;
		heads[i].flags = 0;
	}
	expect(mailbox_reply(box, &heads[1], "bbc") == 0);
	expect(result_of(pids[1]) == 7 && is_asleep(pids[0]));
	expect_error(mailbox_reply(box, &heads[1], "bbc"), ESRCH);
	expect(mailbox_reply(box, &heads[0], "bbc") == 0);
	expect(result_of(pids[0]) == 7);
}

LAB_MAIN
