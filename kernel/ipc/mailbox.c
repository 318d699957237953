/*
 * mailbox.c - messages with a header, through a box that processes share.
 *
 *			receive				send
 *	no message fits	wait, or EAGAIN			go on
 *	n messages	take the first that fits	wait, or EAGAIN
 *	capacity 0	the same; its sender waits	wait for the receiver
 *
 * mail_match.c knows which message goes to which receiver; here is how they
 * come in and go out. A sender that waits for room has copied nothing yet: its
 * message comes into being, and gets its number, when it goes into the box. So
 * messages are numbered in the order in which they lie there, and one that
 * waits costs no memory.
 *
 * A synchronous sender waits at its message, on a queue of its own, until that
 * is gone from the box. If it gives up before, it takes the message with it.
 * Through a box of capacity 0 all senders are synchronous; their messages lie
 * in it by the priority of the senders, and do not count as held. One that may
 * not wait (MAILBOX_NONBLOCK) goes on once its message is granted to a receiver
 * that waits. If that receiver fails, the message goes to the next, as ever.
 *
 * Boxes that hold each other's descriptors would never die, so a box travels
 * only in one that is older than itself (ELOOP): such chains cannot close.
 *
 * One file for the whole box, a little long: what comes in, goes out and is
 * withdrawn must agree.
 *
 * After P. Brinch Hansen, "The Nucleus of a Multiprogramming System", 1970.
 */
#include "kernel/ipc/mailbox.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/fs/names.h"
#include "kernel/ipc/mail_desk.h"
#include "kernel/ipc/mail_hand.h"
#include "kernel/ipc/mail_line.h"
#include "kernel/ipc/mail_match.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/descriptor.h"
#include "kernel/task/process.h"
#include "kernel/task/wait_inline.h"

static struct pool mailbox_pool = POOL("mailbox", sizeof(struct mailbox));

/* ---- In and out ---------------------------------------------------------- */

static bool has_room(const struct mailbox *box)
{
	return box->capacity <= 0 || box->count < (uint32_t)box->capacity;
}

static bool has_memory(const struct mailbox *box, uint32_t body_bytes)
{
	return mail_bytes(body_bytes) <= MAILBOX_BYTES_MAX - box->bytes &&
	       mail_has_memory(body_bytes);
}

void mailbox_lay(struct mailbox *box, struct mail *mail)
{
	box->count++;
	box->bytes += mail_bytes(mail->head.bytes);
	mail_offer(box, mail);
}

static void insert(struct mailbox *box, struct mail *mail)
{
	if (box->capacity == 0)
		mail->priority = task_current()->priority;
	trace(TRACE_SEND, &box->object, mail->head.bytes, mail);
	mailbox_lay(box, mail);
}

/* It is on no list any more; there may be room for another. */
static void count_out(struct mailbox *box, const struct mail *mail)
{
	box->count--;
	box->bytes -= mail_bytes(mail->head.bytes);
	object_wake(&box->object, END_WRITE);
}

static void deliver(const struct mail *mail, int result)
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
	mail_recall(box, mail);
	count_out(box, mail);
	mail_return(mail);
}

/* A sender that waits gets its message back, with the pages in it. */
void mailbox_drain(struct mailbox *box, int result)
{
	struct mail *mail;

	while (!list_is_empty(&box->mails)) {
		mail = LIST_ENTRY(list_first(&box->mails), struct mail, node);
		mail_recall(box, mail);
		count_out(box, mail);
		deliver(mail, result);
		if (mail->delivery)
			mail->delivery->mail = mail;
		else
			mail_free(mail);
	}
	ASSERT(box->count == 0 && box->bytes == 0);
}

/* ---- Sending ------------------------------------------------------------- */

static bool is_synchronous(const struct mail_send *send)
{
	return send->box->capacity == 0 || send->flags & MAILBOX_SYNC;
}

static bool may_wait(const struct mail_send *send)
{
	return !(send->flags & MAILBOX_NONBLOCK);
}

/* A descriptor of a box may not go into that box or a younger one. */
static bool may_close_a_ring(const struct mailbox *box,
			     const struct open_file *file)
{
	const struct mailbox *inside = mailbox_of(file);

	return inside && !box->owner && inside->object.id <= box->object.id;
}

int mailbox_check(struct mail_send *send)
{
	send->head.sender = process_current()->id;
	if (send->head.bytes > send->box->message_bytes)
		return -EMSGSIZE;
	if (!(send->head.flags & MESSAGE_HAS_FD))
		return 0;
	send->file = descriptor_file(send->head.fd);
	if (!send->file)
		return -EBADF;
	if (may_close_a_ring(send->box, send->file)) {
		send->file = NULL;
		return -ELOOP;
	}
	file_get(send->file);	/* another thread may close it meanwhile */
	return 0;
}

void mailbox_end_send(struct mail_send *send)
{
	if (send->file)
		file_put(send->file);
}

/* Without waiting, a synchronous send needs somebody who waits already. */
static long attempt_put(void *context)
{
	struct mail_send *send = context;
	struct mailbox *box = send->box;
	struct wait_queue *writers = &box->object.queue[END_WRITE];
	int error;

	if (!has_room(box))
		return -EAGAIN;
	if (is_synchronous(send) && !may_wait(send) &&
	    !mail_is_awaited(box, &send->head))
		return -EAGAIN;
	if (!has_memory(box, send->head.bytes))
		return -ENOMEM;
	send->mail = mail_create(send, &error);
	if (!send->mail)
		return error;
	send->mail->call = send->call;
	if (send->call)
		send->mail->head.flags |= MESSAGE_WANTS_REPLY;
	insert(box, send->mail);
	if (!list_is_empty(&writers->sleepers) && writers->owed <= 1 &&
	    has_room(box))
		wait_wake(writers);
	return 0;
}

int mailbox_put(struct mail_send *send)
{
	struct mailbox *box = send->box;
	const struct wait_request request = {
		.queue = &box->object.queue[END_WRITE],
		.object = &box->object,
		.event = WAIT_SPACE,
		.deadline_ns = send->deadline_ns,
		.has_tried = true,
	};
	int error = wait_try(request.queue, attempt_put, send);

	if (error == -EAGAIN && may_wait(send))
		error = wait_for(&request, attempt_put, send);
	return error;
}

static long attempt_delivery(void *context)
{
	const struct mail_delivery *delivery = context;

	return delivery->is_over ? delivery->result : -EAGAIN;
}

/* It may be received after a signal or the deadline has ended the wait, and
 * before the sender runs: then it was sent. */
static long await_delivery(const struct mail_send *send)
{
	struct mail_delivery delivery = { .receiver = send->head.receiver };
	const struct wait_request request = {
		.queue = &delivery.queue,
		.object = &send->box->object,
		.event = WAIT_PEER,
		.deadline_ns = send->deadline_ns,
	};
	long result;

	wait_queue_init(&delivery.queue);
	send->mail->delivery = &delivery;
	result = wait_for(&request, attempt_delivery, &delivery);
	if (!delivery.is_over)
		mailbox_withdraw(send->box, send->mail);
	else
		result = delivery.result;
	if (delivery.mail)
		mail_return(delivery.mail);
	return result;
}

long mailbox_send(struct mail_send *send)
{
	long error = mailbox_check(send);

	if (!error)
		error = mailbox_put(send);
	mailbox_end_send(send);
	if (!error && is_synchronous(send) && may_wait(send))
		error = await_delivery(send);
	return error;
}

/* ---- Receiving ----------------------------------------------------------- */

static long take(struct mail_receive *receive, struct mail *mail)
{
	long bytes = mail->head.bytes;
	int error;

	if (mail->call && !mail_desk(process_current()))
		return -ENOMEM;
	error = UNLIKELY(receive->words != NULL)
		? mail_words_of(&mail->head, mail->bytes, receive->words)
		: mail_give(mail, receive->head_at, receive->body,
			    receive->body_bytes);
	if (error)
		return error;
	trace(TRACE_RECEIVE, &receive->box->object, bytes, mail);
	if (mail->call)
		mail_call_received(mail->call);
	deliver(mail, 0);
	if (!receive->mail)
		list_remove(&mail->node);
	receive->mail = NULL;
	count_out(receive->box, mail);
	mail_free(mail);
	return bytes;
}

long mailbox_attempt_take(void *context)
{
	struct mail_receive *receive = context;
	struct mail *mail;

	if (receive->handed)
		return mail_hand_take(receive);
	mail = mail_granted(receive);
	if (receive->error)
		return receive->error;
	return mail ? take(receive, mail) : -EAGAIN;
}

/* For any message: in the box's own queue. */
static ALWAYS_INLINE
long wait_for_any(struct mail_receive *receive, uint64_t deadline_ns)
{
	struct object *object = &receive->box->object;
	const struct wait_request request = {
		.queue = &object->queue[END_READ],
		.object = object,
		.event = WAIT_DATA,
		.deadline_ns = deadline_ns,
	};
	long result;

	receive->task = cpu.current;
	if (UNLIKELY(!receive->process->desk))
		mail_desk(process_current());	/* calls need one */
	cpu.current->wait.context = receive;
	result = wait_in_turn(&request, mailbox_attempt_take, receive);
	if (UNLIKELY(result < 0))
		mail_wait_failed(receive);
	return result;
}

static SLOW_PATH long wait_for_any_until(struct mail_receive *receive)
{
	return wait_for_any(receive, receive->deadline_ns);
}

long mailbox_receive(struct mail_receive *receive)
{
	struct mailbox *box = receive->box;
	long result = -EAGAIN;

	if (!list_is_empty(&box->mails))
		result = mailbox_attempt_take(receive);
	if (result != -EAGAIN || receive->flags & MAILBOX_NONBLOCK)
		return result;
	if (box->capacity == 0)		/* who watches for us may send now */
		object_wake(&box->object, END_WRITE);
	if (receive->type || receive->sender)
		return mail_wait_for_choice(receive, mailbox_attempt_take);
	if (UNLIKELY(receive->deadline_ns != FOREVER))
		return wait_for_any_until(receive);
	return wait_for_any(receive, FOREVER);
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
	    (box->capacity != 0 || mail_has_receiver(box)))
		events |= POLLOUT;
	return events;
}

void mailbox_getattr(const struct mailbox *box, struct mailbox_attr *attr)
{
	attr->capacity = box->capacity;
	attr->message_bytes = box->message_bytes;
	attr->messages = box->capacity == 0 ? 0 : box->count;
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

	if (box->capacity == 0)
		snprintf(to, size, "rendezvous, %u offered", box->count);
	else if (box->capacity == MAILBOX_UNBOUNDED)
		snprintf(to, size, "%u messages, %u bytes", box->count,
			 box->bytes);
	else
		snprintf(to, size, "%u of %ld messages, %u bytes", box->count,
			 box->capacity, box->bytes);
}

/* A call that was received waits for that server, a message or a receiver that
 * names a process waits for that one, all others for who holds the box. */
static pid_t mailbox_ender(const struct task *task, int *end)
{
	const struct mail_receive *receive = task->wait.context;
	const struct mail_delivery *delivery = task->wait.context;
	const struct mail_call *call = task->wait.context;

	switch (task->wait.event) {
	case WAIT_DATA:
		return receive->sender;
	case WAIT_PEER:
		return delivery->receiver;
	case WAIT_REPLY:
		return call->line ? call->line->server : call->server;
	default:
		(void)end;
		return 0;
	}
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
		mail_line_cut(box);
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
	struct mailbox *box;

	if (!file || file->object->ops != &mailbox_ops)
		return NULL;
	box = CONTAINER_OF(file->object, struct mailbox, object);
	mail_line_cut(box);
	return box;
}

void mailbox_init(struct mailbox *box, const struct object_ops *ops)
{
	object_init(&box->object, ops);
	box->object.queue[END_READ].is_chosen = true;
	list_init(&box->mails);
	list_init(&box->choices);
	list_init(&box->robbed);
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
