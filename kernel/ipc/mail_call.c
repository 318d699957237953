/*
 * mail_call.c - sends that wait or not, receives, calls and replies.
 *
 * A synchronous send returns when the message was received. In a box of
 * capacity 0 every send is synchronous. A synchronous sender that may not wait
 * (MAILBOX_NONBLOCK) needs a receiver that waits already. A sender that waits
 * for the receiver, and a caller that waits for the reply, keep the message in
 * the sender's own record.
 *
 *				synchronous send	call
 *	message in the box	is_received is false	is_received is false
 *	received		the wait ends		waits in server->calls
 *	answered		-			the wait ends
 *	receiver ends		-			EPIPE
 *	sender gives up		withdraws		withdraws, or leaves
 *							server->calls
 *
 * A call stands in the list of the process that received the request, so no
 * different process can forge a reply. A reply never waits: it goes straight
 * into the memory of the caller, which sleeps. The message may be received, or
 * the reply may come, after a signal or the deadline but before the sender
 * runs. Then the send or call succeeds, since the receiver was told that the
 * message arrived.
 *
 * No process asked for a direct message. So a process may send where the
 * process may send a signal (kill(2)). An answer is always allowed: the
 * receiver waits for a message from this very sender. The first process (init)
 * takes answers only.
 */
#include "kernel/ipc/mail_call.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/account.h"
#include "kernel/obj/descriptor.h"

/* The process of this id if it can still send and receive, or NULL. */
static struct process *find_process(pid_t id)
{
	struct process *process = id > 0 ? process_find(id) : NULL;

	if (!process || process->state == PROCESS_ZOMBIE ||
	    !process->descriptors)
		return NULL;
	return process;
}

/* ---- A message enters the box -------------------------------------------- */

/* The header as the receiver sees it. The program cannot forge these fields.
 * Number 0 belongs to no message. */
static void stamp(struct message *head, bool is_call)
{
	static uint32_t last_id;	/* [P] of the newest message */

	if (++last_id == 0)
		last_id = 1;
	head->id = last_id;
	head->flags &= MESSAGE_HAS_FD;
	if (is_call)
		head->flags |= MESSAGE_WANTS_REPLY;
}

/* Can the message ever be received? */
static int check_receiver(const struct mail *mail)
{
	if (mail->box->has_ended ||
	    (mail->head.receiver && !find_process(mail->head.receiver)))
		return -ESRCH;
	return mailbox_is_left(mail->box, END_READ) ? -EPIPE : 0;
}

static long attempt_put(void *context)
{
	struct mail_send *send = context;
	struct mail *mail = &send->mail;
	int error = check_receiver(mail);

	if (error)
		return error;
	if (!mail_has_room(mail, mail->head.bytes))
		return -EAGAIN;
	stamp(&mail->head, send->is_call);
	if (send->flags & MAILBOX_GIFT)
		error = mail_take_pages(mail);
	if (!error)
		error = mail_deliver(mail);
	if (error == -EAGAIN)
		error = mail_put(send);
	if (error && mail->gift)
		mail_return_pages(mail);
	if (!error)
		mail_pass_room(mail);
	return error;
}

static long wait_for_room(struct mail_send *send)
{
	const struct wait_request request = {
		.queue = send->mail.room,
		.object = &send->mail.box->object,
		.event = WAIT_SPACE,
		.deadline_ns = send->deadline_ns,
	};

	if (send->flags & MAILBOX_NONBLOCK)
		return -EAGAIN;
	return wait_for(&request, attempt_put, send);
}

static long put(struct mail_send *send)
{
	long result = -EAGAIN;

	if (wait_is_my_turn(send->mail.room))
		result = attempt_put(send);
	return result == -EAGAIN ? wait_for_room(send) : result;
}

/* ---- Sending ------------------------------------------------------------- */

/* Check the message, and create the flight of the descriptor. 0, -EMSGSIZE,
 * -EBADF (the descriptor), -ETOOMANYREFS, -ENOMEM. */
static int check(struct mail *mail)
{
	struct open_file *file;

	mail->head.sender = process_current()->id;
	if (mail->head.bytes > mail->box->message_bytes)
		return -EMSGSIZE;
	if (!(mail->head.flags & MESSAGE_HAS_FD))
		return 0;
	file = descriptor_file(mail->head.fd);
	if (!file)
		return -EBADF;
	mail->flight = flight_create(file);
	if (!mail->flight)
		return account_error(ACCOUNT_FLIGHTS, 1, -ETOOMANYREFS,
				     -ENOMEM);
	return 0;
}

static long attempt_end(void *context)
{
	return ((const struct mail_send *)context)->outcome;
}

/* Wait until the message is received or the call is answered. */
static long wait_for_end(struct mail_send *send)
{
	const struct wait_request request = {
		.queue = &send->queue,
		.object = &send->mail.box->object,
		.event = send->is_call ? WAIT_REPLY : WAIT_PEER,
		.deadline_ns = send->deadline_ns,
	};
	long result = send->outcome;

	if (result == -EAGAIN)
		result = wait_for(&request, attempt_end, send);
	if (send->outcome != -EAGAIN)
		result = send->outcome;
	if (list_is_linked(&send->node))
		list_remove(&send->node);
	if (send->is_received)
		return result;
	if (list_is_linked(&send->mail.node))	/* not drained */
		mail_remove(&send->mail);
	mail_return_pages(&send->mail);
	return result;
}

/* Put the message into the box; wait for the end if the sender waits. */
static long transact(struct mail_send *send)
{
	struct mail *mail = &send->mail;
	long result = check(mail);

	mail->room = mail->link ? &mail->link->queue
				: &mail->box->object.queue[END_WRITE];
	if (send->waits) {
		mail->sender = send;
		list_node_init(&mail->node);
		list_node_init(&send->node);
		wait_queue_init(&send->queue);
		send->is_received = false;
		send->receiver = mail->head.receiver;
		send->outcome = -EAGAIN;
	}
	if (!result)
		result = put(send);
	if (!result && send->waits)
		result = wait_for_end(send);
	mail_empty(mail);
	return result;
}

long mail_send(struct mail_send *send)
{
	send->is_call = false;
	send->waits = !(send->flags & MAILBOX_NONBLOCK) &&
		      (send->mail.box->capacity == 0 ||
		       send->flags & MAILBOX_SYNC);
	return transact(send);
}

/* ---- Calls --------------------------------------------------------------- */

long mail_call(struct mail_send *send)
{
	send->is_call = send->waits = true;
	return transact(send);
}

/* The call of this box with this number, received by the running process; or
 * NULL. */
static struct mail_send *find_call(const struct mail *reply)
{
	struct mail_send *call;

	LIST_FOR_EACH(call, &process_current()->calls, node)
		if (call->mail.head.id == reply->head.id &&
		    call->mail.box == reply->box)
			return call;
	return NULL;
}

long mail_reply(struct mail_send *send)
{
	struct mail *reply = &send->mail;
	struct mail_send *call = find_call(reply);
	int error;

	if (!call)
		return -ESRCH;
	error = check(reply);
	if (error)
		return error;
	reply->head.receiver = call->mail.head.sender;
	reply->head.flags &= MESSAGE_HAS_FD;
	error = mail_give(reply, &call->reply_to);
	if (error != PROCESS_UNREADABLE) {
		trace(TRACE_REPLY, &reply->box->object, reply->head.bytes,
		      call->mail.head.sender);
		mail_end(call, error ? error : (long)reply->head.bytes);
	}
	mail_empty(reply);
	return error == PROCESS_UNREADABLE ? -EFAULT : 0;
}

/* ---- Receiving ----------------------------------------------------------- */

static long attempt_receive(void *context)
{
	return ((const struct mail_receive *)context)->result;
}

static long wait_for_mail(struct mail_receive *receive)
{
	struct mailbox *box = receive->box;
	bool selects = receive->type || receive->sender;
	const struct wait_request request = {
		.queue = mail_receivers(receive),
		.object = &box->object,
		.event = WAIT_DATA,
		.deadline_ns = receive->deadline_ns,
	};
	long result;

	receive->task = task_current();
	receive->result = -EAGAIN;
	list_insert_new(&box->receivers.head, &receive->node);
	box->selecting += selects;
	if (box->capacity == 0)		/* a poller could send now */
		object_wake(&box->object, END_WRITE);
	result = wait_for(&request, attempt_receive, receive);
	box->selecting -= selects;
	list_remove(&receive->node);
	if (list_is_linked(&receive->expected))
		list_remove(&receive->expected);
	return result;
}

/* No message is there. The errors of a receive that does not wait. */
static int check_sender(struct mail_receive *receive)
{
	struct process *sender = NULL;

	if (receive->sender) {
		sender = find_process(receive->sender);
		if (!sender)
			return -ESRCH;
	}
	if (mailbox_is_left(receive->box, END_WRITE))
		return -EPIPE;
	if (receive->flags & MAILBOX_NONBLOCK)
		return -EAGAIN;
	if (sender)		/* the end of the process ends the wait */
		list_append(&sender->expected, &receive->expected);
	return 0;
}

long mail_receive(struct mail_receive *receive)
{
	long result = -EAGAIN;

	if (!list_is_empty(&receive->box->mails))
		result = mail_take(receive);
	if (result == -EAGAIN) {
		result = check_sender(receive);
		if (!result)
			result = wait_for_mail(receive);
	}
	if (result >= 0)
		trace(TRACE_RECEIVE, &receive->box->object, result,
		      receive->id);
	return result;
}

/* ---- Straight to a process ----------------------------------------------- */

/* Does a task of the process wait for a message from the running process, and
 * has none yet? */
static bool is_answer(const struct process *to)
{
	const struct mail_receive *receive;

	LIST_FOR_EACH(receive, &process_current()->expected, expected)
		if (receive->box == to->inbox && receive->result == -EAGAIN)
			return true;
	return false;
}

static bool may_send(const struct process *to)
{
	const struct process *from = process_current();

	if (to == from || is_answer(to))
		return true;
	return to != process_init && user_may_signal(from, to, 0);
}

long mail_send_to(struct mail_send *send, pid_t to)
{
	struct process *process = find_process(to);
	struct mailbox *inbox;
	long result = -ENOMEM;

	if (!process)
		return -ESRCH;
	if (!may_send(process))
		return -EPERM;
	inbox = mailbox_of_process(process);
	if (!inbox)
		return -ENOMEM;
	object_get(&inbox->object);	/* the owner may end meanwhile */
	send->mail.box = inbox;
	send->mail.head.receiver = to;
	send->mail.link = mail_link_get(inbox);
	if (send->mail.link) {
		result = mail_send(send);
		mail_link_put(send->mail.link);
	}
	object_put(&inbox->object);
	return result;
}
