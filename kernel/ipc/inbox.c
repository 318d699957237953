/*
 * inbox.c - messages straight to a process.
 *
 * The inbox of a process is a box without a name and without a capacity. The
 * first message creates the inbox, and the end of the process drains the inbox.
 * The messages of a sender stay in order there, and the owner can select
 * messages by the sender. A descriptor of the inbox is for poll() only.
 *
 * Nobody asked for these messages. So there are two rules:
 *
 * - A process may send where the process may send a signal (kill(2)). An answer
 *   is always allowed: the receiver waits for a message from this very sender.
 *   The first process (init) takes answers only.
 * - A sender has at most INBOX_SENDER_BYTES_MAX bytes in one inbox, and then
 *   waits for room. The link between sender and inbox counts the bytes. A link
 *   begins with the first message, and ends with the last message or with the
 *   last waiting send. The sender's process has the list of links: a process
 *   writes to few inboxes, but an inbox may have many senders.
 */
#include "kernel/ipc/inbox.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/lib/printk.h"
#include "kernel/mm/heap.h"
#include "kernel/task/process.h"

struct mail_link {
	struct list_node node;		/* [P] at the sender, until its end */
	const struct mailbox *inbox;	/* [const] */
	uint32_t bytes;			/* [P] of messages there */
	uint32_t refs;			/* [P] messages and sends under way */
	struct wait_queue queue;	/* [P] sends that wait for room */
};

static struct pool inbox_pool = POOL("inbox", sizeof(struct mailbox));
static struct pool link_pool = POOL("mail-link", sizeof(struct mail_link));

/* ---- The link between sender and inbox ----------------------------------- */

/* The link of the running process, created if missing, with a reference for the
 * caller; NULL: no memory. */
static struct mail_link *link_get(const struct mailbox *inbox)
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

static void link_put(struct mail_link *link)
{
	if (!refs_drop(&link->refs))
		return;
	ASSERT(link->bytes == 0 && wait_queue_is_idle(&link->queue));
	if (list_is_linked(&link->node))
		list_remove(&link->node);
	pool_free(&link_pool, link);
}

/* A message alone may be as long as the limit; the header is not counted. */
bool mail_link_has_room(const struct mail_link *link, uint32_t body_bytes)
{
	return link->bytes == 0 ||
	       link->bytes + mail_bytes(body_bytes) <= INBOX_SENDER_BYTES_MAX;
}

struct wait_queue *mail_link_queue(struct mail_link *link)
{
	return &link->queue;
}

/* There may be room for one more of the sends that wait. */
static void link_wake(struct mail_link *link)
{
	if (!list_is_empty(&link->queue.sleepers) && link->queue.owed == 0 &&
	    mail_link_has_room(link, 0))
		wait_wake(&link->queue);
}

void mail_link_add(struct mail_link *link, uint32_t body_bytes)
{
	link->refs++;
	link->bytes += mail_bytes(body_bytes);
	link_wake(link);
}

void mail_link_remove(struct mail_link *link, uint32_t body_bytes)
{
	link->bytes -= mail_bytes(body_bytes);
	link_wake(link);
	link_put(link);
}

/* ---- The inbox ----------------------------------------------------------- */

static struct mailbox *box_of(const struct object *object)
{
	return CONTAINER_OF(object, struct mailbox, object);
}

static unsigned inbox_poll(const struct open_file *file)
{
	const struct mailbox *inbox = box_of(file->object);
	const struct mail *mail;

	LIST_FOR_EACH(mail, &inbox->mails, node)
		if (!mail->taker)
			return POLLIN;
	return inbox->has_ended ? POLLHUP : 0;
}

static bool inbox_describe(const struct object *object, char *to, size_t size)
{
	snprintf(to, size, "inbox of process %d", box_of(object)->owner);
	return true;
}

static void inbox_report(const struct object *object, char *to, size_t size)
{
	snprintf(to, size, "%u messages, %u bytes", box_of(object)->count,
		 box_of(object)->bytes);
}

static void inbox_destroy(struct object *object)
{
	pool_free(&inbox_pool, box_of(object));
}

static const struct object_ops inbox_ops = {
	.kind = "inbox",
	.poll = inbox_poll,
	.describe = inbox_describe,
	.report = inbox_report,
	.ender = mailbox_ender,
	.destroy = inbox_destroy,
};

struct mailbox *inbox_of(struct process *process)
{
	struct mailbox *inbox = process->inbox;

	if (inbox)
		return inbox;
	inbox = pool_alloc(&inbox_pool);
	if (!inbox)
		return NULL;
	inbox->capacity = MAILBOX_UNBOUNDED;
	inbox->message_bytes = INBOX_SENDER_BYTES_MAX;
	inbox->owner = process->id;
	mailbox_init(inbox, &inbox_ops);
	process->inbox = inbox;
	return inbox;
}

/* ---- Sending and receiving ----------------------------------------------- */

/* Does a task of the process wait for a message from the running process, and
 * has none yet? */
static bool is_answer(const struct process *to)
{
	const struct mail_receive *receive;

	LIST_FOR_EACH(receive, &process_current()->expected, expected)
		if (receive->box == to->inbox && !receive->mail)
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

long inbox_send(struct mail_send *send, pid_t to)
{
	struct process *process = mailbox_process(to);
	long result = -ENOMEM;

	if (!process)
		return -ESRCH;
	if (!may_send(process))
		return -EPERM;
	send->box = inbox_of(process);
	if (!send->box)
		return -ENOMEM;
	object_get(&send->box->object);	/* the owner may end meanwhile */
	send->link = link_get(send->box);
	if (send->link) {
		result = mail_send(send);
		link_put(send->link);
	}
	object_put(&send->box->object);
	return result;
}

long inbox_receive(struct mail_receive *receive)
{
	receive->box = inbox_of(process_current());
	return receive->box ? mailbox_receive(receive) : -ENOMEM;
}

/* ---- The end of a process ------------------------------------------------ */

/* The senders get -ESRCH, and the pollers POLLHUP. */
static void inbox_end(struct mailbox *inbox)
{
	inbox->has_ended = true;
	mailbox_drain(inbox, -ESRCH);
	wait_wake_all(&inbox->object.queue[END_READ]);
	object_put(&inbox->object);
}

void mail_process_ends(struct process *process)
{
	struct mailbox *inbox = process->inbox;

	mail_server_ends(process);
	mail_sender_ends(process);
	mailbox_receiver_ends(process);
	while (list_take_first(&process->links))
		;			/* the messages stay, and the links */
	process->inbox = NULL;
	if (inbox)
		inbox_end(inbox);
}
