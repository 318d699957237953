/*
 * mail_receive.h - receiving: which receiver gets which message.
 *
 * All functions need [P]; only mailbox_receive() sleeps.
 */
#pragma once

#include "kernel/ipc/mailbox.h"
#include "kernel/task/process.h"

/* The wishes of a receiver, and the message granted by a sender. On the
 * receiver's kernel stack, as the context of the wait. */
struct mail_receive {
	struct mailbox *box;		/* [const] */
	const struct process *process;	/* [const] the receiver's */
	uint32_t type;			/* [const] wanted; 0: any */
	pid_t sender;			/* [const] wanted; 0: any */
	uaddr_t head_at;		/* [const] 0: no header is wanted */
	uaddr_t body;			/* [const] */
	size_t body_bytes;		/* [const] room there */
	int flags;			/* [const] MAILBOX_NONBLOCK */
	uint64_t deadline_ns;		/* [const] absolute, or FOREVER */
	struct task *task;		/* [const] the receiver */
	bool is_counted;		/* [P] in box->selecting */
	bool cannot_reply;		/* [P] descriptor closed meanwhile */
	struct mail *mail;		/* [P] granted to this receiver */
	int error;			/* [P] or the reason for no message */
	struct list_node awake;		/* [P] in box->awake */
	struct list_node expected;	/* [P] at the process `sender` */
};

/* A receive of the running process, of any message. */
static inline void mail_receive_init(struct mail_receive *receive,
				     uaddr_t head_at, uaddr_t body,
				     size_t body_bytes)
{
	receive->process = process_current();
	receive->type = 0;
	receive->sender = 0;
	receive->head_at = head_at;
	receive->body = body;
	receive->body_bytes = body_bytes;
	receive->flags = 0;
	receive->deadline_ns = FOREVER;
	receive->is_counted = false;
	receive->cannot_reply = false;
	receive->mail = NULL;
	receive->error = 0;
	list_node_init(&receive->awake);
	list_node_init(&receive->expected);
}

/* Take the first message that fits. Waits for such a message. The length of the
 * body in bytes, or -EMSGSIZE (the body is longer than the buffer), -EAGAIN
 * (MAILBOX_NONBLOCK), -EFAULT, -EMFILE, -ENOMEM, -ESRCH (the wanted sender has
 * ended), -EPIPE (no task can send to this box any more). A signal ends the
 * wait with -EINTR, the deadline with -ETIMEDOUT. */
long mailbox_receive(struct mail_receive *receive);

/* The first free message that fits the receiver's selection, or NULL. */
struct mail *mail_find(const struct mailbox *box,
		       const struct mail_receive *receive);
/* The best waiting receiver for a message with this header, or NULL. */
struct mail_receive *mail_find_receiver(struct mailbox *box,
					const struct message *head);

/* Grant a message of the box to the best waiting receiver. Without a receiver,
 * the message is free. */
void mail_grant(struct mailbox *box, struct mail *mail);
/* The message granted to this receiver was withdrawn: grant a free message, or
 * the next message that comes. */
void mail_grant_another(struct mail_receive *receive);

/* The process has closed its last descriptor of the box. Its waiting threads
 * still receive, but a call that one of them receives ends with -EPIPE. */
void mail_lose_replies(const struct mailbox *box,
		       const struct process *process);
/* The process ends: end all waits for a message from this process. */
void mail_sender_ends(struct process *process);
/* No task can send to the box any more: end the waits for a message. */
void mail_senders_left(struct mailbox *box);
