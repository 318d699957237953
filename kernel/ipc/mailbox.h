/*
 * mailbox.h - boxes of messages: shared by processes, or owned by a process.
 *
 * All functions need [P]; none sleeps.
 */
#pragma once

#include "kernel/ipc/mail.h"

extern const struct object_ops mailbox_ops;

/* A box with one reference in *out. 0, -EINVAL (attributes), -ENOMEM. */
int mailbox_create(const struct mailbox_attr *attr, struct object **out);
/* The process of this id if it can still send and receive, or NULL. */
struct process *mailbox_partner(pid_t id);
/* The inbox that the process owns, created if missing; NULL: no memory. */
struct mailbox *mailbox_of_process(struct process *process);

/* The box of an open file; NULL if the file is NULL or no mailbox. */
static inline struct mailbox *mailbox_of(const struct open_file *file)
{
	if (!file || file->object->ops != &mailbox_ops)
		return NULL;
	return CONTAINER_OF(file->object, struct mailbox, object);
}

/* The number of messages at a rendezvous is 0. */
void mailbox_getattr(const struct mailbox *box, struct mailbox_attr *attr);

/* Can no task use this end (END_READ: receive) any more? */
static inline bool mailbox_is_left(const struct mailbox *box, int end)
{
	return box->object.ends[end] == 0 && !box->holder.is_root;
}

/* Can the message ever be received? 0, -ESRCH, -EPIPE. */
static inline int mailbox_check_receiver(const struct mail *mail)
{
	if (mail->box->has_ended ||
	    (mail->head.receiver && !mailbox_partner(mail->head.receiver)))
		return -ESRCH;
	return mailbox_is_left(mail->box, END_READ) ? -EPIPE : 0;
}

/* May the box have a message more? */
static inline bool mailbox_has_place(const struct mailbox *box)
{
	return box->capacity <= 0 || box->count < (uint32_t)box->capacity;
}

/* Does the box have memory for a message more, with a body of so many bytes? */
static inline bool mailbox_has_memory(const struct mailbox *box,
				      uint32_t body_bytes)
{
	return mail_bytes(body_bytes) <= MAILBOX_BYTES_MAX - box->bytes;
}

/* The link of the running process, created if missing, with a reference for the
 * caller; NULL: no memory. */
struct mail_link *mail_link_get(const struct mailbox *inbox);
/* Drop a reference; the last frees the link. */
void mail_link_put(struct mail_link *link);
/* Is there room in the inbox for a message of this sender? */
bool mail_link_has_room(const struct mail_link *link, uint32_t body_bytes);

/* Is there room for a message of this sender, with a body of so many bytes? */
static inline bool mailbox_has_room(const struct mail *mail,
				    uint32_t body_bytes)
{
	return mail->link ? mail_link_has_room(mail->link, body_bytes)
			  : mailbox_has_place(mail->box);
}

/* Store a message in the box, which has room. Pollers are not woken. */
void mailbox_insert(struct mail *mail);
/* Take a message out of the box, and give a turn to a sender that waits for the
 * room. The caller frees the message. */
void mailbox_remove(struct mail *mail);
/* Where a sender waits for room for this message. */
static inline struct wait_queue *mailbox_room(const struct mail *mail)
{
	return mail->link ? &mail->link->queue
			  : &mail->box->object.queue[END_WRITE];
}
/* When a message left, only the first sender got a turn. If there is room for a
 * sender behind as well, pass a turn on. At capacity 0 no sender waits for
 * room. */
void mailbox_pass_room(const struct mail *mail);
/* The wait for the receiver or the reply is over: 0, bytes, or an errno. */
void mailbox_end_send(struct mail_send *send, long outcome);

/* Take the first message out of the box for good: the sender, if it waits, gets
 * the outcome. False: no message is left. */
bool mailbox_drain(struct mailbox *box, int outcome);

/* The running process has closed a descriptor of the box. If this was the last,
 * the process cannot reply any more: its calls end with -EPIPE. Tasks may
 * switch. For object_ops.leave. */
void mailbox_leave(struct open_file *file);
/* End the waits that no task can end any more. The senders take back the
 * messages that no task can receive. */
void mailbox_end_lonely_waits(struct mailbox *box);
/* A wait at the box is over: if the next task waits in vain, end this wait too.
 */
void mailbox_end_lonely_wait(struct mailbox *box);

/* The process ends. Tasks that called the process get -EPIPE; senders and
 * receivers that wait for the process get -ESRCH. */
void mailbox_process_ends(struct process *process);
