/*
 * mailbox.c - the system calls of mailboxes and direct messages.
 *
 * A box is a descriptor: close(), dup(), fcntl() and poll() work on it.
 * O_NONBLOCK on it is MAILBOX_NONBLOCK on each call.
 */
#include "kernel/ipc/mail_hand.h"
#include "kernel/ipc/mail_line.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/abi/limits.h"
#include "kernel/fs/names.h"
#include "kernel/machine.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/syscalls.h"
#include "kernel/sys/timespec.h"
#include "kernel/task/process.h"

#define OPEN_FLAGS	(O_ACCMODE | O_CREAT | O_EXCL | O_NONBLOCK | O_CLOEXEC)
#define DEFAULT_MESSAGES 16
#define DEFAULT_BYTES	4096
#define SEND_FLAGS	(MAILBOX_NONBLOCK | MAILBOX_SYNC | MAILBOX_GIFT)
#define HEAD_FLAGS	(MESSAGE_WANTS_REPLY | MESSAGE_HAS_FD)

struct creation {
	struct mailbox_attr attr;
	bool was_new;
};

static int create(void *context, struct object **out)
{
	struct creation *creation = context;
	int error = mailbox_create(&creation->attr, out);

	creation->was_new = !error;
	return error;
}

/* A descriptor for the object; takes over the caller's reference. */
static long open_box(struct object *object, int flags)
{
	struct open_file *file;
	long fd = file_open(object, flags & (O_ACCMODE | O_NONBLOCK), &file);

	object_put(object);
	if (fd)
		return fd;
	fd = descriptor_install(file, 0, flags & O_CLOEXEC);
	if (fd < 0)
		file_put(file);
	return fd;
}

static long open_name(uaddr_t name_at, int flags, mode_t mode,
		      struct creation *creation)
{
	char name[NAME_MAX + 3];	/* room to be too long by one */
	struct object *object;
	long result = copy_string_from_user(name, name_at, sizeof(name));

	if (result < 0)
		return result;
	result = names_open("mailbox", name, flags, mode, create, creation,
			    &object);
	if (result)
		return result;
	result = open_box(object, flags);
	if (result < 0 && creation->was_new)
		names_unlink("mailbox", name);
	return result;
}

long sys_mailbox_open(uaddr_t name_at, int flags, mode_t mode, uaddr_t attr_at)
{
	struct creation creation = {
		.attr = { DEFAULT_MESSAGES, DEFAULT_BYTES, 0 },
	};
	struct object *object;
	long error;

	if (flags & ~OPEN_FLAGS || (flags & O_ACCMODE) == O_ACCMODE)
		return -EINVAL;
	if (attr_at && (!name_at || flags & O_CREAT) &&
	    copy_from_user(&creation.attr, attr_at, sizeof(creation.attr)))
		return -EFAULT;
	if (name_at)
		return open_name(name_at, flags, mode, &creation);
	error = create(&creation, &object);
	return error ? error : open_box(object, flags);
}

long sys_mailbox_unlink(uaddr_t name_at)
{
	char name[NAME_MAX + 3];
	long length = copy_string_from_user(name, name_at, sizeof(name));

	return length < 0 ? length : names_unlink("mailbox", name);
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

static inline struct mailbox *box_in(const struct open_file *file)
{
	struct mailbox *box = CONTAINER_OF(file->object, struct mailbox,
					   object);

	mail_line_cut(box);
	return box;
}

/* The open file of a box for this end (END_READ: to receive), or NULL. */
static inline struct open_file *box_file(int fd, int end)
{
	struct open_file *file = descriptor_find(fd);

	if (UNLIKELY(!file || file->object->ops != &mailbox_ops))
		return NULL;
	if (end == END_READ ? !file_can_read(file) : !file_can_write(file))
		return NULL;
	return file;
}

/* As box_in(), for who uses it by words. */
static struct mailbox *box_of_words(int fd, int end)
{
	const struct open_file *file = box_file(fd, end);

	if (!file || (end == END_READ && file->flags & O_NONBLOCK))
		return NULL;
	return CONTAINER_OF(file->object, struct mailbox, object);
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
	if (send->flags & ~SEND_FLAGS)
		return -EINVAL;
	if (copy_from_user(&send->head, head_at, sizeof(send->head)) != 0)
		return -EFAULT;
	if (send->head.flags & ~HEAD_FLAGS)
		return -EINVAL;
	if (send->head.receiver < 0)
		return -EINVAL;
	return fetch_deadline(deadline_at, &send->deadline_ns);
}

static int fetch_receive(struct mail_receive *receive, uaddr_t deadline_at)
{
	struct message head;

	if (receive->flags & ~MAILBOX_NONBLOCK)
		return -EINVAL;
	receive->process = process_current();
	if (receive->head_at) {
		if (copy_from_user(&head, receive->head_at, sizeof(head)) != 0)
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
	struct mail_send send = { .body = body, .flags = flags };
	long result;

	if (!file)
		return -EBADF;
	result = fetch_send(&send, head_at, deadline_at);
	if (result)
		return result;
	send.box = mailbox_of(file);
	send.flags |= file_flags(file);
	file_get(file);		/* another thread may close it meanwhile */
	result = mailbox_send(&send);
	file_put(file);
	return result;
}

long sys_mailbox_receive(int fd, uaddr_t head_at, uaddr_t body,
			 size_t body_bytes, int flags, uaddr_t deadline_at)
{
	struct open_file *file = box_file(fd, END_READ);
	struct mail_receive receive = {
		.head_at = head_at, .body = body, .body_bytes = body_bytes,
		.flags = flags,
	};
	long result;

	if (!file)
		return -EBADF;
	result = fetch_receive(&receive, deadline_at);
	if (result)
		return result;
	receive.box = mailbox_of(file);
	receive.flags |= file_flags(file);
	file_get(file);
	result = mailbox_receive(&receive);
	file_put(file);
	return result;
}

/* head says what is sent and takes the header of the reply. O_NONBLOCK does
 * not count: a call that does not wait is a send. */
static SLOW_PATH long call_slow(struct mailbox *box, uaddr_t head_at,
				uaddr_t request, uaddr_t reply,
				size_t reply_bytes, uaddr_t deadline_at)
{
	struct mail_send send = { .box = box, .body = request };
	const struct mail_receive receive = {
		.head_at = head_at, .body = reply, .body_bytes = reply_bytes,
	};
	long error = fetch_send(&send, head_at, deadline_at);

	return error ? error : mail_call(&send, &receive);
}

long sys_mailbox_call(int fd, uaddr_t head_at, uaddr_t request, uaddr_t reply,
		      size_t reply_bytes, uaddr_t deadline_at)
{
	struct open_file *file = box_file(fd, END_WRITE);
	struct mailbox *box;
	long result = HAND_NOT;

	if (UNLIKELY(!file))
		return -EBADF;
	box = box_in(file);
	file_get(file);
	if (LIKELY(!deadline_at))
		result = mail_hand_call(box, head_at, request, reply,
					reply_bytes);
	if (UNLIKELY(result == HAND_NOT))
		result = call_slow(box, head_at, request, reply, reply_bytes,
				   deadline_at);
	file_put(file);
	return result;
}

static SLOW_PATH long reply_slow(struct mailbox *box, uaddr_t head_at,
				 uaddr_t body, bool may_be_none)
{
	struct mail_send send = { .box = box, .body = body };
	long error = fetch_send(&send, head_at, 0);

	if (error)
		return error;
	return may_be_none && send.head.id == 0 ? 0 : mail_reply(&send);
}

static inline long reply_to(struct mailbox *box, uaddr_t head_at, uaddr_t body,
			    bool may_be_none)
{
	long result = mail_hand_reply(box, head_at, body);

	if (UNLIKELY(result == HAND_NOT))
		result = reply_slow(box, head_at, body, may_be_none);
	return result;
}

long sys_mailbox_reply(int fd, uaddr_t head_at, uaddr_t body)
{
	struct open_file *file = box_file(fd, END_READ);

	return file ? reply_to(box_in(file), head_at, body, false) : -EBADF;
}

/* The reply has gone out: the next try must not send another. */
static SLOW_PATH long forget_reply(uaddr_t head_at, long result)
{
	const uint32_t no_id = 0;

	copy_to_user(head_at + offsetof(struct message, id), &no_id,
		     sizeof(no_id));
	return result;
}

long sys_mailbox_reply_receive(int fd, uaddr_t head_at, uaddr_t reply,
			       uaddr_t request, size_t request_bytes)
{
	struct open_file *file = box_file(fd, END_READ);
	struct mail_receive receive;
	long result;

	if (UNLIKELY(!file))
		return -EBADF;
	receive.box = box_in(file);
	result = reply_to(receive.box, head_at, reply, true);
	if (UNLIKELY(result))
		return result;
	mail_receive_any(&receive);
	receive.head_at = head_at;
	receive.body = request;
	receive.body_bytes = request_bytes;
	receive.flags = file_flags(file);
	file_get(file);
	result = mailbox_receive(&receive);
	file_put(file);
	return LIKELY(result >= 0) ? result : forget_reply(head_at, result);
}

/* ---- By words ------------------------------------------------------------ */

/* -ENOSYS: it is no matter of words. The call in general says what is wrong. */

long machine_words_prepare(uint32_t number)
{
	bool is_reply = number >= MAILBOX_WORDS_REPLY;
	struct mailbox *box = is_reply
		? box_of_words(number - MAILBOX_WORDS_REPLY, END_READ)
		: box_of_words(number - MAILBOX_WORDS_CALL, END_WRITE);

	if (!box)
		return -ENOSYS;
	return is_reply ? mail_line_prepare_reply(box) : mail_line_prepare(box);
}

long machine_words_receive(int fd, struct mail_words *words)
{
	struct mailbox *box = box_of_words(fd, END_READ);

	return box ? mail_line_receive(box, words) : -ENOSYS;
}

/* ---- Straight to a process ----------------------------------------------- */

long sys_message_send(pid_t to, uaddr_t head_at, uaddr_t body, int flags,
		      uaddr_t deadline_at)
{
	struct mail_send send = { .body = body, .flags = flags };
	int error = fetch_send(&send, head_at, deadline_at);

	if (error)
		return error;
	send.head.receiver = to;
	return mail_send_direct(&send, to);
}

long sys_message_receive(pid_t from, uaddr_t head_at, uaddr_t body,
			 size_t body_bytes, int flags, uaddr_t deadline_at)
{
	struct mail_receive receive = {
		.head_at = head_at, .body = body, .body_bytes = body_bytes,
		.flags = flags,
	};
	int error = fetch_receive(&receive, deadline_at);

	if (error)
		return error;
	if (from)
		receive.sender = from;
	return mail_receive_direct(&receive);
}
