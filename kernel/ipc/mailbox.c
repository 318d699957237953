/*
 * mailbox.c - messages with a header, in a box shared by processes.
 *
 *			receive				send
 *	no message fits	waits, or EAGAIN		goes on
 *	n messages	takes the first that fits	waits, or EAGAIN
 *	capacity 0	the same			waits for the receiver
 *
 * mail_receive.c decides which message goes to which receiver. mail_send.c
 * waits for room, for the receiver and for replies. This file is the box
 * between sender and receiver.
 *
 * A sender that waits for room has copied nothing. The message is created, and
 * gets a number, when there is room. So messages lie in the order of their
 * numbers, and a waiting sender costs no memory. In a box of capacity 0 each
 * message stands for a waiting sender, and the priority of the sender goes
 * before the number.
 *
 * A synchronous send returns when the message was received. In a box of
 * capacity 0 every send is synchronous. A synchronous sender that may not wait
 * (MAILBOX_NONBLOCK) needs a receiver that waits already; the send returns when
 * the message is granted to that receiver.
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
#include "kernel/ipc/inbox.h"
#include "kernel/ipc/mail_receive.h"
#include "kernel/ipc/mail_send.h"
#include "kernel/lib/printk.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/descriptor.h"
#include "kernel/task/process.h"

static struct pool mailbox_pool = POOL("mailbox", sizeof(struct mailbox));

struct process *mailbox_process(pid_t id)
{
	struct process *process = id > 0 ? process_find(id) : NULL;

	if (!process || process->state == PROCESS_ZOMBIE ||
	    !process->descriptors)
		return NULL;
	return process;
}

/* ---- Messages come and go ------------------------------------------------ */

void mailbox_remove(struct mail *mail)
{
	struct mailbox *box = mail->box;

	list_remove(&mail->node);
	if (list_is_linked(&mail->meant))
		list_remove(&mail->meant);
	box->count--;
	box->bytes -= mail_bytes(mail->head.bytes);
	if (mail->link)
		mail_link_remove(mail->link, mail->head.bytes);
	else
		mailbox_wake(box, END_WRITE);
}

void mailbox_withdraw(struct mail *mail)
{
	struct mail_receive *receive = mail->taker;

	mailbox_remove(mail);
	if (receive)
		mail_grant_another(receive);
}

/* A waiting sender gets the message back, with the moved pages. */
static void send_back(struct mail *mail, int outcome)
{
	mailbox_withdraw(mail);
	if (mail->sender)
		mail_send_end(mail->sender, outcome);
	else
		mail_release(mail);
}

void mailbox_drain(struct mailbox *box, int outcome)
{
	while (!list_is_empty(&box->mails))
		send_back(LIST_ENTRY(list_first(&box->mails), struct mail,
				     node), outcome);
	ASSERT(box->count == 0 && box->bytes == 0);
}

void mailbox_receiver_ends(struct process *process)
{
	while (!list_is_empty(&process->mails))
		send_back(LIST_ENTRY(list_first(&process->mails), struct mail,
				     meant), -ESRCH);
}

/* ---- The box ------------------------------------------------------------- */

/* At a rendezvous: does a receiver wait for a message of any type from the
 * running process? A receiver that wants one type could refuse the message. */
static bool is_awaited(struct mailbox *box)
{
	const struct message head = { .sender = process_current()->id };

	return mail_find_receiver(box, &head);
}

static unsigned mailbox_poll(const struct open_file *file)
{
	struct mailbox *box = mailbox_of(file);
	const struct mail_receive anything = { .process = process_current() };
	unsigned events = 0;

	if (file_can_read(file) && mail_find(box, &anything))
		events |= POLLIN;
	else if (file_can_read(file) && mailbox_is_left(box, END_WRITE))
		events |= POLLHUP;
	if (!file_can_write(file))
		return events;
	if (mailbox_is_left(box, END_READ))
		return events | POLLERR;
	if (mailbox_has_room(box) &&
	    mailbox_has_memory(box, box->message_bytes) &&
	    mail_has_memory(box->message_bytes) &&
	    (box->capacity != 0 || is_awaited(box)))
		events |= POLLOUT;
	return events;
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

/* If the process has closed its last descriptor of the box, end the calls that
 * wait for its reply: the process cannot reply any more. A close does not end
 * the waits of the process's own threads. */
static void mailbox_leave(struct open_file *file)
{
	struct mailbox *box = mailbox_of(file);
	struct process *process = process_current();
	struct mail_send *call, *after;

	if (holds_box(process->descriptors, box))
		return;
	mail_lose_replies(box, process);
	LIST_FOR_EACH_SAFE(call, after, &process->calls, node)
		if (call->box == box)
			mail_send_end(call, -EPIPE);
}

/* End the waits that no task can end any more. The senders take back the
 * messages that nobody can receive. */
static void end_lonely_waits(struct mailbox *box)
{
	struct mail *mail;

	if (mailbox_is_left(box, END_WRITE))
		mail_senders_left(box);
	if (!mailbox_is_left(box, END_READ))
		return;
	LIST_FOR_EACH(mail, &box->mails, node)
		if (mail->sender)
			mail_send_end(mail->sender, -EPIPE);
	wait_wake_all(&box->object.queue[END_WRITE]);
	wait_wake_all(&box->object.queue[END_READ]);	/* pollers */
}

static void mailbox_close(struct open_file *file)
{
	end_lonely_waits(mailbox_of(file));
}

static void mailbox_name(struct object *object, bool has_name)
{
	struct mailbox *box = CONTAINER_OF(object, struct mailbox, object);

	box->has_name = has_name;
	if (!has_name)
		end_lonely_waits(box);
}

static bool mailbox_describe(const struct object *object, char *to, size_t size)
{
	return names_describe(object, to, size);
}

static void mailbox_report(const struct object *object, char *to, size_t size)
{
	const struct mailbox *box = CONTAINER_OF(object, struct mailbox,
						 object);

	if (box->capacity == 0)
		snprintf(to, size, "rendezvous, %u offered", box->count);
	else if (box->capacity == MAILBOX_UNBOUNDED)
		snprintf(to, size, "%u messages, %u bytes", box->count,
			 box->bytes);
	else
		snprintf(to, size, "%u of %ld messages, %u bytes", box->count,
			 box->capacity, box->bytes);
}

pid_t mailbox_ender(const struct task *task, int *end)
{
	const struct mail_receive *receive = task->wait.context;
	const struct mail_send *send = task->wait.context;

	(void)end;
	switch (task->wait.request->event) {
	case WAIT_SPACE:
		return send->box->owner;
	case WAIT_DATA:
		return receive->sender;
	case WAIT_PEER:
	case WAIT_REPLY:
		return send->receiver;
	default:
		return 0;
	}
}

/*
 * The last message may hold the last descriptor of a second box, and so on. A
 * loop destroys the boxes in sequence. A recursion could need more kernel stack
 * than there is.
 */
static void mailbox_destroy(struct object *object)
{
	static struct list dying = LIST_INIT(dying);	/* [P] */
	static bool is_busy;				/* [P] */
	struct list_node *first;
	struct mailbox *box;

	list_append(&dying, &object->all);
	if (is_busy)
		return;
	is_busy = true;
	while ((first = list_take_first(&dying)) != NULL) {
		box = CONTAINER_OF(LIST_ENTRY(first, struct object, all),
				   struct mailbox, object);
		mailbox_drain(box, 0);
		pool_free(&mailbox_pool, box);
	}
	is_busy = false;
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
	.destroy = mailbox_destroy,
};

void mailbox_init(struct mailbox *box, const struct object_ops *ops)
{
	object_init(&box->object, ops);
	box->object.queue[END_READ].is_chosen = true;
	list_init(&box->mails);
	list_init(&box->awake);
}

int mailbox_create(const struct mailbox_attr *attr, struct object **out)
{
	struct mailbox *box;

	if (attr->capacity < MAILBOX_UNBOUNDED ||
	    attr->message_bytes > MAILBOX_MESSAGE_BYTES_MAX)
		return -EINVAL;
	box = pool_alloc(&mailbox_pool);
	if (!box)
		return -ENOMEM;
	box->capacity = attr->capacity;
	box->message_bytes = attr->message_bytes;
	mailbox_init(box, &mailbox_ops);
	*out = &box->object;
	return 0;
}
