/*
 * mailbox_case.h - helpers that the cases of mailboxes share.
 *
 * Each case has one mailbox, made by new_box(). Its children inherit the
 * mailbox.
 */
#pragma once

#include <fcntl.h>
#include <mailbox.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "tests/user/helpers.h"

#define BYTES	64

HELPER int box;
HELPER char body[BYTES];
HELPER struct message head;

HELPER int private_box(long capacity, size_t message_bytes)
{
	struct mailbox_attr attr = {
		.capacity = capacity, .message_bytes = message_bytes,
	};
	int fd = mailbox_open(NULL, O_CREAT | O_RDWR, 0600, &attr);

	require(fd >= 0);
	return fd;
}

HELPER void new_box(long capacity)
{
	box = private_box(capacity, BYTES);
}

HELPER int put_until(uint32_t type, const char *text, int flags,
		     const struct timespec *deadline)
{
	struct message message = {
		.type = type, .bytes = strlen(text) + 1, .fd = -1,
	};

	return mailbox_send(box, &message, text, flags, deadline);
}

HELPER int put(uint32_t type, const char *text, int flags)
{
	return put_until(type, text, flags, NULL);
}

HELPER ssize_t take_until(uint32_t type, pid_t sender, int flags,
			  const struct timespec *deadline)
{
	memset(body, 0, sizeof(body));
	head = (struct message){ .type = type, .sender = sender };
	return mailbox_receive(box, &head, body, BYTES, flags, deadline);
}

HELPER ssize_t take(uint32_t type, pid_t sender, int flags)
{
	return take_until(type, sender, flags, NULL);
}

/* Is the first message of this type, without waiting, this text? */
HELPER int takes(uint32_t type, const char *text)
{
	return take(type, 0, MAILBOX_NONBLOCK) == (ssize_t)strlen(text) + 1 &&
	       strcmp(body, text) == 0;
}

HELPER long held(void)
{
	struct mailbox_attr attr;

	require(mailbox_getattr(box, &attr) == 0);
	return attr.messages;
}

HELPER struct timespec soon(void)
{
	struct timespec when;

	clock_gettime(CLOCK_MONOTONIC, &when);
	when.tv_nsec += 20000000;
	if (when.tv_nsec >= 1000000000) {
		when.tv_nsec -= 1000000000;
		when.tv_sec++;
	}
	return when;
}

HELPER int polls(int fd, short events)
{
	struct pollfd one = { .fd = fd, .events = events };

	return poll(&one, 1, 0) == 1 ? one.revents : 0;
}

/* ---- Children, started and asleep ---------------------------------------- */

HELPER int receive_one(void)
{
	return take(0, 0, 0) >= 0 ? 7 : 1;
}

HELPER int send_one(void)
{
	return put(1, "from the child", 0) == 0 ? 7 : 1;
}

HELPER int send_one_sync(void)
{
	return put(1, "sync", MAILBOX_SYNC) == 0 ? 7 : 1;
}

/* The exit status is the type of the received message. */
HELPER int receive_type(void)
{
	return take(0, 0, 0) >= 0 ? (int)head.type : 100;
}

HELPER ssize_t call(const char *text)
{
	struct message message = {
		.type = 1, .bytes = strlen(text) + 1, .fd = -1,
	};

	return mailbox_call(box, &message, text, body, BYTES, NULL);
}

/* Receive one request; the reply is the request with the first byte
   increased. */
HELPER int serve_one(void)
{
	head = (struct message){ 0 };
	if (mailbox_receive(box, &head, body, BYTES, 0, NULL) < 0)
		return 1;
	if (!(head.flags & MESSAGE_WANTS_REPLY))
		return 2;
	body[0]++;
	head.flags = 0;
	head.fd = -1;
	return mailbox_reply(box, &head, body) == 0 ? 7 : 3;
}
