/*
 * mailbox_peer.c - the result for a receiver when its sender ends, or may not
 * wait.
 */
#include "tests/user/mailbox_case.h"

static pid_t awaited;

static int receive_from_awaited(void)
{
	return take(0, awaited, 0) == -1 && errno == ESRCH ? 7 : 1;
}

CASE(receive_ends_with_the_sender_it_waits_for)
{
	pid_t child;

	new_box(8);
	awaited = start(sleep_for_ever);
	child = start_asleep(receive_from_awaited);
	kill_and_wait(awaited);
	expect(result_of(child) == 7);
}

CASE(receive_from_a_dead_sender_takes_what_it_left)
{
	pid_t child;

	new_box(8);
	child = start(send_one);
	expect(result_of(child) == 7);
	expect(take(0, child, 0) > 0 && head.sender == child);
	expect(take(0, child, 0) == -1 && errno == ESRCH);
	expect(take(0, child, MAILBOX_NONBLOCK) == -1 && errno == ESRCH);
}

/* The message is in the memory of the receiver when the send returns, although
 * the receiver has not run. */
CASE(send_with_a_passed_deadline_reaches_a_receiver_that_waits)
{
	const struct timespec past = { 0, 1 };
	pid_t first, second;

	new_box(8);
	first = start_asleep(receive_type);
	second = start_asleep(receive_type);
	expect(put_until(4, "x", MAILBOX_SYNC, &past) == 0);
	put(5, "x", 0);
	expect(result_of(first) == 4);
	expect(result_of(second) == 5);
	expect(put_until(6, "x", MAILBOX_SYNC, &past) == -1);
	expect(errno == ETIMEDOUT && held() == 0);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
