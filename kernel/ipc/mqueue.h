/*
 * mqueue.h - message queues with priorities, the mq_ functions of POSIX.
 *
 * All functions need [P]; none sleeps. A file handed in must be a message
 * queue: mqueue_is() tells.
 */
#pragma once

#include "kernel/abi/limits.h"
#include "kernel/abi/mqueue.h"
#include "kernel/ipc/mqueue_notice.h"
#include "kernel/obj/file.h"

/* The messages of one priority, oldest first. */
struct mqueue_level {
	struct queued_message *first, *last;	/* [P] if there are messages */
};

struct mqueue {
	struct object object;		/* [P] */
	uint32_t max_messages;		/* [const] */
	uint32_t message_bytes;		/* [const] of the longest message */
	uint32_t count;			/* [P] of messages */
	uint32_t filled;		/* [P] bit p: levels[p] has messages */
	uint32_t last_id;		/* [P] of messages, for the trace */
	struct queued_message *spare;	/* [P] memory for the next, or NULL */
	struct mqueue_level levels[MQ_PRIO_MAX];	/* [P] */
	struct mqueue_notice notice;	/* [P] */
};

/* A send or receive under way, on the caller's stack. */
struct mqueue_transfer {
	struct open_file *file;		/* [const] */
	uaddr_t at;			/* [const] the bytes of the message */
	size_t bytes;			/* [const] to send */
	uint32_t priority;		/* [const] to send */
	uaddr_t priority_at;		/* [const] of a receive, or 0 */
	long result;			/* [P] of a receive: bytes, or -EFAULT;
					 * -EAGAIN: the wait goes on */
	uint32_t id;			/* [P] of the received message */
	struct queued_message *message;	/* [P] a long message on its way, which
					 * belongs to this call; or NULL */
};

/* The result of a receive that has a long message. No errno has this value. */
#define MQUEUE_HANDED	(WAIT_TRY_NEXT - 1)

_Static_assert(MQ_PRIO_MAX == 32, "one bit for each in `filled`");

extern const struct object_ops mqueue_ops;

/* A queue for max_messages of at most message_bytes each, with one reference.
 * 0, -EINVAL (a number beyond the limits) or -ENOSPC. */
int mqueue_create(const struct mq_attr *attr, struct object **out);

static inline bool mqueue_is(const struct open_file *file)
{
	return file && file->object->ops == &mqueue_ops;
}

static inline struct mqueue *mqueue_of(const struct open_file *file)
{
	return CONTAINER_OF(file->object, struct mqueue, object);
}

/* Put a message in; a long message was brought in before. 0, -EAGAIN (the queue
 * is full), -EFAULT, -ENOMEM, or WAIT_TRY_NEXT. */
long mqueue_put(struct mqueue_transfer *transfer);
/* Take the first message out, unless a sender has ended the receive. The length
 * in bytes, -EAGAIN (no message), -EFAULT, or MQUEUE_HANDED: the next call,
 * with the result -EAGAIN again, copies the long message. This call lets other
 * tasks run, and may give -EINTR. */
long mqueue_take(struct mqueue_transfer *transfer);

void mqueue_get_attr(const struct open_file *file, struct mq_attr *attr);
