/*
 * mailbox.c - the box: stored messages, and tasks that wait.
 *
 * A wait that no task could end any more ends with an error. A message for a
 * process leaves the box when the process ends (ESRCH). A box without a name
 * cannot be opened again. Such a box without an open descriptor to receive ends
 * all sends and calls with EPIPE; without a descriptor to send, and without a
 * message, all receives. A descriptor opened with O_RDWR counts for both sides.
 *
 * Hundreds of tasks may wait. If a close woke all of these tasks, no other task
 * could run for a long time. So the close wakes the first sender and the first
 * receiver that wait in vain. A task whose wait ends with an error wakes the
 * next task. The calls that a process cannot answer any more end one by one,
 * and tasks may switch after each call.
 */
#include "kernel/ipc/mailbox.h"

#include "kernel/abi/errno.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/descriptor.h"
#include "kernel/task/process.h"

/* ---- What a sender has in an inbox --------------------------------------- */

static struct pool link_pool = POOL("mail-link", sizeof(struct mail_link));

struct mail_link *mail_link_get(const struct mailbox *inbox)
{
	struct list *links = &process_current()->links;
	struct mail_link *link;

	LIST_FOR_EACH(link, links, node) {
		if (link->inbox == inbox) {
			link->refs++;
			return link;
		}
	}
	link = pool_alloc(&link_pool);
	if (!link)
		return NULL;
	link->inbox = inbox;
	link->refs = 1;
	wait_queue_init(&link->queue);
	list_append(links, &link->node);
	return link;
}

void mail_link_put(struct mail_link *link)
{
	if (!refs_drop(&link->refs))
		return;
	ASSERT(link->bytes == 0 && wait_queue_is_idle(&link->queue));
	if (list_is_linked(&link->node))
		list_remove(&link->node);
	pool_free(&link_pool, link);
}

/* The sender may always have a single message, however long. */
bool mail_link_has_room(const struct mail_link *link, uint32_t body_bytes)
{
	return link->bytes == 0 ||
	       link->bytes + mail_bytes(body_bytes) <= INBOX_SENDER_BYTES_MAX;
}

/* ---- Stored messages ----------------------------------------------------- */

/* Messages that stand for waiting senders. */
static void insert_by_priority(struct mailbox *box, struct mail *mail)
{
	struct list_node *head = &box->any.mails.head, *at = head;

	mail->priority = task_current()->priority;
	while (at->prev != head &&
	       LIST_ENTRY(at->prev, struct mail, nodes[0])->priority <
	       mail->priority)
		at = at->prev;
	list_insert_new(at, &mail->nodes[0]);
}

void mailbox_insert(struct mail *mail)
{
	const struct message *head = &mail->head;
	struct mailbox *box = mail->box;

	mail->priority = 0;
	if (box->capacity == 0)
		insert_by_priority(box, mail);
	else
		mail_insert(mail);
	list_node_init(&mail->meant);
	box->count++;
	box->bytes += mail_bytes(head->bytes);
	if (mail->link) {
		mail->link->refs++;
		mail->link->bytes += mail_bytes(head->bytes);
	} else if (head->receiver) {
		list_append(&process_find(head->receiver)->mails, &mail->meant);
	}
}

void mailbox_remove(struct mail *mail)
{
	struct mailbox *box = mail->box;

	if (box->capacity == 0)
		list_remove(&mail->nodes[0]);
	else
		mail_remove(mail);
	if (list_is_linked(&mail->meant))
		list_remove(&mail->meant);
	box->count--;
	box->bytes -= mail_bytes(mail->head.bytes);
	object_wake(&box->object, END_WRITE);
	if (!mail->link)
		return;
	mail->link->bytes -= mail_bytes(mail->head.bytes);
	mailbox_pass_room(mail);
	mail_link_put(mail->link);
}

void mailbox_pass_room(const struct mail *mail)
{
	struct wait_queue *room = mailbox_room(mail);

	if (!list_is_empty(&room->sleepers) && room->owed == 0 &&
	    mailbox_has_room(mail, 0))
		wait_wake(room);
}

void mailbox_end_send(struct mail_send *send, long outcome)
{
	if (list_is_linked(&send->node))
		list_remove(&send->node);
	send->outcome = outcome;
	if (send->loan.holder)
		inherit_give(&send->loan, 0);
	if (list_is_linked(&send->task->wait.node))
		wait_wake_task(&send->mail.box->senders, send->task);
}

/* Take a message out of the box for good: the sender, if it waits, gets the
 * outcome. */
static void send_back(struct mail *mail, int outcome)
{
	mailbox_remove(mail);
	if (mail->sender)
		mailbox_end_send(mail->sender, outcome);
	else
		mail_free(mail);
}

bool mailbox_drain(struct mailbox *box, int outcome)
{
	struct list_node *first = list_first(&box->any.mails);
	struct list_node *own = list_first(&box->addressed);

	if (first)
		send_back(LIST_ENTRY(first, struct mail, nodes[0]), outcome);
	else if (own)
		send_back(LIST_ENTRY(own, struct mail, addressed), outcome);
	return box->count > 0;
}

/* ---- Waits that no task can end ------------------------------------------ */

struct process *mailbox_partner(pid_t id)
{
	struct process *process = id > 0 ? process_find(id) : NULL;

	if (!process || process->state == PROCESS_ZOMBIE ||
	    !process->descriptors)
		return NULL;
	return process;
}

/* If the process has closed its last descriptor of the box, the process cannot
 * reply any more: the calls end, and the calls that its waiting threads will
 * receive. A close does not end the waits of the threads. */
void mailbox_leave(struct open_file *file)
{
	struct mailbox *box = CONTAINER_OF(file->object, struct mailbox,
					   object);
	struct process *process = process_current();
	struct list ending = LIST_INIT(ending);
	struct mail_receive *receive;
	struct mail_send *call, *after;
	struct list_node *first;

	if (descriptors_hold(&box->object))
		return;
	LIST_FOR_EACH(receive, &box->receivers, node)
		receive->cannot_reply |= receive->to.process == process;
	LIST_FOR_EACH_SAFE(call, after, &process->calls, node) {
		if (call->mail.box != box)
			continue;
		list_remove(&call->node);
		list_append(&ending, &call->node);
	}
	while ((first = list_first(&ending)) != NULL) {
		mailbox_end_send(LIST_ENTRY(first, struct mail_send, node),
				 -EPIPE);
		sched_point();
	}
}

/* The first receiver that sleeps, or NULL. */
static struct mail_receive *first_receiver(const struct mailbox *box)
{
	struct mail_receive *receive;

	LIST_FOR_EACH(receive, &box->receivers, node)
		if (list_is_linked(&receive->task->wait.node))
			return receive;
	return NULL;
}

/* The first sender of a message that no task has received, or NULL. */
static struct mail_send *first_sender(const struct mailbox *box)
{
	struct task *task;
	struct mail_send *send;

	LIST_FOR_EACH(task, &box->senders.sleepers, wait.node) {
		send = task->wait.context;
		if (!send->is_received)
			return send;
	}
	return NULL;
}

void mailbox_end_lonely_wait(struct mailbox *box)
{
	struct mail_receive *receive = mailbox_is_left(box, END_WRITE)
		? first_receiver(box) : NULL;
	struct mail_send *send = mailbox_is_left(box, END_READ)
		? first_sender(box) : NULL;

	if (receive)
		wait_interrupt(receive->task, -EPIPE);
	if (send)
		mailbox_end_send(send, -EPIPE);
}

void mailbox_end_lonely_waits(struct mailbox *box)
{
	mailbox_end_lonely_wait(box);
	if (mailbox_is_left(box, END_WRITE) || mailbox_is_left(box, END_READ))
		wait_wake_all(&box->object.queue[END_READ]);	/* pollers */
	if (mailbox_is_left(box, END_READ))
		wait_wake_end(&box->object.queue[END_WRITE]);
}

void mailbox_process_ends(struct process *process)
{
	struct mailbox *inbox = process->inbox;
	struct list_node *first;

	while ((first = list_first(&process->calls)) != NULL) {
		mailbox_end_send(LIST_ENTRY(first, struct mail_send, node),
				 -EPIPE);
		sched_point();
	}
	while ((first = list_take_first(&process->expected)) != NULL) {
		wait_interrupt(LIST_ENTRY(first, struct mail_receive,
					  expected)->task, -ESRCH);
		sched_point();
	}
	while (!list_is_empty(&process->mails)) {
		send_back(LIST_ENTRY(list_first(&process->mails), struct mail,
				     meant), -ESRCH);
		sched_point();
	}
	while (list_take_first(&process->links))
		;			/* the messages stay, and the links */
	process->inbox = NULL;
	if (!inbox)
		return;
	inbox->has_ended = true;
	while (mailbox_drain(inbox, -ESRCH))
		sched_point();
	wait_wake_all(&inbox->object.queue[END_READ]);	/* pollers */
	object_put(&inbox->object);
}
