/*
 * mqueue.c - the system calls of message queues.
 *
 * Open queues are descriptors: close(), fcntl(), dup() and poll() work on them.
 * exec closes them, as POSIX demands, unless FD_CLOEXEC is taken off.
 */
#include "kernel/ipc/mqueue.h"

#include "kernel/ipc/mqueue_message.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/named.h"
#include "kernel/sys/sigevent.h"
#include "kernel/sys/syscalls.h"
#include "kernel/sys/timespec.h"
#include "kernel/task/process.h"

#define OPEN_FLAGS	(O_ACCMODE | O_CREAT | O_EXCL | O_NONBLOCK | O_CLOEXEC)
#define DEFAULT_MESSAGES 10
#define DEFAULT_BYTES	8192

static int create(const void *attr, struct object **out)
{
	return mqueue_create(attr, out);
}

long sys_mq_open(uaddr_t name_at, int flags, mode_t mode, uaddr_t attr_at)
{
	struct mq_attr attr = { 0, DEFAULT_MESSAGES, DEFAULT_BYTES, 0 };
	struct names_request request = {
		.kind = "mqueue", .flags = flags, .mode = mode,
		.create = create, .attr = &attr,
	};

	if (flags & ~OPEN_FLAGS || (flags & O_ACCMODE) == O_ACCMODE)
		return -EINVAL;
	if (flags & O_CREAT && attr_at &&
	    copy_from_user(&attr, attr_at, sizeof(attr)) != 0)
		return -EFAULT;
	return named_open(&request, name_at, true);
}

long sys_mq_unlink(uaddr_t name_at)
{
	return named_unlink("mqueue", name_at);
}

/* ---- Sending and receiving ---------------------------------------------- */

static long send_attempt(void *context)
{
	return mqueue_put(context);
}

static long receive_attempt(void *context)
{
	return mqueue_take(context);
}

/* A deadline of CLOCK_REALTIME. 0, -EFAULT or -EINVAL. */
static int fetch_deadline(uaddr_t deadline_at, uint64_t *deadline_ns)
{
	int error = timespec_fetch(deadline_at, deadline_ns);

	if (!error)
		time_deadline(CLOCK_REALTIME, *deadline_ns, deadline_ns);
	return error;
}

/* The first attempt was in vain, or a long message is on its way to the caller,
 * with this result. Only a call that may sleep looks at the deadline (address
 * 0: no deadline). */
static long continue_transfer(struct mqueue_transfer *transfer, int end,
			      wait_attempt *attempt, uaddr_t deadline_at,
			      long result)
{
	struct open_file *file = transfer->file;
	struct wait_request request = {
		.queue = &file->object->queue[end],
		.object = file->object,
		.event = end == END_READ ? WAIT_DATA : WAIT_SPACE,
		.deadline_ns = FOREVER,
		.never_sleeps = file->flags & O_NONBLOCK,
	};
	int error = 0;

	if (deadline_at && !request.never_sleeps &&
	    (result == -EAGAIN || result == WAIT_TRY_NEXT))
		error = fetch_deadline(deadline_at, &request.deadline_ns);
	if (error)
		return error;
	file_get(file);		/* a thread may close fd meanwhile */
	result = wait_go_on(result, &request, attempt, transfer);
	if (end == END_READ && transfer->message) {
		transfer->result = -EAGAIN;
		result = mqueue_take(transfer);
	}
	file_put(file);
	return result;
}

/* A long message comes into the kernel in parts, before mqueue_put(). 0, or
 * -EAGAIN (full, and the call may not wait), -ENOMEM, -EFAULT, -EINTR. */
static int begin_long(struct mqueue_transfer *send)
{
	struct open_file *file = send->file;
	const struct mqueue *queue = mqueue_of(file);

	file_get(file);		/* a thread may close fd meanwhile */
	if (file->flags & O_NONBLOCK && queue->count >= queue->max_messages)
		return -EAGAIN;
	send->message = message_alloc(pool_payer(queue), send->bytes);
	if (!send->message)
		return -ENOMEM;
	return message_copy(send->message, send->at, END_WRITE, true);
}

static void end_long(struct mqueue_transfer *send)
{
	if (send->message)
		message_free(send->message);
	file_put(send->file);
}

long sys_mq_timedsend(int fd, uaddr_t message, size_t bytes, unsigned priority,
		      uaddr_t deadline_at)
{
	struct open_file *file = descriptor_file(fd);
	bool is_long = message_is_long(bytes);
	struct mqueue_transfer transfer;
	long result = 0;

	if (!mqueue_is(file) || !file_can_write(file))
		return -EBADF;
	if (priority >= MQ_PRIO_MAX)
		return -EINVAL;
	if (bytes > mqueue_of(file)->message_bytes)
		return -EMSGSIZE;
	transfer.file = file;
	transfer.at = message;
	transfer.bytes = bytes;
	transfer.priority = priority;
	transfer.message = NULL;
	if (is_long)
		result = begin_long(&transfer);
	if (!result)
		result = wait_try(&file->object->queue[END_WRITE], send_attempt,
				  &transfer);
	if (result)
		result = continue_transfer(&transfer, END_WRITE, send_attempt,
					   deadline_at, result);
	if (is_long)
		end_long(&transfer);
	return result;
}

long sys_mq_send(int fd, uaddr_t message, size_t bytes, unsigned priority)
{
	return sys_mq_timedsend(fd, message, bytes, priority, 0);
}

long sys_mq_timedreceive(int fd, uaddr_t message, size_t bytes,
			 uaddr_t priority_at, uaddr_t deadline_at)
{
	struct open_file *file = descriptor_file(fd);
	struct mqueue_transfer transfer;
	long result;

	if (!mqueue_is(file) || !file_can_read(file))
		return -EBADF;
	if (bytes < mqueue_of(file)->message_bytes)
		return -EMSGSIZE;
	transfer.file = file;
	transfer.at = message;
	transfer.priority_at = priority_at;
	transfer.result = -EAGAIN;
	transfer.message = NULL;
	result = wait_try(&file->object->queue[END_READ], receive_attempt,
			  &transfer);
	return result >= 0 ? result : continue_transfer(&transfer, END_READ,
							receive_attempt,
							deadline_at, result);
}

long sys_mq_receive(int fd, uaddr_t message, size_t bytes, uaddr_t priority_at)
{
	return sys_mq_timedreceive(fd, message, bytes, priority_at, 0);
}

/* ---- Attributes and notification ---------------------------------------- */

long sys_mq_attributes(int fd, uaddr_t new_at, uaddr_t old_at)
{
	struct open_file *file = descriptor_file(fd);
	struct mq_attr attr, old;

	if (!mqueue_is(file))
		return -EBADF;
	if (new_at && copy_from_user(&attr, new_at, sizeof(attr)) != 0)
		return -EFAULT;
	if (new_at && attr.mq_flags & ~O_NONBLOCK)
		return -EINVAL;
	mqueue_get_attr(file, &old);
	if (old_at && copy_to_user(old_at, &old, sizeof(old)) != 0)
		return -EFAULT;
	if (new_at)
		file->flags = (file->flags & ~O_NONBLOCK) | attr.mq_flags;
	return 0;
}

long sys_mq_notify(int fd, uaddr_t event_at)
{
	struct open_file *file = descriptor_file(fd);
	struct mqueue_notice wish = {
		.process = process_current()->id,
		.start_ns = process_current()->start_ns,
		.fd = fd,
		.file = file,
	};
	struct mqueue_notice *notice;
	struct sigevent_wish event;
	int error;

	if (!mqueue_is(file))
		return -EBADF;
	notice = &mqueue_of(file)->notice;
	if (!event_at) {
		if (notice->process == wish.process)
			mqueue_cancel_notice(notice);
		return 0;
	}
	error = sigevent_fetch(event_at, &event);
	if (error || event.kind == SIGEV_THREAD_ID)
		return error ? error : -EINVAL;
	wish.signal = event.signal;
	wish.value = event.value;
	wish.task = event.task;
	return mqueue_register(notice, &wish);
}
