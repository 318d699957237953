/*
 * mail_long.h - a body of more than COPY_PART_BYTES is copied in parts.
 *
 * The functions that copy give other tasks a chance to run after each part.
 */
#pragma once

#include "kernel/ipc/mail_call.h"

/* receive->result: a message is offered to the receiver. No length is so
 * large. */
#define MAIL_OFFERED	(MAILBOX_MESSAGE_BYTES_MAX + 1)

/* Copy the body out of the memory of the running process into mail->pages, or
 * take the whole pages of a gift. 0, -EFAULT, -ENOMEM, or -EINTR: the process
 * was killed. After an error the caller frees the message. */
int mail_bring_in(struct mail_send *send);
/* The pages that no process received go back to the sender, which runs. */
void mail_return_pages(struct mail *mail);

/* The receiver, which runs, becomes the taker of the message. */
void mail_reserve(struct mail *mail, struct mail_receive *receive);
/* The best waiting receiver becomes the taker of a long message, and wakes. */
void mail_offer(struct mail *mail);
/* Copy the body of the offer, the header and the descriptor to the receiver,
 * which runs. 0: the caller takes the message out of the box, and then
 * places the pages in *moving. MAIL_OFFERED: the sender has withdrawn the
 * message. Or the errors of mail_give(), or -EINTR: the process was killed. */
int mail_take_offer(struct mail_receive *receive, frame_t *moving);
/* The whole pages of so many bytes move to the place, in the memory of the
 * running process. The list is empty then. */
void mail_place_pages(const struct mail_place *to, uint32_t bytes,
		      frame_t *list);
/* The receiver does not take the message: offer it to the next, or leave it in
 * its place for all. */
void mail_put_back(struct mail_receive *receive);

/* The sender may not wait, and no receiver is there. (A short message finds the
 * receiver before.) */
bool mail_lacks_receiver(const struct mail_send *send);
/* mail_bring_in() for a send, if the send has a chance. 0, -EAGAIN, -ESRCH,
 * -EPIPE, or the errors of mail_bring_in(). */
long mail_prepare(struct mail_send *send);
/* Leave the reply, which was brought in, to the caller. 0 or -EMSGSIZE. */
int mail_leave_reply(struct mail *reply, struct mail_send *call);
/* The send or call is over with this result: take a long reply, or take the
 * pages of a gift back, and free the message. The result of the call. */
long mail_end(struct mail_send *send, long result);
