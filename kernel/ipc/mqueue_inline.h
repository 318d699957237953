/*
 * mqueue_inline.h - a message goes into a queue, and comes out.
 *
 * For each priority a list of messages, oldest first, and a bitmap of the lists
 * that hold some: sending appends, receiving takes from the highest list, and
 * neither cares how many messages there are.
 *
 *			receivers		senders
 *	empty		wait, or EAGAIN		go on
 *	in between	go on			go on
 *	full		go on			wait, or EAGAIN
 *
 * In a header so that the compiler makes one function of a system call and
 * what it does; what happens seldom is in mqueue.c. A message whose memory was
 * used before finds no old byte: all that can be read of it was copied in.
 */
#pragma once

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/ipc/mqueue.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"

struct piece;

struct queued_message {
	struct queued_message *next;	/* not of the last one of its level */
	uint32_t priority, bytes;
	uint32_t room;			/* bytes that it was made for */
	uid_t user;			/* for whom they count */
	struct piece *rest;		/* what did not fit */
	uint8_t start[];
};

#define START_BYTES	(POOL_LARGEST - sizeof(struct queued_message))

/* A message on its way from or to a user. */
struct mqueue_transfer {
	struct open_file *file;
	uaddr_t at;
	size_t bytes;
	uint32_t priority;		/* received: written */
	uaddr_t priority_at;		/* and there too, if not 0 */
};

/* A new message with the sender's bytes in it; NULL and why in *error: -EFAULT
 * or -ENOMEM. */
struct queued_message *mqueue_message_create(uaddr_t from, size_t bytes,
					     int *error);
/* No longer needed, but perhaps for the next one of the queue. */
void mqueue_message_release(struct mqueue *queue,
			    struct queued_message *message);
/* mqueue_take() for a message that has a rest. */
long mqueue_take_pieces(struct mqueue *queue, uaddr_t to, uaddr_t priority_at);

/* A message has come: if the queue was empty, tell who is registered, unless
 * a receiver waits for it. */
void mqueue_notify(struct mqueue *queue);

/* Message memory is there already: only the bytes are new. 0 or -EFAULT. */
static inline int mqueue_fill_spare(struct mqueue *queue,
				    struct queued_message *message,
				    uaddr_t from, size_t bytes)
{
	message->bytes = bytes;
	if (UNLIKELY(copy_from_user(message->start, from, bytes)))
		return -EFAULT;
	queue->spare = NULL;
	return 0;
}

static inline void mqueue_append(struct mqueue *queue,
				 struct queued_message *message,
				 uint32_t priority)
{
	struct mqueue_level *level = &queue->levels[priority];
	uint32_t bit = 1u << priority;

	message->priority = priority;
	if (queue->filled & bit)
		level->last->next = message;
	else
		level->first = message;
	level->last = message;
	queue->filled |= bit;
	queue->count++;
}

/* Where the first message is; the queue has one. */
static inline struct mqueue_level *mqueue_highest(struct mqueue *queue)
{
	return &queue->levels[31 - __builtin_clz(queue->filled)];
}

static inline void mqueue_remove(struct mqueue *queue,
				 struct mqueue_level *level,
				 struct queued_message *message)
{
	if (message == level->last)
		queue->filled &= ~(1u << message->priority);
	else
		level->first = message->next;
	queue->count--;
}

/* Put a message in. 0, -EAGAIN, -EFAULT or -ENOMEM. */
static inline __attribute__((always_inline))
long mqueue_put(const struct mqueue_transfer *transfer)
{
	struct mqueue *queue = mqueue_of(transfer->file);
	struct queued_message *message = queue->spare;
	int error;

	if (UNLIKELY(queue->count == queue->max_messages))
		return -EAGAIN;
	if (LIKELY(message && transfer->bytes <= message->room))
		error = mqueue_fill_spare(queue, message, transfer->at,
					  transfer->bytes);
	else
		message = mqueue_message_create(transfer->at, transfer->bytes,
						&error);
	if (UNLIKELY(!message || error))
		return error;
	trace(TRACE_SEND, &queue->object, message->bytes, message);
	mqueue_append(queue, message, transfer->priority);
	if (UNLIKELY(queue->notice.process))
		mqueue_notify(queue);
	object_wake(&queue->object, END_READ);
	return 0;
}

static inline int mqueue_tell_priority(uaddr_t at,
				       const struct queued_message *message)
{
	return !at ? 0 : copy_to_user(at, &message->priority,
				      sizeof(message->priority));
}

/* Take the first message out. Its length, -EAGAIN or -EFAULT. */
static inline __attribute__((always_inline))
long mqueue_take(struct mqueue_transfer *transfer)
{
	struct mqueue *queue = mqueue_of(transfer->file);
	struct mqueue_level *level;
	struct queued_message *message;
	long bytes;

	if (queue->filled == 0)
		return -EAGAIN;
	level = mqueue_highest(queue);
	message = level->first;
	transfer->priority = message->priority;
	if (UNLIKELY(message->rest))
		return mqueue_take_pieces(queue, transfer->at,
					  transfer->priority_at);
	bytes = message->bytes;
	if (UNLIKELY(copy_to_user(transfer->at, message->start, bytes)) ||
	    UNLIKELY(mqueue_tell_priority(transfer->priority_at, message)))
		return -EFAULT;
	trace(TRACE_RECEIVE, &queue->object, bytes, message);
	mqueue_remove(queue, level, message);
	if (UNLIKELY(queue->spare))
		mqueue_message_release(queue, message);
	else
		queue->spare = message;
	object_wake(&queue->object, END_WRITE);
	return bytes;
}
