/*
 * mailbox.h - boxes of messages, calls and replies, and direct messages.
 *
 * All functions need [P]. Those that take a deadline sleep; a signal ends that
 * with -EINTR, the deadline with -ETIMEDOUT. A file handed in must be one of a
 * box: mailbox_of() says.
 */
#pragma once

#include "kernel/ipc/mail.h"

struct process;
struct task;

struct mailbox {
	struct object object;
	long capacity;			/* 0, n, or MAILBOX_UNBOUNDED */
	uint32_t message_bytes;		/* of the largest body */
	struct list mails;		/* oldest first */
	uint32_t count;			/* of them */
	uint32_t loose;			/* granted to nobody */
	uint32_t bytes;			/* of kernel memory that they take */
	pid_t owner;			/* of an inbox; 0: an ordinary box */
};

/* A call of mailbox_send() and its like, as the user made it. */
struct mail_send {
	struct mailbox *box;
	struct message head;
	uaddr_t body;
	int flags;			/* MAILBOX_NONBLOCK, MAILBOX_SYNC */
	uint64_t deadline_ns;		/* absolute, or FOREVER */
};

/* The same for mailbox_receive(); `mail` is written by who grants one. */
struct mail_receive {
	struct mailbox *box;
	const struct process *process;
	uint32_t type;			/* wanted; 0: any */
	pid_t sender;			/* wanted; 0: any */
	uaddr_t head_at;		/* 0: not wanted */
	uaddr_t body;
	size_t body_bytes;
	int flags;			/* MAILBOX_NONBLOCK */
	uint64_t deadline_ns;
	struct mail *mail;		/* granted */
	struct list_node node;		/* waits for one sender's message */
	struct task *task;		/* of who waits so */
};

/* -EINVAL for attributes that cannot be, -ENOMEM. */
int mailbox_create(const struct mailbox_attr *attr, struct object **out);
/* The box of an open file, or NULL when it is none (or no file). */
struct mailbox *mailbox_of(const struct open_file *file);
void mailbox_getattr(const struct mailbox *box, struct mailbox_attr *attr);

/* 0, -EMSGSIZE, -EAGAIN, -EFAULT, -EBADF (descriptor in the message), -ELOOP
 * (a box older than the one it is to travel in), -ENOMEM. */
long mailbox_send(struct mail_send *send);
/* Bytes of the body, or -EMSGSIZE, -EAGAIN, -EFAULT, -EMFILE, -ENOMEM. */
long mailbox_receive(struct mail_receive *receive);

/* ---- For the files of this mechanism ------------------------------------- */

/* The sender of this message sleeps until it was received. On its stack. */
struct mail_delivery {
	struct wait_queue queue;
	bool is_over;
	int result;
};

/* A box that the caller allocated and zeroed but for capacity and the like. */
void mailbox_init(struct mailbox *box, const struct object_ops *ops);
/* Put it in when there is room; the message is the box's, or was freed. */
int mailbox_put(struct mailbox *box, struct mail *mail,
		const struct mail_send *send);
/* Take it back before it was received, and free it. */
void mailbox_withdraw(struct mailbox *box, struct mail *mail);
/* Free all messages; who waits for their delivery is told `result`. */
void mailbox_drain(struct mailbox *box, int result);
struct mail *mailbox_prepare(const struct mail_send *send, int *error);
