/*
 * mqueue.c - message queues with priorities, as POSIX has them.
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
 * The memory of a message comes with it and goes with it: a queue of many
 * long messages costs nothing until they are sent. All queues together hold
 * MQ_BYTES_MAX, so that one program cannot eat the machine. A message longer
 * than a piece of kernel memory is a chain of pieces.
 *
 * One process may be told, once, that a message came while the queue was empty
 * and no receiver waited. Its registration holds as long as the process lives
 * and has the open file through which it registered; that is looked at when
 * the registration matters, so that neither exit, exec nor close must know.
 *
 * Not promised: that a queue with room never runs out of memory (ENOMEM).
 * IEEE Std 1003.1-2017, mq_open() to mq_unlink().
 */
#include "kernel/ipc/mqueue.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/fs/names.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/descriptor.h"
#include "kernel/task/id.h"
#include "kernel/task/process.h"

struct mqueue {
	struct object object;
	uint32_t max_messages, message_bytes;
	uint32_t count;
	uint32_t filled;		/* bit p: levels[p] is not empty */
	struct list levels[MQ_PRIO_MAX];
	struct mqueue_notice notice;
};

_Static_assert(MQ_PRIO_MAX == 32, "one bit for each in `filled`");

struct piece {
	struct piece *next;
	uint8_t bytes[];
};

struct queued_message {
	struct list_node node;
	uint32_t priority, bytes;
	struct piece *rest;		/* what did not fit */
	uint8_t start[];
};

#define START_BYTES	(POOL_LARGEST - sizeof(struct queued_message))
#define PIECE_BYTES	(POOL_LARGEST - sizeof(struct piece))

static struct pool mqueue_pool = POOL("mqueue", sizeof(struct mqueue));
static uint32_t bytes_queued;		/* [P] in all queues */

static struct mqueue *mqueue_of(const struct open_file *file)
{
	return CONTAINER_OF(file->object, struct mqueue, object);
}

/* ---- One message -------------------------------------------------------- */

static void message_free(struct queued_message *message)
{
	struct piece *piece, *next;

	for (piece = message->rest; piece; piece = next) {
		next = piece->next;
		heap_free(piece);
	}
	heap_free(message);
}

/* Memory for a message of this length, or NULL. */
static struct queued_message *message_create(uint32_t bytes)
{
	uint32_t start = MIN(bytes, START_BYTES), left = bytes - start, size;
	struct queued_message *message = heap_alloc(sizeof(*message) + start);
	struct piece **link;

	if (!message)
		return NULL;
	message->bytes = bytes;
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

/* A message has come to the empty queue, and nobody waits for it. */
static void notify(struct mqueue *queue)
{
	const struct mqueue_notice notice = queue->notice;

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

/* ---- Sending and receiving ---------------------------------------------- */

/* There is room or a message left for another who waits at this end; but who
 * was woken already is on the way. */
static void wake_next(struct mqueue *queue, int end)
{
	struct wait_queue *waiting = &queue->object.queue[end];

	if (!list_is_empty(&waiting->sleepers) && waiting->owed <= 1)
		wait_wake(waiting);
}

static void enqueue(struct mqueue *queue, struct queued_message *message)
{
	bool was_empty = queue->count++ == 0;

	list_append(&queue->levels[message->priority], &message->node);
	queue->filled |= 1u << message->priority;
	bytes_queued += message->bytes;
	trace(TRACE_SEND, &queue->object, message->bytes, message);
	if (was_empty && queue->notice.process &&
	    wait_queue_is_idle(&queue->object.queue[END_READ]))
		notify(queue);
	object_wake(&queue->object, END_READ);
	if (queue->count < queue->max_messages)
		wake_next(queue, END_WRITE);
}

long mqueue_send(void *context)
{
	const struct mqueue_transfer *transfer = context;
	struct mqueue *queue = mqueue_of(transfer->file);
	struct queued_message *message;

	if (queue->count == queue->max_messages)
		return -EAGAIN;
	if (transfer->bytes > MQ_BYTES_MAX - bytes_queued)
		return -ENOMEM;
	message = message_create(transfer->bytes);
	if (!message)
		return -ENOMEM;
	message->priority = transfer->priority;
	if (copy_message(message, transfer->at, copy_in) != 0) {
		message_free(message);
		return -EFAULT;
	}
	enqueue(queue, message);
	return 0;
}

static struct queued_message *first_message(const struct mqueue *queue)
{
	unsigned highest = 31 - __builtin_clz(queue->filled);

	return LIST_ENTRY(list_first(&queue->levels[highest]),
			  struct queued_message, node);
}

static void dequeue(struct mqueue *queue, struct queued_message *message)
{
	list_remove(&message->node);
	if (list_is_empty(&queue->levels[message->priority]))
		queue->filled &= ~(1u << message->priority);
	queue->count--;
	bytes_queued -= message->bytes;
	message_free(message);
}

long mqueue_receive(void *context)
{
	struct mqueue_transfer *transfer = context;
	struct mqueue *queue = mqueue_of(transfer->file);
	struct queued_message *message;
	long bytes;

	if (transfer->bytes < queue->message_bytes)
		return -EMSGSIZE;
	if (queue->count == 0)
		return -EAGAIN;
	message = first_message(queue);
	bytes = message->bytes;
	transfer->priority = message->priority;
	if (copy_message(message, transfer->at, copy_out) != 0)
		return -EFAULT;
	if (transfer->priority_at &&
	    copy_to_user(transfer->priority_at, &transfer->priority,
			 sizeof(transfer->priority)) != 0)
		return -EFAULT;
	trace(TRACE_RECEIVE, &queue->object, bytes, message);
	dequeue(queue, message);
	object_wake(&queue->object, END_WRITE);
	if (queue->count > 0)
		wake_next(queue, END_READ);
	return bytes;
}

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

/* ---- The queue ---------------------------------------------------------- */

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

	while (queue->count > 0)
		dequeue(queue, first_message(queue));
	forget_notice(queue);
	pool_free(&mqueue_pool, queue);
}

static const struct object_ops mqueue_ops = {
	.kind = "mqueue",
	.poll = mqueue_poll,
	.close = mqueue_close,
	.describe = mqueue_describe,
	.report = mqueue_report,
	.destroy = mqueue_destroy,
};

bool mqueue_is(const struct open_file *file)
{
	return file && file->object->ops == &mqueue_ops;
}

bool mqueue_is_open_for(const struct open_file *file, int end)
{
	if (!mqueue_is(file))
		return false;
	return end == END_READ ? file_can_read(file) : file_can_write(file);
}

int mqueue_create(const struct mq_attr *attr, struct object **out)
{
	struct mqueue *queue;
	unsigned i;

	if (attr->mq_maxmsg <= 0 || attr->mq_maxmsg > MQ_MESSAGES_MAX ||
	    attr->mq_msgsize <= 0 || attr->mq_msgsize > MQ_MESSAGE_BYTES_MAX)
		return -EINVAL;
	queue = pool_alloc(&mqueue_pool);
	if (!queue)
		return -ENOSPC;
	object_init(&queue->object, &mqueue_ops);
	queue->max_messages = attr->mq_maxmsg;
	queue->message_bytes = attr->mq_msgsize;
	for (i = 0; i < MQ_PRIO_MAX; i++)
		list_init(&queue->levels[i]);
	*out = &queue->object;
	return 0;
}
