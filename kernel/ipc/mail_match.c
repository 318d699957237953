/*
 * mail_match.c - which receiver gets which message.
 *
 *			receive				send
 *	a receiver waits -				gives the message
 *	no message fits	waits, or EAGAIN		stores the message
 *	n messages	takes the first that fits	waits, or EAGAIN
 *	capacity 0	the same			waits for the receiver
 *
 * A receiver selects by type and by sender. So the first receiver in a queue
 * cannot always use a new message. The sender chooses the receiver, gives the
 * whole message, and wakes this receiver alone. If the receiver cannot take the
 * message (a bad address, no free descriptor), its wait ends with the error,
 * and the next receiver is tried. A message without a receiver is stored in the
 * box. So no waiting receiver wants a stored message. A new receiver may take
 * the first stored message that fits, and overtakes no waiting receiver.
 *
 * Receivers with the same selection sleep in the same queue, by priority, then
 * by arrival. A message of type 7 from process 12 is wanted in four queues,
 *
 *	(any, any)  (7, any)  (any, 12)  (7, 12)
 *
 * and goes to the best of the four first receivers, at the same cost beside any
 * number of sleepers. (any, any) is the queue of the box. A hash finds the
 * queue of each narrower selection, and selections may share a queue. A message
 * for a process goes to a thread of this process.
 *
 * Stored messages lie in the order of their numbers. A hash finds the messages
 * of one type, or of one sender, however many more lie in the box. In a box of
 * capacity 0 each message stands for a waiting sender, and the priority of the
 * sender goes before the number: a search goes through all, since they are few.
 * A sender that waits for room has copied nothing. At an inbox, the room is
 * counted for each sender (struct mail_link).
 */
#include "kernel/ipc/mail_match.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/hash.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"
#include "kernel/task/process.h"

#define SELECTIONS	256
#define SAME_LISTS	1024

/* [P] where receivers that select sleep, of all boxes; zeroed: not used yet */
static struct wait_queue selections[SELECTIONS];
/* [P] the stored messages by type and by sender, of all boxes */
static struct list same_messages[SAME_LISTS];
static struct pool link_pool = POOL("mail-link", sizeof(struct mail_link));

/* ---- Which receiver gets a message --------------------------------------- */

static bool is_wanted(const struct message *head,
		      const struct mail_receive *receive)
{
	return (!receive->type || receive->type == head->type) &&
	       (!receive->sender || receive->sender == head->sender) &&
	       (!head->receiver || head->receiver == receive->to.process->id);
}

static struct wait_queue *selection_queue(struct mailbox *box, uint32_t type,
					  pid_t sender)
{
	uint32_t key = hash_mix(hash_mix(box->object.id, type), sender);
	struct wait_queue *queue = &selections[key % SELECTIONS];

	if (!queue->sleepers.head.next) {
		wait_queue_init(queue);
		queue->is_chosen = true;
	}
	return queue;
}

struct wait_queue *mail_receivers(const struct mail_receive *receive)
{
	if (!receive->type && !receive->sender)
		return &receive->box->object.queue[END_READ];
	return selection_queue(receive->box, receive->type, receive->sender);
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

struct mail_receive *mail_find_receiver(struct mailbox *box,
					const struct message *head)
{
	struct list_node *node = list_first(&box->object.queue[END_READ]
					    .sleepers);
	struct mail_receive *first = NULL;
	struct wait_queue *queue;
	int which;

	if (head->receiver && !box->owner)
		return first_thread(box, head);
	if (node)			/* a receiver of any message */
		first = LIST_ENTRY(node, struct task, wait.node)->wait.context;
	for (which = 1; which <= 3 && box->selecting > 0; which++) {
		queue = selection_queue(box, which & 1 ? head->type : 0,
					which & 2 ? head->sender : 0);
		first = better(first, first_in(queue, box, head));
	}
	return first;
}

/* ---- Which message a receiver gets --------------------------------------- */

enum { BY_TYPE, BY_SENDER };

/* The stored messages with this type or sender, in order; beside messages with
 * other types, senders and boxes. */
static struct list *messages(const struct mailbox *box, int by, uint32_t value)
{
	uint32_t key = hash_mix(box->object.id * 2 + by, value);

	return HASH_SLOT(same_messages, key);
}

static struct mail *find_selected(const struct mailbox *box,
				  const struct mail_receive *receive)
{
	int by = receive->type ? BY_TYPE : BY_SENDER;
	struct list *list = messages(box, by, receive->type ? receive->type
					: (uint32_t)receive->sender);
	struct mail *mail;

	LIST_FOR_EACH(mail, list, same[by])
		if (mail->box == box && is_wanted(&mail->head, receive))
			return mail;
	return NULL;
}

struct mail *mail_find(const struct mailbox *box,
		       const struct mail_receive *receive)
{
	struct mail *mail;

	if (box->capacity != 0 && (receive->type || receive->sender))
		return find_selected(box, receive);
	LIST_FOR_EACH(mail, &box->mails, node)
		if (is_wanted(&mail->head, receive))
			return mail;
	return NULL;
}

/* ---- A message arrives --------------------------------------------------- */

void mail_end(struct mail_send *send, long outcome)
{
	if (list_is_linked(&send->node))
		list_remove(&send->node);
	send->outcome = outcome;
	wait_wake(&send->queue);
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
	if (!send->is_call || receive->cannot_reply) {
		mail_end(send, send->is_call ? -EPIPE : 0);
		return;
	}
	if (list_is_linked(&send->node))
		list_remove(&send->node);
	list_append(&receive->to.process->calls, &send->node);
}

int mail_deliver(struct mail *mail)
{
	struct mailbox *box = mail->box;
	struct mail_receive *receive;
	int error;

	while ((receive = mail_find_receiver(box, &mail->head)) != NULL) {
		error = mail_give(mail, &receive->to);
		if (error == PROCESS_UNREADABLE)
			return -EFAULT;
		if (!error)
			trace(TRACE_SEND, &box->object, mail->head.bytes,
			      mail->head.id);
		receive->result = error ? error : (long)mail->head.bytes;
		receive->id = mail->head.id;
		wait_wake_task(receive->task->wait.queue, receive->task);
		if (!error) {
			tell_sender(mail, receive);
			return 0;
		}
	}
	return -EAGAIN;
}

long mail_take(struct mail_receive *receive)
{
	struct mail *mail = mail_find(receive->box, receive);
	int error;

	if (!mail)
		return -EAGAIN;
	error = mail_give(mail, &receive->to);
	if (error)
		return error;
	receive->id = mail->head.id;
	receive->result = mail->head.bytes;
	mail_remove(mail);
	tell_sender(mail, receive);
	mail_free(mail);
	return receive->result;
}

/* ---- Messages that no receiver waits for --------------------------------- */

/* The sender may always have a single message, however long. */
bool mail_link_has_room(const struct mail_link *link, uint32_t body_bytes)
{
	return link->bytes == 0 ||
	       link->bytes + mail_bytes(body_bytes) <= INBOX_SENDER_BYTES_MAX;
}

void mail_wake_sender(const struct mail *mail)
{
	if (mail->room->owed == 0 && mail_has_room(mail, 0))
		wait_wake(mail->room);
}

/* Only priorities put a message anywhere but at the end. */
static void insert(struct mailbox *box, struct mail *mail)
{
	struct list_node *at = &box->mails.head;

	mail->priority = box->capacity == 0 ? task_current()->priority : 0;
	while (at->prev != &box->mails.head &&
	       LIST_ENTRY(at->prev, struct mail, node)->priority <
	       mail->priority)
		at = at->prev;
	list_insert_new(at, &mail->node);
	list_node_init(&mail->meant);
	list_node_init(&mail->same[BY_TYPE]);
	list_node_init(&mail->same[BY_SENDER]);
	if (box->capacity != 0) {
		list_append(messages(box, BY_TYPE, mail->head.type),
			    &mail->same[BY_TYPE]);
		list_append(messages(box, BY_SENDER, mail->head.sender),
			    &mail->same[BY_SENDER]);
	}
	if (mail->sender)
		list_append(&box->senders, &mail->sender->node);
	box->count++;
	box->bytes += mail_bytes(mail->head.bytes);
	if (mail->link) {
		mail->link->refs++;
		mail->link->bytes += mail_bytes(mail->head.bytes);
	} else if (mail->head.receiver) {
		list_append(&process_find(mail->head.receiver)->mails,
			    &mail->meant);
	}
}

int mail_put(struct mail_send *send)
{
	struct mail *mail = &send->mail;
	struct mailbox *box = mail->box;
	int error;

	if (send->flags & MAILBOX_NONBLOCK &&
	    (box->capacity == 0 || send->flags & MAILBOX_SYNC))
		return -EAGAIN;
	if (!mail_box_has_memory(box, mail->head.bytes))
		return -ENOMEM;
	mail = mail_store(send, &error);
	if (!mail)
		return error;
	insert(box, mail);
	trace(TRACE_SEND, &box->object, mail->head.bytes, mail->head.id);
	object_wake(&box->object, END_READ);	/* pollers */
	if (mail->flight)			/* last: see flight.h */
		flight_depart(mail->flight, &box->holder);
	return 0;
}

void mail_remove(struct mail *mail)
{
	struct mailbox *box = mail->box;

	list_remove(&mail->node);
	if (box->capacity != 0) {
		list_remove(&mail->same[BY_TYPE]);
		list_remove(&mail->same[BY_SENDER]);
	}
	if (list_is_linked(&mail->meant))
		list_remove(&mail->meant);
	box->count--;
	box->bytes -= mail_bytes(mail->head.bytes);
	if (!mail->link) {
		object_wake(&box->object, END_WRITE);
		return;
	}
	mail->link->bytes -= mail_bytes(mail->head.bytes);
	mail_pass_room(mail);
	mail_link_put(mail->link);
}

/* ---- The link between a sender and an inbox ------------------------------ */

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
