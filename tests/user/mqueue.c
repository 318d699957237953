/*
 * mqueue.c - message queues: order, limits, blocking, deadlines. Any POSIX
 * system.
 */
#define NAME	"/test-queue"
#include "tests/user/mqueue.h"

/* ---- Order --------------------------------------------------------------- */

CASE(message_arrives_with_length_and_priority)
{
	new_queue(4);
	expect(send_text("hello", 3) == 0);
	expect(receives("hello", 3));
	expect(held() == 0);
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
		expect(send_text(text, i % 3) == 0);
	}
	for (int i = 0; i < 9; i++) {
		snprintf(text, sizeof(text), "%d", i % 3 * 3 + 2 - i / 3);
		expect(receives(text, 2 - i / 3));
	}
}

CASE(every_priority_below_the_maximum_works)
{
	new_queue(10);
	for (unsigned p = 0; p < 32; p++)
		expect(send_text("x", p) == 0 && receives("x", p));
	expect(sysconf(_SC_MQ_PRIO_MAX) >= 32);
	expect_error(send_text("x", sysconf(_SC_MQ_PRIO_MAX)), EINVAL);
	expect_error(send_text("x", 0x80000000u), EINVAL);
	expect(held() == 0);
}

CASE(empty_message_is_a_message)
{
	new_queue(2);
	expect(mq_send(queue, "", 0, 5) == 0);
	expect(held() == 1);
	expect(mq_receive(queue, buffer, BYTES, &priority) == 0);
	expect(priority == 5);
}

CASE(priority_pointer_may_be_null)
{
	new_queue(2);
	expect(send_text("x", 5) == 0);
	expect(mq_receive(queue, buffer, BYTES, NULL) == 2);
}

/* ---- Limits -------------------------------------------------------------- */

CASE(too_long_a_message_is_emsgsize)
{
	new_queue(2);
	expect_error(mq_send(queue, buffer, BYTES + 1, 0), EMSGSIZE);
	expect(mq_send(queue, buffer, BYTES, 0) == 0);
}

CASE(too_small_a_buffer_is_emsgsize_and_keeps_the_message)
{
	new_queue(2);
	expect(send_text("x", 0) == 0);
	expect_error(mq_receive(queue, buffer, BYTES - 1, NULL), EMSGSIZE);
	expect(held() == 1);
	expect(receives("x", 0));
}

CASE(attributes_are_those_asked_for)
{
	struct mq_attr attr;

	new_queue(5);
	expect(mq_getattr(queue, &attr) == 0);
	expect(attr.mq_maxmsg == 5 && attr.mq_msgsize == BYTES);
	expect(attr.mq_flags == 0 && attr.mq_curmsgs == 0);
}

CASE(setattr_changes_only_nonblock)
{
	struct mq_attr attr = { .mq_flags = O_NONBLOCK,
				.mq_maxmsg = 99, .mq_msgsize = 99 }, old;

	new_queue(5);
	expect(mq_setattr(queue, &attr, &old) == 0 && old.mq_flags == 0);
	expect(mq_getattr(queue, &attr) == 0);
	expect(attr.mq_flags == O_NONBLOCK && attr.mq_maxmsg == 5);
	expect(attr.mq_msgsize == BYTES && attr.mq_curmsgs == 0);
	attr.mq_flags = 0;
	expect(mq_setattr(queue, &attr, &old) == 0);
	expect(old.mq_flags == O_NONBLOCK);
}

CASE(attributes_out_of_range_are_einval)
{
	mq_unlink(NAME);
	expect_error(open_with(O_CREAT | O_RDWR, 0, 8), EINVAL);
	expect_error(open_with(O_CREAT | O_RDWR, -1, 8), EINVAL);
	expect_error(open_with(O_CREAT | O_RDWR, 8, 0), EINVAL);
	expect_error(open_with(O_CREAT | O_RDWR, 8, -5), EINVAL);
	expect_error(open_with(O_CREAT | O_RDWR, LONG_MAX, LONG_MAX), EINVAL);
	expect_error(mq_open(NAME, O_RDWR), ENOENT);
}

CASE(without_attributes_there_are_defaults)
{
	struct mq_attr attr;

	mq_unlink(NAME);
	queue = mq_open(NAME, O_CREAT | O_RDWR, 0600, NULL);
	require(queue != (mqd_t)-1 && mq_unlink(NAME) == 0);
	expect(mq_getattr(queue, &attr) == 0);
	expect(attr.mq_maxmsg > 0 && attr.mq_msgsize > 0);
}

/* ---- Not blocking -------------------------------------------------------- */

CASE(empty_queue_is_eagain)
{
	new_queue(2);
	set_nonblock(1);
	expect_error(receive_one() == 100 + EAGAIN ? -1 : 0, EAGAIN);
}

CASE(full_queue_is_eagain)
{
	new_queue(2);
	set_nonblock(1);
	expect(send_text("1", 0) == 0 && send_text("2", 0) == 0);
	expect_error(send_text("3", 9), EAGAIN);
	expect(held() == 2);
	expect(receives("1", 0) && send_text("3", 0) == 0);
}

CASE(nonblock_is_of_the_descriptor_not_the_queue)
{
	struct mq_attr attr;
	mqd_t other;

	mq_unlink(NAME);
	queue = open_with(O_CREAT | O_RDWR, 2, BYTES);
	other = mq_open(NAME, O_RDWR | O_NONBLOCK);
	require(other != (mqd_t)-1 && mq_unlink(NAME) == 0);
	expect(mq_getattr(queue, &attr) == 0 && attr.mq_flags == 0);
	expect(mq_getattr(other, &attr) == 0 && attr.mq_flags == O_NONBLOCK);
}

/* ---- Blocking ------------------------------------------------------------ */

CASE(receiver_waits_for_a_message)
{
	pid_t pid;

	new_queue(2);
	pid = start(receive_one);
	until_asleep(pid);
	expect(send_text("x", 9) == 0);
	expect(result_of(pid) == 9);
}

CASE(sender_waits_for_room)
{
	pid_t pid;

	new_queue(1);
	expect(send_text("first", 1) == 0);
	pid = start(send_one);
	until_asleep(pid);
	expect(receives("first", 1));
	expect(result_of(pid) == 0);
	expect(receives("child", 7));
}

CASE(each_waiting_receiver_gets_one)
{
	pid_t pids[5];
	unsigned sum = 0;

	new_queue(5);
	for (int i = 0; i < 5; i++) {
		pids[i] = start(receive_one);
		until_asleep(pids[i]);
	}
	for (int i = 0; i < 5; i++)
		expect(send_text("x", 1u << i) == 0 || i == 5);
	for (int i = 0; i < 5; i++)
		sum += result_of(pids[i]);
	expect(sum == 31 && held() == 0);
}

CASE(killed_receiver_takes_nothing)
{
	pid_t first, second;

	new_queue(2);
	first = start(receive_one);
	until_asleep(first);
	second = start(receive_one);
	until_asleep(second);
	expect(kill_and_wait(first) == -SIGKILL);
	expect(send_text("x", 4) == 0);
	expect(result_of(second) == 4);
}

CASE(killed_sender_sends_nothing)
{
	pid_t pid;

	new_queue(1);
	expect(send_text("first", 1) == 0);
	pid = start(send_one);
	until_asleep(pid);
	expect(kill_and_wait(pid) == -SIGKILL);
	expect(receives("first", 1) && held() == 0);
}

static int receive_interrupted(void)
{
	set_handler(SIGUSR1, catch_it, 0);
	return receive_one();
}

CASE(signal_ends_a_wait_with_eintr)
{
	pid_t pid;

	new_queue(2);
	pid = start(receive_interrupted);
	until_asleep(pid);
	kill(pid, SIGUSR1);
	expect(result_of(pid) == 100 + EINTR);
}

static int receive_restarted(void)
{
	set_handler(SIGUSR1, catch_it, SA_RESTART);
	return receive_one() + (caught ? 1 : 0);
}

CASE(restart_goes_on_waiting)
{
	pid_t pid;

	new_queue(2);
	pid = start(receive_restarted);
	until_asleep(pid);
	kill(pid, SIGUSR1);
	while (is_pending(SIGUSR1))
		case_pause();
	until_asleep(pid);
	expect(send_text("x", 5) == 0);
	expect(result_of(pid) == 6);
}

CASE(messages_pass_unharmed_between_many)
{
	pid_t pids[4];
	long sum = 0, value;

	new_queue(3);
	for (int i = 0; i < 4; i++) {
		pids[i] = fork_or_fail();
		if (pids[i] > 0)
			continue;
		for (value = i; value < 400; value += 4)
			if (mq_send(queue, (char *)&value, sizeof(value),
				    value % 32) != 0)
				_exit(1);
		_exit(0);
	}
	for (int i = 0; i < 400; i++) {
		expect(mq_receive(queue, buffer, BYTES, NULL) ==
		       sizeof(value));
		memcpy(&value, buffer, sizeof(value));
		sum += value;
	}
	expect(sum == 399 * 400 / 2);
	for (int i = 0; i < 4; i++)
		expect(result_of(pids[i]) == 0);
}

/* ---- Deadlines ----------------------------------------------------------- */

CASE(receive_times_out)
{
	struct timespec end = in_ms(20), now;

	new_queue(2);
	expect_error(mq_timedreceive(queue, buffer, BYTES, NULL, &end),
		     ETIMEDOUT);
	clock_gettime(CLOCK_REALTIME, &now);
	expect(now.tv_sec > end.tv_sec || (now.tv_sec == end.tv_sec &&
					   now.tv_nsec >= end.tv_nsec));
}

CASE(send_times_out_and_sends_nothing)
{
	struct timespec end = in_ms(20);

	new_queue(1);
	expect(send_text("x", 0) == 0);
	expect_error(mq_timedsend(queue, "y", 2, 9, &end), ETIMEDOUT);
	expect(receives("x", 0) && held() == 0);
}

CASE(past_deadline_does_not_wait)
{
	struct timespec past = { 1, 0 };

	new_queue(2);
	expect_error(mq_timedreceive(queue, buffer, BYTES, NULL, &past),
		     ETIMEDOUT);
	expect(send_text("x", 0) == 0);
	expect(mq_timedreceive(queue, buffer, BYTES, NULL, &past) == 2);
}

CASE(bad_deadline_is_einval)
{
	struct timespec bad = in_ms(100);

	new_queue(1);
	bad.tv_nsec = 1000000000;
	expect_error(mq_timedreceive(queue, buffer, BYTES, NULL, &bad),
		     EINVAL);
	bad.tv_nsec = -1;
	expect_error(mq_timedreceive(queue, buffer, BYTES, NULL, &bad),
		     EINVAL);
	expect(send_text("x", 0) == 0);
	expect_error(mq_timedsend(queue, "y", 2, 0, &bad), EINVAL);
}

CASE(message_ends_a_timed_wait)
{
	struct timespec end = in_ms(20000);
	pid_t pid;

	new_queue(2);
	pid = fork_or_fail();
	if (pid == 0)
		_exit(mq_timedreceive(queue, buffer, BYTES, NULL, &end));
	until_asleep(pid);
	expect(send_text("abc", 0) == 0);
	expect(result_of(pid) == 4);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
