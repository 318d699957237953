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
 *
 * How that goes when nobody waits in front stands in file_inline.h, of which a
 * mechanism may make a function of its own; all the rest is here. What read(2)
 * and write(2) of a file do is chosen once, when it is opened: so a call need
 * not look again whether the file is open for it.
 */
#include "kernel/obj/file_inline.h"

#include "arch/arch.h"
#include "kernel/abi/errno.h"
#include "kernel/mm/heap.h"
#include "kernel/task/process.h"

uint32_t file_count;

static struct pool file_pool = POOL("open-file", sizeof(struct open_file));

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
	int end;
};

/* If more can be done after us, the next in the queue may do it; the end of
 * file and the lack of a reader are such a thing as well. */
static void wake_next(struct open_file *file, int end)
{
	unsigned wanted = end == END_READ ? POLLIN | POLLHUP
					  : POLLOUT | POLLERR;

	if (file->object->queue[end].owed <= 1 && file_poll(file) & wanted)
		wait_wake(&file->object->queue[end]);
}

static long attempt(void *context)
{
	const struct transfer *transfer = context;
	struct open_file *file = transfer->file;
	const struct object *object = file->object;
	int end = transfer->end;
	file_operation *operation = end == END_READ ? object->ops->read
						    : object->ops->write;
	ssize_t done = operation(file, transfer->at, transfer->bytes);

	file_trace(file, end, done);
	if (UNLIKELY(!list_is_empty(&object->queue[end].sleepers)) && done >= 0)
		wake_next(file, end);
	return done;
}

static struct wait_request request_of(const struct transfer *transfer)
{
	struct object *object = transfer->file->object;

	return (struct wait_request){
		.queue = &object->queue[transfer->end],
		.object = object,
		.event = transfer->end == END_READ ? WAIT_DATA : WAIT_SPACE,
		.deadline_ns = FOREVER,
	};
}

/* By all the rules: in turn, and asleep until it is possible. */
static ssize_t do_transfer(struct transfer *transfer)
{
	struct wait_request request = request_of(transfer);

	if (UNLIKELY(transfer->bytes == 0))	/* needs no turn */
		return attempt(transfer);
	if (transfer->file->flags & O_NONBLOCK)
		return wait_try(request.queue, attempt, transfer);
	if (UNLIKELY(!user_range_is_valid(transfer->at, transfer->bytes)))
		return -EFAULT;
	return wait_for(&request, attempt, transfer);
}

/* ---- Reading ------------------------------------------------------------ */

SLOW_PATH ssize_t file_read_in_turn(struct open_file *file, uaddr_t to,
				    size_t bytes)
{
	struct transfer transfer = { file, to, bytes, END_READ };
	ssize_t done;

	file_get(file);		/* another thread may close it meanwhile */
	done = do_transfer(&transfer);
	file_put(file);
	return done;
}

SLOW_PATH ssize_t file_read_on(struct open_file *file, uaddr_t to,
			       size_t bytes)
{
	struct transfer transfer = { file, to, bytes, END_READ };
	struct wait_request request = request_of(&transfer);
	ssize_t done = wait_use_turns(&request, attempt, &transfer,
				      cpu.current->wait.outcome);

	file_put(file);
	return done;
}

static ssize_t read_file(struct open_file *file, uaddr_t to, size_t bytes)
{
	return file_read_by(file->object->ops->read, file, to, bytes);
}

static ssize_t cannot_read(struct open_file *file, uaddr_t to, size_t bytes)
{
	(void)to;
	(void)bytes;
	if (!file_can_read(file))
		return -EBADF;
	return file->object->ops->list ? -EISDIR : -EINVAL;
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

SLOW_PATH ssize_t file_write_rest(struct open_file *file, uaddr_t from,
				  size_t bytes, ssize_t done)
{
	struct transfer transfer = { file, from, bytes, END_WRITE };
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

static ssize_t write_file(struct open_file *file, uaddr_t from, size_t bytes)
{
	return file_write_by(file->object->ops->write, file, from, bytes);
}

static ssize_t cannot_write(struct open_file *file, uaddr_t from, size_t bytes)
{
	(void)from;
	(void)bytes;
	return file_can_write(file) ? -EINVAL : -EBADF;
}

/* ---- Opening and closing ------------------------------------------------ */

static void count_ends(struct open_file *file, int change)
{
	if (file_can_read(file))
		file->object->ends[END_READ] += change;
	if (file_can_write(file))
		file->object->ends[END_WRITE] += change;
}

void file_choose_ways(struct open_file *file)
{
	const struct object_ops *ops = file->object->ops;

	file->read = ops->read_file ? ops->read_file : read_file;
	file->write = ops->write_file ? ops->write_file : write_file;
	if (!file_can_read(file) || !ops->read)
		file->read = cannot_read;
	if (!file_can_write(file) || !ops->write)
		file->write = cannot_write;
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
	file_choose_ways(file);
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
