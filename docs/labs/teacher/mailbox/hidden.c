/*
 * hidden.c - the tests of lab 5 that students do not see.
 */
#include "docs/labs/lab.h"
#include "tests/user/mailbox_case.h"

static int receive_nowhere(void)
{
	return mailbox_receive(box, NULL, nowhere, BYTES, 0, NULL) < 0 &&
	       errno == EFAULT ? 7 : 1;
}

CASE(receiver_with_a_bad_address_is_passed_over)
{
	pid_t bad, good;

	new_box(4);
	bad = start_asleep(receive_nowhere);
	good = start_asleep(receive_type);
	expect(put(6, "x", 0) == 0);
	expect(result_of(bad) == 7 && result_of(good) == 6);
	expect(held() == 0);
}

CASE(bad_address_loses_no_message)
{
	struct message message = { .type = 1, .bytes = 4, .fd = -1 };
	pid_t pid;

	new_box(4);
	pid = start_asleep(receive_type);
	expect_error(mailbox_send(box, &message, nowhere, 0, NULL), EFAULT);
	expect(is_asleep(pid) && held() == 0);
	require(put(3, "x", 0) == 0 && result_of(pid) == 3);
	require(put(4, "stays", 0) == 0);
	expect_error(mailbox_receive(box, NULL, nowhere, BYTES, 0, NULL),
		     EFAULT);
	expect_error(mailbox_receive(box, NULL, body, 2, 0, NULL), EMSGSIZE);
	expect(takes(4, "stays"));
}

CASE(killed_sender_withdraws_its_message)
{
	pid_t pid;

	new_box(0);
	pid = start_asleep(send_one);
	expect(kill_and_wait(pid) == -SIGKILL);
	expect_error(take(0, 0, MAILBOX_NONBLOCK), EAGAIN);
	new_box(4);
	pid = start_asleep(send_one_sync);
	expect(kill_and_wait(pid) == -SIGKILL);
	expect(held() == 0);
	expect(put(1, "x", 0) == 0 && takes(1, "x"));
}

static int call_for_ever(void)
{
	return call("x") == -1 && errno == EPIPE ? 7 : 1;
}

CASE(reply_to_a_killed_caller_is_esrch)
{
	pid_t pid;

	new_box(4);
	pid = start_asleep(call_for_ever);
	require(take(0, 0, 0) == 2);
	expect(kill_and_wait(pid) == -SIGKILL);
	head.flags = 0;
	expect_error(mailbox_reply(box, &head, "x"), ESRCH);
	expect(put(1, "x", 0) == 0 && takes(1, "x"));
}

static int take_and_go(void)
{
	return take(0, 0, 0) >= 0 ? 7 : 1;
}

CASE(end_of_the_server_ends_its_calls)
{
	pid_t pid;

	new_box(4);
	pid = start_asleep(call_for_ever);
	expect(result_of(start(take_and_go)) == 7);
	expect(result_of(pid) == 7);
}

static pid_t wanted_sender;

static int receive_from_wanted(void)
{
	return take(0, wanted_sender, 0) >= 0 ? 7 : 1;
}

static int receive_type_5(void)
{
	return take(5, 0, 0) >= 0 ? 7 : 1;
}

static int receive_5_from_wanted(void)
{
	return take(5, wanted_sender, 0) >= 0 ? 7 : 1;
}

CASE(first_of_different_selections_gets_the_message)
{
	int (*const kinds[])(void) = {
		receive_type_5, receive_from_wanted, receive_5_from_wanted,
		receive_one,
	};
	pid_t child[4];

	new_box(8);
	wanted_sender = getpid();
	for (int turn = 0; turn < 4; turn++) {
		for (int i = 0; i < 4; i++)
			child[i] = start_asleep(kinds[(turn + i) % 4]);
		for (int i = 0; i < 4; i++) {
			require(put(5, "x", 0) == 0);
			expect(result_of(child[i]) == 7);
			for (int j = i + 1; j < 4; j++)
				expect(is_asleep(child[j]));
		}
	}
	expect(held() == 0);
}

CASE(message_for_a_process_is_for_no_other)
{
	struct message message = { .type = 9, .fd = -1 };
	pid_t first, second;

	new_box(8);
	first = start_asleep(receive_type);
	second = start_asleep(receive_type);
	message.receiver = second;
	expect(mailbox_send(box, &message, "", 0, NULL) == 0);
	expect(result_of(second) == 9 && is_asleep(first));
	message.receiver = getpid();
	expect(mailbox_send(box, &message, "", 0, NULL) == 0);
	expect(is_asleep(first) && held() == 1);
	expect(take(0, 0, MAILBOX_NONBLOCK) == 0 && head.type == 9);
	require(put(3, "x", 0) == 0);
	expect(result_of(first) == 3);
}

CASE(server_that_closes_the_box_ends_its_calls)
{
	pid_t pid;

	new_box(4);
	pid = start_asleep(call_for_ever);
	require(take(0, 0, 0) == 2);
	close(box);
	expect(result_of(pid) == 7);
}

CASE(messages_leave_no_memory_behind)
{
	struct leak_counters before, after;
	char leak[120];

	leak_take(&before);		/* the pages of the stack are in use */
	leak_take(&after);
	for (int i = 0; i < 5; i++) {
		if (i == 1)
			leak_take(&before);
		new_box(6);
		for (int j = 0; j < 6; j++)
			require(put(j % 3 + 1, "text", 0) == 0);
		require(takes(2, "text") && takes(0, "text"));
		expect_error(take(9, 0, MAILBOX_NONBLOCK), EAGAIN);
		close(box);
	}
	leak_take(&after);
	leak_describe(&before, &after, leak, sizeof(leak));
	if (*leak)
		printf("# %s\n", leak);
	fflush(stdout);
	expect(leak_is_none(&before, &after));
}

/* ---- Under every schedule ------------------------------------------------ */

enum { CALL = 1, NO_ANSWER };

/* The exit status is 1 for an answer. A caller that was interrupted sends a
 * message, so that the server need not wait for the call. */
static int call_once(void)
{
	if (call("x") == 2)
		return 1;
	return errno == EINTR ? put(NO_ANSWER, "x", 0) : 2;
}

static pid_t caller;

/* The caller may be gone by then. */
static int interrupt_caller(void)
{
	kill(caller, SIGUSR1);
	return 0;
}

/* The signal comes before, during or after the call: the caller has its answer
 * if, and only if, the reply has succeeded. */
static int reply_meets_a_signal(void)
{
	pid_t other;
	int has_replied = 0;

	set_handler(SIGUSR1, catch_it, 0);
	new_box(4);
	caller = start(call_once);
	other = start(interrupt_caller);
	require(take(0, 0, 0) == 2);
	if (head.type == CALL) {
		head.fd = -1;
		has_replied = mailbox_reply(box, &head, body) == 0;
	}
	return result_of(caller) != has_replied || result_of(other);
}

LAB_MAIN_WITH_SEARCH(reply_meets_a_signal_under_every_schedule, "2",
		     reply_meets_a_signal)
