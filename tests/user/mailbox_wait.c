/*
 * mailbox_wait.c - waiting at a mailbox: order and priorities of senders and
 * receivers, and how waits end. Parley only.
 *
 * The cases start their children in turn, each child after the child before
 * sleeps. So the order of arrival is known. The file is long because all its
 * cases test the same order: the order in which senders and receivers meet.
 */
#include <mailbox.h>

#include "tests/user/mailbox_case.h"
#include "tests/user/thread_case.h"

/* ---- Order of receivers -------------------------------------------------- */

CASE(receivers_are_served_in_the_order_of_arrival)
{
	pid_t child[4];

	new_box(8);
	for (int i = 0; i < 4; i++)
		child[i] = start_asleep(receive_type);
	for (int i = 0; i < 4; i++)
		put(i + 10, "x", 0);
	for (int i = 0; i < 4; i++)
		expect(result_of(child[i]) == i + 10);
}

static int receive_urgently(void)
{
	be_urgent(10);
	return receive_type();
}

CASE(receiver_of_higher_priority_goes_before_those_who_came_first)
{
	pid_t ordinary, urgent;

	new_box(8);
	ordinary = start_asleep(receive_type);
	urgent = start_asleep(receive_urgently);
	put(1, "x", 0);
	expect(result_of(urgent) == 1 && is_asleep(ordinary));
	put(2, "x", 0);
	expect(result_of(ordinary) == 2);
}

CASE(priority_changed_while_it_waits_counts)
{
	const struct sched_param param = { .sched_priority = 1 };
	pid_t first, second;

	new_box(8);
	first = start_asleep(receive_type);
	second = start_asleep(receive_type);
	expect(sched_setscheduler(second, SCHED_FIFO, &param) >= 0);
	put(1, "x", 0);
	expect(result_of(second) == 1 && is_asleep(first));
	put(2, "x", 0);
	expect(result_of(first) == 2);
}

static int receive_type_5(void)
{
	return take(5, 0, 0) >= 0 ? (int)head.type : 100;
}

static pid_t wanted_sender;

static int receive_from_wanted(void)
{
	return take(0, wanted_sender, 0) >= 0 ? 7 : 1;
}

static int receive_5_from_wanted(void)
{
	return take(5, wanted_sender, 0) >= 0 ? 7 : 1;
}

/* Selection of any message, by type, by sender, by both: each receiver wants
 * the message. The first receiver gets the message, with any selection. */
CASE(first_of_different_selections_is_the_one_that_came_first)
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
			put(5, "x", 0);
			expect(result_of(child[i]) > 0);
			for (int j = i + 1; j < 4; j++)
				expect(is_asleep(child[j]));
		}
	}
	expect(held() == 0);
}

CASE(selection_of_one_type_does_not_stand_in_the_way_of_another)
{
	pid_t five, any;

	new_box(8);
	five = start_asleep(receive_type_5);
	any = start_asleep(receive_type);
	put(6, "x", 0);
	expect(result_of(any) == 6 && is_asleep(five));
	put(5, "x", 0);
	expect(result_of(five) == 5);
}

static int put_for(pid_t receiver, uint32_t type)
{
	struct message message = {
		.type = type, .receiver = receiver, .fd = -1,
	};

	return mailbox_send(box, &message, "", 0, NULL);
}

CASE(message_meant_for_one_is_for_that_one)
{
	pid_t first, second;

	new_box(8);
	first = start_asleep(receive_type);
	second = start_asleep(receive_type);
	expect(put_for(second, 9) == 0);
	expect(result_of(second) == 9 && is_asleep(first));
	expect(put_for(getpid(), 8) == 0 && is_asleep(first));
	expect(polls(box, POLLIN) == POLLIN);
	expect(take(0, 0, 0) == 0 && head.type == 8);
	put(3, "x", 0);
	expect(result_of(first) == 3);
}

CASE(message_meant_for_another_is_not_seen_by_poll)
{
	new_box(8);
	expect(put_for(1, 9) == 0 && held() == 1);
	expect(!polls(box, POLLIN));
	expect_error(take(0, 0, MAILBOX_NONBLOCK), EAGAIN);
}

static int receive_small(void)
{
	char small[2];

	if (mailbox_receive(box, NULL, small, 2, 0, NULL) >= 0)
		return 1;
	return errno == EMSGSIZE ? 7 : 2;
}

CASE(message_too_long_for_the_first_goes_to_the_second)
{
	pid_t small, large;

	new_box(8);
	small = start_asleep(receive_small);
	large = start_asleep(receive_one);
	put(1, "too long", 0);
	expect(result_of(small) == 7 && result_of(large) == 7);
	expect(held() == 0);
}

static int receive_nowhere(void)
{
	if (mailbox_receive(box, NULL, nowhere, BYTES, 0, NULL) >= 0)
		return 1;
	return errno == EFAULT ? 7 : 2;
}

CASE(message_that_the_first_cannot_take_goes_to_the_second)
{
	pid_t bad, good;

	new_box(8);
	bad = start_asleep(receive_nowhere);
	good = start_asleep(receive_one);
	put(1, "x", 0);
	expect(result_of(bad) == 7 && result_of(good) == 7);
	expect(held() == 0);
}

/* The message is received when it is in the memory of the receiver. */
CASE(receiver_killed_before_it_ran_takes_only_its_own_message)
{
	pid_t child, next;

	new_box(8);
	child = start_asleep(receive_one);
	next = start_asleep(receive_type);
	expect(put(4, "x", MAILBOX_SYNC) == 0);
	kill(child, SIGKILL);		/* which may not have run yet */
	put(5, "x", 0);
	expect(result_of(next) == 5);
	result_of(child);
	expect(held() == 0);
}

/* A thousand such sleepers cost a send nothing: see the benchmarks. This case
 * tests that all sleepers are still there, and that the right receiver gets the
 * message. */
CASE(hundred_sleepers_for_other_types_are_left_alone)
{
	pid_t child[100], last;

	new_box(8);
	for (int i = 0; i < 100; i++) {
		child[i] = fork_or_fail();
		if (child[i] == 0)
			_exit(take(1000 + i / 2, 0, 0) >= 0 ? 7 : 1);
	}
	last = start_asleep(receive_type_5);
	for (int i = 0; i < 100; i++)
		until_asleep(child[i]);
	put(5, "x", 0);
	expect(result_of(last) == 5);
	for (int i = 0; i < 100; i += 9)
		expect(is_asleep(child[i]));
	for (int i = 0; i < 100; i++)
		put(1000 + i / 2, "x", 0);
	for (int i = 0; i < 100; i++)
		expect(result_of(child[i]) == 7);
}

/* ---- Order of senders ---------------------------------------------------- */

static uint32_t own_type;

static int send_type(void)
{
	return put(own_type, "x", 0) == 0 ? 7 : 1;
}

static pid_t start_sender(uint32_t type, int priority)
{
	pid_t pid;

	own_type = type;
	pid = fork_or_fail();
	if (pid == 0) {
		if (priority > 0)
			be_urgent(priority);
		_exit(send_type());
	}
	until_asleep(pid);
	return pid;
}

static void expect_order(long capacity, const int *priorities,
			 const uint32_t *order)
{
	pid_t child[4];

	new_box(capacity);
	if (capacity > 0)
		put(99, "full", 0);
	for (int i = 0; i < 4; i++)
		child[i] = start_sender(i + 1, priorities[i]);
	if (capacity > 0)
		expect(takes(99, "full"));
	for (int i = 0; i < 4; i++)
		expect(take(0, 0, 0) == 2 && head.type == order[i]);
	for (int i = 0; i < 4; i++)
		expect(result_of(child[i]) == 7);
}

static const int equal[] = { 0, 0, 0, 0 }, different[] = { 0, 10, 5, 10 };
static const uint32_t as_they_came[] = { 1, 2, 3, 4 };
static const uint32_t by_priority[] = { 2, 4, 3, 1 };

CASE(senders_wait_for_room_in_the_order_of_arrival)
{
	expect_order(1, equal, as_they_came);
}

CASE(senders_wait_for_room_by_priority)
{
	expect_order(1, different, by_priority);
}

CASE(senders_meet_at_a_rendezvous_in_the_order_of_arrival)
{
	expect_order(0, equal, as_they_came);
}

CASE(senders_meet_at_a_rendezvous_by_priority)
{
	expect_order(0, different, by_priority);
}

/* A message gets its number when it enters the box, not when its sender begins
   to wait. */
CASE(numbers_are_in_the_order_of_the_box)
{
	uint32_t last = 0;
	pid_t child[3];

	new_box(1);
	put(99, "full", 0);
	child[0] = start_sender(1, 10);
	child[1] = start_sender(2, 5);
	child[2] = start_sender(3, 0);
	for (int i = 0; i < 4; i++) {
		expect(take(0, 0, 0) > 0 && head.id > last);
		last = head.id;
	}
	for (int i = 0; i < 3; i++)
		expect(result_of(child[i]) == 7);
}

CASE(newcomer_does_not_send_before_those_who_wait)
{
	pid_t child;

	new_box(1);
	put(9, "full", 0);
	child = start_sender(1, 0);
	expect(takes(9, "full"));
	expect_error(put(2, "x", MAILBOX_NONBLOCK), EAGAIN);
	expect(take(0, 0, 0) == 2 && head.type == 1);
	expect(result_of(child) == 7 && held() == 0);
}

CASE(room_that_a_killed_sender_waited_for_goes_to_the_next)
{
	pid_t first, second;

	new_box(1);
	put(9, "full", 0);
	first = start_sender(1, 0);
	second = start_sender(2, 0);
	kill_and_wait(first);
	expect(takes(9, "full"));
	expect(result_of(second) == 7 && takes(2, "x"));
}

/* ---- Ends of waiting ----------------------------------------------------- */

static int count_handled(void)
{
	return caught == 1;
}

static int send_interrupted(void)
{
	set_handler(SIGUSR1, catch_it, 0);
	return put(1, "x", 0) == -1 && errno == EINTR && count_handled()
		? 7 : 1;
}

static int send_sync_interrupted(void)
{
	set_handler(SIGUSR1, catch_it, 0);
	return put(1, "x", MAILBOX_SYNC) == -1 && errno == EINTR &&
	       count_handled() ? 7 : 1;
}

/* POSIX lists the calls for SA_RESTART: mailboxes are not in the list. */
static int receive_with_restart(void)
{
	set_handler(SIGUSR1, catch_it, SA_RESTART);
	return take(0, 0, 0) == -1 && errno == EINTR && count_handled()
		? 7 : 1;
}

static int call_interrupted(void)
{
	set_handler(SIGUSR1, catch_it, SA_RESTART);
	return call("x") == -1 && errno == EINTR && count_handled() ? 7 : 1;
}

static void expect_interrupted(int (*function)(void))
{
	pid_t child = start_asleep(function);

	kill(child, SIGUSR1);
	expect(result_of(child) == 7);
}

CASE(signal_ends_a_send_that_waits_for_room)
{
	new_box(1);
	put(9, "full", 0);
	expect_interrupted(send_interrupted);
	expect(held() == 1 && takes(9, "full"));
}

CASE(signal_ends_a_synchronous_send_and_withdraws_it)
{
	new_box(4);
	expect_interrupted(send_sync_interrupted);
	expect(held() == 0 && !polls(box, POLLIN));
}

CASE(signal_ends_a_rendezvous_and_withdraws_it)
{
	new_box(0);
	expect_interrupted(send_interrupted);
	expect(!polls(box, POLLIN));
	expect_error(take(0, 0, MAILBOX_NONBLOCK), EAGAIN);
}

CASE(restart_does_not_restart_a_receive)
{
	new_box(4);
	expect_interrupted(receive_with_restart);
}

CASE(signal_ends_a_call_that_nobody_received)
{
	new_box(4);
	expect_interrupted(call_interrupted);
	expect(held() == 0);
}

CASE(signal_ends_a_call_that_was_received)
{
	struct message request = { 0 };
	pid_t child;

	new_box(4);
	child = start(call_interrupted);
	require(mailbox_receive(box, &request, body, BYTES, 0, NULL) == 2);
	until_asleep(child);
	kill(child, SIGUSR1);
	expect(result_of(child) == 7);
	request.bytes = 0;
	expect_error(mailbox_reply(box, &request, ""), ESRCH);
}

CASE(call_ends_at_its_deadline_and_withdraws)
{
	struct message message = { .type = 1, .bytes = 0, .fd = -1 };
	struct timespec when = soon();

	new_box(4);
	expect_error(mailbox_call(box, &message, "", body, BYTES, &when),
		     ETIMEDOUT);
	expect(held() == 0);
}

CASE(deadline_in_the_past_does_what_can_be_done_at_once)
{
	const struct timespec past = { 0, 0 };

	new_box(1);
	expect_error(take_until(0, 0, 0, &past), ETIMEDOUT);
	expect(put_until(1, "x", 0, &past) == 0);
	expect_error(put_until(2, "y", 0, &past), ETIMEDOUT);
	expect(take_until(0, 0, 0, &past) == 2 && head.type == 1);
}

CASE(deadline_that_is_no_time_is_einval)
{
	const struct timespec bad[] = {
		{ 0, -1 }, { 0, 1000000000 }, { 5, 2000000000 },
	};

	new_box(1);
	for (int i = 0; i < 3; i++) {
		expect_error(take_until(0, 0, 0, &bad[i]), EINVAL);
		expect_error(put_until(1, "x", 0, &bad[i]), EINVAL);
	}
	expect(held() == 0);
}

static int receive_and_be_killed(void)
{
	take(0, 0, 0);
	return 1;
}

CASE(killed_receivers_leave_the_queue)
{
	pid_t child[5];

	new_box(4);
	for (int i = 0; i < 5; i++)
		child[i] = start_asleep(i % 2 ? receive_type_5
					      : receive_and_be_killed);
	for (int i = 0; i < 5; i++)
		expect(kill_and_wait(child[i]) == -SIGKILL);
	expect(put(5, "x", 0) == 0 && held() == 1 && takes(5, "x"));
}

CASE(stopped_receiver_goes_on_when_it_is_continued)
{
	pid_t child;

	new_box(4);
	child = start_asleep(receive_type);
	kill(child, SIGSTOP);
	until_in_state(child, "stopped", "T");
	kill(child, SIGCONT);
	put(6, "x", 0);
	expect(result_of(child) == 6);
}

/* ---- Without waiting, synchronously -------------------------------------- */

CASE(nonblocking_synchronous_send_needs_somebody_who_waits)
{
	int flags = MAILBOX_NONBLOCK | MAILBOX_SYNC;
	pid_t child;

	new_box(4);
	expect_error(put(1, "x", flags), EAGAIN);
	expect(held() == 0);
	child = start_asleep(receive_type_5);
	expect_error(put(4, "x", flags), EAGAIN);
	expect(held() == 0 && put(5, "x", flags) == 0);
	expect(result_of(child) == 5);
}

CASE(nonblocking_synchronous_send_to_a_full_box_is_eagain)
{
	pid_t child;

	new_box(1);
	put(9, "full", 0);
	child = start_asleep(receive_type_5);
	expect_error(put(5, "x", MAILBOX_NONBLOCK | MAILBOX_SYNC), EAGAIN);
	kill_and_wait(child);
	expect(held() == 1);
}

CASE(o_nonblock_on_the_descriptor_counts_for_each_call)
{
	new_box(1);
	set_nonblocking(box, 1);
	expect_error(take(0, 0, 0), EAGAIN);
	expect(put(1, "x", 0) == 0);
	expect_error(put(2, "x", 0), EAGAIN);
	set_nonblocking(box, 0);
	expect(take(0, 0, 0) == 2);
}

/* ---- Threads ------------------------------------------------------------- */

static void *receive_in_thread(void *at)
{
	struct message message = { .type = (uint32_t)(long)at };
	char bytes[BYTES];

	return (void *)mailbox_receive(box, &message, bytes, BYTES, 0, NULL);
}

CASE(threads_of_one_process_share_a_box)
{
	pthread_t thread[4];

	new_box(8);
	for (long i = 0; i < 4; i++)
		thread[i] = create(receive_in_thread, (void *)(i + 1));
	for (int i = 4; i > 0; i--)
		expect(put(i, &"abcdefgh"[i], 0) == 0);
	for (int i = 0; i < 4; i++)
		expect(join(thread[i]) == 9 - (i + 1));
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
