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
 * A message that finds a receiver asleep is not put in: it is handed over, and
 * the receiver has only to copy it. So it cannot miss it, and nobody else can
 * take it. If the copy fails, or the receiver is killed before it, the message
 * goes back to where it would be if it had been put in, though there may be one
 * too many then; and the next receiver has its turn.
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
#include "kernel/task/wait_inline.h"

struct piece;

struct queued_message {
	struct queued_message *next;	/* not of the last one of its level */
	uint32_t priority, bytes;
	uint32_t room;			/* bytes that it was made for */
	uint32_t handed;		/* the how manieth; 0: it was put in */
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
/* Copy a message with a rest. 0 or -EFAULT. */
int mqueue_copy_pieces(struct queued_message *message, uaddr_t to);
/* Who was handed this message did not take it: back into the queue. */
void mqueue_hand_back(struct mqueue *queue, struct queued_message *message);

/* A message has come: if the queue was empty, tell who is registered, unless
 * a receiver waits for it. */
void mqueue_notify(struct mqueue *queue);

/* Message memory is there already: only the bytes are new. 0 or -EFAULT. */
static inline int mqueue_fill_spare(struct mqueue *queue,
				    struct queued_message *message,
				    uaddr_t from, size_t bytes)
{
	message->bytes = bytes;
	if (LIKELY(bytes % 4 == 0 && from <= USER_HIGHEST - START_BYTES)) {
		if (copy_words_from_user(message->start, from, bytes / 4) != 0)
			return -EFAULT;
	} else if (copy_from_user(message->start, from, bytes) != 0) {
		return -EFAULT;
	}
	queue->spare = NULL;
	return 0;
}

/* A message with the sender's bytes, not yet anywhere. */
static inline struct queued_message *
mqueue_message_new(struct mqueue *queue, const struct mqueue_transfer *transfer,
		   int *error)
{
	struct queued_message *message = queue->spare;

	if (UNLIKELY(!message || transfer->bytes > message->room))
		return mqueue_message_create(transfer->at, transfer->bytes,
					     error);
	*error = mqueue_fill_spare(queue, message, transfer->at,
				   transfer->bytes);
	return message;
}

static inline void mqueue_append(struct mqueue *queue,
				 struct queued_message *message,
				 uint32_t priority)
{
	struct mqueue_level *level = &queue->levels[priority];
	uint32_t bit = 1u << priority;

	message->priority = priority;
	message->handed = 0;
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

/* Who waits for the next message, and for no turn: NULL, or the task. */
static inline struct task *mqueue_receiver(const struct mqueue *queue)
{
	const struct wait_queue *readers = &queue->object.queue[END_READ];
	struct list_node *first = readers->sleepers.head.next;

	if (LIKELY(first == &readers->sleepers.head) ||
	    UNLIKELY(readers->owed | queue->filled))
		return NULL;
	return LIST_ENTRY(first, struct task, wait.node);
}

static ALWAYS_INLINE long mqueue_hand(struct mqueue *queue,
				      const struct mqueue_transfer *transfer,
				      struct task *receiver)
{
	int error;
	struct queued_message *message = mqueue_message_new(queue, transfer,
							    &error);

	if (UNLIKELY(error))
		return error;
	trace(TRACE_SEND, &queue->object, message->bytes, message);
	message->priority = transfer->priority;
	message->handed = ++queue->handed;
	receiver->wait.context = message;
	wait_serve(receiver);
	return 0;
}

/* Put a message in. 0, -EAGAIN, -EFAULT or -ENOMEM. */
static ALWAYS_INLINE long mqueue_put(const struct mqueue_transfer *transfer)
{
	struct mqueue *queue = mqueue_of(transfer->file);
	struct task *receiver = mqueue_receiver(queue);
	struct queued_message *message;
	int error;

	if (receiver)
		return mqueue_hand(queue, transfer, receiver);
	if (UNLIKELY(queue->count >= queue->max_messages))
		return -EAGAIN;
	message = mqueue_message_new(queue, transfer, &error);
	if (UNLIKELY(error))
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

/* The bytes and the priority, to the receiver. 0 or -EFAULT. */
static inline int mqueue_copy_out(struct queued_message *message,
				  const struct mqueue_transfer *transfer)
{
	uint32_t bytes = message->bytes;

	if (LIKELY(bytes % 4 == 0 && bytes <= START_BYTES &&
		   transfer->at <= USER_HIGHEST - START_BYTES)) {
		if (copy_words_to_user(transfer->at, message->start,
				       bytes / 4) != 0)
			return -EFAULT;
	} else if (mqueue_copy_pieces(message, transfer->at) != 0) {
		return -EFAULT;
	}
	return mqueue_tell_priority(transfer->priority_at, message);
}

static inline void mqueue_message_end(struct mqueue *queue,
				      struct queued_message *message)
{
	if (UNLIKELY(queue->spare || message->rest))
		mqueue_message_release(queue, message);
	else
		queue->spare = message;
}

/* Take the first message out. Its length, -EAGAIN or -EFAULT. */
static ALWAYS_INLINE long mqueue_take(struct mqueue_transfer *transfer)
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
	bytes = message->bytes;
	if (UNLIKELY(mqueue_copy_out(message, transfer) != 0))
		return -EFAULT;
	trace(TRACE_RECEIVE, &queue->object, bytes, message);
	mqueue_remove(queue, level, message);
	mqueue_message_end(queue, message);
	object_wake(&queue->object, END_WRITE);
	return bytes;
}

/* Take the message that was handed to the running task. */
static ALWAYS_INLINE long mqueue_take_handed(struct mqueue_transfer *transfer)
{
	struct mqueue *queue = mqueue_of(transfer->file);
	struct queued_message *message = cpu.current->wait.context;
	long bytes = message->bytes;

	transfer->priority = message->priority;
	if (UNLIKELY(mqueue_copy_out(message, transfer) != 0)) {
		mqueue_hand_back(queue, message);
		return -EFAULT;
	}
	trace(TRACE_RECEIVE, &queue->object, bytes, message);
	mqueue_message_end(queue, message);
	return bytes;
}
