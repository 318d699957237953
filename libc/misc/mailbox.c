/*
 * mailbox.c - mailboxes: optional arguments of mailbox_open(), and the calls
 * that receive, whose buffer is one argument in the kernel.
 */
#include <mailbox.h>
#include <stdarg.h>

#include "libc/syscall.h"

int mailbox_open(const char *name, int oflag, ...)
{
	const struct mailbox_attr *attr = NULL;
	mode_t mode = 0;
	va_list arguments;

	if (oflag & O_CREAT) {
		va_start(arguments, oflag);
		mode = va_arg(arguments, mode_t);
		attr = va_arg(arguments, const struct mailbox_attr *);
		va_end(arguments);
	}
	return __sys_mailbox_open(name, oflag, mode, attr);
}

ssize_t mailbox_receive(int box, struct message *head, void *body,
	size_t body_bytes, int flags, const struct timespec *deadline)
{
	const struct message_place place = { body, body_bytes };

	return __sys_mailbox_receive(box, head, &place, flags, deadline);
}

ssize_t mailbox_call(int box, struct message *head, const void *request,
	void *reply, size_t reply_bytes, const struct timespec *deadline)
{
	const struct message_place place = { reply, reply_bytes };

	return __sys_mailbox_call(box, head, request, &place, deadline);
}

ssize_t message_receive(pid_t from, struct message *head, void *body,
	size_t body_bytes, int flags, const struct timespec *deadline)
{
	const struct message_place place = { body, body_bytes };

	return __sys_message_receive(from, head, &place, flags, deadline);
}
