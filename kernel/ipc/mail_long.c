/*
 * mail_long.c - a body of more than COPY_PART_BYTES is copied in parts.
 *
 * A copy of a mebibyte must not keep all other tasks from running. So tasks may
 * switch after each part. Meanwhile the other tasks may send, receive, close
 * the box or end. No step may fail between two parts of a message. So a long
 * body travels in frames, and goes to the next owner in one step:
 *
 *	sender		copies the body into frames, before the message enters
 *			the box. No other task can see the message yet.
 *	the box		has the frames, or the frames go straight to a waiting
 *			receiver, or to a caller that waits for the reply.
 *	receiver	makes the buffer ready before the look into the box:
 *			each page is there and can be written. When the message
 *			has left the box, the receiver copies the body out of
 *			the frames.
 *
 * A message for which too little of the buffer is ready stays in the box: the
 * receive ends with EFAULT or ENOMEM. A receiver that is killed during its copy
 * has received the message.
 *
 * Not promised: if a thread unmaps the buffer while a receive copies, the
 * message is lost. The receive ends with EFAULT.
 *
 * The whole pages of a gift are not copied: they leave the sender's memory part
 * by part, and replace pages of the buffer part by part.
 */
#include "kernel/ipc/mail.h"

#include "kernel/abi/errno.h"
#include "kernel/mm/frame.h"
#include "kernel/task/process.h"
#include "kernel/task/process_pages.h"

/* ---- The sender ---------------------------------------------------------- */

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
	struct mail_place back = {
		.process = process_current(), .body = mail->gift,
		.pages = mail->pages, .is_gift = true,
	};

	mail->pages = 0;
	mail->gift = 0;
	mail_collect(&back, bytes_in(back.pages, mail->head.bytes));
}

/* ---- The receiver -------------------------------------------------------- */

int mail_prepare(struct mail_place *to, uint32_t most)
{
	uint32_t bytes = MIN(to->body_bytes, most), part;

	while (bytes > COPY_PART_BYTES && to->ready_bytes < bytes) {
		part = MIN(bytes - to->ready_bytes, COPY_PART_BYTES);
		to->unready = process_make_ready(
				to->process, to->body + to->ready_bytes, part);
		if (to->unready)
			return task_current()->late_access ? -EFAULT : 0;
		to->ready_bytes += part;
		if (!signal_lets_go_on())
			return -EINTR;
	}
	return 0;
}

int mail_prepare_receive(struct mail_receive *receive)
{
	struct mailbox *box = receive->box;
	int error;

	/* mailbox_leave() has to find this receiver meanwhile. */
	list_insert_new(&box->receivers.head, &receive->node);
	error = mail_prepare(&receive->to, box->message_bytes);
	list_remove(&receive->node);
	return error;
}

/* The pages move into place, if the memory there is private; the other bytes
 * are copied. The frames leave the list. */
static int place_part(struct mail_place *to, uaddr_t at, uint32_t bytes)
{
	uint32_t moved = 0, done;
	frame_t frame;
	int error;

	if (to->is_gift && process_may_place(to->process, at, bytes) &&
	    process_place_pages(to->process, at, &to->pages, bytes) == 0)
		moved = process_whole_pages(bytes);
	error = process_write_pages(to->process, at + moved, to->pages, 0,
				    bytes - moved);
	for (done = moved; done < bytes; done += PAGE_SIZE) {
		frame = to->pages;
		to->pages = frame_unlink(frame);
		frame_put(frame);
	}
	return error;
}

long mail_collect(struct mail_place *to, long bytes)
{
	long done, part;
	int error = 0;

	for (done = 0; done < bytes && !error; done += part) {
		part = MIN(bytes - done, (long)COPY_PART_BYTES);
		error = place_part(to, to->body + done, part);
		if (!error && !signal_lets_go_on())
			error = -EINTR;
	}
	process_free_pages(&to->pages);	/* the rest, after an error */
	/* The message has left the box. A page that would come from a disk only
	 * now is a bad address: the call must not be made again. */
	task_current()->late_access = 0;
	return error ? error : bytes;
}
