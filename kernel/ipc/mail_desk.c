/*
 * mail_desk.c - calls and replies, and messages straight to a process.
 *
 * A desk is what a process has to do with messages. It comes into being with
 * the first request that the process receives or the first message to it.
 *
 *	caller		in the box	at the desk		answered
 *	waits for	a receiver	the reply		-
 *	gives up	withdraws	ESRCH for the reply	-
 *	receiver dies	-		EPIPE			-
 *
 * Only the process that received a request can answer it: a reply is looked
 * for at its own desk, so nobody can forge one.
 *
 * The link to a process is the inbox at its desk; what one sender has put
 * there stays in order, and `from` picks it. When the process ends, so do the
 * waits for its desk: of callers, senders, and receivers that expect it.
 */
#include "kernel/ipc/mail_desk.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/ipc/mail_hand.h"
#include "kernel/ipc/mail_line.h"
#include "kernel/ipc/mail_match.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/descriptor.h"
#include "kernel/task/process.h"

static struct pool desk_pool = POOL("mail-desk", sizeof(struct mail_desk));
static struct pool inbox_pool = POOL("inbox", sizeof(struct mailbox));

struct mail_desk *mail_desk(struct process *process)
{
	struct mail_desk *desk = process->desk;

	if (desk)
		return desk;
	desk = pool_alloc(&desk_pool);
	if (!desk)
		return NULL;
	wait_queue_init(&desk->call.queue);
	list_init(&desk->calls);
	list_init(&desk->expected);
	process->desk = desk;
	return desk;
}

/* ---- Calls --------------------------------------------------------------- */

void mail_call_received(struct mail_call *call)
{
	call->mail = NULL;
	call->server = process_current()->id;
	list_append(&process_current()->desk->calls, &call->node);
}

static void call_end(struct mail_call *call, struct mail *reply, int error)
{
	list_remove(&call->node);
	call->reply = reply;
	call->outcome = error;
	wait_wake(&call->queue);
}

static long attempt_reply(void *context)
{
	return ((const struct mail_call *)context)->outcome;
}

void mail_call_forget(struct mailbox *box, struct mail_call *call)
{
	if (call->mail)
		mailbox_withdraw(box, call->mail);
	else if (call->taker)
		mail_hand_recall(box, call);
	else if (call->line)
		mail_line_leave(call->line);
	if (list_is_linked(&call->node))
		list_remove(&call->node);
}

/* The reply may have come after a signal or the deadline had ended the wait:
 * who replied was told that it arrived. */
long mail_call_over(struct mail_call *call, struct mailbox *box, long result,
		    uaddr_t head_at, uaddr_t body)
{
	uint32_t bytes;

	mail_call_forget(box, call);
	if (call->has_note)
		return mail_note_give(&call->note, head_at, body);
	if (!call->reply)
		return result;
	bytes = call->reply->head.bytes;
	result = mail_give(call->reply, head_at, body, call->reply_bytes);
	mail_free(call->reply);
	return result ? result : (long)bytes;
}

static long await_reply(const struct mail_send *send, struct mail_call *call,
			const struct mail_receive *receive)
{
	const struct wait_request request = {
		.queue = &call->queue,
		.object = &send->box->object,
		.event = WAIT_REPLY,
		.deadline_ns = send->deadline_ns,
	};

	return mail_call_over(call, send->box,
			      wait_for(&request, attempt_reply, call),
			      receive->head_at, receive->body);
}

long mail_call(struct mail_send *send, const struct mail_receive *receive)
{
	struct mail_call call = {
		.box = send->box,
		.caller = process_current()->id,
		.reply_bytes = receive->body_bytes,
		.outcome = -EAGAIN,
	};
	int error = mailbox_check(send);

	wait_queue_init(&call.queue);
	send->call = &call;
	if (!error)
		error = mailbox_put(send);
	mailbox_end_send(send);
	if (error)
		return error;
	/* Nobody has run since it was put in. */
	call.mail = send->mail;
	call.id = send->mail->head.id;
	return await_reply(send, &call, receive);
}

static struct mail_call *find_call(const struct mailbox *box, uint32_t id)
{
	struct mail_desk *desk = process_current()->desk;
	struct mail_call *call;

	if (!desk)
		return NULL;
	mail_line_leave(&desk->line);
	LIST_FOR_EACH(call, &desk->calls, node)
		if (call->id == id && call->box == box)
			return call;
	return NULL;
}

long mail_reply(struct mail_send *send)
{
	struct mail_call *call = find_call(send->box, send->head.id);
	struct mail *reply = NULL;
	int error;

	if (!call)
		return -ESRCH;
	error = mailbox_check(send);
	if (!error)
		reply = mail_create(send, &error);
	mailbox_end_send(send);
	if (!reply)
		return error;
	reply->head.id = call->id;
	reply->head.receiver = call->caller;
	trace(TRACE_REPLY, &send->box->object, reply->head.bytes, call->caller);
	call_end(call, reply, 0);
	return 0;
}

/* ---- Ends ---------------------------------------------------------------- */

static void fail_calls(struct mail_desk *desk, const struct mailbox *box)
{
	struct mail_call *call, *after;

	mail_line_leave(&desk->line);
	LIST_FOR_EACH_SAFE(call, after, &desk->calls, node)
		if (!box || call->box == box)
			call_end(call, NULL, -EPIPE);
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

/* A thread that still waits for a message could not answer it any more. */
void mail_desk_leave(struct mailbox *box)
{
	struct process *process = process_current();

	if (holds_box(process->descriptors, box))
		return;
	mail_turn_away(box, process);
	if (process->desk)
		fail_calls(process->desk, box);
}

void mail_desk_close(struct process *process)
{
	struct mail_desk *desk = process->desk;
	struct mail_receive *receive, *after;

	process->desk = NULL;
	fail_calls(desk, NULL);
	LIST_FOR_EACH_SAFE(receive, after, &desk->expected, node)
		if (!receive->mail) {
			receive->error = -ESRCH;
			wait_interrupt(receive->task, -ESRCH);
		}
	while (!list_is_empty(&desk->expected))
		list_take_first(&desk->expected);
	if (desk->inbox) {
		mailbox_drain(desk->inbox, -ESRCH);
		object_put(&desk->inbox->object);
	}
	pool_free(&desk_pool, desk);
}

/* ---- Direct messages ----------------------------------------------------- */

static void inbox_describe(const struct object *object, char *to, size_t size)
{
	snprintf(to, size, "inbox:%d", CONTAINER_OF(object, struct mailbox,
						    object)->owner);
}

static void inbox_report(const struct object *object, char *to, size_t size)
{
	const struct mailbox *box = CONTAINER_OF(object, struct mailbox,
						 object);

	snprintf(to, size, "%u messages, %u bytes", box->count, box->bytes);
}

/* The sender waits for the owner, the owner for the sender that it selects. */
static pid_t inbox_ender(const struct task *task, int *end)
{
	const struct mail_receive *receive = task->wait.context;
	const struct mail_delivery *delivery = task->wait.context;

	(void)end;
	return task->wait.event == WAIT_DATA ? receive->sender
					     : delivery->receiver;
}

static void inbox_destroy(struct object *object)
{
	pool_free(&inbox_pool, CONTAINER_OF(object, struct mailbox, object));
}

static const struct object_ops inbox_ops = {
	.kind = "inbox",
	.describe = inbox_describe,
	.report = inbox_report,
	.ender = inbox_ender,
	.destroy = inbox_destroy,
};

static struct mail_desk *desk_of(pid_t id, int *error)
{
	struct process *process = id > 0 ? process_find(id) : NULL;
	struct mail_desk *desk = NULL;

	*error = -ESRCH;
	if (!process || process->state == PROCESS_ZOMBIE ||
	    !process->descriptors)
		return NULL;
	desk = mail_desk(process);
	*error = desk ? 0 : -ENOMEM;
	return desk;
}

struct mailbox *mail_inbox(pid_t id, int *error)
{
	struct mail_desk *desk = desk_of(id, error);
	struct mailbox *box;

	if (!desk || desk->inbox)
		return desk ? desk->inbox : NULL;
	box = pool_alloc(&inbox_pool);
	if (!box) {
		*error = -ENOMEM;
		return NULL;
	}
	box->capacity = MAILBOX_UNBOUNDED;
	box->message_bytes = MAILBOX_MESSAGE_BYTES_MAX;
	box->owner = id;
	mailbox_init(box, &inbox_ops);
	desk->inbox = box;
	return box;
}

long mail_send_direct(struct mail_send *send, pid_t to)
{
	int error;
	long result;

	send->box = mail_inbox(to, &error);
	if (!send->box)
		return error;
	object_get(&send->box->object);
	result = mailbox_send(send);
	object_put(&send->box->object);
	return result;
}

/* Nothing can come any more from a sender that has gone. */
long mail_receive_direct(struct mail_receive *receive)
{
	uint64_t deadline_ns = receive->deadline_ns;
	int flags = receive->flags, error;
	struct mail_desk *sender = NULL;
	long result;

	receive->box = mail_inbox(process_current()->id, &error);
	if (!receive->box)
		return error;
	receive->flags |= MAILBOX_NONBLOCK;
	result = mailbox_receive(receive);
	if (result != -EAGAIN)
		return result;
	if (receive->sender)
		sender = desk_of(receive->sender, &error);
	if (receive->sender && !sender)
		return error;
	if (flags & MAILBOX_NONBLOCK)
		return -EAGAIN;
	receive->flags = flags;
	receive->deadline_ns = deadline_ns;
	receive->task = cpu.current;
	if (sender)
		list_append(&sender->expected, &receive->node);
	result = mailbox_receive(receive);
	if (list_is_linked(&receive->node))
		list_remove(&receive->node);
	return result;
}
