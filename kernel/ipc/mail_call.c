/*
 * mail_call.c - sends that wait, calls with their replies, direct messages.
 *
 * A waiting sender has a delivery on the kernel stack:
 *
 *				synchronous send	call
 *	message in the box	delivery->mail		delivery->mail
 *	received		the wait ends		waits in server->calls
 *	answered		-			delivery->reply
 *	receiver ends		-			EPIPE
 *	sender gives up		withdraws		withdraws, or leaves
 *							server->calls
 *
 * A call stands in the list of the process that received the request, so no
 * different process can forge a reply. A reply goes to the delivery directly
 * and never waits. The message may be received, or the reply may come, after a
 * signal or the deadline but before the sender runs. Then the send or call
 * succeeds, since the receiver was told that the message arrived.
 *
 * A direct message goes to the inbox of a process: a box without a descriptor,
 * created with the first message. The messages of a sender stay in order there,
 * and the owner can select messages by the sender.
 *
 * If box A lay in a message of box B, and B in a message of A, neither would
 * ever be destroyed. So a box may travel only in an older box (ELOOP), and no
 * circle can close.
 */
#include "kernel/ipc/mail_call.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/ipc/mail_match.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/descriptor.h"
#include "kernel/task/process.h"

static struct pool inbox_pool = POOL("inbox", sizeof(struct mailbox));

/* ---- Sending ------------------------------------------------------------- */

/* A descriptor of a box may not go into the same box or a younger box. */
static bool may_close_a_circle(const struct mailbox *box,
			       const struct open_file *file)
{
	const struct mailbox *inside = mailbox_of(file);

	return inside && !box->owner && inside->object.id <= box->object.id;
}

/* Check the message, and take a reference of the file in the message. 0,
 * -EMSGSIZE, -EBADF (the descriptor to send), -ELOOP. */
static int check(struct mail_send *send)
{
	struct open_file *file;

	send->head.sender = process_current()->id;
	if (send->head.bytes > send->box->message_bytes)
		return -EMSGSIZE;
	if (!(send->head.flags & MESSAGE_HAS_FD))
		return 0;
	file = descriptor_file(send->head.fd);
	if (!file)
		return -EBADF;
	if (may_close_a_circle(send->box, file))
		return -ELOOP;
	file_get(file);		/* a second thread may close the file */
	send->file = file;
	return 0;
}

static int put(struct mail_send *send)
{
	int error = check(send);

	if (!error)
		error = mailbox_put(send);
	if (send->file)
		file_put(send->file);
	return error;
}

static long attempt_end(void *context)
{
	return ((const struct mail_delivery *)context)->outcome;
}

/* The message was not received. Take the message out of the box, unless the box
 * has been drained already. */
static void take_back(struct mail_delivery *delivery)
{
	if (list_is_linked(&delivery->mail->node))
		mailbox_withdraw(delivery->box, delivery->mail);
	mail_return(delivery->mail);
}

/* Send, and wait until the message is received or the call is answered. */
static long put_and_wait(struct mail_send *send, struct mail_delivery *delivery)
{
	const struct wait_request request = {
		.queue = &delivery->queue,
		.object = &send->box->object,
		.event = delivery->is_call ? WAIT_REPLY : WAIT_PEER,
		.deadline_ns = send->deadline_ns,
		.has_tried = true,
	};
	long result;

	wait_queue_init(&delivery->queue);
	delivery->box = send->box;
	delivery->sender = process_current()->id;
	delivery->receiver = send->head.receiver;
	delivery->outcome = -EAGAIN;
	send->delivery = delivery;
	result = put(send);
	if (result)
		return result;
	result = wait_for(&request, attempt_end, delivery);
	if (delivery->outcome != -EAGAIN)
		result = delivery->outcome;
	if (delivery->mail)
		take_back(delivery);
	if (list_is_linked(&delivery->node))
		list_remove(&delivery->node);
	return result;
}

static bool waits_for_receiver(const struct mail_send *send)
{
	return (send->box->capacity == 0 || send->flags & MAILBOX_SYNC) &&
	       !(send->flags & MAILBOX_NONBLOCK);
}

long mail_send(struct mail_send *send)
{
	struct mail_delivery delivery = { .is_call = false };

	return waits_for_receiver(send) ? put_and_wait(send, &delivery)
					: put(send);
}

/* ---- Calls --------------------------------------------------------------- */

long mail_call(struct mail_send *send, uaddr_t head_at, uaddr_t reply,
	       size_t reply_bytes)
{
	struct mail_delivery delivery = { .is_call = true };
	long result = put_and_wait(send, &delivery);

	if (!delivery.reply)
		return result;
	result = mail_give(delivery.reply, head_at, reply, reply_bytes);
	if (!result)
		result = delivery.reply->head.bytes;
	mail_free(delivery.reply);
	return result;
}

/* The call of this box with this number, received by the process; or NULL. */
static struct mail_delivery *find_call(const struct mailbox *box, uint32_t id)
{
	struct mail_delivery *call;

	LIST_FOR_EACH(call, &process_current()->calls, node)
		if (call->id == id && call->box == box)
			return call;
	return NULL;
}

long mail_reply(struct mail_send *send)
{
	struct mail_delivery *call = find_call(send->box, send->head.id);
	struct mail *reply = NULL;
	int error;

	if (!call)
		return -ESRCH;
	error = check(send);
	if (!error)
		reply = mail_create(send, &error);
	if (send->file)
		file_put(send->file);
	if (!reply)
		return error;
	reply->head.id = call->id;
	reply->head.receiver = call->sender;
	trace(TRACE_REPLY, &send->box->object, reply->head.bytes, call->sender);
	call->reply = reply;
	mail_delivery_end(call, 0);
	return 0;
}

/* ---- Direct messages ----------------------------------------------------- */

static bool inbox_describe(const struct object *object, char *to, size_t size)
{
	snprintf(to, size, "inbox of process %d",
		 CONTAINER_OF(object, struct mailbox, object)->owner);
	return true;
}

static void inbox_report(const struct object *object, char *to, size_t size)
{
	const struct mailbox *box = CONTAINER_OF(object, struct mailbox,
						 object);

	snprintf(to, size, "%u messages, %u bytes", box->count, box->bytes);
}

static void inbox_destroy(struct object *object)
{
	pool_free(&inbox_pool, CONTAINER_OF(object, struct mailbox, object));
}

static const struct object_ops inbox_ops = {
	.kind = "inbox",
	.describe = inbox_describe,
	.report = inbox_report,
	.ender = mailbox_ender,
	.destroy = inbox_destroy,
};

/* The inbox of a process, created if missing; or NULL and *error. */
static struct mailbox *inbox_of(pid_t id, int *error)
{
	struct process *process = mail_process(id);
	struct mailbox *box;

	*error = process ? -ENOMEM : -ESRCH;
	if (!process || process->inbox)
		return process ? process->inbox : NULL;
	box = pool_alloc(&inbox_pool);
	if (!box)
		return NULL;
	box->capacity = MAILBOX_UNBOUNDED;
	box->message_bytes = MAILBOX_MESSAGE_BYTES_MAX;
	box->owner = id;
	mailbox_init(box, &inbox_ops);
	process->inbox = box;
	return box;
}

long mail_send_direct(struct mail_send *send, pid_t to)
{
	int error;
	long result;

	send->box = inbox_of(to, &error);
	if (!send->box)
		return error;
	object_get(&send->box->object);	/* the owner may end meanwhile */
	result = mail_send(send);
	object_put(&send->box->object);
	return result;
}

long mail_receive_direct(struct mail_receive *receive)
{
	int error;

	receive->box = inbox_of(process_current()->id, &error);
	return receive->box ? mailbox_receive(receive) : error;
}

void mail_process_ends(struct process *process)
{
	struct mailbox *inbox = process->inbox;

	while (!list_is_empty(&process->calls))
		mail_delivery_end(LIST_ENTRY(list_first(&process->calls),
					     struct mail_delivery, node),
				  -EPIPE);
	mail_sender_ends(process);
	process->inbox = NULL;
	if (!inbox)
		return;
	mailbox_drain(inbox, -ESRCH);
	object_put(&inbox->object);
}
