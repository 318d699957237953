/*
 * mail.h - one message on its way, in the kernel's memory.
 *
 * All functions need [P]; none sleeps.
 */
#pragma once

#include "kernel/abi/mailbox.h"
#include "kernel/obj/file.h"

struct mail_receive;		/* kernel/ipc/mailbox.h */
struct mail_delivery;
struct mailbox;

/* The arguments of a send, from the system call. On the sender's kernel stack:
 * [own]. */
struct mail_send {
	struct mailbox *box;
	struct message head;
	uaddr_t body;
	int flags;			/* MAILBOX_NONBLOCK, _SYNC, _GIFT */
	uint64_t deadline_ns;		/* absolute, or FOREVER */
	struct open_file *file;		/* to send along, or NULL */
	struct mail_delivery *delivery;	/* where the sender waits, or NULL */
};

struct mail {
	struct list_node node;		/* [P] in the box */
	struct message head;		/* [const] as the receiver sees it */
	struct open_file *file;		/* [const] travels along, or NULL */
	struct mail_receive *taker;	/* [P] the grant, or NULL: free */
	struct mail_delivery *delivery;	/* [P] the sender waits, or NULL */
	uint32_t priority;		/* [const] the sender's, or 0 */
	uaddr_t gift;			/* [const] the pages' old place, or 0 */
	paddr_t pages;			/* [P] a long body: frames, linked */
	uint8_t bytes[];		/* [const] a short body */
};

/* Bytes of kernel memory for a message with a body of body_bytes. */
static inline uint32_t mail_bytes(uint32_t body_bytes)
{
	return sizeof(struct mail) + body_bytes;
}

/* May the running process's user have so many more bytes in messages? */
bool mail_has_memory(uint32_t body_bytes);

/*
 * Create a message of the running process. The body is copied or moved, the
 * header gets the sender and a new number, and the message takes a reference of
 * send->file. NULL, with no page moved, and *error: -EFAULT (the body) or
 * -ENOMEM.
 */
struct mail *mail_create(const struct mail_send *send, int *error);
void mail_free(struct mail *mail);

/*
 * Give the message to the running process: body, header (head_at 0: not wanted)
 * and descriptor. Returns 0, and the caller may free the message; or changes
 * nothing: -EMSGSIZE (longer than body_bytes), -EFAULT, -EMFILE (no
 * descriptor is free), -ENOMEM (page tables).
 */
int mail_give(struct mail *mail, uaddr_t head_at, uaddr_t body,
	      size_t body_bytes);

/* The send of the running process has failed. Moved pages go back to their old
 * place. Frees the message. */
void mail_return(struct mail *mail);
