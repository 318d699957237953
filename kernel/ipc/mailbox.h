/*
 * mailbox.h - boxes of messages, through which processes share them.
 *
 * All functions need [P]. mailbox_send() and mailbox_receive() sleep; a signal
 * ends that with -EINTR, the deadline with -ETIMEDOUT. A file handed in must be
 * one of a box: mailbox_of() says.
 */
#pragma once

#include "kernel/ipc/mail.h"

struct mailbox {
	struct object object;
	long capacity;			/* 0, n, or MAILBOX_UNBOUNDED */
	uint32_t message_bytes;		/* of the largest body */
	struct list mails;		/* nobody's yet, in order */
	uint32_t count;			/* with those granted */
	uint32_t bytes;			/* of kernel memory that they take */
	struct list choices;		/* what its sleepers select */
	struct list robbed;		/* receivers: see mail_match.c */
	pid_t owner;			/* of an inbox; 0: an ordinary box */
	struct mail_line *line;		/* nobody else uses it, or NULL */
};

/* -EINVAL for attributes that cannot be, -ENOMEM. */
int mailbox_create(const struct mailbox_attr *attr, struct object **out);
extern const struct object_ops mailbox_ops;

/* The box of an open file, for use in general: its line is cut. NULL when it
 * is none (or no file). */
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
	pid_t receiver;			/* the pid meant, or 0 */
	bool is_over;
	int result;
	struct mail *mail;		/* given back: it was sent in vain */
};

/* A box that the caller allocated and zeroed but for capacity and the like. */
void mailbox_init(struct mailbox *box, const struct object_ops *ops);
/* Check what is sent, hold its descriptor; let go of it. */
int mailbox_check(struct mail_send *send);
void mailbox_end_send(struct mail_send *send);
/* Put it in when there is room, waiting for that; send->mail is then what. */
int mailbox_put(struct mail_send *send);
/* A message comes, or comes back: count it, and find a receiver for it. */
void mailbox_lay(struct mailbox *box, struct mail *mail);
/* Take it back before it was received, and free it; by who sent it. */
void mailbox_withdraw(struct mailbox *box, struct mail *mail);
/* Take what was granted or handed over, or the first that fits. The context
 * is a struct mail_receive. */
long mailbox_attempt_take(void *context);
/* Free all messages; who waits for their delivery is told `result`. */
void mailbox_drain(struct mailbox *box, int result);
