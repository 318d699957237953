/*
 * mail.h - one message on its way, and the record of its sender.
 *
 * All functions need [P]; none sleeps.
 */
#pragma once

#include "kernel/abi/mailbox.h"
#include "kernel/obj/flight.h"
#include "kernel/task/process_memory.h"

struct mail_link;		/* kernel/ipc/mailbox.c */
struct mailbox;
struct process;

/* A body of this length fits into the record of a waiting sender. */
#define MAIL_RECORD_BYTES	64

/* The memory of a process where a message goes. [const] */
struct mail_place {
	struct process *process;
	uaddr_t head_at;		/* 0: no header is wanted */
	uaddr_t body;
	size_t body_bytes;		/* room there */
};

struct mail {
	struct list_node node;		/* [P] in the box */
	struct list_node meant;		/* [P] at the process head.receiver */
	struct list_node same[2];	/* [P] in the lists of this type and of
					 * this sender: mail_match.c */
	struct message head;		/* [P] as the receiver sees it */
	struct mailbox *box;		/* [const] */
	struct mail_send *sender;	/* [const] waits; NULL: goes on */
	struct mail_link *link;		/* [const] of a direct message */
	struct wait_queue *room;	/* [const] the sender waits here */
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
	struct mailbox *box;		/* [const] */
	int flags;			/* [const] MAILBOX_NONBLOCK, ... */
	bool is_call;			/* [const] */
	bool waits;			/* [const] for the receiver or reply */
	bool is_received;		/* [P] */
	uint64_t deadline_ns;		/* [const] absolute, or FOREVER */
	struct mail_place reply_to;	/* [const] of a call */
	pid_t receiver;			/* [P] could end the wait, or 0 */
	long outcome;			/* [P] -EAGAIN: the wait goes on */
	struct wait_queue queue;	/* [P] the sender sleeps here */
	struct list_node node;		/* [P] while the message lies in the
					 * box: box->senders; a received call:
					 * at the process `receiver` */
	struct mail mail;		/* [P] mail.head is an argument */
	uint8_t bytes[MAIL_RECORD_BYTES]; /* [P] mail.bytes */
};

/* Bytes of kernel memory for a message with a body of body_bytes. */
static inline uint32_t mail_bytes(uint32_t body_bytes)
{
	return sizeof(struct mail) + body_bytes;
}

/* May the running process's user have so many more bytes in messages? */
bool mail_has_memory(uint32_t body_bytes);

/* MAILBOX_GIFT: take the whole pages of the body out of the sender's memory, if
 * all of them may move. 0, -EFAULT, -ENOMEM. */
int mail_take_pages(struct mail *mail);
/* The pages that nobody received go back to the sender, which runs. */
void mail_return_pages(struct mail *mail);

/* Copy the body out of the memory of the sender, which runs. The message is the
 * record of a sender that waits, or else a new message in the heap, charged to
 * the sender. NULL, and *error: -EFAULT (the body) or -ENOMEM. */
struct mail *mail_store(struct mail_send *send, int *error);

/*
 * Give the message to a process: body, header and descriptor. The process need
 * not run. 0, and the caller frees the message; or no receiver sees a change:
 * -EMSGSIZE (the body is longer than the room), -EFAULT (a bad address of the
 * receiver), -EMFILE (no descriptor is free), -ENOMEM; or PROCESS_UNREADABLE: a
 * bad address of the sender, which runs.
 */
int mail_give(struct mail *mail, const struct mail_place *to);

/* Free the body, and a message in the heap; close the descriptor. */
void mail_free(struct mail *mail);
/* The same for the record of a sender, which has mostly nothing to free. */
static inline void mail_empty(struct mail *mail)
{
	if (mail->pages || mail->flight)
		mail_free(mail);
}
