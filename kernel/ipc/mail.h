/*
 * mail.h - one message on its way, in the kernel's memory.
 *
 * All functions need [P]; none sleeps.
 */
#pragma once

#include "kernel/abi/mailbox.h"
#include "kernel/obj/file.h"

struct mail_delivery;
struct mail_call;
struct mail_receive;
struct mail_piece;

struct mail {
	struct list_node node;		/* in the box, oldest first */
	struct message head;
	struct open_file *file;		/* travels along, or NULL */
	struct mail_receive *taker;	/* granted to this receiver, or NULL */
	struct mail_delivery *delivery;	/* the sender waits here, or NULL */
	struct mail_call *call;		/* the caller waits here, or NULL */
	struct mail_piece *rest;	/* what of the body did not fit */
	uint8_t start[];
};

/*
 * A message of the running process, its body copied, its descriptor held; the
 * header is stamped. *error says why not when NULL: -EFAULT, -EBADF (the
 * descriptor), -ENOMEM.
 */
struct mail *mail_create(const struct message *head, uaddr_t body, int *error);
void mail_free(struct mail *mail);

/* What it takes of the kernel's memory. */
static inline uint32_t mail_bytes(const struct mail *mail)
{
	return sizeof(*mail) + mail->head.bytes;
}

/*
 * Give it to the running process: body, header (head_at 0: not wanted) and
 * descriptor. 0 and the message may be freed, or nothing has changed:
 * -EMSGSIZE (longer than body_bytes), -EFAULT, -EMFILE, -ENOMEM.
 */
int mail_give(struct mail *mail, uaddr_t head_at, uaddr_t body,
	      size_t body_bytes);
