/*
 * mail_match.h - which receiver gets which message, and the stored messages.
 *
 * All functions need [P]; none sleeps.
 */
#pragma once

#include "kernel/abi/limits.h"
#include "kernel/ipc/mail.h"

struct mailbox {
	struct object object;		/* [P] */
	long capacity;			/* [const] 0, n, or MAILBOX_UNBOUNDED */
	uint32_t message_bytes;		/* [const] of the largest body */
	pid_t owner;			/* [const] of an inbox, or 0 */
	bool has_ended;			/* [P] an inbox without a process */
	struct list mails;		/* [P] the stored messages, in order */
	struct list senders;		/* [P] that wait for their receiver */
	struct list receivers;		/* [P] that wait for a message */
	struct flight_holder holder;	/* [P] descriptors in the messages */
	uint32_t count;			/* [P] of messages */
	uint32_t bytes;			/* [P] in messages and headers */
	uint32_t selecting;		/* [P] receivers that wait with a
					 * selection */
};

/* What a sender has in an inbox. */
struct mail_link {
	struct list_node node;		/* [P] at the sender, until its end */
	const struct mailbox *inbox;	/* [const] */
	uint32_t bytes;			/* [P] of messages there */
	uint32_t refs;			/* [P] messages and sends under way */
	struct wait_queue queue;	/* [P] sends that wait for room */
};

/* The selection of a receiver, and the result of the wait. On the receiver's
 * kernel stack, as the context of the wait. */
struct mail_receive {
	struct mailbox *box;		/* [const] */
	struct mail_place to;		/* [const] */
	uint32_t type;			/* [const] wanted; 0: any */
	pid_t sender;			/* [const] wanted; 0: any */
	int flags;			/* [const] MAILBOX_NONBLOCK */
	uint64_t deadline_ns;		/* [const] absolute, or FOREVER */
	struct task *task;		/* [const] the receiver */
	bool cannot_reply;		/* [P] descriptor closed meanwhile */
	long result;			/* [P] bytes, or the errno; -EAGAIN:
					 * the wait goes on */
	uint32_t id;			/* [P] of the message that came */
	struct list_node node;		/* [P] in box->receivers */
	struct list_node expected;	/* [P] at the process `sender` */
};

static inline bool mail_box_has_room(const struct mailbox *box)
{
	return box->capacity <= 0 || box->count < (uint32_t)box->capacity;
}

static inline bool mail_box_has_memory(const struct mailbox *box,
				       uint32_t body_bytes)
{
	return mail_bytes(body_bytes) <= MAILBOX_BYTES_MAX - box->bytes;
}

/* The best waiting receiver for a message with this header, or NULL. */
struct mail_receive *mail_find_receiver(struct mailbox *box,
					const struct message *head);
/* The first stored message that fits the receiver's selection, or NULL. */
struct mail *mail_find(const struct mailbox *box,
		       const struct mail_receive *receive);

/* Where the receiver sleeps. */
struct wait_queue *mail_receivers(const struct mail_receive *receive);
/* Is there room in the inbox for a message of this sender? */
bool mail_link_has_room(const struct mail_link *link, uint32_t body_bytes);
/* Does the box have room for the message, with a body of so many bytes? */
static inline bool mail_has_room(const struct mail *mail, uint32_t body_bytes)
{
	return mail->link ? mail_link_has_room(mail->link, body_bytes)
			  : mail_box_has_room(mail->box);
}

/* A sender sleeps: is there room, and no turn under way? Then give a turn. */
void mail_wake_sender(const struct mail *mail);
/* When a message left, only the first sender got a turn. If there is room for a
 * sender behind as well, pass a turn on. */
static inline void mail_pass_room(const struct mail *mail)
{
	if (!list_is_empty(&mail->room->sleepers))
		mail_wake_sender(mail);
}

/* Give the message to the best waiting receiver that can take the message. 0;
 * -EAGAIN: no such receiver; -EFAULT: a bad address of the sender. */
int mail_deliver(struct mail *mail);
/* Store the message of a sender in the box, which has room. 0; -EAGAIN (the
 * message is synchronous, and the sender may not wait), -EFAULT, -ENOMEM. */
int mail_put(struct mail_send *send);
/* Take the first message that fits the selection of the running process. Bytes;
 * -EAGAIN (no message), or the errors of mail_give(). */
long mail_take(struct mail_receive *receive);
/* The wait for the receiver or the reply is over: 0, bytes, or an errno. */
void mail_end(struct mail_send *send, long outcome);
/* Take a message out of the box, unreceived. */
void mail_remove(struct mail *mail);

/* The link of the running process, created if missing, with a reference for the
 * caller; NULL: no memory. */
struct mail_link *mail_link_get(const struct mailbox *inbox);
void mail_link_put(struct mail_link *link);
