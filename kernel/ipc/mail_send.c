/*
 * mail_send.c - sends that wait or not, calls, and replies.
 *
 * A send that waits for the receiver, and a call that waits for the reply, keep
 * the message in the sender's own record. The message needs no memory, and
 * nobody frees the message: the sender sleeps until the message was received or
 * left the box.
 *
 *				synchronous send	call
 *	message in the box	is_received is false	is_received is false
 *	received		the wait ends		waits in server->calls
 *	answered		-			has_reply
 *	receiver ends		-			EPIPE
 *	sender gives up		withdraws		withdraws, or leaves
 *							server->calls
 *
 * A call stands in the list of the process that received the request, so no
 * different process can forge a reply. A reply goes straight into the record of
 * the caller, where the request was before, and never waits. The message may be
 * received, or the reply may come, after a signal or the deadline but before
 * the sender runs. Then the send or call succeeds, since the receiver was told
 * that the message arrived.
 *
 * If box A lay in a message of box B, and B in a message of A, neither would
 * ever be destroyed. So a box may travel only in an older box (ELOOP), and no
 * circle can close.
 */
#include "kernel/ipc/mail_send.h"

#include "kernel/abi/errno.h"
#include "kernel/ipc/inbox.h"
#include "kernel/ipc/mail_receive.h"
#include "kernel/lib/trace.h"
#include "kernel/obj/descriptor.h"
#include "kernel/task/process.h"

/* ---- Into the box -------------------------------------------------------- */

/* With MAILBOX_NONBLOCK, a synchronous send and a call through a rendezvous
 * need a waiting receiver. */
static bool needs_receiver(const struct mail_send *send)
{
	return send->flags & MAILBOX_NONBLOCK &&
	       (send->box->capacity == 0 || send->flags & MAILBOX_SYNC);
}

/* When a message left, only the first sender got a turn. There may be room for
 * the message of a sender behind as well, so pass a turn on. */
static void pass_room_on(struct mailbox *box)
{
	struct wait_queue *senders = &box->object.queue[END_WRITE];

	if (!list_is_empty(&senders->sleepers) && senders->owed == 0 &&
	    mailbox_has_room(box))
		wait_wake(senders);
}

/* Can the message enter the box now? 0, or the errors of mail_send(). */
static int check_room(struct mail_send *send)
{
	struct mailbox *box = send->box;
	const struct message *head = &send->mail.head;

	if (box->has_ended || (head->receiver &&
			       !mailbox_process(head->receiver)))
		return -ESRCH;
	if (mailbox_is_left(box, END_READ))
		return -EPIPE;
	if (send->link ? !mail_link_has_room(send->link, head->bytes)
		       : !mailbox_has_room(box))
		return -EAGAIN;
	if (needs_receiver(send) && !mail_find_receiver(box, head))
		return -EAGAIN;
	return mailbox_has_memory(box, head->bytes) ? 0 : -ENOMEM;
}

/* The header as the receiver sees it. The program cannot forge these fields.
 * Number 0 belongs to no message. */
static void stamp(struct message *head, const struct mail_send *send)
{
	static uint32_t last_id;	/* [P] of the newest message */

	if (++last_id == 0)
		last_id = 1;
	head->id = last_id;
	head->flags &= MESSAGE_HAS_FD;
	if (send->is_call)
		head->flags |= MESSAGE_WANTS_REPLY;
}

/* Only priorities put a message anywhere but at the end. */
static void add(struct mailbox *box, struct mail *mail)
{
	struct list_node *at = &box->mails.head;

	mail->priority = box->capacity == 0 ? task_current()->priority : 0;
	while (at->prev != &box->mails.head &&
	       LIST_ENTRY(at->prev, struct mail, node)->priority <
	       mail->priority)
		at = at->prev;
	list_insert_new(at, &mail->node);
	box->count++;
	box->bytes += mail_bytes(mail->head.bytes);
	trace(TRACE_SEND, &box->object, mail->head.bytes, mail);
	mail_grant(box, mail);
}

/* The message, in the sender's record or in the heap; or NULL and *error. */
static struct mail *create(struct mail_send *send, int *error)
{
	struct mail *mail = &send->mail;

	if (!send->waits)
		return mail_create(send, error);
	*error = mail_fill(mail, send, sizeof(send->bytes));
	return *error ? NULL : mail;
}

static long attempt_put(void *context)
{
	struct mail_send *send = context;
	int error = check_room(send);
	struct mail *mail;

	if (error)
		return error;
	mail = create(send, &error);
	if (!mail)
		return error;
	stamp(&mail->head, send);
	mail->box = send->box;
	mail->link = send->link;
	if (mail->link)
		mail_link_add(mail->link, mail->head.bytes);
	list_node_init(&mail->meant);
	if (mail->head.receiver && !mail->link)
		list_append(&process_find(mail->head.receiver)->mails,
			    &mail->meant);
	add(send->box, mail);
	pass_room_on(send->box);
	return 0;
}

static struct wait_queue *room_queue(const struct mail_send *send)
{
	return send->link ? mail_link_queue(send->link)
			  : &send->box->object.queue[END_WRITE];
}

static int wait_for_room(struct mail_send *send)
{
	const struct wait_request request = {
		.queue = room_queue(send),
		.object = &send->box->object,
		.event = WAIT_SPACE,
		.deadline_ns = send->deadline_ns,
	};

	if (send->flags & MAILBOX_NONBLOCK)
		return -EAGAIN;
	return wait_for(&request, attempt_put, send);
}

static int put(struct mail_send *send)
{
	int error = -EAGAIN;

	if (wait_is_my_turn(room_queue(send)))
		error = attempt_put(send);
	return error == -EAGAIN ? wait_for_room(send) : error;
}

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
	struct message *head = &send->mail.head;
	struct open_file *file;

	head->sender = send->process;
	if (head->bytes > send->box->message_bytes)
		return -EMSGSIZE;
	if (!(head->flags & MESSAGE_HAS_FD))
		return 0;
	file = descriptor_file(head->fd);
	if (!file)
		return -EBADF;
	if (may_close_a_circle(send->box, file))
		return -ELOOP;
	file_get(file);		/* a second thread may close the file */
	send->file = file;
	return 0;
}

static long attempt_end(void *context)
{
	return ((const struct mail_send *)context)->outcome;
}

/* Prepare the record of a sender that will wait. */
static void begin(struct mail_send *send)
{
	struct mail *mail = &send->mail;

	send->is_received = send->has_reply = false;
	send->receiver = mail->head.receiver;
	send->outcome = -EAGAIN;
	wait_queue_init(&send->queue);
	list_node_init(&send->node);
	mail->sender = send;
	mail->bytes = send->bytes;
	mail->file = NULL;
	mail->gift = mail->pages = 0;
}

/* Wait until the message is received or the call is answered. */
static long wait_for_end(struct mail_send *send)
{
	const struct wait_request request = {
		.queue = &send->queue,
		.object = &send->box->object,
		.event = send->is_call ? WAIT_REPLY : WAIT_PEER,
		.deadline_ns = send->deadline_ns,
	};
	long result = wait_for(&request, attempt_end, send);

	if (send->outcome != -EAGAIN)
		result = send->outcome;
	if (list_is_linked(&send->node))
		list_remove(&send->node);
	if (send->is_received)
		return result;
	if (list_is_linked(&send->mail.node))	/* not drained */
		mailbox_withdraw(&send->mail);
	mail_return(&send->mail);
	return result;
}

/* Put the message into the box; wait for the end if the sender waits. */
static long transact(struct mail_send *send)
{
	long result;

	if (send->waits)
		begin(send);
	result = check(send);
	if (!result)
		result = put(send);
	if (send->file)
		file_put(send->file);
	return result || !send->waits ? result : wait_for_end(send);
}

void mail_send_end(struct mail_send *send, int outcome)
{
	if (list_is_linked(&send->node))
		list_remove(&send->node);
	send->outcome = outcome;
	wait_wake(&send->queue);
}

long mail_send(struct mail_send *send)
{
	send->is_call = false;
	send->waits = !(send->flags & MAILBOX_NONBLOCK) &&
		      (send->box->capacity == 0 || send->flags & MAILBOX_SYNC);
	return transact(send);
}

/* ---- Calls --------------------------------------------------------------- */

long mail_call(struct mail_send *send, uaddr_t head_at,
	       const struct message_place *place)
{
	struct mail *reply = &send->mail;
	long result;

	send->is_call = send->waits = true;
	result = transact(send);
	if (!send->has_reply)
		return result;
	result = mail_give(reply, head_at, (uintptr_t)place->body,
			   place->bytes);
	if (!result)
		result = reply->head.bytes;
	mail_release(reply);
	return result;
}

/* The call of this box with this number, received by the process; or NULL. */
static struct mail_send *find_call(const struct mailbox *box, uint32_t id)
{
	struct mail_send *call;

	LIST_FOR_EACH(call, &process_current()->calls, node)
		if (call->mail.head.id == id && call->box == box)
			return call;
	return NULL;
}

long mail_reply(struct mail_send *send)
{
	struct message *head = &send->mail.head;
	struct mail_send *call = find_call(send->box, head->id);
	int error;

	if (!call)
		return -ESRCH;
	error = check(send);
	if (!error)
		error = mail_fill(&call->mail, send, sizeof(call->bytes));
	if (send->file)
		file_put(send->file);
	if (error)
		return error;
	head->receiver = call->process;
	head->flags &= MESSAGE_HAS_FD;
	call->mail.head = *head;
	call->has_reply = true;
	trace(TRACE_REPLY, &send->box->object, head->bytes, call->process);
	mail_send_end(call, 0);
	return 0;
}

void mail_server_ends(struct process *process)
{
	while (!list_is_empty(&process->calls))
		mail_send_end(LIST_ENTRY(list_first(&process->calls),
					 struct mail_send, node), -EPIPE);
}
