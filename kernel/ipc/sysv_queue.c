/*
 * sysv_queue.c - message queues of System V: each message has a type.
 *
 * A receiver asks for a type. The messages stand in a list by arrival, and in a
 * tree by type and arrival, so no request looks at all messages:
 *
 *	msgtyp = 0	the first of the list
 *	msgtyp > 0	the first of this type: a search in the tree
 *	msgtyp < 0	the lowest type up to -msgtyp: the tree's first
 *	MSG_EXCEPT	the first of a different type: a walk along the list
 *
 * No receiver sleeps for a message that lies in the queue. A sender hands the
 * message to the first receiver that sleeps and wants the type, straight into
 * that process's memory, and stores only what no sleeping receiver wants. So a
 * newcomer cannot take the message of a woken receiver. A receiver with a bad
 * address, or with too little room, gets the error, and the next is tried. A
 * receiver that is killed after the send has had the message.
 *
 * Senders sleep in one queue for room, whatever the length of their messages: a
 * short message does not overtake a long one.
 *
 * Not promised: that a queue with room never runs out of memory (ENOMEM).
 * IEEE Std 1003.1-2017, msgget(), msgsnd(), msgrcv(), msgctl().
 */
#include "kernel/ipc/sysv_queue.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"
#include "kernel/task/process.h"
#include "kernel/task/process_memory.h"

/* The text lies in pieces of kernel memory. */
#define PARTS	((SYSV_MESSAGE_BYTES_MAX + POOL_LARGEST - 1) / POOL_LARGEST)

/* [P] in the queue, or [own] by the sender. */
struct sysv_message {
	struct list_node by_arrival;
	struct tree_node by_type;
	long type;
	uint32_t bytes;
	uint32_t id;			/* for the trace */
	uint8_t *parts[PARTS];
};

static struct pool message_pool = POOL("sysv-message",
				       sizeof(struct sysv_message));

/* ---- The memory of a message --------------------------------------------- */

static void message_free(struct sysv_message *message)
{
	for (unsigned i = 0; i < PARTS; i++)
		heap_free(message->parts[i]);
	account_uncharge(pool_payer(message), ACCOUNT_MESSAGES, message->bytes);
	pool_free(&message_pool, message);
}

/* Memory for a text of so many bytes, or NULL. */
static struct sysv_message *message_alloc(uint32_t bytes)
{
	struct sysv_message *message = pool_alloc(&message_pool);
	uint32_t part, left = bytes;

	if (!message)
		return NULL;
	if (!account_charge(pool_payer(message), ACCOUNT_MESSAGES, bytes)) {
		pool_free(&message_pool, message);
		return NULL;
	}
	message->bytes = bytes;
	for (unsigned i = 0; left > 0; i++, left -= part) {
		part = MIN(left, POOL_LARGEST);
		message->parts[i] = heap_alloc_dirty(part);
		if (!message->parts[i]) {
			message_free(message);
			return NULL;
		}
	}
	return message;
}

/* Copy the first bytes of the text from the user's memory, or to it. */
static int copy(const struct sysv_message *message, uaddr_t user,
		uint32_t bytes, bool is_out)
{
	uint32_t part;
	int error = 0;

	for (unsigned i = 0; !error && bytes > 0; i++) {
		part = MIN(bytes, POOL_LARGEST);
		error = is_out
			? copy_to_user(user, message->parts[i], part)
			: copy_from_user(message->parts[i], user, part);
		user += part;
		bytes -= part;
	}
	return error;
}

/* ---- The order of messages ----------------------------------------------- */

static struct sysv_message *message_at(struct tree_node *node)
{
	return node ? LIST_ENTRY(node, struct sysv_message, by_type) : NULL;
}

/* The first message of this type or a higher type, or NULL. */
static struct sysv_message *first_from(struct sysv_queue *queue, long type)
{
	struct tree_node *node = tree_root(&queue->by_type), *found = NULL;

	while (node)
		if (type <= message_at(node)->type) {
			found = node;
			node = node->left;
		} else {
			node = node->right;
		}
	return message_at(found);
}

static void insert(struct sysv_queue *queue, struct sysv_message *message)
{
	struct sysv_message *behind = message->type == INT32_MAX
		? NULL : first_from(queue, message->type + 1);

	list_append(&queue->messages, &message->by_arrival);
	tree_insert(&queue->by_type, &message->by_type,
		    behind ? &behind->by_type : NULL);
	queue->count++;
	queue->bytes += message->bytes;
}

static void take_out(struct sysv_queue *queue, struct sysv_message *message)
{
	list_remove(&message->by_arrival);
	tree_remove(&queue->by_type, &message->by_type);
	queue->count--;
	queue->bytes -= message->bytes;
}

/* Does the receiver want a message of this type? */
static bool wants(const struct sysv_transfer *receive, long type)
{
	if (receive->type == 0)
		return true;
	if (receive->type < 0)
		return type <= -receive->type;
	return (type == receive->type) == !(receive->flags & MSG_EXCEPT);
}

/* The message that the receiver gets, or NULL. */
static struct sysv_message *choose(const struct sysv_transfer *receive)
{
	struct sysv_queue *queue = receive->queue;
	struct sysv_message *message;

	if (receive->type < 0 || (receive->type > 0 &&
				  !(receive->flags & MSG_EXCEPT))) {
		message = first_from(queue, MAX(receive->type, 1));
		return message && wants(receive, message->type) ? message
								 : NULL;
	}
	LIST_FOR_EACH(message, &queue->messages, by_arrival)
		if (wants(receive, message->type))
			return message;
	return NULL;
}

static void note_receive(const struct sysv_transfer *receive)
{
	receive->queue->last_receiver = receive->process;
	receive->queue->received = keyed_now();
}

/* ---- Sending ------------------------------------------------------------- */

/* The bytes that the receiver gets of a text, or -E2BIG. */
static long cut(const struct sysv_transfer *receive, uint32_t bytes)
{
	if (bytes <= receive->bytes)
		return bytes;
	return receive->flags & MSG_NOERROR ? (long)receive->bytes : -E2BIG;
}

/* Copy a text and its type into the memory of a receiver that sleeps, and note
 * the result there. 0, or PROCESS_UNREADABLE: nothing has changed. */
static int pass(const struct sysv_transfer *send, const struct process *to,
		struct sysv_transfer *receive)
{
	long bytes = cut(receive, send->bytes);
	int error = 0;

	if (bytes >= 0)
		error = process_pass(to, receive->at, send->at, bytes);
	if (error == PROCESS_UNREADABLE)
		return error;
	if (bytes >= 0 && !error)
		error = process_write(to, receive->type_at, &send->type,
				      sizeof(send->type));
	receive->result = error ? error : bytes;
	return 0;
}

/* Give the message to the first receiver that sleeps and wants the message. 0,
 * -EAGAIN (no such receiver), -EFAULT (of the sender) or WAIT_TRY_NEXT. */
static int deliver(struct sysv_queue *queue, const struct sysv_transfer *send)
{
	struct wait_queue *readers = &queue->keyed.object.queue[END_READ];
	struct sysv_transfer *receive;
	struct task *task;

	LIST_FOR_EACH(task, &readers->sleepers, wait.node) {
		receive = task->wait.context;
		if (!wants(receive, send->type))
			continue;
		if (pass(send, task->process, receive) == PROCESS_UNREADABLE)
			return -EFAULT;
		wait_wake_task(readers, task);
		if (receive->result < 0)
			return WAIT_TRY_NEXT;
		trace(TRACE_SEND, &queue->keyed.object, send->bytes, send->id);
		receive->id = send->id;
		note_receive(receive);
		return 0;
	}
	return -EAGAIN;
}

/* Store the message. 0, -EFAULT or -ENOMEM. */
static int store(struct sysv_queue *queue, const struct sysv_transfer *send)
{
	struct sysv_message *message = message_alloc(send->bytes);

	if (!message)
		return -ENOMEM;
	if (copy(message, send->at, send->bytes, false) != 0) {
		message_free(message);
		return -EFAULT;
	}
	message->type = send->type;
	message->id = send->id;
	trace(TRACE_SEND, &queue->keyed.object, send->bytes, send->id);
	insert(queue, message);
	return 0;
}

static bool has_room(const struct sysv_queue *queue, uint32_t bytes)
{
	return queue->count < SYSV_MESSAGES_MAX &&
	       queue->bytes + bytes <= queue->most_bytes;
}

/* There may be room for the next sender. */
static void wake_sender(struct sysv_queue *queue)
{
	struct wait_queue *senders = &queue->keyed.object.queue[END_WRITE];

	if (senders->owed == 0 && has_room(queue, 0))
		wait_wake(senders);
}

long sysv_queue_send(void *transfer)
{
	struct sysv_transfer *send = transfer;
	struct sysv_queue *queue = send->queue;
	int error;

	if (queue->keyed.is_removed)
		return -EIDRM;
	if (!has_room(queue, send->bytes))
		return -EAGAIN;
	send->id = queue->last_id + 1;
	error = deliver(queue, send);
	if (error == -EAGAIN)
		error = store(queue, send);
	if (error)
		return error;
	queue->last_id = send->id;
	queue->last_sender = send->process;
	queue->sent = keyed_now();
	wake_sender(queue);
	return 0;
}

void sysv_queue_set_limit(struct sysv_queue *queue, uint32_t bytes)
{
	queue->most_bytes = bytes;
	wake_sender(queue);
}

/* ---- Receiving ----------------------------------------------------------- */

static long take(struct sysv_transfer *receive)
{
	struct sysv_queue *queue = receive->queue;
	struct sysv_message *message = choose(receive);
	long bytes = message ? cut(receive, message->bytes) : -EAGAIN;

	if (bytes < 0)
		return bytes;
	if (copy_to_user(receive->type_at, &message->type,
			 sizeof(message->type)) != 0 ||
	    copy(message, receive->at, bytes, true) != 0)
		return -EFAULT;
	receive->id = message->id;
	take_out(queue, message);
	message_free(message);
	note_receive(receive);
	wake_sender(queue);
	return bytes;
}

long sysv_queue_receive(void *transfer)
{
	struct sysv_transfer *receive = transfer;
	struct sysv_queue *queue = receive->queue;

	if (receive->result == -EAGAIN)
		receive->result = queue->keyed.is_removed ? -EIDRM
							   : take(receive);
	if (receive->result >= 0)
		trace(TRACE_RECEIVE, &queue->keyed.object, receive->result,
		      receive->id);
	return receive->result;
}

/* ---- The queue ----------------------------------------------------------- */

static struct sysv_queue *queue_of(const struct object *object)
{
	return CONTAINER_OF(object, struct sysv_queue, keyed.object);
}

static void sysv_queue_report(const struct object *object, char *to,
			      size_t size)
{
	const struct sysv_queue *queue = queue_of(object);
	int used = keyed_report(object, to, size);

	snprintf(to + used, size - used, "%u messages, %u of %u bytes",
		 queue->count, queue->bytes, queue->most_bytes);
}

static void sysv_queue_destroy(struct object *object)
{
	struct sysv_queue *queue = queue_of(object);
	struct list_node *first = list_first(&queue->messages);
	struct sysv_message *message;

	if (!first) {
		keyed_free(&queue->keyed);
		return;
	}
	message = LIST_ENTRY(first, struct sysv_message, by_arrival);
	take_out(queue, message);
	message_free(message);
	object_destroy_later(object);
}

const struct object_ops sysv_queue_ops = {
	.kind = "sysv queue",
	.has_trace = true,
	.describe = keyed_describe,
	.report = sysv_queue_report,
	.is_open = keyed_is_open,
	.destroy = sysv_queue_destroy,
};

static void set_up(struct keyed *keyed, uint32_t unused)
{
	struct sysv_queue *queue = (struct sysv_queue *)keyed;

	(void)unused;
	list_init(&queue->messages);
	tree_init(&queue->by_type);
	queue->most_bytes = SYSV_QUEUE_BYTES_MAX;
	keyed->object.queue[END_READ].is_chosen = true;
}

long sysv_queue_get(key_t key, int flags)
{
	const struct keyed_request request = {
		.ops = &sysv_queue_ops, .key = key, .flags = flags,
		.bytes = sizeof(struct sysv_queue), .set_up = set_up,
	};

	return keyed_get(&request);
}
