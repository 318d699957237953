/*
 * mail.c - the body, the header and the descriptor of one message.
 *
 *	body				is kept in
 *	short, the sender waits		the record on the sender's stack
 *	short, the sender goes on	the heap, behind the message
 *	longer than fits there		frames, one for each page of it
 *	MAILBOX_GIFT			frames: whole pages move, the rest is
 *					copied
 *
 * The pages of a gift are not copied. They leave the sender's memory, where the
 * next access finds zeros, and replace the pages of the receiver's buffer. Both
 * sides need private memory and a body that begins at a page boundary, or the
 * body is copied. The cost of a gift grows with the number of pages, not of
 * bytes.
 *
 * A descriptor travels as a reference to its open file.
 *
 * A receiver gets the whole message or nothing. The steps that can fail (the
 * copies, the number of the descriptor, the header) come first. The pages come
 * last, and move together.
 */
#include "kernel/ipc/mail.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/lib/string.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/frame.h"
#include "kernel/mm/heap.h"
#include "kernel/mm/space.h"
#include "kernel/obj/descriptor.h"
#include "kernel/task/process.h"

#define SHORT_BYTES	(POOL_LARGEST - sizeof(struct mail))

/* ---- Memory -------------------------------------------------------------- */

bool mail_has_memory(uint32_t body_bytes)
{
	return account_has_room(account_payer(), ACCOUNT_MESSAGES,
				mail_bytes(body_bytes));
}

/* Memory for a message, charged to the sender; NULL: none, or too much. */
static struct mail *mail_alloc(uint32_t body_bytes, uint32_t room)
{
	struct mail *mail = heap_alloc(sizeof(*mail) + room);

	if (!mail || account_charge(pool_payer(mail), ACCOUNT_MESSAGES,
				    mail_bytes(body_bytes)))
		return mail;
	heap_free(mail);
	return NULL;
}

static void free_pages(struct mail *mail)
{
	frame_t frame;

	while ((frame = mail->pages) != 0) {
		mail->pages = frame_unlink(frame);
		frame_put(frame);
	}
}

/* Free the memory of the body, and close the descriptor. */
static void empty(struct mail *mail)
{
	if (mail->pages)
		free_pages(mail);
	if (mail->file)
		file_put(mail->file);
	mail->file = NULL;
	mail->gift = 0;
}

void mail_free(struct mail *mail)
{
	empty(mail);
	if (mail->sender)
		return;
	account_uncharge(pool_payer(mail), ACCOUNT_MESSAGES,
			 mail_bytes(mail->head.bytes));
	heap_free(mail);
}

/* ---- From the sender ----------------------------------------------------- */

/* Copy the body into frames, from byte `from` to the end. */
static int copy_pages(struct mail *mail, const struct mail_send *send,
		      uint32_t from)
{
	uint32_t at, size, bytes = send->mail.head.bytes;
	frame_t *link = &mail->pages;
	int error;

	for (at = from; at < bytes; at += size) {
		size = MIN(bytes - at, PAGE_SIZE);
		*link = frame_alloc(FRAME_BUFFER);
		if (!*link)
			return -ENOMEM;
		*frame_next(*link) = 0;
		error = copy_from_user(frame_open(*link), send->body + at,
				       size);
		frame_close(*link);
		if (error)
			return error;
		link = frame_next(*link);
	}
	return 0;
}

static frame_t *next_page;	/* [P] where collect() links the next page */

static void collect(frame_t frame)
{
	frame_set_use(frame, FRAME_BUFFER);
	*next_page = frame;
	next_page = frame_next(frame);
}

/* The rest is copied first, since the copy may fail. In the list, the frame of
 * the rest comes after the pages. */
static int move_pages(struct mail *mail, const struct mail_send *send)
{
	uint32_t whole = ALIGN_DOWN(send->mail.head.bytes, PAGE_SIZE);
	int error = copy_pages(mail, send, whole);
	frame_t rest = mail->pages;

	if (error)
		return error;
	next_page = &mail->pages;
	error = space_take(process_current()->space, send->body,
			   send->body + whole, collect);
	*next_page = rest;
	return error;
}

static bool may_move(const struct mail_send *send)
{
	uint32_t whole = ALIGN_DOWN(send->mail.head.bytes, PAGE_SIZE);

	return whole > 0 && send->body % PAGE_SIZE == 0 &&
	       user_range_is_valid(send->body, whole) &&
	       space_may_take(process_current()->space, send->body,
			      send->body + whole);
}

int mail_fill(struct mail *mail, const struct mail_send *send, uint32_t room)
{
	uint32_t bytes = send->mail.head.bytes;
	int error = 0;

	if (send->flags & MAILBOX_GIFT && may_move(send))
		mail->gift = send->body;
	if (mail->gift)
		error = move_pages(mail, send);
	else if (bytes > room)
		error = copy_pages(mail, send, 0);
	else if (bytes > 0)
		error = copy_from_user(mail->bytes, send->body, bytes);
	if (error) {
		empty(mail);
		return error;
	}
	if (send->file) {
		mail->file = send->file;
		file_get(mail->file);
	}
	return 0;
}

struct mail *mail_create(const struct mail_send *send, int *error)
{
	uint32_t bytes = send->mail.head.bytes;
	uint32_t room = bytes <= SHORT_BYTES ? bytes : 0;
	struct mail *mail = mail_alloc(bytes, room);

	*error = -ENOMEM;
	if (!mail)
		return NULL;
	mail->head = send->mail.head;
	mail->bytes = (uint8_t *)(mail + 1);
	*error = mail_fill(mail, send, room);
	if (!*error)
		return mail;
	mail_free(mail);
	return NULL;
}

/* ---- To the receiver ----------------------------------------------------- */

/* Copy these frames to the body, from byte `at` to the end. */
static int give_copy(const struct mail *mail, frame_t frame, uaddr_t body,
		     uint32_t at)
{
	uint32_t size;
	int error = 0;

	for (; frame && !error; frame = *frame_next(frame), at += size) {
		size = MIN(mail->head.bytes - at, PAGE_SIZE);
		error = copy_to_user(body + at, frame_open(frame), size);
		frame_close(frame);
	}
	return error;
}

/* *fd is the new descriptor, or -1. */
static int give_head(struct mail *mail, uaddr_t head_at, int *fd)
{
	*fd = -1;
	if (!head_at)
		return 0;
	if (mail->file) {
		*fd = descriptor_install(mail->file, 0, false);
		if (*fd < 0)
			return *fd;
		file_get(mail->file);
	}
	mail->head.fd = *fd;
	if (copy_to_user(head_at, &mail->head, sizeof(mail->head)) == 0)
		return 0;
	if (mail->file)
		descriptor_close(*fd);
	return -EFAULT;
}

/* The frame behind the whole pages, or 0. */
static frame_t rest_of(const struct mail *mail)
{
	uint32_t whole = mail->head.bytes / PAGE_SIZE;
	frame_t frame = mail->pages;

	if (mail->head.bytes % PAGE_SIZE == 0)
		return 0;
	while (whole-- > 0)
		frame = *frame_next(frame);
	return frame;
}

/* The pages belong to the receiver now; the message keeps only the rest. */
static void forget_pages(struct mail *mail, frame_t rest)
{
	frame_t frame;

	while ((frame = mail->pages) != rest) {
		mail->pages = frame_unlink(frame);
		frame_set_use(frame, FRAME_USER);
	}
}

static int give_moved(struct mail *mail, uaddr_t head_at, uaddr_t body)
{
	uint32_t whole = ALIGN_DOWN(mail->head.bytes, PAGE_SIZE);
	frame_t rest = rest_of(mail);
	int fd, error = give_copy(mail, rest, body, whole);

	if (error)
		return error;
	error = give_head(mail, head_at, &fd);
	if (error)
		return error;
	error = space_place(process_current()->space, body, body + whole,
			    mail->pages);
	if (!error)
		forget_pages(mail, rest);
	else if (fd >= 0)
		descriptor_close(fd);
	return error;
}

static bool may_place(const struct mail *mail, uaddr_t head_at, uaddr_t body)
{
	uaddr_t end = body + ALIGN_DOWN(mail->head.bytes, PAGE_SIZE);

	return body % PAGE_SIZE == 0 &&
	       user_range_is_valid(body, end - body) &&
	       (head_at >= end || head_at + sizeof(struct message) <= body) &&
	       space_may_place(process_current()->space, body, end);
}

int mail_give(struct mail *mail, uaddr_t head_at, uaddr_t body,
	      size_t body_bytes)
{
	int fd, error = 0;

	if (mail->head.bytes > body_bytes)
		return -EMSGSIZE;
	if (mail->gift && may_place(mail, head_at, body)) {
		trace(TRACE_GIFT, NULL, mail->head.bytes / PAGE_SIZE, mail);
		return give_moved(mail, head_at, body);
	}
	if (mail->pages)
		error = give_copy(mail, mail->pages, body, 0);
	else if (mail->head.bytes > 0)
		error = copy_to_user(body, mail->bytes, mail->head.bytes);
	return error ? error : give_head(mail, head_at, &fd);
}

void mail_return(struct mail *mail)
{
	if (mail->gift)
		mail_give(mail, 0, mail->gift, mail->head.bytes);
	mail_release(mail);
}
