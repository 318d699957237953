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
 * tried. So no waiting receiver wants a stored message. See also mail_long.c.
 *
 *				synchronous send	call
 *	message in the box	is_received is false	is_received is false
 *	received		the wait ends		waits in server->calls
 *	answered		-			the wait ends
 *	receiver ends		-			EPIPE
 *	sender gives up		withdraws		withdraws, or leaves
 *							server->calls
 *
 * The server runs at the priority of its callers (inherit.c): the task that has
 * received the call, or has received the last call before from the same box.
 *
 * A call stands in the list of the process that received the request, so no
 * different process can forge a reply. A reply goes straight into the memory of
 * the caller, which sleeps. If the receive or the reply comes after a signal or
 * the deadline, but before the sender runs, the send or call succeeds.
 */
#include "kernel/ipc/mail_call.h"

#include "kernel/lib/trace.h"

/* ---- A message enters the box -------------------------------------------- */

/* The program cannot forge these fields. Number 0 belongs to no message. */
static void stamp(struct message *head, bool is_call)
{
	static uint32_t last_id;	/* [P] of the newest message */

	head->id = ++last_id ? last_id : ++last_id;
	head->flags &= MESSAGE_HAS_FD;
	if (is_call)
		head->flags |= MESSAGE_WANTS_REPLY;
}

/* The server has received the call. A caller that runs lends when its sleep
 * begins. */
static void lend_to(struct mail_send *call, pid_t server)
{
	call->mail.box->server = server;
	if (list_is_linked(&call->task->wait.node))
		inherit_give(&call->loan, server);
	else
		call->loan.owner = server;
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
	if (send->is_call && !receive->cannot_reply) {
		list_append(&receive->to.process->calls, &send->node);
		lend_to(send, receive->task->id);
	} else {
		mailbox_end_send(send, send->is_call ? -EPIPE : 0);
	}
}

/* Give the message to the best waiting receiver. 0; -EAGAIN: none waits;
 * -EFAULT: a bad address of the sender; or WAIT_TRY_NEXT. */
static int deliver(struct mail *mail)
{
	struct mail_receive *receive = mail_find_receiver(mail->box,
							  &mail->head);
	int error;

	if (!receive)
		return -EAGAIN;
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
	return error ? WAIT_TRY_NEXT : 0;
}

/* No receiver waits. 0; -EAGAIN (and the sender may not wait), -EFAULT,
 * -ENOMEM. */
static int store(struct mail_send *send)
{
	struct mailbox *box = send->mail.box;
	struct mail *mail;
	int error;

	if (mail_must_be_met(send))
		return -EAGAIN;
	if (!mailbox_has_memory(box, send->mail.head.bytes))
		return -ENOMEM;
	mail = mail_store(send, &error);
	if (!mail)
		return error;
	mailbox_insert(mail);
	send->loan.owner = inherit_is_circle(&send->loan, box->server)
		? 0 : box->server;
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
	int error = mailbox_check_receiver(mail);

	if (!error && !mailbox_has_room(mail, mail->head.bytes))
		error = -EAGAIN;
	if (error)
		return error;
	stamp(&mail->head, send->is_call);
	error = deliver(mail);
	if (error == -EAGAIN)
		error = store(send);
	if (!error && mail->box->capacity != 0)
		mailbox_pass_room(mail);
	return error;
}

/* Put the message into the box at once, or when there is room. */
static long put(struct mail_send *send)
{
	const struct wait_request request = {
		.queue = mailbox_room(&send->mail),
		.object = &send->mail.box->object,
		.event = WAIT_SPACE,
		.deadline_ns = send->deadline_ns,
		.never_sleeps = send->flags & MAILBOX_NONBLOCK,
	};
	long result = wait_try(request.queue, attempt_put, send);

	return result ? wait_go_on(result, &request, attempt_put, send) : 0;
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

	if (result == -EAGAIN) {
		if (send->is_call)
			send->task->wait.loan = &send->loan;
		result = wait_for(&request, attempt_end, send);
		if (result < 0)
			mailbox_end_lonely_wait(box);
	}
	if (send->outcome != -EAGAIN)
		result = send->outcome;
	else if (send->is_received)
		list_remove(&send->node);
	if (!send->is_received && list_is_linked(&send->mail.nodes[0]))
		mailbox_remove(&send->mail);	/* not drained */
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
		send->loan.lender = send->task;
		send->loan.queue = NULL;
		send->loan.holder = NULL;
		send->is_received = false;
		send->receiver = mail->head.receiver;
		send->outcome = -EAGAIN;
	}
	if (!result && (mail_is_long(mail) || send->flags & MAILBOX_GIFT))
		result = mail_bring_in(send);
	if (!result)
		result = put(send);
	if (!result && send->waits)
		result = wait_for_end(send);
	if (mail->gift)
		mail_return_pages(mail);
	if (mail->pages || mail->flight)
		mail_free(mail);
	return result;
}

long mail_send(struct mail_send *send)
{
	send->is_call = false;
	send->waits = (send->mail.box->capacity == 0 ||
		       send->flags & MAILBOX_SYNC) &&
		     !(send->flags & MAILBOX_NONBLOCK);
	return transact(send);
}

/* ---- Calls --------------------------------------------------------------- */

long mail_call(struct mail_send *send)
{
	struct mail_place *to = &send->reply_to;
	long result = 0;

	if (mailbox_has_long(send->mail.box))
		result = mail_prepare(to, send->mail.box->message_bytes);
	send->is_call = send->waits = true;
	if (!result)
		result = transact(send);
	return to->pages ? mail_collect(to, result) : result;
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

	if (!error && mail_is_long(reply)) {
		error = mail_bring_in(send);
		call = find_call(reply);	/* the caller may give up */
	}
	if (!error && !call)
		error = -ESRCH;
	if (error) {
		mail_free(reply);
		return error;
	}
	reply->head.receiver = call->mail.head.sender;
	reply->head.flags &= MESSAGE_HAS_FD;
	error = mail_give(reply, &call->reply_to);
	if (error != PROCESS_UNREADABLE) {
		trace(TRACE_REPLY, &reply->box->object, reply->head.bytes,
		      call->mail.head.sender);
		mailbox_end_send(call, error ? error : (long)reply->head.bytes);
	}
	if (reply->flight || reply->pages)
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

	receive->result = -EAGAIN;
	list_insert_new(&box->receivers.head, &receive->node);
	box->selecting += selects;
	if (box->capacity == 0)		/* a poller could send now */
		object_wake(&box->object, END_WRITE);
	result = wait_for(&request, attempt_receive, receive);
	box->selecting -= selects;
	list_remove(&receive->node);
	if (result < 0)
		mailbox_end_lonely_wait(box);
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

static long take_or_wait(struct mail_receive *receive)
{
	long result = -EAGAIN;

	if (receive->box->count > 0)
		result = take(receive);
	if (result == -EAGAIN) {
		result = check_sender(receive);
		if (!result)
			result = wait_for_mail(receive);
	}
	return result;
}

long mail_receive(struct mail_receive *receive)
{
	struct mail_place *to = &receive->to;
	long result = 0;

	receive->task = task_current();
	if (mailbox_has_long(receive->box))
		result = mail_prepare_receive(receive);
	if (!result)
		result = take_or_wait(receive);
	if (result >= 0)
		trace(TRACE_RECEIVE, &receive->box->object, result,
		      receive->id);
	return to->pages ? mail_collect(to, result) : result;
}
