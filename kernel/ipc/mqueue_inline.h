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
 * What is in this header is the usual way, so that the compiler makes one
 * function of a system call and what it does: whole words, memory that the last
 * message left. All else is in mqueue.c. A message whose memory was used before
 * finds no old byte: all that can be read of it was copied in.
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

/* Put a message in, or hand it over. 0, -EAGAIN, -EFAULT or -ENOMEM. */
long mqueue_put(const struct mqueue_transfer *transfer);
/* Take the first message out. Its length, -EAGAIN or -EFAULT. */
long mqueue_take(struct mqueue_transfer *transfer);
/* Take the message that was handed to the running task. */
long mqueue_take_handed(struct mqueue_transfer *transfer);
/* Who was handed this message did not take it: back into the queue. */
void mqueue_hand_back(struct mqueue *queue, struct queued_message *message);

/* A message has come: if the queue was empty, tell who is registered, unless
 * a receiver waits for it. */
void mqueue_notify(struct mqueue *queue);

/* Whole words, and certainly a user's? The message is in one piece. */
static inline bool mqueue_is_plain(uaddr_t at, size_t bytes)
{
	return LIKELY(bytes % 4 == 0) &&
	       LIKELY(at <= USER_HIGHEST - START_BYTES);
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

static inline void mqueue_hand(struct mqueue *queue,
			       struct queued_message *message,
			       uint32_t priority, struct task *receiver)
{
	message->priority = priority;
	message->handed = ++queue->handed;
	receiver->wait.context = message;
	wait_serve(receiver);
}

/* Put a message in, hand it over: for a queue that has room, or a receiver. One
 * that sleeps is the one, unless another is owed a turn. */
static ALWAYS_INLINE void mqueue_deliver(struct mqueue *queue,
					 struct queued_message *message,
					 uint32_t priority)
{
	struct wait_queue *readers = &queue->object.queue[END_READ];
	struct list_node *first = readers->sleepers.head.next;

	trace(TRACE_SEND, &queue->object, message->bytes, message);
	if (first != &readers->sleepers.head &&
	    LIKELY(!(readers->owed | queue->filled))) {
		mqueue_hand(queue, message, priority,
			    LIST_ENTRY(first, struct task, wait.node));
		return;
	}
	mqueue_append(queue, message, priority);
	if (UNLIKELY(queue->notice.process))
		mqueue_notify(queue);
	object_wake(&queue->object, END_READ);
}

/* What the plain ways answer when theirs is not enough, and nothing changed. */
#define MQUEUE_NOT_PLAIN (-4096L)

/*
 * mqueue_put(), for a sender that has not waited. No sender is owed a turn; and
 * none sleeps then, since there is room.
 */
static ALWAYS_INLINE
long mqueue_put_plain(const struct mqueue_transfer *transfer)
{
	struct mqueue *queue = mqueue_of(transfer->file);
	struct queued_message *message = queue->spare;

	if (UNLIKELY(queue->object.queue[END_WRITE].owed > 0) ||
	    UNLIKELY(queue->count >= queue->max_messages) ||
	    UNLIKELY(!message) || UNLIKELY(transfer->bytes > message->room) ||
	    UNLIKELY(!mqueue_is_plain(transfer->at, transfer->bytes)))
		return MQUEUE_NOT_PLAIN;
	message->bytes = transfer->bytes;
	if (UNLIKELY(copy_words_from_user(message->start, transfer->at,
					  transfer->bytes / 4) != 0))
		return -EFAULT;
	message = queue->spare;
	queue->spare = NULL;
	mqueue_deliver(queue, message, transfer->priority);
	return 0;
}

/* Copy a message to the receiver, and keep its memory. Its length, or not. */
static ALWAYS_INLINE
long mqueue_copy_plain(struct mqueue *queue, struct queued_message *message,
		       struct mqueue_transfer *transfer)
{
	uint32_t bytes = message->bytes;

	if (UNLIKELY(queue->spare != NULL) ||
	    UNLIKELY(transfer->priority_at != 0) ||
	    UNLIKELY(bytes > START_BYTES) ||
	    UNLIKELY(!mqueue_is_plain(transfer->at, bytes)) ||
	    UNLIKELY(copy_words_to_user(transfer->at, message->start,
					bytes / 4) != 0))
		return MQUEUE_NOT_PLAIN;
	trace(TRACE_RECEIVE, &queue->object, bytes, message);
	transfer->priority = message->priority;
	queue->spare = message;
	return bytes;
}

/* mqueue_take(), for a receiver that has not waited: there is a message, and
 * nobody is owed a turn. So nobody sleeps, either. */
static ALWAYS_INLINE long mqueue_take_plain(struct mqueue_transfer *transfer)
{
	struct mqueue *queue = mqueue_of(transfer->file);
	struct mqueue_level *level = mqueue_highest(queue);
	struct queued_message *message = level->first;
	long result = mqueue_copy_plain(queue, message, transfer);

	if (UNLIKELY(result == MQUEUE_NOT_PLAIN))
		return result;
	mqueue_remove(queue, level, message);
	object_wake(&queue->object, END_WRITE);
	return result;
}

/* mqueue_take_handed(). */
static ALWAYS_INLINE
long mqueue_take_handed_plain(struct mqueue_transfer *transfer)
{
	return mqueue_copy_plain(mqueue_of(transfer->file),
				 cpu.current->wait.context, transfer);
}
