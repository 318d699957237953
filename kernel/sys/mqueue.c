/*
 * mqueue.c - the system calls of message queues.
 *
 * They are descriptors: close(), fcntl(), dup() and poll() work on them. exec
 * closes them, as POSIX wants it, unless FD_CLOEXEC is taken off.
 */
#include "kernel/ipc/mqueue_inline.h"

#include "kernel/fs/names.h"
#include "kernel/obj/descriptor.h"
#include "kernel/sys/syscalls.h"
#include "kernel/sys/timespec.h"
#include "kernel/task/process.h"
#include "kernel/task/wait_inline.h"

#define OPEN_FLAGS	(O_ACCMODE | O_CREAT | O_EXCL | O_NONBLOCK | O_CLOEXEC)
#define DEFAULT_MESSAGES 10
#define DEFAULT_BYTES	8192

struct creation {
	struct mq_attr attr;
	bool was_new;
};

static int create(void *context, struct object **out)
{
	struct creation *creation = context;
	int error = mqueue_create(&creation->attr, out);

	creation->was_new = !error;
	return error;
}

/* A descriptor for the object; takes over the caller's reference. */
static long open_queue(struct object *object, int flags)
{
	struct open_file *file;
	long fd = file_open(object, flags & (O_ACCMODE | O_NONBLOCK), &file);

	object_put(object);
	if (fd)
		return fd;
	fd = descriptor_install(file, 0, true);
	if (fd < 0)
		file_put(file);
	return fd;
}

long sys_mq_open(uaddr_t name_at, int flags, mode_t mode, uaddr_t attr_at)
{
	struct creation creation = {
		.attr = { 0, DEFAULT_MESSAGES, DEFAULT_BYTES, 0 },
	};
	char name[NAME_MAX + 3];	/* room to be too long by one */
	struct object *object;
	long result;

	if (flags & ~OPEN_FLAGS || (flags & O_ACCMODE) == O_ACCMODE)
		return -EINVAL;
	result = copy_string_from_user(name, name_at, sizeof(name));
	if (result < 0)
		return result;
	if (flags & O_CREAT && attr_at &&
	    copy_from_user(&creation.attr, attr_at, sizeof(creation.attr)))
		return -EFAULT;
	result = names_open("mqueue", name, flags, mode, create, &creation,
			    &object);
	if (result)
		return result;
	result = open_queue(object, flags);
	if (result < 0 && creation.was_new)
		names_unlink("mqueue", name);
	return result;
}

long sys_mq_unlink(uaddr_t name_at)
{
	char name[NAME_MAX + 3];
	long length = copy_string_from_user(name, name_at, sizeof(name));

	return length < 0 ? length : names_unlink("mqueue", name);
}

/* ---- Sending and receiving ---------------------------------------------- */

/* Attempts for wait_for(). If another can go on after this one, its turn has
 * come: a message is left, or room; but who was woken already is on the way. */
static void wake_next(const struct open_file *file, int end)
{
	struct wait_queue *queue = &file->object->queue[end];

	if (!list_is_empty(&queue->sleepers) && queue->owed <= 1 &&
	    file_poll(file) & (end == END_READ ? POLLIN : POLLOUT))
		wait_wake(queue);
}

static inline long send_attempt(void *context)
{
	const struct mqueue_transfer *transfer = context;
	long result = mqueue_put(transfer);

	if (LIKELY(result == 0))
		wake_next(transfer->file, END_WRITE);
	return result;
}

static inline __attribute__((always_inline))
long receive_attempt(void *context)
{
	struct mqueue_transfer *transfer = context;
	long result = mqueue_take(transfer);

	if (LIKELY(result >= 0))
		wake_next(transfer->file, END_READ);
	return result;
}

/* A receiver's wait has ended with `result`: was it handed a message? Who was
 * killed does not take it. */
static long end_receive(struct mqueue_transfer *transfer, long result)
{
	const struct wait *wait = &cpu.current->wait;

	if (wait->outcome <= 0)
		return result;
	if (UNLIKELY(signal_is_fatal(cpu.current))) {
		mqueue_hand_back(mqueue_of(transfer->file), wait->context);
		return -EINTR;
	}
	return mqueue_take_handed(transfer);
}

/* Only who has to wait looks at the deadline, in CLOCK_REALTIME (0: none). */
static long transfer_waiting(struct mqueue_transfer *transfer, int end,
			     wait_attempt *attempt, uaddr_t deadline_at)
{
	struct object *object = transfer->file->object;
	struct wait_request request = {
		.queue = &object->queue[end],
		.object = object,
		.event = end == END_READ ? WAIT_DATA : WAIT_SPACE,
		.deadline_ns = FOREVER,
	};
	long error = 0;

	if (deadline_at)
		error = timespec_fetch(deadline_at, &request.deadline_ns);
	if (error)
		return error;
	time_deadline(CLOCK_REALTIME, request.deadline_ns,
		      &request.deadline_ns);
	return wait_for(&request, attempt, transfer);
}

/* By all the rules: in turn, and asleep until it is possible. */
static long do_transfer(struct mqueue_transfer *transfer, int end,
			wait_attempt *attempt, uaddr_t deadline_at)
{
	struct open_file *file = transfer->file;
	long result;

	file_get(file);		/* another thread may close it meanwhile */
	cpu.current->wait.outcome = 0;
	result = wait_try(&file->object->queue[end], attempt, transfer);
	if (result == -EAGAIN && !(file->flags & O_NONBLOCK))
		result = transfer_waiting(transfer, end, attempt, deadline_at);
	result = end_receive(transfer, result);
	file_put(file);
	return result;
}

static inline int send_error(const struct open_file *file, size_t bytes,
			     unsigned priority)
{
	if (UNLIKELY(!mqueue_is(file) || !file_can_write(file)))
		return -EBADF;
	if (UNLIKELY(priority >= MQ_PRIO_MAX))
		return -EINVAL;
	return LIKELY(bytes <= mqueue_of(file)->message_bytes) ? 0 : -EMSGSIZE;
}

static SLOW_PATH long send_by_rules(struct open_file *file, uaddr_t message,
				    size_t bytes, unsigned priority,
				    uaddr_t deadline_at)
{
	struct mqueue_transfer transfer = { file, message, bytes, priority, 0 };

	return do_transfer(&transfer, END_WRITE, send_attempt, deadline_at);
}

long sys_mq_timedsend(int fd, uaddr_t message, size_t bytes, unsigned priority,
		      uaddr_t deadline_at)
{
	struct open_file *file = descriptor_find(fd);
	int error = send_error(file, bytes, priority);

	if (error)
		return error;
	return send_by_rules(file, message, bytes, priority, deadline_at);
}

long sys_mq_send(int fd, uaddr_t message, size_t bytes, unsigned priority)
{
	struct open_file *file = descriptor_find(fd);
	struct mqueue_transfer transfer = { file, message, bytes, priority, 0 };
	long result = send_error(file, bytes, priority);

	if (UNLIKELY(result))
		return result;
	result = mqueue_put_plain(&transfer);
	if (UNLIKELY(result == MQUEUE_NOT_PLAIN))
		return send_by_rules(file, message, bytes, priority, 0);
	return result;
}

static inline int receive_error(const struct open_file *file, size_t bytes)
{
	if (UNLIKELY(!mqueue_is(file) || !file_can_read(file)))
		return -EBADF;
	return LIKELY(bytes >= mqueue_of(file)->message_bytes) ? 0 : -EMSGSIZE;
}

static SLOW_PATH long receive_by_rules(struct open_file *file, uaddr_t message,
				       uaddr_t priority_at, uaddr_t deadline_at)
{
	struct mqueue_transfer transfer = { file, message, 0, 0, priority_at };

	return do_transfer(&transfer, END_READ, receive_attempt, deadline_at);
}

long sys_mq_timedreceive(int fd, uaddr_t message, size_t bytes,
			 uaddr_t priority_at, uaddr_t deadline_at)
{
	struct open_file *file = descriptor_find(fd);
	int error = receive_error(file, bytes);

	if (error)
		return error;
	return receive_by_rules(file, message, priority_at, deadline_at);
}

/* Woken with a turn, or for another reason, or perhaps killed; or the message
 * is not to be taken in the plain way. */
static SLOW_PATH long receive_after_sleep(struct open_file *file,
					  uaddr_t message, uaddr_t priority_at)
{
	struct mqueue_transfer transfer = { file, message, 0, 0, priority_at };
	const struct wait_request request = {
		.queue = &file->object->queue[END_READ],
		.object = file->object,
		.event = WAIT_DATA,
		.deadline_ns = FOREVER,
	};
	long result = wait_use_turns(&request, receive_attempt, &transfer,
				     cpu.current->wait.outcome);

	result = end_receive(&transfer, result);
	file_put(file);
	return result;
}

/* The queue is empty, so sleep at once. Who was woken before us is no matter:
 * there is nothing for it, either. */
static ALWAYS_INLINE long sleep_and_receive(struct open_file *file,
					    uaddr_t message,
					    uaddr_t priority_at)
{
	struct mqueue_transfer transfer = { file, message, 0, 0, priority_at };
	struct wait_queue *queue = &file->object->queue[END_READ];
	struct task *task = cpu.current, *next;
	long result;

	task->wait.since_cycles = arch_cycles();
	next = next_if_plain();
	if (UNLIKELY(!next || !list_is_empty(&queue->sleepers)) ||
	    UNLIKELY(file->flags & O_NONBLOCK))
		return receive_by_rules(file, message, priority_at, 0);
	file_get(file);
	wait_sleep_plainly(task, next, queue, file->object, WAIT_DATA);
	if (UNLIKELY(cpu.current->wait.outcome != WAIT_SERVED))
		return receive_after_sleep(file, message, priority_at);
	result = mqueue_take_handed_plain(&transfer);
	if (UNLIKELY(result == MQUEUE_NOT_PLAIN))
		return receive_after_sleep(file, message, priority_at);
	cpu.current->wait.queue = NULL;
	trace(TRACE_WAITED, file->object, result, 0);
	file_put(file);
	return result;
}

long sys_mq_receive(int fd, uaddr_t message, size_t bytes, uaddr_t priority_at)
{
	struct open_file *file = descriptor_find(fd);
	struct mqueue_transfer transfer = { file, message, 0, 0, priority_at };
	long result = receive_error(file, bytes);

	if (UNLIKELY(result))
		return result;
	if (mqueue_of(file)->filled == 0)
		return sleep_and_receive(file, message, priority_at);
	result = MQUEUE_NOT_PLAIN;
	if (LIKELY(file->object->queue[END_READ].owed == 0))
		result = mqueue_take_plain(&transfer);
	if (UNLIKELY(result == MQUEUE_NOT_PLAIN))
		return receive_by_rules(file, message, priority_at, 0);
	return result;
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

/* As mq_notify(3) passes it; the rest is libc's. */
struct user_event {
	int notify;
	int signal;
	uaddr_t value;
};

/* SIGEV_THREAD is SIGEV_SIGNAL to the calling task alone: a thread of libc's
 * that waits for it with the signal blocked. */
static int to_notice(const struct user_event *event,
		     struct mqueue_notice *notice)
{
	notice->process = process_current()->id;
	notice->value.sival_ptr = (void *)(uintptr_t)event->value;
	notice->signal = event->signal;
	if (event->notify == SIGEV_NONE) {
		notice->signal = 0;
		return 0;
	}
	if (event->notify == SIGEV_THREAD)
		notice->task = cpu.current->id;
	else if (event->notify != SIGEV_SIGNAL)
		return -EINVAL;
	return event->signal <= 0 || event->signal >= NSIG ? -EINVAL : 0;
}

long sys_mq_notify(int fd, uaddr_t event_at)
{
	struct open_file *file = descriptor_file(fd);
	struct mqueue_notice notice = { .process = 0 };
	struct user_event event;
	int error;

	if (!mqueue_is(file))
		return -EBADF;
	if (!event_at) {
		mqueue_unregister(file, process_current()->id);
		return 0;
	}
	if (copy_from_user(&event, event_at, sizeof(event)) != 0)
		return -EFAULT;
	error = to_notice(&event, &notice);
	return error ? error : mqueue_register(file, &notice);
}
