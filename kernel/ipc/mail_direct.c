/*
 * mail_direct.c - messages straight to a process, through its inbox.
 *
 * A process may send a direct message where kill(2) may send a signal, and an
 * answer always: the receiver waits for a message from this very sender. The
 * first process (init) takes answers only.
 *
 * A link counts what a sender has in an inbox, so that no sender fills the
 * inbox for all others.
 */
#include "kernel/ipc/mail_call.h"

#include "kernel/abi/errno.h"
#include "kernel/mm/heap.h"

/* ---- The link between a sender and an inbox ------------------------------ */

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

/* ---- Straight to a process ----------------------------------------------- */

struct process *mailbox_partner(pid_t id)
{
	struct process *process = id > 0 ? process_find(id) : NULL;

	if (!process || process->state == PROCESS_ZOMBIE ||
	    !process->descriptors)
		return NULL;
	return process;
}

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
