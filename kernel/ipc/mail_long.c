/*
 * mail_long.c - a body of more than COPY_PART_BYTES is copied in parts.
 *
 * A copy of a mebibyte must not keep all other tasks from running. So the
 * copying task gives them a chance after each part. Meanwhile they may send,
 * receive, close the box or end. Each task copies for itself:
 *
 *	sender		into frames, before the message enters the box. No other
 *			task can see the message yet.
 *	receiver	out of the frames, as the taker of the message. The
 *			message keeps its place in the box, and its room, but no
 *			other receiver finds the message.
 *	caller		the server leaves the frames of the reply in the record
 *			of the call, and the caller copies the reply.
 *
 * A sender that finds a waiting receiver stores the message all the same, and
 * offers the message to this receiver: the receiver wakes as the taker. The
 * copy of a taker ends in one of three ways:
 *
 *	the body is there	the message leaves the box
 *	bad address, kill	the message is offered to the next receiver that
 *				waits, or lies in its old place for all
 *	the sender withdraws	the receiver looks for a different message
 *
 * The whole pages of a gift are taken part by part, and are put into the memory
 * of the receiver part by part. These pages come last, after the message has
 * left the box: by then no step can fail.
 *
 * A sender may withdraw at any time (a signal, the deadline): the taker looks
 * after each part whether the message is still there. A sender that may not
 * wait, at a rendezvous, waits for the copy of a receiver that is there; if the
 * message is put back, the send fails with EAGAIN.
 */
#include "kernel/ipc/mail_long.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/frame.h"
#include "kernel/task/process_pages.h"

/* ---- Copies -------------------------------------------------------------- */

/* Copy a part, or take its whole pages. */
static int fetch_part(struct mail *mail, frame_t *link, uaddr_t at,
		      uint32_t bytes)
{
	if (mail->gift && process_may_take(at, bytes))
		return process_take_pages(link, at, bytes);
	return process_copy_pages(link, at, bytes);
}

int mail_bring_in(struct mail_send *send)
{
	struct mail *mail = &send->mail;
	uint32_t bytes = mail->head.bytes, done, part;
	frame_t *link = &mail->pages;
	int error = 0;

	mail->has_arrived = false;
	if (send->flags & MAILBOX_GIFT && process_may_take(mail->body, bytes))
		mail->gift = mail->body;
	for (done = 0; done < bytes; done += part) {
		part = MIN(bytes - done, COPY_PART_BYTES);
		error = fetch_part(mail, link, mail->body + done, part);
		if (error)
			break;
		while (*link)
			link = frame_next(*link);
		if (!signal_lets_go_on())
			return -EINTR;
	}
	process_free_pages(link);	/* after an error, half of a part */
	return error;
}

/* The frame that holds the first byte of the next part, or 0. */
static frame_t next_part(frame_t frame)
{
	for (uint32_t at = 0; frame && at < COPY_PART_BYTES; at += PAGE_SIZE)
		frame = *frame_next(frame);
	return frame;
}

/* Write the part at `done`, or make room for the pages that will move there. */
static int write_part(const struct mail_place *to, uint32_t done, frame_t frame,
		      uint32_t bytes, bool moves)
{
	uint32_t whole = moves ? process_whole_pages(bytes) : 0;
	int error = moves ? process_vacate(to->process, to->body + done, whole)
			  : 0;

	return error ? error : process_write_pages(to->process, to->body + done,
						   frame, whole, bytes);
}

/* Copy the body from mail->pages into the memory of the running process; only
 * the rest of a gift whose pages may move. 0, -EMSGSIZE, -EFAULT, -ENOMEM, or
 * -EINTR: the process was killed. If *at has changed at the end, the sender has
 * withdrawn the message. */
static int copy_out(struct mail **at, const struct mail_place *to, bool moves)
{
	struct mail *mail = *at;
	uint32_t bytes = mail->head.bytes, done, part;
	frame_t frame = mail->pages, first;
	int error = 0;

	if (bytes > to->body_bytes)
		return -EMSGSIZE;
	for (done = 0; done < bytes && !error && *at == mail; done += part) {
		part = MIN(bytes - done, COPY_PART_BYTES);
		first = frame;
		frame = next_part(first);
		error = write_part(to, done, first, part, moves);
		if (!error && !signal_lets_go_on())
			error = -EINTR;
	}
	return error;
}

/* The pages move into place, and leave the list. If the memory there is of a
 * different kind by now, the bytes are copied. */
static void place_part(const struct mail_place *to, uint32_t done,
		       frame_t *list, uint32_t bytes)
{
	uaddr_t at = to->body + done;
	frame_t frame;

	if (process_may_place(to->process, at, bytes) &&
	    process_place_pages(to->process, at, list, bytes) == 0)
		return;
	process_write_pages(to->process, at, *list, 0, bytes);
	for (uint32_t page = 0; page < bytes; page += PAGE_SIZE) {
		frame = *list;
		*list = frame_unlink(frame);
		frame_put(frame);
	}
}

void mail_place_pages(const struct mail_place *to, uint32_t bytes,
		      frame_t *list)
{
	uint32_t whole = process_whole_pages(bytes), done, part;

	for (done = 0; done < whole && *list; done += part) {
		part = MIN(whole - done, COPY_PART_BYTES);
		place_part(to, done, list, part);
		sched_point();
	}
	process_free_pages(list);	/* the rest, which was copied */
}

/* After an error of mail_bring_in() there are only the first parts. */
static uint32_t bytes_in(frame_t list, uint32_t most)
{
	uint32_t bytes = 0;

	for (; list && bytes < most; list = *frame_next(list))
		bytes += PAGE_SIZE;
	return MIN(bytes, most);
}

void mail_return_pages(struct mail *mail)
{
	uint32_t bytes = bytes_in(mail->pages, mail->head.bytes);
	const struct mail_place back = {
		.process = process_current(), .body = mail->gift,
		.body_bytes = mail->head.bytes,
	};

	if (mail->gift && mail_is_long(mail))
		mail_place_pages(&back, bytes, &mail->pages);
	else if (mail->gift)
		mail_give(mail, &back);
	mail->gift = 0;
	process_free_pages(&mail->pages);	/* empty, for a long message */
}

/* ---- The taker ----------------------------------------------------------- */

void mail_reserve(struct mail *mail, struct mail_receive *receive)
{
	mail->taker = receive;
	receive->offer = mail;
	receive->result = MAIL_OFFERED;
}

void mail_offer(struct mail *mail)
{
	struct mail_receive *receive = mail_find_receiver(mail->box,
							  &mail->head);

	if (!receive || !mail_is_long(mail))
		return;
	mail_reserve(mail, receive);
	wait_wake_task(receive->task->wait.queue, receive->task);
}

void mail_put_back(struct mail_receive *receive)
{
	struct mail *mail = receive->offer;

	if (!mail)			/* the sender was faster */
		return;
	receive->offer = NULL;
	mail->taker = NULL;
	mail_offer(mail);
	if (mail->taker)
		return;
	if (mail->sender && mail_must_be_met(mail->sender))
		mailbox_end_send(mail->sender, MAIL_REFUSED);
	else
		object_wake(&mail->box->object, END_READ);	/* pollers */
}

int mail_take_offer(struct mail_receive *receive, frame_t *moving)
{
	struct mail *mail = receive->offer;
	bool moves = mail->gift && mail_may_move(mail, &receive->to);
	int error;

	receive->task = task_current();
	list_insert_new(&receive->box->receivers.head, &receive->node);
	error = copy_out(&receive->offer, &receive->to, moves);
	list_remove(&receive->node);
	if (!error && !receive->offer)
		return MAIL_OFFERED;
	if (error)
		return error;
	mail->has_arrived = true;
	error = mail_give(mail, &receive->to);
	mail->has_arrived = false;
	if (error)
		return error;
	receive->offer = NULL;
	mail->taker = NULL;
	if (moves) {
		trace(TRACE_GIFT, NULL, mail->head.bytes / PAGE_SIZE,
		      mail->head.id);
		*moving = mail->pages;
		mail->pages = 0;
	}
	return 0;
}

/* ---- The sender, and the reply ------------------------------------------- */

bool mail_lacks_receiver(const struct mail_send *send)
{
	const struct mail *mail = &send->mail;

	return mail_must_be_met(send) &&
	       !(mail_is_long(mail) &&
		 mail_find_receiver(mail->box, &mail->head));
}

long mail_prepare(struct mail_send *send)
{
	struct mail *mail = &send->mail;
	int error = mailbox_check_receiver(mail);

	if (error)
		return error;
	if (send->flags & MAILBOX_NONBLOCK &&
	    (!mailbox_has_room(mail, mail->head.bytes) ||
	     mail_lacks_receiver(send)))
		return -EAGAIN;
	return mail_bring_in(send);
}

int mail_leave_reply(struct mail *reply, struct mail_send *call)
{
	if (reply->head.bytes > call->reply_to.body_bytes)
		return -EMSGSIZE;
	mail_free(&call->mail);		/* the descriptor of the request */
	call->mail.head = reply->head;
	call->mail.pages = reply->pages;
	call->mail.flight = reply->flight;
	reply->pages = 0;
	reply->flight = NULL;
	return 0;
}

/* The caller copies a long reply. The server has answered: the system call is
 * not made again, not even for a page that comes from a disk. */
static long take_reply(struct mail_send *send)
{
	struct mail *reply = &send->mail;
	int error = copy_out(&reply, &send->reply_to, false);

	reply->has_arrived = true;
	if (!error)
		error = mail_give(reply, &send->reply_to);
	if (!error)
		return reply->head.bytes;
	task_current()->late_access = 0;
	return error;
}

long mail_end(struct mail_send *send, long result)
{
	if (result > 0 && send->mail.pages)
		result = take_reply(send);
	if (result < 0)
		mail_return_pages(&send->mail);
	mail_free(&send->mail);
	return result;
}
