/*
 * mail.h - one message on its way, in the kernel's memory.
 *
 * All functions need [P]; none sleeps.
 */
#pragma once

#include "kernel/abi/mailbox.h"
#include "kernel/obj/file.h"

struct mail_call;
struct mail_delivery;
struct mail_receive;
struct mail_words;
struct mailbox;
struct process;

/* A call of mailbox_send() and its like, as the user made it. */
struct mail_send {
	struct mailbox *box;
	struct message head;
	uaddr_t body;
	int flags;			/* MAILBOX_NONBLOCK, _SYNC, _GIFT */
	uint64_t deadline_ns;		/* absolute, or FOREVER */
	struct open_file *file;		/* head.fd, held while the call runs */
	struct mail_call *call;		/* what it is the request of, or NULL */
	struct mail *mail;		/* once it is in the box */
};

/* The same for mailbox_receive(). On the caller's stack; while it waits, who
 * sends finds it through its task, and writes `mail`. */
struct mail_receive {
	struct mailbox *box;
	const struct process *process;
	uint32_t type;			/* wanted; 0: any */
	pid_t sender;			/* wanted; 0: any */
	uaddr_t head_at;		/* 0: not wanted */
	uaddr_t body;
	size_t body_bytes;
	struct mail_words *words;	/* to here instead, or NULL */
	int flags;			/* MAILBOX_NONBLOCK */
	uint64_t deadline_ns;
	struct task *task;
	struct mail *mail;		/* granted, */
	struct mail_call *handed;	/* or handed over: see mail_hand.h, */
	int error;			/* or refused */
	struct list_node robbed;	/* in the box: see mail_match.c */
	struct list_node node;		/* at the desk of who is to send */
};

struct mail {
	struct list_node node;		/* in the box while nobody's */
	struct message head;
	struct open_file *file;		/* travels along, or NULL */
	struct mail_receive *taker;	/* granted to this receiver, or NULL */
	struct mail_delivery *delivery;	/* the sender waits here, or NULL */
	struct mail_call *call;		/* the caller waits here, or NULL */
	uid_t user;			/* for whom it counts */
	uint32_t priority;		/* of a sender at a rendezvous, or 0 */
	uaddr_t gift;			/* where its pages come from, or 0 */
	paddr_t pages;			/* a long body: its frames, linked */
	uint8_t bytes[];		/* a short one */
};

/* What all messages may take together, and those of the running process's
 * user: is there room for this one? */
bool mail_has_memory(uint32_t body_bytes);

/* The number of the next message; 0 is none's. */
static inline uint32_t mail_next_id(void)
{
	extern uint32_t mail_last_id;	/* [P] */

	if (UNLIKELY(++mail_last_id == 0))
		mail_last_id = 1;
	return mail_last_id;
}

/*
 * A message of the running process, its body copied or moved; the header is
 * stamped and holds send->file. *error says why not when NULL: -EFAULT,
 * -ENOMEM. Then nothing has moved.
 */
struct mail *mail_create(const struct mail_send *send, int *error);
/* One of a short body and a header that is stamped already, or NULL. */
struct mail *mail_create_short(const struct message *head, const void *body);
void mail_free(struct mail *mail);

/* What it takes of the kernel's memory. */
static inline uint32_t mail_bytes(uint32_t body_bytes)
{
	return sizeof(struct mail) + body_bytes;
}

/*
 * Give it to the running process: body, header (head_at 0: not wanted) and
 * descriptor. 0 and the message may be freed, or nothing has changed:
 * -EMSGSIZE (longer than body_bytes), -EFAULT, -EMFILE, -ENOMEM.
 */
int mail_give(struct mail *mail, uaddr_t head_at, uaddr_t body,
	      size_t body_bytes);

/* The running process has sent it in vain: pages that moved are its own
 * again. Frees the message. */
void mail_return(struct mail *mail);
