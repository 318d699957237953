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

/* Wait until the deadline, a time of CLOCK_REALTIME (address 0: no deadline).
 * A call that need not wait does not look at the deadline. */
static long wait_with_deadline(struct mqueue_transfer *transfer, int end,
			       wait_attempt *attempt, uaddr_t deadline_at)
{
	struct open_file *file = transfer->file;
	uint64_t deadline_ns = FOREVER;
	long result = 0;

	if (deadline_at)
		result = timespec_fetch(deadline_at, &deadline_ns);
	if (result)
		return result;
	if (deadline_at)
		time_deadline(CLOCK_REALTIME, deadline_ns, &deadline_ns);
	return file_wait(file, file_queue(file, end), deadline_ns, attempt,
			 transfer);
}

/* The first attempt was in vain, or a long message is on its way to the caller,
 * with this result. */
static long continue_transfer(struct mqueue_transfer *transfer, int end,
			      wait_attempt *attempt, uaddr_t deadline_at,
			      long result)
{
	struct open_file *file = transfer->file;
	struct wait_queue *queue = &file->object->queue[end];

	file_get(file);		/* a thread may close fd meanwhile */
	do {
		if (result == WAIT_TRY_NEXT)
			result = signal_lets_go_on()
				? wait_try(queue, attempt, transfer) : -EINTR;
		if (result == -EAGAIN && !(file->flags & O_NONBLOCK))
			result = wait_with_deadline(transfer, end, attempt,
						    deadline_at);
	} while (result == WAIT_TRY_NEXT);
	if (end == END_READ && transfer->message) {
		transfer->result = -EAGAIN;
		result = mqueue_take(transfer);
	}
	file_put(file);
	return result;
}

static long do_transfer(struct mqueue_transfer *transfer, int end,
			wait_attempt *attempt, uaddr_t deadline_at)
{
	struct open_file *file = transfer->file;
	long result = wait_try(&file->object->queue[end], attempt, transfer);

	if (result < 0)
		result = continue_transfer(transfer, end, attempt, deadline_at,
					   result);
	return result;
}

static long send_long(struct mqueue_transfer *transfer, uaddr_t deadline_at)
{
	struct open_file *file = transfer->file;
	long result;

	file_get(file);		/* a thread may close fd meanwhile */
	result = mqueue_bring_in(transfer);
	if (!result)
		result = do_transfer(transfer, END_WRITE, send_attempt,
				     deadline_at);
	mqueue_drop(transfer);
	file_put(file);
	return result;
}

long sys_mq_timedsend(int fd, uaddr_t message, size_t bytes, unsigned priority,
		      uaddr_t deadline_at)
{
	struct open_file *file = descriptor_file(fd);
	struct mqueue_transfer transfer;

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
	return message_is_long(bytes)
		? send_long(&transfer, deadline_at)
		: do_transfer(&transfer, END_WRITE, send_attempt, deadline_at);
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

	if (!mqueue_is(file) || !file_can_read(file))
		return -EBADF;
	if (bytes < mqueue_of(file)->message_bytes)
		return -EMSGSIZE;
	transfer.file = file;
	transfer.at = message;
	transfer.priority_at = priority_at;
	transfer.result = -EAGAIN;
	transfer.message = NULL;
	return do_transfer(&transfer, END_READ, receive_attempt, deadline_at);
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
	struct mqueue_notice notice = {
		.process = process_current()->id,
		.start_ns = process_current()->start_ns,
		.fd = fd,
	};
	struct sigevent_wish wish;
	int error;

	if (!mqueue_is(file))
		return -EBADF;
	if (!event_at) {
		mqueue_unregister(file, notice.process);
		return 0;
	}
	error = sigevent_fetch(event_at, &wish);
	if (error)
		return error;
	notice.signal = wish.signal;
	notice.value = wish.value;
	notice.task = wish.task;
	return mqueue_register(file, &notice);
}
