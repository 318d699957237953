/*
 * mqueue_turns.c - the promises of Parley for message queues beyond POSIX:
 * turns are in order, no waiting process is overtaken, and a process that
 * cannot use a turn passes the turn on.
 *
 * linux: no
 */
#include <sys/mman.h>
#include <sys/resource.h>

#define NAME	"/test-queue-turns"
#include "tests/user/mqueue.h"

#define WAITERS	4

/* A process of high priority waits in front of the processes that came
   earlier. */
static pid_t start_urgent(int (*function)(void))
{
	pid_t pid = fork_or_fail();

	if (pid == 0) {
		be_urgent(10);
		_exit(function());
	}
	until_asleep(pid);
	return pid;
}

CASE(receivers_are_served_out_of_order)
{
	pid_t waiters[WAITERS];

	new_queue(WAITERS);
	for (int i = 0; i < WAITERS; i++)
		waiters[i] = start_asleep(receive_one);
	for (int i = 0; i < WAITERS; i++)
		expect(send_text("x", 10 + i) == 0);
	/* Each message came to an empty queue, and went to the first waiter. */
	for (int i = 0; i < WAITERS; i++)
		expect(result_of(waiters[i]) == 10 + i);
}

CASE(urgent_receiver_waits_behind_another)
{
	pid_t ordinary, urgent;

	new_queue(2);
	ordinary = start_asleep(receive_one);
	urgent = start_urgent(receive_one);
	expect(send_text("x", 5) == 0);
	expect(result_of(urgent) == 5);
	expect(is_asleep(ordinary));
	expect(send_text("x", 6) == 0);
	expect(result_of(ordinary) == 6);
}

static int send_as(int number)
{
	return send_text("x", number) < 0 ? 100 + errno : 0;
}

CASE(senders_are_served_out_of_order)
{
	pid_t waiters[WAITERS];

	new_queue(1);
	expect(send_text("full", 20) == 0);
	for (int i = 0; i < WAITERS; i++) {
		waiters[i] = fork_or_fail();
		if (waiters[i] == 0)
			_exit(send_as(i));
		until_asleep(waiters[i]);
	}
	expect(receives("full", 20));
	for (int i = 0; i < WAITERS; i++) {
		expect(result_of(waiters[i]) == 0);
		expect(receives("x", i));
	}
}

CASE(urgent_sender_waits_behind_another)
{
	pid_t ordinary, urgent;

	new_queue(1);
	expect(send_text("full", 20) == 0);
	ordinary = start_asleep(send_one);
	urgent = start_urgent(send_one);
	expect(receives("full", 20));
	expect(result_of(urgent) == 0);
	expect(is_asleep(ordinary));
	expect(receives("child", 7));
	expect(result_of(ordinary) == 0);
}

CASE(newcomer_takes_the_message_of_one_that_waits)
{
	pid_t waiter;

	new_queue(2);
	waiter = start_asleep(receive_one);
	set_nonblock(1);
	expect(send_text("x", 9) == 0);
	expect_error(mq_receive(queue, buffer, sizeof(buffer), NULL), EAGAIN);
	expect(result_of(waiter) == 9);
}

CASE(newcomer_takes_the_room_of_one_that_waits)
{
	pid_t waiter;

	new_queue(1);
	expect(send_text("full", 20) == 0);
	waiter = start_asleep(send_one);
	set_nonblock(1);
	expect(receives("full", 20));
	if (held() == 0)
		expect_error(send_text("new", 1), EAGAIN);
	expect(result_of(waiter) == 0);
	expect(receives("child", 7));
}

CASE(killed_receiver_keeps_its_turn)
{
	pid_t first, second;

	new_queue(2);
	first = start_asleep(receive_one);
	second = start_asleep(receive_one);
	expect(send_text("x", 9) == 0);
	kill(first, SIGKILL);	/* woken, but has not run */
	result_of(first);
	if (held() == 0 && is_asleep(second))
		expect(send_text("x", 9) == 0);
	expect(result_of(second) == 9);
}

CASE(killed_sender_keeps_its_turn)
{
	pid_t first, second;

	new_queue(1);
	expect(send_text("full", 20) == 0);
	first = start_asleep(send_one);
	second = start_asleep(send_one);
	expect(receives("full", 20));
	kill(first, SIGKILL);
	result_of(first);
	while (!is_in_state(second, "zombie", "Z"))
		mq_receive(queue, buffer, sizeof(buffer), NULL);
	expect(result_of(second) == 0);
}

static int receive_into_nowhere(void)
{
	expect_error(mq_receive(queue, nowhere, BYTES, NULL), EFAULT);
	return case_failed;
}

CASE(receiver_with_a_bad_pointer_keeps_its_turn)
{
	pid_t bad, good;

	new_queue(2);
	bad = start_asleep(receive_into_nowhere);
	good = start_asleep(receive_one);
	expect(send_text("x", 9) == 0);
	expect(result_of(bad) == 0);
	expect(result_of(good) == 9);
}

/* The receiver runs in the background: only after its waker waits. */
static int receive_into_nowhere_later(void)
{
	be_background();
	return receive_into_nowhere();
}

CASE(messages_that_were_not_taken_come_back_in_disorder)
{
	pid_t bad[3];

	new_queue(3);
	for (int i = 0; i < 3; i++)
		bad[i] = start_asleep(receive_into_nowhere_later);
	expect(send_text("a", 5) == 0);
	expect(send_text("b", 5) == 0);
	expect(send_text("c", 6) == 0);
	for (int i = 0; i < 3; i++)
		expect(result_of(bad[i]) == 0);
	expect(held() == 3);
	set_nonblock(1);
	expect_error(send_text("d", 7), EAGAIN);
	expect(receives("c", 6));
	expect(receives("a", 5));
	expect(send_text("d", 5) == 0);
	expect(receives("b", 5) && receives("d", 5));
	expect(held() == 0);
}

static int receive_one_later(void)
{
	require(nice(10) != -1);
	return receive_one();
}

/* Messages of killed receivers come back. The queue had room for all of
   them. */
CASE(queue_exceeds_its_limit_after_killed_receivers)
{
	pid_t pids[3];

	new_queue(2);
	for (int i = 0; i < 3; i++)
		pids[i] = start_asleep(receive_one_later);
	set_nonblock(1);
	for (int i = 0; i < 5; i++)
		send_text("x", 1);
	expect(held() <= 2);
	for (int i = 0; i < 3; i++)
		kill(pids[i], SIGKILL);
	for (int i = 0; i < 3; i++)
		result_of(pids[i]);
	expect(held() <= 2);
	while (held() < 2)
		expect(send_text("x", 1) == 0);
	expect_error(send_text("x", 1), EAGAIN);
}

#define LONG_BYTES	9000	/* more than a piece of kernel memory */

static char long_text[LONG_BYTES];

static int receive_long(void)
{
	ssize_t n = mq_receive(queue, buffer, sizeof(buffer), &priority);

	return n == LONG_BYTES && priority == 3 &&
	       memcmp(buffer, long_text, n) == 0;
}

static int receive_long_into_nowhere(void)
{
	expect_error(mq_receive(queue, nowhere, LONG_BYTES, NULL), EFAULT);
	return case_failed;
}

CASE(long_message_is_handed_over_in_part)
{
	pid_t good, bad;

	mq_unlink(NAME);
	queue = open_with(O_CREAT | O_RDWR, 2, LONG_BYTES);
	require(queue != (mqd_t)-1 && mq_unlink(NAME) == 0);
	for (int i = 0; i < LONG_BYTES; i++)
		long_text[i] = i * 7 + i / 256;
	for (int i = 0; i < 3; i++) {
		good = start_asleep(receive_long);
		expect(mq_send(queue, long_text, LONG_BYTES, 3) == 0);
		expect(result_of(good) == 1);
	}
	bad = start_asleep(receive_long_into_nowhere);
	expect(mq_send(queue, long_text, LONG_BYTES, 3) == 0);
	expect(result_of(bad) == 0);
	expect(held() == 1 && receive_long());
	/* The memory of a long text is not used for a short text, nor the
	   reverse. */
	expect(send_text("short", 1) == 0 && receives("short", 1));
	expect(mq_send(queue, long_text, LONG_BYTES, 3) == 0);
	expect(receive_long());
}

static int receive_in_time(void)
{
	struct timespec deadline = in_ms(50000);
	ssize_t n = mq_timedreceive(queue, buffer, sizeof(buffer), &priority,
				    &deadline);

	return n < 0 ? 100 + errno : (int)(n * 10 + priority);
}

CASE(receiver_with_a_deadline_is_handed_another_length)
{
	pid_t waiter;

	new_queue(2);
	for (int bytes = 0; bytes < 10; bytes++) {
		waiter = start_asleep(receive_in_time);
		expect(mq_send(queue, "123456789", bytes, 7) == 0);
		expect(result_of(waiter) == bytes * 10 + 7);
	}
}

static void receive_with_priority_nowhere(int timed)
{
	struct timespec past = { 1, 0 };

	if (timed)
		expect_error(mq_timedreceive(queue, buffer, BYTES, nowhere,
					     &past), EFAULT);
	else
		expect_error(mq_receive(queue, buffer, BYTES, nowhere),
			     EFAULT);
}

CASE(bad_priority_pointer_eats_the_message)
{
	new_queue(2);
	expect(send_text("x", 9) == 0);
	receive_with_priority_nowhere(0);
	receive_with_priority_nowhere(1);
	expect(held() == 1 && receives("x", 9));
}

/* POSIX allows a call to ignore the deadline here. */
CASE(deadline_matters_to_who_need_not_wait)
{
	struct timespec bad = { 0, -1 };

	new_queue(1);
	expect(mq_timedsend(queue, "x", 1, 1, &bad) == 0);
	expect(mq_timedreceive(queue, buffer, sizeof(buffer), NULL, &bad)
	       == 1);
}

CASE(full_system_is_no_assert)
{
	mqd_t queues[64];
	int count, error = 0;

	for (count = 0; count < 64 && error == 0; count++) {
		char name[16];

		snprintf(name, sizeof(name), "/full-%d", count);
		mq_unlink(name);
		queue = queues[count] = mq_open(name, O_RDWR | O_CREAT |
			O_NONBLOCK, 0600, &(struct mq_attr){
				.mq_maxmsg = 60, .mq_msgsize = 65536 });
		require(queue != (mqd_t)-1);
		mq_unlink(name);
		while (mq_send(queue, buffer, sizeof(buffer), 1) == 0)
			;
		error = errno == EAGAIN ? 0 : errno;
	}
	/* Without memory, a first write to a page of the test is SIGBUS. */
	for (; count > 0; count--)
		close(queues[count - 1]);
	expect(error == ENOMEM);
	new_queue(2);
	expect(send_text("again", 1) == 0 && receives("again", 1));
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
