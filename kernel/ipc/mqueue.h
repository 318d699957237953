/*
 * mqueue.h - message queues with priorities, as POSIX has them.
 *
 * All of these need [P]; none sleeps. The files handed in may be of another
 * kind: then the answer is -EBADF.
 */
#pragma once

#include "kernel/abi/mqueue.h"
#include "kernel/abi/signal.h"
#include "kernel/obj/file.h"

/* A queue for max_messages of at most message_bytes each, with one reference.
 * -EINVAL when a number is not in the limits, -ENOSPC. */
int mqueue_create(const struct mq_attr *attr, struct object **out);
/* Is it one, and open for this end (END_READ: to receive)? */
bool mqueue_is_open_for(const struct open_file *file, int end);
bool mqueue_is(const struct open_file *file);

/* A message on its way from or to a user. */
struct mqueue_transfer {
	struct open_file *file;
	uaddr_t at;
	size_t bytes;
	uint32_t priority;		/* received: written */
	uaddr_t priority_at;		/* and there too, if not 0 */
};

/* Attempts for wait_for(): put a message in (0), or take one out (its length).
 * -EAGAIN, -EFAULT, -EMSGSIZE, -ENOMEM. */
long mqueue_send(void *transfer);
long mqueue_receive(void *transfer);

void mqueue_get_attr(const struct open_file *file, struct mq_attr *attr);

/* Whom to tell that a message came to the empty queue. */
struct mqueue_notice {
	pid_t process;			/* 0: nobody is registered */
	pid_t task;			/* not 0: this task alone */
	int signal;			/* 0: be registered, but hear nothing */
	union sigval value;
	const struct open_file *file;	/* registered through this */
};

/* -EBUSY when a process is registered. */
int mqueue_register(struct open_file *file, const struct mqueue_notice *notice);
/* Nothing happens when this process is not the one registered. */
void mqueue_unregister(struct open_file *file, pid_t process);
