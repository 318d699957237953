/*
 * mailbox_object.c - the box as an object: descriptors, polls, reports.
 *
 * An inbox is a box without a name and without a capacity that a process owns,
 * for direct messages. The first message creates the inbox, and the end of the
 * process drains the inbox. A descriptor of an inbox is for poll() only. The
 * room there is counted for each sender (struct mail_link).
 *
 * After P. Brinch Hansen, "The Nucleus of a Multiprogramming System", 1970.
 */
#include "kernel/ipc/mailbox.h"

#include "kernel/abi/errno.h"
#include "kernel/fs/names.h"
#include "kernel/lib/printk.h"
#include "kernel/mm/heap.h"
#include "kernel/task/process.h"

static struct pool mailbox_pool = POOL("mailbox", sizeof(struct mailbox));

/* ---- The object ---------------------------------------------------------- */

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
		.box = box, .to = { .process = process_current() },
	};
	unsigned events = 0;

	if (file_can_read(file) && mail_find(&anything))
		events |= POLLIN;
	else if (file_can_read(file) && mailbox_is_left(box, END_WRITE))
		events |= POLLHUP;
	if (!file_can_write(file))
		return events;
	if (mailbox_is_left(box, END_READ))
		return events | POLLERR;
	if (mailbox_has_place(box) &&
	    mailbox_has_memory(box, box->message_bytes) &&
	    account_has_room(account_payer(), ACCOUNT_MESSAGES,
			     mail_bytes(box->message_bytes)) &&
	    (box->capacity != 0 || is_awaited(box)))
		events |= POLLOUT;
	return events;
}

static unsigned inbox_poll(const struct open_file *file)
{
	const struct mailbox *inbox = box_of(file->object);

	if (inbox->count > 0)
		return POLLIN;
	return inbox->has_ended ? POLLHUP : 0;
}

void mailbox_getattr(const struct mailbox *box, struct mailbox_attr *attr)
{
	attr->capacity = box->capacity;
	attr->message_bytes = box->message_bytes;
	attr->messages = box->capacity == 0 ? 0 : box->count;
}

static void mailbox_close(struct open_file *file)
{
	mailbox_end_lonely_waits(box_of(file->object));
}

static void mailbox_name(struct object *object, bool has_name)
{
	flight_set_root(&box_of(object)->holder, has_name);
	if (!has_name)
		mailbox_end_lonely_waits(box_of(object));
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
	if (mailbox_drain(box_of(object), 0))
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
	.describe = names_describe,
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

/* ---- Creation ------------------------------------------------------------ */

static struct mailbox *create_box(const struct object_ops *ops, long capacity,
				  uint32_t message_bytes)
{
	struct mailbox *box = pool_alloc(&mailbox_pool);

	if (!box)
		return NULL;
	object_init(&box->object, ops);
	mail_selection_init(&box->any);
	list_init(&box->addressed);
	wait_queue_init(&box->senders);
	box->senders.is_chosen = true;
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
