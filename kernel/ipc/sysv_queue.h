/*
 * sysv_queue.h - message queues of System V: msgget(2) and its family.
 *
 * All functions need [P]; none sleeps.
 */
#pragma once

#include "kernel/abi/msg.h"
#include "kernel/lib/tree.h"
#include "kernel/obj/keyed.h"

struct sysv_queue {
	struct keyed keyed;		/* [P] first */
	struct list messages;		/* [P] by arrival */
	struct tree by_type;		/* [P] by type, then by arrival */
	uint32_t count;			/* [P] messages */
	uint32_t bytes;			/* [P] in the messages */
	uint32_t most_bytes;		/* [P] msg_qbytes */
	uint32_t last_id;		/* [P] of messages, for the trace */
	pid_t last_sender, last_receiver;	/* [P] */
	time_t sent, received;		/* [P] the last time, or 0 */
};

/* A send or receive under way, on the caller's stack. */
struct sysv_transfer {
	struct sysv_queue *queue;	/* [const] */
	uaddr_t at;			/* [const] the text of the message */
	uaddr_t type_at;		/* [const] of a receive */
	uint32_t bytes;			/* [const] to send, or room */
	long type;			/* [const] msgtyp of a receive */
	int flags;			/* [const] */
	pid_t process;			/* [const] */
	long result;			/* [P] of a receive; -EAGAIN: none */
	uint32_t id;			/* [P] of the received message */
};

extern const struct object_ops sysv_queue_ops;

/* The identifier of a queue, as keyed_get(). */
long sysv_queue_get(key_t key, int flags);
static inline struct sysv_queue *sysv_queue_find(int id)
{
	return (struct sysv_queue *)keyed_find(&sysv_queue_ops, id);
}

/* Attempts for wait_for(). The length or 0; -EAGAIN, -EFAULT, -ENOMEM, -EIDRM,
 * -E2BIG (the text is longer than the room); of a send also WAIT_TRY_NEXT. */
long sysv_queue_send(void *transfer);
long sysv_queue_receive(void *transfer);
/* The limit has changed: the senders may go on. */
void sysv_queue_set_limit(struct sysv_queue *queue, uint32_t bytes);
