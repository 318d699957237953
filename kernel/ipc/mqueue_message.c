/*
 * mqueue_message.c - the memory of a message of a message queue.
 *
 * The memory comes and goes with the message, so a queue of many long messages
 * costs nothing until the messages are sent. The sender pays for the memory
 * (account.h). A message longer than a piece of kernel memory is a chain of
 * pieces. No old byte of memory can be read, since a receiver reads only bytes
 * that the sender copied in.
 */
#include "kernel/ipc/mqueue_message.h"

#include "kernel/ipc/mqueue.h"
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

struct queued_message *message_alloc(const struct mqueue *queue,
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
	message->stays = left == 0 &&
			 pool_payer(message) == pool_payer(queue);
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
