/*
 * mailbox_end.c - the last descriptor of a box closes: waits end.
 *
 * Hundreds of tasks may wait. A close that woke them all would keep all other
 * tasks from running. So the close wakes the first sender and the first
 * receiver that wait in vain. Each task whose wait ends with an error wakes the
 * next. The calls that the process cannot answer any more end one by one, and
 * tasks may switch after each.
 */
#include "kernel/ipc/mailbox.h"

#include "kernel/abi/errno.h"
#include "kernel/obj/descriptor.h"
#include "kernel/task/process.h"

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
