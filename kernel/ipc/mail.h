/*
 * mail.h - one message on its way, and the record of its sender.
 *
 * All functions need [P]; none sleeps.
 */
#pragma once

#include "kernel/abi/mailbox.h"
#include "kernel/obj/file.h"

struct mail_link;		/* kernel/ipc/inbox.c */
struct mail_receive;		/* kernel/ipc/mailbox.h */
struct mail_send;
struct mailbox;

/* A body of this length fits into the record of a waiting sender. */
#define MAIL_RECORD_BYTES	64

struct mail {
	struct list_node node;		/* [P] in the box */
	struct list_node meant;		/* [P] at the process head.receiver */
	struct message head;		/* [P] as the receiver sees it */
	struct mailbox *box;		/* [const] */
	struct mail_send *sender;	/* [const] waits; NULL: in the heap */
	struct mail_receive *taker;	/* [P] the grant, or NULL: free */
	struct mail_link *link;		/* [const] of a direct message */
	struct open_file *file;		/* [P] travels along, or NULL */
	uint32_t priority;		/* [const] the sender's, or 0 */
	uaddr_t gift;			/* [P] the pages' old place, or 0 */
	frame_t pages;			/* [P] a long body: frames, linked */
	uint8_t *bytes;			/* [const] a short body */
};

/*
 * A send or call under way, on the kernel stack of the sender. If the sender
 * waits for the receiver or for a reply, the message is `mail`: no memory is
 * allocated for a short message. The reply comes to the same place, after the
 * request was received.
 */
struct mail_send {
	struct mailbox *box;		/* [const] */
	struct mail_link *link;		/* [const] of a direct message */
	uaddr_t body;			/* [const] */
	int flags;			/* [const] MAILBOX_NONBLOCK, ... */
	bool is_call;			/* [const] */
	bool waits;			/* [const] the sender keeps `mail` */
	bool is_received;		/* [P] */
	bool has_reply;			/* [P] `mail` is the reply */
	uint64_t deadline_ns;		/* [const] absolute, or FOREVER */
	struct open_file *file;		/* [own] to send along, or NULL */
	pid_t process;			/* [const] the sender's */
	pid_t receiver;			/* [P] could end the wait, or 0 */
	int outcome;			/* [P] -EAGAIN: the wait goes on */
	struct wait_queue queue;	/* [P] the sender sleeps here */
	struct list_node node;		/* [P] at the process `receiver` */
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

/* Fill an empty message with the body and the descriptor of send. `room` is the
 * length of mail->bytes. The body is copied or moved. 0; or nothing has
 * changed: -EFAULT (the body), -ENOMEM. */
int mail_fill(struct mail *mail, const struct mail_send *send, uint32_t room);

/* The same, with a message in the heap, charged to the sender, and a copy of
 * the header. NULL, and *error as of mail_fill(). */
struct mail *mail_create(const struct mail_send *send, int *error);

/* Free the memory of the body, close the descriptor, and free a message in the
 * heap. A message in the record of its sender is empty afterwards. */
void mail_free(struct mail *mail);

/* The message was received, or no task will receive the message. A short
 * message in the record of its sender has nothing to free. */
static inline void mail_release(struct mail *mail)
{
	if (!mail->sender || mail->pages || mail->file)
		mail_free(mail);
}

/*
 * Give the message to the running process: body, header (head_at 0: not wanted)
 * and descriptor. Returns 0, and the caller may release the message; or changes
 * nothing: -EMSGSIZE (longer than body_bytes), -EFAULT, -EMFILE (no
 * descriptor is free), -ENOMEM (page tables).
 */
int mail_give(struct mail *mail, uaddr_t head_at, uaddr_t body,
	      size_t body_bytes);

/* The send of the running process has failed. Moved pages go back to their old
 * place. Releases the message. */
void mail_return(struct mail *mail);
