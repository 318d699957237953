/*
 * mqueue_message.c - the memory of a message of a message queue.
 *
 * The memory comes and goes with the message, so a queue of many long messages
 * costs nothing until the messages are sent. The sender pays for the memory
 * (account.h). A message longer than a piece of kernel memory is a chain of
 * pieces. No old byte of memory can be read, since a receiver reads only bytes
 * that the sender copied in.
 *
 * A copy of 64 KiB must not keep all other tasks from running. So a message of
 * more than COPY_PART_BYTES is copied in parts. The sender copies the message
 * into kernel memory before the message enters the queue, and the receiver
 * copies the message out after it has left the queue. Meanwhile the message
 * belongs to one task alone, and other tasks run after each piece.
 *
 *	sender		copies in		then mqueue_put() queues the
 *						message, or hands it over
 *	receiver	has the message		by mqueue_take(), or handed over
 *			mqueue_take() again	the message is gone
 *			bad address, kill	the message goes to the first
 *						sleeping receiver, or back to
 *						its old place
 *
 * A message on its way to a receiver still counts as a message of the queue: if
 * the message comes back, there is room.
 */
#include "kernel/ipc/mqueue_message.h"

#include "kernel/task/signal.h"

#define PIECE_BYTES	(POOL_LARGEST - sizeof(struct piece))

void message_free(struct queued_message *message)
{
	struct piece *piece, *next;

	for (piece = message->rest; piece; piece = next) {
		next = piece->next;
		heap_free(piece);
	}
	account_uncharge(pool_payer(message), ACCOUNT_MESSAGES, message->room);
	heap_free(message);
}

struct queued_message *message_alloc(const struct account *owner,
				     uint32_t bytes)
{
	uint32_t start = MIN(bytes, MESSAGE_START_BYTES);
	uint32_t left = bytes - start, size;
	struct queued_message *message;
	struct piece **link;

	message = heap_alloc_dirty(sizeof(*message) + start);
	if (!message)
		return NULL;
	if (!account_charge(pool_payer(message), ACCOUNT_MESSAGES, bytes)) {
		heap_free(message);
		return NULL;
	}
	message->bytes = message->room = bytes;
	message->stays = left == 0 && pool_payer(message) == owner;
	for (link = &message->rest; left > 0; link = &(*link)->next) {
		size = MIN(left, PIECE_BYTES);
		*link = heap_alloc_dirty(sizeof(struct piece) + size);
		if (!*link) {
			message_free(message);
			return NULL;
		}
		left -= size;
	}
	*link = NULL;
	return message;
}

int message_copy_rest(struct queued_message *message, uaddr_t user, int end,
		      bool may_pause)
{
	uint32_t left = message->bytes - MESSAGE_START_BYTES, size;
	struct piece *piece;

	for (piece = message->rest; piece; piece = piece->next) {
		if (may_pause && !signal_lets_go_on())
			return -EINTR;
		size = MIN(left, PIECE_BYTES);
		if (end == END_WRITE ? copy_from_user(piece->bytes, user, size)
				     : copy_to_user(user, piece->bytes, size))
			return -EFAULT;
		user += size;
		left -= size;
	}
	return 0;
}
