/*
 * mail_match.c - which message of a box goes to which of its receivers.
 *
 * Receivers select by type and sender, so the first in the queue is not always
 * the one who can use what came. Those who sleep for the same selection stand
 * in one queue, by priority, then by arrival: a choice. A message of type 7
 * from process 12 is wanted by at most four of them,
 *
 *	(any, any)  (7, any)  (any, 12)  (7, 12)
 *
 * and goes to whoever is first among the heads of these. So what a send costs
 * does not grow with the number of sleepers, nor of their selections: the
 * choices are found through a table. The plain (any, any) is the box's own
 * queue; the others come into being with their first sleeper. A message that
 * is meant for one process is for its threads only, and those are looked at one
 * by one.
 *
 * Who puts a message in grants it to its receiver and wakes that one alone; the
 * message is then on no list, and nobody else can have it. What lies in the box
 * is wanted by no sleeper: so a newcomer may take the first one that fits and
 * overtakes nobody.
 *
 * Two things may go wrong between the wake and the receiver's turn. The
 * receiver fails (a bad address, no room, a kill): the message is offered to
 * the next, or goes back to its old place. Or its sender withdraws the message:
 * then the receiver, awake and empty-handed, has been robbed. Until it sleeps
 * again, at its old place, it stands on a list of the box, so that what comes
 * meanwhile is still its own.
 *
 * Messages lie in the order of their numbers. At a rendezvous, where each
 * stands for a sender that waits, the priority of the senders goes before.
 */
#include "kernel/ipc/mail_match.h"

#include "kernel/abi/errno.h"
#include "kernel/ipc/mail_hand.h"
#include "kernel/mm/heap.h"
#include "kernel/task/process.h"

/* Those who sleep for one selection. */
struct choice {
	struct list_node node;		/* in its bucket */
	struct list_node in_box;
	const struct mailbox *box;
	uint32_t type;
	pid_t sender;
	uint32_t users;
	struct wait_queue queue;
};

#define BUCKETS		256

static struct pool choice_pool = POOL("mail-choice", sizeof(struct choice));
static struct list buckets[BUCKETS];	/* [P] choices; zeroed: never used */

/* ---- Selections ---------------------------------------------------------- */

static struct list *bucket_of(const struct mailbox *box, uint32_t type,
			      pid_t sender)
{
	uint32_t key = box->object.id * 31 + type * 0x9e3779b1 +
		       (uint32_t)sender * 0x85ebca6b;
	struct list *bucket = &buckets[(key ^ key >> 16) % BUCKETS];

	if (!bucket->head.next)
		list_init(bucket);
	return bucket;
}

static struct choice *find_choice(const struct mailbox *box, uint32_t type,
				  pid_t sender)
{
	struct choice *choice;

	LIST_FOR_EACH(choice, bucket_of(box, type, sender), node)
		if (choice->box == box && choice->type == type &&
		    choice->sender == sender)
			return choice;
	return NULL;
}

/* The receiver's, made when it is the first. NULL: no memory. */
static struct choice *enter_choice(const struct mail_receive *receive)
{
	struct mailbox *box = receive->box;
	struct choice *choice = find_choice(box, receive->type,
					    receive->sender);

	if (!choice) {
		choice = pool_alloc(&choice_pool);
		if (!choice)
			return NULL;
		choice->box = box;
		choice->type = receive->type;
		choice->sender = receive->sender;
		wait_queue_init(&choice->queue);
		choice->queue.is_chosen = true;
		list_append(bucket_of(box, receive->type, receive->sender),
			    &choice->node);
		list_append(&box->choices, &choice->in_box);
	}
	choice->users++;
	return choice;
}

static void leave_choice(struct choice *choice)
{
	if (--choice->users > 0)
		return;
	list_remove(&choice->node);
	list_remove(&choice->in_box);
	pool_free(&choice_pool, choice);
}

static bool is_wanted(const struct message *head,
		      const struct mail_receive *receive)
{
	return (!receive->type || receive->type == head->type) &&
	       (!receive->sender || receive->sender == head->sender) &&
	       (!head->receiver || head->receiver == receive->process->id);
}

/* ---- The receiver for a message ------------------------------------------ */

/* The better of two tasks, or the only one. */
static struct task *first_of(struct task *a, struct task *b)
{
	if (!a || !b)
		return a ? a : b;
	return wait_goes_before(b, a) ? b : a;
}

static struct task *first_in(const struct wait_queue *queue)
{
	struct list_node *node = list_first(&queue->sleepers);

	return node ? LIST_ENTRY(node, struct task, wait.node) : NULL;
}

static struct task *first_choice(const struct mailbox *box,
				 const struct message *head)
{
	struct task *task = first_in(&box->object.queue[END_READ]);
	struct choice *choice;

	if (LIKELY(list_is_empty(&box->choices)))
		return task;
	for (int which = 1; which <= 3; which++) {
		choice = find_choice(box, which & 1 ? head->type : 0,
				     which & 2 ? head->sender : 0);
		if (choice)
			task = first_of(task, first_in(&choice->queue));
	}
	return task;
}

/* Does it wait for a message of this box? */
static bool is_receiver(const struct task *task, const struct mailbox *box)
{
	return task->wait.queue && task->wait.object == &box->object &&
	       task->wait.event == WAIT_DATA;
}

/* Of the threads of the process meant. */
static struct task *first_meant(const struct mailbox *box,
				const struct message *head)
{
	const struct process *process = process_find(head->receiver);
	struct task *task, *first = NULL;

	if (!process)
		return NULL;
	LIST_FOR_EACH(task, &process->tasks, sibling)
		if (is_receiver(task, box) &&
		    list_is_linked(&task->wait.node) &&
		    is_wanted(head, task->wait.context))
			first = first_of(first, task);
	return first;
}

static struct mail_receive *find_receiver(const struct mailbox *box,
					  const struct message *head)
{
	struct mail_receive *robbed;
	struct task *task;

	task = head->receiver && !box->owner ? first_meant(box, head)
					     : first_choice(box, head);
	LIST_FOR_EACH(robbed, &box->robbed, robbed)
		if (is_wanted(head, robbed))
			task = first_of(task, robbed->task);
	return task ? task->wait.context : NULL;
}

bool mail_is_awaited(const struct mailbox *box, const struct message *head)
{
	return find_receiver(box, head) != NULL;
}

bool mail_has_receiver(const struct mailbox *box)
{
	const struct choice *choice;

	if (!list_is_empty(&box->object.queue[END_READ].sleepers) ||
	    !list_is_empty(&box->robbed))
		return true;
	LIST_FOR_EACH(choice, &box->choices, in_box)
		if (!list_is_empty(&choice->queue.sleepers))
			return true;
	return false;
}

/* ---- Granting ------------------------------------------------------------ */

static bool lies_before(const struct mail *a, const struct mail *b)
{
	if (a->priority != b->priority)
		return a->priority > b->priority;
	return (int32_t)(a->head.id - b->head.id) < 0;
}

/* In its place; for a new message that is the end. */
static void lay_down(struct mailbox *box, struct mail *mail)
{
	struct list_node *at = &box->mails.head;

	while (at->prev != &box->mails.head &&
	       lies_before(mail, LIST_ENTRY(at->prev, struct mail, node)))
		at = at->prev;
	list_insert_before(at, &mail->node);
	mail->taker = NULL;
	object_wake(&box->object, END_READ);	/* watchers */
}

static void make_ready(struct mail_receive *receive)
{
	if (list_is_linked(&receive->robbed))
		list_remove(&receive->robbed);
	else
		wait_wake_task(receive->task->wait.queue, receive->task);
}

/* For whom it is too long, that one is told so and has had its turn. */
void mail_offer(struct mailbox *box, struct mail *mail)
{
	struct mail_receive *receive;

	while ((receive = find_receiver(box, &mail->head)) != NULL) {
		if (mail->head.bytes <= receive->body_bytes) {
			mail->taker = receive;
			receive->mail = mail;
			make_ready(receive);
			return;
		}
		receive->error = -EMSGSIZE;
		make_ready(receive);
	}
	lay_down(box, mail);
}

struct mail *mail_find(const struct mailbox *box,
		       const struct mail_receive *receive)
{
	struct mail *mail;

	LIST_FOR_EACH(mail, &box->mails, node)
		if (is_wanted(&mail->head, receive))
			return mail;
	return NULL;
}

/* Its receiver gets another one, of those that have come since, or is left with
 * nothing. */
void mail_recall(struct mailbox *box, struct mail *mail)
{
	struct mail_receive *receive = mail->taker;

	if (!receive) {
		list_remove(&mail->node);
		return;
	}
	mail_compensate(box, receive);
}

void mail_compensate(struct mailbox *box, struct mail_receive *receive)
{
	receive->mail = mail_find(box, receive);
	if (receive->mail) {
		list_remove(&receive->mail->node);
		receive->mail->taker = receive;
	} else {
		list_append(&box->robbed, &receive->robbed);
	}
}

/* ---- Waiting ------------------------------------------------------------- */

struct mail *mail_granted(struct mail_receive *receive)
{
	if (list_is_linked(&receive->robbed))
		list_remove(&receive->robbed);
	return receive->mail ? receive->mail
			     : mail_find(receive->box, receive);
}

void mail_wait_failed(struct mail_receive *receive)
{
	if (list_is_linked(&receive->robbed))
		list_remove(&receive->robbed);
	if (receive->mail)
		mail_offer(receive->box, receive->mail);
	if (receive->handed)
		mail_hand_back(receive);
}

long mail_wait_for_choice(struct mail_receive *receive, wait_attempt *attempt)
{
	struct choice *choice = enter_choice(receive);
	long result;

	if (!choice)
		return -ENOMEM;
	const struct wait_request request = {
		.queue = &choice->queue,
		.object = &receive->box->object,
		.event = WAIT_DATA,
		.deadline_ns = receive->deadline_ns,
		.has_tried = true,
	};
	receive->task = task_current();
	result = wait_for(&request, attempt, receive);
	if (result < 0)
		mail_wait_failed(receive);
	leave_choice(choice);
	return result;
}

/* What one that is awake was granted, it will not take: it is offered again. */
void mail_turn_away(const struct mailbox *box, const struct process *process)
{
	struct mail_receive *receive;
	struct task *task;

	LIST_FOR_EACH(task, &process->tasks, sibling) {
		if (!is_receiver(task, box))
			continue;
		receive = task->wait.context;
		receive->error = -EBADF;
		wait_interrupt(task, -EBADF);
	}
}
