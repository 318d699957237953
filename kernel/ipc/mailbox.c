/*
 * mailbox.c - messages with a header, through a box that processes share.
 *
 *			receive				send
 *	no message fits	wait, or EAGAIN			go on
 *	n messages	take the first that fits	wait, or EAGAIN
 *	capacity 0	the same; its sender waits	wait for the receiver
 *
 * Receivers select by type and sender, so the first in the queue is not always
 * the one who can use what came: whoever puts a message in grants it to the
 * first sleeper that wants it, by priority, then by arrival, and wakes that one
 * alone. Until then the message keeps its place in the box. What lies there
 * loose, granted to nobody, is wanted by no sleeper: so a newcomer may take the
 * first one that fits and overtakes nobody. A receiver that cannot take what it
 * was granted (a bad address, no room, a kill) leaves it; it is then offered to
 * the next sleeper that wants it.
 *
 * A synchronous sender waits at its message, on a queue of its own, until that
 * is gone from the box. If it gives up before, it takes the message with it.
 *
 * A descriptor in a message is a reference that the box holds. Boxes that hold
 * each other would never die, so a box travels only in one that is older
 * than itself (ELOOP): such chains cannot close.
 *
 * One file for the whole box: what is granted, taken and withdrawn must agree.
 *
 * Not promised: that a receiver is told of a message too long for it before it
 * is its turn. After P. Brinch Hansen, "The Nucleus of a Multiprogramming
 * System", 1970.
 */
#include "kernel/ipc/mailbox.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/fs/names.h"
#include "kernel/ipc/mail_desk.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"
#include "kernel/task/process.h"

static struct pool mailbox_pool = POOL("mailbox", sizeof(struct mailbox));
static uint32_t bytes_in_all;		/* [P] in all boxes */

/* ---- Who gets which message ---------------------------------------------- */

static bool is_wanted(const struct mail *mail,
		      const struct mail_receive *receive)
{
	const struct message *head = &mail->head;

	return (!receive->type || receive->type == head->type) &&
	       (!receive->sender || receive->sender == head->sender) &&
	       (!head->receiver || head->receiver == receive->process->id);
}

static struct task *find_receiver(const struct mailbox *box,
				  const struct mail *mail)
{
	struct task *task;

	LIST_FOR_EACH(task, &box->object.queue[END_READ].sleepers, wait.node)
		if (is_wanted(mail, task->wait.context))
			return task;
	return NULL;
}

static struct mail *find_mail(const struct mailbox *box,
			      const struct mail_receive *receive)
{
	struct mail *mail;

	if (box->loose == 0)
		return NULL;
	LIST_FOR_EACH(mail, &box->mails, node)
		if (!mail->taker && is_wanted(mail, receive))
			return mail;
	return NULL;
}

/* Grant a message to the first who waits for it, or let it lie. */
static void offer(struct mailbox *box, struct mail *mail)
{
	struct task *task = find_receiver(box, mail);

	if (!task) {
		mail->taker = NULL;
		box->loose++;
		object_wake(&box->object, END_READ);	/* watchers */
		return;
	}
	mail->taker = task->wait.context;
	mail->taker->mail = mail;
	wait_wake_task(&box->object.queue[END_READ], task);
}

/* ---- In and out ---------------------------------------------------------- */

static bool has_room(const struct mailbox *box)
{
	return box->capacity <= 0 || box->count < (uint32_t)box->capacity;
}

static bool has_memory(const struct mailbox *box, uint32_t bytes)
{
	return bytes <= MAILBOX_BYTES_MAX - box->bytes &&
	       bytes <= MAILBOXES_BYTES_MAX - bytes_in_all;
}

static void insert(struct mailbox *box, struct mail *mail)
{
	list_append(&box->mails, &mail->node);
	box->count++;
	box->bytes += mail_bytes(mail);
	bytes_in_all += mail_bytes(mail);
	trace(TRACE_SEND, &box->object, mail->head.bytes, mail);
	offer(box, mail);
}

/* Out of the box and freed; there may be room for another. */
static void discard(struct mailbox *box, struct mail *mail)
{
	list_remove(&mail->node);
	if (!mail->taker)
		box->loose--;
	box->count--;
	box->bytes -= mail_bytes(mail);
	bytes_in_all -= mail_bytes(mail);
	mail_free(mail);
	object_wake(&box->object, END_WRITE);
}

static void deliver(struct mail *mail, int result)
{
	struct mail_delivery *delivery = mail->delivery;

	if (!delivery)
		return;
	delivery->is_over = true;
	delivery->result = result;
	wait_wake(&delivery->queue);
}

void mailbox_withdraw(struct mailbox *box, struct mail *mail)
{
	if (mail->taker)
		mail->taker->mail = NULL;
	discard(box, mail);
}

void mailbox_drain(struct mailbox *box, int result)
{
	struct mail *mail;

	while (!list_is_empty(&box->mails)) {
		mail = LIST_ENTRY(list_first(&box->mails), struct mail, node);
		deliver(mail, result);
		mailbox_withdraw(box, mail);
	}
}

/* ---- Sending ------------------------------------------------------------- */

struct posting {
	struct mailbox *box;
	struct mail *mail;
};

static long attempt_put(void *context)
{
	const struct posting *posting = context;
	struct mailbox *box = posting->box;
	struct wait_queue *writers = &box->object.queue[END_WRITE];

	if (!has_room(box))
		return -EAGAIN;
	if (!has_memory(box, mail_bytes(posting->mail)))
		return -ENOMEM;
	insert(box, posting->mail);
	if (!list_is_empty(&writers->sleepers) && writers->owed <= 1 &&
	    has_room(box))
		wait_wake(writers);
	return 0;
}

int mailbox_put(struct mailbox *box, struct mail *mail,
		const struct mail_send *send)
{
	struct posting posting = { box, mail };
	const struct wait_request request = {
		.queue = &box->object.queue[END_WRITE],
		.object = &box->object,
		.event = WAIT_SPACE,
		.deadline_ns = send->deadline_ns,
		.has_tried = true,
	};
	int error = wait_try(request.queue, attempt_put, &posting);

	if (error == -EAGAIN && !(send->flags & MAILBOX_NONBLOCK))
		error = wait_for(&request, attempt_put, &posting);
	if (error)
		mail_free(mail);
	return error;
}

static long attempt_delivery(void *context)
{
	const struct mail_delivery *delivery = context;

	return delivery->is_over ? delivery->result : -EAGAIN;
}

static long await_delivery(struct mailbox *box, struct mail *mail,
			   uint64_t deadline_ns)
{
	struct mail_delivery delivery = { .is_over = false };
	const struct wait_request request = {
		.queue = &delivery.queue,
		.object = &box->object,
		.event = WAIT_PEER,
		.deadline_ns = deadline_ns,
	};
	long result;

	wait_queue_init(&delivery.queue);
	mail->delivery = &delivery;
	result = wait_for(&request, attempt_delivery, &delivery);
	if (!delivery.is_over)
		mailbox_withdraw(box, mail);
	return result;
}

/* A descriptor of a box may not go into that box or a younger one. */
static bool may_close_a_ring(const struct mailbox *box,
			     const struct mail *mail)
{
	const struct mailbox *inside = mailbox_of(mail->file);

	return inside && !box->owner && inside->object.id <= box->object.id;
}

struct mail *mailbox_prepare(const struct mail_send *send, int *error)
{
	struct mail *mail;

	*error = -EMSGSIZE;
	if (send->head.bytes > send->box->message_bytes)
		return NULL;
	mail = mail_create(&send->head, send->body, error);
	if (!mail || !may_close_a_ring(send->box, mail))
		return mail;
	mail_free(mail);
	*error = -ELOOP;
	return NULL;
}

/* Without waiting a rendezvous needs somebody who waits already. */
static long send_synchronously(const struct mail_send *send, struct mail *mail)
{
	struct mailbox *box = send->box;
	bool may_wait = !(send->flags & MAILBOX_NONBLOCK);
	long error;

	if (!may_wait && !find_receiver(box, mail)) {
		mail_free(mail);
		return -EAGAIN;
	}
	error = mailbox_put(box, mail, send);
	if (error || !may_wait)
		return error;
	return await_delivery(box, mail, send->deadline_ns);
}

long mailbox_send(struct mail_send *send)
{
	bool is_synchronous = send->box->capacity == 0 ||
			      send->flags & MAILBOX_SYNC;
	struct mail *mail;
	int error;

	mail = mailbox_prepare(send, &error);
	if (!mail)
		return error;
	if (is_synchronous)
		return send_synchronously(send, mail);
	return mailbox_put(send->box, mail, send);
}

/* ---- Receiving ----------------------------------------------------------- */

static long take(const struct mail_receive *receive, struct mail *mail)
{
	long bytes = mail->head.bytes;
	int error;

	if (mail->call && !mail_desk(process_current()))
		return -ENOMEM;
	error = mail_give(mail, receive->head_at, receive->body,
			  receive->body_bytes);
	if (error)
		return error;
	trace(TRACE_RECEIVE, &receive->box->object, bytes, mail);
	if (mail->call)
		mail_call_received(mail->call);
	deliver(mail, 0);
	discard(receive->box, mail);
	return bytes;
}

static long attempt_take(void *context)
{
	struct mail_receive *receive = context;
	struct mail *mail = receive->mail;
	long result;

	if (!mail)
		mail = find_mail(receive->box, receive);
	if (!mail)
		return -EAGAIN;
	result = take(receive, mail);
	if (result >= 0)
		receive->mail = NULL;
	return result;
}

static long wait_for_mail(struct mail_receive *receive)
{
	struct mailbox *box = receive->box;
	const struct wait_request request = {
		.queue = &box->object.queue[END_READ],
		.object = &box->object,
		.event = WAIT_DATA,
		.deadline_ns = receive->deadline_ns,
		.has_tried = true,
	};
	long result;

	if (box->capacity == 0)		/* who watches for us may send now */
		object_wake(&box->object, END_WRITE);
	result = wait_for(&request, attempt_take, receive);
	if (receive->mail)
		offer(box, receive->mail);
	return result;
}

long mailbox_receive(struct mail_receive *receive)
{
	long result = attempt_take(receive);

	if (result != -EAGAIN || receive->flags & MAILBOX_NONBLOCK)
		return result;
	return wait_for_mail(receive);
}

/* ---- The box ------------------------------------------------------------- */

static unsigned mailbox_poll(const struct open_file *file)
{
	const struct mailbox *box = mailbox_of(file);
	unsigned events = 0;

	if (file_can_read(file) && box->loose > 0)
		events |= POLLIN;
	if (!file_can_write(file) || !has_room(box) ||
	    !has_memory(box, sizeof(struct mail) + box->message_bytes))
		return events;
	if (box->capacity != 0 ||
	    !list_is_empty(&box->object.queue[END_READ].sleepers))
		events |= POLLOUT;
	return events;
}

void mailbox_getattr(const struct mailbox *box, struct mailbox_attr *attr)
{
	attr->capacity = box->capacity;
	attr->message_bytes = box->message_bytes;
	attr->messages = box->count;
}

static void mailbox_leave(struct open_file *file)
{
	mail_desk_leave(mailbox_of(file));
}

static void mailbox_describe(const struct object *object, char *to, size_t size)
{
	if (!names_describe("mailbox", object, to, size))
		snprintf(to, size, "mailbox:%u", object->id);
}

static void mailbox_report(const struct object *object, char *to, size_t size)
{
	const struct mailbox *box = CONTAINER_OF(object, struct mailbox,
						 object);

	if (box->capacity == MAILBOX_UNBOUNDED)
		snprintf(to, size, "%u messages", box->count);
	else
		snprintf(to, size, "%u of %ld messages", box->count,
			 box->capacity);
}

/*
 * The last message may hold the last descriptor of another box, and that one
 * again: they are freed one after the other, not one inside the other, which
 * would take more and more of the kernel stack.
 */
static void mailbox_destroy(struct object *object)
{
	static struct list dying = LIST_INIT(dying);
	static bool is_busy;
	struct list_node *first;
	struct mailbox *box;

	list_append(&dying, &object->all);
	if (is_busy)
		return;
	is_busy = true;
	while ((first = list_take_first(&dying)) != NULL) {
		box = CONTAINER_OF(LIST_ENTRY(first, struct object, all),
				   struct mailbox, object);
		mailbox_drain(box, 0);
		pool_free(&mailbox_pool, box);
	}
	is_busy = false;
}

static const struct object_ops mailbox_ops = {
	.kind = "mailbox",
	.poll = mailbox_poll,
	.leave = mailbox_leave,
	.describe = mailbox_describe,
	.report = mailbox_report,
	.destroy = mailbox_destroy,
};

struct mailbox *mailbox_of(const struct open_file *file)
{
	if (!file || file->object->ops != &mailbox_ops)
		return NULL;
	return CONTAINER_OF(file->object, struct mailbox, object);
}

void mailbox_init(struct mailbox *box, const struct object_ops *ops)
{
	object_init(&box->object, ops);
	box->object.queue[END_READ].is_chosen = true;
	list_init(&box->mails);
}

int mailbox_create(const struct mailbox_attr *attr, struct object **out)
{
	struct mailbox *box;

	if (attr->capacity < MAILBOX_UNBOUNDED ||
	    attr->message_bytes > MAILBOX_MESSAGE_BYTES_MAX)
		return -EINVAL;
	box = pool_alloc(&mailbox_pool);
	if (!box)
		return -ENOMEM;
	box->capacity = attr->capacity;
	box->message_bytes = attr->message_bytes;
	mailbox_init(box, &mailbox_ops);
	*out = &box->object;
	return 0;
}
