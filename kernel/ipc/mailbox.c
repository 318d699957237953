/*
 * mailbox.c - the box: messages with a header, shared by processes.
 *
 * A box has a queue of receivers and a queue of senders, and the messages in
 * between. mail.c copies one message, mail_match.c finds the receiver of a
 * message, and mail_call.c waits.
 *
 * An inbox is a box without a name and without a capacity that a process owns,
 * for direct messages. The first message creates the inbox, and the end of the
 * process drains the inbox. A descriptor of an inbox is for poll() only.
 *
 * A wait that no task could end any more ends with an error. A message for a
 * process leaves the box when the process ends (ESRCH). A box without a name
 * cannot be opened again. Such a box without an open descriptor to receive ends
 * all sends and calls with EPIPE; without a descriptor to send, and without a
 * message, all receives. A descriptor opened with O_RDWR counts for both sides,
 * as long as any process holds the descriptor.
 *
 * After P. Brinch Hansen, "The Nucleus of a Multiprogramming System", 1970.
 */
#include "kernel/ipc/mailbox.h"

#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/fs/names.h"
#include "kernel/lib/printk.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/descriptor.h"
#include "kernel/task/process.h"

static struct pool mailbox_pool = POOL("mailbox", sizeof(struct mailbox));

static struct mailbox *box_of(const struct object *object)
{
	return CONTAINER_OF(object, struct mailbox, object);
}

/* At a rendezvous: does a receiver wait for a message of any type from the
 * running process? A receiver that wants one type could refuse the message. */
static bool is_awaited(struct mailbox *box)
{
	const struct message head = { .sender = process_current()->id };

	return mail_find_receiver(box, &head);
}

static unsigned mailbox_poll(const struct open_file *file)
{
	struct mailbox *box = box_of(file->object);
	const struct mail_receive anything = {
		.to = { .process = process_current() },
	};
	unsigned events = 0;

	if (file_can_read(file) && mail_find(box, &anything))
		events |= POLLIN;
	else if (file_can_read(file) && mailbox_is_left(box, END_WRITE))
		events |= POLLHUP;
	if (!file_can_write(file))
		return events;
	if (mailbox_is_left(box, END_READ))
		return events | POLLERR;
	if (mail_box_has_room(box) &&
	    mail_box_has_memory(box, box->message_bytes) &&
	    mail_has_memory(box->message_bytes) &&
	    (box->capacity != 0 || is_awaited(box)))
		events |= POLLOUT;
	return events;
}

static unsigned inbox_poll(const struct open_file *file)
{
	const struct mailbox *inbox = box_of(file->object);

	if (!list_is_empty(&inbox->mails))
		return POLLIN;
	return inbox->has_ended ? POLLHUP : 0;
}

void mailbox_getattr(const struct mailbox *box, struct mailbox_attr *attr)
{
	attr->capacity = box->capacity;
	attr->message_bytes = box->message_bytes;
	attr->messages = box->capacity == 0 ? 0 : box->count;
}

static bool holds_box(const struct descriptors *table,
		      const struct mailbox *box)
{
	for (uint32_t fd = 0; fd < table->limit; fd++)
		if (table->files[fd] &&
		    table->files[fd]->object == &box->object)
			return true;
	return false;
}

/* Take a message out of the box for good: the sender, if it waits, gets the
 * outcome. */
static void send_back(struct mail *mail, int outcome)
{
	mail_remove(mail);
	if (mail->sender)
		mail_end(mail->sender, outcome);
	else
		mail_free(mail);
}

/* The same for the first message. False: no message is left. */
static bool drain(struct mailbox *box, int outcome)
{
	struct list_node *first = list_first(&box->mails);

	if (first)
		send_back(LIST_ENTRY(first, struct mail, node), outcome);
	return !list_is_empty(&box->mails);
}

/* If the process has closed its last descriptor of the box, the process cannot
 * reply any more: the calls end, and the calls that its waiting threads will
 * receive. A close does not end the waits of the threads. */
static void mailbox_leave(struct open_file *file)
{
	struct mailbox *box = box_of(file->object);
	struct process *process = process_current();
	struct mail_receive *receive;
	struct mail_send *call, *after;

	if (holds_box(process->descriptors, box))
		return;
	LIST_FOR_EACH(receive, &box->receivers, node)
		receive->cannot_reply |= receive->to.process == process;
	LIST_FOR_EACH_SAFE(call, after, &process->calls, node)
		if (call->mail.box == box)
			mail_end(call, -EPIPE);
}

/* End the waits that no task can end any more. The senders take back the
 * messages that no task can receive. */
static void end_lonely_waits(struct mailbox *box)
{
	struct mail_receive *receive;
	struct list_node *first;

	if (mailbox_is_left(box, END_WRITE)) {
		LIST_FOR_EACH(receive, &box->receivers, node)
			wait_interrupt(receive->task, -EPIPE);
		wait_wake_all(&box->object.queue[END_READ]);	/* pollers */
	}
	if (!mailbox_is_left(box, END_READ))
		return;
	while ((first = list_first(&box->senders)) != NULL)
		mail_end(LIST_ENTRY(first, struct mail_send, node), -EPIPE);
	wait_wake_all(&box->object.queue[END_WRITE]);
	wait_wake_all(&box->object.queue[END_READ]);	/* pollers */
}

static void mailbox_close(struct open_file *file)
{
	end_lonely_waits(box_of(file->object));
}

static void mailbox_name(struct object *object, bool has_name)
{
	flight_set_root(&box_of(object)->holder, has_name);
	if (!has_name)
		end_lonely_waits(box_of(object));
}

static bool mailbox_describe(const struct object *object, char *to, size_t size)
{
	return names_describe(object, to, size);
}

static bool inbox_describe(const struct object *object, char *to, size_t size)
{
	snprintf(to, size, "inbox of process %d", box_of(object)->owner);
	return true;
}

static void mailbox_report(const struct object *object, char *to, size_t size)
{
	const struct mailbox *box = box_of(object);

	if (box->capacity == 0)
		snprintf(to, size, "rendezvous, %u offered", box->count);
	else if (box->capacity == MAILBOX_UNBOUNDED)
		snprintf(to, size, "%u messages, %u bytes", box->count,
			 box->bytes);
	else
		snprintf(to, size, "%u of %ld messages, %u bytes", box->count,
			 box->capacity, box->bytes);
}

static pid_t mailbox_ender(const struct task *task, int *end)
{
	const struct mail_receive *receive = task->wait.context;
	const struct mail_send *send = task->wait.context;

	(void)end;
	switch (task->wait.request->event) {
	case WAIT_SPACE:
		return send->mail.box->owner;
	case WAIT_DATA:
		return receive->sender;
	case WAIT_PEER:
	case WAIT_REPLY:
		return send->receiver;
	default:
		return 0;
	}
}

static void mailbox_destroy(struct object *object)
{
	if (drain(box_of(object), 0))
		object_destroy_later(object);
	else
		pool_free(&mailbox_pool, box_of(object));
}

const struct object_ops mailbox_ops = {
	.kind = "mailbox",
	.poll = mailbox_poll,
	.close = mailbox_close,
	.leave = mailbox_leave,
	.name = mailbox_name,
	.describe = mailbox_describe,
	.report = mailbox_report,
	.ender = mailbox_ender,
	.holder_at = offsetof(struct mailbox, holder),
	.destroy = mailbox_destroy,
};

static const struct object_ops inbox_ops = {
	.kind = "inbox",
	.poll = inbox_poll,
	.describe = inbox_describe,
	.report = mailbox_report,
	.ender = mailbox_ender,
	.destroy = mailbox_destroy,
};

/* ---- Creation, and the end of a process ---------------------------------- */

static struct mailbox *create_box(const struct object_ops *ops, long capacity,
				  uint32_t message_bytes)
{
	struct mailbox *box = pool_alloc(&mailbox_pool);

	if (!box)
		return NULL;
	object_init(&box->object, ops);
	box->object.queue[END_READ].is_chosen = true;
	list_init(&box->mails);
	list_init(&box->senders);
	list_init(&box->receivers);
	flight_holder_init(&box->holder, &box->object);
	box->capacity = capacity;
	box->message_bytes = message_bytes;
	return box;
}

int mailbox_create(const struct mailbox_attr *attr, struct object **out)
{
	struct mailbox *box;

	if (attr->capacity < MAILBOX_UNBOUNDED ||
	    attr->message_bytes > MAILBOX_MESSAGE_BYTES_MAX)
		return -EINVAL;
	box = create_box(&mailbox_ops, attr->capacity, attr->message_bytes);
	if (!box)
		return -ENOMEM;
	*out = &box->object;
	return 0;
}

struct mailbox *mailbox_of_process(struct process *process)
{
	if (process->inbox)
		return process->inbox;
	process->inbox = create_box(&inbox_ops, MAILBOX_UNBOUNDED,
				INBOX_SENDER_BYTES_MAX);
	if (process->inbox) {
		process->inbox->owner = process->id;
		process->inbox->holder.is_root = true;
	}
	return process->inbox;
}

void mailbox_process_ends(struct process *process)
{
	struct mailbox *inbox = process->inbox;
	struct list_node *first;

	while (!list_is_empty(&process->calls))
		mail_end(LIST_ENTRY(list_first(&process->calls),
				    struct mail_send, node), -EPIPE);
	while ((first = list_take_first(&process->expected)) != NULL)
		wait_interrupt(LIST_ENTRY(first, struct mail_receive,
					  expected)->task, -ESRCH);
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
	while (drain(inbox, -ESRCH))
		sched_point();
	wait_wake_all(&inbox->object.queue[END_READ]);	/* pollers */
	object_put(&inbox->object);
}
