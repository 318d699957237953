/*
 * mail_receive.c - receiving: which receiver gets which message.
 *
 * A receiver selects by type and by sender. So the first receiver in a queue
 * cannot always use a new message. The sender therefore grants the message to a
 * chosen receiver, and wakes this receiver alone. A granted message stays in
 * the same place in the box, but is not free any more. No waiting receiver
 * wants a free message. So a new receiver may take the first free message that
 * fits, and overtakes no waiting receiver.
 *
 * Receivers with the same selection sleep in the same queue, by priority, then
 * by arrival. A message of type 7 from process 12 is wanted in four queues,
 *
 *	(any, any)  (7, any)  (any, 12)  (7, 12)
 *
 * and goes to the best of the four first receivers. So a send costs the same
 * with 1 and with 1,000 sleeping receivers. (any, any) is the queue of the box.
 * A hash finds the queue of each narrower selection, and different selections
 * may share a queue. A message for a process goes to a thread of this process.
 *
 * A grant can fail in two ways. The receiver does not take the message (a bad
 * address, no free descriptor, a kill): the message is granted to the next
 * receiver. Or the sender withdraws the message: the receiver is awake and has
 * lost its message. This receiver is granted a new message, which may also come
 * before the receiver sleeps again.
 */
#include "kernel/ipc/mail_receive.h"

#include "kernel/abi/errno.h"
#include "kernel/ipc/mail_send.h"
#include "kernel/lib/trace.h"
#include "kernel/task/process.h"

#define SELECTIONS	256

/* [P] where receivers that select sleep, of all boxes; zeroed: not used yet */
static struct wait_queue selections[SELECTIONS];

/* ---- Which receiver gets a message --------------------------------------- */

static bool is_wanted(const struct message *head,
		      const struct mail_receive *receive)
{
	return (!receive->type || receive->type == head->type) &&
	       (!receive->sender || receive->sender == head->sender) &&
	       (!head->receiver || head->receiver == receive->process->id);
}

/* Where receivers with this selection sleep; both 0: in the box's queue. */
static struct wait_queue *selection_queue(struct mailbox *box, uint32_t type,
					  pid_t sender)
{
	uint32_t key = box->object.id * 31 + type * 0x9e3779b1 +
		       (uint32_t)sender * 0x85ebca6b;
	struct wait_queue *queue = &selections[(key ^ key >> 16) % SELECTIONS];

	if (!queue->sleepers.head.next) {
		wait_queue_init(queue);
		queue->is_chosen = true;
	}
	return queue;
}

/* The receive of a task that waits for this box, or NULL. */
static struct mail_receive *receive_of(const struct task *task,
				       const struct mailbox *box)
{
	bool waits_here = task->wait.queue &&
			  task->wait.request->object == &box->object &&
			  task->wait.request->event == WAIT_DATA;

	return waits_here ? task->wait.context : NULL;
}

/* The better of two receivers; a or b may be NULL. */
static struct mail_receive *better(struct mail_receive *a,
				   struct mail_receive *b)
{
	if (!a || !b)
		return a ? a : b;
	return wait_goes_before(b->task, a->task) ? b : a;
}

/* The first fitting receiver among the sleepers of this queue. */
static struct mail_receive *first_in(const struct wait_queue *queue,
				     const struct mailbox *box,
				     const struct message *head)
{
	struct mail_receive *receive;
	struct task *task;

	LIST_FOR_EACH(task, &queue->sleepers, wait.node) {
		receive = receive_of(task, box);
		if (receive && is_wanted(head, receive))
			return receive;
	}
	return NULL;
}

/* The best fitting receiver among the threads of the process. */
static struct mail_receive *first_thread(const struct mailbox *box,
					 const struct message *head)
{
	const struct process *process = process_find(head->receiver);
	struct mail_receive *receive, *first = NULL;
	struct task *task;

	if (!process)
		return NULL;
	LIST_FOR_EACH(task, &process->tasks, sibling) {
		receive = receive_of(task, box);
		if (receive && list_is_linked(&task->wait.node) &&
		    is_wanted(head, receive))
			first = better(first, receive);
	}
	return first;
}

/* In the queues where this message is wanted. */
static struct mail_receive *first_of_queues(struct mailbox *box,
					    const struct message *head)
{
	struct list_node *node = list_first(&box->object.queue[END_READ]
					    .sleepers);
	struct mail_receive *first = NULL;
	struct wait_queue *queue;
	int which;

	if (node)			/* a receiver of any message */
		first = LIST_ENTRY(node, struct task, wait.node)->wait.context;
	for (which = 1; which <= 3 && box->selecting > 0; which++) {
		queue = selection_queue(box, which & 1 ? head->type : 0,
					which & 2 ? head->sender : 0);
		first = better(first, first_in(queue, box, head));
	}
	return first;
}

struct mail_receive *mail_find_receiver(struct mailbox *box,
					const struct message *head)
{
	struct mail_receive *first, *awake;

	if (head->receiver && !box->owner)
		first = first_thread(box, head);
	else
		first = first_of_queues(box, head);
	LIST_FOR_EACH(awake, &box->awake, awake)
		if (is_wanted(head, awake))
			first = better(first, awake);
	return first;
}

struct mail *mail_find(const struct mailbox *box,
		       const struct mail_receive *receive)
{
	struct mail *mail;

	LIST_FOR_EACH(mail, &box->mails, node)
		if (!mail->taker && is_wanted(&mail->head, receive))
			return mail;
	return NULL;
}

/* ---- Granting ------------------------------------------------------------ */

static bool selects(const struct mail_receive *receive)
{
	return receive->type || receive->sender;
}

static void start_waiting(struct mail_receive *receive)
{
	receive->is_counted = selects(receive);
	receive->box->selecting += receive->is_counted;
}

static void stop_waiting(struct mail_receive *receive)
{
	receive->box->selecting -= receive->is_counted;
	receive->is_counted = false;
	if (list_is_linked(&receive->awake))
		list_remove(&receive->awake);
}

/* The receiver has a message or an error: end the wait. */
static void wake_receiver(struct mail_receive *receive)
{
	bool sleeps = !list_is_linked(&receive->awake);

	stop_waiting(receive);
	if (sleeps)
		wait_wake_task(receive->task->wait.queue, receive->task);
}

/* A receiver with a buffer that is too small is woken with -EMSGSIZE, and the
 * next receiver is tried. */
void mail_grant(struct mailbox *box, struct mail *mail)
{
	struct mail_receive *receive;

	mail->taker = NULL;
	while (!mail->taker) {
		receive = mail_find_receiver(box, &mail->head);
		if (!receive)
			break;
		if (mail->head.bytes > receive->body_bytes) {
			receive->error = -EMSGSIZE;
		} else {
			receive->mail = mail;
			mail->taker = receive;
		}
		wake_receiver(receive);
	}
	if (!mail->taker)
		mailbox_wake(box, END_READ);	/* pollers */
}

void mail_grant_another(struct mail_receive *receive)
{
	receive->mail = mail_find(receive->box, receive);
	if (receive->mail) {
		receive->mail->taker = receive;
		return;
	}
	start_waiting(receive);
	list_append(&receive->box->awake, &receive->awake);
}

/* ---- Receiving ----------------------------------------------------------- */

/* The running process has received the message. */
static void finish(struct mail *mail, bool can_reply)
{
	struct mail_send *send = mail->sender;
	struct process *process = process_current();

	mailbox_remove(mail);
	mail_release(mail);
	if (!send)
		return;
	send->is_received = true;
	send->receiver = process->id;
	if (send->is_call && can_reply)
		list_append(&process->calls, &send->node);
	else
		mail_send_end(send, send->is_call ? -EPIPE : 0);
}

static long attempt_take(void *context)
{
	struct mail_receive *receive = context;
	struct mail *mail = receive->mail;
	long bytes;
	int error = receive->error;

	if (list_is_linked(&receive->awake))
		list_remove(&receive->awake);
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
	finish(mail, !receive->cannot_reply);
	return bytes;
}

static long wait_for_mail(struct mail_receive *receive)
{
	struct mailbox *box = receive->box;
	const struct wait_request request = {
		.queue = selects(receive)
			? selection_queue(box, receive->type, receive->sender)
			: &box->object.queue[END_READ],
		.object = &box->object,
		.event = WAIT_DATA,
		.deadline_ns = receive->deadline_ns,
	};
	long result;

	receive->task = task_current();
	start_waiting(receive);
	if (box->capacity == 0)		/* a poller could send now */
		mailbox_wake(box, END_WRITE);
	result = wait_for(&request, attempt_take, receive);
	stop_waiting(receive);
	if (receive->mail)
		mail_grant(box, receive->mail);
	if (list_is_linked(&receive->expected))
		list_remove(&receive->expected);
	return result;
}

long mailbox_receive(struct mail_receive *receive)
{
	struct process *sender = NULL;
	long result = -EAGAIN;

	if (!list_is_empty(&receive->box->mails))
		result = attempt_take(receive);
	if (result != -EAGAIN)
		return result;
	if (receive->sender) {
		sender = mailbox_process(receive->sender);
		if (!sender)
			return -ESRCH;
	}
	if (mailbox_is_left(receive->box, END_WRITE))
		return -EPIPE;
	if (receive->flags & MAILBOX_NONBLOCK)
		return -EAGAIN;
	if (sender)			/* mail_sender_ends() looks there */
		list_append(&sender->expected, &receive->expected);
	return wait_for_mail(receive);
}

/* ---- Ends of waits ------------------------------------------------------- */

/* End the wait. A message that was granted to this receiver already is granted
 * to the next receiver when the task runs. */
static void refuse(struct mail_receive *receive, int error)
{
	receive->error = error;
	wait_interrupt(receive->task, error);
}

void mail_lose_replies(const struct mailbox *box, const struct process *process)
{
	struct mail_receive *receive;
	struct task *task;

	LIST_FOR_EACH(task, &process->tasks, sibling) {
		receive = receive_of(task, box);
		if (receive)
			receive->cannot_reply = true;
	}
}

void mail_sender_ends(struct process *process)
{
	struct mail_receive *receive;
	struct list_node *first;

	while ((first = list_take_first(&process->expected)) != NULL) {
		receive = LIST_ENTRY(first, struct mail_receive, expected);
		if (!receive->mail)
			refuse(receive, -ESRCH);
	}
}

static void refuse_all(struct wait_queue *queue, const struct mailbox *box)
{
	struct mail_receive *receive;
	struct task *task, *after;

	LIST_FOR_EACH_SAFE(task, after, &queue->sleepers, wait.node) {
		receive = receive_of(task, box);
		if (receive)
			refuse(receive, -EPIPE);
	}
}

/* A receiver that is awake without a message has lost this message to a sender
 * that is gone now. */
void mail_senders_left(struct mailbox *box)
{
	struct mail_receive *awake;

	refuse_all(&box->object.queue[END_READ], box);
	for (int i = 0; i < SELECTIONS && box->selecting > 0; i++)
		if (selections[i].sleepers.head.next)
			refuse_all(&selections[i], box);
	LIST_FOR_EACH(awake, &box->awake, awake)
		awake->error = -EPIPE;
	wait_wake_all(&box->object.queue[END_READ]);	/* pollers */
}
