/*
 * mail_call.c - sends that wait or not, receives, calls and replies.
 *
 *			receive				send
 *	a receiver waits -				gives the message
 *	no message fits	waits, or EAGAIN		stores the message
 *	n messages	takes the first that fits	waits, or EAGAIN
 *	capacity 0	the same			waits for the receiver
 *
 * The sender gives the whole message to the best receiver, and wakes this
 * receiver alone. If the receiver cannot take the message (a bad address, no
 * free descriptor), its wait ends with the error, and the next receiver is
 * tried. So no waiting receiver wants a stored message.
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
 * different process can forge a reply. A reply goes straight into the memory of
 * the caller, which sleeps. If the receive or the reply comes after a signal or
 * the deadline, but before the sender runs, the send or call succeeds.
 *
 * A process may send a direct message where kill(2) may send a signal, and an
 * answer always: the receiver waits for a message from this very sender. The
 * first process (init) takes answers only.
 */
#include "kernel/ipc/mail_call.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/trace.h"

/* ---- A message enters the box -------------------------------------------- */

/* The header as the receiver sees it. The program cannot forge these fields.
 * Number 0 belongs to no message. */
static void stamp(struct message *head, bool is_call)
{
	static uint32_t last_id;	/* [P] of the newest message */

	head->id = ++last_id ? last_id : ++last_id;
	head->flags &= MESSAGE_HAS_FD;
	if (is_call)
		head->flags |= MESSAGE_WANTS_REPLY;
}

/* Can the message ever be received? */
static int check_receiver(const struct mail *mail)
{
	if (mail->box->has_ended ||
	    (mail->head.receiver && !mailbox_partner(mail->head.receiver)))
		return -ESRCH;
	return mailbox_is_left(mail->box, END_READ) ? -EPIPE : 0;
}

/* The receiver has the message: tell a sender that waits. */
static void tell_sender(const struct mail *mail,
			const struct mail_receive *receive)
{
	struct mail_send *send = mail->sender;

	if (!send)
		return;
	send->is_received = true;
	send->receiver = receive->to.process->id;
	if (send->is_call && !receive->cannot_reply)
		list_append(&receive->to.process->calls, &send->node);
	else
		mailbox_end_send(send, send->is_call ? -EPIPE : 0);
}

/* Give the message to the best waiting receiver that can take the message. 0;
 * -EAGAIN: no such receiver; -EFAULT: a bad address of the sender. */
static int deliver(struct mail *mail)
{
	struct mail_receive *receive;
	int error;

	while ((receive = mail_find_receiver(mail->box, &mail->head)) != NULL) {
		error = mail_give(mail, &receive->to);
		if (error == PROCESS_UNREADABLE)
			return -EFAULT;
		receive->result = error ? error : (long)mail->head.bytes;
		receive->id = mail->head.id;
		if (!error) {
			trace(TRACE_SEND, &mail->box->object, mail->head.bytes,
			      mail->head.id);
			tell_sender(mail, receive);
		}
		wait_wake_task(receive->task->wait.queue, receive->task);
		if (!error)
			return 0;
	}
	return -EAGAIN;
}

/* No receiver waits. 0; -EAGAIN (the message is synchronous, and the sender may
 * not wait), -EFAULT, -ENOMEM. */
static int store(struct mail_send *send)
{
	struct mailbox *box = send->mail.box;
	struct mail *mail;
	int error;

	if (send->flags & MAILBOX_NONBLOCK &&
	    (box->capacity == 0 || send->flags & MAILBOX_SYNC))
		return -EAGAIN;
	if (!mailbox_has_memory(box, send->mail.head.bytes))
		return -ENOMEM;
	mail = mail_store(send, &error);
	if (!mail)
		return error;
	mailbox_insert(mail);
	trace(TRACE_SEND, &box->object, mail->head.bytes, mail->head.id);
	object_wake(&box->object, END_READ);	/* pollers */
	if (mail->flight)			/* last: see flight.h */
		flight_depart(mail->flight, &box->holder);
	return 0;
}

static long attempt_put(void *context)
{
	struct mail_send *send = context;
	struct mail *mail = &send->mail;
	int error = check_receiver(mail);

	if (!error && !mailbox_has_room(mail, mail->head.bytes))
		error = -EAGAIN;
	if (error)
		return error;
	stamp(&mail->head, send->is_call);
	if (send->flags & MAILBOX_GIFT)
		error = mail_take_pages(mail);
	if (!error)
		error = deliver(mail);
	if (error == -EAGAIN)
		error = store(send);
	if (error && mail->gift)
		mail_return_pages(mail);
	if (!error && mail->box->capacity != 0)
		mailbox_pass_room(mail);
	return error;
}

static long wait_for_room(struct mail_send *send)
{
	const struct wait_request request = {
		.queue = mailbox_room(&send->mail),
		.object = &send->mail.box->object,
		.event = WAIT_SPACE,
		.deadline_ns = send->deadline_ns,
	};

	return wait_for(&request, attempt_put, send);
}

/* ---- Sending ------------------------------------------------------------- */

static long attempt_end(void *context)
{
	return ((const struct mail_send *)context)->outcome;
}

/* Wait until the message is received or the call is answered. */
static long wait_for_end(struct mail_send *send)
{
	struct mailbox *box = send->mail.box;
	const struct wait_request request = {
		.queue = &box->senders,
		.object = &box->object,
		.event = send->is_call ? WAIT_REPLY : WAIT_PEER,
		.deadline_ns = send->deadline_ns,
	};
	long result = send->outcome;

	if (result == -EAGAIN)
		result = wait_for(&request, attempt_end, send);
	if (send->outcome != -EAGAIN)
		result = send->outcome;
	else if (send->is_received)
		list_remove(&send->node);
	if (send->is_received)
		return result;
	if (list_is_linked(&send->mail.nodes[0]))	/* not drained */
		mailbox_remove(&send->mail);
	mail_return_pages(&send->mail);
	return result;
}

/* Put the message into the box; wait for the end if the sender waits. */
static long transact(struct mail_send *send)
{
	struct mail *mail = &send->mail;
	long result = mail_check(mail);

	if (send->waits) {
		mail->sender = send;
		list_node_init(&send->node);
		send->task = task_current();
		send->is_received = false;
		send->receiver = mail->head.receiver;
		send->outcome = -EAGAIN;
	}
	if (!result)
		result = wait_try(mailbox_room(mail), attempt_put, send);
	if (result == -EAGAIN && !(send->flags & MAILBOX_NONBLOCK))
		result = wait_for_room(send);
	if (!result && send->waits)
		result = wait_for_end(send);
	if (mail->pages || mail->flight)
		mail_free(mail);
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
	int error = call ? mail_check(reply) : -ESRCH;

	if (error)
		return error;
	reply->head.receiver = call->mail.head.sender;
	reply->head.flags &= MESSAGE_HAS_FD;
	error = mail_give(reply, &call->reply_to);
	if (error != PROCESS_UNREADABLE) {
		trace(TRACE_REPLY, &reply->box->object, reply->head.bytes,
		      call->mail.head.sender);
		mailbox_end_send(call, error ? error : (long)reply->head.bytes);
	}
	if (reply->flight)
		mail_free(reply);
	return error == PROCESS_UNREADABLE ? -EFAULT : 0;
}

/* ---- Receiving ----------------------------------------------------------- */

static long take(struct mail_receive *receive)
{
	struct mail *mail = mail_find(receive);
	int error;

	if (!mail)
		return -EAGAIN;
	error = mail_give(mail, &receive->to);
	if (error)
		return error;
	receive->id = mail->head.id;
	receive->result = mail->head.bytes;
	mailbox_remove(mail);
	tell_sender(mail, receive);
	mail_free(mail);
	return receive->result;
}

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
	struct process *sender = receive->sender
		? mailbox_partner(receive->sender) : NULL;

	if (receive->sender && !sender)
		return -ESRCH;
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

	if (!list_is_empty(&receive->box->any.mails))
		result = take(receive);
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
	struct process *process = mailbox_partner(to);
	struct mailbox *inbox;
	long result;

	if (!process)
		return -ESRCH;
	if (!may_send(process))
		return -EPERM;
	inbox = mailbox_of_process(process);
	send->mail.link = inbox ? mail_link_get(inbox) : NULL;
	if (!send->mail.link)
		return -ENOMEM;
	object_get(&inbox->object);	/* the owner may end meanwhile */
	send->mail.box = inbox;
	send->mail.head.receiver = to;
	result = mail_send(send);
	mail_link_put(send->mail.link);
	object_put(&inbox->object);
	return result;
}
