/*
 * tests.c - the tests of lab 6: the message queue. Each case makes a queue of
 * its own.
 *
 * lab.toml has the points of each case and what the trace must show.
 */
#include "docs/labs/lab.h"

#define NAME	"/lab-queue"
#include "tests/user/mqueue.h"

/* ---- Order --------------------------------------------------------------- */

CASE(message_arrives_with_length_and_priority)
{
	new_queue(4);
	expect(send_text("hello", 3) == 0 && held() == 1);
	expect(receives("hello", 3) && held() == 0);
	expect(mq_send(queue, "", 0, 31) == 0);
	expect(mq_receive(queue, buffer, BYTES, &priority) == 0);
	expect(priority == 31);
	expect(send_text("no priority", 1) == 0);
	expect(mq_receive(queue, buffer, BYTES, NULL) == 12);
}

CASE(highest_priority_comes_first)
{
	new_queue(4);
	expect(send_text("low", 1) == 0 && send_text("high", 30) == 0);
	expect(send_text("middle", 15) == 0 && send_text("none", 0) == 0);
	expect(receives("high", 30) && receives("middle", 15));
	expect(receives("low", 1) && receives("none", 0));
}

CASE(oldest_comes_first_within_a_priority)
{
	char text[4] = "";

	new_queue(9);
	for (int i = 0; i < 9; i++) {
		snprintf(text, sizeof(text), "%d", i);
		require(send_text(text, i % 3) == 0);
	}
	for (int i = 0; i < 9; i++) {
		snprintf(text, sizeof(text), "%d", i % 3 * 3 + 2 - i / 3);
		expect(receives(text, 2 - i / 3));
	}
}

CASE(full_and_empty_are_eagain)
{
	new_queue(2);
	set_nonblock(1);
	expect_error(mq_receive(queue, buffer, BYTES, NULL), EAGAIN);
	expect(send_text("1", 0) == 0 && send_text("2", 0) == 0);
	expect_error(send_text("3", 9), EAGAIN);
	expect(held() == 2);
	expect(receives("1", 0) && send_text("3", 0) == 0);
	expect(receives("2", 0) && receives("3", 0));
	expect_error(mq_receive(queue, buffer, BYTES, NULL), EAGAIN);
}

/* ---- Sleep --------------------------------------------------------------- */

CASE(receiver_sleeps_until_a_message_comes)
{
	pid_t pid;

	new_queue(2);
	pid = start_asleep(receive_one);
	mark(1);
	expect(send_text("x", 9) == 0);
	expect(held() == 0);
	expect(result_of(pid) == 9);
}

CASE(sender_sleeps_until_there_is_room)
{
	pid_t pid;

	new_queue(1);
	require(send_text("first", 1) == 0);
	pid = start_asleep(send_one);
	mark(1);
	expect(receives("first", 1));
	expect(result_of(pid) == 0);
	expect(receives("child", 7));
}

CASE(longest_waiting_receiver_gets_the_message)
{
	pid_t pids[3];

	new_queue(4);
	for (int i = 0; i < 3; i++)
		pids[i] = start_asleep(receive_one);
	for (int i = 0; i < 3; i++) {
		require(send_text("x", 20 + i) == 0);
		expect(result_of(pids[i]) == 20 + i);
	}
}

CASE(one_message_wakes_one_receiver)
{
	pid_t pids[3];

	new_queue(4);
	for (int i = 0; i < 3; i++)
		pids[i] = start_asleep(receive_one);
	for (int i = 0; i < 3; i++) {
		require(send_text("x", i) == 0);
		case_pause();		/* a task woken in vain sleeps again */
	}
	for (int i = 0; i < 3; i++)
		expect(result_of(pids[i]) <= 2);
}

/* The message is in the memory of the receiver before the receiver runs. */
CASE(newcomer_does_not_take_a_delivered_message)
{
	pid_t pid;

	new_queue(2);
	pid = start_asleep(receive_one);
	require(send_text("x", 9) == 0);
	set_nonblock(1);
	expect_error(mq_receive(queue, buffer, BYTES, NULL), EAGAIN);
	expect(result_of(pid) == 9);
}

CASE(deadline_ends_a_wait_without_a_trace)
{
	struct timespec soon = in_ms(20);

	new_queue(1);
	expect_error(mq_timedreceive(queue, buffer, BYTES, NULL, &soon),
		     ETIMEDOUT);
	require(send_text("x", 0) == 0 && held() == 1);
	soon = in_ms(20);
	expect_error(mq_timedsend(queue, "y", 2, 9, &soon), ETIMEDOUT);
	expect(receives("x", 0) && held() == 0);
}

/* ---- Notices ------------------------------------------------------------- */

static volatile sig_atomic_t notices, code, value;

static void note(int n, siginfo_t *info, void *context)
{
	(void)n;
	(void)context;
	notices++;
	code = info->si_code;
	value = info->si_value.sival_int;
}

static int ask_for_notice(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL,
				  .sigev_signo = SIGUSR1 };
	struct sigaction action = { .sa_sigaction = note,
				    .sa_flags = SA_SIGINFO };

	event.sigev_value.sival_int = 77;
	require(sigaction(SIGUSR1, &action, NULL) == 0);
	return mq_notify(queue, &event);
}

CASE(notice_comes_with_a_message_in_the_empty_queue)
{
	new_queue(4);
	require(ask_for_notice() == 0);
	expect(notices == 0);
	require(send_text("x", 1) == 0);
	expect(notices == 1 && code == SI_MESGQ && value == 77);
}

CASE(notice_comes_once)
{
	new_queue(4);
	require(ask_for_notice() == 0);
	require(send_text("1", 1) == 0 && send_text("2", 1) == 0);
	require(receives("1", 1) && receives("2", 1));
	require(send_text("3", 1) == 0);
	expect(notices == 1);
	require(ask_for_notice() == 0);		/* not empty: no notice */
	require(send_text("4", 1) == 0);
	expect(notices == 1);
	require(receives("3", 1) && receives("4", 1));
	require(send_text("5", 1) == 0);
	expect(notices == 2);
}

static int register_too(void)
{
	return ask_for_notice() == 0 ? 0 : errno;
}

CASE(second_registration_is_ebusy)
{
	new_queue(4);
	require(ask_for_notice() == 0);
	expect(run_in_child(register_too) == EBUSY);
	expect_error(ask_for_notice(), EBUSY);
	require(send_text("x", 1) == 0);
	expect(notices == 1);
	expect(run_in_child(register_too) == 0);
}

LAB_MAIN
