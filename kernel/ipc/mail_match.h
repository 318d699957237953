/*
 * mail_match.h - the choice of the receiver for each message of a box.
 *
 * All functions need [P]; only mail_wait() sleeps.
 */
#pragma once

#include "kernel/ipc/mailbox.h"

/* The process of this id if it can still send and receive, or NULL. */
struct process *mail_process(pid_t id);

/* The first free message that fits the receiver's selection, or NULL. */
struct mail *mail_find(const struct mailbox *box,
		       const struct mail_receive *receive);
/* The best waiting receiver for a message with this header, or NULL. */
struct mail_receive *mail_find_receiver(struct mailbox *box,
					const struct message *head);

/* Grant a message of the box to the best waiting receiver. Without a receiver,
 * the message is free. */
void mail_grant(struct mailbox *box, struct mail *mail);
/* The message granted to this receiver was withdrawn: grant a free message, or
 * the next message that comes. */
void mail_grant_another(struct mail_receive *receive);

/* Sleep until `attempt` has taken a message; the context is the receive. As
 * wait_for(); also -ESRCH: the wanted sender has ended; -EAGAIN:
 * MAILBOX_NONBLOCK. */
long mail_wait(struct mail_receive *receive, wait_attempt *attempt);
/* The attempt begins, awake. */
void mail_is_awake(struct mail_receive *receive);

/* End the waits of the process's threads at this box, with an error. */
void mail_turn_away(const struct mailbox *box, const struct process *process,
		    int error);
/* The process ends: end all waits for a message from this process. */
void mail_sender_ends(struct process *process);
