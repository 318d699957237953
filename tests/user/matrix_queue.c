/*
 * matrix_queue.c - the rows `queues` of matrix.def: message queues. POSIX; on
 * Linux a queue is a descriptor too, as here.
 */
#include <mqueue.h>

#include "tests/user/matrix_calls.h"

static void new_queue(struct place *p)
{
	struct mq_attr attr = { .mq_maxmsg = 1, .mq_msgsize = 1 };

	mq_unlink(p->name);
	p->fd = mq_open(p->name, O_CREAT | O_RDWR, 0600, &attr);
	require(p->fd >= 0);
}

static void remove_queue(struct place *p)
{
	mq_unlink(p->name);
}

static void close_queue(struct place *p)
{
	mq_close(p->fd);
}

static int receive_message(struct place *p)
{
	char byte;

	return outcome(mq_receive(p->fd, &byte, 1, NULL), 1);
}

static int receive_by_deadline(struct place *p)
{
	char byte;

	return outcome(mq_timedreceive(p->fd, &byte, 1, NULL,
				       soon(CLOCK_REALTIME)), 1);
}

static int send_message(struct place *p)
{
	return outcome(mq_send(p->fd, "x", 1, 0), 0);
}

static int send_by_deadline(struct place *p)
{
	return outcome(mq_timedsend(p->fd, "x", 1, 0, soon(CLOCK_REALTIME)),
		       0);
}

static void put_message(struct place *p)
{
	require(send_message(p) == DONE);
}

static void take_message(struct place *p)
{
	require(receive_message(p) == DONE);
}

static void new_full_queue(struct place *p)
{
	new_queue(p);
	put_message(p);
}

static void without_waiting(struct place *p)
{
	struct mq_attr attr = { .mq_flags = O_NONBLOCK };

	require(mq_setattr(p->fd, &attr, NULL) == 0);
}

static int try_to_receive(struct place *p)
{
	without_waiting(p);
	return receive_message(p);
}

static int try_to_send(struct place *p)
{
	without_waiting(p);
	return send_message(p);
}

static const struct call mq_receive_row = {
	.prepare = new_queue, .wait = receive_message,
	.attempt = try_to_receive,
	.timed = receive_by_deadline, .happen = put_message,
	.shut = close_queue, .remove = remove_queue,
};

static const struct call mq_send_row = {
	.prepare = new_full_queue, .wait = send_message, .attempt = try_to_send,
	.timed = send_by_deadline, .happen = take_message,
	.shut = close_queue, .remove = remove_queue,
};

static const struct call poll_mq_row = {
	.prepare = new_queue, .wait = poll_for_ever, .attempt = poll_now,
	.timed = poll_a_little, .happen = put_message, .shut = close_queue,
	.remove = remove_queue,
};

/* ---- The table ----------------------------------------------------------- */

#define ROW_queues	ROW_AS_STRUCT
#define LINUX_queues	LINUX_AS_STRUCT
#include "tests/user/matrix_table.h"

int main(int argc, char **argv)
{
	return run_matrix(argc, argv, rows, differences);
}
