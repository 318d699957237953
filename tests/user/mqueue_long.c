/*
 * mqueue_long.c - messages of 64 KiB in a message queue, which are copied in
 * parts (kernel/ipc/mqueue_message.c).
 *
 * tests/tools/latency looks at the longest stretch without a chance to switch.
 *
 * linux: no
 */
#include <mqueue.h>

#include "tests/user/helpers.h"

#define BYTES		65536
#define MESSAGES	3

static mqd_t queue;
static unsigned char sent[BYTES], got[BYTES];

static void open_queue(void)
{
	struct mq_attr attr = { .mq_maxmsg = MESSAGES, .mq_msgsize = BYTES };

	queue = mq_open("/long", O_CREAT | O_RDWR, 0600, &attr);
	require(queue != (mqd_t)-1);
	require(mq_unlink("/long") == 0);
}

static int send_long(unsigned char first, size_t bytes, unsigned priority)
{
	for (size_t i = 0; i < bytes; i++)
		sent[i] = first + i * 7 + i / 256;
	return mq_send(queue, (char *)sent, bytes, priority);
}

/* The next message is this message. */
static int comes(unsigned char first, size_t bytes, unsigned priority)
{
	unsigned found;
	ssize_t n = mq_receive(queue, (char *)got, BYTES, &found);

	for (size_t i = 0; i < bytes; i++)
		if (got[i] != (unsigned char)(first + i * 7 + i / 256))
			return 0;
	return n == (ssize_t)bytes && found == priority;
}

static long waiting(void)
{
	struct mq_attr attr = { 0 };

	require(mq_getattr(queue, &attr) == 0);
	return attr.mq_curmsgs;
}

CASE(long_message_arrives_changed)
{
	static const size_t lengths[] = { 16384, 16385, 20000, 65535, 65536 };

	open_queue();
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		expect(send_long(i, lengths[i], i) == 0);
		expect(comes(i, lengths[i], i));
	}
	expect(waiting() == 0);
}

CASE(long_messages_lose_their_order)
{
	open_queue();
	expect(send_long(1, BYTES, 3) == 0);
	expect(send_long(2, 10, 3) == 0);
	expect(send_long(3, BYTES, 4) == 0);
	expect(waiting() == 3);
	expect(comes(3, BYTES, 4));
	expect(comes(1, BYTES, 3));
	expect(comes(2, 10, 3));
}

CASE(full_queue_takes_a_long_message)
{
	const struct timespec past = { .tv_sec = 1 };

	open_queue();
	for (int i = 0; i < MESSAGES; i++)
		require(send_long(i, BYTES, 0) == 0);
	expect_error(mq_timedsend(queue, (char *)sent, BYTES, 0, &past),
		     ETIMEDOUT);
	require(fcntl(queue, F_SETFL, O_NONBLOCK) == 0);
	expect_error(send_long(9, BYTES, 0), EAGAIN);
	expect_error(mq_send(queue, nowhere, BYTES, 0), EAGAIN);
	expect(comes(0, BYTES, 0));
	expect_error(mq_send(queue, nowhere, BYTES, 0), EFAULT);
	expect(waiting() == MESSAGES - 1);
}

/* The message goes back to its place among messages of its priority. */
CASE(bad_address_eats_a_long_message)
{
	open_queue();
	for (int i = 0; i < MESSAGES; i++)
		require(send_long(i, BYTES, 5) == 0);
	expect_error(mq_receive(queue, nowhere, BYTES, NULL), EFAULT);
	expect_error(mq_receive(queue, (char *)got, BYTES, nowhere), EFAULT);
	expect(waiting() == MESSAGES);
	for (int i = 0; i < MESSAGES; i++)
		expect(comes(i, BYTES, 5));
}

static int receive_nowhere(void)
{
	return mq_receive(queue, nowhere, BYTES, NULL) == -1 &&
	       errno == EFAULT ? 0 : 1;
}

static int receive_one(void)
{
	return comes(1, BYTES, 0) ? 0 : 1;
}

/* The first receiver cannot take the message, and the second gets it. */
CASE(sleeping_receiver_keeps_a_long_message_from_the_next)
{
	pid_t bad, good;

	open_queue();
	bad = start(receive_nowhere);
	until_asleep(bad);
	good = start(receive_one);
	until_asleep(good);
	expect(send_long(1, BYTES, 0) == 0);
	expect(result_of(bad) == 0);
	expect(result_of(good) == 0);
	expect(waiting() == 0);
}

/* The receiver is killed between the send and its first step. */
CASE(killed_receiver_takes_a_long_message_along)
{
	pid_t receiver;

	open_queue();
	receiver = start(receive_one);
	until_asleep(receiver);
	be_urgent(1);
	expect(send_long(1, BYTES, 0) == 0);
	kill(receiver, SIGKILL);
	expect(result_of(receiver) == -SIGKILL);
	expect(waiting() == 1);
	expect(comes(1, BYTES, 0));
}

/* The queue ends with its messages, and with a sender that is killed. */
CASE(long_messages_leak)
{
	pid_t sender;

	open_queue();
	for (int i = 0; i < MESSAGES; i++)
		require(send_long(i, BYTES, 0) == 0);
	sender = fork_or_fail();
	if (sender == 0)
		_exit(send_long(1, BYTES, 0));
	until_asleep(sender);
	expect(kill_and_wait(sender) == -SIGKILL);
	expect(waiting() == MESSAGES);
}

int main(int argc, char **argv)
{
	return run_cases(argc, argv);
}
