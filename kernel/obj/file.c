/*
 * file.c - open files: blocking, turns, partial writes and SIGPIPE, for all.
 *
 * The read and write of a mechanism answer at once: bytes, or -EAGAIN. What a
 * call does then is decided here, once for all mechanisms:
 *
 * - no call makes its attempt while another task goes first (wait.c);
 * - with O_NONBLOCK the call returns -EAGAIN. Otherwise wait_for() repeats the
 *   attempt whenever the object says that there may be something to do;
 * - after its work a task looks whether there is work for the next task in the
 *   queue, and wakes that task. So each wake lets one task proceed, and a crowd
 *   is never woken for one byte;
 * - a blocking write goes on until all bytes are written. If the write cannot
 *   go on, the call returns the bytes written so far, and the error comes with
 *   the next call;
 * - a kill ends a long read or write after the part under way;
 * - a read or write that meets a late page of the user (late_page.c) waits for
 *   the page, and goes on;
 * - to other reads and writes, a read or write of a regular file is one step
 *   (POSIX 2.9.7), though tasks switch and the disk may be slow: such a call
 *   holds the mutex of the file.
 */
#include "kernel/obj/file.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"
#include "kernel/obj/async.h"
#include "kernel/obj/flight.h"
#include "kernel/obj/socket.h"
#include "kernel/obj/vector.h"
#include "kernel/obj/watch.h"
#include "kernel/task/late_page.h"
#include "kernel/task/mutex.h"
#include "kernel/task/process.h"

uint32_t file_count;

static struct pool file_pool = POOL_COUNTED("open-file",
					    sizeof(struct open_file),
					    ACCOUNT_FILES);

unsigned file_poll(const struct open_file *file)
{
	if (file->object->ops->poll)
		return file->object->ops->poll(file);
	return POLLIN | POLLOUT;
}

/* ---- Blocking ----------------------------------------------------------- */

long file_wait(struct open_file *file, struct wait_queue *queue,
	       uint64_t deadline_ns, wait_attempt *attempt, void *context)
{
	/* An object with a position waits for a disk alone. To POSIX, such a
	 * call does not block: neither O_NONBLOCK nor a signal ends it. */
	bool is_for_disk = file->object->ops->seek;
	const struct wait_request request = {
		.queue = queue,
		.object = file->object,
		.is_deaf = is_for_disk,
		.deadline_ns = deadline_ns,
		.event = queue == &file->object->queue[END_WRITE] ? WAIT_SPACE
								  : WAIT_DATA,
	};

	if (file->flags & O_NONBLOCK && !is_for_disk)
		return -EAGAIN;
	return wait_for(&request, attempt, context);
}

/* The end of the file and the lack of a reader are work for the next, too. */
void file_wake_sleeper(const struct open_file *file, int end)
{
	struct wait_queue *queue = &file->object->queue[end];
	unsigned wanted = end == END_READ ? POLLIN | POLLHUP
					  : POLLOUT | POLLERR;

	if (queue->owed == 0 && file_poll(file) & wanted)
		wait_wake(queue);
}

/* ---- Reading and writing ------------------------------------------------ */

/* A stream moves at most a part without a chance to switch tasks. */
static size_t part_of(const struct object *object, size_t bytes)
{
	return bytes > COPY_PART_BYTES && object->ops->is_stream
		? COPY_PART_BYTES : bytes;
}

/* A read or write that has to wait: [own], on the stack of the calling task. */
struct transfer {
	struct open_file *file;
	uaddr_t at;
	size_t bytes;
};

static long attempt_read(void *context)
{
	const struct transfer *read = context;

	return read->file->object->ops->read(read->file, read->at, read->bytes);
}

static long attempt_write(void *context)
{
	const struct transfer *write = context;

	return write->file->object->ops->write(write->file, write->at,
					       write->bytes);
}

/* A part has been read: there may be more for the next task in the queue. */
static void was_read(struct open_file *file, ssize_t done)
{
	if (done == 0 || (done > 0 && !file->object->ops->has_trace))
		trace(TRACE_RECEIVE, file->object, done, 0);
	if (done >= 0)
		file_wake_next(file, END_READ);
}

static void was_written(struct open_file *file, ssize_t done)
{
	if (done == 0 || (done > 0 && !file->object->ops->has_trace))
		trace(TRACE_SEND, file->object, done, 0);
	if (done >= 0)
		file_wake_next(file, END_WRITE);
}

/* A call that has bytes to return takes what is there, and does not wait. But
 * a read of a file, which has a position, is short only at the file's end. */
static bool read_may_wait(const struct open_file *file, size_t total)
{
	return total == 0 || file->object->ops->seek;
}

static struct mutex *mutex_of(const struct object *object)
{
	return (struct mutex *)((char *)object + object->ops->mutex_at);
}

/* Must the running task take the mutex of a regular file first? */
static bool wants_mutex(const struct object *object)
{
	return object->ops->mutex_at &&
	       mutex_of(object)->owner != task_current();
}

/* Call file_read() or file_write() with the mutex; -EINTR: the process was
 * killed before. */
static ssize_t with_mutex(struct open_file *file, uaddr_t at, size_t bytes,
			  ssize_t transfer(struct open_file *, uaddr_t, size_t))
{
	struct mutex *mutex = mutex_of(file->object);
	ssize_t done;

	file_get(file);			/* a second thread may close the file */
	done = acquire_mutex(mutex, FOREVER);
	if (!done) {
		done = transfer(file, at, bytes);
		release_mutex(mutex);
	}
	file_put(file);
	return done;
}

/* Read now, or when there is something to read; `total` bytes were read
 * before. A call for no bytes does not wait behind other tasks. */
static ssize_t read_part(struct open_file *file, uaddr_t to, size_t bytes,
			 size_t total)
{
	const struct object *object = file->object;
	ssize_t done = -EAGAIN;

	if (wait_is_my_turn(&object->queue[END_READ]) || bytes == 0)
		done = object->ops->read(file, to, bytes);
	if (done == -EAGAIN && read_may_wait(file, total))
		done = file_wait(file, file_queue(file, END_READ),
				 FOREVER, attempt_read,
				 &(struct transfer){ file, to, bytes });
	was_read(file, done);
	return done;
}

/* The object has no such operation. */
static ssize_t read_without(struct open_file *file, uaddr_t to, size_t bytes)
{
	if (file->object->ops->socket)
		return socket_read(file, to, bytes);
	return file->object->ops->list ? -EISDIR : -EINVAL;
}

ssize_t file_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	const struct object *object = file->object;
	size_t total = 0, part;
	ssize_t done;

	if (!file_can_read(file))
		return -EBADF;
	if (!object->ops->read)
		return read_without(file, to, bytes);
	if (!vector_range_is_valid(to, bytes))
		return -EFAULT;		/* now, and not after a wait */
	if (wants_mutex(object))
		return with_mutex(file, to, bytes, file_read);
	file_get(file);			/* a second thread may close the file */
	for (;;) {
		part = part_of(object, bytes - total);
		done = read_part(file, to + total, part, total);
		if (done > 0)
			total += done;
		if (done != (ssize_t)part && !late_page_came())
			break;
		if (total == bytes || !signal_lets_go_on())
			break;
	}
	file_put(file);
	return total > 0 ? (ssize_t)total : done;
}

/* Write now, or when there is room: all bytes, or a part of them. */
static ssize_t write_part(struct open_file *file, uaddr_t from, size_t bytes)
{
	const struct object *object = file->object;
	ssize_t done = -EAGAIN;

	bytes = part_of(object, bytes);
	if (wait_is_my_turn(&object->queue[END_WRITE]) || bytes == 0)
		done = object->ops->write(file, from, bytes);
	if (done == -EAGAIN)
		done = file_wait(file, file_queue(file, END_WRITE),
				 FOREVER, attempt_write,
				 &(struct transfer){ file, from, bytes });
	was_written(file, done);
	return done;
}

ssize_t file_write(struct open_file *file, uaddr_t from, size_t bytes)
{
	size_t total = 0;
	ssize_t done;

	if (!file_can_write(file))
		return -EBADF;
	if (!file->object->ops->write)
		return file->object->ops->socket
			? socket_write(file, from, bytes) : -EINVAL;
	if (!vector_range_is_valid(from, bytes))
		return -EFAULT;
	if (wants_mutex(file->object))
		return with_mutex(file, from, bytes, file_write);
	file_get(file);
	for (;;) {
		done = write_part(file, from + total, bytes - total);
		if (done > 0)
			total += done;
		else if (!late_page_came())
			break;
		if (total == bytes || !signal_lets_go_on())
			break;
	}
	if (done == -EPIPE && process_current())
		signal_send(process_current(), SIGPIPE, NULL);
	file_put(file);
	return total > 0 ? (ssize_t)total : done;
}

/* ---- Opening and closing ------------------------------------------------ */

static void count_ends(struct open_file *file, int change)
{
	if (file_can_read(file))
		file->object->ends[END_READ] += change;
	if (file_can_write(file))
		file->object->ends[END_WRITE] += change;
}

int file_open(struct object *object, uint32_t flags, struct open_file **out)
{
	struct open_file *file = pool_alloc(&file_pool);
	int error = 0;

	if (!file)
		return account_error(ACCOUNT_FILES, 1, -ENFILE, -ENOMEM);
	file->object = object;
	file->refs = 1;
	file->flags = flags;
	list_init(&file->watches);
	object_get(object);
	count_ends(file, 1);
	file_count++;
	if (object->ops->open)
		error = object->ops->open(file);
	if (error) {
		count_ends(file, -1);
		object_put(object);
		file_count--;
		pool_free(&file_pool, file);
		return error;
	}
	if (trace_is_on(TRACE_OPEN))
		object_trace(object);
	*out = file;
	return 0;
}

static long attempt_meet(void *file)
{
	struct wait_queue *queue;

	return ((struct open_file *)file)->object->ops->meet(file, &queue);
}

int file_meet(struct open_file *file)
{
	struct wait_request request = {
		.object = file->object,
		.event = WAIT_PEER,
		.deadline_ns = FOREVER,
	};
	int error = 0;

	if (file->object->ops->meet)
		error = file->object->ops->meet(file, &request.queue);
	if (error == -EAGAIN)
		error = wait_for(&request, attempt_meet, file);
	return error;
}

static void tell_watches(const struct open_file *file)
{
	struct file_watch *watch, *after;

	LIST_FOR_EACH_SAFE(watch, after, &file->watches, node)
		watch->closed(watch);
}

void file_close(struct open_file *file)
{
	if (file->flights == 0)
		count_ends(file, -1);
	flight_was_closed(file);
	if (file->flights > 0)
		return;
	tell_watches(file);
	if (file->async)
		async_end(file->async);
	if (file->object->ops->close)
		file->object->ops->close(file);
	object_put(file->object);
	file_count--;
	pool_free(&file_pool, file);
}
