/*
 * mail_direct.c - messages straight to a process, through its inbox.
 *
 * A process may send a direct message where kill(2) may send a signal, and an
 * answer always: the receiver waits for a message from this very sender. The
 * first process (init) takes answers only.
 */
#include "kernel/ipc/mail_call.h"

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
