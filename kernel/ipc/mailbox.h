/*
 * mailbox.h - boxes of messages: shared by processes, or owned by a process.
 *
 * All functions need [P]; none sleeps.
 */
#pragma once

#include "kernel/ipc/mail_match.h"

/* Can no task use this end (END_READ: receive) any more? */
static inline bool mailbox_is_left(const struct mailbox *box, int end)
{
	return box->object.ends[end] == 0 && !box->holder.is_root;
}

extern const struct object_ops mailbox_ops;

/* A box with one reference in *out. 0, -EINVAL (attributes), -ENOMEM. */
int mailbox_create(const struct mailbox_attr *attr, struct object **out);
/* The inbox that the process owns, created if missing; NULL: no memory. */
struct mailbox *mailbox_of_process(struct process *process);

/* The box of an open file; NULL if the file is NULL or no mailbox. */
static inline struct mailbox *mailbox_of(const struct open_file *file)
{
	if (!file || file->object->ops != &mailbox_ops)
		return NULL;
	return CONTAINER_OF(file->object, struct mailbox, object);
}

void mailbox_getattr(const struct mailbox *box, struct mailbox_attr *attr);

/* The process ends. Tasks that called the process get -EPIPE; senders and
 * receivers that wait for the process get -ESRCH. */
void mailbox_process_ends(struct process *process);
