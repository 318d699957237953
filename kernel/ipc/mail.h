/*
 * mail.h - one message on its way, and the record of its sender.
 *
 * All functions need [P]; only those of mail_long.c let other tasks run.
 */
#pragma once

#include "kernel/abi/limits.h"
#include "kernel/abi/mailbox.h"
#include "kernel/lib/sched_point.h"
#include "kernel/obj/flight.h"
#include "kernel/task/inherit.h"
#include "kernel/task/process_memory.h"

struct process;

/* A body of this length fits into the record of a waiting sender. */
#define MAIL_RECORD_BYTES	64

/* What a selection names, and an index of mail->nodes; 0: no more than the
 * box. */
enum { BY_TYPE = 1, BY_SENDER = 2, MAIL_SELECTIONS = 4 };

/* The memory of a process where a message goes. */
struct mail_place {
	struct process *process;	/* [const] */
	uaddr_t head_at;		/* [const] 0: no header is wanted */
	uaddr_t body;			/* [const] */
	size_t body_bytes;		/* [const] room there */
	size_t ready_bytes;		/* [const] of them, for a long body */
	int unready;			/* [const] why not all: an errno */
	frame_t pages;			/* [P] the long body that came, or 0 */
	bool is_gift;			/* [P] these pages may move */
};

struct mail {
	struct list_node nodes[MAIL_SELECTIONS]; /* [P] in the box */
	struct list_node addressed;	/* [P] in box->addressed */
	struct list_node meant;		/* [P] at the process head.receiver */
	struct message head;		/* [P] as the receiver sees it */
	struct mailbox *box;		/* [const] */
	struct mail_send *sender;	/* [const] waits; NULL: goes on */
	struct mail_link *link;		/* [const] of a direct message */
	struct flight *flight;		/* [P] of the descriptor, or NULL */
	uint32_t priority;		/* [const] the sender's, or 0 */
	uaddr_t gift;			/* [P] the pages' old place, or 0 */
	frame_t pages;			/* [P] the body: frames, linked; or 0 */
	uint8_t *bytes;			/* [P] the body; or NULL */
	uaddr_t body;			/* [const] else: in the memory of the
					 * sender, which runs */
};

/*
 * A send or call under way, on the kernel stack of the sender. A sender that
 * waits keeps the message here, so that a short message needs no memory.
 */
struct mail_send {
	int flags;			/* [const] MAILBOX_NONBLOCK, ... */
	bool is_call;			/* [const] */
	bool waits;			/* [const] for the receiver or reply */
	bool is_received;		/* [P] */
	uint64_t deadline_ns;		/* [const] absolute, or FOREVER */
	struct mail_place reply_to;	/* [const] of a call */
	struct task *task;		/* [const] the sender */
	pid_t receiver;			/* [P] could end the wait, or 0 */
	struct loan loan;		/* [P] of a call: to the server */
	long outcome;			/* [P] -EAGAIN: the wait goes on */
	struct list_node node;		/* [P] of a received call: at the
					 * process `receiver` */
	struct mail mail;		/* [P] mail.head is an argument */
	uint8_t bytes[MAIL_RECORD_BYTES]; /* [P] mail.bytes */
};

/* What a sender has in an inbox. */
struct mail_link {
	struct list_node node;		/* [P] at the sender, until its end */
	const struct mailbox *inbox;	/* [const] */
	uint32_t bytes;			/* [P] of messages there */
	uint32_t refs;			/* [P] messages and sends under way */
	struct wait_queue queue;	/* [P] sends that wait for room */
};

/* A choice of messages: all, or those of one type, one sender, or both. */
struct mail_selection {
	struct list mails;		/* [P] stored, in order */
	struct wait_queue receivers;	/* [P] that wait */
};

struct mailbox {
	struct object object;		/* [P] the queues are for poll() and
					 * for senders that wait for room */
	long capacity;			/* [const] 0, n, or MAILBOX_UNBOUNDED */
	uint32_t message_bytes;		/* [const] of the largest body */
	pid_t owner;			/* [const] of an inbox, or 0 */
	pid_t server;			/* [P] the task that received the last
					 * call, or 0; may have ended */
	bool has_ended;			/* [P] an inbox without a process */
	struct mail_selection any;	/* [P] the messages for all */
	struct list addressed;		/* [P] for one process each */
	struct wait_queue senders;	/* [P] that wait for the receiver or the
					 * reply */
	struct list receivers;		/* [P] that wait for a message */
	struct flight_holder holder;	/* [P] descriptors in the messages */
	uint32_t count;			/* [P] of messages */
	uint32_t bytes;			/* [P] in messages and headers */
	uint32_t selecting;		/* [P] receivers that wait with a
					 * selection */
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

/* Bytes of kernel memory for a message with a body of body_bytes. */
static inline uint32_t mail_bytes(uint32_t body_bytes)
{
	return sizeof(struct mail) + body_bytes;
}

/* Is the body copied in parts? See mail_long.c. */
static inline bool mail_is_long(const struct mail *mail)
{
	return mail->head.bytes > COPY_PART_BYTES;
}

/* May long bodies come from this box? */
static inline bool mailbox_has_long(const struct mailbox *box)
{
	return box->message_bytes > COPY_PART_BYTES;
}

/* Check the message of the running process, and create the flight of the
 * descriptor. 0, -EMSGSIZE, -EBADF (the descriptor), -ETOOMANYREFS, -ENOMEM. */
int mail_check(struct mail *mail);

/* Copy the body out of the memory of the sender, which runs. The message is the
 * record of a sender that waits, or else a new message in the heap, charged to
 * the sender. NULL, and *error: -EFAULT (the body) or -ENOMEM. */
struct mail *mail_store(struct mail_send *send, int *error);

/*
 * Give the message to a process: body, header and descriptor. A long body stays
 * in its frames, in to->pages. The process need not run. 0, and the caller
 * frees the message; or no receiver sees a change:
 * -EMSGSIZE (the body is longer than the room), -EFAULT (a bad address of the
 * receiver), -EMFILE (no descriptor is free), -ENOMEM; or PROCESS_UNREADABLE: a
 * bad address of the sender, which runs.
 */
int mail_give(struct mail *mail, struct mail_place *to);

/* Free the body, and a message in the heap; close the descriptor. After a part
 * of a long body tasks may switch. */
void mail_free(struct mail *mail);

/* A selection without messages and receivers. */
void mail_selection_init(struct mail_selection *selection);
/* Put a message that does not stand for a waiting sender into the lists of its
 * selections; take it out. */
void mail_insert(struct mail *mail);
void mail_remove(struct mail *mail);
/* Where the receiver sleeps. */
struct wait_queue *mail_receivers(const struct mail_receive *receive);
/* The best waiting receiver for a message with this header, or NULL. */
struct mail_receive *mail_find_receiver(struct mailbox *box,
					const struct message *head);
/* The first stored message that fits the receiver's selection, or NULL. */
struct mail *mail_find(const struct mail_receive *receive);

/*
 * mail_long.c: a body of more than COPY_PART_BYTES is copied in parts. Other
 * tasks get a chance to run after each part. The errors of all: -EINTR, if the
 * running process was killed.
 */

/* Copy the body out of the memory of the running process into mail->pages, or
 * take the whole pages of a gift. 0, -EFAULT, -ENOMEM: the caller frees the
 * message. */
int mail_bring_in(struct mail_send *send);
/* The pages of a gift that no process received go back to the sender, which
 * runs. */
void mail_return_pages(struct mail *mail);

/* Make the buffer of the running process ready for a body of at most so many
 * bytes. 0, or -EFAULT: the call waits for a page from a disk, and is made
 * again. */
int mail_prepare(struct mail_place *to, uint32_t most);
/* The same for the buffer of a receive. */
int mail_prepare_receive(struct mail_receive *receive);
/* A long body has come to the buffer of the running process: copy this body out
 * of to->pages. A negative number of bytes is an error: the body is freed. The
 * bytes, or -EFAULT. */
long mail_collect(struct mail_place *to, long bytes);
