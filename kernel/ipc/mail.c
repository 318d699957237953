/*
 * mail.c - the body, the header and the descriptor of one message.
 *
 * If a receiver waits, the body is copied once, straight into the memory of the
 * receiver (process_memory.c). If no receiver waits, the message is stored:
 *
 *	body				is kept in
 *	short, the sender waits		the record on the sender's stack
 *	short, the sender goes on	the heap, behind the message
 *	longer than fits there		frames, one for each page of it
 *
 * MAILBOX_GIFT: whole pages move, and the rest is copied. The pages leave the
 * sender's memory, where the next access finds zeros, and replace the pages of
 * the receiver's buffer. Both sides need private memory and a body that begins
 * at a page boundary, or the body is copied.
 *
 * A receiver gets the whole message or nothing. The steps that can fail come
 * first: the body, the number of the descriptor, the header. The pages of a
 * gift come last, and move together.
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

/* The bytes of the body in whole pages. */
static uint32_t whole_bytes(const struct mail *mail)
{
	return ALIGN_DOWN(mail->head.bytes, PAGE_SIZE);
}

/* ---- Memory -------------------------------------------------------------- */

bool mail_has_memory(uint32_t body_bytes)
{
	return account_has_room(account_payer(), ACCOUNT_MESSAGES,
				mail_bytes(body_bytes));
}

static void free_pages(struct mail *mail)
{
	frame_t frame;

	while ((frame = mail->pages) != 0) {
		mail->pages = frame_unlink(frame);
		frame_put(frame);
	}
	mail->gift = 0;
}

/* A stored message whose sender goes on. */
static bool is_in_heap(const struct mail *mail)
{
	return mail->bytes && !mail->sender;
}

void mail_free(struct mail *mail)
{
	if (mail->pages)
		free_pages(mail);
	if (mail->flight)
		flight_end(mail->flight);
	mail->flight = NULL;
	if (!is_in_heap(mail))
		return;
	account_uncharge(pool_payer(mail), ACCOUNT_MESSAGES,
			 mail_bytes(mail->head.bytes));
	heap_free(mail);
}

/* ---- From the sender ----------------------------------------------------- */

/* Copy the body into frames, from byte `from` to the end. After an error there
 * are no frames. */
static int copy_pages(struct mail *mail, uint32_t from)
{
	uint32_t at, size, bytes = mail->head.bytes;
	frame_t *link = &mail->pages;
	int error = 0;

	for (at = from; at < bytes && !error; at += size) {
		size = MIN(bytes - at, PAGE_SIZE);
		*link = frame_alloc(FRAME_BUFFER);
		if (!*link) {
			error = -ENOMEM;
			break;
		}
		*frame_next(*link) = 0;
		error = copy_from_user(frame_open(*link), mail->body + at,
				       size);
		frame_close(*link);
		link = frame_next(*link);
	}
	if (error)
		free_pages(mail);
	return error;
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
static int move_pages(struct mail *mail)
{
	uaddr_t end = mail->body + whole_bytes(mail);
	int error = copy_pages(mail, whole_bytes(mail));
	frame_t rest = mail->pages;

	if (error)
		return error;
	next_page = &mail->pages;
	error = space_take(process_current()->space, mail->body, end, collect);
	*next_page = rest;
	return error;
}

int mail_take_pages(struct mail *mail)
{
	uint32_t whole = whole_bytes(mail);
	int error;

	if (whole == 0 || mail->body % PAGE_SIZE != 0 ||
	    !user_range_is_valid(mail->body, whole) ||
	    !space_may_take(process_current()->space, mail->body,
			    mail->body + whole))
		return 0;
	error = move_pages(mail);
	if (error)
		free_pages(mail);
	else
		mail->gift = mail->body;
	return error;
}

/* The message of a sender that goes on: in the heap, without a body. */
static struct mail *mail_create(struct mail_send *send)
{
	uint32_t bytes = send->mail.head.bytes;
	uint32_t room = bytes <= SHORT_BYTES ? bytes : 0;
	struct mail *mail = heap_alloc(sizeof(*mail) + room);

	if (!mail)
		return NULL;
	if (!account_charge(pool_payer(mail), ACCOUNT_MESSAGES,
			    mail_bytes(bytes))) {
		heap_free(mail);
		return NULL;
	}
	*mail = send->mail;
	mail->bytes = (uint8_t *)(mail + 1);
	mail->flight = NULL;
	return mail;
}

/* Copy the body to mail->bytes, or into frames if longer. */
static int fill(struct mail *mail, uint32_t room)
{
	if (mail->gift)
		return 0;
	if (mail->head.bytes > room)
		return copy_pages(mail, 0);
	return copy_from_user(mail->bytes, mail->body, mail->head.bytes);
}

struct mail *mail_store(struct mail_send *send, int *error)
{
	struct mail *mail = &send->mail;

	if (send->waits)
		mail->bytes = send->bytes;
	else
		mail = mail_create(send);
	*error = -ENOMEM;
	if (!mail)
		return NULL;
	*error = fill(mail, send->waits ? MAIL_RECORD_BYTES : SHORT_BYTES);
	if (*error && !send->waits)
		mail_free(mail);
	if (*error)
		return NULL;
	if (!send->waits) {	/* pages and flight have a new owner */
		mail->flight = send->mail.flight;
		send->mail.flight = NULL;
		send->mail.pages = 0;
	}
	return mail;
}

/* ---- To the receiver ----------------------------------------------------- */

/* Copy bytes of the kernel into the memory of the receiver. */
static int write_to(const struct mail_place *to, uaddr_t at,
		    const uint8_t *from, size_t bytes)
{
	if (to->process == process_current())
		return copy_to_user(at, from, bytes);
	return process_write(to->process, at, from, bytes);
}

/* Write these frames to the body, from byte `at` to the end. */
static int write_frames(const struct mail *mail, const struct mail_place *to,
			frame_t frame, uint32_t at)
{
	uint32_t size;
	int error = 0;

	for (; frame && !error; frame = *frame_next(frame), at += size) {
		size = MIN(mail->head.bytes - at, PAGE_SIZE);
		error = write_to(to, to->body + at, frame_open(frame), size);
		frame_close(frame);
	}
	return error;
}

/* The frame behind the whole pages, or 0. */
static frame_t rest_of(const struct mail *mail)
{
	uint32_t whole = mail->head.bytes / PAGE_SIZE;
	frame_t frame = mail->pages;

	while (whole-- > 0)
		frame = *frame_next(frame);
	return frame;
}

/* Can the pages replace pages of the receiver, beside the header? */
static bool may_place(const struct mail *mail, const struct mail_place *to)
{
	uaddr_t end = to->body + whole_bytes(mail);

	return to->body % PAGE_SIZE == 0 &&
	       user_range_is_valid(to->body, end - to->body) &&
	       (to->head_at >= end ||
		to->head_at + sizeof(struct message) <= to->body) &&
	       space_may_place(to->process->space, to->body, end);
}

/* The pages belong to the receiver now; the message keeps only the rest. */
static int place_pages(struct mail *mail, const struct mail_place *to)
{
	struct account *own = user_charge(to->process->account);
	frame_t frame, rest = rest_of(mail);
	int error = space_place(to->process->space, to->body,
				to->body + whole_bytes(mail), mail->pages);

	while (!error && (frame = mail->pages) != rest) {
		mail->pages = frame_unlink(frame);
		frame_set_use(frame, FRAME_USER);
	}
	user_charge(own);
	if (error)
		return error;
	trace(TRACE_GIFT, NULL, mail->head.bytes / PAGE_SIZE, mail->head.id);
	mail->gift = 0;
	return 0;
}

/* A number for the descriptor of the message, in the receiver's table. */
static int reserve_descriptor(const struct mail_place *to)
{
	struct account *own = user_charge(to->process->account);
	int fd = descriptor_reserve(to->process, 0);

	user_charge(own);
	return fd;
}

static int give_head(struct mail *mail, const struct mail_place *to)
{
	if (!to->head_at)
		return 0;
	return write_to(to, to->head_at, (const uint8_t *)&mail->head,
			sizeof(mail->head));
}

/* The pages move, and the rest behind the pages is copied. */
static int give_pages(struct mail *mail, const struct mail_place *to)
{
	int error = write_frames(mail, to, rest_of(mail), whole_bytes(mail));

	if (!error)
		error = give_head(mail, to);
	return error ? error : place_pages(mail, to);
}

static int give_copy(struct mail *mail, const struct mail_place *to)
{
	int error;

	if (mail->pages)
		error = write_frames(mail, to, mail->pages, 0);
	else if (mail->bytes)
		error = write_to(to, to->body, mail->bytes, mail->head.bytes);
	else
		error = process_pass(to->process, to->body, mail->body,
				     mail->head.bytes);
	return error ? error : give_head(mail, to);
}

int mail_give(struct mail *mail, const struct mail_place *to)
{
	bool has_file = mail->flight && mail->flight->file && to->head_at;
	int error;

	if (mail->head.bytes > to->body_bytes)
		return -EMSGSIZE;
	mail->head.fd = has_file ? reserve_descriptor(to) : -1;
	if (has_file && mail->head.fd < 0)
		return mail->head.fd;
	if (mail->gift && may_place(mail, to))
		error = give_pages(mail, to);
	else
		error = give_copy(mail, to);
	if (error || !has_file)
		return error;
	descriptor_fill(to->process, mail->head.fd,
			flight_get_file(mail->flight));
	return 0;
}

void mail_return_pages(struct mail *mail)
{
	const struct mail_place back = {
		.process = process_current(), .body = mail->gift,
		.body_bytes = mail->head.bytes,
	};

	if (mail->gift)
		mail_give(mail, &back);
	if (mail->pages)
		free_pages(mail);
}
