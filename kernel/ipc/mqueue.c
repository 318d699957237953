/*
 * mqueue.c - message queues with priorities, the mq_ functions of POSIX.
 *
 * Each priority has a list of messages, oldest first, and a bitmap says which
 * lists hold a message. Sending appends to a list, receiving takes from the
 * highest list, and neither depends on the number of messages.
 *
 *			receive			send
 *	empty		waits			goes on
 *	in between	goes on			goes on
 *	full		goes on			waits
 *
 * If receivers sleep, the message of a new sender goes straight into the memory
 * of the first receiver (process_memory.c). If that receiver has a bad address,
 * the receiver's wait ends with EFAULT, and the next receiver is tried. So
 * messages lie on the lists only while no receiver sleeps. A receiver that is
 * killed after the send has had the message.
 *
 * The memory of the message taken last stays, for the next message. The memory
 * of a message by a different user than the queue's does not stay, since the
 * sender pays (mqueue_message.c).
 *
 * A message of more than COPY_PART_BYTES is copied in parts, while other tasks
 * run: mqueue_message.c. Here such a message only changes its place.
 *
 * Not promised: that a queue with room never runs out of memory (ENOMEM).
 * IEEE Std 1003.1-2017, mq_open() to mq_unlink().
 */
#include "kernel/ipc/mqueue.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/fs/names.h"
#include "kernel/ipc/mqueue_message.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"
#include "kernel/task/process.h"
#include "kernel/task/process_memory.h"

static struct pool mqueue_pool = POOL("mqueue", sizeof(struct mqueue));

/* ---- The memory of the last message -------------------------------------- */

/* Keep the memory for the next message, which is likely as long. */
static void message_end(struct mqueue *queue, struct queued_message *message)
{
	if (!message->stays) {
		message_free(message);
		return;
	}
	if (queue->spare)
		message_free(queue->spare);
	queue->spare = message;
}

/* Memory for a message: the spare memory if large enough, or new memory. */
static struct queued_message *message_memory(struct mqueue *queue,
					     uint32_t bytes)
{
	struct queued_message *message = queue->spare;

	if (!message || bytes > message->room)
		return message_alloc(pool_payer(queue), bytes);
	queue->spare = NULL;
	message->bytes = bytes;
	return message;
}

/* ---- The order of messages ---------------------------------------------- */

/* Insert behind all messages of the same priority. */
static void append(struct mqueue *queue, struct queued_message *message)
{
	struct mqueue_level *level = &queue->levels[message->priority];
	uint32_t bit = 1u << message->priority;

	if (queue->filled & bit)
		level->last->next = message;
	else
		level->first = message;
	level->last = message;
	queue->filled |= bit;
}

/* The oldest message of the highest priority. A list has a message. */
static struct queued_message *first_message(const struct mqueue *queue)
{
	return queue->levels[31 - __builtin_clz(queue->filled)].first;
}

static void remove_first(struct mqueue *queue)
{
	struct queued_message *message = first_message(queue);
	struct mqueue_level *level = &queue->levels[message->priority];

	if (message == level->last)
		queue->filled &= ~(1u << message->priority);
	else
		level->first = message->next;
}

/* ---- Sending and receiving ---------------------------------------------- */

/* Copy the message into the memory of a receiver that sleeps. 0, -EFAULT or
 * -ENOMEM (of the receiver), or PROCESS_UNREADABLE. */
static int pass(const struct mqueue_transfer *send, const struct process *to,
		const struct mqueue_transfer *receive)
{
	int error = process_pass(to, receive->at, send->at, send->bytes);

	if (error || !receive->priority_at)
		return error;
	return process_write(to, receive->priority_at, &send->priority,
			     sizeof(send->priority));
}

/* The task of the first receiver that sleeps, or NULL. */
static struct task *sleeping_receiver(const struct mqueue *queue)
{
	struct list_node *first =
		list_first(&queue->object.queue[END_READ].sleepers);

	return first ? LIST_ENTRY(first, struct task, wait.node) : NULL;
}

/* Give a long message to the first receiver that sleeps. False: none sleeps. */
static bool hand_over(struct mqueue *queue, struct queued_message *message)
{
	struct task *task = sleeping_receiver(queue);
	struct mqueue_transfer *receive;

	if (!task)
		return false;
	receive = task->wait.context;
	receive->message = message;
	receive->result = MQUEUE_HANDED;
	wait_wake_task(task->wait.queue, task);
	return true;
}

/* A receiver does not take its long message: the next receiver gets it, or it
 * lies in its old place. */
static void put_back(struct mqueue *queue, struct queued_message *message)
{
	struct mqueue_level *level = &queue->levels[message->priority];
	struct queued_message **link = &level->first;
	uint32_t bit = 1u << message->priority;

	if (hand_over(queue, message))
		return;
	if (!(queue->filled & bit) ||
	    (int32_t)(level->last->id - message->id) < 0) {
		append(queue, message);
	} else {
		while ((int32_t)((*link)->id - message->id) < 0)
			link = &(*link)->next;
		message->next = *link;
		*link = message;
	}
	object_wake(&queue->object, END_READ);	/* poll() alone */
}

/* Give the message to the first receiver that sleeps. 0, -EAGAIN (no receiver
 * sleeps, or the message is long), -EFAULT (of the sender) or WAIT_TRY_NEXT. */
static int deliver(struct mqueue *queue, const struct mqueue_transfer *send,
		   uint32_t id)
{
	struct task *task = sleeping_receiver(queue);
	struct mqueue_transfer *receive;
	int error;

	if (!task || send->message)
		return -EAGAIN;
	receive = task->wait.context;
	error = pass(send, task->process, receive);
	if (error == PROCESS_UNREADABLE)
		return -EFAULT;
	if (!error)
		trace(TRACE_SEND, &queue->object, send->bytes, id);
	receive->result = error ? error : (long)send->bytes;
	receive->id = id;
	wait_wake_task(task->wait.queue, task);
	return error ? WAIT_TRY_NEXT : 0;
}

/* The message of the sender, in kernel memory. NULL, and *error. */
static struct queued_message *bring_in(struct mqueue *queue,
				       const struct mqueue_transfer *send,
				       int *error)
{
	struct queued_message *message = send->message;

	if (message)
		return message;
	message = message_memory(queue, send->bytes);
	*error = -ENOMEM;
	if (!message)
		return NULL;
	*error = message_copy(message, send->at, END_WRITE, false);
	if (!*error)
		return message;
	message_end(queue, message);
	return NULL;
}

/* Append the message to a list. A long message may have a receiver. 0, -EFAULT
 * or -ENOMEM. */
static int store(struct mqueue *queue, struct mqueue_transfer *send,
		 uint32_t id)
{
	int error = 0;
	struct queued_message *message = bring_in(queue, send, &error);

	if (!message)
		return error;
	message->priority = send->priority;
	message->id = id;
	trace(TRACE_SEND, &queue->object, send->bytes, id);
	queue->count++;
	if (send->message && hand_over(queue, message)) {
		send->message = NULL;
		return 0;
	}
	send->message = NULL;
	append(queue, message);
	if (queue->count == 1 && queue->notice.process)
		mqueue_notify(&queue->notice);
	object_wake(&queue->object, END_READ);	/* poll() alone */
	return 0;
}

long mqueue_put(struct mqueue_transfer *transfer)
{
	struct mqueue *queue = mqueue_of(transfer->file);
	uint32_t id = queue->last_id + 1;
	int error;

	if (queue->count >= queue->max_messages)
		return -EAGAIN;
	error = deliver(queue, transfer, id);
	if (error == -EAGAIN)
		error = store(queue, transfer, id);
	if (error)
		return error;
	queue->last_id = id;
	file_wake_next(transfer->file, END_WRITE);
	return 0;
}

/* The bytes and the priority, to the receiver. The length, -EFAULT, -EINTR. */
static long give(struct queued_message *message,
		 const struct mqueue_transfer *transfer)
{
	int error = message_copy(message, transfer->at, END_READ,
				 transfer->message);

	if (error)
		return error;
	if (transfer->priority_at &&
	    copy_to_user(transfer->priority_at, &message->priority,
			 sizeof(message->priority)) != 0)
		return -EFAULT;
	return message->bytes;
}

/* Take the first message, or the long message that the call has. */
static void take(struct mqueue *queue, struct mqueue_transfer *transfer)
{
	bool has_left = transfer->message;
	struct queued_message *message = has_left ? transfer->message
						  : first_message(queue);

	if (!has_left && message_is_long(message->bytes)) {
		remove_first(queue);
		transfer->message = message;
		transfer->result = MQUEUE_HANDED;
		return;
	}
	transfer->result = give(message, transfer);
	if (transfer->result < 0) {
		if (has_left)
			put_back(queue, message);
		return;
	}
	transfer->id = message->id;
	if (!has_left)
		remove_first(queue);
	queue->count--;
	message_end(queue, message);
	object_wake(&queue->object, END_WRITE);
}

long mqueue_take(struct mqueue_transfer *transfer)
{
	struct mqueue *queue = mqueue_of(transfer->file);

	if (transfer->result == -EAGAIN && (queue->filled || transfer->message))
		take(queue, transfer);
	if (transfer->result >= 0)
		trace(TRACE_RECEIVE, &queue->object, transfer->result,
		      transfer->id);
	return transfer->result;
}

/* ---- The queue ---------------------------------------------------------- */

static unsigned mqueue_poll(const struct open_file *file)
{
	const struct mqueue *queue = mqueue_of(file);
	unsigned events = 0;

	if (file_can_read(file) && queue->filled)
		events |= POLLIN;
	if (file_can_write(file) && queue->count < queue->max_messages)
		events |= POLLOUT;
	return events;
}

void mqueue_get_attr(const struct open_file *file, struct mq_attr *attr)
{
	const struct mqueue *queue = mqueue_of(file);

	attr->mq_flags = file->flags & O_NONBLOCK;
	attr->mq_maxmsg = queue->max_messages;
	attr->mq_msgsize = queue->message_bytes;
	attr->mq_curmsgs = queue->count;
}

static void mqueue_close(struct open_file *file)
{
	struct mqueue *queue = mqueue_of(file);

	if (queue->notice.process && queue->notice.file == file)
		mqueue_cancel_notice(&queue->notice);
}

static void mqueue_report(const struct object *object, char *to, size_t size)
{
	const struct mqueue *queue = CONTAINER_OF(object, struct mqueue,
						  object);

	snprintf(to, size, "%u of %u messages of %u bytes", queue->count,
		 queue->max_messages, queue->message_bytes);
}

static void mqueue_destroy(struct object *object)
{
	struct mqueue *queue = CONTAINER_OF(object, struct mqueue, object);
	struct queued_message *message;

	if (queue->filled) {
		message = first_message(queue);
		remove_first(queue);
		message_free(message);
		object_destroy_later(object);
		return;
	}
	if (queue->spare)
		message_free(queue->spare);
	pool_free(&mqueue_pool, queue);
}

const struct object_ops mqueue_ops = {
	.kind = "queue",
	.poll = mqueue_poll,
	.close = mqueue_close,
	.describe = names_describe,
	.report = mqueue_report,
	.destroy = mqueue_destroy,
};

int mqueue_create(const struct mq_attr *attr, struct object **out)
{
	struct mqueue *queue;

	if (attr->mq_maxmsg <= 0 || attr->mq_maxmsg > MQ_MESSAGES_MAX ||
	    attr->mq_msgsize <= 0 || attr->mq_msgsize > MQ_MESSAGE_BYTES_MAX)
		return -EINVAL;
	queue = pool_alloc(&mqueue_pool);
	if (!queue)
		return -ENOSPC;
	object_init(&queue->object, &mqueue_ops);
	queue->object.queue[END_READ].is_chosen = true;
	queue->max_messages = attr->mq_maxmsg;
	queue->message_bytes = attr->mq_msgsize;
	*out = &queue->object;
	return 0;
}
