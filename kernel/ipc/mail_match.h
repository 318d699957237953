/*
 * mail_match.h - which message of a box goes to which of its receivers.
 *
 * All functions need [P]; only mail_wait_for_choice() sleeps.
 */
#pragma once

#include "kernel/ipc/mailbox.h"

/* The first message that is nobody's and that the receiver wants, or NULL. */
struct mail *mail_find(const struct mailbox *box,
		       const struct mail_receive *receive);
/* Does anybody wait who wants a message with this header? */
bool mail_is_awaited(const struct mailbox *box, const struct message *head);
/* Does anybody wait for any message at all? */
bool mail_has_receiver(const struct mailbox *box);

/* Grant a message, on no list, to the first who waits for it, or put it in its
 * place among those that are nobody's. */
void mail_offer(struct mailbox *box, struct mail *mail);
/* Take a message back from where mail_offer() has put it. */
void mail_recall(struct mailbox *box, struct mail *mail);

/* The receiver is awake and has lost what it was to get: another message, or a
 * place among the robbed. */
void mail_compensate(struct mailbox *box, struct mail_receive *receive);

/* Sleep for a selection until `attempt` finds receive->mail granted, and takes
 * it. As wait_for(); also -ENOMEM. */
long mail_wait_for_choice(struct mail_receive *receive, wait_attempt *attempt);
/* A receiver does not take what it was granted: that is offered again. */
void mail_wait_failed(struct mail_receive *receive);
/* The attempt begins: the granted message, or another that fits, or NULL. */
struct mail *mail_granted(struct mail_receive *receive);

/* The process has closed the box: its threads do not wait here any more. */
void mail_turn_away(const struct mailbox *box, const struct process *process);
