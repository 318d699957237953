/*
 * mailbox.c - the system calls of mailboxes and direct messages.
 *
 * An open mailbox is a descriptor: close(), dup(), fcntl() and poll() work.
 * O_NONBLOCK on the descriptor means MAILBOX_NONBLOCK on each call.
 */
#include "kernel/ipc/mail_call.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/named.h"
#include "kernel/sys/syscalls.h"
#include "kernel/sys/timespec.h"
#include "kernel/task/process.h"

#define OPEN_FLAGS	(O_ACCMODE | O_CREAT | O_EXCL | O_NONBLOCK | O_CLOEXEC)
#define DEFAULT_MESSAGES 16
#define DEFAULT_BYTES	4096
#define SEND_FLAGS	(MAILBOX_NONBLOCK | MAILBOX_SYNC | MAILBOX_GIFT)
#define HEAD_FLAGS	(MESSAGE_WANTS_REPLY | MESSAGE_HAS_FD)

static int create(const void *attr, struct object **out)
{
	return mailbox_create(attr, out);
}

long sys_mailbox_open(uaddr_t name_at, int flags, mode_t mode, uaddr_t attr_at)
{
	struct mailbox_attr attr = { DEFAULT_MESSAGES, DEFAULT_BYTES, 0 };
	struct names_request request = {
		.kind = "mailbox", .flags = flags, .mode = mode,
		.create = create, .attr = &attr,
	};
	struct object *object;
	long error;

	if (flags & ~OPEN_FLAGS || (flags & O_ACCMODE) == O_ACCMODE)
		return -EINVAL;
	if (attr_at && (!name_at || flags & O_CREAT) &&
	    copy_from_user(&attr, attr_at, sizeof(attr)) != 0)
		return -EFAULT;
	if (name_at)
		return named_open(&request, name_at, flags & O_CLOEXEC);
	error = mailbox_create(&attr, &object);
	return error ? error
		     : descriptor_open(object, flags & (O_ACCMODE | O_NONBLOCK),
				       flags & O_CLOEXEC);
}

long sys_mailbox_unlink(uaddr_t name_at)
{
	return named_unlink("mailbox", name_at);
}

long sys_mailbox_getattr(int fd, uaddr_t attr_at)
{
	const struct mailbox *box = mailbox_of(descriptor_file(fd));
	struct mailbox_attr attr;

	if (!box)
		return -EBADF;
	mailbox_getattr(box, &attr);
	return copy_to_user(attr_at, &attr, sizeof(attr));
}

/* ---- Arguments ----------------------------------------------------------- */

/* The open file of a box for this end (END_READ: to receive), or NULL. */
static struct open_file *box_file(int fd, int end)
{
	struct open_file *file = descriptor_file(fd);

	if (!mailbox_of(file))
		return NULL;
	if (end == END_READ ? !file_can_read(file) : !file_can_write(file))
		return NULL;
	return file;
}

static int file_flags(const struct open_file *file)
{
	return file->flags & O_NONBLOCK ? MAILBOX_NONBLOCK : 0;
}

static int fetch_deadline(uaddr_t at, uint64_t *deadline_ns)
{
	*deadline_ns = FOREVER;
	return at ? timespec_fetch(at, deadline_ns) : 0;
}

static int fetch_send(struct mail_send *send, uaddr_t head_at,
		      uaddr_t deadline_at)
{
	struct message *head = &send->mail.head;

	if (send->flags & ~SEND_FLAGS)
		return -EINVAL;
	if (copy_from_user(head, head_at, sizeof(*head)) != 0)
		return -EFAULT;
	if (head->flags & ~HEAD_FLAGS || head->receiver < 0)
		return -EINVAL;
	return fetch_deadline(deadline_at, &send->deadline_ns);
}

/* The memory of the running process for a header and a body. */
static void place_init(struct mail_place *to, uaddr_t head_at, uaddr_t body,
		       size_t bytes)
{
	to->process = process_current();
	to->head_at = head_at;
	to->body = body;
	to->body_bytes = bytes;
	to->ready_bytes = 0;
	to->pages = 0;
}

static int fetch_place(struct mail_place *to, uaddr_t head_at, uaddr_t at)
{
	struct message_place place;

	if (copy_from_user(&place, at, sizeof(place)) != 0)
		return -EFAULT;
	place_init(to, head_at, (uaddr_t)place.body, place.bytes);
	return 0;
}

/* The selection from the header, and the buffer. */
static int fetch_receive(struct mail_receive *receive, uaddr_t head_at,
			 uaddr_t place_at, uaddr_t deadline_at)
{
	struct message head;
	int error;

	if (receive->flags & ~MAILBOX_NONBLOCK)
		return -EINVAL;
	error = fetch_place(&receive->to, head_at, place_at);
	if (error)
		return error;
	if (head_at) {
		if (copy_from_user(&head, head_at, sizeof(head)) != 0)
			return -EFAULT;
		receive->type = head.type;
		receive->sender = head.sender;
	}
	return fetch_deadline(deadline_at, &receive->deadline_ns);
}

/* ---- Through a box ------------------------------------------------------- */

long sys_mailbox_send(int fd, uaddr_t head_at, uaddr_t body, int flags,
		      uaddr_t deadline_at)
{
	struct open_file *file = box_file(fd, END_WRITE);
	struct mail_send send;
	long result;

	if (!file)
		return -EBADF;
	mail_send_init(&send, mailbox_of(file), body, flags);
	result = fetch_send(&send, head_at, deadline_at);
	if (result)
		return result;
	send.flags |= file_flags(file);
	file_get(file);		/* a thread may close fd meanwhile */
	result = mail_send(&send);
	file_put(file);
	return result;
}

long sys_mailbox_receive(int fd, uaddr_t head_at, uaddr_t place_at, int flags,
			 uaddr_t deadline_at)
{
	struct open_file *file = box_file(fd, END_READ);
	struct mail_receive receive;
	long result;

	if (!file)
		return -EBADF;
	mail_receive_init(&receive, mailbox_of(file), flags);
	result = fetch_receive(&receive, head_at, place_at, deadline_at);
	if (result)
		return result;
	receive.flags |= file_flags(file);
	file_get(file);
	result = mail_receive(&receive);
	file_put(file);
	return result;
}

/* head describes the request, and receives the header of the reply. O_NONBLOCK
 * has an effect on the send only: the call waits for the reply. */
long sys_mailbox_call(int fd, uaddr_t head_at, uaddr_t request,
		      uaddr_t place_at, uaddr_t deadline_at)
{
	struct open_file *file = box_file(fd, END_WRITE);
	struct mail_send send;
	long result;

	if (!file)
		return -EBADF;
	mail_send_init(&send, mailbox_of(file), request, file_flags(file));
	result = fetch_send(&send, head_at, deadline_at);
	if (!result)
		result = fetch_place(&send.reply_to, head_at, place_at);
	if (result)
		return result;
	file_get(file);
	result = mail_call(&send);
	file_put(file);
	return result;
}

long sys_mailbox_reply(int fd, uaddr_t head_at, uaddr_t body)
{
	struct open_file *file = box_file(fd, END_READ);
	struct mail_send send;
	long error;

	if (!file)
		return -EBADF;
	mail_send_init(&send, mailbox_of(file), body, 0);
	error = fetch_send(&send, head_at, 0);
	if (error)
		return error;
	file_get(file);
	error = mail_reply(&send);
	file_put(file);
	return error;
}

/* The reply is sent. Set the id to 0, so the next try sends no second reply. */
static void forget_reply(uaddr_t head_at)
{
	const uint32_t no_id = 0;

	copy_to_user(head_at + offsetof(struct message, id), &no_id,
		     sizeof(no_id));
}

/* A header with the id 0 is no reply. */
long sys_mailbox_reply_receive(int fd, uaddr_t head_at, uaddr_t reply,
			       uaddr_t request, size_t request_bytes)
{
	struct open_file *file = box_file(fd, END_READ);
	struct mail_receive receive;
	struct mail_send send;
	long result;

	if (!file)
		return -EBADF;
	mail_send_init(&send, mailbox_of(file), reply, 0);
	result = fetch_send(&send, head_at, 0);
	if (result)
		return result;
	file_get(file);
	if (send.mail.head.id)
		result = mail_reply(&send);
	if (!result) {
		mail_receive_init(&receive, mailbox_of(file), file_flags(file));
		place_init(&receive.to, head_at, request, request_bytes);
		result = mail_receive(&receive);
		if (result < 0)
			forget_reply(head_at);
	}
	file_put(file);
	return result;
}

/* ---- Straight to a process ----------------------------------------------- */

long sys_message_send(pid_t to, uaddr_t head_at, uaddr_t body, int flags,
		      uaddr_t deadline_at)
{
	struct mail_send send;
	int error;

	mail_send_init(&send, NULL, body, flags);
	error = fetch_send(&send, head_at, deadline_at);
	return error ? error : mail_send_to(&send, to);
}

long sys_message_receive(pid_t from, uaddr_t head_at, uaddr_t place_at,
			 int flags, uaddr_t deadline_at)
{
	struct mail_receive receive;
	int error;

	mail_receive_init(&receive, NULL, flags);
	error = fetch_receive(&receive, head_at, place_at, deadline_at);
	if (error)
		return error;
	if (from)
		receive.sender = from;
	receive.box = mailbox_of_process(process_current());
	return receive.box ? mail_receive(&receive) : -ENOMEM;
}

/* The descriptor is for poll() alone: mailbox_receive() takes boxes only. */
long sys_message_inbox(void)
{
	struct mailbox *inbox = mailbox_of_process(process_current());

	if (!inbox)
		return -ENOMEM;
	object_get(&inbox->object);
	return descriptor_open(&inbox->object, O_RDONLY, false);
}
