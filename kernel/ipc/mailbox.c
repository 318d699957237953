/*
 * mailbox.c - messages with a header, in a box shared by processes.
 *
 *			receive				send
 *	no message fits	waits, or EAGAIN		goes on
 *	n messages	takes the first that fits	waits, or EAGAIN
 *	capacity 0	the same			waits for the receiver
 *
 * mail_match.c decides which message goes to which receiver. mail_call.c waits
 * for delivery and for replies. This file is the box between sender and
 * receiver.
 *
 * A sender that waits for room has copied nothing. The message is created, and
 * gets a number, when there is room. So messages lie in the order of their
 * numbers, and a waiting sender costs no memory. In a box of capacity 0 each
 * message stands for a waiting sender, and the priority of the sender goes
 * before the number.
 *
 * A synchronous send returns when the message was received. In a box of
 * capacity 0 every send is synchronous. A synchronous sender that may not wait
 * (MAILBOX_NONBLOCK) needs a receiver that waits already; the send returns when
 * the message is granted to that receiver.
 *
 * After P. Brinch Hansen, "The Nucleus of a Multiprogramming System", 1970.
 */
#include "kernel/ipc/mailbox.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/fs/names.h"
#include "kernel/ipc/mail_match.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/descriptor.h"
#include "kernel/task/process.h"

static struct pool mailbox_pool = POOL("mailbox", sizeof(struct mailbox));

/* ---- Messages come and go ------------------------------------------------ */

static bool has_room(const struct mailbox *box)
{
	return box->capacity <= 0 || box->count < (uint32_t)box->capacity;
}

static bool has_memory(const struct mailbox *box, uint32_t body_bytes)
{
	return mail_bytes(body_bytes) <= MAILBOX_BYTES_MAX - box->bytes;
}

/* Only priorities put a message anywhere but at the end. */
static void add(struct mailbox *box, struct mail *mail)
{
	struct list_node *at = &box->mails.head;

	if (box->capacity == 0)
		mail->priority = task_current()->priority;
	while (at->prev != &box->mails.head &&
	       LIST_ENTRY(at->prev, struct mail, node)->priority <
	       mail->priority)
		at = at->prev;
	list_insert_before(at, &mail->node);
	box->count++;
	box->bytes += mail_bytes(mail->head.bytes);
	trace(TRACE_SEND, &box->object, mail->head.bytes, mail);
	mail_grant(box, mail);
}

static void remove(struct mailbox *box, struct mail *mail)
{
	list_remove(&mail->node);
	box->count--;
	box->bytes -= mail_bytes(mail->head.bytes);
	object_wake(&box->object, END_WRITE);
}

void mailbox_withdraw(struct mailbox *box, struct mail *mail)
{
	struct mail_receive *receive = mail->taker;

	remove(box, mail);
	if (receive)
		mail_grant_another(receive);
}

void mail_delivery_end(struct mail_delivery *delivery, int outcome)
{
	if (list_is_linked(&delivery->node))
		list_remove(&delivery->node);
	delivery->outcome = outcome;
	wait_wake(&delivery->queue);
}

/* A waiting sender gets the message back, with the moved pages. */
void mailbox_drain(struct mailbox *box, int outcome)
{
	struct mail *mail;

	while (!list_is_empty(&box->mails)) {
		mail = LIST_ENTRY(list_first(&box->mails), struct mail, node);
		mailbox_withdraw(box, mail);
		if (mail->delivery)
			mail_delivery_end(mail->delivery, outcome);
		else
			mail_free(mail);
	}
	ASSERT(box->count == 0 && box->bytes == 0);
}

/* ---- Sending ------------------------------------------------------------- */

/* With MAILBOX_NONBLOCK, a synchronous send needs a waiting receiver. */
static bool needs_receiver(const struct mail_send *send)
{
	return (send->box->capacity == 0 || send->flags & MAILBOX_SYNC) &&
	       send->flags & MAILBOX_NONBLOCK;
}

/* When a message left, only the first sender got a turn. There may be room for
 * the message of a sender behind as well, so pass a turn on. */
static void pass_room_on(struct mailbox *box)
{
	struct wait_queue *senders = &box->object.queue[END_WRITE];

	if (!list_is_empty(&senders->sleepers) && senders->owed == 0 &&
	    has_room(box))
		wait_wake(senders);
}

static long attempt_put(void *context)
{
	struct mail_send *send = context;
	struct mailbox *box = send->box;
	struct mail *mail;
	int error;

	if (!has_room(box))
		return -EAGAIN;
	if (needs_receiver(send) && !mail_find_receiver(box, &send->head))
		return -EAGAIN;
	if (!has_memory(box, send->head.bytes))
		return -ENOMEM;
	mail = mail_create(send, &error);
	if (!mail)
		return error;
	mail->delivery = send->delivery;
	if (send->delivery) {
		send->delivery->mail = mail;
		send->delivery->id = mail->head.id;
		if (send->delivery->is_call)
			mail->head.flags |= MESSAGE_WANTS_REPLY;
	}
	add(box, mail);
	pass_room_on(box);
	return 0;
}

int mailbox_put(struct mail_send *send)
{
	struct object *object = &send->box->object;
	const struct wait_request request = {
		.queue = &object->queue[END_WRITE],
		.object = object,
		.event = WAIT_SPACE,
		.deadline_ns = send->deadline_ns,
		.has_tried = true,
	};
	int error = wait_try(request.queue, attempt_put, send);

	if (error == -EAGAIN && !(send->flags & MAILBOX_NONBLOCK))
		error = wait_for(&request, attempt_put, send);
	return error;
}

/* ---- Receiving ----------------------------------------------------------- */

/* The message has a receiver: the running process. */
static void tell_sender(struct mail *mail)
{
	struct process *process = process_current();
	struct mail_delivery *delivery = mail->delivery;

	if (!delivery)
		return;
	delivery->mail = NULL;
	delivery->receiver = process->id;
	if (delivery->is_call)
		list_append(&process->calls, &delivery->node);
	else
		mail_delivery_end(delivery, 0);
}

static long attempt_take(void *context)
{
	struct mail_receive *receive = context;
	struct mail *mail = receive->mail;
	long bytes;
	int error = receive->error;

	mail_is_awake(receive);
	if (!mail)
		mail = mail_find(receive->box, receive);
	if (error || !mail)
		return error ? error : -EAGAIN;
	error = mail_give(mail, receive->head_at, receive->body,
			  receive->body_bytes);
	if (error)
		return error;
	bytes = mail->head.bytes;
	trace(TRACE_RECEIVE, &receive->box->object, bytes, mail);
	receive->mail = NULL;
	tell_sender(mail);
	remove(receive->box, mail);
	mail_free(mail);
	return bytes;
}

long mailbox_receive(struct mail_receive *receive)
{
	long result = attempt_take(receive);

	return result == -EAGAIN ? mail_wait(receive, attempt_take) : result;
}

/* ---- The box ------------------------------------------------------------- */

static unsigned mailbox_poll(const struct open_file *file)
{
	const struct mailbox *box = mailbox_of(file);
	const struct mail_receive anything = { .process = process_current() };
	unsigned events = 0;

	if (file_can_read(file) && mail_find(box, &anything))
		events |= POLLIN;
	if (file_can_write(file) && has_room(box) &&
	    has_memory(box, box->message_bytes) &&
	    mail_has_memory(box->message_bytes) &&
	    (box->capacity != 0 || box->receivers > 0))
		events |= POLLOUT;
	return events;
}

void mailbox_getattr(const struct mailbox *box, struct mailbox_attr *attr)
{
	attr->capacity = box->capacity;
	attr->message_bytes = box->message_bytes;
	attr->messages = box->capacity == 0 ? 0 : box->count;
}

static bool holds_box(const struct descriptors *table,
		      const struct mailbox *box)
{
	for (uint32_t fd = 0; fd < table->limit; fd++)
		if (table->files[fd] &&
		    table->files[fd]->object == &box->object)
			return true;
	return false;
}

/* If the process has closed its last descriptor of the box, end the waits of
 * its threads here, and the calls of this box that wait for its reply. */
static void mailbox_leave(struct open_file *file)
{
	struct mailbox *box = mailbox_of(file);
	struct process *process = process_current();
	struct mail_delivery *call, *after;

	if (holds_box(process->descriptors, box))
		return;
	mail_turn_away(box, process, -EBADF);
	LIST_FOR_EACH_SAFE(call, after, &process->calls, node)
		if (call->box == box)
			mail_delivery_end(call, -EPIPE);
}

static bool mailbox_describe(const struct object *object, char *to, size_t size)
{
	return names_describe("mailbox", object, to, size);
}

static void mailbox_report(const struct object *object, char *to, size_t size)
{
	const struct mailbox *box = CONTAINER_OF(object, struct mailbox,
						 object);

	if (box->capacity == 0)
		snprintf(to, size, "rendezvous, %u offered", box->count);
	else if (box->capacity == MAILBOX_UNBOUNDED)
		snprintf(to, size, "%u messages, %u bytes", box->count,
			 box->bytes);
	else
		snprintf(to, size, "%u of %ld messages, %u bytes", box->count,
			 box->capacity, box->bytes);
}

pid_t mailbox_ender(const struct task *task, int *end)
{
	const struct mail_receive *receive = task->wait.context;
	const struct mail_delivery *delivery = task->wait.context;

	(void)end;
	switch (task->wait.event) {
	case WAIT_DATA:
		return receive->sender;
	case WAIT_PEER:
	case WAIT_REPLY:
		return delivery->receiver;
	default:
		return 0;
	}
}

/*
 * The last message may hold the last descriptor of a second box, and so on. A
 * loop destroys the boxes in sequence. A recursion could need more kernel stack
 * than there is.
 */
static void mailbox_destroy(struct object *object)
{
	static struct list dying = LIST_INIT(dying);	/* [P] */
	static bool is_busy;				/* [P] */
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

const struct object_ops mailbox_ops = {
	.kind = "mailbox",
	.poll = mailbox_poll,
	.leave = mailbox_leave,
	.describe = mailbox_describe,
	.report = mailbox_report,
	.ender = mailbox_ender,
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
	list_init(&box->awake);
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
