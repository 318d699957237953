/*
 * hidden.c - the tests of lab 6 that students do not see.
 */
#include <poll.h>

#include "docs/labs/lab.h"

#define NAME	"/lab-queue-hidden"
#include "tests/user/mqueue.h"

static volatile sig_atomic_t notices;

static void note(int n)
{
	(void)n;
	notices++;
}

static int ask_for_notice(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL,
				  .sigev_signo = SIGUSR1 };

	set_handler(SIGUSR1, note, 0);
	return mq_notify(queue, &event);
}

CASE(waiting_receiver_goes_before_the_notice)
{
	pid_t pid;

	new_queue(2);
	pid = start_asleep(receive_one);
	require(ask_for_notice() == 0);
	require(send_text("x", 5) == 0);
	expect(result_of(pid) == 5 && notices == 0);
	require(send_text("y", 5) == 0);
	expect(notices == 1);
}

CASE(bad_address_loses_no_message)
{
	new_queue(2);
	expect_error(mq_send(queue, nowhere, 4, 1), EFAULT);
	expect(held() == 0);
	require(send_text("stays", 4) == 0);
	expect_error(mq_receive(queue, nowhere, BYTES, NULL), EFAULT);
	expect_error(mq_receive(queue, buffer, BYTES, nowhere), EFAULT);
	expect(held() == 1 && receives("stays", 4));
}

static int receive_nowhere(void)
{
	return mq_receive(queue, nowhere, BYTES, NULL) < 0 ? 100 + errno : 0;
}

CASE(receiver_with_a_bad_address_is_passed_over)
{
	pid_t bad, good;

	new_queue(2);
	bad = start_asleep(receive_nowhere);
	good = start_asleep(receive_one);
	expect(send_text("x", 6) == 0);
	expect(result_of(bad) == 100 + EFAULT);
	expect(result_of(good) == 6);
}

/* The receiver sleeps on: a sender with a bad address does not wake. */
CASE(bad_address_of_a_sender_wakes_no_receiver)
{
	pid_t pid;

	new_queue(2);
	pid = start_asleep(receive_one);
	expect_error(mq_send(queue, nowhere, 4, 1), EFAULT);
	expect(is_asleep(pid));
	expect(send_text("x", 3) == 0);
	expect(result_of(pid) == 3);
}

CASE(killed_sender_sends_nothing)
{
	pid_t first, second;

	new_queue(1);
	require(send_text("first", 1) == 0);
	first = start_asleep(send_one);
	second = start_asleep(send_one);
	expect(kill_and_wait(first) == -SIGKILL);
	expect(receives("first", 1));
	expect(result_of(second) == 0);
	expect(receives("child", 7) && held() == 0);
}

CASE(every_free_place_wakes_a_sender)
{
	pid_t pids[2];

	new_queue(2);
	require(send_text("1", 9) == 0 && send_text("2", 9) == 0);
	for (int i = 0; i < 2; i++)
		pids[i] = start_asleep(send_one);
	expect(receives("1", 9) && receives("2", 9));
	for (int i = 0; i < 2; i++)
		expect(result_of(pids[i]) == 0);
	expect(held() == 2);
}

static int register_and_go(void)
{
	return ask_for_notice() != 0;
}

CASE(registration_ends_with_its_process)
{
	new_queue(2);
	expect(run_in_child(register_and_go) == 0);
	expect(ask_for_notice() == 0);
	require(send_text("x", 1) == 0);
	expect(notices == 1);
}

CASE(registration_ends_with_its_descriptor)
{
	mqd_t other;

	mq_unlink(NAME);
	queue = open_with(O_CREAT | O_RDWR, 2, BYTES);
	other = mq_open(NAME, O_RDWR);
	require(queue != (mqd_t)-1 && other != (mqd_t)-1);
	require(ask_for_notice() == 0);
	mq_close(queue);
	queue = other;
	require(send_text("x", 1) == 0);
	expect(notices == 0);
	expect(ask_for_notice() == 0);
	mq_unlink(NAME);
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
		new_queue(6);
		for (int j = 0; j < 6; j++)
			require(send_text("text", j % 3) == 0);
		require(receives("text", 2) && receives("text", 2));
		expect_error(mq_send(queue, nowhere, 4, 1), EFAULT);
		mq_close(queue);
	}
	leak_take(&after);
	leak_describe(&before, &after, leak, sizeof(leak));
	if (*leak)
		printf("# %s\n", leak);
	fflush(stdout);
	expect(leak_is_none(&before, &after));
}

/* ---- Under every schedule ------------------------------------------------ */

static int receive_two(void)
{
	return !receives("first", 5) || !receives("second", 5);
}

/* The second message may come while the receiver of the first is woken, and
 * has not run yet. */
static int two_messages_pass(void)
{
	pid_t pid;

	new_queue(2);
	pid = start(receive_two);
	if (send_text("first", 5) != 0 || send_text("second", 5) != 0)
		return 1;
	return result_of(pid);
}

LAB_MAIN_WITH_SEARCH(two_messages_pass_under_every_schedule, "2",
		     two_messages_pass)
