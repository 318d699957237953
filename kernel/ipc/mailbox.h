/*
 * mailbox.h - boxes of messages, shared by processes.
 *
 * All functions need [P]. Only mailbox_put() and mailbox_receive() sleep. A
 * signal ends the wait with -EINTR, the deadline with -ETIMEDOUT.
 */
#pragma once

#include "kernel/ipc/mail.h"

struct process;

struct mailbox {
	struct object object;		/* [P] */
	long capacity;			/* [const] 0, n, or MAILBOX_UNBOUNDED */
	uint32_t message_bytes;		/* [const] of the largest body */
	pid_t owner;			/* [const] of an inbox, or 0 */
	struct list mails;		/* [P] the messages, in order */
	uint32_t count;			/* [P] of messages */
	uint32_t bytes;			/* [P] of kernel memory for them */
	uint32_t receivers;		/* [P] wait and have no message yet */
	uint32_t selecting;		/* [P] of these with a selection */
	struct list awake;		/* [P] receivers that lost a message */
};

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
	bool is_counted;		/* [P] in box->receivers */
	struct mail *mail;		/* [P] granted to this receiver */
	int error;			/* [P] or the reason for no message */
	struct list_node awake;		/* [P] in box->awake */
	struct list_node expected;	/* [P] at the process `sender` */
};

/* A sender that waits until the message was received, or a caller that waits
 * until the reply has come. On the kernel stack of the sender. */
struct mail_delivery {
	struct wait_queue queue;	/* [P] the sender sleeps here */
	struct mailbox *box;		/* [const] */
	pid_t sender;			/* [const] */
	pid_t receiver;			/* [P] could end the wait, or 0 */
	bool is_call;			/* [const] */
	int outcome;			/* [P] -EAGAIN: the wait goes on */
	struct mail *mail;		/* [P] NULL after it was received */
	uint32_t id;			/* [const] of the message */
	struct list_node node;		/* [P] at the process `receiver` */
	struct mail *reply;		/* [P] */
};

extern const struct object_ops mailbox_ops;

/* A box with one reference in *out. 0, -EINVAL (attributes), -ENOMEM. */
int mailbox_create(const struct mailbox_attr *attr, struct object **out);
/* Initialise a box in the caller's memory. The caller has cleared the box, and
 * set capacity, message_bytes, and perhaps owner. */
void mailbox_init(struct mailbox *box, const struct object_ops *ops);

/* The box of an open file; NULL if the file is NULL or no mailbox. */
struct mailbox *mailbox_of(const struct open_file *file);
void mailbox_getattr(const struct mailbox *box, struct mailbox_attr *attr);

/* Put the message in. Waits for room. 0, -EAGAIN (MAILBOX_NONBLOCK), -EFAULT,
 * -ENOMEM. */
int mailbox_put(struct mail_send *send);
/* Take the first message that fits. Waits for such a message. The length of the
 * body in bytes, or -EMSGSIZE (the body is longer than the buffer), -EAGAIN
 * (MAILBOX_NONBLOCK), -EFAULT, -EMFILE, -ENOMEM, -ESRCH (the wanted sender has
 * ended). */
long mailbox_receive(struct mail_receive *receive);

/* object_ops.ender: the process that could end the task's wait at a box, or 0:
 * every process with the box open. */
pid_t mailbox_ender(const struct task *task, int *end);
/* End the wait for a delivery or reply, and wake the sender. */
void mail_delivery_end(struct mail_delivery *delivery, int outcome);
/* Take an unreceived message out of the box. */
void mailbox_withdraw(struct mailbox *box, struct mail *mail);
/* Withdraw all messages; the senders that wait for delivery get `outcome`. */
void mailbox_drain(struct mailbox *box, int outcome);
