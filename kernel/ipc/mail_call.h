/*
 * mail_call.h - sends that wait or not, receives, calls and replies.
 *
 * All functions need [P], and only mail_reply() never sleeps. A signal ends the
 * wait with -EINTR, the deadline with -ETIMEDOUT.
 */
#pragma once

#include "kernel/abi/errno.h"
#include "kernel/ipc/mailbox.h"
#include "kernel/task/process.h"

/* A send of the running process through a box (or NULL for now). The caller
 * fills in the header: type, receiver, bytes, flags, fd; of a reply, also the
 * id of the request. */
static inline void mail_send_init(struct mail_send *send, struct mailbox *box,
				  uaddr_t body, int flags)
{
	send->flags = flags;
	send->deadline_ns = FOREVER;
	send->mail.box = box;
	send->mail.sender = NULL;
	send->mail.link = NULL;
	send->mail.flight = NULL;
	send->mail.gift = send->mail.pages = 0;
	send->mail.bytes = NULL;
	send->mail.body = body;
}

/* A receive of the running process, of any message. */
static inline void mail_receive_init(struct mail_receive *receive,
				     struct mailbox *box, int flags)
{
	receive->box = box;
	receive->type = 0;
	receive->sender = 0;
	receive->flags = flags;
	receive->deadline_ns = FOREVER;
	receive->cannot_reply = false;
	list_node_init(&receive->expected);
}

/* May the message not lie in the box until a receiver comes? */
static inline bool mail_must_be_met(const struct mail_send *send)
{
	return send->flags & MAILBOX_NONBLOCK &&
	       (send->mail.box->capacity == 0 || send->flags & MAILBOX_SYNC);
}

/* Put the message of send->mail into the box; a synchronous send waits until
 * the message was received. 0, or -EAGAIN (MAILBOX_NONBLOCK: no room, or no
 * receiver waits), -EMSGSIZE, -EBADF (the descriptor to send), -ETOOMANYREFS
 * (the user has too many descriptors in messages), -EFAULT, -ENOMEM, -ESRCH
 * (the process that the message is for has ended, or ends before the receive),
 * -EPIPE (no task can receive from the box). */
long mail_send(struct mail_send *send);

/* Send, and wait for the reply at send->reply_to. The length of the reply in
 * bytes, or the errors of mail_send() and mail_give(), or -EPIPE: the receiver
 * ended, or closed the box. With MAILBOX_NONBLOCK only the send does not wait.
 */
long mail_call(struct mail_send *send);
/* Answer the call with the number send->mail.head.id. 0, -ESRCH (the process
 * has received no such call from this box, or the caller has given up),
 * -EMSGSIZE, -EBADF, -ETOOMANYREFS, -EFAULT, -ENOMEM. */
long mail_reply(struct mail_send *send);

/* Take the first message that fits, or wait. The length of the body in bytes,
 * or -EMSGSIZE (the body is longer than the buffer), -EAGAIN
 * (MAILBOX_NONBLOCK), -EFAULT, -EMFILE, -ENOMEM, -ESRCH (the wanted sender has
 * ended), -EPIPE (no task can send to this box any more). */
long mail_receive(struct mail_receive *receive);

/* Send to the inbox of a process. As mail_send(); also -ESRCH: no such process;
 * -EPERM: the process does not take messages from the running process; -ENOMEM.
 */
long mail_send_to(struct mail_send *send, pid_t to);
