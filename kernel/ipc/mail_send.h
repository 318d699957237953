/*
 * mail_send.h - sends that wait or not, calls, and replies.
 *
 * All functions need [P]. Only mail_send() and mail_call() sleep. A signal ends
 * the wait with -EINTR, the deadline with -ETIMEDOUT.
 */
#pragma once

#include "kernel/ipc/mailbox.h"
#include "kernel/task/process.h"

/* A send of the running process. The caller fills in the header: type,
 * receiver, bytes, flags, fd; of a reply, also the id of the request. */
static inline void mail_send_init(struct mail_send *send, uaddr_t body,
				  int flags)
{
	send->box = NULL;
	send->link = NULL;
	send->body = body;
	send->flags = flags;
	send->deadline_ns = FOREVER;
	send->file = NULL;
	send->process = process_current()->id;
}

/* Put the message of send->mail.head and send->body into send->box; a
 * synchronous send waits until the message was received. 0, or -EAGAIN
 * (MAILBOX_NONBLOCK: no room, or no receiver waits), -EMSGSIZE, -EBADF (the
 * descriptor to send), -ELOOP (the descriptor is of send->box or an older box),
 * -EFAULT, -ENOMEM, -ESRCH (the process that the message is for has ended, or
 * ends before the receive), -EPIPE (no task can receive from the box). */
long mail_send(struct mail_send *send);

/* Send, and wait for the reply: the header to head_at (0: not wanted), the body
 * to the place. The length of the reply in bytes, or the errors
 * of mail_send() and mail_give(), or -EPIPE: the receiver ended, or closed the
 * box. With MAILBOX_NONBLOCK only the send does not wait. */
long mail_call(struct mail_send *send, uaddr_t head_at,
	       const struct message_place *place);
/* Answer the call with the number send->mail.head.id. 0, -ESRCH (the process
 * has received no such call from this box, or the caller has given up),
 * -EMSGSIZE, -EBADF, -ELOOP as above, -EFAULT, -ENOMEM. */
long mail_reply(struct mail_send *send);

/* End the wait for the receiver or the reply, and wake the sender. */
void mail_send_end(struct mail_send *send, int outcome);
/* The process ends. Tasks that called the process get -EPIPE. */
void mail_server_ends(struct process *process);
