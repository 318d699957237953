/*
 * mqueue_long.c - a message of more than COPY_PART_BYTES is copied in parts.
 *
 * A copy of 64 KiB must not keep all other tasks from running. So the sender
 * copies the message into kernel memory before the message enters the queue,
 * and the receiver copies the message out after it has left the queue.
 * Meanwhile the message belongs to one task alone, and other tasks run after
 * each piece.
 *
 *	sender		copies in		then mqueue_put() queues the
 *						message, or hands it over
 *	receiver	has the message		by mqueue_take(), or handed over
 *			mqueue_take() again	the message is gone
 *			bad address, kill	the message goes to the first
 *						sleeping receiver, or back to
 *						its old place
 *
 * A message on its way to a receiver still counts as one of the queue: if it
 * comes back, there is room.
 */
#include "kernel/ipc/mqueue.h"

#include "kernel/abi/errno.h"
#include "kernel/ipc/mqueue_message.h"

int mqueue_bring_in(struct mqueue_transfer *transfer)
{
	struct mqueue *queue = mqueue_of(transfer->file);
	int error;

	if (transfer->file->flags & O_NONBLOCK &&
	    queue->count >= queue->max_messages)
		return -EAGAIN;
	transfer->message = message_alloc(queue, transfer->bytes);
	if (!transfer->message)
		return -ENOMEM;
	error = message_copy(transfer->message, transfer->at, END_WRITE, true);
	if (error)
		mqueue_drop(transfer);
	return error;
}

void mqueue_drop(struct mqueue_transfer *transfer)
{
	if (transfer->message)
		message_free(transfer->message);
	transfer->message = NULL;
}
