/*
 * mailbox.h - boxes of messages, shared by processes.
 *
 * All functions need [P]; none sleeps.
 */
#pragma once

#include "kernel/abi/limits.h"
#include "kernel/ipc/mail.h"

struct process;

struct mailbox {
	struct object object;		/* [P] */
	long capacity;			/* [const] 0, n, or MAILBOX_UNBOUNDED */
	uint32_t message_bytes;		/* [const] of the largest body */
	pid_t owner;			/* [const] of an inbox, or 0 */
	bool has_name;			/* [P] in /ipc/mailbox */
	bool has_ended;			/* [P] an inbox without a process */
	struct list mails;		/* [P] the messages, in order */
	uint32_t count;			/* [P] of messages */
	uint32_t bytes;			/* [P] in messages and headers */
	uint32_t selecting;		/* [P] receivers that wait with a
					 * selection, and have no message */
	struct list awake;		/* [P] receivers that lost a message */
};

/* Can no task use this end (END_READ: receive) any more? A box with a name can
 * be opened, and an inbox has a process. */
static inline bool mailbox_is_left(const struct mailbox *box, int end)
{
	return box->object.ends[end] == 0 && !box->has_name && !box->owner;
}

/* Room for one more message, and the memory that a box may use. */
static inline bool mailbox_has_room(const struct mailbox *box)
{
	return box->capacity <= 0 || box->count < (uint32_t)box->capacity;
}

static inline bool mailbox_has_memory(const struct mailbox *box,
				      uint32_t body_bytes)
{
	return mail_bytes(body_bytes) <= MAILBOX_BYTES_MAX - box->bytes;
}

/* Wake the first task that waits at this end, and the pollers. */
static inline void mailbox_wake(struct mailbox *box, int end)
{
	const struct wait_queue *queue = &box->object.queue[end];

	if (!list_is_empty(&queue->sleepers) ||
	    !list_is_empty(&queue->watchers))
		object_wake(&box->object, end);
}

extern const struct object_ops mailbox_ops;

/* A box with one reference in *out. 0, -EINVAL (attributes), -ENOMEM. */
int mailbox_create(const struct mailbox_attr *attr, struct object **out);
/* Initialise a box in the caller's memory. The caller has cleared the box, and
 * set capacity, message_bytes, and perhaps owner. */
void mailbox_init(struct mailbox *box, const struct object_ops *ops);

/* The box of an open file; NULL if the file is NULL or no mailbox. */
static inline struct mailbox *mailbox_of(const struct open_file *file)
{
	if (!file || file->object->ops != &mailbox_ops)
		return NULL;
	return CONTAINER_OF(file->object, struct mailbox, object);
}

void mailbox_getattr(const struct mailbox *box, struct mailbox_attr *attr);

/* The process of this id if it can still send and receive, or NULL. */
struct process *mailbox_process(pid_t id);

/* Take an unreceived message out of the box. */
void mailbox_withdraw(struct mail *mail);
/* The receiver has the message: take the message out of the box. */
void mailbox_remove(struct mail *mail);
/* Withdraw all messages; the senders that wait for delivery get `outcome`. */
void mailbox_drain(struct mailbox *box, int outcome);
/* The process ends: withdraw the messages that are for this process; the
 * senders get -ESRCH. */
void mailbox_receiver_ends(struct process *process);

/* object_ops.ender: the process that could end the task's wait at a box, or 0:
 * every process with the box open. */
pid_t mailbox_ender(const struct task *task, int *end);
