/*
 * mqueue.h - helpers that the tests of message queues share, with one queue,
 * `queue`. Each test defines its NAME before: on Linux the tests run at the
 * same time.
 */
#pragma once

#include <limits.h>
#include <mqueue.h>
#include <poll.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

#define BYTES	16

HELPER char buffer[65536];
HELPER unsigned priority;
HELPER mqd_t queue;

HELPER mqd_t open_with(int oflag, long messages, long bytes)
{
	struct mq_attr attr = { .mq_maxmsg = messages, .mq_msgsize = bytes };

	return mq_open(NAME, oflag, 0600, &attr);
}

/* A new queue of `messages` messages; the name is removed at once. */
HELPER void new_queue(long messages)
{
	mq_unlink(NAME);
	queue = open_with(O_CREAT | O_EXCL | O_RDWR, messages, BYTES);
	require(queue != (mqd_t)-1);
	require(mq_unlink(NAME) == 0);
}

HELPER void set_nonblock(int on)
{
	struct mq_attr attr = { .mq_flags = on ? O_NONBLOCK : 0 };

	require(mq_setattr(queue, &attr, NULL) == 0);
}

HELPER int send_text(const char *text, unsigned with)
{
	return mq_send(queue, text, strlen(text) + 1, with);
}

/* Receive and compare text and priority. */
HELPER int receives(const char *text, unsigned with)
{
	ssize_t n = mq_receive(queue, buffer, sizeof(buffer), &priority);

	return n == (ssize_t)strlen(text) + 1 && strcmp(buffer, text) == 0 &&
	       priority == with;
}

HELPER struct timespec in_ms(long ms)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	time.tv_sec += ms / 1000;
	time.tv_nsec += ms % 1000 * 1000000;
	if (time.tv_nsec >= 1000000000) {
		time.tv_nsec -= 1000000000;
		time.tv_sec++;
	}
	return time;
}

HELPER long held(void)
{
	struct mq_attr attr;

	require(mq_getattr(queue, &attr) == 0);
	return attr.mq_curmsgs;
}

HELPER int receive_one(void)
{
	ssize_t n = mq_receive(queue, buffer, sizeof(buffer), &priority);

	return n < 0 ? 100 + errno : (int)priority;
}

HELPER int send_one(void)
{
	return send_text("child", 7) < 0 ? 100 + errno : 0;
}
