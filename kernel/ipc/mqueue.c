/*
 * mqueue.c - message queues with priorities, as POSIX has them.
 *
 * mqueue_inline.h explains the order of messages, and has their usual way into
 * the queue and out. Here is what happens less often, or seldom: the memory of
 * messages, the notice, the queue's beginning and end.
 *
 * The memory of a message comes with it and goes with it: a queue of many
 * long messages costs nothing until they are sent. Only that of the one taken
 * last is kept, for the next. All queues together hold MQ_BYTES_MAX, so that
 * programs cannot eat the machine, and those of one user a part of that, so
 * that there is some left for others. A message longer than a piece of kernel
 * memory is a chain of pieces.
 *
 * One process may be told, once, that a message came while the queue was empty
 * and no receiver waited. Its registration holds as long as the process lives
 * and has the open file through which it registered; that is looked at when
 * the registration matters, so that neither exit, exec nor close must know.
 *
 * Not promised: that a queue with room never runs out of memory (ENOMEM).
 * IEEE Std 1003.1-2017, mq_open() to mq_unlink().
 */
#include "kernel/ipc/mqueue_inline.h"

#include "kernel/abi/errno.h"
#include "kernel/fs/names.h"
#include "kernel/lib/printk.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/descriptor.h"
#include "kernel/task/id.h"
#include "kernel/task/process.h"

struct piece {
	struct piece *next;
	uint8_t bytes[];
};

#define PIECE_BYTES	(POOL_LARGEST - sizeof(struct piece))

static struct pool mqueue_pool = POOL("mqueue", sizeof(struct mqueue));
static uint32_t bytes_queued;		/* [P] memory in all queues */

/* ---- One message -------------------------------------------------------- */

static void message_free(struct queued_message *message)
{
	struct piece *piece, *next;

	for (piece = message->rest; piece; piece = next) {
		next = piece->next;
		heap_free(piece);
	}
	bytes_queued -= message->room;
	user_count_bytes(message->user, -message->room);
	heap_free(message);
}

/* Memory for a message of this length, or NULL. */
static struct queued_message *message_alloc(uint32_t bytes)
{
	uint32_t start = MIN(bytes, START_BYTES), left = bytes - start, size;
	uid_t user = process_current()->identity.real_user;
	struct queued_message *message;
	struct piece **link;

	if (bytes > MQ_BYTES_MAX - bytes_queued ||
	    !user_has_room(user, bytes))
		return NULL;
	message = heap_alloc(sizeof(*message) + start);
	if (!message)
		return NULL;
	message->bytes = message->room = bytes;
	message->user = user;
	bytes_queued += bytes;
	user_count_bytes(user, bytes);
	for (link = &message->rest; left > 0; link = &(*link)->next) {
		size = MIN(left, PIECE_BYTES);
		*link = heap_alloc(sizeof(struct piece) + size);
		if (!*link) {
			message_free(message);
			return NULL;
		}
		left -= size;
	}
	return message;
}

/* The newer one is kept: the next message is likely as long. Not its rest. */
static void message_end(struct mqueue *queue, struct queued_message *message)
{
	if (message->rest) {
		message_free(message);
		return;
	}
	if (queue->spare)
		message_free(queue->spare);
	queue->spare = message;
}

/* Copy the whole message one way, by copy_to_user() turned or not. */
static int copy_message(struct queued_message *message, uaddr_t user,
			int (*copy)(uaddr_t user, void *kernel, size_t bytes))
{
	uint32_t size = MIN(message->bytes, START_BYTES);
	uint32_t left = message->bytes - size;
	struct piece *piece = message->rest;
	int error = copy(user, message->start, size);

	for (user += size; left > 0 && !error; piece = piece->next) {
		size = MIN(left, PIECE_BYTES);
		error = copy(user, piece->bytes, size);
		user += size;
		left -= size;
	}
	return error;
}

static int copy_in(uaddr_t user, void *kernel, size_t bytes)
{
	return copy_from_user(kernel, user, bytes);
}

static int copy_out(uaddr_t user, void *kernel, size_t bytes)
{
	return copy_to_user(user, kernel, bytes);
}

/* The memory that the last one left, if there is enough. */
static struct queued_message *message_memory(struct mqueue *queue,
					     uint32_t bytes)
{
	struct queued_message *message = queue->spare;

	if (!message || bytes > message->room)
		return message_alloc(bytes);
	queue->spare = NULL;
	message->bytes = bytes;
	return message;
}

long mqueue_put(const struct mqueue_transfer *transfer)
{
	struct mqueue *queue = mqueue_of(transfer->file);
	struct queued_message *message;

	if (queue->count >= queue->max_messages)
		return -EAGAIN;
	message = message_memory(queue, transfer->bytes);
	if (!message)
		return -ENOMEM;
	if (copy_message(message, transfer->at, copy_in) != 0) {
		message_end(queue, message);
		return -EFAULT;
	}
	mqueue_deliver(queue, message, transfer->priority);
	return 0;
}

/* The bytes and the priority, to the receiver. 0 or -EFAULT. */
static int give(struct queued_message *message,
		struct mqueue_transfer *transfer)
{
	transfer->priority = message->priority;
	if (copy_message(message, transfer->at, copy_out) != 0)
		return -EFAULT;
	if (!transfer->priority_at)
		return 0;
	return copy_to_user(transfer->priority_at, &message->priority,
			    sizeof(message->priority));
}

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
	bytes = message->bytes;
	if (give(message, transfer) != 0)
		return -EFAULT;
	trace(TRACE_RECEIVE, &queue->object, bytes, message);
	mqueue_remove(queue, level, message);
	message_end(queue, message);
	object_wake(&queue->object, END_WRITE);
	return bytes;
}

long mqueue_take_handed(struct mqueue_transfer *transfer)
{
	struct mqueue *queue = mqueue_of(transfer->file);
	struct queued_message *message = cpu.current->wait.context;
	long bytes = message->bytes;

	if (give(message, transfer) != 0) {
		mqueue_hand_back(queue, message);
		return -EFAULT;
	}
	trace(TRACE_RECEIVE, &queue->object, bytes, message);
	message_end(queue, message);
	return bytes;
}

/* Before all that were sent later: those that were put in, and of those that
 * were handed back already the ones that were handed over after it. */
void mqueue_hand_back(struct mqueue *queue, struct queued_message *message)
{
	struct mqueue_level *level = &queue->levels[message->priority];
	uint32_t bit = 1u << message->priority;
	struct queued_message *before = NULL, *next = NULL;

	if (queue->filled & bit)
		next = level->first;
	while (next && next->handed &&
	       (int32_t)(next->handed - message->handed) < 0) {
		before = next;
		next = next == level->last ? NULL : next->next;
	}
	message->next = next;
	if (before)
		before->next = message;
	else
		level->first = message;
	if (!next)
		level->last = message;
	queue->filled |= bit;
	queue->count++;
	wait_wake(&queue->object.queue[END_READ]);
}

/* ---- Notification ------------------------------------------------------- */

static bool has_file(const struct process *process,
		     const struct open_file *file)
{
	const struct descriptors *table = process->descriptors;
	uint32_t fd;

	for (fd = 0; fd < table->limit; fd++)
		if (table->files[fd] == file)
			return true;
	return false;
}

/* The registered process, if its registration still holds. */
static struct process *registered(const struct mqueue *queue)
{
	struct process *process = process_find(queue->notice.process);

	if (!queue->notice.process || !process ||
	    process->state == PROCESS_ZOMBIE || !process->descriptors)
		return NULL;
	return has_file(process, queue->notice.file) ? process : NULL;
}

static void send_notice(const struct mqueue_notice *notice, int code)
{
	struct process *process = process_find(notice->process);
	struct task *task = notice->task ? id_task(notice->task) : NULL;
	siginfo_t info = {
		.si_code = code,
		.si_pid = process_current()->id,
		.si_uid = process_current()->identity.real_user,
		.si_value = notice->value,
	};

	if (task && process && task->process == process)
		signal_send_task(task, notice->signal, &info);
	else if (!notice->task && notice->signal)
		signal_send(process, notice->signal, &info);
}

static void forget_notice(struct mqueue *queue)
{
	if (queue->notice.process)
		id_put(queue->notice.process);
	queue->notice.process = 0;
}

void mqueue_notify(struct mqueue *queue)
{
	const struct mqueue_notice notice = queue->notice;

	if (queue->count > 1 ||
	    !wait_queue_is_idle(&queue->object.queue[END_READ]))
		return;
	if (registered(queue))
		send_notice(&notice, SI_MESGQ);
	forget_notice(queue);
}

int mqueue_register(struct open_file *file, const struct mqueue_notice *notice)
{
	struct mqueue *queue = mqueue_of(file);

	if (registered(queue))
		return -EBUSY;
	forget_notice(queue);
	queue->notice = *notice;
	queue->notice.file = file;
	id_get(notice->process);
	return 0;
}

/* A task that only waits for the notice is told that none will come. */
static void cancel_notice(struct mqueue *queue)
{
	const struct mqueue_notice notice = queue->notice;

	if (notice.task)
		send_notice(&notice, SI_KERNEL);
	forget_notice(queue);
}

void mqueue_unregister(struct open_file *file, pid_t process)
{
	struct mqueue *queue = mqueue_of(file);

	if (queue->notice.process == process)
		cancel_notice(queue);
}

/* ---- The queue ---------------------------------------------------------- */

static unsigned mqueue_poll(const struct open_file *file)
{
	const struct mqueue *queue = mqueue_of(file);
	unsigned events = 0;

	if (file_can_read(file) && queue->count > 0)
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
		cancel_notice(queue);
}

static void mqueue_describe(const struct object *object, char *to, size_t size)
{
	if (!names_describe("mqueue", object, to, size))
		snprintf(to, size, "mqueue:%u", object->id);
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
	struct mqueue_level *level;
	struct queued_message *message;

	while (queue->count > 0) {
		level = mqueue_highest(queue);
		message = level->first;
		mqueue_remove(queue, level, message);
		message_free(message);
	}
	if (queue->spare)
		message_free(queue->spare);
	forget_notice(queue);
	pool_free(&mqueue_pool, queue);
}

const struct object_ops mqueue_ops = {
	.kind = "mqueue",
	.poll = mqueue_poll,
	.close = mqueue_close,
	.describe = mqueue_describe,
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
	queue->max_messages = attr->mq_maxmsg;
	queue->message_bytes = attr->mq_msgsize;
	*out = &queue->object;
	return 0;
}
