/*
 * file.c - open files: blocking, turns, partial writes and SIGPIPE, for all.
 *
 * Every mechanism's read and write answer at once: done, or -EAGAIN. What it
 * means to block is decided here and nowhere else:
 *
 * - a caller tries only when nobody waits in front of it;
 * - O_NONBLOCK hands the -EAGAIN on, otherwise wait_for() repeats the attempt
 *   whenever the object says that there may be something to do;
 * - who has finished looks whether there is something left, and if so wakes the
 *   next in the queue: one wake for each that can proceed, and no herd;
 * - a write that is split goes on until all is written; if it cannot go on,
 *   what was written counts and the error comes with the next call.
 */
#include "kernel/obj/file.h"
#include "kernel/obj/descriptor.h"

#include "arch/arch.h"

#include "kernel/abi/errno.h"
#include "kernel/lib/trace.h"
#include "kernel/mm/heap.h"
#include "kernel/task/process.h"
#include "kernel/task/wait_inline.h"

uint32_t file_count;

static struct pool file_pool = POOL("open-file", sizeof(struct open_file));

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
		return -ENOMEM;
	file->object = object;
	file->refs = 1;
	file->flags = flags;
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

void file_close(struct open_file *file)
{
	count_ends(file, -1);
	if (file->object->ops->close)
		file->object->ops->close(file);
	object_put(file->object);
	file_count--;
	pool_free(&file_pool, file);
}

unsigned file_poll(const struct open_file *file)
{
	if (file->object->ops->poll)
		return file->object->ops->poll(file);
	return POLLIN | POLLOUT;
}

/* ---- One read or write -------------------------------------------------- */

/* What an attempt needs to know; lives on the caller's kernel stack. */
struct transfer {
	struct open_file *file;
	uaddr_t at;
	size_t bytes;
	ssize_t (*operation)(struct open_file *, uaddr_t, size_t);
	int end;
	struct wait_queue *queue;
};

static inline void trace_transfer(const struct open_file *file, int end,
				  ssize_t done)
{
	if (done < 0 || (done > 0 && file->object->ops->has_trace))
		return;
	if (end == END_READ)
		trace(TRACE_RECEIVE, file->object, done, 0);
	else
		trace(TRACE_SEND, file->object, done, 0);
}

/* If more can be done after us, the next in the queue may do it; the end of
 * file and the lack of a reader are such a thing as well. */
static void wake_next(struct open_file *file, int end)
{
	unsigned wanted = end == END_READ ? POLLIN | POLLHUP
					  : POLLOUT | POLLERR;

	if (file->object->queue[end].owed <= 1 && file_poll(file) & wanted)
		wait_wake(&file->object->queue[end]);
}

static inline long attempt(void *context)
{
	const struct transfer *transfer = context;
	struct open_file *file = transfer->file;
	ssize_t done = transfer->operation(file, transfer->at,
					   transfer->bytes);

	trace_transfer(file, transfer->end, done);
	if (UNLIKELY(!list_is_empty(&transfer->queue->sleepers)) && done >= 0)
		wake_next(file, transfer->end);
	return done;
}

/* By all the rules: in turn, and asleep until it is possible. */
static ssize_t do_transfer(struct transfer *transfer)
{
	struct object *object = transfer->file->object;
	const struct wait_request request = {
		.queue = &object->queue[transfer->end],
		.object = object,
		.event = transfer->end == END_READ ? WAIT_DATA : WAIT_SPACE,
		.deadline_ns = FOREVER,
	};

	if (UNLIKELY(transfer->bytes == 0))	/* needs no turn */
		return attempt(transfer);
	if (UNLIKELY(!user_range_is_valid(transfer->at, transfer->bytes)))
		return -EFAULT;
	if (transfer->file->flags & O_NONBLOCK)
		return wait_try(request.queue, attempt, transfer);
	return wait_for(&request, attempt, transfer);
}

/* ---- Reading ------------------------------------------------------------ */

static SLOW_PATH ssize_t read_by_rules(struct open_file *file, uaddr_t to,
				       size_t bytes)
{
	struct transfer transfer = {
		file, to, bytes, file->object->ops->read, END_READ,
		&file->object->queue[END_READ],
	};
	ssize_t done;

	file_get(file);		/* another thread may close it meanwhile */
	done = do_transfer(&transfer);
	file_put(file);
	return done;
}

/* Nothing was there to read, and nobody waits before us. */
static ALWAYS_INLINE ssize_t sleep_and_read(struct open_file *file,
				     struct object *object, uaddr_t to,
				     size_t bytes)
{
	struct transfer transfer = {
		file, to, bytes, object->ops->read, END_READ,
		&object->queue[END_READ],
	};
	const struct wait_request request = {
		.queue = transfer.queue,
		.object = object,
		.event = WAIT_DATA,
		.deadline_ns = FOREVER,
	};
	ssize_t done;

	if (UNLIKELY(file->flags & O_NONBLOCK))
		return -EAGAIN;
	if (UNLIKELY(!user_range_is_valid(to, bytes)))
		return -EFAULT;
	file_get(file);
	done = wait_in_turn(&request, attempt, &transfer);
	file_put(file);
	return done;
}

static SLOW_PATH ssize_t cannot_read(const struct open_file *file)
{
	if (!file_can_read(file))
		return -EBADF;
	return file->object->ops->list ? -EISDIR : -EINVAL;
}

static ALWAYS_INLINE ssize_t read_file(struct open_file *file, uaddr_t to,
				size_t bytes)
{
	struct object *object = file->object;
	const struct object_ops *ops = object->ops;
	ssize_t done;

	if (UNLIKELY(!file_can_read(file) || !ops->read))
		return cannot_read(file);
	if (UNLIKELY(!wait_queue_is_idle(&object->queue[END_READ])))
		return read_by_rules(file, to, bytes);
	done = ops->read(file, to, bytes);
	trace_transfer(file, END_READ, done);
	if (done != -EAGAIN)
		return done;
	return sleep_and_read(file, object, to, bytes);
}

ssize_t file_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	return read_file(file, to, bytes);
}

ssize_t descriptor_read(int fd, uaddr_t to, size_t bytes)
{
	struct open_file *file = descriptor_find(fd);

	return LIKELY(file != NULL) ? read_file(file, to, bytes) : -EBADF;
}

/* ---- Writing ------------------------------------------------------------ */

static ssize_t write_all(struct transfer *transfer)
{
	size_t total = 0;
	ssize_t done;

	do {
		done = do_transfer(transfer);
		if (done < 0)
			break;
		total += done;
		transfer->at += done;
		transfer->bytes -= done;
		if (transfer->bytes > 0)
			sched_point();
	} while (transfer->bytes > 0 && done > 0);
	if (done == -EPIPE && process_current())
		signal_send(process_current(), SIGPIPE, NULL);
	return total > 0 ? (ssize_t)total : done;
}

/* What is left of a write, of which `done` bytes were made at once. */
static SLOW_PATH ssize_t write_rest(struct open_file *file, uaddr_t from,
				    size_t bytes, ssize_t done)
{
	struct transfer transfer = {
		file, from, bytes, file->object->ops->write, END_WRITE,
		&file->object->queue[END_WRITE],
	};
	ssize_t more;

	done = MAX(done, 0);
	transfer.at += done;
	transfer.bytes -= done;
	file_get(file);
	more = write_all(&transfer);
	file_put(file);
	if (more < 0)
		return done > 0 ? done : more;
	return done + more;
}

static SLOW_PATH ssize_t cannot_write(const struct open_file *file)
{
	return file_can_write(file) ? -EINVAL : -EBADF;
}

static ALWAYS_INLINE ssize_t write_file(struct open_file *file, uaddr_t from,
				 size_t bytes)
{
	const struct object *object = file->object;
	const struct object_ops *ops = object->ops;
	ssize_t done = 0;

	if (UNLIKELY(!file_can_write(file) || !ops->write))
		return cannot_write(file);
	if (LIKELY(wait_queue_is_idle(&object->queue[END_WRITE]))) {
		done = ops->write(file, from, bytes);
		trace_transfer(file, END_WRITE, done);
		if (LIKELY(done == (ssize_t)bytes))
			return done;
	}
	return write_rest(file, from, bytes, done);
}

ssize_t file_write(struct open_file *file, uaddr_t from, size_t bytes)
{
	return write_file(file, from, bytes);
}

ssize_t descriptor_write(int fd, uaddr_t from, size_t bytes)
{
	struct open_file *file = descriptor_find(fd);

	return LIKELY(file != NULL) ? write_file(file, from, bytes) : -EBADF;
}
