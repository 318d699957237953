/*
 * mqueue.h - message queues with priorities, as POSIX has them.
 *
 * Sending and receiving stand in mqueue_inline.h. All of these need [P]; none
 * sleeps. The files handed in are message queues; mqueue_is() tells.
 */
#pragma once

#include "kernel/abi/limits.h"
#include "kernel/abi/mqueue.h"
#include "kernel/abi/signal.h"
#include "kernel/obj/file.h"

/* Whom to tell that a message came to the empty queue. */
struct mqueue_notice {
	pid_t process;			/* 0: nobody is registered */
	pid_t task;			/* not 0: this task alone */
	int signal;			/* 0: be registered, but hear nothing */
	union sigval value;
	const struct open_file *file;	/* registered through this */
};

/* The messages of one priority, oldest first. */
struct mqueue_level {
	struct queued_message *first, *last;	/* when it has any */
};

struct mqueue {
	struct object object;
	uint32_t max_messages, message_bytes;
	uint32_t count;
	uint32_t filled;		/* bit p: levels[p] has messages */
	uint32_t handed;		/* messages that were not put in */
	struct queued_message *spare;	/* taken last, for the next; or NULL */
	struct mqueue_level levels[MQ_PRIO_MAX];
	struct mqueue_notice notice;
};

_Static_assert(MQ_PRIO_MAX == 32, "one bit for each in `filled`");

extern const struct object_ops mqueue_ops;

/* A queue for max_messages of at most message_bytes each, with one reference.
 * -EINVAL when a number is not in the limits, -ENOSPC. */
int mqueue_create(const struct mq_attr *attr, struct object **out);

static inline bool mqueue_is(const struct open_file *file)
{
	return file && file->object->ops == &mqueue_ops;
}

static inline struct mqueue *mqueue_of(const struct open_file *file)
{
	return CONTAINER_OF(file->object, struct mqueue, object);
}

void mqueue_get_attr(const struct open_file *file, struct mq_attr *attr);

/* -EBUSY when a process is registered. */
int mqueue_register(struct open_file *file, const struct mqueue_notice *notice);
/* Nothing happens when this process is not the one registered. */
void mqueue_unregister(struct open_file *file, pid_t process);
