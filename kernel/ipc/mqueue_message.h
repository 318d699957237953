/*
 * mqueue_message.h - the messages of message queues, in kernel memory.
 *
 * All functions need [P]. Only message_copy() with may_pause lets other tasks
 * run: the message lies in no queue then.
 */
#pragma once

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/sched_point.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/object.h"

struct account;

/* The next bytes of a message that is longer than `start`. */
struct piece {
	struct piece *next;		/* [const] */
	uint8_t bytes[];		/* [const] */
};

/* [P] Constant while the message lies in a queue, except for `next`. */
struct queued_message {
	struct queued_message *next;	/* [P] unused in the last of a level */
	uint32_t priority;
	uint32_t bytes;			/* length of the message */
	uint32_t room;			/* bytes that the memory can hold */
	uint32_t id;			/* the order; for the trace, too */
	bool stays;			/* may be the spare memory */
	struct piece *rest;		/* NULL: all bytes are in `start` */
	uint8_t start[];
};

#define MESSAGE_START_BYTES (POOL_LARGEST - sizeof(struct queued_message))

/* Is a message of this length copied in parts? */
static inline bool message_is_long(size_t bytes)
{
	return bytes > COPY_PART_BYTES;
}

/* Memory for a message of this length, or NULL. The owner of the queue: a chain
 * of pieces does not stay in the queue, nor memory of a different payer. */
struct queued_message *message_alloc(const struct account *owner,
				     uint32_t bytes);
void message_free(struct queued_message *message);

/* The pieces behind the first. */
int message_copy_rest(struct queued_message *message, uaddr_t user, int end,
		      bool may_pause);

/* Copy the message from the user (END_WRITE), or to the user. If may_pause,
 * other tasks run after each piece. 0, -EFAULT, or -EINTR: a signal that kills
 * the process. */
static inline int message_copy(struct queued_message *message, uaddr_t user,
			       int end, bool may_pause)
{
	uint32_t size = MIN(message->bytes, MESSAGE_START_BYTES);

	if (end == END_WRITE ? copy_from_user(message->start, user, size)
			     : copy_to_user(user, message->start, size))
		return -EFAULT;
	return message->rest ? message_copy_rest(message, user + size, end,
						 may_pause) : 0;
}
