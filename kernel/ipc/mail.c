/*
 * mail.c - one message on its way, in the kernel's memory.
 *
 * A body that does not fit behind the header in one piece of kernel memory
 * goes on in a chain of pieces. A descriptor travels as a reference to its
 * open file. The body is copied on both ways, also that of a MAILBOX_GIFT:
 * moving its pages would save the copies, and nobody could tell but by time.
 */
#include "kernel/ipc/mail.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/descriptor.h"
#include "kernel/task/process.h"

struct mail_piece {
	struct mail_piece *next;
	uint8_t bytes[];
};

#define START_BYTES	(POOL_LARGEST - sizeof(struct mail))
#define PIECE_BYTES	(POOL_LARGEST - sizeof(struct mail_piece))

void mail_free(struct mail *mail)
{
	struct mail_piece *piece, *next;

	for (piece = mail->rest; piece; piece = next) {
		next = piece->next;
		heap_free(piece);
	}
	if (mail->file)
		file_put(mail->file);
	heap_free(mail);
}

/* Memory and bytes for what does not fit at the start. */
static int fetch_rest(struct mail *mail, uaddr_t body)
{
	struct mail_piece **link = &mail->rest;
	uint32_t left = mail->head.bytes - START_BYTES, size;

	for (body += START_BYTES; left > 0; left -= size, body += size) {
		size = MIN(left, PIECE_BYTES);
		*link = heap_alloc(sizeof(struct mail_piece) + size);
		if (!*link)
			return -ENOMEM;
		if (copy_from_user((*link)->bytes, body, size) != 0)
			return -EFAULT;
		link = &(*link)->next;
	}
	return 0;
}

static int fetch(struct mail *mail, uaddr_t body)
{
	uint32_t size = MIN(mail->head.bytes, START_BYTES);

	if (size > 0 && copy_from_user(mail->start, body, size) != 0)
		return -EFAULT;
	return mail->head.bytes > size ? fetch_rest(mail, body) : 0;
}

static int hold_file(struct mail *mail)
{
	struct open_file *file = descriptor_file(mail->head.fd);

	if (!file)
		return -EBADF;
	file_get(file);
	mail->file = file;
	return 0;
}

/* The header as the receiver is to see it; nothing in it can be forged. */
static void stamp(struct mail *mail)
{
	static uint32_t last_id;	/* [P] */

	if (++last_id == 0)
		last_id = 1;
	mail->head.id = last_id;
	mail->head.sender = process_current()->id;
	mail->head.flags &= MESSAGE_HAS_FD;
}

struct mail *mail_create(const struct message *head, uaddr_t body, int *error)
{
	uint32_t size = sizeof(struct mail) + MIN(head->bytes, START_BYTES);
	struct mail *mail = heap_alloc(size);

	*error = -ENOMEM;
	if (!mail)
		return NULL;
	mail->head = *head;
	stamp(mail);
	*error = fetch(mail, body);
	if (!*error && mail->head.flags & MESSAGE_HAS_FD)
		*error = hold_file(mail);
	mail->head.fd = -1;
	if (!*error)
		return mail;
	mail_free(mail);
	return NULL;
}

static int give_body(const struct mail *mail, uaddr_t body)
{
	uint32_t size = MIN(mail->head.bytes, START_BYTES);
	uint32_t left = mail->head.bytes - size;
	const struct mail_piece *piece = mail->rest;

	if (size > 0 && copy_to_user(body, mail->start, size) != 0)
		return -EFAULT;
	for (body += size; left > 0; left -= size, body += size) {
		size = MIN(left, PIECE_BYTES);
		if (copy_to_user(body, piece->bytes, size) != 0)
			return -EFAULT;
		piece = piece->next;
	}
	return 0;
}

/* The header goes last: it tells the number of the new descriptor. */
static int give_head(struct mail *mail, uaddr_t head_at)
{
	struct message head = mail->head;

	if (mail->file) {
		head.fd = descriptor_install(mail->file, 0, false);
		if (head.fd < 0)
			return head.fd;
		file_get(mail->file);
	}
	if (copy_to_user(head_at, &head, sizeof(head)) == 0)
		return 0;
	if (mail->file)
		descriptor_close(head.fd);
	return -EFAULT;
}

int mail_give(struct mail *mail, uaddr_t head_at, uaddr_t body,
	      size_t body_bytes)
{
	int error;

	if (mail->head.bytes > body_bytes)
		return -EMSGSIZE;
	error = give_body(mail, body);
	if (error || !head_at)
		return error;
	return give_head(mail, head_at);
}
